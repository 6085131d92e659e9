//! Studies: many models over many seeds, each measured alike, and which claims then hold.
//!
//! A [`Plan`] names groups (a dataset with a common start), in each group lanes (one way to train), and what is
//! measured. One lane with one seed is a cell: it is trained and measured on its own and written at once, so a study
//! can be stopped at any time, and shared out between machines by whole groups of one seed. [`Table::new`] joins the
//! cells and evaluates the claims; [`published()`] reads them again from what is published, so that they can be
//! evaluated anew.

mod cell;
mod claim;
mod markdown;
mod measure;
mod plan;
mod published;
mod run;
mod seeds;
mod sheet;
mod table;

pub use cell::{Cell, MadeBy, Number};
pub use claim::{Claim, ClaimReport, ClaimRow, ClaimRowReport, LEVEL, Verdict};
pub use measure::Measure;
pub use plan::{Group, Job, Lane, Plan, Shard};
pub use published::{publish, published, remade};
pub use run::{Load, Study, StudyProgress, Watch};
pub use seeds::{Known, holm, mean, p_value, paired};
pub use sheet::{Column, Sheet, SheetReport};
pub use table::{Line, Table, collect};

use crate::error::{Code, Error};

/// What is wrong with a plan.
fn invalid_plan(message: String) -> Error {
    Error::new(Code::InvalidSetting, message)
}

/// What is wrong with cells, or with the files that they are in.
fn invalid_data(message: String) -> Error {
    Error::new(Code::InvalidData, message)
}
