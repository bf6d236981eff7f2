//! Agents that a person configured: any program that speaks the Agent Client Protocol.

use super::{AgentCommand, Start, acp};
use crate::protocols::{Manners, Protocol, Quirks, quirks};
use anyon_model::{AgentInfo, Capabilities, StopTimes};
use std::{collections::BTreeMap, ffi::OsString, fmt};

/// An agent of a person's own.
#[derive(Clone, PartialEq, Eq)]
pub struct OwnAgent {
    /// Its id, a lower-case slug.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its program: a name or a whole path.
    pub command: String,
    /// What makes it speak the protocol.
    pub args: Vec<String>,
    /// Environment on top; an empty value removes the variable.
    pub env: BTreeMap<String, String>,
    /// Secrets in the environment that are its own.
    pub pass_env: Vec<String>,
    /// How it speaks the protocol.
    pub manners: Manners,
    /// A new process can go on with an old session.
    pub resumes: bool,
    /// How to install it, one line. May be empty.
    pub install_hint: String,
    /// How to log in, one line. May be empty.
    pub login_hint: String,
}

/// Nobody measured how fast it is: long enough for the slowest of those that were.
const STOP: StopTimes = StopTimes {
    interrupt_ms: 1000,
    close_stdin_ms: 800,
    term_ms: 700,
};

impl OwnAgent {
    /// What the engine and the panels know of it.
    pub fn info(&self) -> AgentInfo {
        let variants = acp::variants(&[]);
        AgentInfo {
            id: self.id.clone(),
            name: self.name.clone(),
            capabilities: Capabilities {
                resumes: self.resumes,
                ..acp::CAPABILITIES
            },
            stop: STOP,
            variants: variants
                .into_iter()
                .map(|(name, config)| (name.to_owned(), config))
                .collect(),
            install_hint: self.install_hint.clone(),
            login_hint: self.login_hint.clone(),
        }
    }

    /// What starts it. Its program is looked for by its name.
    pub fn start(&self) -> AgentCommand {
        AgentCommand {
            exact: None,
            program: &[],
            args: self.args.iter().map(OsString::from).collect(),
            env: self.env.clone(),
        }
    }

    /// The conversation with a process of it.
    pub fn protocol(&self, start: &Start<'_>) -> Box<dyn Protocol> {
        const QUIRKS: Quirks = quirks::NONE;
        acp::protocol_with(start, QUIRKS, self.manners.clone())
    }
}

/// Values of variables may be secrets: only their names are printed.
impl fmt::Debug for OwnAgent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OwnAgent")
            .field("id", &self.id)
            .field("command", &self.command)
            .field("env", &self.env.keys())
            .field("manners", &self.manners)
            .finish_non_exhaustive()
    }
}

/// An id that such an agent may have.
pub fn is_slug(agent_id: &str) -> bool {
    let mut letters = agent_id.chars();
    let plain = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit();
    agent_id.len() <= 40 && letters.next().is_some_and(plain) && letters.all(|it| plain(it) || it == '-')
}
