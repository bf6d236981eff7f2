//! Whether a simple command is on the safe list: its flags, its files, and the grammars of `find`, `sed` and `git`.

use super::{
    paths,
    safe_list::{FIND_PLAIN, FIND_VALUE, GIT, Operands, PROGRAMS, Program},
    shell::Word,
};
use std::path::Path;

/// A simple command only reads, and only inside the worktree.
pub fn is_safe(words: &[Word], worktree: &Path) -> bool {
    let Some((first, rest)) = words.split_first() else {
        return false;
    };
    if first.has_glob {
        return false;
    }
    match first.text.as_str() {
        "find" => is_safe_find(rest, worktree),
        "sed" => is_safe_sed(rest, worktree),
        "git" => is_safe_git(rest, worktree),
        name => PROGRAMS
            .iter()
            .find(|program| program.name == name)
            .is_some_and(|program| program.allows(rest, worktree)),
    }
}

/// `git [--no-pager] <reading subcommand> …`
fn is_safe_git(words: &[Word], worktree: &Path) -> bool {
    let words = match words.split_first() {
        Some((first, rest)) if first.text == "--no-pager" => rest,
        _ => words,
    };
    let Some((subcommand, rest)) = words.split_first() else {
        return false;
    };
    GIT.iter()
        .find(|program| program.name == subcommand.text)
        .is_some_and(|program| program.allows(rest, worktree))
}

/// `sed -n 'A,Bp' files`: prints lines, nothing else.
fn is_safe_sed(words: &[Word], worktree: &Path) -> bool {
    let [flag, script, files @ ..] = words else {
        return false;
    };
    let prints = |command: &str| {
        let range = command.strip_suffix('p').unwrap_or("x");
        range.split(',').count() <= 2
            && range
                .split(',')
                .all(|line| line == "$" || (!line.is_empty() && line.bytes().all(|b| b.is_ascii_digit())))
    };
    flag.text == "-n"
        && !script.has_glob
        && script.text.split(';').all(|command| prints(command.trim()))
        && files
            .iter()
            .all(|word| !word.text.starts_with('-') && is_file(word, true, worktree))
}

fn is_safe_find(words: &[Word], worktree: &Path) -> bool {
    let is_expression = |word: &Word| word.text.starts_with(['-', '(', '!']);
    let start = words.iter().position(is_expression).unwrap_or(words.len());
    let (files, expression) = words.split_at(start);
    let mut expression = expression.iter();
    while let Some(word) = expression.next() {
        let text = word.text.as_str();
        let is_known = if FIND_VALUE.contains(&text) {
            expression.next().is_some_and(|value| !guards_against(value))
        } else {
            FIND_PLAIN.contains(&text)
        };
        if !is_known || word.has_glob {
            return false;
        }
    }
    files.iter().all(|word| is_file(word, true, worktree))
}

impl Program {
    /// Its flags are on the list and its files inside the worktree.
    fn allows(&self, words: &[Word], worktree: &Path) -> bool {
        let mut operands = Vec::new();
        let mut has_pattern = false;
        let mut words = words.iter();
        while let Some(word) = words.next() {
            match word.text.as_str() {
                "--" if !word.has_glob => {
                    operands.extend(words.by_ref());
                }
                "-" => operands.push(word),
                text if text.starts_with('-') => match self.flag(text, word.has_glob, worktree) {
                    Flag::Alone { brings_pattern } => has_pattern |= brings_pattern,
                    Flag::WithNext { letter } => {
                        has_pattern |= letter == 'e';
                        if words
                            .next()
                            .is_none_or(|value| !is_value(letter, value, worktree))
                        {
                            return false;
                        }
                    }
                    Flag::Unknown => return false,
                },
                _ => operands.push(word),
            }
        }
        self.allows_operands(&operands, has_pattern, worktree)
    }

    fn allows_operands(&self, operands: &[&Word], has_pattern: bool, worktree: &Path) -> bool {
        let are_files = |words: &[&Word]| {
            words
                .iter()
                .all(|word| is_file(word, self.guards_globs, worktree))
        };
        match self.operands {
            Operands::None => operands.is_empty(),
            // A pattern would print the names that it finds.
            Operands::Text => operands
                .iter()
                .all(|word| !word.has_glob || is_file(word, true, worktree)),
            Operands::Files(1) => {
                operands.len() <= 1 && !operands.iter().any(|word| word.has_glob) && are_files(operands)
            }
            Operands::Files(most) => operands.len() <= most && are_files(operands),
            Operands::PatternAndFiles if has_pattern => are_files(operands),
            Operands::PatternAndFiles => match operands.split_first() {
                Some((pattern, files)) => !guards_against(pattern) && are_files(files),
                None => false,
            },
        }
    }

    fn flag(&self, text: &str, has_glob: bool, worktree: &Path) -> Flag {
        match text.strip_prefix("--") {
            _ if has_glob => Flag::Unknown,
            Some(word) => self.word_flag(word, worktree),
            None => self.letter_flags(&text[1..], worktree),
        }
    }

    fn word_flag(&self, word: &str, worktree: &Path) -> Flag {
        let (name, value) = word
            .split_once('=')
            .map_or((word, ""), |(name, value)| (name, value));
        let is_known = self.words.split(' ').any(|known| known == name);
        if is_known && paths::may_choose(value, worktree) {
            Flag::Alone {
                brings_pattern: matches!(name, "regexp" | "files"),
            }
        } else {
            Flag::Unknown
        }
    }

    /// `-la`, `-n5`, `-nA 3`, `-20`. A value behind its letter must not be a path.
    fn letter_flags(&self, letters: &str, worktree: &Path) -> Flag {
        let counts = matches!(self.name, "head" | "tail" | "log" | "show" | "grep");
        if counts && letters.bytes().all(|b| b.is_ascii_digit()) {
            return Flag::Alone {
                brings_pattern: false,
            };
        }
        for (at, letter) in letters.char_indices() {
            if self.value_letters.contains(letter) {
                let value = &letters[at + letter.len_utf8()..];
                return match value {
                    "" => Flag::WithNext { letter },
                    value if value.contains('/') => Flag::Unknown,
                    value if letter == 'g' && !paths::may_choose(value, worktree) => Flag::Unknown,
                    _ => Flag::Alone {
                        brings_pattern: letter == 'e',
                    },
                };
            }
            if !self.letters.contains(letter) {
                return Flag::Unknown;
            }
        }
        Flag::Alone {
            brings_pattern: false,
        }
    }
}

/// What a flag is.
enum Flag {
    /// Known, and complete in itself.
    Alone { brings_pattern: bool },
    /// Known; the next word is the value of this letter.
    WithNext { letter: char },
    /// Not on the list.
    Unknown,
}

/// A value is one word; one that chooses files must not choose secrets.
fn is_value(letter: char, value: &Word, worktree: &Path) -> bool {
    let may_choose = letter != 'g' || paths::may_choose(&value.text, worktree);
    may_choose && !value.has_glob && !value.text.starts_with('-')
}

/// A glob at the start of a word can become a flag when a file is named like one.
fn guards_against(word: &Word) -> bool {
    word.has_glob && word.text.starts_with(['*', '?', '['])
}

fn is_file(word: &Word, guards_globs: bool, worktree: &Path) -> bool {
    word.text == "-"
        || (!(guards_globs && guards_against(word))
            && paths::may_read_argument(&word.text, word.has_glob, worktree))
}
