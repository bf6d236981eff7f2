//! How the parts of an entity are kept: model type to stored type and back, both total.

use anyon_model::*;
use std::collections::BTreeMap;

/// The 16 bytes of an id.
pub(crate) type Id = [u8; 16];

/// A model type with its stored form.
pub(crate) trait Keep: Sized {
    /// The stored form.
    type Kept;
    /// To the stored form.
    fn keep(&self) -> Self::Kept;
    /// Back.
    fn give(kept: Self::Kept) -> Self;
}

macro_rules! keep_as_is {
    ($($type:ty),* $(,)?) => {$(
        impl Keep for $type {
            type Kept = Self;
            fn keep(&self) -> Self {
                self.clone()
            }
            fn give(kept: Self) -> Self {
                kept
            }
        }
    )*};
}
keep_as_is!(bool, u32, u64, i32, f64, String, (u32, u32), BTreeMap<String, String>);

macro_rules! keep_ids {
    ($($type:ty),* $(,)?) => {$(
        impl Keep for $type {
            type Kept = Id;
            fn keep(&self) -> Id {
                *self.as_bytes()
            }
            fn give(kept: Id) -> Self {
                Self::from_bytes(kept)
            }
        }
    )*};
}
keep_ids!(
    ProjectId,
    TaskId,
    AttemptId,
    SessionId,
    ExecutionId,
    ApprovalId,
    DraftId,
    MergeId,
    CommentId,
    LabelId,
    TemplateId,
    RuleId,
    HistoryId,
    SnapshotId,
);

impl Keep for Timestamp {
    type Kept = i64;
    fn keep(&self) -> i64 {
        self.as_ms()
    }
    fn give(kept: i64) -> Self {
        Self::from_ms(kept)
    }
}
impl Keep for FilePath {
    type Kept = Vec<u8>;
    fn keep(&self) -> Vec<u8> {
        self.to_bytes()
    }
    fn give(kept: Vec<u8>) -> Self {
        Self::from_bytes(kept)
    }
}
impl Keep for BoardOrder {
    type Kept = f64;
    fn keep(&self) -> f64 {
        self.0
    }
    fn give(kept: f64) -> Self {
        Self(kept)
    }
}
impl Keep for EntryIndex {
    type Kept = u64;
    fn keep(&self) -> u64 {
        self.0
    }
    fn give(kept: u64) -> Self {
        Self(kept)
    }
}
impl<T: Keep> Keep for Option<T> {
    type Kept = Option<T::Kept>;
    fn keep(&self) -> Self::Kept {
        self.as_ref().map(T::keep)
    }
    fn give(kept: Self::Kept) -> Self {
        kept.map(T::give)
    }
}
impl<T: Keep> Keep for Vec<T> {
    type Kept = Vec<T::Kept>;
    fn keep(&self) -> Self::Kept {
        self.iter().map(T::keep).collect()
    }
    fn give(kept: Self::Kept) -> Self {
        kept.into_iter().map(T::give).collect()
    }
}

/// A stored struct with the fields of a model struct.
macro_rules! stored_struct {
    ($(#[$doc:meta])* $stored:ident for $model:ident { $($field:ident: $type:ty,)* }) => {
        $(#[$doc])*
        #[derive(serde::Serialize, serde::Deserialize)]
        pub(crate) struct $stored { $($field: $type,)* }

        impl From<&$model> for $stored {
            fn from(model: &$model) -> Self {
                Self { $($field: $crate::stored::keep::Keep::keep(&model.$field),)* }
            }
        }
        impl From<$stored> for $model {
            fn from(stored: $stored) -> Self {
                Self { $($field: $crate::stored::keep::Keep::give(stored.$field),)* }
            }
        }
        stored_part!($stored for $model);
    };
}

/// A stored enum with the variants of a model enum. The order of the variants is the format: only ever add at the end.
macro_rules! stored_enum {
    ($(#[$doc:meta])* $stored:ident for $model:ident {
        $($variant:ident $({ $($field:ident: $type:ty),* $(,)? })?,)*
    }) => {
        $(#[$doc])*
        #[derive(serde::Serialize, serde::Deserialize)]
        pub(crate) enum $stored { $($variant $({ $($field: $type,)* })?,)* }

        impl From<&$model> for $stored {
            fn from(model: &$model) -> Self {
                match model {
                    $($model::$variant $({ $($field),* })? => Self::$variant $({
                        $($field: $crate::stored::keep::Keep::keep($field),)*
                    })?,)*
                }
            }
        }
        impl From<$stored> for $model {
            fn from(stored: $stored) -> Self {
                match stored {
                    $($stored::$variant $({ $($field),* })? => Self::$variant $({
                        $($field: $crate::stored::keep::Keep::give($field),)*
                    })?,)*
                }
            }
        }
        stored_part!($stored for $model);
    };
}

/// Lets a stored type be a field of another one.
macro_rules! stored_part {
    ($stored:ident for $model:ident) => {
        impl $crate::stored::keep::Keep for $model {
            type Kept = $stored;
            fn keep(&self) -> $stored {
                self.into()
            }
            fn give(kept: $stored) -> Self {
                kept.into()
            }
        }
    };
}
