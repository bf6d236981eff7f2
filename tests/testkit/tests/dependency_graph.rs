//! Which crate of the workspace may depend on which: the architecture, kept by a test.
#![allow(clippy::expect_used, reason = "a test that cannot run has failed")]

use serde_json::Value;
use std::{
    collections::{BTreeMap, BTreeSet},
    process::Command,
};

/// Crates of the product that know the model alone.
const SIBLINGS: [&str; 10] = [
    "anyon-engine",
    "anyon-git",
    "anyon-text",
    "anyon-search",
    "anyon-forge",
    "anyon-storage",
    "anyon-executors",
    "anyon-remote",
    "anyon-mcp",
    "anyon-ui",
];
/// What the runtime drives.
const DRIVEN: [&str; 8] = [
    "anyon-model",
    "anyon-engine",
    "anyon-git",
    "anyon-text",
    "anyon-search",
    "anyon-forge",
    "anyon-storage",
    "anyon-executors",
];
/// Libraries that one crate alone may name, so that nobody else has to know them. Development dependencies count too,
/// except those of the crates that test the whole.
const OWNED: [(&str, &[&str]); 13] = [
    ("redb", &["anyon-storage"]),
    ("bincode", &["anyon-storage"]),
    ("git2", &["anyon-git"]),
    ("octocrab", &["anyon-forge"]),
    ("rmcp", &["anyon-mcp"]),
    ("syntect", &["anyon-text"]),
    ("similar", &["anyon-text"]),
    ("fst", &["anyon-search"]),
    ("nucleo", &["anyon-search"]),
    ("egui", &["anyon-ui", "anyon"]),
    ("eframe", &["anyon"]),
    ("interprocess", &["anyon-remote"]),
    ("command-group", &["anyon-executors"]),
];
/// Crates that never wait for anything.
const NEVER_ASYNC: [&str; 7] = [
    "anyon-model",
    "anyon-engine",
    "anyon-git",
    "anyon-text",
    "anyon-search",
    "anyon-storage",
    "anyon-ui",
];

/// A crate's dependencies by name; without development dependencies.
fn graph() -> BTreeMap<String, BTreeSet<String>> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--no-deps", "--offline", "--format-version", "1"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo runs");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let metadata: Value = serde_json::from_slice(&output.stdout).expect("cargo speaks JSON");
    let packages = metadata["packages"].as_array().expect("a list of packages");
    let named = |value: &Value| value["name"].as_str().unwrap_or_default().to_owned();
    let of = |package: &Value| {
        let dependencies = package["dependencies"].as_array().cloned().unwrap_or_default();
        dependencies
            .iter()
            .filter(|one| one["kind"].as_str() != Some("dev"))
            .map(named)
            .collect()
    };
    packages
        .iter()
        .map(|package| (named(package), of(package)))
        .collect()
}

fn ours(graph: &BTreeMap<String, BTreeSet<String>>, name: &str) -> BTreeSet<String> {
    let all = graph
        .get(name)
        .unwrap_or_else(|| panic!("there is no crate {name}"));
    all.iter()
        .filter(|dependency| graph.contains_key(*dependency))
        .cloned()
        .collect()
}

fn set(names: &[&str]) -> BTreeSet<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

#[test]
fn the_model_depends_on_nothing_of_ours() {
    assert_eq!(ours(&graph(), "anyon-model"), BTreeSet::new());
    assert_eq!(ours(&graph(), "anyon-testkit"), set(&["anyon-model"]));
}

#[test]
fn siblings_know_the_model_and_never_each_other() {
    let graph = graph();
    for sibling in SIBLINGS {
        let allowed = set(&["anyon-model"]);
        let found = ours(&graph, sibling);
        assert!(found.is_subset(&allowed), "{sibling} depends on {found:?}");
    }
}

#[test]
fn the_runtime_drives_and_knows_no_client() {
    let found = ours(&graph(), "anyon-runtime");
    assert!(
        found.is_subset(&set(&DRIVEN)),
        "anyon-runtime depends on {found:?}"
    );
}

#[test]
fn nothing_but_tests_depends_on_the_binary_or_on_tests() {
    for (name, dependencies) in graph() {
        let is_test = ["anyon-e2e", "anyon-bench", "xtask", "anyon-testkit"].contains(&name.as_str());
        let wrong: Vec<_> = ["anyon", "anyon-testkit", "anyon-e2e"]
            .into_iter()
            .filter(|other| dependencies.contains(*other) && !is_test)
            .collect();
        assert!(wrong.is_empty(), "{name} depends on {wrong:?}");
    }
}

#[test]
fn each_library_has_one_owner() {
    let graph = graph();
    for (library, owners) in OWNED {
        for (name, dependencies) in &graph {
            let is_free = owners.contains(&name.as_str())
                || ["anyon-e2e", "anyon-bench", "xtask"].contains(&name.as_str());
            assert!(
                is_free || !dependencies.contains(library),
                "{name} names {library}, which belongs to {owners:?}"
            );
        }
    }
}

#[test]
fn what_must_not_wait_links_nothing_to_wait_with() {
    let graph = graph();
    for name in NEVER_ASYNC {
        let dependencies = graph.get(name).expect("the crate exists");
        for library in ["tokio", "futures", "async-std"] {
            assert!(!dependencies.contains(library), "{name} depends on {library}");
        }
    }
}
