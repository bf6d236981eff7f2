//! Which editor files and worktrees are opened with: the person's choice, and a command of their own in words.

use serde::{Deserialize, Serialize};

/// The person's choice.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EditorChoice {
    /// The first one that is found.
    #[default]
    First,
    /// A known one, by its id.
    Known(String),
    /// A command with `{path}` and `{line}`.
    Custom(String),
}

/// An editor that was found on this computer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundEditor {
    /// Stable id, as `zed`.
    pub id: &'static str,
    /// Its name.
    pub name: &'static str,
}

/// The place of the file in a command.
pub const PATH: &str = "{path}";
/// The place of the line in a command; 1 where nobody asked for one.
pub const LINE: &str = "{line}";

/// The words of a command: parted at blanks, held together by quotes. No shell reads them.
pub fn words(command: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    for character in command.chars() {
        match quote {
            Some(open) if open == character => quote = None,
            Some(_) => word.get_or_insert_default().push(character),
            None if character == '"' || character == '\'' => {
                quote = Some(character);
                word.get_or_insert_default();
            }
            None if character.is_whitespace() => words.extend(word.take()),
            None => word.get_or_insert_default().push(character),
        }
    }
    words.extend(word);
    words
}

/// A command can be started: it has a program, and a place for the file.
pub fn is_whole(command: &str) -> bool {
    let words = words(command);
    let begins = words.first().is_some_and(|program| !program.contains('{'));
    begins && words.iter().any(|word| word.contains(PATH))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_hold_words_together() {
        let command = r#"'/opt/my editor/bin' --at "{path}:{line}" """#;
        assert_eq!(
            words(command),
            ["/opt/my editor/bin", "--at", "{path}:{line}", ""]
        );
        assert_eq!(words("  "), [""; 0]);
    }

    #[test]
    fn a_command_has_a_program_and_a_place_for_the_file() {
        assert!(is_whole("code --goto {path}:{line}"));
        for half in ["", "code", "{path}", "{path} code", "   "] {
            assert!(!is_whole(half), "{half}");
        }
    }
}
