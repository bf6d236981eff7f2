//! Prompts: what an agent is told first, and the templates in it.

use crate::cx::Cx;
use anyon_model::{ProfileConfig, State, Task};

/// What an agent is told that goes on without new instructions.
pub const CONTINUE: &str = "Continue where you left off.";

/// What an agent is told that takes over without new instructions.
pub const TAKE_OVER: &str = "Continue where the last agent left off.";

/// A task as a prompt: title, blank line, description.
pub fn of_task(task: &Task) -> String {
    joined(&task.title, &task.description)
}

/// A text as it goes to an agent: templates expanded, the variant's text after it.
pub fn finished(cx: &Cx<'_>, text: &str, config: &ProfileConfig) -> String {
    let text = expanded(cx.state, text);
    joined(&text, config.append_prompt.as_deref().unwrap_or(""))
}

/// Two paragraphs, or the one that is not blank.
pub fn joined(first: &str, second: &str) -> String {
    match (first.trim(), second.trim()) {
        (first, "") => first.to_owned(),
        ("", second) => second.to_owned(),
        (first, second) => format!("{first}\n\n{second}"),
    }
}

/// Puts a template's text in the place of each `@name`. Unknown names stay, and so does what is part of a word, such
/// as a mail address. Texts are not expanded again.
pub fn expanded(state: &State, text: &str) -> String {
    let mut result = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('@') {
        let (before, from) = rest.split_at(at);
        result.push_str(before);
        let name_end = from[1..]
            .find(|c: char| !is_name(c))
            .map_or(from.len(), |end| end + 1);
        let (word, after) = from.split_at(name_end);
        let inside_word = result
            .chars()
            .next_back()
            .is_some_and(|c| is_name(c) || c == '.' || c == '@');
        match template(state, &word[1..]).filter(|_| !inside_word) {
            Some(text) => result.push_str(text),
            None => result.push_str(word),
        }
        rest = after;
    }
    result.push_str(rest);
    result
}

fn template<'a>(state: &'a State, name: &str) -> Option<&'a str> {
    let mut templates = state.templates.values();
    templates
        .find(|template| template.name == name)
        .map(|template| template.text.as_str())
}

/// May be part of a template's name.
pub fn is_name(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || c == '-'
}

#[cfg(test)]
mod tests {
    use super::*;
    use anyon_model::{Change, Template, TemplateId, Timestamp};

    fn state() -> State {
        let mut state = State::default();
        for (byte, name, text) in [(1, "tests", "Write @tests first."), (2, "한글", "한국어로")] {
            state.apply(&[Change::from(Template {
                id: TemplateId::from_bytes([byte; 16]),
                name: name.into(),
                text: text.into(),
                updated_at: Timestamp::from_ms(0),
            })]);
        }
        state
    }

    #[test]
    fn a_template_takes_the_place_of_its_name_and_nothing_else() {
        let state = state();
        let cases = [
            ("@tests", "Write @tests first."),
            ("Do it, @tests.", "Do it, Write @tests first.."),
            ("(@tests)", "(Write @tests first.)"),
            ("me@tests", "me@tests"),
            ("me.@tests", "me.@tests"),
            ("@testsuite", "@testsuite"),
            ("@unknown @", "@unknown @"),
            ("@@tests", "@@tests"),
            ("@한글 답", "한국어로 답"),
        ];
        for (text, expected) in cases {
            assert_eq!(expanded(&state, text), expected, "{text}");
        }
    }
}
