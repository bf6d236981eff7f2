//! A repository is cloned from the command line and is a project; what must not be cloned is refused.

use anyon_e2e::world::World;

fn add(world: &World, arguments: &[&str]) -> anyon_e2e::world::Finished {
    let all = ["project", "add", "--json"].iter().chain(arguments);
    world.anyon(all).finish()
}

#[test]
fn a_url_is_cloned_beside_and_registered() {
    let world = World::without_agent();
    let source = world.repository("shop");
    let url = format!("file://{}", source.folder().display());
    let added = add(&world, &[&url]).expect(0);
    let project = added.last_event("project");
    let clone = world.path("home/shop");
    assert_eq!(
        project["repo"].as_str(),
        clone.canonicalize().unwrap().to_str(),
        "{added}"
    );
    assert!(added.said().contains("cloning"), "{added}");
    let into = world.path("home/elsewhere/mine");
    let again = add(&world, &[&url, into.to_str().unwrap(), "--name", "Mine"]).expect(0);
    assert_eq!(again.last_event("project")["name"], "Mine", "{again}");
    let full = add(&world, &[&url]);
    assert_eq!(full.last_event("problem")["code"], "already_exists", "{full}");
    world.expect_nothing_lives();
}

#[test]
fn secrets_options_and_programs_are_refused_and_not_repeated() {
    let world = World::without_agent();
    for url in [
        "https://ada:hunter2@example.invalid/a/b",
        "--upload-pack=hunter2",
        "ext::sh -c hunter2",
        "https://hunter2@example.invalid/a/b",
    ] {
        let refused = add(&world, &["--", url]).expect(2);
        let problem = refused.last_event("problem");
        assert_eq!(problem["code"], "invalid_request", "{refused}");
        assert!(
            !problem["hint"].as_str().unwrap_or_default().is_empty(),
            "{refused}"
        );
        assert!(!refused.said().contains("hunter2"), "{refused}");
    }
}
