//! What of a log is shown: the lines that hold a text and come from certain streams. The host looks for them part by
//! part, so that a log of any length is looked through while its first lines are read already.

use crate::{
    ViewContext, keys,
    theme::measures::task as measures,
    widgets::{Button, FieldEnd, icon_button, text_field},
};
use anyon_model::*;
use egui::{Id, Key, Ui};
use lucide_icons::Icon;
use std::sync::Arc;

/// Lines that the host looks at for one answer.
const PART: u32 = 65_536;

const STREAMS: [(LogStream, &str); 3] = [
    (LogStream::Out, "task-log-out"),
    (LogStream::Err, "task-log-err"),
    (LogStream::In, "task-log-in"),
];

/// What is looked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Find {
    text: String,
    /// Streams that are left out.
    without: Vec<LogStream>,
}

/// What was found, until now.
pub struct Found {
    parts: Vec<Arc<FoundInLog>>,
    /// All of the log was looked at.
    pub whole: bool,
}

impl Find {
    /// Something is looked for; else all lines are shown.
    pub fn is_on(&self) -> bool {
        !self.text.is_empty() || !self.without.is_empty()
    }

    /// Paints the field and the streams. True: something else is looked for now.
    pub fn ui(&mut self, cx: &ViewContext<'_>, ui: &mut Ui, found: Option<&Found>) -> bool {
        let before = self.clone();
        let (theme, text) = (cx.theme, cx.text);
        let field = Id::unique("log filter");
        if !cx.dialog_is_open() && keys::plain(ui, Key::Slash) {
            cx.focus(ui, field);
        }
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = theme.space.s;
            let end = ui
                .scope(|ui| {
                    ui.set_max_width(measures::LOG_FIND.min(ui.available_width() / 2.0));
                    let words = (text.get("task-log-find"), text.get("task-log-find-hint"));
                    text_field(ui, theme, field, &mut self.text, words.0, words.1).1
                })
                .inner;
            for (stream, name) in STREAMS {
                self.stream(cx, ui, stream, text.get(name));
            }
            let clear = text.get("task-log-find-clear");
            let cleared = self.is_on() && icon_button(ui, theme, Icon::X, clear, "Esc").clicked();
            if cleared || end == FieldEnd::Escape {
                *self = Self::default();
            }
            if let Some(found) = found {
                let said = text.with("task-log-found", &[("n", found.count().into())]);
                let more = if found.whole { "" } else { "…" };
                ui.add(egui::Label::new(theme.soft(format!("{said}{more}"))).truncate());
            }
        });
        *self != before
    }

    /// A stream that is shown or not.
    fn stream(&mut self, cx: &ViewContext<'_>, ui: &mut Ui, stream: LogStream, name: &str) {
        let on = !self.without.contains(&stream);
        let icon = if on { Icon::SquareCheck } else { Icon::Square };
        let response = Button::bare(name).icon(icon).show(ui, cx.theme);
        response.widget_info(|| egui::WidgetInfo::selected(egui::accesskit::Role::CheckBox, true, on, name));
        if response.clicked() {
            match on {
                // None at all would show nothing.
                true if self.without.len() + 1 < STREAMS.len() => self.without.push(stream),
                true => self.without.clear(),
                false => self.without.retain(|other| *other != stream),
            }
        }
    }

    /// What is found of it; the next part is asked for once the one before is there.
    pub fn found(&self, cx: &ViewContext<'_>, execution_id: ExecutionId) -> Found {
        let kept = STREAMS.iter().map(|(stream, _)| *stream);
        let streams: Vec<LogStream> = match self.without.is_empty() {
            true => Vec::new(),
            false => kept.filter(|stream| !self.without.contains(stream)).collect(),
        };
        let mut parts = Vec::new();
        let mut whole = false;
        while !whole {
            let page = cx.page(Query::FindInLog {
                execution_id,
                first: parts.len() as u64 * u64::from(PART),
                count: PART,
                text: self.text.clone(),
                streams: streams.clone(),
            });
            let Some(Answer::FoundInLog(part)) = page.ready() else {
                break;
            };
            whole = part.seen < PART;
            parts.push(part.clone());
        }
        Found { parts, whole }
    }
}

impl Found {
    /// How many lines were found.
    pub fn count(&self) -> u64 {
        self.parts.iter().map(|part| part.lines.len() as u64).sum()
    }

    /// The line of a row.
    pub fn line(&self, row: u64) -> Option<u64> {
        let mut row = usize::try_from(row).ok()?;
        for part in &self.parts {
            match part.lines.get(row) {
                Some(line) => return Some(*line),
                None => row -= part.lines.len(),
            }
        }
        None
    }
}
