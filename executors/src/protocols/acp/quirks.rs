//! How agents differ from what the protocol says. Only what is used.

/// What is special about an agent.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Quirks {
    /// The mode that asks before it acts, which is set whatever mode the agent starts in.
    pub asking_mode: Option<&'static str>,
    /// Options that must stand like this for it to ask: the option and its value.
    pub asking_options: &'static [(&'static str, &'static str)],
    /// It wants to be logged in by this method before a session is opened.
    pub authenticates: Option<&'static str>,
    /// Models with this beginning are free and belong to somebody whom the person did not choose: none is used unless
    /// it is named.
    pub unchosen_models: Option<&'static str>,
    /// Changes of the mode come as messages with this beginning.
    pub mode_message: Option<&'static str>,
    /// Tokens come in the `_meta.usage` of message chunks, once per model call.
    pub usage_in_chunks: bool,
    /// The tool's name is the part of the call's id before this.
    pub name_before: Option<&'static str>,
    /// A call is announced with the tool's name as its title.
    pub name_is_first_title: bool,
    /// Notices come as messages that begin with `Info:`, failures as ones with `Error:` in a turn without usage.
    pub errors_as_messages: bool,
    /// It takes no MCP servers that are programs.
    pub no_programs: bool,
    /// Methods of its own that need nothing but an answer, where they ask for one.
    pub silent_methods: &'static [&'static str],
}

/// An agent that does as the protocol says.
pub const NONE: Quirks = Quirks {
    asking_mode: None,
    asking_options: &[],
    authenticates: None,
    unchosen_models: None,
    mode_message: None,
    usage_in_chunks: false,
    name_before: None,
    name_is_first_title: false,
    errors_as_messages: false,
    no_programs: false,
    silent_methods: &[],
};

/// Gemini CLI.
pub const GEMINI: Quirks = Quirks {
    asking_mode: Some("default"),
    mode_message: Some("[MODE_UPDATE] "),
    name_before: Some("__"),
    ..NONE
};

/// Qwen Code: starts in a mode in which a model approves.
pub const QWEN_CODE: Quirks = Quirks {
    asking_mode: Some("default"),
    usage_in_chunks: true,
    silent_methods: &["craft/drainMidTurnQueue", "qwen/notify/session/mode-update"],
    ..NONE
};

/// OpenCode.
pub const OPENCODE: Quirks = Quirks {
    asking_mode: Some("build"),
    unchosen_models: Some("opencode/"),
    name_is_first_title: true,
    ..NONE
};

/// GitHub Copilot CLI.
pub const COPILOT: Quirks = Quirks {
    asking_mode: Some("https://agentclientprotocol.com/protocol/session-modes#agent"),
    asking_options: &[("allow_all", "off")],
    errors_as_messages: true,
    no_programs: true,
    ..NONE
};

/// Cursor Agent.
pub const CURSOR_AGENT: Quirks = Quirks {
    asking_mode: Some("agent"),
    authenticates: Some("cursor_login"),
    ..NONE
};

/// Claude Code behind its ACP adapter.
pub const CLAUDE_AGENT_ACP: Quirks = Quirks {
    silent_methods: &["_auth/status_update"],
    ..NONE
};
