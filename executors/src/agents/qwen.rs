//! Qwen Code, by the Agent Client Protocol.

use super::{
    AgentCommand, AgentSpec, LoginState, Probes, ProgramCandidate, Start, Surroundings, TestedVersions,
    Version, acp, probe,
};
use crate::protocols::{Protocol, quirks};
use anyon_model::{ProfileConfig, StopTimes};
use std::ffi::OsString;

pub(super) const SPEC: AgentSpec = AgentSpec {
    id: "QWEN_CODE",
    name: "Qwen Code",
    program: &PROGRAMS,
    own_environment: &[
        "OPENAI_API_KEY",
        "DASHSCOPE_API_KEY",
        "BAILIAN_CODING_PLAN_API_KEY",
        "OPENROUTER_API_KEY",
        "MODELSCOPE_API_KEY",
    ],
    probes: Probes {
        version_args: &["--version"],
        tested: Some(TestedVersions {
            first: Version(0, 24, 4),
            last: Version(0, 24, 4),
        }),
        login: None,
        look: Some(login),
    },
    install_hint: "Install it with `npm install -g @qwen-code/qwen-code` (Node 22 or newer)",
    login_hint: "Run `qwen` in a terminal, or set OPENAI_API_KEY",
    capabilities: acp::CAPABILITIES,
    // A cancelled command is gone in 0.15 s and an idle process 0.4 s after the end of its input. SIGTERM ends only
    // the outermost of its processes.
    stop: StopTimes {
        interrupt_ms: 600,
        close_stdin_ms: 800,
        term_ms: 200,
    },
    variants,
    guides: &["QWEN.md", "AGENTS.md"],
    mend: None,
    command,
    protocol,
    protocol_for_replay,
};

const PROGRAMS: [ProgramCandidate; 1] = [ProgramCandidate::InPath("qwen")];

/// A process less.
const ENV: [(&str, &str); 2] = [("QWEN_CODE_NO_RELAUNCH", "true"), ("NO_COLOR", "1")];

fn variants() -> Vec<(&'static str, ProfileConfig)> {
    acp::variants(&[])
}

fn command(start: &Start<'_>) -> AgentCommand {
    let config = &start.launch.config;
    let mode = if config.plan { "plan" } else { "default" };
    // Without its safe mode it runs the hooks and starts the MCP servers of any repository.
    let args = ["--acp", "--safe-mode", "--approval-mode", mode];
    let mut args: Vec<OsString> = args.map(OsString::from).into();
    if let Some(model) = &config.model {
        args.extend(["--model".into(), model.into()]);
    }
    acp::command(&PROGRAMS, args, &ENV)
}

fn protocol(start: &Start<'_>) -> Box<dyn Protocol> {
    acp::protocol(start, quirks::QWEN_CODE)
}

fn protocol_for_replay() -> Box<dyn Protocol> {
    acp::for_replay(quirks::QWEN_CODE)
}

fn login(seen: &dyn Surroundings) -> LoginState {
    let settings = seen.file("QWEN_HOME", ".qwen", "settings.json");
    probe::chosen_login(settings.as_deref())
        .or_else(|| probe::by_variable(seen, &["OPENAI_API_KEY", "DASHSCOPE_API_KEY"]))
        .unwrap_or(LoginState::LoggedOut)
}
