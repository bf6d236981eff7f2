//! Character references (`&amp;`) in the text between the tags of HTML, which the parser leaves alone: it decodes them
//! everywhere else. Tags stay as they were written.

use pulldown_cmark::{Event, Parser};
use std::borrow::Cow;

/// Bytes of the longest reference that there is, and a few.
const LONGEST: usize = 36;

/// A piece of HTML with the references outside of its tags decoded.
pub fn html_text(html: &str) -> Cow<'_, str> {
    if !html.contains('&') {
        return Cow::Borrowed(html);
    }
    let (mut out, mut rest) = (String::with_capacity(html.len()), html);
    while let Some(at) = rest.find(['&', '<']) {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let (shown, end) = match tag_end(rest) {
            Some(end) => (Cow::Borrowed(&rest[..end]), end),
            None => reference(rest).unwrap_or((Cow::Borrowed(&rest[..1]), 1)),
        };
        out.push_str(&shown);
        rest = &rest[end..];
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// Where the tag ends that a text begins with. A tag that goes on in the next line ends with this one.
fn tag_end(text: &str) -> Option<usize> {
    let is_tag = text
        .strip_prefix('<')?
        .starts_with(|first: char| first.is_ascii_alphabetic() || matches!(first, '/' | '!' | '?'));
    is_tag.then(|| text.find('>').map_or(text.len(), |end| end + 1))
}

/// What the reference stands for that a text begins with, and where it ends.
fn reference(text: &str) -> Option<(Cow<'_, str>, usize)> {
    let end = text.bytes().take(LONGEST).position(|byte| byte == b';')? + 1;
    let named = text.get(..end)?;
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '#';
    if !named[1..end - 1].chars().all(is_name) {
        return None;
    }
    // The parser knows all names; it gives back what it does not know.
    let decoded = Parser::new(named).filter_map(|event| match event {
        Event::Text(text) => Some(text.into_string()),
        _ => None,
    });
    Some((Cow::Owned(decoded.collect()), end))
}
