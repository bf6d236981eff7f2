//! Codex, by its own app-server protocol.

use super::{
    AgentCommand, AgentSpec, LoginProbe, Probes, ProgramCandidate, Start, TestedVersions, Version, probe,
};
use crate::protocols::{Codex, CodexOptions, Protocol};
use anyon_model::{Capabilities, ProfileConfig, StopTimes};
use std::collections::BTreeMap;

pub(super) const SPEC: AgentSpec = AgentSpec {
    id: "CODEX",
    name: "Codex",
    program: &PROGRAMS,
    own_environment: &[
        "AZURE_OPENAI_API_KEY",
        "CODEX_ACCESS_TOKEN",
        "CODEX_API_KEY",
        "OPENAI_API_KEY",
    ],
    probes: Probes {
        version_args: &["--version"],
        tested: Some(TestedVersions {
            first: Version(0, 169, 0),
            last: Version(0, 169, 0),
        }),
        login: Some(LoginProbe {
            args: &["login", "status"],
            read: probe::codex_login,
        }),
        look: None,
    },
    install_hint: "Install it with `npm install -g @openai/codex` or `brew install codex`",
    login_hint: "Run `codex login` in a terminal",
    capabilities: Capabilities {
        asks: true,
        // The protocol carries none; it is said into the turn.
        deny_reason: true,
        stays: true,
        resumes: true,
        forks: true,
        names_session: false,
        switches: true,
    },
    // An interrupt takes 0.03 s. Commands that gave themselves a session of their own outlive a closed input: the
    // sweep is for them.
    stop: StopTimes {
        interrupt_ms: 500,
        close_stdin_ms: 500,
        term_ms: 1000,
    },
    variants,
    guides: &[],
    mend: None,
    command,
    protocol,
    protocol_for_replay,
};

const PROGRAMS: [ProgramCandidate; 2] = [
    ProgramCandidate::InPath("codex"),
    ProgramCandidate::UnderHome(".local/bin/codex"),
];

fn variants() -> Vec<(&'static str, ProfileConfig)> {
    let thinking = |effort: &str| ProfileConfig {
        effort: Some(effort.to_owned()),
        ..ProfileConfig::default()
    };
    let plan = ProfileConfig {
        plan: true,
        ..ProfileConfig::default()
    };
    vec![
        ("DEFAULT", ProfileConfig::default()),
        ("PLAN", plan),
        // The predecessors' name for asking before acting, which here is up to each attempt.
        ("APPROVALS", ProfileConfig::default()),
        ("LOW", thinking("low")),
        ("HIGH", thinking("high")),
        ("XHIGH", thinking("xhigh")),
    ]
}

fn command(_: &Start<'_>) -> AgentCommand {
    AgentCommand {
        exact: None,
        program: &PROGRAMS,
        args: vec!["app-server".into()],
        // Its log repeats what the protocol says; what is fatal is not part of it.
        env: BTreeMap::from([("RUST_LOG".to_owned(), "off".to_owned())]),
    }
}

fn protocol(start: &Start<'_>) -> Box<dyn Protocol> {
    let launch = start.launch;
    let config = &launch.config;
    Box::new(Codex::new(CodexOptions {
        worktree: Some(start.worktree.to_path_buf()),
        prompt: launch.prompt.clone(),
        images: launch.images.clone(),
        append_prompt: config.append_prompt.clone(),
        resume: launch.resume.clone(),
        model: config.model.clone(),
        effort: config.effort.clone(),
        plan: config.plan,
        mcp: start.mcp.cloned(),
    }))
}

fn protocol_for_replay() -> Box<dyn Protocol> {
    Box::new(Codex::new(CodexOptions::default()))
}
