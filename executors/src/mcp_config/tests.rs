//! Files as the agents write them and as people keep them.

use super::{Fault, Server, Standing, agent};
use std::path::Path;

fn server() -> Server {
    Server::new(Path::new("/opt/anyon/anyon"), &["--mcp"]).unwrap()
}

fn edited(agent_id: &str, text: &str) -> (Standing, String) {
    let agent = agent(agent_id).unwrap();
    let edited = agent.edit(&server(), text).unwrap();
    let again = agent.edit(&server(), &edited.text).unwrap();
    assert_eq!(
        (again.standing, &again.text),
        (Standing::Present, &edited.text),
        "a second run changes nothing"
    );
    (edited.standing, edited.text)
}

fn added(agent_id: &str, text: &str) -> String {
    let (standing, text) = edited(agent_id, text);
    assert_eq!(standing, Standing::Absent);
    text
}

fn corrected(agent_id: &str, text: &str) -> String {
    let (standing, text) = edited(agent_id, text);
    assert_eq!(standing, Standing::Other);
    text
}

fn fault(agent_id: &str, text: &str) -> String {
    match agent(agent_id).unwrap().edit(&server(), text) {
        Err(fault) => fault.to_string(),
        Ok(edited) => panic!("{edited:?}"),
    }
}

#[test]
fn a_new_file_is_the_snippet() {
    for agent in super::agents() {
        assert_eq!(added(agent.id, ""), agent.snippet(&server()), "{}", agent.id);
    }
    insta::assert_snapshot!(added("CLAUDE_CODE", "\n"), @r#"
    {
      "mcpServers": {
        "anyon": {
          "type": "stdio",
          "command": "/opt/anyon/anyon",
          "args": ["--mcp"],
          "env": {}
        }
      }
    }
    "#);
    insta::assert_snapshot!(added("CODEX", ""), @r#"
    [mcp_servers.anyon]
    command = "/opt/anyon/anyon"
    args = ["--mcp"]
    "#);
    insta::assert_snapshot!(added("AMP", ""), @r#"
    {
      "amp.mcpServers": {
        "anyon": {
          "command": "/opt/anyon/anyon",
          "args": ["--mcp"]
        }
      }
    }
    "#);
}

#[test]
fn claude_keeps_its_history_and_the_servers_of_its_projects() {
    let text = r#"{
  "numStartups": 41,
  "tipsHistory": { "shift-enter": 12 },
  "projects": {
    "/home/mina/shop": {
      "allowedTools": [],
      "mcpServers": {}
    }
  },
  "oauthAccount": { "emailAddress": "mina@example.org" },
  "bigNumber": 12345678901234567890.50
}"#;
    let after = added("CLAUDE_CODE", text);
    insta::assert_snapshot!(after, @r#"
    {
      "numStartups": 41,
      "tipsHistory": { "shift-enter": 12 },
      "projects": {
        "/home/mina/shop": {
          "allowedTools": [],
          "mcpServers": {}
        }
      },
      "oauthAccount": { "emailAddress": "mina@example.org" },
      "bigNumber": 12345678901234567890.50,
      "mcpServers": {
        "anyon": {
          "type": "stdio",
          "command": "/opt/anyon/anyon",
          "args": ["--mcp"],
          "env": {}
        }
      }
    }
    "#);
}

#[test]
fn gemini_keeps_comments_tabs_and_other_servers() {
    let text = "{\n\t// light on the train\n\t\"ui\": { \"theme\": \"Default Light\" },\n\t\"mcpServers\": {\n\t\t\"context7\": { \"httpUrl\": \"https://mcp.context7.com/mcp\" }, // docs\n\t},\n}\n";
    let after = added("GEMINI", text);
    insta::assert_snapshot!(after, @r#"
    {
    	// light on the train
    	"ui": { "theme": "Default Light" },
    	"mcpServers": {
    		"context7": { "httpUrl": "https://mcp.context7.com/mcp" }, // docs
    		"anyon": {
    			"command": "/opt/anyon/anyon",
    			"args": ["--mcp"],
    		},
    	},
    }
    "#);
}

#[test]
fn the_predecessors_entry_is_corrected_and_keeps_what_the_person_said() {
    let text = r#"{
  "mcpServers": {
    "anyon": {
      "command": "npx", // the old one
      "args": ["-y", "anyon", "--mcp"],
      "trust": true,
      "timeout": 60000
    }
  }
}
"#;
    insta::assert_snapshot!(corrected("QWEN_CODE", text), @r#"
    {
      "mcpServers": {
        "anyon": {
          "command": "/opt/anyon/anyon", // the old one
          "args": ["--mcp"],
          "trust": true,
          "timeout": 60000
        }
      }
    }
    "#);
}

#[test]
fn a_choice_of_tools_is_the_persons_and_a_server_of_the_network_becomes_a_program() {
    let text = r#"{ "mcpServers": { "anyon": { "type": "http", "url": "http://localhost:1/", "tools": ["list_tasks"] } } }"#;
    let after = corrected("COPILOT", text);
    let after: serde_json::Value = serde_json::from_str(&after).unwrap();
    assert_eq!(
        after["mcpServers"]["anyon"],
        serde_json::json!({"type": "local", "command": "/opt/anyon/anyon", "args": ["--mcp"], "tools": ["list_tasks"]})
    );
}

#[test]
fn opencode_is_switched_on_again() {
    let text = r#"{
  "$schema": "https://opencode.ai/config.json",
  "mcp": {
    /* off while travelling */
    "anyon": { "type": "local", "command": ["/opt/anyon/anyon", "--mcp"], "enabled": false }
  }
}
"#;
    insta::assert_snapshot!(corrected("OPENCODE", text), @r#"
    {
      "$schema": "https://opencode.ai/config.json",
      "mcp": {
        /* off while travelling */
        "anyon": { "type": "local", "command": ["/opt/anyon/anyon", "--mcp"], "enabled": true }
      }
    }
    "#);
}

#[test]
fn codex_keeps_comments_order_and_tables() {
    let text = r#"# my own
model = "gpt-5.5"   # fast enough

[mcp_servers.context7]
command = "npx"
args = ["-y", "@upstash/context7-mcp"]

[projects."/home/mina/shop"]
trust_level = "trusted"
# the end
"#;
    let after = added("CODEX", text);
    assert_eq!(
        after,
        format!("{text}\n[mcp_servers.anyon]\ncommand = \"/opt/anyon/anyon\"\nargs = [\"--mcp\"]\n")
    );
}

#[test]
fn codex_has_its_servers_in_other_forms_too() {
    insta::assert_snapshot!(added("CODEX", "mcp_servers = { a = { command = \"a\" } }\n"), @r#"mcp_servers = { a = { command = "a" } , anyon = { command = "/opt/anyon/anyon", args = ["--mcp"] } }"#);
    insta::assert_snapshot!(added("CODEX", "mcp_servers.a.command = \"a\""), @r#"
    mcp_servers.a.command = "a"

    [mcp_servers.anyon]
    command = "/opt/anyon/anyon"
    args = ["--mcp"]
    "#);
    let old = "[mcp_servers.anyon]\n# where it was built\ncommand = \"/old/anyon\" # mine\nargs = [\"--mcp\"]\nstartup_timeout_sec = 20\n\n[other]\nx = 1\n";
    insta::assert_snapshot!(corrected("CODEX", old), @r#"
    [mcp_servers.anyon]
    # where it was built
    command = "/opt/anyon/anyon" # mine
    args = ["--mcp"]
    startup_timeout_sec = 20

    [other]
    x = 1
    "#);
    insta::assert_snapshot!(corrected("CODEX", "[mcp_servers.anyon]\nurl = \"http://localhost:1\"\nenabled = true\n"), @r#"
    [mcp_servers.anyon]
    enabled = true
    command = "/opt/anyon/anyon"
    args = ["--mcp"]
    "#);
}

#[test]
fn line_ends_of_windows_and_a_byte_order_mark_stay() {
    for (agent_id, text) in [
        ("CURSOR", "\u{feff}{\r\n  \"mcpServers\": {}\r\n}\r\n"),
        ("CODEX", "\u{feff}model = \"x\"\r\n"),
        ("CODEX", "[mcp_servers.anyon]\r\ncommand = \"x\"\r\n"),
    ] {
        let (_, after) = edited(agent_id, text);
        assert_eq!(after.starts_with('\u{feff}'), text.starts_with('\u{feff}'));
        assert_eq!(
            after.matches('\n').count(),
            after.matches("\r\n").count(),
            "{after:?}"
        );
    }
}

#[test]
fn of_a_name_that_is_there_twice_the_last_one_counts() {
    let text = r#"{"mcpServers": {}, "mcpServers": {"a": {"command": "a"}}}"#;
    let after: serde_json::Value = serde_json::from_str(&added("CURSOR", text)).unwrap();
    assert_eq!(after["mcpServers"]["anyon"]["command"], "/opt/anyon/anyon");
    assert_eq!(after["mcpServers"]["a"]["command"], "a");
}

#[test]
fn a_broken_file_is_told_with_its_line_and_without_its_words() {
    let secret = "sk-canary";
    for (agent_id, text, line) in [
        (
            "CLAUDE_CODE",
            "{\n  \"key\": \"sk-canary\",\n  \"a\" 1\n}",
            "line 3",
        ),
        ("GEMINI", "{\n \"key\": \"sk-canary\"\n", "line 1"),
        ("CURSOR", "{} {}", "line 1"),
        ("CODEX", "key = \"sk-canary\"\nother = [1,\n", "line"),
        ("CODEX", "a = 1\nkey = \"sk-canary\nb = 2\n", "line 2"),
        ("CODEX", "a = 1\na = 2\n", "line 2"),
    ] {
        let said = fault(agent_id, text);
        assert!(said.contains(line) && !said.contains(secret), "{text}: {said}");
    }
}

#[test]
fn what_is_no_group_of_settings_is_left_alone() {
    for (agent_id, text) in [
        ("CLAUDE_CODE", "[]"),
        ("CLAUDE_CODE", "\"text\""),
        ("QWEN_CODE", "{\"mcpServers\": []}"),
        ("OPENCODE", "{\"mcp\": true}"),
        ("CODEX", "mcp_servers = 1"),
        ("CODEX", "[[mcp_servers]]\na = 1"),
    ] {
        let agent = agent(agent_id).unwrap();
        assert!(
            matches!(agent.edit(&server(), text), Err(Fault::Kind(_))),
            "{text}"
        );
    }
    assert!(added("CURSOR", "{\"mcpServers\": null}").contains("/opt/anyon/anyon"));
    assert!(corrected("CURSOR", "{\"mcpServers\": {\"anyon\": 7}}").contains("/opt/anyon/anyon"));
    assert!(corrected("CODEX", "mcp_servers.anyon = 7").contains("/opt/anyon/anyon"));
}

#[test]
fn comments_alone_stay_above() {
    let after = added("OPENCODE", "// nothing yet");
    assert!(after.starts_with("// nothing yet\n{\n"), "{after}");
    let deep = "[".repeat(200_000);
    assert!(fault("AMP", &deep).contains("line 1"), "and nothing overflows");
}

#[test]
fn a_path_with_every_kind_of_letter_comes_back_as_it_was() {
    let program = Path::new("/opt/안년 \"quoted\" \\back\t\u{1}/anyon");
    let server = Server::new(program, &["--mcp", "--data-dir", "C:\\Daten\\x"]).unwrap();
    for agent in super::agents() {
        let edited = agent.edit(&server, "").unwrap();
        assert_eq!(
            agent.edit(&server, &edited.text).unwrap().standing,
            Standing::Present,
            "{}",
            edited.text
        );
    }
}

mod whatever_is_in_the_file {
    use super::{Standing, agent, server};
    use proptest::prelude::*;
    use serde_json::{Map, Value, json};

    fn value() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            ".{0,12}".prop_map(Value::from),
        ];
        leaf.prop_recursive(3, 24, 4, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                members(inner).prop_map(Value::Object),
            ]
        })
    }

    fn members(values: impl Strategy<Value = Value>) -> impl Strategy<Value = Map<String, Value>> {
        let name = prop_oneof![".{0,8}", Just("mcpServers".to_owned()), Just("anyon".to_owned())];
        prop::collection::btree_map(name, values, 0..5).prop_map(|members| members.into_iter().collect())
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]
        #[test]
        fn the_rest_stays(settings in members(value()), others in members(value()), pretty in any::<bool>()) {
            let mut before = Value::Object(settings);
            before["mcpServers"] = Value::Object(others);
            let text = if pretty { serde_json::to_string_pretty(&before) } else { serde_json::to_string(&before) };
            let agent = agent("CURSOR").unwrap();
            let edited = agent.edit(&server(), &text.unwrap()).unwrap();
            prop_assert_eq!(agent.edit(&server(), &edited.text).unwrap().standing, Standing::Present);
            let mut after: Value = serde_json::from_str(&edited.text).unwrap();
            for whole in [&mut before, &mut after] {
                whole["mcpServers"]["anyon"] = json!(null);
            }
            prop_assert_eq!(before, after);
        }
    }
}
