//! What a person says of an agent that nobody wrote an adapter for.

/// How an agent is spoken to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Manners {
    /// The mode that asks before it acts.
    pub ask_mode: Option<String>,
    /// The mode that only plans.
    pub plan_mode: Option<String>,
    /// How it goes on with an old session.
    pub resume_by: ResumeBy,
    /// It wants to be logged in by this method before a session is opened.
    pub authenticate: Option<String>,
    /// It takes no MCP servers.
    pub without_mcp: bool,
}

/// How an agent goes on with an old session.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum ResumeBy {
    /// As it announces.
    #[default]
    Announced,
    /// By `session/load`, which tells its history again.
    Load,
    /// By `session/resume`.
    Resume,
}
