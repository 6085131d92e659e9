//! The wall of a run: pictures under fixed noise, and what its model says of them as it learns.

use super::engine::{Engine, not_ready};
use super::message::{throw, to_js};
use super::protocol::{LookReply, WallReply};
use crate::experiment::Wall;
use crate::model::Track;
use tsify::Ts;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
impl Engine {
    /// Draws the wall of the present run from its seed. A run that is prepared or resumed has none at first.
    pub async fn open_wall(&mut self) -> Result<Ts<WallReply>, JsValue> {
        let settings = self.trainer()?.settings().clone();
        let wall = Wall::new(self.data()?, settings.seed, Wall::SIGMA, &self.device).map_err(throw)?;
        let pictures = wall.pictures().await.map_err(throw)?;
        let interval = wall.interval(settings.batch, settings.steps);
        self.wall = Some(wall);
        to_js(&WallReply { pictures, interval })
    }

    /// What the model of the present run says of its wall now.
    pub async fn look(&mut self) -> Result<Ts<LookReply>, JsValue> {
        let trainer = self.trainer()?;
        let (step, network) = (trainer.step_count(), trainer.network(Track::Nothing));
        let wall = self.wall.as_ref().ok_or_else(|| not_ready("No wall was opened."))?;
        let look = wall.look(&network).await.map_err(throw)?;
        to_js(&LookReply { step, look })
    }
}
