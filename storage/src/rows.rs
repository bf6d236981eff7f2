//! One table per kind of entity: which stored struct a row of it is, and under which key it lies.
//!
//! Kind numbers are in every row: never reuse or renumber one.

use crate::{
    codec::{self, CodecError},
    stored::*,
};
use anyon_model::*;
use redb::TableDefinition;
use std::sync::Arc;

/// Every table of the store: bytes to bytes, so that the types of redb never decide what can be opened.
pub(crate) type Table<'a> = TableDefinition<'a, &'static [u8], &'static [u8]>;

macro_rules! kinds {
    ($($kind:ident = $number:literal, $table:literal, $($stored:ident = $schema:literal),+;)*) => {
        /// A kind of entity. Its number is the second byte of a row's envelope.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        #[repr(u8)]
        pub(crate) enum Kind { $($kind = $number,)* }

        impl Kind {
            /// All kinds, projects first: what belongs to a project comes after it.
            pub(crate) const ALL: [Self; [$($number),*].len()] = [$(Self::$kind),*];

            /// Name of its table.
            pub(crate) const fn table_name(self) -> &'static str {
                match self { $(Self::$kind => $table,)* }
            }
        }

        /// The row of an entity.
        pub(crate) fn encode(entity: &Entity) -> Result<Vec<u8>, CodecError> {
            match entity {
                $(Entity::$kind(entity) => kinds!(@seal $kind, entity, $($stored = $schema),+),)*
            }
        }

        fn decode_any_key(kind: Kind, row: &[u8]) -> Result<Entity, CodecError> {
            let (schema, payload) = codec::unseal(kind, row)?;
            match (kind, schema) {
                $($((Kind::$kind, $schema) => {
                    Ok(Entity::$kind(Arc::new(codec::decode::<$stored>(payload)?.into())))
                })+)*
                (_, schema) => Err(CodecError::UnknownSchema(schema)),
            }
        }
    };
    // The last one listed is the newest: it is the one written.
    (@seal $kind:ident, $entity:ident, $stored:ident = $schema:literal) => {
        codec::seal(Kind::$kind, $schema, &$stored::from(&**$entity))
    };
    (@seal $kind:ident, $entity:ident, $older:ident = $number:literal, $($rest:tt)+) => {
        kinds!(@seal $kind, $entity, $($rest)+)
    };
}

kinds! {
    Project = 1, "project", ProjectV1 = 1;
    Task = 2, "task", TaskV1 = 1;
    Label = 3, "label", LabelV1 = 1;
    Attempt = 4, "attempt", AttemptV1 = 1;
    Session = 5, "session", SessionV1 = 1, SessionV2 = 2;
    Execution = 6, "execution", ExecutionV1 = 1, ExecutionV2 = 2;
    Approval = 7, "approval", ApprovalV1 = 1;
    Draft = 8, "draft", DraftV1 = 1, DraftV2 = 2;
    Merge = 9, "merge", MergeV1 = 1;
    Snapshot = 10, "snapshot", SnapshotV1 = 1;
    Comment = 11, "comment", ReviewCommentV1 = 1;
    History = 12, "history", HistoryEntryV1 = 1;
    Template = 13, "template", TemplateV1 = 1;
    Rule = 14, "rule", RuleV1 = 1;
    Profile = 15, "profile", ProfileV1 = 1;
    Settings = 16, "settings", SettingsV1 = 1, SettingsV2 = 2, SettingsV3 = 3;
}

impl Kind {
    /// Its table.
    pub(crate) const fn table(self) -> Table<'static> {
        Table::new(self.table_name())
    }
}

/// The entity of a row that lies under `key`.
pub(crate) fn decode(kind: Kind, key: &[u8], row: &[u8]) -> Result<Entity, CodecError> {
    let entity = decode_any_key(kind, row)?;
    if place(&entity.key()).1 != key {
        return Err(CodecError::OtherKey);
    }
    Ok(entity)
}

/// Table and key of an entity.
pub(crate) fn place(key: &EntityKey) -> (Kind, Vec<u8>) {
    match key {
        EntityKey::Project(key) => (Kind::Project, key.as_bytes().to_vec()),
        EntityKey::Task(key) => (Kind::Task, key.as_bytes().to_vec()),
        EntityKey::Label(key) => (Kind::Label, key.as_bytes().to_vec()),
        EntityKey::Attempt(key) => (Kind::Attempt, key.as_bytes().to_vec()),
        EntityKey::Session(key) => (Kind::Session, key.as_bytes().to_vec()),
        EntityKey::Execution(key) => (Kind::Execution, key.as_bytes().to_vec()),
        EntityKey::Approval(key) => (Kind::Approval, key.as_bytes().to_vec()),
        EntityKey::Draft(key) => (Kind::Draft, key.as_bytes().to_vec()),
        EntityKey::Merge(key) => (Kind::Merge, key.as_bytes().to_vec()),
        EntityKey::Snapshot(key) => (Kind::Snapshot, key.as_bytes().to_vec()),
        EntityKey::Comment(key) => (Kind::Comment, key.as_bytes().to_vec()),
        EntityKey::History(key) => (Kind::History, key.as_bytes().to_vec()),
        EntityKey::Template(key) => (Kind::Template, key.as_bytes().to_vec()),
        EntityKey::Rule(key) => (Kind::Rule, key.as_bytes().to_vec()),
        EntityKey::Profile(key) => (Kind::Profile, key.to_string().into_bytes()),
        EntityKey::Settings(SettingsKey) => (Kind::Settings, b"settings".to_vec()),
    }
}

/// A key for a person: the id, or the text where the key is text.
pub(crate) fn key_text(key: &[u8]) -> String {
    match <[u8; 16]>::try_from(key) {
        Ok(bytes) => TaskId::from_bytes(bytes).to_string(),
        Err(_) => String::from_utf8_lossy(key).into_owned(),
    }
}
