//! The sample project: a small repository with a program, its messages in two languages, and a check.

use std::path::Path;

/// A file of the sample: its path, its text, whether it is executable.
pub type SampleFile = (&'static str, &'static [u8], bool);

/// The files of the sample.
pub const FILES: &[SampleFile] = &[
    ("README.md", include_bytes!("sample/README.md"), false),
    ("greet.sh", include_bytes!("sample/greet.sh"), true),
    ("check.sh", include_bytes!("sample/check.sh"), true),
    (
        "messages/English.txt",
        include_bytes!("sample/messages_en.txt"),
        false,
    ),
    (
        "messages/한국어.txt",
        include_bytes!("sample/messages_ko.txt"),
        false,
    ),
];

/// What the demo asks its agent for.
pub const TASK_TITLE: &str = "Say goodbye too";
/// The rest of the prompt.
pub const TASK_DESCRIPTION: &str =
    "The program greets people. Let it also say goodbye, in every language it knows, with checks.";

/// Builds the sample repository in a folder that does not exist yet, with one commit on `main`. Its author is named in
/// the repository itself, so the demo needs no git configuration of the user's.
pub fn build(folder: &Path) -> Result<(), anyon_git::GitError> {
    anyon_git::init_with_commit(
        folder,
        FILES,
        "Anyon demo",
        "demo@anyon.invalid",
        "A program that greets people",
    )
}

#[cfg(test)]
pub fn write_files(folder: &Path) {
    for (path, bytes, _) in FILES {
        let file = folder.join(path);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, bytes).unwrap();
    }
}
