//! Bringing work home, giving it up, and taking it up again.

use anyon_e2e::{
    fake_agent::{Script, Step},
    world::{Repository, World},
};

/// A world with an attempt that changed `hello.txt` and made `new.txt`.
fn with_work() -> (World, Repository, String) {
    let world = World::with_agent(&Script::of([vec![
        Step::write("hello.txt", "hello new world\nline two\n"),
        Step::write("new.txt", "new\n"),
        Step::say("done"),
    ]]));
    let repository = world.repository("shop");
    let run = world
        .run(&repository, &["--title", "Greet the new world"], "change it")
        .finish()
        .expect(0);
    let name = run.attempt_name();
    (world, repository, name)
}

#[test]
fn a_merge_lands_one_commit_and_the_clean_checkout_follows() {
    let (world, repository, name) = with_work();
    let before = repository.commit_of("main");
    let merged = world.attempt("merge", &name, &[]).finish().expect(0);
    let merged = merged.last_event("merged");
    assert_eq!(merged["commit"], repository.commit_of("main"));
    assert_eq!(
        repository.commit_of("main^"),
        before,
        "one commit on top of the target"
    );
    assert_eq!(
        repository.file_at("main", "hello.txt"),
        "hello new world\nline two"
    );
    assert_eq!(repository.file_at("main", "new.txt"), "new");
    assert_eq!(repository.read("hello.txt"), "hello new world\nline two\n");
    assert_eq!(repository.git(["status", "--porcelain"]), "");
    assert!(
        repository
            .git(["log", "-1", "--format=%s"])
            .contains("Greet the new world")
    );
    assert_eq!(repository.worktrees(), Vec::<std::path::PathBuf>::new());
    assert_eq!(world.task_status(), "done");
    assert_eq!(world.attempt_now(&name)["status"], "landed");
    world.expect_nothing_lives();
}

#[test]
fn changes_of_the_person_in_the_same_file_refuse_a_merge() {
    let (world, repository, name) = with_work();
    repository.write("hello.txt", "mine, not committed\n");
    let (before, commit) = (repository.checkout_state(), repository.commit_of("main"));
    let refused = world.attempt("merge", &name, &[]).finish().expect(1);
    let problem = refused.last_event("problem");
    assert_eq!(problem["code"], "dirty_target", "{refused}");
    assert!(
        problem.to_string().contains("hello.txt"),
        "it names the file: {refused}"
    );
    assert!(
        problem["hint"].as_str().is_some_and(|hint| !hint.is_empty()),
        "{refused}"
    );
    assert_eq!(repository.commit_of("main"), commit);
    assert_eq!(repository.checkout_state(), before);
    assert_eq!(repository.read("hello.txt"), "mine, not committed\n");
    repository.git(["checkout", "--quiet", "hello.txt"]);
    world.attempt("merge", &name, &[]).finish().expect(0);
}

#[test]
fn conflicting_work_is_refused_and_kept() {
    let (world, repository, name) = with_work();
    repository.write("hello.txt", "somebody was faster\n");
    repository.commit("Faster");
    let commit = repository.commit_of("main");
    let refused = world.attempt("merge", &name, &[]).finish().expect(1);
    let problem = refused.last_event("problem");
    assert_eq!(problem["code"], "conflicts", "{refused}");
    let hint = problem["hint"].as_str().unwrap();
    assert!(
        hint.contains(repository.worktrees()[0].to_str().unwrap()) && hint.contains("git merge main"),
        "it says where and how: {hint}"
    );
    assert_eq!(repository.commit_of("main"), commit);
    assert_eq!(repository.git(["status", "--porcelain"]), "");
    assert_eq!(repository.worktrees().len(), 1);
}

#[test]
fn dropped_work_can_be_restored() {
    let (world, repository, name) = with_work();
    world.attempt("drop", &name, &[]).finish().expect(0);
    assert_eq!(repository.worktrees(), Vec::<std::path::PathBuf>::new());
    assert_eq!(repository.other_branches(), Vec::<String>::new());
    assert_eq!(world.attempt_now(&name)["status"], "dropped");
    world.attempt("restore", &name, &[]).finish().expect(0);
    let worktrees = repository.worktrees();
    assert_eq!(worktrees.len(), 1);
    assert_eq!(
        std::fs::read_to_string(worktrees[0].join("new.txt")).unwrap(),
        "new\n"
    );
    assert_eq!(
        std::fs::read_to_string(worktrees[0].join("hello.txt")).unwrap(),
        "hello new world\nline two\n"
    );
    world.attempt("merge", &name, &[]).finish().expect(0);
    assert_eq!(repository.file_at("main", "new.txt"), "new");
}

#[test]
fn a_missing_name_of_the_person_is_asked_for_and_never_invented() {
    let (world, repository, name) = with_work();
    std::fs::write(world.path("home/.gitconfig"), "").unwrap();
    let commit = repository.commit_of("main");
    let refused = world.attempt("merge", &name, &[]).finish();
    assert_ne!(refused.status, Some(0), "{refused}");
    assert_eq!(refused.last_event("problem")["code"], "no_identity", "{refused}");
    assert_eq!(repository.commit_of("main"), commit);
    world.name_the_person("Ada Example", "ada@example.org");
    world.attempt("merge", &name, &[]).finish().expect(0);
    assert_eq!(repository.git(["log", "-1", "--format=%an"]), "Ada Example");
}

#[test]
fn a_landing_can_be_taken_back_and_made_again() {
    let (world, repository, name) = with_work();
    let before = repository.commit_of("main");
    world.attempt("undo", &name, &[]).finish().expect(1);
    world.attempt("merge", &name, &[]).finish().expect(0);
    let dropped = world.attempt("drop", &name, &[]).finish().expect(1);
    assert!(dropped.said().contains("anyon attempt undo"), "{dropped}");
    let restored = world.anyon(["attempt", "restore", &name]).finish().expect(0);
    assert!(
        restored.said().contains("undo"),
        "it is only there to look at: {restored}"
    );
    world.attempt("undo", &name, &[]).finish().expect(0);
    assert_eq!(repository.commit_of("main"), before);
    assert_eq!(repository.read("hello.txt"), "hello old world\nline two\n");
    assert_eq!(world.attempt_now(&name)["status"], "idle");
    assert_eq!(world.task_status(), "inreview");
    world.attempt("merge", &name, &[]).finish().expect(0);
    assert_eq!(repository.file_at("main", "new.txt"), "new");
    world.attempt("undo", &name, &[]).finish().expect(0);
    assert_eq!(repository.commit_of("main"), before);
    let worktrees = repository.worktrees();
    assert_eq!(worktrees.len(), 1, "the removed worktree is back");
    assert_eq!(
        std::fs::read_to_string(worktrees[0].join("new.txt")).unwrap(),
        "new\n"
    );
}

#[test]
fn what_was_dropped_outlives_its_task_until_a_person_removes_it() {
    let (world, repository, name) = with_work();
    world.attempt("drop", &name, &[]).finish().expect(0);
    let removed = world.anyon(["task", "remove", "SHO-1"]).finish().expect(0);
    assert!(
        removed.said().contains("refs/anyon/snapshots"),
        "it says what stays: {removed}"
    );
    let ours = || repository.git(["for-each-ref", "--format=%(refname)", "refs/anyon"]);
    let kept = ours();
    let newest = kept.lines().last().expect("the dropped work is still there");
    assert_eq!(repository.file_at(newest, "new.txt"), "new");
    // The line of docs/cli.md.
    let line = "git for-each-ref --format='delete %(refname)' refs/anyon | git update-ref --stdin";
    world
        .program("sh", ["-c", line])
        .in_folder(repository.folder())
        .finish()
        .expect(0);
    assert_eq!(ours(), "");
    assert_eq!(repository.other_branches(), Vec::<String>::new());
}

#[test]
fn a_patch_goes_where_the_person_wants_it() {
    let (world, repository, name) = with_work();
    let before = repository.commit_of("main");
    let line = format!(
        "{} attempt diff {name} --patch | git apply",
        anyon_e2e::world::anyon_program().display()
    );
    world
        .program("sh", ["-c", &line])
        .in_folder(repository.folder())
        .finish()
        .expect(0);
    assert_eq!(repository.read("hello.txt"), "hello new world\nline two\n");
    assert_eq!(repository.read("new.txt"), "new\n");
    assert_eq!(repository.commit_of("main"), before);
}

#[test]
fn what_landed_and_what_was_dropped_can_still_be_looked_at() {
    let (world, repository, name) = with_work();
    let shown = |name: &str| {
        let diff = world.attempt("diff", name, &[]).finish().expect(0);
        let files = diff.events_named("file").into_iter().cloned();
        (diff.changed_paths(), files.collect::<Vec<_>>())
    };
    let hunks = |files: &[serde_json::Value]| -> Vec<serde_json::Value> {
        files.iter().map(|file| file["hunks"].clone()).collect()
    };
    let (paths, files) = shown(&name);
    assert_eq!(paths, ["hello.txt", "new.txt"]);
    world.attempt("merge", &name, &[]).finish().expect(0);
    repository.write("hello.txt", "the target went on\n");
    repository.git(["commit", "--quiet", "--all", "--message", "later"]);
    let refs = repository.git(["for-each-ref"]);
    let (landed_paths, landed) = shown(&name);
    assert_eq!((&landed_paths, hunks(&landed)), (&paths, hunks(&files)));
    let text = world.anyon(["attempt", "diff", &name]).finish().expect(0);
    assert!(text.stdout.contains("+hello new world"), "{text}");
    assert!(text.stderr.contains("what landed on main as"), "{text}");
    let patch = world
        .anyon(["attempt", "diff", &name, "--patch"])
        .finish()
        .expect(0);
    assert!(patch.stdout.contains("+++ b/new.txt"), "{patch}");
    assert_eq!(repository.git(["for-each-ref"]), refs, "it was only looked at");

    let run = world.run(&repository, &[], "change it").finish().expect(0);
    let dropped = run.attempt_name();
    let (paths, files) = shown(&dropped);
    world.attempt("drop", &dropped, &[]).finish().expect(0);
    let (dropped_paths, kept) = shown(&dropped);
    assert_eq!((dropped_paths, hunks(&kept)), (paths, hunks(&files)));
}

#[test]
fn modes_and_links_are_said_and_large_files_are_named_before_they_land() {
    let world = World::with_agent(&Script::of([vec![
        Step::run("chmod +x hello.txt && ln -s /etc outside && head -c 11000000 /dev/zero > dump.bin"),
        Step::say("done"),
    ]]));
    let repository = world.repository("shop");
    let run = world
        .run(&repository, &["--approve", "all"], "change it")
        .finish()
        .expect(0);
    let name = run.attempt_name();
    let stat = world
        .anyon(["attempt", "diff", &name, "--stat"])
        .finish()
        .expect(0);
    for words in [
        "M hello.txt  +0 -0  mode 100644 → 100755, made executable",
        "symbolic link → /etc outside the worktree",
    ] {
        assert!(stat.stdout.contains(words), "{stat}");
    }
    let diff = world.attempt("diff", &name, &["--stat"]).finish().expect(0);
    let files = diff.last_event("diff")["files"].as_array().unwrap().clone();
    let link = files.iter().find(|file| file["path"] == "outside").unwrap();
    assert_eq!(
        link["after"],
        serde_json::json!({"mode": "120000", "target": "/etc", "outside": true})
    );
    let merged = world.anyon(["attempt", "merge", &name]).finish().expect(0);
    assert!(
        merged.stderr.contains("unusually large: dump.bin (10 MB)"),
        "{merged}"
    );
}
