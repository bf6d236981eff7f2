//! Configuration files of agents, as the host tells of them.

use anyon_model::*;
use std::path::PathBuf;

/// How the configuration files of agents stand: each in another way.
pub fn mcp_setups(full: bool, long: &str) -> Vec<McpSetup> {
    let line = |kind, text: &str| DiffLine {
        kind,
        text: text.into(),
        no_newline: false,
    };
    let change = Hunk {
        old_start: 3,
        old_lines: 3,
        new_start: 3,
        new_lines: 5,
        lines: vec![
            line(DiffLineKind::Context, "  \"theme\": \"dark\","),
            line(DiffLineKind::Removed, "  \"mcpServers\": {}"),
            line(DiffLineKind::Added, "  \"mcpServers\": {"),
            line(
                DiffLineKind::Added,
                if full {
                    long
                } else {
                    "    \"anyon\": { \"command\": \"/opt/anyon\", \"args\": [\"--mcp\"] }"
                },
            ),
            line(DiffLineKind::Added, "  }"),
            line(DiffLineKind::Context, "}"),
        ],
    };
    let folder = if full {
        format!("/home/mina/{}", "a-long-folder/".repeat(12))
    } else {
        "/home/mina/".into()
    };
    let setup = |agent_id: &str, name: &str, file: &str, state: McpState| McpSetup {
        agent_id: agent_id.into(),
        name: name.into(),
        file: Some(FilePath::from(PathBuf::from(format!("{folder}{file}")))),
        change: matches!(state, McpState::Absent | McpState::Other).then(|| change.clone()),
        state,
        snippet: "{ \"mcpServers\": {} }\n".into(),
    };
    let problem = Problem::new(
        ProblemCode::InvalidRequest,
        "The file is broken, so nothing was written",
    )
    .detail("line 3: Expected a colon")
    .hint("mend it and try again");
    vec![
        setup("CLAUDE_CODE", "Claude Code", ".claude.json", McpState::Present),
        setup("CODEX", "Codex", ".codex/config.toml", McpState::Absent),
        setup("GEMINI", "Gemini CLI", ".gemini/settings.json", McpState::Other),
        setup(
            "CURSOR",
            "Cursor",
            ".cursor/mcp.json",
            McpState::Faulty { problem },
        ),
    ]
}
