//! Amp, by its stream-json. Written after its documentation: its agent runs on its own servers and cannot be tried
//! without an account.

use super::{AgentCommand, AgentSpec, LoginState, Probes, ProgramCandidate, Start, Surroundings, probe};
use crate::{
    mcp_config,
    protocols::{Amp, AmpOptions, Protocol},
};
use anyon_model::{Capabilities, ProfileConfig, StopTimes};
use serde_json::json;
use std::{collections::BTreeMap, ffi::OsString};

pub(super) const SPEC: AgentSpec = AgentSpec {
    id: "AMP",
    name: "Amp",
    program: &PROGRAMS,
    own_environment: &["AMP_API_KEY"],
    probes: Probes {
        // The package may come without the program: only one that answers is installed.
        version_args: &["--version"],
        tested: None,
        login: None,
        look: Some(login),
    },
    install_hint: "Install it with `npm install -g @ampcode/cli`",
    login_hint: "Run `amp login` in a terminal, or set AMP_API_KEY",
    capabilities: Capabilities {
        // What its own settings do not allow, it refuses by itself.
        asks: false,
        deny_reason: false,
        stays: false,
        resumes: true,
        forks: false,
        names_session: false,
        switches: false,
    },
    // It hears nothing once it works: only a signal ends it.
    stop: StopTimes {
        interrupt_ms: 50,
        close_stdin_ms: 50,
        term_ms: 2000,
    },
    variants,
    guides: &[],
    mend: None,
    command,
    protocol,
    protocol_for_replay,
};

const PROGRAMS: [ProgramCandidate; 2] = [
    ProgramCandidate::InPath("amp"),
    ProgramCandidate::UnderHome(".local/bin/amp"),
];

/// One prompt, JSON lines with thoughts, and nothing for a person who sits before it. Never the switch that allows
/// everything.
const ARGS: [&str; 6] = [
    "--execute",
    "--stream-json",
    "--stream-json-thinking",
    "--no-ide",
    "--no-notifications",
    "--no-color",
];

fn variants() -> Vec<(&'static str, ProfileConfig)> {
    let mode = |effort: &str| ProfileConfig {
        effort: Some(effort.to_owned()),
        ..ProfileConfig::default()
    };
    vec![
        ("DEFAULT", ProfileConfig::default()),
        ("LOW", mode("low")),
        ("HIGH", mode("high")),
        ("ULTRA", mode("ultra")),
    ]
}

/// Without a key and without a login it opens a browser and waits there for ever, whatever its input is.
fn login(seen: &dyn Surroundings) -> LoginState {
    let by_key = probe::by_variable(seen, &["AMP_API_KEY"]);
    let kept = || seen.file("XDG_DATA_HOME", ".local/share", "amp/secrets.json");
    let by_login = || LoginState::LoggedIn {
        method: "amp login".into(),
    };
    by_key
        .or_else(|| kept().map(|_| by_login()))
        .unwrap_or(LoginState::MustLogIn)
}

fn command(start: &Start<'_>) -> AgentCommand {
    let launch = start.launch;
    let mut args: Vec<OsString> = Vec::new();
    if let Some(resume) = &launch.resume {
        args.extend([
            "threads".into(),
            "continue".into(),
            OsString::from(&resume.agent_session),
        ]);
    }
    args.extend(ARGS.map(OsString::from));
    if let Some(mode) = &launch.config.effort {
        args.extend(["--mode".into(), OsString::from(mode)]);
    }
    if let Some(server) = start.mcp {
        let entry = json!({"command": server.program(), "args": server.arguments()});
        let servers = json!({mcp_config::NAME: entry}).to_string();
        args.extend(["--mcp-config".into(), servers.into()]);
    }
    AgentCommand {
        exact: None,
        program: &PROGRAMS,
        args,
        env: BTreeMap::new(),
    }
}

fn protocol(start: &Start<'_>) -> Box<dyn Protocol> {
    let launch = start.launch;
    Box::new(Amp::new(AmpOptions {
        prompt: launch.prompt.clone(),
        images: launch.images.clone(),
        append_prompt: launch.config.append_prompt.clone(),
        worktree: Some(start.worktree.to_path_buf()),
    }))
}

fn protocol_for_replay() -> Box<dyn Protocol> {
    Box::new(Amp::new(AmpOptions::default()))
}
