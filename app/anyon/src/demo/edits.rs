//! What the demo agent changes: the sample project's farewell, a note for a follow-up, or one file of its own in any
//! other repository.

use std::{fs, io, path::Path};

/// A change of one file that is already made.
#[derive(Debug)]
pub struct Edit {
    /// Relative to the worktree.
    pub path: &'static str,
    /// The text before; `None`: the file is new.
    pub old_text: Option<String>,
    /// The text after.
    pub new_text: String,
}

/// What is asked of the demo agent in a folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Job {
    /// The sample project as it was built.
    Farewell,
    /// The sample project that has its farewell: a note in the README.
    Note,
    /// Any other folder: one file of our own.
    OwnFile,
}

/// The file that the demo agent writes where the sample's files are not there.
pub const OWN_FILE: &str = "DEMO.md";

type Replacement = (&'static str, &'static str, &'static str);

const PROGRAM: &[Replacement] = &[
    (
        "greet.sh",
        "# Greets somebody: sh greet.sh NAME [LANGUAGE]\n",
        "# Greets somebody, or says goodbye: sh greet.sh [--bye] NAME [LANGUAGE]\n",
    ),
    (
        "greet.sh",
        "say hello \"",
        "key=hello\nif [ \"${1:-}\" = \"--bye\" ]; then\n    key=bye\n    shift\nfi\nsay \"$key\" \"",
    ),
    (
        "messages/English.txt",
        "hello=Hello, %s!\n",
        "hello=Hello, %s!\nbye=Goodbye, %s!\n",
    ),
    (
        "messages/한국어.txt",
        "hello=안녕하세요, %s 님!\n",
        "hello=안녕하세요, %s 님!\nbye=안녕히 가세요, %s 님!\n",
    ),
];

const CHECKS: &[Replacement] = &[
    (
        "check.sh",
        "expect \"안녕하세요, 민준 님!\" 민준 한국어\n",
        "expect \"안녕하세요, 민준 님!\" 민준 한국어\nexpect \"Goodbye, Ada!\" --bye Ada\nexpect \"안녕히 가세요, 민준 님!\" --bye 민준 한국어\n",
    ),
    (
        "README.md",
        "    sh greet.sh 민준 한국어      # 안녕하세요, 민준 님!\n",
        "    sh greet.sh 민준 한국어      # 안녕하세요, 민준 님!\n    sh greet.sh --bye Ada       # Goodbye, Ada!\n",
    ),
];

/// Which job there is in a folder.
pub fn job_in(folder: &Path) -> Job {
    match fs::read_to_string(folder.join("greet.sh")) {
        Ok(program) if !folder.join("check.sh").is_file() || !program.contains("say ") => Job::OwnFile,
        Ok(program) if program.contains("--bye") => Job::Note,
        Ok(_) => Job::Farewell,
        Err(_) => Job::OwnFile,
    }
}

/// Teaches the sample's program to say goodbye.
pub fn change_program(folder: &Path) -> io::Result<Vec<Edit>> {
    replace_all(folder, PROGRAM)
}

/// Adds the checks of it and a line in the README.
pub fn change_checks(folder: &Path) -> io::Result<Vec<Edit>> {
    replace_all(folder, CHECKS)
}

/// Adds a note to the sample's README.
pub fn add_note(folder: &Path, note: &str) -> io::Result<Edit> {
    append(folder, "README.md", "\n## Notes\n\n", note)
}

/// Adds a note to our own file, which is made when it is not there.
pub fn write_own_file(folder: &Path, note: &str) -> io::Result<Edit> {
    append(
        folder,
        OWN_FILE,
        "# Demo\n\nWritten by Anyon's demo agent, which has no model: remove this file as you like.\n\n",
        note,
    )
}

fn append(folder: &Path, path: &'static str, heading: &str, note: &str) -> io::Result<Edit> {
    let old_text = read(folder, path)?;
    let mut new_text = old_text.clone().unwrap_or_default();
    if !new_text.contains(heading) {
        new_text.push_str(heading);
    }
    new_text.push_str(&format!("- {note}\n"));
    write(folder, path, old_text, new_text)
}

/// Files whose text is not the one expected are left as they are.
fn replace_all(folder: &Path, replacements: &[Replacement]) -> io::Result<Vec<Edit>> {
    let mut edits: Vec<Edit> = Vec::new();
    for &(path, from, to) in replacements {
        let Some(text) = read(folder, path)?.filter(|text| text.contains(from)) else {
            continue;
        };
        let edit = write(folder, path, Some(text.clone()), text.replacen(from, to, 1))?;
        match edits.iter_mut().find(|earlier| earlier.path == path) {
            Some(earlier) => earlier.new_text = edit.new_text,
            None => edits.push(edit),
        }
    }
    Ok(edits)
}

/// The text of a file; `None`: it is not there. A link could lead out of the worktree, so it is refused.
fn read(folder: &Path, path: &str) -> io::Result<Option<String>> {
    match fs::symlink_metadata(folder.join(path)) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
        Ok(metadata) if !metadata.is_file() => Err(io::Error::other(format!("{path} is not a regular file"))),
        Ok(_) => fs::read_to_string(folder.join(path)).map(Some),
    }
}

fn write(folder: &Path, path: &'static str, old_text: Option<String>, new_text: String) -> io::Result<Edit> {
    fs::write(folder.join(path), &new_text)?;
    Ok(Edit {
        path,
        old_text,
        new_text,
    })
}
