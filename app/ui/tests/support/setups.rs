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

/// What is shown of `agents.toml`; `broken`: with a fault in it.
pub fn agent_file(broken: bool) -> AgentFile {
    let text = |text: &str| FieldValue::Text(text.into());
    let list = |texts: &[&str]| FieldValue::List(texts.iter().map(|text| (*text).to_owned()).collect());
    let fields = |pairs: &[(&str, FieldValue)]| -> AgentFields {
        let pairs = pairs.iter().cloned();
        pairs.map(|(key, value)| (key.to_owned(), value)).collect()
    };
    let goose = fields(&[
        ("name", text("Goose")),
        ("command", text("goose")),
        ("args", list(&["acp"])),
    ]);
    let fast = fields(&[("model", text("haiku")), ("plan", FieldValue::Flag(true))]);
    let known = [
        ("auggie", "Auggie", "auggie", "--acp", Proof::Published),
        ("cline", "Cline", "cline", "--acp", Proof::Hearsay),
        (
            "codex-acp",
            "Codex by its ACP adapter",
            "codex-acp",
            "",
            Proof::Run,
        ),
        ("kimi", "Kimi CLI", "kimi", "acp", Proof::Published),
    ];
    let known = known.map(|(agent_id, name, command, arg, proof)| KnownAgent {
        agent_id: agent_id.into(),
        fields: fields(&[
            ("name", text(name)),
            ("command", text(command)),
            ("args", list(&[arg])),
        ]),
        proof,
    });
    AgentFile {
        path: "/home/mina/.local/share/anyon/agents.toml".into(),
        text: "# Mine.\n[agents.goose]\nname = \"Goose\"\ncommand = \"goose\"\nargs = [\"acp\"]\n\n\
               [profiles.CLAUDE_CODE.FAST]\nmodel = \"haiku\"\nplan = true\n"
            .into(),
        fault: broken.then(|| AgentFileFault {
            line: 5,
            reason: "“args” has to be a list of texts in quotes".into(),
        }),
        tables: vec![
            (
                AgentTable::Agent {
                    agent_id: "goose".into(),
                },
                goose,
            ),
            (AgentTable::Profile("CLAUDE_CODE:FAST".parse().unwrap()), fast),
        ],
        known: known.into(),
    }
}
