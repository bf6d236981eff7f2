//! One line of a log in full, below the others: JSON with an indent, everything else as it came.

use crate::{
    Request, ViewContext, phrase,
    theme::measures::task as measures,
    widgets::{self, icon_button},
};
use anyon_model::*;
use egui::{Align, Label, Layout, ScrollArea, Ui};
use lucide_icons::Icon;

/// Bytes of a line that are shown.
const SHOWN: usize = 64 * 1024;

/// The line that is open.
#[derive(Default)]
pub struct Detail {
    /// What its text was made of.
    of: Option<(ExecutionId, u64)>,
    text: String,
}

impl Detail {
    /// Paints a line by its number. True: it is to be closed.
    pub fn ui(&mut self, cx: &ViewContext<'_>, ui: &mut Ui, execution_id: ExecutionId, number: u64) -> bool {
        let page = cx.page(Query::RawLog {
            execution_id,
            range: PageRange::From {
                first: number,
                count: 1,
            },
        });
        let line = match page.ready() {
            Some(Answer::RawLog(page)) => page.lines.first(),
            _ => None,
        };
        let closed = head(cx, ui, number, line);
        let Some(line) = line else {
            widgets::loading(ui, cx.theme, cx.text);
            return closed;
        };
        if self.of != Some((execution_id, number)) {
            *self = Self {
                of: Some((execution_id, number)),
                text: readable(&line.bytes),
            };
        }
        ScrollArea::vertical()
            .id_salt(("log line", number))
            .auto_shrink(false)
            .show(ui, |ui| {
                let text = cx.theme.rich(&*self.text, cx.theme.mono(), cx.theme.colors.text);
                ui.add(Label::new(text).wrap().selectable(true));
            });
        closed
    }
}

fn head(cx: &ViewContext<'_>, ui: &mut Ui, number: u64, line: Option<&LogLine>) -> bool {
    let (theme, text) = (cx.theme, cx.text);
    let mut closed = false;
    widgets::at_right(ui, theme, |ui| {
        ui.spacing_mut().item_spacing.x = theme.space.xs;
        closed = icon_button(ui, theme, Icon::X, text.get("task-log-close"), "").clicked();
        let copies = icon_button(ui, theme, Icon::Copy, text.get("task-log-copy"), "").clicked();
        if let (true, Some(line)) = (copies, line) {
            let whole = String::from_utf8_lossy(&line.bytes).into_owned();
            cx.ask(Request::CopyText(whole));
        }
        ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
            let figure = phrase::figure(number + 1);
            let said = text.with("task-log-line", &[("n", figure.into())]);
            ui.add(Label::new(theme.strong(said)).truncate());
            if let Some(line) = line {
                let ms = i64::try_from(line.after_ms).unwrap_or(i64::MAX);
                let (stream, _) = super::stream(cx, line.stream);
                let said = format!("{stream} · {}", phrase::duration(text, ms));
                ui.add(Label::new(theme.soft(said)).truncate());
            }
        });
    });
    ui.add_space(measures::LOG_GAP);
    closed
}

/// What can be read of bytes: no control characters, JSON with an indent.
fn readable(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(&bytes[..bytes.len().min(SHOWN)]);
    let text: String = text
        .chars()
        .filter(|character| !character.is_control() || *character == '\t')
        .collect();
    let mut text = widgets::shown(&text);
    if text.starts_with(['{', '[']) {
        text = indented(&text);
    }
    if bytes.len() > SHOWN {
        text.push('…');
    }
    text
}

/// JSON with an indent. What is no JSON stays readable: nothing is dropped, and strings stay as they are.
fn indented(json: &str) -> String {
    let mut out = String::with_capacity(json.len() * 2);
    let (mut depth, mut quoted, mut escaped) = (0_usize, false, false);
    let mut characters = json.chars().peekable();
    let line = |out: &mut String, depth: usize| {
        out.push('\n');
        out.extend(std::iter::repeat_n(' ', depth.min(32) * 2));
    };
    while let Some(character) = characters.next() {
        if quoted {
            quoted = escaped || character != '"';
            escaped = !escaped && character == '\\';
            out.push(character);
            continue;
        }
        match character {
            '{' | '[' => {
                out.push(character);
                depth += 1;
                match characters.peek() {
                    Some('}' | ']') => {}
                    _ => line(&mut out, depth),
                }
            }
            '}' | ']' => {
                depth = depth.saturating_sub(1);
                if !out.ends_with(['{', '[']) {
                    line(&mut out, depth);
                }
                out.push(character);
            }
            ',' => {
                out.push(',');
                line(&mut out, depth);
            }
            ':' => out.push_str(": "),
            ' ' | '\t' => {}
            '"' => {
                quoted = true;
                out.push('"');
            }
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_gets_an_indent_and_its_strings_stay() {
        let json = r#"{"type":"say","tags":[],"message":{"text":"a: {b}, \"c\"","n":[1,2]}}"#;
        let wanted = "{\n  \"type\": \"say\",\n  \"tags\": [],\n  \"message\": {\n    \"text\": \"a: {b}, \\\"c\\\"\",\n    \"n\": [\n      1,\n      2\n    ]\n  }\n}";
        assert_eq!(readable(json.as_bytes()), wanted);
    }

    #[test]
    fn what_is_no_json_stays_as_it_came_without_control_characters() {
        assert_eq!(
            readable(b"warning: \x1b[1m{odd}\x07, [x]"),
            "warning: [1m{odd}, [x]"
        );
        assert_eq!(readable("오류".as_bytes()), "오류");
        assert!(readable("}]".repeat(40).as_bytes()).starts_with("}]"));
    }

    #[test]
    fn a_huge_line_is_cut_and_says_so() {
        let text = readable(&[b'x'; 2 * SHOWN]);
        assert!(text.ends_with('…') && text.len() < SHOWN + 8);
    }
}
