//! The structs that lie in the store, one file per entity, and their conversions from and to the model.
//!
//! A struct with a version number is frozen once released: a change of an entity makes a `…V2` and a conversion
//! from the older one. Fields are plain (no JSON values, no tagged or flattened enums): the payload format cannot
//! decode those.

#[macro_use]
mod keep;

mod approval;
mod attempt;
mod comment;
mod draft;
mod execution;
mod history;
mod label;
mod merge;
mod profile;
mod project;
mod rule;
mod session;
mod settings;
mod shared;
mod snapshot;
mod task;
mod template;

#[cfg(test)]
mod golden;
#[cfg(test)]
pub(crate) mod samples;

pub(crate) use approval::ApprovalV1;
pub(crate) use attempt::AttemptV1;
pub(crate) use comment::ReviewCommentV1;
pub(crate) use draft::{DraftV1, DraftV2};
pub(crate) use execution::{ExecutionV1, ExecutionV2};
pub(crate) use history::HistoryEntryV1;
pub(crate) use label::LabelV1;
pub(crate) use merge::MergeV1;
pub(crate) use profile::ProfileV1;
pub(crate) use project::ProjectV1;
pub(crate) use rule::RuleV1;
pub(crate) use session::{SessionV1, SessionV2};
pub(crate) use settings::{SettingsV1, SettingsV2, SettingsV3};
pub(crate) use snapshot::SnapshotV1;
pub(crate) use task::TaskV1;
pub(crate) use template::TemplateV1;
