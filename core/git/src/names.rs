//! Names of branches: made from titles, and checked before they reach git.

use crate::GitError;

/// Longest part of a branch name that comes from a title.
const SLUG_CHARS: usize = 40;

/// The branch of a new attempt: `anyon/3f2a-fix-login`. Always a valid name, whatever the title and the prefix are.
pub fn branch_name(prefix: &str, short_hex: &str, title: &str) -> String {
    let slug = slug(title, SLUG_CHARS);
    let hex = slug_or(short_hex, "0000");
    let last = format!("{hex}-{}", if slug.is_empty() { "task" } else { &slug });
    let folders: Vec<String> = prefix
        .split('/')
        .map(|part| self::slug(part, SLUG_CHARS))
        .filter(|part| !part.is_empty())
        .collect();
    if folders.is_empty() {
        last
    } else {
        format!("{}/{last}", folders.join("/"))
    }
}

fn slug_or(text: &str, otherwise: &str) -> String {
    Some(slug(text, 16))
        .filter(|text| !text.is_empty())
        .unwrap_or_else(|| otherwise.into())
}

/// Lower-case ASCII words joined by `-`, cut at a word where that keeps more than half.
fn slug(text: &str, max: usize) -> String {
    let mut slug = String::new();
    for char in text.chars() {
        let folded = fold(char);
        if folded.is_empty() {
            if !slug.ends_with('-') && !slug.is_empty() && !is_mark(char) {
                slug.push('-');
            }
        } else {
            slug.push_str(&folded);
        }
    }
    if slug.len() > max {
        let cut = &slug[..max];
        let whole_words = slug.as_bytes()[max] == b'-';
        let end = match cut.rfind('-') {
            Some(dash) if !whole_words && dash * 2 > max => dash,
            _ => max,
        };
        slug.truncate(end);
    }
    slug.trim_matches('-').to_owned()
}

/// Combining accents and apostrophes vanish without breaking the word.
fn is_mark(char: char) -> bool {
    matches!(char, '\u{300}'..='\u{36f}' | '\'' | '’')
}

/// A character as lower-case ASCII letters and digits; empty: it separates words.
fn fold(char: char) -> String {
    if char.is_ascii_alphanumeric() {
        return char.to_ascii_lowercase().to_string();
    }
    if let Some(syllable) = romanised(char) {
        return syllable;
    }
    let lower = char.to_lowercase().next().unwrap_or(char);
    LATIN
        .iter()
        .find(|(letters, _)| letters.contains(lower))
        .map_or_else(String::new, |(_, ascii)| (*ascii).to_owned())
}

const LATIN: &[(&str, &str)] = &[
    ("àáâãåāăą", "a"),
    ("äæ", "ae"),
    ("çćĉċč", "c"),
    ("ďđð", "d"),
    ("èéêëēĕėęě", "e"),
    ("ĝğġģ", "g"),
    ("ĥħ", "h"),
    ("ìíîïĩīĭįı", "i"),
    ("ĵ", "j"),
    ("ķĸ", "k"),
    ("ĺļľŀł", "l"),
    ("ñńņňŉŋ", "n"),
    ("òóôõøōŏő", "o"),
    ("öœ", "oe"),
    ("ŕŗř", "r"),
    ("śŝşšș", "s"),
    ("ß", "ss"),
    ("ţťŧț", "t"),
    ("þ", "th"),
    ("ùúûũūŭůűų", "u"),
    ("ü", "ue"),
    ("ŵ", "w"),
    ("ýÿŷ", "y"),
    ("źżž", "z"),
];

/// A Hangul syllable letter by letter (Revised Romanisation without assimilation).
fn romanised(char: char) -> Option<String> {
    const FIRST: [&str; 19] = [
        "g", "kk", "n", "d", "tt", "r", "m", "b", "pp", "s", "ss", "", "j", "jj", "ch", "k", "t", "p", "h",
    ];
    const MIDDLE: [&str; 21] = [
        "a", "ae", "ya", "yae", "eo", "e", "yeo", "ye", "o", "wa", "wae", "oe", "yo", "u", "wo", "we", "wi",
        "yu", "eu", "ui", "i",
    ];
    const LAST: [&str; 28] = [
        "", "k", "k", "ks", "n", "nj", "nh", "t", "l", "lk", "lm", "lp", "ls", "lt", "lp", "lh", "m", "p",
        "ps", "t", "t", "ng", "t", "t", "k", "t", "p", "t",
    ];
    let place = (char as usize)
        .checked_sub(0xac00)
        .filter(|place| *place < 11172)?;
    Some([FIRST[place / 588], MIDDLE[place % 588 / 28], LAST[place % 28]].concat())
}

/// Refuses a branch name that git refuses, and one that could be read as an option.
pub(crate) fn check_branch(what: &'static str, name: &str) -> Result<(), GitError> {
    let refuse = |why| {
        Err(GitError::InvalidName {
            what,
            name: name.to_owned(),
            why,
        })
    };
    if name.starts_with('-') {
        return refuse("it begins with “-”");
    }
    if name == "HEAD" || !git2::Reference::is_valid_name(&full_name(name)) {
        return refuse("git does not allow it");
    }
    Ok(())
}

/// Refuses what is not the hexadecimal name of a commit.
pub(crate) fn check_commit(name: &str) -> Result<(), GitError> {
    let is_hex = matches!(name.len(), 40 | 64) && name.bytes().all(|byte| byte.is_ascii_hexdigit());
    if is_hex {
        Ok(())
    } else {
        Err(GitError::NoSuchCommit {
            name: name.to_owned(),
        })
    }
}

/// The ref of a branch.
pub(crate) fn full_name(branch: &str) -> String {
    format!("refs/heads/{branch}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_branch_is_named_after_its_task() {
        assert_eq!(branch_name("anyon", "3f2a", "Fix login!"), "anyon/3f2a-fix-login");
        assert_eq!(branch_name("", "3f2a", "Don't panic"), "3f2a-dont-panic");
        assert_eq!(
            branch_name("anyon", "3f2a", "Größe der Schaltfläche"),
            "anyon/3f2a-groesse-der-schaltflaeche"
        );
    }

    #[test]
    fn a_korean_title_is_romanised_and_others_get_a_plain_name() {
        assert_eq!(
            branch_name("anyon", "3f2a", "로그인 버그 수정"),
            "anyon/3f2a-rogeuin-beogeu-sujeong"
        );
        assert_eq!(branch_name("anyon", "3f2a", "修正"), "anyon/3f2a-task");
    }

    #[test]
    fn a_long_title_is_cut_between_words() {
        let name = branch_name(
            "anyon",
            "3f2a",
            "Make the diff of five hundred files appear at once",
        );
        assert_eq!(name, "anyon/3f2a-make-the-diff-of-five-hundred-files");
        assert!(branch_name("a", "b", &"x".repeat(300)).len() <= 44);
    }

    #[test]
    fn whatever_the_title_is_git_takes_the_name() {
        let titles = [
            "", "..", "-x", "a.lock", "@{", "~^:?*[\\", "a//b", " ", ".", "x\0y", "🎉", "é", "a$(id)",
        ];
        for title in titles {
            for prefix in ["anyon", "", "/", "-", "a..b", "x/y", ".lock"] {
                let name = branch_name(prefix, "00ff", title);
                check_branch("branch", &name).unwrap();
            }
        }
    }

    #[test]
    fn odd_names_are_fine_and_options_are_not() {
        for name in ["a$(id)", "a;b`c`|d&e", "한글"] {
            check_branch("branch", name).unwrap();
        }
        for name in ["-x", "--upload-pack=x", "a b", "a..b", "", "HEAD"] {
            check_branch("branch", name).unwrap_err();
        }
    }
}
