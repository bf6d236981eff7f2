//! Stored labels.

use super::keep::Id;
use anyon_model::*;

stored_struct! {
    /// A label.
    LabelV1 for Label {
        id: Id,
        project_id: Id,
        name: String,
        color: String,
    }
}
