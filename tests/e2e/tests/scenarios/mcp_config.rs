//! Anyon's MCP server in the configuration files of agents, from the command line, and in the sessions of attempts.

use anyon_e2e::{
    fake_agent::{Script, Step},
    world::{Finished, World, anyon_program},
};
use std::fs;

fn mcp_config(world: &World, arguments: &[&str]) -> Finished {
    let arguments = ["mcp-config"].iter().chain(arguments).copied();
    world.anyon(arguments).finish()
}

#[test]
fn what_is_printed_can_be_put_into_the_file_as_it_is() {
    let world = World::without_agent();
    let printed = mcp_config(&world, &["claude-code"]).expect(0);
    let file = world.path("home/.claude.json");
    assert!(
        printed.stderr.contains(file.to_str().unwrap()),
        "{}",
        printed.stderr
    );
    assert!(!file.exists(), "printing writes nothing");
    fs::write(&file, &printed.stdout).unwrap();
    let written = mcp_config(&world, &["CLAUDE_CODE", "--write", "--json"]).expect(0);
    assert_eq!(written.last_event("mcp_config")["written"], false);
    assert_eq!(fs::read_to_string(&file).unwrap(), printed.stdout);
    assert!(!world.data_folder().exists(), "no store is needed");
}

#[test]
fn a_file_gets_the_server_once_and_keeps_the_rest() {
    let world = World::without_agent();
    let folder = world.path("home/.codex");
    fs::create_dir(&folder).unwrap();
    let before = "# mine\nmodel = \"gpt-5.5\"\n";
    fs::write(folder.join("config.toml"), before).unwrap();
    let written = mcp_config(&world, &["codex", "--write", "--json"]).expect(0);
    let written = written.last_event("mcp_config");
    assert_eq!(
        (&written["agent"], &written["written"]),
        (&"CODEX".into(), &true.into())
    );
    assert_eq!(
        fs::read_to_string(written["backup"].as_str().unwrap()).unwrap(),
        before
    );
    let after = fs::read_to_string(folder.join("config.toml")).unwrap();
    assert!(after.starts_with(before), "{after}");
    // The data folder is not the usual one, so the server is told which.
    let command = format!(
        "command = \"{}\"\nargs = [\"--mcp\", \"--data-dir\", \"{}\"]\n",
        anyon_program().canonicalize().unwrap().display(),
        world.data_folder().display()
    );
    assert!(after.ends_with(&command), "{after}");

    mcp_config(&world, &["codex", "--write"]).expect(0);
    assert_eq!(fs::read_to_string(folder.join("config.toml")).unwrap(), after);
    assert_eq!(fs::read_dir(&folder).unwrap().count(), 2);
    let all = mcp_config(&world, &["--json"]).expect(0);
    let findings = all.events_named("finding");
    let state = |agent: &str| {
        let finding = findings.iter().find(|finding| finding["what"] == agent);
        finding.unwrap()["facts"]["state"].clone()
    };
    assert_eq!(
        (state("CODEX"), state("AMP")),
        ("present".into(), "absent".into())
    );
    assert_eq!(findings.len(), 9);
}

#[test]
fn a_broken_file_is_told_and_an_agent_without_one_too() {
    let world = World::without_agent();
    fs::create_dir(world.path("home/.gemini")).unwrap();
    let broken = "{\n  // fine\n  \"a\": 1\n  \"b\": 2\n}\n";
    let file = world.path("home/.gemini/settings.json");
    fs::write(&file, broken).unwrap();
    let refused = mcp_config(&world, &["gemini", "--write", "--json"]).expect(2);
    assert_eq!(refused.last_event("problem")["code"], "invalid_request");
    assert!(refused.said().contains("line 3"), "{}", refused.said());
    assert_eq!(fs::read_to_string(&file).unwrap(), broken);
    assert_eq!(fs::read_dir(world.path("home/.gemini")).unwrap().count(), 1);
    let unknown = mcp_config(&world, &["demo"]).expect(2);
    assert!(unknown.stderr.contains("CURSOR_AGENT"), "{}", unknown.stderr);
    mcp_config(&world, &["--write"]).expect(2);
}

#[test]
fn the_agent_of_an_attempt_gets_the_server_for_its_session_and_no_file_is_touched() {
    let world = World::with_agent(&Script::of([vec![Step::say("done")]]));
    let repository = world.repository("shop");
    world.run(&repository, &[], "look around").finish().expect(0);
    let started = &world.started_agents()[0];
    let arguments: Vec<&str> = started["arguments"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|argument| argument.as_str())
        .collect();
    let named = arguments
        .iter()
        .position(|argument| *argument == "--mcp-config")
        .unwrap();
    let servers: serde_json::Value = serde_json::from_str(arguments[named + 1]).unwrap();
    let server = &servers["mcpServers"]["anyon"];
    assert_eq!(server["args"][0], "--mcp");
    assert_eq!(server["args"][2], world.data_folder().to_str().unwrap());
    assert!(arguments.contains(&"--strict-mcp-config"));
    assert!(!world.path("home/.claude.json").exists());
    world.expect_nothing_lives();
}
