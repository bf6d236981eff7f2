//! Cursor Agent, by the Agent Client Protocol. Known from its documentation only: it runs nowhere without an account.

use super::{AgentCommand, AgentSpec, LoginProbe, LoginState, Probes, ProgramCandidate, Start, acp};
use crate::protocols::{Protocol, quirks};
use anyon_model::{Capabilities, ProfileConfig, StopTimes};
use std::ffi::OsString;

pub(super) const SPEC: AgentSpec = AgentSpec {
    id: "CURSOR_AGENT",
    name: "Cursor Agent",
    program: &PROGRAMS,
    own_environment: &["CURSOR_API_KEY"],
    probes: Probes {
        version_args: &["--version"],
        tested: None,
        login: Some(LoginProbe {
            args: &["status"],
            read: login,
        }),
        look: None,
    },
    install_hint: "Its installer is described on cursor.com/cli; no package of npm is it",
    login_hint: "Run `cursor-agent login` in a terminal, or set CURSOR_API_KEY",
    // Its model is named when it is started.
    capabilities: Capabilities {
        switches: false,
        ..acp::CAPABILITIES
    },
    stop: StopTimes {
        interrupt_ms: 700,
        close_stdin_ms: 800,
        term_ms: 1000,
    },
    variants,
    guides: &[],
    mend: None,
    command,
    protocol,
    protocol_for_replay,
};

/// Not `agent`, which it is called too: half of the world is.
const PROGRAMS: [ProgramCandidate; 2] = [
    ProgramCandidate::InPath("cursor-agent"),
    ProgramCandidate::UnderHome(".local/bin/cursor-agent"),
];

fn variants() -> Vec<(&'static str, ProfileConfig)> {
    acp::variants(&[])
}

fn command(start: &Start<'_>) -> AgentCommand {
    let mut args: Vec<OsString> = Vec::new();
    if let Some(model) = &start.launch.config.model {
        args.extend(["--model".into(), model.into()]);
    }
    args.push("acp".into());
    acp::command(&PROGRAMS, args, &[("NO_COLOR", "1")])
}

fn protocol(start: &Start<'_>) -> Box<dyn Protocol> {
    acp::protocol(start, quirks::CURSOR_AGENT)
}

fn protocol_for_replay() -> Box<dyn Protocol> {
    acp::for_replay(quirks::CURSOR_AGENT)
}

/// Its words name the account, of which nothing is kept.
fn login(stdout: &str, _: Option<i32>) -> LoginState {
    let said = stdout.to_lowercase();
    if said.contains("not logged in") || said.contains("authentication required") {
        LoginState::LoggedOut
    } else if said.contains("logged in") {
        let method = String::new();
        LoginState::LoggedIn { method }
    } else {
        LoginState::Unknown
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_login_is_told_without_the_account() {
        let method = String::new();
        assert_eq!(
            login("Logged in as ada@example.org", Some(0)),
            LoginState::LoggedIn { method }
        );
        assert_eq!(login("Not logged in", Some(1)), LoginState::LoggedOut);
        assert_eq!(login("", None), LoginState::Unknown);
    }
}
