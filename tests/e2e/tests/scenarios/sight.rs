//! What an agent that Anyon started is told through Anyon's own doors: the board of its project and its own work,
//! whether it asks the command line, the MCP server or the socket itself.

use anyon_e2e::{
    fake_agent::{Script, Step},
    world::{Repository, Running, World},
};
use serde_json::{Value, json};
use std::path::PathBuf;

/// In the name, the folder, the prompt, the words and the files of what the agent must not see.
const FOREIGN: &str = "vault";
/// In the prompt and the words of somebody else's attempt on its own board.
const OUTSIDE: &str = "combination";

/// A world with a host, an attempt in another project, and one on the agent's own board.
fn world() -> (World, Repository, Running) {
    let mut world = World::with_agent(&Script::of([vec![
        Step::write(format!("{FOREIGN}.txt"), FOREIGN),
        Step::say(format!("The {FOREIGN} holds gold")),
    ]]));
    world.set("ANYON_HOST_GRACE_MS", "60000");
    let (shop, foreign) = (world.repository("shop"), world.repository(FOREIGN));
    let mut host = world.anyon(["--host"]).start();
    host.wait_for_event("host");
    let all = ["--approve", "all"];
    let run = world
        .run(&foreign, &all, &format!("Fill the {FOREIGN}"))
        .finish()
        .expect(0);
    assert_eq!(run.attempt_name(), "VAU-1.1");
    world.script(&Script::of([vec![Step::say(format!("The {OUTSIDE} is 7"))]]));
    let run = world
        .run(&shop, &all, &format!("Guess the {OUTSIDE}"))
        .finish()
        .expect(0);
    assert_eq!(run.attempt_name(), "SHO-1.1");
    (world, shop, host)
}

/// The agent of a third attempt does these steps; the files that it left in its worktree.
fn agent_does(world: &World, shop: &Repository, steps: Vec<Step>) -> PathBuf {
    world.script(&Script::of([steps]));
    let run = world
        .run(shop, &["--approve", "all"], "Look around")
        .finish()
        .expect(0);
    assert_eq!(run.attempt_name(), "SHO-2.1");
    let worktrees = shop.worktrees();
    let mine = |folder: &PathBuf| folder.join("done.txt").is_file();
    worktrees.into_iter().find(mine).expect("the agent's worktree")
}

fn read(folder: &std::path::Path, file: &str) -> String {
    let bytes = std::fs::read(folder.join(file)).unwrap_or_else(|error| panic!("{file}: {error}"));
    String::from_utf8_lossy(&bytes).into_owned()
}

#[test]
fn the_command_line_tells_an_agent_of_its_own_board_and_work() {
    let (world, shop, host) = world();
    let anyon = anyon_e2e::world::anyon_program().display().to_string();
    let data = world.data_folder().display().to_string();
    let run = world.path("run").display().to_string();
    // It sheds every variable; where it comes from it cannot shed.
    let clean = format!("env -i PATH=$PATH HOME=$HOME XDG_RUNTIME_DIR={run} {anyon}");
    let ask =
        |what: &str, file: &str| Step::run(format!("{clean} {what} --data-dir {data} > {file} 2>&1; true"));
    let folder = agent_does(
        &world,
        &shop,
        vec![
            ask("task list --json", "tasks.txt"),
            ask("project list --json", "projects.txt"),
            ask("attempt list --json", "attempts.txt"),
            ask("rule list --json", "rules.txt"),
            ask("attempt log VAU-1.1", "log.txt"),
            ask("attempt diff VAU-1.1", "diff.txt"),
            ask("attempt log SHO-1.1 --json", "outside.txt"),
            ask("attempt log SHO-1.1 --raw --json", "raw.txt"),
            ask("attempt diff SHO-1.1 --json", "outside_diff.txt"),
            ask("attempt log SHO-2.1 --json", "own.txt"),
            Step::write("done.txt", ""),
        ],
    );
    for file in ["tasks.txt", "projects.txt", "attempts.txt", "rules.txt"] {
        let told = read(&folder, file);
        assert!(!told.contains(FOREIGN) && !told.contains("VAU"), "{file}: {told}");
    }
    let tasks = read(&folder, "tasks.txt");
    assert!(tasks.contains("SHO-1") && tasks.contains("SHO-2"), "{tasks}");
    assert!(read(&folder, "attempts.txt").contains("SHO-1.1"));
    for file in ["log.txt", "diff.txt"] {
        let told = read(&folder, file);
        assert!(
            !told.contains("gold") && told.contains("There is no attempt"),
            "{file}: {told}"
        );
    }
    for file in ["outside.txt", "raw.txt", "outside_diff.txt"] {
        let told = read(&folder, file);
        assert!(
            !told.contains(" is 7") && told.contains("none of this agent"),
            "{file}: {told}"
        );
    }
    assert!(read(&folder, "own.txt").contains("Look around"));
    // The person sees all of it.
    let all = world.anyon(["task", "list", "--json"]).finish().expect(0);
    assert!(all.stdout.contains(FOREIGN), "{all}");
    let log = world.attempt("log", "VAU-1.1", &[]).finish().expect(0);
    assert!(log.stdout.contains("gold"), "{log}");
    host.signal(rustix::process::Signal::TERM);
    host.finish().expect(0);
}

#[test]
fn the_socket_itself_tells_an_agent_no_more_whatever_it_says_it_is() {
    let (world, shop, host) = world();
    let told = std::fs::read(world.data_folder().join("host.json")).unwrap();
    let told: Value = serde_json::from_slice(&told).unwrap();
    let socket = PathBuf::from(told["socket"].as_str().unwrap());
    let foreign = world.attempt_now("VAU-1.1");
    let execution = world.attempt("log", "VAU-1.1", &["--raw"]).finish().expect(0);
    let execution_id = execution.events[0]["execution"].clone();
    assert!(execution_id.is_string(), "{execution}");
    let query = |number: u8, query: Value| {
        let query_id = format!("00000000-0000-7000-8000-0000000000{number:02x}");
        json!({"query": {"query_id": query_id, "query": query}})
    };
    let last = json!({"last": {"count": 9}});
    let messages = vec![
        json!({"protocol": 2, "version": "1.0.0", "client": "window"}),
        query(
            1,
            json!({"raw_log": {"execution_id": execution_id, "range": last}}),
        ),
        query(
            2,
            json!({"entries": {"execution_id": execution_id, "range": last}}),
        ),
        query(3, json!({"patch": {"attempt_id": foreign["id"]}})),
        query(4, json!({"list_directory": {"path": null, "hidden": true}})),
        query(5, json!("mcp_setups")),
    ];
    // Others go on meanwhile, and none of it is told.
    let overheard = world.path("tmp/overheard.txt");
    let overhear = Step::Overhear {
        socket,
        messages,
        listen_ms: 3_000,
        into: overheard.clone(),
    };
    world.script(&Script::of([vec![overhear, Step::say("done")]]));
    let mut looks = world.run(&shop, &["--approve", "all"], "Look around").start();
    looks.wait_for_event("attempt");
    let add = ["task", "add", "vault again", "--project", "vault"];
    world.anyon(add).finish().expect(0);
    world
        .anyon(["task", "add", "on the board", "--project", "shop"])
        .finish()
        .expect(0);
    looks.finish().expect(0);
    let told = String::from_utf8_lossy(&std::fs::read(&overheard).unwrap()).into_owned();
    assert!(
        told.contains("\"welcome\"") && told.contains("\"agent\""),
        "{told}"
    );
    assert!(told.contains("on the board"), "what happens on its board is told");
    for word in [FOREIGN, "gold", " is 7"] {
        assert!(!told.contains(word), "{word} is in {told}");
    }
    assert_eq!(told.matches("\"forbidden\"").count(), 5, "{told}");
    host.signal(rustix::process::Signal::TERM);
    host.finish().expect(0);
}
