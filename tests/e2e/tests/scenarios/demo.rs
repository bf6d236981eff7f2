//! The demo: the main job in one command, on a machine with nothing but git.

use anyon_e2e::world::World;
use std::{fs, path::PathBuf, time::Duration};

#[test]
fn the_demo_lands_its_work_and_leaves_nothing() {
    let world = World::without_agent();
    let demo = world
        .anyon(["demo", "--headless", "--json"])
        .limit(Duration::from_secs(60))
        .finish()
        .expect(0);
    let last = demo.events.last().expect("events");
    assert_eq!(last["event"], "merged", "{demo}");
    assert_eq!(last["commit"].as_str().map(str::len), Some(40), "{demo}");
    assert!(
        !PathBuf::from(last["repo"].as_str().unwrap()).exists(),
        "the sample project is removed"
    );
    world.expect_nothing_lives();
    assert!(!world.data_folder().exists(), "it has a data folder of its own");
    let left: Vec<_> = fs::read_dir(world.path("tmp")).unwrap().flatten().collect();
    assert!(left.is_empty(), "{left:?}");
    assert!(demo.took < Duration::from_secs(10), "{:?}", demo.took);
}

#[test]
fn a_demo_that_is_kept_can_be_looked_at() {
    let world = World::without_agent();
    let demo = world
        .anyon(["demo", "--headless", "--json", "--keep"])
        .finish()
        .expect(0);
    let last = demo.events.last().expect("events");
    let (repository, commit) = (last["repo"].as_str().unwrap(), last["commit"].as_str().unwrap());
    let git = |arguments: &[&str]| {
        let output = std::process::Command::new("git")
            .args(["-C", repository])
            .args(arguments)
            .output()
            .unwrap();
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    };
    assert_eq!(git(&["rev-parse", "HEAD"]), commit);
    assert_eq!(git(&["status", "--porcelain"]), "");
    assert_eq!(
        git(&["worktree", "list"]).lines().count(),
        1,
        "no worktree is left"
    );
    assert!(git(&["log", "--oneline"]).lines().count() >= 2);
    world.expect_nothing_lives();
}

#[test]
fn the_demo_says_that_it_is_one() {
    let world = World::without_agent();
    let demo = world.anyon(["demo", "--headless"]).finish().expect(0);
    assert!(demo.said().contains("demo"), "{demo}");
    assert!(!demo.said().contains('\u{1b}'), "no colours in a pipe: {demo}");
}
