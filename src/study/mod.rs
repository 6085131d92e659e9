//! Studies: many models over many seeds, each measured alike, and which claims then hold.
//!
//! A [`Plan`] names groups (a dataset with a common start), in each group lanes (one way to train), and what is measured.
//! One lane with one seed is a cell: it is trained and measured on its own and written at once, so a study can be stopped at
//! any time, and shared out between machines by whole groups of one seed. [`Table::new`] joins the cells.

mod cell;
mod claim;
mod markdown;
mod measure;
mod plan;
mod run;
mod seeds;
mod sheet;
mod table;

pub use cell::{Cell, MadeBy, Number};
pub use claim::{Better, Claim, ClaimReport, ClaimRow, ClaimRowReport, Verdict};
pub use measure::Measure;
pub use plan::{Group, Job, Lane, Plan, Shard};
pub use run::{Progress, Study};
pub use seeds::{mean, paired};
pub use sheet::{Column, Sheet, SheetReport};
pub use table::{Line, Table, collect};
