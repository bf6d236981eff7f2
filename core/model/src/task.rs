//! Tasks: the cards of the board.

use crate::{AttemptId, FilePath, LabelId, ProjectId, TaskId, Timestamp};
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// A card of the board.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Task {
    /// Its identity.
    pub id: TaskId,
    /// The project it belongs to.
    pub project_id: ProjectId,
    /// Its number in the project: 12 in `ANY-12`.
    pub number: u32,
    /// One line.
    pub title: String,
    /// Markdown. With the title it is the prompt of an attempt.
    pub description: String,
    /// The column it stands in.
    pub status: TaskStatus,
    /// How urgent it is.
    pub priority: Priority,
    /// Place in its column, ascending. Fractions leave room between neighbours.
    pub order: BoardOrder,
    /// Labels that classify it.
    pub labels: Vec<LabelId>,
    /// The attempt that this task was split from.
    pub parent_attempt: Option<AttemptId>,
    /// Tasks that have to land before this one starts.
    pub depends_on: Vec<TaskId>,
    /// Images of the description, by their place in the blob store.
    pub images: Vec<Image>,
    /// Something happened that nobody has looked at.
    pub unread: bool,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// A totally ordered finite number for places in a column.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct BoardOrder(pub f64);
impl PartialEq for BoardOrder {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}
impl Eq for BoardOrder {}
impl PartialOrd for BoardOrder {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for BoardOrder {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.total_cmp(&other.0)
    }
}

/// The five columns; on the wire the predecessors' words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TaskStatus {
    /// Not started.
    Todo,
    /// An agent works on it.
    InProgress,
    /// Waits for a person.
    InReview,
    /// Landed.
    Done,
    /// Given up. Nothing moves a task out of here by itself.
    Cancelled,
}

impl TaskStatus {
    /// All columns in the order of the board.
    pub const ALL: [Self; 5] = [
        Self::Todo,
        Self::InProgress,
        Self::InReview,
        Self::Done,
        Self::Cancelled,
    ];
    /// The word on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Todo => "todo",
            Self::InProgress => "inprogress",
            Self::InReview => "inreview",
            Self::Done => "done",
            Self::Cancelled => "cancelled",
        }
    }
}
impl fmt::Display for TaskStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}
impl FromStr for TaskStatus {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|status| status.as_str() == text)
            .ok_or_else(|| {
                format!("“{text}” is not a status; there are todo, inprogress, inreview, done and cancelled")
            })
    }
}

/// How urgent a task is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Priority {
    /// Nobody said.
    #[default]
    None,
    /// Some day.
    Low,
    /// Soon.
    Medium,
    /// Next.
    High,
    /// Now.
    Urgent,
}

/// What classifies tasks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Label {
    /// Its identity.
    pub id: LabelId,
    /// The project it belongs to.
    pub project_id: ProjectId,
    /// Its name.
    pub name: String,
    /// Its colour as `#rrggbb`.
    pub color: String,
}

impl Label {
    /// The colours that labels get, one after the other: blue, green, amber, red, violet.
    pub const COLORS: [&str; 5] = ["#5aa9e6", "#4cb782", "#f2b544", "#ee6565", "#b48ef0"];
    /// Most characters of a name.
    pub const NAME_MAX: usize = 40;
}

/// A picture kept in the blob store.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Image {
    /// SHA-256 of the content in hexadecimal: its file name in the blob store.
    pub hash: String,
    /// The name it came with: a label, never a path.
    pub label: String,
    /// Its media type, such as `image/png`.
    pub media_type: String,
    /// Where it came from, if it was a file.
    pub source: Option<FilePath>,
}
