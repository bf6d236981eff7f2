//! Priority and labels of a task: what classifies it, chosen in one dialog.

use crate::{
    ViewContext,
    theme::measures::classify as measures,
    widgets::{self, Button, DialogEnd, FieldEnd},
};
use anyon_model::*;
use egui::{Color32, Id, ScrollArea, Ui};
use lucide_icons::Icon;

const PRIORITIES: [Priority; 5] = [
    Priority::None,
    Priority::Low,
    Priority::Medium,
    Priority::High,
    Priority::Urgent,
];

/// The dialog.
#[derive(Default)]
pub struct Classify {
    /// The task it was opened for, until it is closed.
    of: Option<TaskId>,
    priority: Priority,
    /// The labels of the project and the new ones, and whether the task has them.
    labels: Vec<(String, bool)>,
    new: String,
}

impl Classify {
    /// Paints it for a task.
    pub fn ui(&mut self, cx: &ViewContext<'_>, ui: &mut Ui, task_id: TaskId) {
        let found = cx.state.shard_of_task(task_id);
        let Some((shard, task)) = found.and_then(|shard| Some((shard, shard.tasks.get(&task_id)?))) else {
            return self.close(cx);
        };
        if self.of != Some(task_id) {
            self.open(cx, ui, shard, task);
        }
        let title = cx.text.get("classify-title");
        let (end, left) = widgets::dialog(ui, cx.theme, "classify", title, |ui| self.content(cx, ui, task));
        match end {
            DialogEnd::Confirmed => self.save(cx, task_id),
            DialogEnd::Cancelled => self.close(cx),
            DialogEnd::Open if left => self.close(cx),
            DialogEnd::Open => {}
        }
    }

    fn open(&mut self, cx: &ViewContext<'_>, ui: &Ui, shard: &ProjectShard, task: &Task) {
        let mut labels: Vec<_> = shard.labels.values().collect();
        labels.sort_by_key(|label| label.name.to_lowercase());
        let has = |label: &&std::sync::Arc<Label>| (label.name.clone(), task.labels.contains(&label.id));
        *self = Self {
            of: Some(task.id),
            priority: task.priority,
            labels: labels.iter().map(has).collect(),
            new: String::new(),
        };
        cx.focus(ui, field());
    }

    fn close(&mut self, cx: &ViewContext<'_>) {
        *self = Self::default();
        cx.close_dialog();
    }

    fn content(&mut self, cx: &ViewContext<'_>, ui: &mut Ui, task: &Task) -> DialogEnd {
        let (theme, text) = (cx.theme, cx.text);
        ui.add(egui::Label::new(theme.soft(widgets::shown(&task.title))).truncate());
        ui.add_space(theme.space.m);
        ui.label(theme.small(text.get("classify-priority")));
        let names = PRIORITIES.map(|priority| priority_name(cx, priority));
        let at = PRIORITIES.iter().position(|priority| *priority == self.priority);
        let words = text.get("classify-priority");
        if let Some(at) = widgets::segments(ui, theme, words, &names, at.unwrap_or_default()) {
            self.priority = PRIORITIES[at];
        }
        ui.add_space(theme.space.m);
        ui.label(theme.small(text.get("classify-labels")));
        ScrollArea::vertical()
            .id_salt("labels")
            .max_height(measures::LABELS_MAX)
            .auto_shrink([false, true])
            .show(ui, |ui| {
                ui.horizontal_wrapped(|ui| {
                    for (name, on) in &mut self.labels {
                        widgets::check_box(ui, theme, on, name);
                    }
                });
            });
        let words = (text.get("classify-new"), text.get("classify-new-hint"));
        let (_, end) = widgets::text_field(ui, theme, field(), &mut self.new, words.0, words.1);
        let empty = self.new.trim().is_empty();
        if end == FieldEnd::Enter && !empty {
            self.take_new();
            cx.focus(ui, field());
        }
        let fits = written(&self.new).all(|name| name.chars().count() <= Label::NAME_MAX);
        if !fits {
            let words = text.with("classify-too-long", &[("n", Label::NAME_MAX.into())]);
            widgets::state_line(ui, theme, Icon::CircleAlert, widgets::Tone::Bad, &words);
        }
        let action = Button::primary(text.get("classify-save")).key("Ctrl+Enter");
        let pressed = widgets::dialog_buttons(ui, theme, text.get("common-cancel"), action, fits);
        match end {
            FieldEnd::CtrlEnter if fits => DialogEnd::Confirmed,
            FieldEnd::Enter if empty => DialogEnd::Confirmed,
            FieldEnd::Escape => DialogEnd::Cancelled,
            _ => pressed,
        }
    }

    /// What was written becomes labels that are on, unless one of them is too long: that stays to be shortened.
    fn take_new(&mut self) {
        if written(&self.new).any(|name| name.chars().count() > Label::NAME_MAX) {
            return;
        }
        let new = std::mem::take(&mut self.new);
        for name in written(&new) {
            let same = |(known, _): &&mut (String, bool)| known.to_lowercase() == name.to_lowercase();
            match self.labels.iter_mut().find(same) {
                Some((_, on)) => *on = true,
                None => self.labels.push((name.to_owned(), true)),
            }
        }
    }

    fn save(&mut self, cx: &ViewContext<'_>, task_id: TaskId) {
        self.take_new();
        let on = self.labels.iter().filter(|(_, on)| *on);
        let patch = TaskPatch {
            priority: Some(self.priority),
            labels: Some(on.map(|(name, _)| name.clone()).collect()),
            ..TaskPatch::default()
        };
        cx.send(Command::UpdateTask { task_id, patch });
        self.close(cx);
    }
}

/// The labels that were written; several stand with commas between them.
fn written(text: &str) -> impl Iterator<Item = &str> {
    text.split(',').map(str::trim).filter(|name| !name.is_empty())
}

fn field() -> Id {
    Id::unique("new label")
}

/// The word of a priority.
pub fn priority_name<'a>(cx: &ViewContext<'a>, priority: Priority) -> &'a str {
    match priority {
        Priority::None => cx.text.get("classify-none"),
        Priority::Low => cx.text.get("classify-low"),
        Priority::Medium => cx.text.get("classify-medium"),
        Priority::High => cx.text.get("classify-high"),
        Priority::Urgent => cx.text.get("classify-urgent"),
    }
}

/// The mark of a priority; nothing where nobody said one.
pub fn priority_mark(cx: &ViewContext<'_>, priority: Priority) -> Option<(Icon, Color32)> {
    let colors = &cx.theme.colors;
    match priority {
        Priority::None => None,
        Priority::Low => Some((Icon::ChevronDown, colors.text_faint)),
        Priority::Medium => Some((Icon::ChevronUp, colors.text_soft)),
        Priority::High => Some((Icon::ChevronsUp, colors.amber)),
        Priority::Urgent => Some((Icon::Flame, colors.red)),
    }
}
