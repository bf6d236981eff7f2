//! The person's own agents and profiles: what may stand in `agents.toml`, what stands there, and how it is changed.
//!
//! [`AGENT_FIELDS`] and [`PROFILE_FIELDS`] are the one description of the file. The reader checks by it, the forms in
//! the settings are made from it, and the table in `docs/agents.md` is held to it by a test.

use crate::{ExecutorProfileId, FilePath};
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, fmt};

/// The file's name, in the data folder.
pub const AGENT_FILE: &str = "agents.toml";

/// What a field holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldKind {
    /// A text in one line.
    Line,
    /// A text of any length.
    Text,
    /// Yes or no; left out it means no.
    Flag,
    /// A list of texts.
    List,
    /// Texts by the names of environment variables.
    Variables,
    /// One of these words.
    Choice(&'static [&'static str]),
}

/// What may stand under a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FieldSpec {
    /// The key.
    pub key: &'static str,
    /// What it holds.
    pub kind: FieldKind,
    /// It may not be left out.
    pub required: bool,
    /// What it is for, one line.
    pub about: &'static str,
}

const fn field(key: &'static str, kind: FieldKind, about: &'static str) -> FieldSpec {
    FieldSpec {
        key,
        kind,
        required: false,
        about,
    }
}

/// The words for how an agent goes on with an old session.
pub const RESUME_KINDS: [&str; 3] = ["load", "resume", "none"];

/// What may stand in `[agents.ID]`.
pub const AGENT_FIELDS: [FieldSpec; 12] = [
    field(
        "name",
        FieldKind::Line,
        "What it is called; its id where this is left out",
    ),
    FieldSpec {
        required: true,
        ..field(
            "command",
            FieldKind::Line,
            "Its program: a name that is looked for as for every agent, or a whole path",
        )
    },
    field(
        "args",
        FieldKind::List,
        "Arguments that make it speak the Agent Client Protocol",
    ),
    field(
        "env",
        FieldKind::Variables,
        "Environment on top of the person's; an empty value removes a variable",
    ),
    field(
        "pass_env",
        FieldKind::List,
        "Secrets of the environment that it may see, by name; a final * stands for any end",
    ),
    field(
        "ask_mode",
        FieldKind::Line,
        "The agent's mode that asks before it acts, set at the start whatever mode it begins in",
    ),
    field(
        "plan_mode",
        FieldKind::Line,
        "The agent's mode that only plans; plan where this is left out",
    ),
    field(
        "resume",
        FieldKind::Choice(&RESUME_KINDS),
        "How a new process goes on with an old session; what it announces where this is left out",
    ),
    field(
        "authenticate",
        FieldKind::Line,
        "The login method to ask it for before a session is opened",
    ),
    field(
        "without_mcp",
        FieldKind::Flag,
        "It gets no MCP server for its session",
    ),
    field("install", FieldKind::Line, "How to install it, one line"),
    field("login", FieldKind::Line, "How to log in, one line"),
];

/// What may stand in `[profiles.AGENT.VARIANT]`.
pub const PROFILE_FIELDS: [FieldSpec; 8] = [
    field(
        "program",
        FieldKind::Line,
        "Program instead of the agent's own: a name or a whole path",
    ),
    field(
        "extra_args",
        FieldKind::List,
        "Arguments after those that Anyon gives it",
    ),
    field(
        "env",
        FieldKind::Variables,
        "Environment on top of the person's; an empty value removes a variable",
    ),
    field(
        "pass_env",
        FieldKind::List,
        "Secrets of the environment that it may see, by name; a final * stands for any end",
    ),
    field("model", FieldKind::Line, "Model, in the agent's words"),
    field(
        "effort",
        FieldKind::Line,
        "How hard the model thinks, in the agent's words",
    ),
    field(
        "plan",
        FieldKind::Flag,
        "It only plans: whatever would write is refused",
    ),
    field("append_prompt", FieldKind::Text, "Text after every prompt"),
];

/// What stands under a key.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldValue {
    /// A text, or one of the words of a choice.
    Text(String),
    /// Yes or no.
    Flag(bool),
    /// A list of texts.
    List(Vec<String>),
    /// Texts by the names of variables.
    Variables(BTreeMap<String, String>),
}

impl FieldValue {
    /// It says what leaving the key out would say.
    pub fn is_nothing(&self) -> bool {
        match self {
            Self::Text(text) => text.is_empty(),
            Self::Flag(on) => !on,
            Self::List(texts) => texts.is_empty(),
            Self::Variables(variables) => variables.is_empty(),
        }
    }
}

/// Values of variables may be secrets: only their names are printed.
impl fmt::Debug for FieldValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => text.fmt(f),
            Self::Flag(on) => on.fmt(f),
            Self::List(texts) => texts.fmt(f),
            Self::Variables(variables) => f.debug_set().entries(variables.keys()).finish(),
        }
    }
}

/// A table of the file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AgentTable {
    /// An agent of the person's own.
    Agent {
        /// Its id, a lower-case slug.
        agent_id: String,
    },
    /// A variant of an agent.
    Profile(ExecutorProfileId),
}

impl AgentTable {
    /// What may stand in it.
    pub fn fields(&self) -> &'static [FieldSpec] {
        match self {
            Self::Agent { .. } => &AGENT_FIELDS,
            Self::Profile(_) => &PROFILE_FIELDS,
        }
    }
}

/// What stands in a table, by key.
pub type AgentFields = BTreeMap<String, FieldValue>;

/// The file as it is.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgentFile {
    /// Where it is.
    pub path: FilePath,
    /// Its text; empty: there is none.
    pub text: String,
    /// Why it does not count. The last good one is in force then.
    pub fault: Option<AgentFileFault>,
    /// The tables in force, agents first.
    pub tables: Vec<(AgentTable, AgentFields)>,
    /// Agents that Anyon knows the command of, and that are not in the file.
    pub known: Vec<KnownAgent>,
}

/// The text may hold secrets, so it is not printed.
impl fmt::Debug for AgentFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AgentFile")
            .field("path", &self.path)
            .field("fault", &self.fault)
            .field("tables", &self.tables)
            .finish_non_exhaustive()
    }
}

/// What is wrong with the file. Never quotes values.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgentFileFault {
    /// Its line, from 1; 0: none of them, the file cannot be read.
    pub line: u32,
    /// What is wrong there.
    pub reason: String,
}

impl fmt::Display for AgentFileFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => f.write_str(&self.reason),
            line => write!(f, "line {line}: {}", self.reason),
        }
    }
}

/// An agent that speaks the protocol, with the command that makes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KnownAgent {
    /// The id it gets.
    pub agent_id: String,
    /// What stands in the file then.
    pub fields: AgentFields,
    /// Where its command is from.
    pub proof: Proof,
}

/// How sure a command is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Proof {
    /// It was run, and spoke the protocol.
    Run,
    /// Its maker or the protocol's registry says so; it was not run.
    Published,
    /// Others say so; it was not run.
    Hearsay,
}

/// A change of the file.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AgentFileEdit {
    /// A table says this and nothing else of what may stand in it. Comments stay.
    Put {
        /// Which; made where there is none.
        table: AgentTable,
        /// What it says.
        fields: AgentFields,
        /// It is to be a new one: refused where there is one.
        new: bool,
    },
    /// A table goes.
    Remove {
        /// Which.
        table: AgentTable,
    },
    /// The whole text.
    Text {
        /// The new one.
        text: String,
        /// The one it was made from: refused where the file is another by now.
        before: String,
    },
}

/// Texts may hold secrets, so they are not printed.
impl fmt::Debug for AgentFileEdit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Put { table, fields, new } => f
                .debug_struct("Put")
                .field("table", table)
                .field("fields", fields)
                .field("new", new)
                .finish(),
            Self::Remove { table } => f.debug_struct("Remove").field("table", table).finish(),
            Self::Text { .. } => f.debug_struct("Text").finish_non_exhaustive(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_printed_of_an_edit_tells_no_value_of_a_variable() {
        let variables = BTreeMap::from([("KEY".to_owned(), "s3cret".to_owned())]);
        let table = AgentTable::Agent {
            agent_id: "mine".into(),
        };
        let fields = AgentFields::from([("env".to_owned(), FieldValue::Variables(variables))]);
        let put = AgentFileEdit::Put {
            table,
            fields,
            new: true,
        };
        let text = AgentFileEdit::Text {
            text: "s3cret".into(),
            before: "s3cret".into(),
        };
        for edit in [put, text] {
            let printed = format!("{edit:?}");
            assert!(!printed.contains("s3cret"), "{printed}");
        }
    }

    #[test]
    fn a_key_is_described_once_in_its_table() {
        for fields in [&AGENT_FIELDS[..], &PROFILE_FIELDS[..]] {
            let mut keys: Vec<_> = fields.iter().map(|field| field.key).collect();
            keys.sort_unstable();
            keys.dedup();
            assert_eq!(keys.len(), fields.len());
        }
    }
}
