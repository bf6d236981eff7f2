//! Stored templates.

use super::keep::Id;
use anyon_model::*;

stored_struct! {
    /// A template.
    TemplateV1 for Template {
        id: Id,
        name: String,
        text: String,
        updated_at: i64,
    }
}
