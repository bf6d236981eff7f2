//! What the demo agent changes: the sample project's farewell, a note for a follow-up, or one file of its own in any
//! other repository.

use std::{fs, io, path::Path};

/// A change of one file, to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// Relative to the worktree.
    pub path: &'static str,
    /// The text before; `None`: the file is new.
    pub old_text: Option<String>,
    /// The text after.
    pub new_text: String,
}

impl Edit {
    /// Makes it, unless somebody else changed the file in the meantime.
    pub fn make(&self, folder: &Path) -> io::Result<()> {
        if read(folder, self.path)? != self.old_text {
            return Err(io::Error::other(format!("{} was changed meanwhile", self.path)));
        }
        fs::write(folder.join(self.path), &self.new_text)
    }
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
    /// A merge whose conflicts are to be resolved: that needs somebody who understands both sides.
    Conflicts,
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

/// Which job a prompt is in a folder.
pub fn job_in(folder: &Path, prompt: &str) -> Job {
    if ["resolve the conflicts", "충돌을 해결"]
        .iter()
        .any(|words| prompt.contains(words))
    {
        return Job::Conflicts;
    }
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
    Ok(Edit {
        path,
        old_text,
        new_text,
    })
}

/// Files whose text is not the one expected are left as they are.
fn replace_all(folder: &Path, replacements: &[Replacement]) -> io::Result<Vec<Edit>> {
    let mut edits: Vec<Edit> = Vec::new();
    for &(path, from, to) in replacements {
        if let Some(earlier) = edits.iter_mut().find(|earlier| earlier.path == path) {
            earlier.new_text = earlier.new_text.replacen(from, to, 1);
            continue;
        }
        if let Some(text) = read(folder, path)?.filter(|text| text.contains(from)) {
            edits.push(Edit {
                path,
                new_text: text.replacen(from, to, 1),
                old_text: Some(text),
            });
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
