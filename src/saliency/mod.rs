//! Where a classifier looks: one number a pixel for one image and one class.
//!
//! Every [`Method`] attributes the logit `F(x) = z_k(x)` of a class k to pixels. A [`Map`] is `[h, w]`: what belongs to
//! the channels of a pixel is added up. Signed maps say for and against; Grad-CAM alone is never negative.

mod grad_cam;
mod gradient;
mod lime;
pub mod metric;
mod occlusion;

use crate::choice::choices;
use crate::error::{Error, Result};
use crate::model::Classifier;
use crate::perturb::{Kind, Perturbation, Spread};
use crate::seed::Rng;
use crate::tensor::Pixels;
use burn::tensor::Tensor;
use serde::{Deserialize, Serialize};

choices! {
    /// What stands for "nothing there".
    #[derive(Default)]
    pub enum Baseline called "Fill" {
        Black => "black", "black", "0 everywhere; on these pictures 0 is also the background.";
        #[default]
        Blur => "blur", "the blurred picture", "The picture under a wide Gaussian blur: its light without its shape.";
        Mean => "mean", "its mean grey", "The picture's own mean, a channel.";
    }
}

/// A way to say where a classifier looks.
///
/// ```
/// use burn::tensor::{Device, Tensor};
/// use semantic_continuity::data::Split;
/// use semantic_continuity::model::{Architecture, Classifier, ModelConfig, Network};
/// use semantic_continuity::saliency::{Baseline, Method};
/// use semantic_continuity::seed::{Seed, Stream};
///
/// let pixels = (0..20 * 64).map(|i| (i * 7 % 256) as u8).collect();
/// let images = Split::new(1, 8, 8, pixels, (0..20).map(|i| i % 10).collect(), 10)?;
/// let device = Device::flex();
/// let config = ModelConfig::for_data(Architecture::SmallCnn, &images, 10);
/// let theta = Tensor::<1>::from_data(&config.init(Seed(1)).values[..], &device);
/// let model = Classifier::new(|track| Network::new(&config, theta.clone(), track));
///
/// let x = images.batch(&[0], 10, &device).images;
/// let method = Method::IntegratedGradients { steps: 16, baseline: Baseline::Black };
/// let map = pollster::block_on(method.attribute(&model, &x, 3, &mut Seed(1).rng(Stream::Saliency, 0)))?;
/// assert_eq!(map.values.len(), map.height * map.width);
/// // Its own quality: how far the sum of the map is from F(x) − F(b).
/// assert!(map.quality.is_some_and(f32::is_finite));
/// # Ok::<(), semantic_continuity::error::Error>(())
/// ```
#[cfg_attr(target_family = "wasm", derive(tsify::Tsify))]
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Method {
    /// `∂F/∂x` (Simonyan et al. 2014).
    Gradient,
    /// `x · ∂F/∂x` (Shrikumar et al. 2016).
    GradientInput,
    /// The gradient averaged over `samples` copies with Gaussian noise of deviation `sigma` (Smilkov et al. 2017).
    SmoothGrad {
        /// Copies.
        samples: usize,
        /// Deviation in pixel values.
        sigma: f32,
    },
    /// `(x − b) · ∫ ∂F/∂x (b + t (x − b)) dt` by the midpoint rule (Sundararajan et al. 2017). Its sum should be
    /// `F(x) − F(b)`; the quality is the gap between the two.
    IntegratedGradients {
        /// Points of the rule.
        steps: usize,
        /// The baseline b.
        baseline: Baseline,
    },
    /// `relu(Σ_c α_c A_c)` on the last convolution maps A, α_c the mean of `∂F/∂A_c`, enlarged bilinearly (Selvaraju et
    /// al. 2017).
    GradCam,
    /// Weights of a ridge regression of F on which square cells are shown (Ribeiro et al. 2016); the quality is the
    /// weighted R² of its fit.
    Lime {
        /// Pictures with hidden cells.
        samples: usize,
        /// Side of a cell in pixels.
        cell: usize,
        /// What hides a cell.
        #[serde(rename = "fill")]
        baseline: Baseline,
    },
    /// How much F falls when a square window is hidden, averaged over the windows that hold the pixel (Zeiler and
    /// Fergus 2014).
    Occlusion {
        /// Side of the window in pixels; it moves by half of that.
        window: usize,
        /// What hides it.
        #[serde(rename = "fill")]
        baseline: Baseline,
    },
}

/// What a method says about one image.
#[cfg_attr(target_family = "wasm", derive(tsify::Tsify))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Map {
    /// Width in pixels.
    pub width: usize,
    /// Height in pixels.
    pub height: usize,
    /// `[h, w]` row-major.
    pub values: Pixels,
    /// The method's own measure of itself, when it has one and that is defined: see [`Method::quality`].
    pub quality: Option<f32>,
}

/// Rows in one forward or backward pass.
const BATCH: usize = 100;

impl Method {
    /// Each method once, with settings that suit 28×28 pictures.
    pub const ALL: [Self; 7] = [
        Self::Gradient,
        Self::GradientInput,
        Self::SmoothGrad { samples: 32, sigma: 0.15 },
        Self::IntegratedGradients { steps: 64, baseline: Baseline::Black },
        Self::GradCam,
        Self::Lime { samples: 500, cell: 4, baseline: Baseline::Blur },
        Self::Occlusion { window: 4, baseline: Baseline::Blur },
    ];

    /// The name in tables.
    pub fn label(&self) -> &'static str {
        match self {
            Self::Gradient => "Gradient",
            Self::GradientInput => "Gradient × input",
            Self::SmoothGrad { .. } => "SmoothGrad",
            Self::IntegratedGradients { .. } => "Integrated Gradients",
            Self::GradCam => "Grad-CAM",
            Self::Lime { .. } => "LIME",
            Self::Occlusion { .. } => "Occlusion",
        }
    }

    /// How it reads, in one sentence.
    pub fn help(&self) -> String {
        match self {
            Self::Gradient => "∂F/∂x: how the logit F of the class would change.".to_owned(),
            Self::GradientInput => "x · ∂F/∂x.".to_owned(),
            Self::SmoothGrad { samples, sigma } => format!("Mean gradient over {samples} noisy copies, σ = {sigma}."),
            Self::IntegratedGradients { steps, .. } => {
                format!("Gradients along the way from the baseline, {steps} steps.")
            }
            Self::GradCam => "The last convolution maps, weighted by their gradients; never negative.".to_owned(),
            Self::Lime { samples, cell, .. } => {
                format!("A linear fit to {samples} pictures with hidden {cell}×{cell} cells.")
            }
            Self::Occlusion { window, .. } => format!("What is lost when a {window}×{window} window is hidden."),
        }
    }

    /// The name in requests of the option that is a [`Baseline`], if it has one.
    pub fn baseline_option(&self) -> Option<&'static str> {
        match self {
            Self::IntegratedGradients { .. } => Some("baseline"),
            Self::Lime { .. } | Self::Occlusion { .. } => Some("fill"),
            Self::Gradient | Self::GradientInput | Self::SmoothGrad { .. } | Self::GradCam => None,
        }
    }

    /// What [`Map::quality`] means.
    pub fn quality(&self) -> Option<&'static str> {
        match self {
            Self::IntegratedGradients { .. } => Some("completeness gap |Σa − (F(x) − F(b))|"),
            Self::Lime { .. } => Some("R² of the fit"),
            _ => None,
        }
    }

    /// Whether maps have both signs.
    pub fn is_signed(&self) -> bool {
        !matches!(self, Self::GradCam)
    }

    /// Checks the method's settings for pictures of `h × w` pixels.
    ///
    /// # Errors
    /// `InvalidSetting`.
    pub fn validate(&self, h: usize, w: usize) -> Result<()> {
        let within = |name: &str, value: usize, most: usize| match value {
            _ if (1..=most).contains(&value) => Ok(()),
            _ => Err(Error::setting(name, value, format!("1 to {most}"))),
        };
        match *self {
            Self::SmoothGrad { sigma, .. } if !(0.0..=1.0).contains(&sigma) => {
                Err(Error::setting("SmoothGrad's σ", sigma, "0 to 1"))
            }
            Self::SmoothGrad { samples, .. } => within("The number of copies", samples, 1000),
            Self::IntegratedGradients { steps, .. } => within("The number of steps", steps, 1000),
            Self::Lime { samples, cell, .. } => within("The number of samples", samples, 10_000)
                .and_then(|()| within("The side of a cell", cell, h.min(w)))
                .and_then(|()| within("The number of cells", h.div_ceil(cell) * w.div_ceil(cell), 256)),
            Self::Occlusion { window, .. } => within("The side of the window", window, h.min(w)),
            Self::Gradient | Self::GradientInput | Self::GradCam => Ok(()),
        }
    }

    /// The map for image `x`, `[1, c, h, w]` without autodiff, and class `class`; samples come from `rng`.
    ///
    /// # Errors
    /// `InvalidSetting` for settings or a class out of range, `Device` when the device is lost.
    pub async fn attribute(&self, classifier: &Classifier, x: &Tensor<4>, class: usize, rng: &mut Rng) -> Result<Map> {
        let [_, _, h, w] = x.dims();
        self.validate(h, w)?;
        let classes = classifier.network().config().classes;
        if class >= classes {
            return Err(Error::setting("The class", class, format!("0 to {}", classes - 1)));
        }
        let (values, quality) = match *self {
            Self::Gradient => (gradient::plain(classifier, x, class).await?, None),
            Self::GradientInput => (gradient::times_input(classifier, x, class).await?, None),
            Self::SmoothGrad { samples, sigma } => {
                (gradient::smooth(classifier, x, class, samples, sigma, rng).await?, None)
            }
            Self::IntegratedGradients { steps, baseline } => {
                let (values, gap) = gradient::integrated(classifier, x, class, steps, &baseline.of(x)).await?;
                (values, Some(gap))
            }
            Self::GradCam => (grad_cam::map(classifier, x, class).await?, None),
            Self::Lime { samples, cell, baseline } => {
                let (values, fit) = lime::map(classifier, x, class, samples, cell, &baseline.of(x), rng).await?;
                (values, fit)
            }
            Self::Occlusion { window, baseline } => {
                (occlusion::map(classifier, x, class, window, &baseline.of(x)).await?, None)
            }
        };
        Ok(Map { width: w, height: h, values: Pixels(values), quality })
    }
}

impl Baseline {
    /// The picture that stands for nothing beside `x`, `[n, c, h, w]` both.
    pub fn of(self, x: &Tensor<4>) -> Tensor<4> {
        match self {
            Self::Black => x.zeros_like(),
            Self::Mean => x.clone().mean_dim(3).mean_dim(2).expand(x.dims()),
            Self::Blur => {
                let widest = Kind::GaussianBlur.strength().max;
                // A blur draws nothing: the stream is of no consequence.
                let mut rng = crate::seed::Seed(0).rng(crate::seed::Stream::Saliency, 0);
                let blur = Perturbation::single(Kind::GaussianBlur, widest);
                blur.draw(x.dims(), Spread::Full, &mut rng).apply(x.clone())
            }
        }
    }
}

/// Logits of class `class` for images `[m, c, h, w]`, at most [`BATCH`] at a time, `[m]`.
fn scores(classifier: &Classifier, images: &Tensor<4>, class: usize) -> Tensor<1> {
    let m = images.dims()[0];
    let parts = (0..m).step_by(BATCH).map(|start| {
        let len = BATCH.min(m - start);
        let logits = classifier.network().forward(images.clone().narrow(0, start, len)).logits;
        logits.narrow(1, class, 1).reshape([len])
    });
    Tensor::cat(parts.collect(), 0)
}
