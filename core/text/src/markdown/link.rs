//! Where links may lead, and addresses that stand in a text without being marked as links.

use anyon_model::LinkTarget;
use std::ops::Range;

/// Longer addresses are data.
const LONG_BYTES: usize = 4096;

/// Where a link leads. `None`: nowhere that may be opened; it is shown as text.
pub fn target(address: &str) -> Option<LinkTarget> {
    let address = address.trim();
    if address.is_empty() || address.len() > LONG_BYTES || address.contains(char::is_control) {
        return None;
    }
    match scheme(address).map(str::to_ascii_lowercase).as_deref() {
        Some("http" | "https" | "mailto") => Some(LinkTarget::Web { url: address.into() }),
        Some(_) => None,
        None if address.starts_with('#') || address.starts_with("//") || address.starts_with("\\\\") => None,
        None => Some(file(address)),
    }
}

/// `javascript` of `javascript:…`; not `main.rs` of `main.rs:12` and not the letter of a Windows drive.
fn scheme(address: &str) -> Option<&str> {
    let (scheme, rest) = address.split_once(':')?;
    let is_scheme = scheme.len() > 1
        && scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.'));
    let is_place = scheme.contains('.') && rest.starts_with(|c: char| c.is_ascii_digit());
    (is_scheme && !is_place).then_some(scheme)
}

/// A path with the line behind it: `src/main.rs:12`, `src/main.rs:12:5`, `src/main.rs#L12`.
fn file(address: &str) -> LinkTarget {
    let (path, place) = match address.split_once("#L") {
        Some((path, place)) => (path, place),
        None => split_place(address),
    };
    let digits = place.bytes().take_while(u8::is_ascii_digit).count();
    let line = place[..digits].parse().ok().filter(|line| *line > 0);
    LinkTarget::File {
        path: path.into(),
        line,
    }
}

fn split_place(address: &str) -> (&str, &str) {
    let places = address.match_indices(':').map(|(at, _)| at);
    let is_place =
        |rest: &str| !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_digit() || byte == b':');
    places
        .map(|at| (&address[..at], &address[at + 1..]))
        .find(|(_, place)| is_place(place))
        .unwrap_or((address, ""))
}

/// The web addresses that stand in a text, in order.
pub fn bare_addresses(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(at) = text[from..].find("http").map(|at| from + at) {
        let end = at + address_len(&text[at..]);
        let begins_word =
            !text[..at].ends_with(|c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.'));
        if begins_word && end > at {
            found.push(at..end);
        }
        from = end.max(at + "http".len());
    }
    found
}

/// The length of the address that a text begins with, 0 if none. Words of other scripts that follow without a space
/// (`https://anyon.dev에서`) are not part of it.
fn address_len(text: &str) -> usize {
    let Some(host) = ["https://", "http://"]
        .iter()
        .find_map(|start| text.strip_prefix(start))
    else {
        return 0;
    };
    let start = text.len() - host.len();
    let is_part =
        |c: char| c.is_ascii_graphic() && !matches!(c, '<' | '>' | '"' | '`' | '\\' | '^' | '{' | '|' | '}');
    let len = host.find(|c| !is_part(c)).unwrap_or(host.len());
    let address = &host[..len];
    let kept = without_end(address);
    if kept.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '[') {
        start + kept.len()
    } else {
        0
    }
}

/// Without the punctuation of the sentence that it stands in.
fn without_end(mut address: &str) -> &str {
    loop {
        let shorter = address.trim_end_matches(['.', ',', ';', ':', '!', '?', '\'', '*', '_', '~']);
        let shorter = match shorter.as_bytes().last() {
            Some(b')') if opened(shorter, '(', ')') < 0 => &shorter[..shorter.len() - 1],
            Some(b']') if opened(shorter, '[', ']') < 0 => &shorter[..shorter.len() - 1],
            _ => shorter,
        };
        if shorter.len() == address.len() {
            return address;
        }
        address = shorter;
    }
}

/// How many brackets are open at the end.
fn opened(text: &str, open: char, close: char) -> i64 {
    text.chars()
        .fold(0, |depth, c| depth + i64::from(c == open) - i64::from(c == close))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_web_and_files_may_be_led_to() {
        let web = |url: &str| Some(LinkTarget::Web { url: url.into() });
        let file = |path: &str, line| {
            Some(LinkTarget::File {
                path: path.into(),
                line,
            })
        };
        for (address, leads) in [
            ("https://a.b/c?d#e", web("https://a.b/c?d#e")),
            ("HTTP://a", web("HTTP://a")),
            ("mailto:a@b.c", web("mailto:a@b.c")),
            ("javascript:alert(1)", None),
            ("file:///etc/passwd", None),
            ("vscode://x", None),
            ("data:text/html,x", None),
            ("//evil.example", None),
            ("\\\\server\\share", None),
            ("#heading", None),
            ("", None),
            ("a\nb", None),
            ("src/main.rs", file("src/main.rs", None)),
            ("src/main.rs:12", file("src/main.rs", Some(12))),
            ("main.rs:12:5", file("main.rs", Some(12))),
            ("src/main.rs#L7-L9", file("src/main.rs", Some(7))),
            ("/abs/경로.md", file("/abs/경로.md", None)),
            ("C:\\a\\b.rs:3", file("C:\\a\\b.rs", Some(3))),
            ("a.rs:0", file("a.rs", None)),
        ] {
            assert_eq!(target(address), leads, "{address}");
        }
    }

    #[test]
    fn addresses_end_before_the_punctuation_of_their_sentence() {
        for (text, addresses) in [
            ("see https://a.b/c.", vec!["https://a.b/c"]),
            (
                "(https://a.b/c_(d)), http://e",
                vec!["https://a.b/c_(d)", "http://e"],
            ),
            ("https://anyon.dev에서 받기", vec!["https://anyon.dev"]),
            ("https://a.b?x=1&y=[2]!", vec!["https://a.b?x=1&y=[2]"]),
            ("xhttps://a.b https:// http", vec![]),
            ("https://https://a", vec!["https://https://a"]),
        ] {
            let found: Vec<_> = bare_addresses(text)
                .into_iter()
                .map(|range| &text[range])
                .collect();
            assert_eq!(found, addresses, "{text}");
        }
    }

    #[test]
    fn many_brackets_at_an_end_are_taken_off_in_no_time() {
        let text = format!("https://a{}", ")".repeat(LONG_BYTES));
        assert_eq!(bare_addresses(&text), vec![0.."https://a".len()]);
    }
}
