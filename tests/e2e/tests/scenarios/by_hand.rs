//! What a person types: small slips, short ways, and what they expect without having read anything.

use anyon_e2e::{
    fake_agent::{Script, Step},
    world::{Repository, World, anyon_program},
};
use anyon_model::{Actor, Client, Command, Event, Settings, WaitingClient};
use anyon_runtime::{EnvironmentSource, Host, HostOptions};
use serde_json::json;
use std::time::Duration;

const FAILED: i32 = 1;
const WRONG_USE: i32 = 2;
const LACKS_SOMETHING: i32 = 3;

fn folder(repository: &Repository) -> &str {
    repository.folder().to_str().unwrap()
}

/// Changes the settings of a world as the settings page does.
fn set(world: &World, edit: impl FnOnce(&mut Settings)) {
    let host = Host::start(HostOptions {
        data_folder: world.data_folder(),
        exe: anyon_program().to_owned(),
        environment: EnvironmentSource::Inherit,
        mcp_arguments: Vec::new(),
    })
    .unwrap();
    let client = host.client(Actor::Person);
    let mut settings = Settings::clone(&client.state().settings);
    edit(&mut settings);
    let sent = client.send(Command::SetSettings { settings });
    let is_done = |event: &Event| match event {
        Event::CommandDone {
            command_id, result, ..
        } if *command_id == sent => {
            result.as_ref().unwrap();
            true
        }
        _ => false,
    };
    while !client.drain().iter().any(is_done) {
        client.wait(Duration::from_millis(50));
    }
    host.shutdown();
}

#[test]
#[cfg(target_os = "linux")]
fn what_is_typed_while_the_agent_asks_reaches_it_later() {
    let world = World::with_agent(&Script::of([
        vec![Step::run("echo made > made.txt"), Step::say("it is made")],
        vec![Step::say("it is tested")],
    ]));
    let repository = world.repository("shop");
    let command = format!(
        "{} run --agent claude-code --project {} 'make it'",
        anyon_program().display(),
        folder(&repository)
    );
    // util-linux: gives a program a terminal.
    let mut run = world.program("script", ["-qefc", &command, "/dev/null"]).start();
    run.wait_for_text("May this command run");
    run.say("please add tests too");
    run.wait_for_text("queued");
    run.say("y");
    run.wait_for_text("it is tested");
    let run = run.finish().expect(0);
    assert!(
        world
            .heard()
            .iter()
            .any(|line| line.contains("please add tests too")),
        "{run}"
    );
}

#[test]
fn a_task_that_was_written_gets_one_attempt_after_another() {
    let world = World::with_agent(&Script::of([vec![Step::say("done")], vec![Step::say("more")]]));
    let repository = world.repository("shop");
    world
        .anyon(["project", "add", folder(&repository)])
        .finish()
        .expect(0);
    let add = [
        "task",
        "add",
        "Tidy the shelves",
        "--project",
        folder(&repository),
    ];
    world.anyon(add).finish().expect(0);
    let run = ["run", "--json", "--task", "SHO-1"];
    let nobody = world.anyon(run).finish().expect(WRONG_USE);
    assert!(
        nobody.said().contains("CLAUDE_CODE"),
        "it says whom one can name: {nobody}"
    );
    let first = world
        .anyon(run.into_iter().chain(["--agent", "Claude-Code"]))
        .finish()
        .expect(0);
    assert_eq!(first.attempt_name(), "SHO-1.1");
    let second = world
        .anyon(run.into_iter().chain(["and dust them"]))
        .finish()
        .expect(0);
    assert_eq!(second.attempt_name(), "SHO-1.2");
    let heard = world.heard();
    let times = |part: &str| heard.iter().filter(|line| line.contains(part)).count();
    assert_eq!(times("Tidy the shelves"), 2, "{heard:#?}");
    assert_eq!(times("and dust them"), 1, "{heard:#?}");
    let listed = world.anyon(["task", "list", "--json"]).finish().expect(0);
    assert_eq!(listed.events_named("task").len(), 1, "no further task: {listed}");
}

#[test]
fn too_little_room_ends_a_run_that_nobody_watches_and_is_a_finding_of_the_doctor() {
    let world = World::with_agent(&Script::of([vec![Step::say("done")]]));
    let repository = world.repository("shop");
    world
        .anyon(["project", "add", folder(&repository)])
        .finish()
        .expect(0);
    world.anyon(["doctor"]).finish().expect(0);
    set(&world, |settings| settings.disk_floor_mib = u64::MAX >> 20);
    let run = world.run(&repository, &[], "go").finish().expect(LACKS_SOMETHING);
    let problem = run.last_event("problem");
    assert_eq!(problem["code"], "low_resources", "{run}");
    assert!(problem["hint"].as_str().unwrap().contains("--data-dir"), "{run}");
    let doctor = world.anyon(["doctor", "--json"]).finish().expect(LACKS_SOMETHING);
    let findings = doctor.events_named("finding");
    assert!(
        findings
            .iter()
            .any(|finding| finding["what"] == "disk" && finding["level"] == "problem"),
        "{doctor}"
    );
    set(&world, |settings| settings.disk_floor_mib = 1);
    let name = run.attempt_name();
    let resumed = world.attempt("resume", &name, &[]).finish().expect(0);
    assert_eq!(resumed.outcome(), "completed", "{resumed}");
}

#[test]
fn a_base_that_is_not_there_leaves_nothing_behind() {
    let world = World::with_agent(&Script::default());
    let repository = world.repository("shop");
    let run = world
        .run(&repository, &["--base", "nope"], "go")
        .finish()
        .expect(WRONG_USE);
    let problem = run.last_event("problem");
    assert_eq!(problem["code"], "not_found", "{run}");
    assert!(problem["hint"].as_str().unwrap().contains("main"), "{run}");
    let listed = world.anyon(["task", "list", "--json"]).finish().expect(0);
    assert!(listed.events_named("task").is_empty(), "{listed}");
}

#[test]
fn what_is_always_allowed_is_listed_and_can_be_taken_back() {
    let make = || vec![Step::run("make install"), Step::say("done")];
    let world = World::with_agent(&Script::of([make()]));
    let repository = world.repository("shop");
    let ask = ["--approve", "ask"];
    let mut run = world.run(&repository, &ask, "install it").start();
    let question = run.wait_for_event("approval");
    run.say(json!({"approve": question["id"], "scope": "always"}));
    let run = run.finish().expect(0);
    let listed = world.anyon(["rule", "list", "--json"]).finish().expect(0);
    let rule = listed.last_event("rule").clone();
    assert_eq!(rule["pattern"], "make install", "{listed}");
    assert_eq!(
        (&rule["project"], &rule["agent"]),
        (&json!("shop"), &json!("CLAUDE_CODE"))
    );
    let name = rule["name"].as_str().unwrap();
    assert!(run.said().contains(&format!("anyon rule remove {name}")), "{run}");

    let passed = world.run(&repository, &ask, "again").finish().expect(0);
    assert!(passed.events_named("approval").is_empty(), "{passed}");
    world.anyon(["rule", "remove", name]).finish().expect(0);
    let asked = world.run(&repository, &ask, "once more").finish().expect(FAILED);
    assert_eq!(asked.outcome(), "unanswered", "{asked}");
    world.anyon(["rule", "remove", name]).finish().expect(WRONG_USE);
}

#[test]
fn output_that_cannot_be_written_is_told_as_what_it_is() {
    let world = World::with_agent(&Script::of([vec![Step::say("hello"), Step::Pause(300)]]));
    let repository = world.repository("shop");
    let shell = |line: String| world.program("sh", ["-c", &line]).finish();
    let anyon = anyon_program().display();
    let run = shell(format!(
        "{anyon} run --agent CLAUDE_CODE --project {} go > /dev/full",
        folder(&repository)
    ))
    .expect(FAILED);
    assert!(
        !run.said().contains("Ctrl+C") && !run.said().contains("you stopped"),
        "{run}"
    );
    assert!(run.said().contains("nobody reads"), "{run}");
    let listed = shell(format!("{anyon} attempt list > /dev/full")).expect(FAILED);
    assert!(listed.said().contains("could not be written"), "{listed}");
    shell(format!("{anyon} attempt list | true")).expect(0);
    world.expect_nothing_lives();
}

#[test]
fn a_file_name_with_a_newline_stays_on_its_line() {
    let world = World::with_agent(&Script::of([vec![
        Step::write("n\nD payroll.txt  +0 -9", "x\n"),
        Step::say("done"),
    ]]));
    let repository = world.repository("shop");
    let name = world
        .run(&repository, &["--approve", "all"], "go")
        .finish()
        .expect(0)
        .attempt_name();
    let diff = world
        .anyon(["attempt", "diff", &name, "--stat"])
        .finish()
        .expect(0);
    let lines: Vec<&str> = diff.stdout.lines().collect();
    assert_eq!(
        lines,
        [r#"A "n\nD payroll.txt  +0 -9"  +1 -0"#, "1 file changed, +1 -0"],
        "{diff}"
    );
}

#[test]
fn times_are_those_of_the_persons_zone() {
    let world = World::with_agent(&Script::default());
    let repository = world.repository("shop");
    let name = world
        .run(&repository, &[], "go")
        .finish()
        .expect(0)
        .attempt_name();
    let started = |zone: &str| {
        let shown = world
            .anyon(["attempt", "show", &name])
            .with("TZ", zone)
            .finish()
            .expect(0);
        let line = shown
            .stdout
            .lines()
            .find(|line| line.contains("started"))
            .unwrap()
            .to_owned();
        line.split_whitespace().skip(2).collect::<Vec<_>>().join(" ")
    };
    let (here, there) = (started("UTC"), started("Asia/Seoul"));
    assert!(
        here.ends_with("+00:00") && there.ends_with("+09:00"),
        "{here}, {there}"
    );
    let hour = |text: &str| text[..2].parse::<u32>().unwrap();
    assert_eq!((hour(&here) + 9) % 24, hour(&there), "{here}, {there}");
}

#[test]
fn a_priority_is_shown_where_the_task_is() {
    let world = World::with_agent(&Script::default());
    let repository = world.repository("shop");
    world
        .anyon(["project", "add", folder(&repository)])
        .finish()
        .expect(0);
    let add = ["task", "add", "Tidy", "--project", folder(&repository)];
    world.anyon(add).finish().expect(0);
    for verb in [&["list"][..], &["show", "SHO-1"]] {
        let shown = world.anyon(["task"].iter().chain(verb)).finish().expect(0);
        assert!(!shown.stdout.contains("high"), "{shown}");
    }
    world
        .anyon(["task", "edit", "SHO-1", "--priority", "high"])
        .finish()
        .expect(0);
    for verb in [&["list"][..], &["show", "SHO-1"]] {
        let shown = world.anyon(["task"].iter().chain(verb)).finish().expect(0);
        assert!(shown.stdout.contains("high"), "{shown}");
    }
}

#[test]
fn a_place_that_nothing_can_start_from_is_told_with_the_option_that_helps() {
    let world = World::with_agent(&Script::default());
    let repository = world.repository("shop");
    let file = repository.folder().join("hello.txt");
    let run = |place: &std::path::Path| {
        let place = place.to_str().unwrap();
        let arguments = ["run", "--agent", "CLAUDE_CODE", "--project", place, "go"];
        world.anyon(arguments).finish().expect(WRONG_USE)
    };
    let refused = run(&file);
    assert!(refused.said().contains("is a file"), "{refused}");
    repository.git(["checkout", "--quiet", "--detach"]);
    let refused = run(repository.folder());
    assert!(refused.said().contains("--base"), "{refused}");
    let unborn = world.path("repositories/unborn");
    std::fs::create_dir(&unborn).unwrap();
    repository.git(["init", "--quiet", unborn.to_str().unwrap()]);
    let refused = run(&unborn);
    assert!(refused.said().contains("--initial-commit"), "{refused}");
}
