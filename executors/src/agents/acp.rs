//! What agents that speak ACP have in common.

use super::{AgentCommand, ProgramCandidate, Start};
use crate::protocols::{Acp, AcpOptions, Manners, Protocol, Quirks, quirks};
use anyon_model::{Capabilities, ProfileConfig};
use std::ffi::OsString;

/// The conversation with an ACP agent.
pub(super) fn protocol(start: &Start<'_>, quirks: Quirks) -> Box<dyn Protocol> {
    protocol_with(start, quirks, Manners::default())
}

/// The same with what a person configured of it.
pub(super) fn protocol_with(start: &Start<'_>, quirks: Quirks, manners: Manners) -> Box<dyn Protocol> {
    let launch = start.launch;
    let config = &launch.config;
    Box::new(Acp::new(AcpOptions {
        worktree: Some(start.worktree.to_path_buf()),
        prompt: launch.prompt.clone(),
        images: launch.images.clone(),
        append_prompt: config.append_prompt.clone(),
        resume: launch.resume.as_ref().map(|resume| resume.agent_session.clone()),
        model: config.model.clone(),
        effort: config.effort.clone(),
        plan: config.plan,
        mcp: start.mcp.cloned(),
        guide: start.guide.cloned(),
        quirks,
        manners,
    }))
}

/// A conversation that reads a recording.
pub(super) fn for_replay(quirks: Quirks) -> Box<dyn Protocol> {
    Box::new(Acp::for_replay(quirks))
}

/// The quirks of agents of which there are recordings although they are none of the list.
pub(super) fn recorded_quirks(agent_id: &str) -> Option<Quirks> {
    match agent_id {
        "claude-agent-acp" => Some(quirks::CLAUDE_AGENT_ACP),
        _ => None,
    }
}

/// What every ACP agent can do: it asks and goes on with old sessions. No protocol carries the reason of a refusal.
pub(super) const CAPABILITIES: Capabilities = Capabilities {
    asks: true,
    deny_reason: false,
    stays: true,
    resumes: true,
    forks: false,
    names_session: false,
    switches: true,
};

/// The usual variants, and one for each of these models.
pub(super) fn variants(models: &[(&'static str, &str)]) -> Vec<(&'static str, ProfileConfig)> {
    let plan = ProfileConfig {
        plan: true,
        ..ProfileConfig::default()
    };
    let usual = [
        ("DEFAULT", ProfileConfig::default()),
        ("PLAN", plan),
        // The predecessors' name for asking before acting, which here is up to each attempt.
        ("APPROVALS", ProfileConfig::default()),
    ];
    let of_model = |(name, model): &(&'static str, &str)| {
        let config = ProfileConfig {
            model: Some((*model).to_owned()),
            ..ProfileConfig::default()
        };
        (*name, config)
    };
    usual.into_iter().chain(models.iter().map(of_model)).collect()
}

/// A command of an agent that is looked for, from plain words.
pub(super) fn command(
    program: &'static [ProgramCandidate],
    args: Vec<OsString>,
    env: &[(&str, &str)],
) -> AgentCommand {
    let pair = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    AgentCommand {
        exact: None,
        program,
        args,
        env: env.iter().map(pair).collect(),
    }
}
