//! Where the programs under test are.

use std::{
    env,
    path::{Path, PathBuf},
    process::Command,
    sync::OnceLock,
};

/// A program that cargo built into the same folder as this test.
pub fn built_beside(name: &str) -> PathBuf {
    let program = profile_folder().join(name);
    assert!(
        program.is_file(),
        "{} is not built: run `cargo build -p anyon-e2e` first",
        program.display()
    );
    program
}

/// `target/debug` or `target/release`: tests are in `deps` below it.
fn profile_folder() -> PathBuf {
    let test = env::current_exe().expect("the path of this test");
    let folder = test.parent().expect("a folder");
    match folder.file_name() {
        Some(name) if name == "deps" => folder.parent().expect("a folder above").to_owned(),
        _ => folder.to_owned(),
    }
}

/// The `anyon` program. Cargo gives tests of one package no programs of another, so it is built here, once a test run
/// and with what is built already; `ANYON_E2E_PROGRAM` names one that is built.
pub fn anyon_program() -> &'static Path {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    PROGRAM.get_or_init(|| match env::var_os("ANYON_E2E_PROGRAM") {
        Some(program) => PathBuf::from(program),
        None => build(),
    })
}

fn build() -> PathBuf {
    let folder = profile_folder();
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../Cargo.toml");
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command
        .args(["build", "--quiet", "--package", "anyon", "--manifest-path"])
        .arg(manifest);
    command
        .arg("--target-dir")
        .arg(folder.parent().expect("a target folder"));
    if folder.file_name().is_some_and(|name| name == "release") {
        command.arg("--release");
    }
    let output = command.output().expect("cargo starts");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success(),
        "`cargo build --package anyon` failed:\n{said}"
    );
    folder.join("anyon")
}
