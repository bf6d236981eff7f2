//! What agents that speak ACP have in common.

use super::Start;
use crate::protocols::{Acp, AcpOptions, Protocol, Quirks, quirks};

/// The conversation with an ACP agent.
pub(super) fn protocol(start: &Start<'_>, quirks: Quirks) -> Box<dyn Protocol> {
    let launch = start.launch;
    let config = &launch.config;
    Box::new(Acp::new(AcpOptions {
        worktree: Some(start.worktree.to_path_buf()),
        prompt: launch.prompt.clone(),
        images: launch.images.clone(),
        append_prompt: config.append_prompt.clone(),
        resume: launch.resume.as_ref().map(|resume| resume.agent_session.clone()),
        model: config.model.clone(),
        plan: config.plan,
        mcp: start.mcp.cloned(),
        quirks,
    }))
}

/// A conversation that reads a recording.
pub(super) fn for_replay(quirks: Quirks) -> Box<dyn Protocol> {
    Box::new(Acp::for_replay(quirks))
}

/// The quirks of agents of which there are recordings although they cannot be started yet.
pub(super) fn recorded_quirks(agent_id: &str) -> Option<Quirks> {
    Some(match agent_id {
        "GEMINI" => quirks::GEMINI,
        "QWEN_CODE" => quirks::QWEN_CODE,
        "COPILOT" => quirks::COPILOT,
        "OPENCODE" => quirks::OPENCODE,
        "claude-agent-acp" => quirks::CLAUDE_AGENT_ACP,
        _ => return None,
    })
}
