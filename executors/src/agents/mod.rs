//! One agent, one file, and the list of them.
//!
//! An agent's file says what its program is called, how it is started, and which protocol it speaks with which
//! quirks. Nothing here starts a process or reads a file; probes are data and pure parsing, running them is the
//! caller's.

mod acp;
mod amp;
mod claude;
mod codex;
mod copilot;
mod cursor_agent;
mod demo;
mod gemini;
mod opencode;
mod own;
mod probe;
mod qwen;

pub use own::{OwnAgent, is_slug};
pub use probe::{LoginProbe, LoginState, Probes, Surroundings, TestedVersions, Version};

pub use crate::process::ProgramCandidate;

use crate::{
    mcp_config::Server,
    protocols::{Protocol, quirks},
};
use anyon_model::{AgentInfo, AgentLaunch, Capabilities, ProfileConfig, StopTimes};
use std::{
    collections::BTreeMap,
    ffi::OsString,
    path::{Path, PathBuf},
};

/// Every agent that works from start to landing.
static AGENTS: [AgentSpec; 9] = [
    claude::SPEC,
    codex::SPEC,
    gemini::SPEC,
    qwen::SPEC,
    copilot::SPEC,
    opencode::SPEC,
    cursor_agent::SPEC,
    amp::SPEC,
    demo::SPEC,
];

/// What an agent is started with.
#[derive(Debug, Clone, Copy)]
pub struct Start<'a> {
    /// What is to run.
    pub launch: &'a AgentLaunch,
    /// Anyon's own program.
    pub exe: &'a Path,
    /// The folder it runs in.
    pub worktree: &'a Path,
    /// Anyon's MCP server for this session; `None`: it gets none.
    pub mcp: Option<&'a Server>,
    /// What the repository says to agents, where the agent does not read it by itself.
    pub guide: Option<&'a Guide>,
}

/// A file in which a repository says how agents are to work in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Guide {
    /// Its name in the worktree, such as `GEMINI.md`.
    pub name: String,
    /// Where it is; inside of the worktree also when the name is a link.
    pub path: PathBuf,
    /// What it says.
    pub text: String,
}

/// What starts an agent's process.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgentCommand {
    /// Exactly this program, for an agent that is part of Anyon.
    pub exact: Option<PathBuf>,
    /// Where the agent's program may be, best first.
    pub program: &'static [ProgramCandidate],
    /// Its arguments; those of the profile come after them. Never a prompt: every user of the machine sees them.
    pub args: Vec<OsString>,
    /// Environment on top of the filtered one and below the profile's; an empty value removes the variable.
    pub env: BTreeMap<String, String>,
}

/// Files of an agent that have to be put right before it is started, or it would lose what is in them.
#[derive(Debug, Clone, Copy)]
pub struct Mend {
    /// The variable that names the folder its own are in; where it is not set, that is the home folder.
    pub home_variable: &'static str,
    /// A file below that folder, which tells where the others are.
    pub index: &'static str,
    /// The folder of the others, below the same folder, by the text of the index and the worktree.
    pub folder: fn(&str, &Path) -> Option<String>,
    /// What is to be done there, by the names and sizes of the files and the session to go on with.
    pub plan: fn(&[SizedFile], Option<&str>) -> Vec<Fix>,
}

/// A file by its name, with its size in bytes.
pub type SizedFile = (String, u64);

/// One thing to be done in a folder. Names, never paths.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fix {
    /// A file goes.
    Remove(String),
    /// A file gets another name.
    Rename {
        /// The old one.
        from: String,
        /// The new one.
        to: String,
    },
}

/// An agent: what it is, how it is started, and how one talks to it.
#[derive(Debug)]
pub struct AgentSpec {
    /// Its id, such as `CLAUDE_CODE`.
    pub id: &'static str,
    /// Its name, such as `Claude Code`.
    pub name: &'static str,
    /// Where its program may be, best first. Empty: it is Anyon's own.
    pub program: &'static [ProgramCandidate],
    /// Secrets in the environment that are its own, so it may see them. A final `*` stands for any end.
    pub own_environment: &'static [&'static str],
    /// How to find out its version and whether it is logged in.
    pub probes: Probes,
    /// How to install it, one line.
    pub install_hint: &'static str,
    /// How to log in, one line. Empty: it has no login.
    pub login_hint: &'static str,
    /// What it can do.
    pub capabilities: Capabilities,
    /// How long each rung of the stop ladder waits.
    pub stop: StopTimes,
    /// The files in which a repository speaks to it and which it leaves unread, started as it is here: what keeps it
    /// from running a repository's hooks keeps it from reading these too. The first that is there is given to it.
    pub guides: &'static [&'static str],
    /// What has to be put right in files of its own before it is started.
    pub mend: Option<Mend>,
    /// What starts it.
    pub command: fn(&Start<'_>) -> AgentCommand,
    /// The conversation with a process of it.
    pub protocol: fn(&Start<'_>) -> Box<dyn Protocol>,
    /// A conversation that reads a recording.
    pub protocol_for_replay: fn() -> Box<dyn Protocol>,
    variants: fn() -> Vec<(&'static str, ProfileConfig)>,
}

impl AgentSpec {
    /// What a person has to know before starting it, whatever its version, one line.
    pub fn notice(&self) -> Option<&'static str> {
        (!self.capabilities.asks).then_some(
            "It cannot ask: it does what its own settings allow and refuses what they want to have asked, whatever the attempt is set to",
        )
    }

    /// What the engine and the panels know of it.
    pub fn info(&self) -> AgentInfo {
        let variants = (self.variants)();
        AgentInfo {
            id: self.id.into(),
            name: self.name.into(),
            capabilities: self.capabilities,
            stop: self.stop,
            variants: variants
                .into_iter()
                .map(|(name, config)| (name.to_owned(), config))
                .collect(),
            install_hint: self.install_hint.into(),
            login_hint: self.login_hint.into(),
        }
    }
}

/// All agents, in the order they are offered.
pub fn agents() -> &'static [AgentSpec] {
    &AGENTS
}

/// The agent with this id.
pub fn agent(agent_id: &str) -> Option<&'static AgentSpec> {
    AGENTS.iter().find(|spec| spec.id == agent_id)
}

/// The agent of the list that a person means, however it is written.
pub fn named(text: &str) -> Option<&'static AgentSpec> {
    let same = text.replace('-', "_");
    AGENTS.iter().find(|spec| spec.id.eq_ignore_ascii_case(&same))
}

/// A conversation that reads a recording: of the agents of the list, and of those whose protocol is known although
/// they are none of it.
pub fn replay_protocol(agent_id: &str) -> Option<Box<dyn Protocol>> {
    match agent(agent_id) {
        Some(spec) => Some((spec.protocol_for_replay)()),
        None => Some(acp::for_replay(acp::recorded_quirks(agent_id)?)),
    }
}

/// A conversation that reads what an agent said in an attempt: also one of the person's own, even if it is configured
/// no more.
pub fn log_protocol(agent_id: &str) -> Option<Box<dyn Protocol>> {
    let own = || is_slug(agent_id).then(|| acp::for_replay(quirks::NONE));
    replay_protocol(agent_id).or_else(own)
}

#[cfg(test)]
mod tests {
    use super::*;
    use anyon_model::{ApproveMode, ExecutorProfileId};

    #[test]
    fn every_agent_stops_within_two_and_a_half_seconds_and_has_a_default() {
        for spec in agents() {
            let stop = spec.stop;
            assert!(
                stop.interrupt_ms + stop.close_stdin_ms + stop.term_ms <= 2500,
                "{}",
                spec.id
            );
            let variants = spec.info().variants;
            assert!(variants.contains_key("DEFAULT"), "{}", spec.id);
            // What asks nothing cannot be kept from writing.
            for name in ["PLAN", "APPROVALS"] {
                assert_eq!(variants.contains_key(name), spec.capabilities.asks, "{}", spec.id);
            }
        }
    }

    #[test]
    fn recordings_of_what_is_no_agent_of_its_own_can_be_read() {
        assert!(replay_protocol("claude-agent-acp").is_some());
        assert!(agent("claude-agent-acp").is_none());
        assert!(replay_protocol("NOBODY").is_none());
    }

    /// What an agent sees of a repository that nobody trusts is up to the flags of each; these are the words for
    /// approving by itself, which no agent is ever started with.
    #[test]
    fn no_agent_is_started_in_a_mode_that_approves_by_itself() {
        let launch = AgentLaunch {
            profile: ExecutorProfileId::new("X"),
            config: ProfileConfig {
                model: Some("m".into()),
                effort: Some("high".into()),
                ..ProfileConfig::default()
            },
            prompt: "the secret thing".into(),
            images: Vec::new(),
            approve: ApproveMode::All,
            resume: None,
            session_name: "00000000-0000-7000-8000-000000000001".into(),
            handover: None,
            mcp: false,
        };
        for spec in agents() {
            let command = (spec.command)(&Start {
                launch: &launch,
                exe: Path::new("/bin/anyon"),
                worktree: Path::new("/w"),
                mcp: None,
                guide: None,
            });
            let said = format!("{:?} {:?}", command.args, command.env).to_lowercase();
            for word in [
                "yolo",
                "bypass",
                "allow-all",
                "skip-permissions",
                "autopilot",
                "secret thing",
            ] {
                assert!(!said.contains(word), "{} {word}: {said}", spec.id);
            }
        }
    }
}
