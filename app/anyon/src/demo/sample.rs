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

#[cfg(test)]
pub fn write_files(folder: &Path) {
    for (path, bytes, _) in FILES {
        let file = folder.join(path);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, bytes).unwrap();
    }
}
