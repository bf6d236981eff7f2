//! GitHub Copilot CLI with a model of one's own, which it documents: no account, no network.

use crate::{
    acp::{self, Speech},
    real::{Installed, tool},
};
use serde_json::json;

const COPILOT: Speech = Speech {
    installed: Installed {
        agent: "COPILOT",
        programs: &[("copilot", "@github/copilot-linux-x64/copilot")],
        prepare: |world, model| {
            for (name, value) in [
                ("COPILOT_OFFLINE", "true"),
                ("COPILOT_MODEL", "scripted"),
                ("COPILOT_PROVIDER_TYPE", "openai"),
                ("COPILOT_PROVIDER_WIRE_API", "completions"),
                ("COPILOT_PROVIDER_API_KEY", "a-key-that-is-long-enough"),
                ("COPILOT_PROVIDER_BASE_URL", &format!("{}/v1", model.address())),
                // Would allow everything: it is not to reach the agent.
                ("COPILOT_ALLOW_ALL", "true"),
            ] {
                world.set(name, value);
            }
            // It unpacks 235 MB the first time.
            if let Some(folder) = std::env::var_os("ANYON_REAL_AGENTS") {
                world.set("XDG_CACHE_HOME", std::path::Path::new(&folder).join("cache"));
            }
        },
    },
    edit: || {
        vec![
            tool("view", json!({"path": "${CWD}/hello.txt"})),
            tool(
                "edit",
                json!({"path": "${CWD}/hello.txt", "old_str": "old world", "new_str": "new world"}),
            ),
        ]
    },
    folder: "working directory: (/[^\\\\\" ]+)",
    command: |command| tool("bash", json!({"command": command, "description": "do it"})),
    goes_on: false,
    // Hooks of a repository are not among them: it runs those, and nothing that it is started with keeps it from that.
    guide: "AGENTS.md",
    traps: |command| {
        let mut server = acp::server(command);
        server["type"] = json!("local");
        server["tools"] = json!(["*"]);
        let servers = json!({"mcpServers": {"trap": server}});
        vec![(".mcp.json", servers.clone()), (".github/mcp.json", servers)]
    },
};

#[test]
fn copilot_answers_and_goes_on() {
    acp::answers_and_goes_on(&COPILOT);
}
#[test]
fn copilot_begins_anew_when_its_session_is_gone() {
    acp::begins_anew_when_its_session_is_gone(&COPILOT, &["home/.copilot/session-state"]);
}
#[test]
fn copilot_edits_and_lands() {
    acp::edits_and_lands(&COPILOT);
}
#[test]
fn copilot_takes_a_no() {
    acp::takes_a_no(&COPILOT);
}
#[test]
fn copilot_tells_a_refused_key() {
    acp::tells_a_refused_key(&COPILOT);
}
#[test]
fn copilot_is_interrupted() {
    acp::is_interrupted(&COPILOT);
}
