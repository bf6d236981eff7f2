//! Names made from what people wrote: short prefixes, branches, folders.

use std::path::Path;

/// Longest slug of a title in a branch name.
const SLUG_MAX: usize = 28;

/// Letters, digits and single dashes of a title: `Fix the login!` → `fix-the-login`. Empty for a title without
/// ASCII letters or digits.
pub fn slug(title: &str) -> String {
    let mut slug = String::new();
    for word in title
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
    {
        let room = SLUG_MAX.saturating_sub(slug.len() + 1);
        if slug.is_empty() {
            slug.extend(word.chars().take(SLUG_MAX));
        } else if word.len() <= room {
            slug.push('-');
            slug.push_str(word);
        } else {
            break;
        }
    }
    slug.make_ascii_lowercase();
    slug
}

/// The part of branch and folder that names the attempt: `3f2a-fix-login`.
pub fn attempt_name(hex: &str, title: &str, short_id: &str) -> String {
    let slug = slug(title);
    let slug = if slug.is_empty() {
        short_id.to_lowercase()
    } else {
        slug
    };
    format!("{hex}-{slug}")
}

/// The branch of an attempt: `anyon/3f2a-fix-login`.
pub fn branch(prefix: &str, name: &str) -> String {
    match prefix.trim_matches('/') {
        "" => name.to_owned(),
        prefix => format!("{prefix}/{name}"),
    }
}

/// Why git would refuse this as a branch, if it would.
pub fn branch_fault(name: &str) -> Option<&'static str> {
    let forbidden = |c: char| c.is_control() || c.is_whitespace() || "~^:?*[\\\u{7f}".contains(c);
    if name.is_empty() {
        Some("it is empty")
    } else if name.starts_with('-') {
        Some("it starts with a dash")
    } else if name.contains(forbidden) {
        Some("it has a space or one of ~ ^ : ? * [ \\")
    } else if name.contains("..") || name.contains("@{") || name.contains("//") {
        Some("it has .. or @{ or //")
    } else if name
        .split('/')
        .any(|part| part.starts_with('.') || part.ends_with(".lock"))
    {
        Some("a part of it starts with a dot or ends with .lock")
    } else if name.starts_with('/') || name.ends_with(['/', '.']) {
        Some("it starts or ends with / or ends with a dot")
    } else {
        None
    }
}

/// The name of a folder, for a project.
pub fn folder_name(path: &Path) -> String {
    let name = path.file_name().unwrap_or(path.as_os_str());
    name.to_string_lossy().into_owned()
}

/// Capital letters for task numbers, different from those taken: `any-on` → `ANY`.
pub fn short_prefix(name: &str, is_taken: impl Fn(&str) -> bool) -> String {
    let mut letters: String = name.chars().filter(char::is_ascii_alphabetic).collect();
    letters.make_ascii_uppercase();
    if letters.len() < 2 {
        letters = format!("{letters}PRJ");
    }
    let short = letters.len().min(3);
    let longer = (short..=letters.len().min(6)).map(|length| letters[..length].to_owned());
    let numbered = (0u32..).map(|count| format!("{}{}", &letters[..short], letter_number(count)));
    longer
        .chain(numbered)
        .find(|prefix| !is_taken(prefix))
        .unwrap_or(letters)
}

/// A, B … Z, BA, BB …
fn letter_number(mut number: u32) -> String {
    let mut letters = Vec::new();
    loop {
        letters.push(char::from(b'A' + u8::try_from(number % 26).unwrap_or(0)));
        number /= 26;
        if number == 0 {
            return letters.iter().rev().collect();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slug_keeps_whole_words_and_fits_a_branch() {
        assert_eq!(slug("Fix the login!"), "fix-the-login");
        assert_eq!(slug("  ../../etc  "), "etc");
        assert_eq!(
            slug("Add a very long explanation of everything"),
            "add-a-very-long-explanation"
        );
        assert_eq!(slug("로그인 고치기"), "");
        assert_eq!(slug(&"x".repeat(90)).len(), SLUG_MAX);
    }

    #[test]
    fn a_title_without_latin_letters_is_named_by_its_task() {
        assert_eq!(attempt_name("3f2a", "로그인", "ANY-12"), "3f2a-any-12");
        assert_eq!(branch("anyon", "3f2a-fix"), "anyon/3f2a-fix");
        assert_eq!(branch("team/me/", "3f2a-fix"), "team/me/3f2a-fix");
        assert_eq!(branch("", "3f2a-fix"), "3f2a-fix");
    }

    #[test]
    fn prefixes_differ_between_projects() {
        assert_eq!(short_prefix("any-on", |_| false), "ANY");
        assert_eq!(short_prefix("any-on", |taken| taken == "ANY"), "ANYO");
        assert_eq!(short_prefix("any", |taken| taken == "ANY"), "ANYA");
        assert_eq!(short_prefix("한글", |_| false), "PRJ");
        assert_eq!(short_prefix("x", |_| false), "XPR");
        let mut taken = Vec::new();
        for _ in 0..60 {
            let next = short_prefix("any", |prefix| taken.iter().any(|t| t == prefix));
            assert!(!taken.contains(&next));
            taken.push(next);
        }
    }

    #[test]
    fn names_that_git_refuses_are_told() {
        for bad in [
            "", "-x", "a b", "a..b", "a~1", "x.lock", "a//b", "/a", "a/", "a@{1}", ".a",
        ] {
            assert!(branch_fault(bad).is_some(), "{bad}");
        }
        for good in ["main", "feature/x", "v1.2", "한글"] {
            assert_eq!(branch_fault(good), None, "{good}");
        }
    }
}
