//! Stored tasks.

use super::{keep::Id, shared::ImageV1};
use anyon_model::*;

stored_struct! {
    /// A task.
    TaskV1 for Task {
        id: Id,
        project_id: Id,
        number: u32,
        title: String,
        description: String,
        status: TaskStatusV1,
        priority: PriorityV1,
        order: f64,
        labels: Vec<Id>,
        parent_attempt: Option<Id>,
        depends_on: Vec<Id>,
        images: Vec<ImageV1>,
        unread: bool,
        created_at: i64,
        updated_at: i64,
    }
}
stored_enum! {
    /// The column of a task.
    TaskStatusV1 for TaskStatus {
        Todo,
        InProgress,
        InReview,
        Done,
        Cancelled,
    }
}
stored_enum! {
    /// How urgent a task is.
    PriorityV1 for Priority {
        None,
        Low,
        Medium,
        High,
        Urgent,
    }
}
