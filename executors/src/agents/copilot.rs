//! GitHub Copilot CLI, by the Agent Client Protocol.

use super::{
    AgentCommand, AgentSpec, LoginState, Probes, ProgramCandidate, Start, Surroundings, TestedVersions,
    Version, acp, probe,
};
use crate::{
    mcp_config::{self, Server},
    protocols::{Protocol, quirks},
};
use anyon_model::{Capabilities, ProfileConfig, StopTimes};
use serde_json::json;
use std::ffi::OsString;

pub(super) const SPEC: AgentSpec = AgentSpec {
    id: "COPILOT",
    name: "Copilot",
    program: &PROGRAMS,
    own_environment: &[
        "COPILOT_GITHUB_TOKEN",
        "GH_TOKEN",
        "GITHUB_TOKEN",
        "COPILOT_PROVIDER_API_KEY",
        "COPILOT_PROVIDER_BEARER_TOKEN",
    ],
    probes: Probes {
        version_args: &["--version"],
        tested: Some(TestedVersions {
            first: Version(1, 0, 102),
            last: Version(1, 0, 102),
        }),
        login: None,
        look: Some(login),
    },
    install_hint: "Install it with `npm install -g @github/copilot` (Node 22 or newer)",
    login_hint: "Run `copilot login` in a terminal, or set COPILOT_GITHUB_TOKEN",
    // Its model is named when it is started.
    capabilities: Capabilities {
        switches: false,
        ..acp::CAPABILITIES
    },
    // A cancelled command is gone at once; the end of its input or SIGTERM ends it.
    stop: StopTimes {
        interrupt_ms: 500,
        close_stdin_ms: 1000,
        term_ms: 700,
    },
    variants,
    guides: &[],
    mend: None,
    command,
    protocol,
    protocol_for_replay,
};

const PROGRAMS: [ProgramCandidate; 1] = [ProgramCandidate::InPath("copilot")];

/// The tokens that it needs are not for the commands it runs.
const ARGS: [&str; 4] = [
    "--acp",
    "--no-auto-update",
    "--no-remote",
    "--secret-env-vars=COPILOT_GITHUB_TOKEN,GH_TOKEN,GITHUB_TOKEN",
];

/// The first would allow everything and trust every folder.
const ENV: [(&str, &str); 4] = [
    ("COPILOT_ALLOW_ALL", ""),
    ("COPILOT_ASSISTED_APPROVAL", ""),
    ("COPILOT_AUTO_UPDATE", "false"),
    ("NO_COLOR", "1"),
];

fn variants() -> Vec<(&'static str, ProfileConfig)> {
    acp::variants(&[])
}

fn command(start: &Start<'_>) -> AgentCommand {
    let config = &start.launch.config;
    let mut args: Vec<OsString> = ARGS.map(OsString::from).into();
    let mut option = |name: &str, value: &str| args.extend([name.into(), value.into()]);
    if let Some(model) = &config.model {
        option("--model", model);
    }
    if let Some(effort) = &config.effort {
        option("--reasoning-effort", effort);
    }
    if let Some(server) = start.mcp {
        option("--additional-mcp-config", &servers(server));
    }
    acp::command(&PROGRAMS, args, &ENV)
}

/// It takes no program as an MCP server over the protocol.
fn servers(server: &Server) -> String {
    let server = json!({
        "type": "local", "command": server.program(), "args": server.arguments(), "tools": ["*"],
    });
    json!({"mcpServers": {mcp_config::NAME: server}}).to_string()
}

fn protocol(start: &Start<'_>) -> Box<dyn Protocol> {
    acp::protocol(start, quirks::COPILOT)
}

fn protocol_for_replay() -> Box<dyn Protocol> {
    acp::for_replay(quirks::COPILOT)
}

/// Its own login lies in the system's keyring, where nobody looks unasked.
fn login(seen: &dyn Surroundings) -> LoginState {
    let names = [
        "COPILOT_PROVIDER_BASE_URL",
        "COPILOT_GITHUB_TOKEN",
        "GH_TOKEN",
        "GITHUB_TOKEN",
    ];
    probe::by_variable(seen, &names).unwrap_or(LoginState::Unknown)
}
