//! Real agents through `anyon`, against the scripted model, without a network: one agent a file.
//!
//! `ANYON_REAL_AGENTS` names the folder that the pinned versions were installed into (`.ci/run` does it); without it
//! every scenario here says that it is skipped and why.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a test that cannot go on ends here and says why"
)]

mod acp;
mod claude;
mod claude_mcp;
mod codex;
mod copilot;
mod gemini;
mod opencode;
mod qwen;
mod real;
