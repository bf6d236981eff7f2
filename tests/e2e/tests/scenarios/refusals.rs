//! What cannot work: each a clear problem with what to do, the right exit status, and nothing lost.

use anyon_e2e::{
    fake_agent::{Script, Step},
    world::{Finished, World},
};
use std::{ffi::OsString, os::unix::fs::PermissionsExt, path::Path};

const WRONG_USE: i32 = 2;
const LACKS_SOMETHING: i32 = 3;

/// The problem has a code, a title and a hint.
#[track_caller]
fn expect_problem(finished: &Finished, code: &str) {
    let problem = finished.last_event("problem");
    assert_eq!(problem["code"], code, "{finished}");
    for field in ["title", "hint"] {
        assert!(
            problem[field].as_str().is_some_and(|text| !text.is_empty()),
            "no {field}: {finished}"
        );
    }
}

fn run_in(world: &World, folder: &Path) -> Finished {
    let mut arguments: Vec<OsString> = ["run", "--json", "--agent", "CLAUDE_CODE", "--project"]
        .map(Into::into)
        .to_vec();
    arguments.extend([folder.into(), "go".into()]);
    world.anyon(arguments).finish()
}

#[test]
fn an_agent_that_is_not_installed_is_named_with_how_to_install_it() {
    let world = World::without_agent();
    let repository = world.repository("shop");
    let run = world.run(&repository, &[], "go").finish().expect(LACKS_SOMETHING);
    assert!(
        run.said().contains("Claude Code") && run.said().contains("install"),
        "{run}"
    );
    world.expect_nothing_lives();
}

#[test]
fn an_agent_that_is_not_logged_in_is_named_with_how_to_log_in() {
    let script = Script {
        logged_in: false,
        ..Script::of([vec![Step::NotLoggedIn]])
    };
    let world = World::with_agent(&script);
    let repository = world.repository("shop");
    let run = world.run(&repository, &[], "go").finish().expect(LACKS_SOMETHING);
    assert!(
        run.said().to_lowercase().contains("log in") || run.said().contains("/login"),
        "{run}"
    );
}

#[test]
fn a_program_that_cannot_be_started_is_told() {
    let world = World::without_agent();
    let broken = world.path("bin/claude");
    std::fs::write(&broken, "\u{7f}ELF but not really").unwrap();
    std::fs::set_permissions(&broken, std::fs::Permissions::from_mode(0o755)).unwrap();
    let repository = world.repository("shop");
    let run = world.run(&repository, &[], "go").finish();
    assert!(matches!(run.status, Some(1 | LACKS_SOMETHING)), "{run}");
    assert!(run.said().contains("claude"), "{run}");
    assert_eq!(world.attempt_now(&run.attempt_name())["status"], "failed");
}

#[test]
fn an_agent_that_nobody_knows_is_answered_with_those_that_are_known() {
    let world = World::without_agent();
    let repository = world.repository("shop");
    let project = repository.folder().to_str().unwrap();
    let run = world
        .anyon(["run", "--agent", "CLAUDIA", "--project", project, "go"])
        .finish()
        .expect(WRONG_USE);
    assert!(run.said().contains("CLAUDE_CODE"), "{run}");
}

#[test]
fn a_folder_that_is_no_repository_is_refused() {
    let world = World::with_agent(&Script::default());
    let folder = world.path("repositories/plain");
    std::fs::create_dir(&folder).unwrap();
    let run = run_in(&world, &folder).expect(WRONG_USE);
    expect_problem(&run, "not_a_repository");
    assert_eq!(
        std::fs::read_dir(&folder).unwrap().count(),
        0,
        "nothing was made in it"
    );
}

#[test]
fn a_repository_that_was_deleted_is_told_and_its_tasks_stay() {
    let world = World::with_agent(&Script::of([vec![Step::say("hi")]]));
    let repository = world.repository("shop");
    let name = world
        .run(&repository, &[], "go")
        .finish()
        .expect(0)
        .attempt_name();
    std::fs::remove_dir_all(repository.folder()).unwrap();
    let merged = world.attempt("merge", &name, &[]).finish();
    assert_ne!(merged.status, Some(0), "{merged}");
    assert!(merged.last_event("problem")["title"].is_string(), "{merged}");
    let log = world.attempt("log", &name, &[]).finish().expect(0);
    assert_eq!(log.texts("assistant_message"), ["hi"]);
}

#[test]
fn a_file_in_the_place_of_the_data_folder_is_told_and_left_alone() {
    let world = World::with_agent(&Script::default());
    let repository = world.repository("shop");
    std::fs::write(world.data_folder(), "precious").unwrap();
    let run = world.run(&repository, &[], "go").finish().expect(LACKS_SOMETHING);
    expect_problem(&run, "store_unwritable");
    assert!(
        run.said().contains(world.data_folder().to_str().unwrap()),
        "{run}"
    );
    assert_eq!(std::fs::read_to_string(world.data_folder()).unwrap(), "precious");
}

#[test]
fn wrong_arguments_are_wrong_use() {
    let world = World::without_agent();
    for arguments in [
        &["frobnicate"][..],
        &["run"],
        &["run", "--approve", "perhaps", "x"],
        &["attempt", "merge"],
        &["demo", "--no-such-option"],
    ] {
        let run = world.anyon(arguments.iter().copied()).finish().expect(WRONG_USE);
        assert!(run.stdout.is_empty() && !run.stderr.is_empty(), "{run}");
    }
    assert!(!world.data_folder().exists(), "nothing was made");
}

#[test]
fn an_attempt_that_does_not_exist_is_told() {
    let world = World::with_agent(&Script::default());
    let shown = world.attempt("show", "NOPE-1.1", &[]).finish().expect(WRONG_USE);
    assert_eq!(shown.last_event("problem")["code"], "not_found", "{shown}");
}

#[test]
fn a_second_process_is_told_who_holds_the_store_and_does_not_answer() {
    let world = World::with_agent(&Script::of([vec![Step::say("here"), Step::Hang]]));
    let repository = world.repository("shop");
    let mut holder = world.run(&repository, &[], "hold on").start();
    holder.wait_for_entry("assistant_message", "here");
    holder.signal(rustix::process::Signal::STOP);
    let second = world
        .anyon(["attempt", "list", "--json"])
        .finish()
        .expect(LACKS_SOMETHING);
    expect_problem(&second, "store_locked");
    assert!(second.said().contains(&holder.process().to_string()), "{second}");
    holder.kill();
    world.expect_nothing_lives();
    world.anyon(["attempt", "list", "--json"]).finish().expect(0);
}

#[test]
fn a_secret_of_the_environment_goes_nowhere() {
    const CANARY: &str = "canary-8f1c2e77";
    let mut world = World::with_agent(&Script::of([vec![
        Step::write("a.txt", "a"),
        Step::Complain("nothing to see".into()),
        Step::Pause(300),
        Step::say("done"),
    ]]));
    for name in [
        "GH_TOKEN",
        "GITHUB_TOKEN",
        "OPENAI_API_KEY",
        "MY_SERVICE_SECRET",
        "DEPLOY_PASSWORD",
    ] {
        world.set(name, CANARY);
    }
    world.set("ANTHROPIC_API_KEY", format!("own-{CANARY}"));
    let repository = world.repository("shop");
    let mut run = world.run(&repository, &[], "go").start();
    run.close_stdin();
    run.wait_for("a running attempt", |value| {
        value["event"] == "attempt" && value["status"] == "running"
    });
    for one in world.living() {
        assert!(!one.command_line.contains(CANARY), "{one:?}");
    }
    let run = run.finish().expect(0);
    let doctor = world.anyon(["doctor", "--json"]).finish();
    for told in [run.said(), doctor.said()] {
        assert!(!told.contains(CANARY), "{told}");
    }
    assert_eq!(
        world.files_with(&world.data_folder(), CANARY.as_bytes()),
        Vec::<std::path::PathBuf>::new()
    );
    let environment = &world.started_agents()[0]["environment"];
    for name in [
        "GH_TOKEN",
        "GITHUB_TOKEN",
        "OPENAI_API_KEY",
        "MY_SERVICE_SECRET",
        "DEPLOY_PASSWORD",
    ] {
        assert!(environment[name].is_null(), "the agent was given {name}");
    }
    assert!(
        environment["ANTHROPIC_API_KEY"].is_string(),
        "its own key is passed"
    );
}
