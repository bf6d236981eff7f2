//! Agents to test with.

use anyon_model::{AgentInfo, Capabilities, ProfileConfig, StopTimes};
use std::collections::BTreeMap;

/// An agent that can do everything, with the variants `DEFAULT`, `PLAN` and `TERSE`.
pub fn agent(executor: &str, name: &str) -> AgentInfo {
    let plan = ProfileConfig {
        plan: true,
        ..ProfileConfig::default()
    };
    let terse = ProfileConfig {
        append_prompt: Some("Be brief.".into()),
        ..ProfileConfig::default()
    };
    AgentInfo {
        id: executor.into(),
        name: name.into(),
        capabilities: Capabilities {
            asks: true,
            deny_reason: true,
            stays: true,
            resumes: true,
            forks: true,
            names_session: true,
            switches: true,
        },
        stop: StopTimes {
            interrupt_ms: 2_000,
            close_stdin_ms: 1_000,
            term_ms: 3_000,
        },
        variants: BTreeMap::from([
            ("DEFAULT".into(), ProfileConfig::default()),
            ("PLAN".into(), plan),
            ("TERSE".into(), terse),
        ]),
        install_hint: format!("Install {name}"),
        login_hint: format!("Log in to {name}"),
    }
}

/// An agent whose process ends with each turn and whose sessions cannot be gone on with.
pub fn agent_that_ends(executor: &str, name: &str) -> AgentInfo {
    let mut agent = agent(executor, name);
    agent.capabilities.stays = false;
    agent.capabilities.resumes = false;
    agent.capabilities.switches = false;
    agent
}

/// The agents of a test: `CLAUDE_CODE` stays and resumes, `AMP` does neither.
pub fn agents() -> Vec<AgentInfo> {
    vec![agent("CLAUDE_CODE", "Claude Code"), agent_that_ends("AMP", "Amp")]
}
