//! Texts in answers: cut to a length, safe on one line, times as people write them.

use anyon_model::{FilePath, Question, Timestamp};

/// Characters of what a caller sent that are repeated in an answer.
const QUOTED: usize = 80;
/// Characters of one sentence of a problem.
const TOLD: usize = 600;

/// What a caller sent, on one line and not too long.
pub fn quoted(text: &str) -> String {
    let line: String = text
        .chars()
        .take(QUOTED)
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    if text.chars().nth(QUOTED).is_some() {
        line + "…"
    } else {
        line
    }
}

/// Words of a problem, which may repeat what a caller sent: not too long, and nothing in them that moves a cursor or
/// turns a line around.
pub fn told(words: &str) -> String {
    let turns = |c: char| matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let is_safe = |c: &char| *c == '\n' || !c.is_control() && !turns(*c);
    cut(&words.chars().filter(is_safe).collect::<String>(), TOLD)
}

/// A text, or its beginning and how much is left out.
pub fn cut(text: &str, chars: usize) -> String {
    match text.char_indices().nth(chars) {
        None => text.to_owned(),
        Some((at, _)) => {
            let left_out = text[at..].chars().count();
            format!("{}… ({left_out} more characters)", &text[..at])
        }
    }
}

/// RFC 3339 in UTC.
pub fn time(at: Timestamp) -> String {
    jiff::Timestamp::from_millisecond(at.as_ms()).map_or_else(|_| String::new(), |at| at.to_string())
}

/// What exactly an agent asks.
pub fn question(question: &Question) -> String {
    let paths = |paths: &[FilePath]| paths.iter().map(FilePath::quoted).collect::<Vec<_>>().join("\n");
    match question {
        Question::Command { command, cwd } => match cwd {
            Some(cwd) => format!("Run this command in {}?\n{command}", cwd.quoted()),
            None => format!("Run this command?\n{command}"),
        },
        Question::Edit { paths: files } => format!("Change these files?\n{}", paths(files)),
        Question::Read { paths: files } => format!("Read these files?\n{}", paths(files)),
        Question::Fetch { target } => format!("Fetch this?\n{target}"),
        Question::Tool { input } => format!("Call this tool?\n{input}"),
        Question::Plan { plan } => format!("Carry out this plan?\n{plan}"),
        Question::Choice { questions } => {
            let lines = questions.iter().map(|asked| asked.question.as_str());
            lines.collect::<Vec<_>>().join("\n")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_says_what_is_left_of_it() {
        assert_eq!(cut("가나다", 3), "가나다");
        assert_eq!(cut("가나다라", 3), "가나다… (1 more characters)");
        assert_eq!(quoted("a\nb"), "a b");
        assert_eq!(told("a\nb\u{1b}[2J\u{202e}\r"), "a\nb[2J");
        assert!(told(&"x".repeat(1 << 20)).len() < 700);
        assert_eq!(time(Timestamp::from_ms(0)), "1970-01-01T00:00:00Z");
    }
}
