//! What a folder is, before it becomes a project.

#![allow(clippy::unwrap_used, reason = "a test stops where its story breaks")]

mod support;

use anyon_model::{FilePath, GitReads, Problem, ProblemCode};
use std::path::Path;
use support::World;

fn problem(world: &World, path: &Path) -> Problem {
    world.git.inspect(path, false).unwrap_err().into()
}

#[test]
fn a_folder_anywhere_in_a_repository_is_its_root() {
    let world = World::new();
    for folder in [&world.repo, &world.repo.join("src"), &world.repo.join("src/..")] {
        let found = world.git.inspect(folder, false).unwrap();
        assert_eq!(found.path, FilePath::from(world.repo.as_path()));
        assert_eq!(found.head_branch.as_deref(), Some("main"));
        assert_eq!(found.git_reads, GitReads::Library);
    }
    world.sh("git checkout -q --detach");
    assert_eq!(world.git.inspect(&world.repo, false).unwrap().head_branch, None);
}

#[test]
#[cfg(unix)]
fn a_link_to_a_repository_is_the_repository() {
    let world = World::new();
    let link = world.root().join("link");
    std::os::unix::fs::symlink(&world.repo, &link).unwrap();
    let found = world.git.inspect(&link, false).unwrap();
    assert_eq!(found.path, FilePath::from(world.repo.as_path()));
}

#[test]
fn what_cannot_be_a_project_is_told_why() {
    let mut world = World::new();
    let root = world.root();
    let attempt = world.attempt("Linked");
    world.sh_in(&root, "git init -q --bare bare && mkdir plain && echo x >file");
    world.sh("git -c protocol.file.allow=always submodule add -q ./ sub && git commit -qm sub");
    let cases = [
        (root.join("nothing"), ProblemCode::NotFound, "nothing at"),
        (
            root.join("plain"),
            ProblemCode::NotARepository,
            "not in a git repository",
        ),
        (root.join("file"), ProblemCode::NotARepository, "it is a file"),
        (root.join("bare"), ProblemCode::NotARepository, "bare repository"),
        (
            world.repo.join(".git"),
            ProblemCode::NotARepository,
            "inside of a git folder",
        ),
        (
            world.repo.join("sub"),
            ProblemCode::NotARepository,
            "submodule of",
        ),
        (
            attempt.path().to_path_buf(),
            ProblemCode::NotARepository,
            "linked worktree of",
        ),
    ];
    for (path, code, words) in cases {
        let problem = problem(&world, &path);
        assert_eq!(problem.code, code, "{problem}");
        assert!(problem.title.contains(words), "{problem}");
    }
    let linked = problem(&world, attempt.path());
    assert!(
        linked.hint.contains(&world.repo.display().to_string()),
        "{linked}"
    );
}

#[test]
fn a_repository_inside_another_is_one_of_its_own() {
    let world = World::new();
    world.sh("git init -q -b trunk inner && cd inner && git config user.name B && git config user.email b@c && git commit -q --allow-empty -m x");
    let inner = world.repo.join("inner");
    assert_eq!(
        world.git.inspect(&inner, false).unwrap().path,
        FilePath::from(inner.as_path())
    );
}

#[test]
fn an_unborn_branch_can_get_an_initial_commit() {
    let world = World::empty();
    world.sh("git init -q -b trunk . && echo x >file.txt");
    let unborn = problem(&world, &world.repo);
    assert_eq!(unborn.code, ProblemCode::NoCommits);
    assert!(unborn.hint.contains("initial commit"), "{unborn}");
    let nobody = Problem::from(world.git.inspect(&world.repo, true).unwrap_err());
    assert_eq!(nobody.code, ProblemCode::NoIdentity);
    assert_eq!(world.sh("git for-each-ref"), "");
    world.sh("git config user.name Ada && git config user.email ada@example.com");
    let found = world.git.inspect(&world.repo, true).unwrap();
    assert_eq!(found.head_branch.as_deref(), Some("trunk"));
    assert_eq!(
        world.sh("git log --format='%an %s' && git ls-tree HEAD"),
        "Ada Initial commit"
    );
    assert_eq!(world.sh("git status --porcelain"), "?? file.txt");
}

#[test]
#[cfg(unix)]
fn a_repository_of_another_user_is_told_as_one() {
    let world = World::new();
    // Only root can give a folder away.
    if std::os::unix::fs::chown(&world.repo, Some(54321), None).is_err() {
        return;
    }
    let problem = problem(&world, &world.repo);
    assert_eq!(problem.code, ProblemCode::NotARepository);
    assert!(problem.hint.contains("safe.directory"), "{problem}");
}

#[test]
fn branches_are_listed_with_the_one_checked_out_first() {
    let world = World::new();
    world.sh("git branch 'a$(id)' && git branch zeta && git checkout -q zeta");
    assert_eq!(
        world.git.branches(&world.repo).unwrap(),
        ["zeta", "a$(id)", "main"]
    );
}
