//! Which language a text is in: by its file's name, its first line, or the word behind a fence.

use std::{path::Path, sync::OnceLock};
use syntect::parsing::{SyntaxReference, SyntaxSet};

/// A language with a syntax.
#[derive(Debug, Clone, Copy)]
pub struct Language(&'static SyntaxReference);

impl PartialEq for Language {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.0, other.0)
    }
}
impl Eq for Language {}

/// Words that people write behind a fence and no syntax answers to.
const ALIASES: [(&str, &str); 22] = [
    ("c#", "cs"),
    ("console", "sh"),
    ("csharp", "cs"),
    ("docker", "dockerfile"),
    ("golang", "go"),
    ("gql", "graphql"),
    ("javascriptreact", "jsx"),
    ("json5", "json"),
    ("jsonc", "json"),
    ("jsonl", "json"),
    ("kt", "kotlin"),
    ("make", "makefile"),
    ("mdx", "md"),
    ("objc", "m"),
    ("patch", "diff"),
    ("ps1", "powershell"),
    ("pwsh", "powershell"),
    ("py3", "py"),
    ("shell-session", "sh"),
    ("shellsession", "sh"),
    ("typescriptreact", "tsx"),
    ("zsh", "sh"),
];

impl Language {
    /// By the file's name, else by its first line.
    pub fn of_file(path: &Path, first_line: &str) -> Option<Self> {
        let name = path.file_name().map(|name| name.to_string_lossy());
        let ending = path.extension().map(|ending| ending.to_string_lossy());
        let by_name = [name, ending].into_iter().flatten().find_map(|word| {
            syntaxes()
                .find_syntax_by_extension(&word)
                .or_else(|| of_alias(&word))
        });
        by_name
            .or_else(|| syntaxes().find_syntax_by_first_line(short(first_line)))
            .and_then(known)
    }

    /// By the word behind a fence: a name or an ending.
    pub fn of_tag(tag: &str) -> Option<Self> {
        let tag = tag.trim();
        of_alias(tag)
            .or_else(|| syntaxes().find_syntax_by_token(tag))
            .and_then(known)
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        &self.0.name
    }

    pub(super) fn syntax(self) -> &'static SyntaxReference {
        self.0
    }
}

fn of_alias(word: &str) -> Option<&'static SyntaxReference> {
    let word = word.to_ascii_lowercase();
    let place = ALIASES.binary_search_by(|(alias, _)| (*alias).cmp(&word)).ok()?;
    syntaxes().find_syntax_by_token(ALIASES[place].1)
}

fn known(syntax: &'static SyntaxReference) -> Option<Language> {
    (syntax.name != "Plain Text").then_some(Language(syntax))
}

/// First lines are matched by patterns: a long one is no shebang.
fn short(line: &str) -> &str {
    line.get(..256)
        .unwrap_or(if line.len() < 256 { line } else { "" })
}

/// All syntaxes, for lines with their newlines. Unpacked once.
pub(super) fn syntaxes() -> &'static SyntaxSet {
    static SYNTAXES: OnceLock<SyntaxSet> = OnceLock::new();
    SYNTAXES.get_or_init(two_face::syntax::extra_newlines)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_language_is_known_by_file_name_ending_and_first_line() {
        for (path, first_line, name) in [
            ("src/main.rs", "", Some("Rust")),
            ("a/b.tsx", "", Some("TypeScriptReact")),
            ("Cargo.toml", "", Some("TOML")),
            ("Dockerfile", "", Some("Dockerfile")),
            ("Makefile", "", Some("Makefile")),
            ("run", "#!/usr/bin/env python3", Some("Python")),
            ("notes.txt", "", None),
            ("unknown.qqq", "", None),
            ("", "", None),
        ] {
            let found = Language::of_file(Path::new(path), first_line).map(Language::name);
            assert_eq!(found, name, "{path}");
        }
    }

    #[test]
    fn a_fence_may_say_what_people_say() {
        for (tag, name) in [
            ("rust", "Rust"),
            ("rs", "Rust"),
            ("ts", "TypeScript"),
            ("tsx", "TypeScriptReact"),
            ("js", "JavaScript (Babel)"),
            ("sh", "Bourne Again Shell (bash)"),
            ("zsh", "Bourne Again Shell (bash)"),
            ("Console", "Bourne Again Shell (bash)"),
            ("python", "Python"),
            ("csharp", "C#"),
            ("c++", "C++"),
            ("kt", "Kotlin"),
            ("json5", "JSON"),
            ("yaml", "YAML"),
            ("go", "Go"),
            ("diff", "Diff"),
            ("html", "HTML"),
            ("swift", "Swift"),
            ("sql", "SQL"),
            ("graphql", "GraphQL"),
            ("powershell", "PowerShell"),
        ] {
            assert_eq!(Language::of_tag(tag).map(Language::name), Some(name), "{tag}");
        }
        assert_eq!(Language::of_tag("text"), None);
        assert_eq!(Language::of_tag(""), None);
    }

    #[test]
    fn every_alias_leads_somewhere_and_stands_in_order() {
        assert!(ALIASES.is_sorted());
        for (alias, _) in ALIASES {
            assert!(of_alias(alias).is_some(), "{alias}");
        }
    }
}
