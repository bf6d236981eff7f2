//! The demo agent: a real ACP agent inside of Anyon's own program, without a model.

use super::{AgentCommand, AgentSpec, Probes, Start, acp};
use crate::protocols::{Protocol, quirks};
use anyon_model::{Capabilities, ProfileConfig, StopTimes};
use std::collections::BTreeMap;

pub(super) const SPEC: AgentSpec = AgentSpec {
    id: "DEMO",
    name: "Demo agent",
    program: &[],
    own_environment: &[],
    probes: Probes {
        version_args: &[],
        tested: None,
        login: None,
        look: None,
    },
    install_hint: "It is part of Anyon",
    login_hint: "",
    capabilities: Capabilities {
        asks: true,
        deny_reason: false,
        stays: true,
        resumes: true,
        forks: false,
        names_session: false,
        switches: true,
    },
    stop: StopTimes {
        interrupt_ms: 500,
        close_stdin_ms: 300,
        term_ms: 700,
    },
    variants,
    guides: &[],
    mend: None,
    command,
    protocol,
    protocol_for_replay,
};

/// The variable that sets its pace.
const PACE: &str = "ANYON_DEMO_PACE";

fn variants() -> Vec<(&'static str, ProfileConfig)> {
    let hurried = ProfileConfig {
        env: BTreeMap::from([(PACE.into(), "none".into())]),
        ..ProfileConfig::default()
    };
    let mut variants = acp::variants(&[]);
    variants.push(("HURRIED", hurried));
    variants
}

fn command(start: &Start<'_>) -> AgentCommand {
    AgentCommand {
        exact: Some(start.exe.to_path_buf()),
        program: &[],
        args: vec!["--demo-agent".into()],
        env: BTreeMap::from([(PACE.into(), "human".into())]),
    }
}

fn protocol(start: &Start<'_>) -> Box<dyn Protocol> {
    acp::protocol(start, quirks::NONE)
}

fn protocol_for_replay() -> Box<dyn Protocol> {
    acp::for_replay(quirks::NONE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_variant_takes_its_pauses_away() {
        let variants = SPEC.info().variants;
        assert_eq!(variants["HURRIED"].env[PACE], "none");
        assert!(variants["DEFAULT"].env.is_empty());
    }
}
