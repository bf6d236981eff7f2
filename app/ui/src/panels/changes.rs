//! The changes of an attempt: the tree of its files and the diff of one of them, live while they are looked at.

mod kept;
mod kind;
mod line;
mod reading;
mod rows;
mod tree;
mod view;
mod wrap;

use crate::{
    EditorTarget, Page, Request, ViewContext, keys, phrase,
    theme::measures::changes as sizes,
    widgets::{self, EmptyState, Split, VirtualList, icon_button, icon_toggle, segments},
};
use anyon_model::{
    Answer, Attempt, AttemptId, AttemptStatus, DiffSummary, FilePath, FileStat, FileStatus, Query,
    WorktreeState,
};
use egui::{
    Color32, CornerRadius, Key, Layout, Rect, Sense, Ui, Vec2, WidgetInfo, accesskit::Role, pos2, vec2,
};
use kept::Kept;
use lucide_icons::Icon;
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};
use tree::{Node, TreeRow};
use view::{FileView, Jump};

/// Under this note stands how diffs are laid out.
const SPLIT: &str = "changes/split";
/// Under this note stands that long lines go on to the right; without it they go on below.
const WIDE_LINES: &str = "changes/wide-lines";

/// The files, their rows in the tree, and their order.
type Tree = (Arc<DiffSummary>, Arc<Vec<TreeRow>>, Arc<Vec<usize>>);

/// The changes.
#[derive(Default)]
pub struct Changes {
    of: Option<AttemptId>,
    chosen: Option<FilePath>,
    folded: BTreeSet<String>,
    tree: Option<Tree>,
    files: VirtualList,
    view: FileView,
    /// Whether they are live or kept.
    kept: Option<Kept>,
    /// Where the reader was in other files.
    places: BTreeMap<FilePath, f64>,
}

impl Changes {
    /// Paints it for an attempt.
    pub fn ui(&mut self, cx: &ViewContext<'_>, ui: &mut Ui, attempt_id: AttemptId) {
        if self.of != Some(attempt_id) {
            *self = Self {
                of: Some(attempt_id),
                ..Self::default()
            };
        }
        let shard = cx.state.shard_of_attempt(attempt_id);
        let Some(attempt) = shard.and_then(|shard| shard.attempts.get(&attempt_id)) else {
            return;
        };
        let kept = Kept::of(cx, attempt);
        if self.kept != kept {
            // The same files are read elsewhere from now on.
            kept::forget(cx, attempt_id);
            self.kept = kept;
        }
        if attempt.worktree.state != WorktreeState::Ready && self.kept.is_none() {
            return no_worktree(cx, ui, attempt);
        }
        let watch = true;
        match cx.page(Query::DiffSummary { attempt_id, watch }) {
            Page::Loading => widgets::padded(ui, cx.theme, |ui| widgets::loading(ui, cx.theme, cx.text)),
            Page::Failed(problem) => {
                widgets::padded(ui, cx.theme, |ui| widgets::problem(ui, cx.theme, &problem));
            }
            Page::Ready(answer) => {
                if let Answer::DiffSummary(summary) = &*answer {
                    self.changes(cx, ui, attempt, summary);
                }
            }
        }
    }

    fn changes(&mut self, cx: &ViewContext<'_>, ui: &mut Ui, attempt: &Attempt, summary: &Arc<DiffSummary>) {
        if summary.files.is_empty() {
            let (title, text) = match self.kept {
                Some(_) => ("changes-nothing", "changes-nothing-text"),
                None => ("changes-none", "changes-none-text"),
            };
            let (title, text) = (cx.text.get(title), cx.text.get(text));
            empty(cx, ui, Icon::FileDiff, (title, text));
            return;
        }
        self.follow(summary);
        let (rows, order) = match &self.tree {
            Some((_, rows, order)) => (rows.clone(), order.clone()),
            None => return,
        };
        self.keys(cx, ui, summary, &order);
        ui.spacing_mut().item_spacing = Vec2::ZERO;
        let split = self.bar(cx, ui, summary, &order);
        let both = Split {
            name: "changes",
            share: sizes::TREE,
            least: sizes::LEAST,
        };
        let chosen = self.chosen(summary);
        let mut pressed = None;
        let (files, view) = (&mut self.files, &mut self.view);
        both.show(
            cx,
            ui,
            |ui| pressed = list(cx, ui, files, (&rows, summary), chosen),
            |ui| {
                if let Some(stat) = chosen.and_then(|chosen| summary.files.get(chosen)) {
                    name_bar(cx, ui, attempt, stat);
                    kind::chips(cx, ui, stat);
                    view.ui(cx, ui, attempt.id, stat, (split, wraps(cx)));
                }
            },
        );
        match pressed {
            Some(Node::File(index)) => self.choose(summary, index, None),
            Some(Node::Folder { path, open }) => self.fold(path, open),
            None => {}
        }
    }

    /// Makes the tree again when the files changed. What was chosen stays chosen.
    fn follow(&mut self, summary: &Arc<DiffSummary>) {
        let fresh = matches!(&self.tree, Some((kept, ..)) if Arc::ptr_eq(kept, summary));
        if !fresh {
            let order = tree::order(summary);
            if self.chosen(summary).is_none()
                && let Some(first) = order.first()
            {
                self.choose(summary, *first, None);
            }
            let rows = Arc::new(tree::rows(summary, &self.folded));
            self.tree = Some((summary.clone(), rows, Arc::new(order)));
        }
    }

    fn fold(&mut self, path: String, open: bool) {
        if open {
            self.folded.insert(path);
        } else {
            self.folded.remove(&path);
        }
        if let Some((summary, rows, _)) = &mut self.tree {
            *rows = Arc::new(tree::rows(summary, &self.folded));
        }
    }

    fn chosen(&self, summary: &DiffSummary) -> Option<usize> {
        let chosen = self.chosen.as_ref()?;
        summary.files.iter().position(|file| file.path == *chosen)
    }

    fn choose(&mut self, summary: &DiffSummary, index: usize, jump: Option<Jump>) {
        let Some(file) = summary.files.get(index) else {
            return;
        };
        if self.chosen.as_ref() == Some(&file.path) {
            return;
        }
        if let Some(left) = self.chosen.replace(file.path.clone()) {
            self.places.insert(left, self.view.top());
        }
        let top = self.places.get(&file.path).copied().unwrap_or(0.0);
        self.view = FileView::at(top, jump);
        if let Some((_, rows, _)) = &self.tree
            && let Some(row) = rows.iter().position(|row| row.node == Node::File(index))
        {
            self.files.reveal(row as u64);
        }
    }

    /// The next or previous change; behind the last one of a file, the next file.
    fn step(&mut self, summary: &DiffSummary, order: &[usize], forward: bool) {
        if !self.view.step(forward) {
            let jump = if forward { Jump::First } else { Jump::Last };
            self.step_file(summary, order, (forward, Some(jump)));
        }
    }

    fn step_file(&mut self, summary: &DiffSummary, order: &[usize], (forward, jump): (bool, Option<Jump>)) {
        let here = self
            .chosen(summary)
            .and_then(|chosen| order.iter().position(|index| *index == chosen));
        let to = match (here, forward) {
            (Some(here), true) => here.checked_add(1),
            (Some(here), false) => here.checked_sub(1),
            (None, _) => Some(0),
        };
        if let Some(index) = to.and_then(|to| order.get(to)) {
            self.choose(summary, *index, jump);
        }
    }

    fn keys(&mut self, cx: &ViewContext<'_>, ui: &Ui, summary: &DiffSummary, order: &[usize]) {
        if cx.dialog_is_open() {
            return;
        }
        for (key, forward) in [(Key::N, true), (Key::P, false)] {
            if keys::plain(ui, key) {
                self.step(summary, order, forward);
            }
        }
        for (key, forward) in [(Key::CloseBracket, true), (Key::OpenBracket, false)] {
            if keys::plain(ui, key) {
                self.step_file(summary, order, (forward, None));
            }
        }
        if keys::plain(ui, Key::V) {
            set_split(cx, !is_split(cx));
        }
        if keys::plain(ui, Key::W) {
            set_wraps(cx, !wraps(cx));
        }
    }

    /// What changed in all, how it is shown, and the ways through it. Gives whether sides stand side by side.
    fn bar(&mut self, cx: &ViewContext<'_>, ui: &mut Ui, summary: &DiffSummary, order: &[usize]) -> bool {
        let (theme, text) = (cx.theme, cx.text);
        let mut split = is_split(cx);
        bar(cx, ui, |ui| {
            let next = icon_button(ui, theme, Icon::ArrowDown, text.get("changes-next"), "N");
            let previous = icon_button(ui, theme, Icon::ArrowUp, text.get("changes-previous"), "P");
            for (button, forward) in [(next, true), (previous, false)] {
                if button.clicked() {
                    self.step(summary, order, forward);
                }
            }
            ui.add_space(theme.space.s);
            let words = (text.get("changes-wrap"), "W");
            let wrapped = wraps(cx);
            if icon_toggle(ui, theme, Icon::TextWrap, words, wrapped).clicked() {
                set_wraps(cx, !wrapped);
            }
            ui.add_space(theme.space.s);
            // From the right: the first one stands last.
            let names = [text.get("changes-split"), text.get("changes-unified")];
            let choice =
                ui.scope(|ui| segments(ui, theme, text.get("changes-layout"), &names, usize::from(!split)));
            if let Some(now) = choice.inner {
                split = now == 0;
                set_split(cx, split);
            }
            ui.with_layout(Layout::left_to_right(egui::Align::Center), |ui| {
                ui.spacing_mut().item_spacing.x = theme.space.m;
                ui.add_space(theme.space.l);
                let said = text.with("changes-files", &[("n", summary.files.len().into())]);
                ui.add(egui::Label::new(theme.strong(said)).truncate());
                widgets::figures(ui, theme, (summary.additions(), summary.deletions()));
                if let Some(kept) = &self.kept {
                    kept.chip(cx, ui);
                }
            });
        });
        split
    }
}

fn is_split(cx: &ViewContext<'_>) -> bool {
    cx.note(SPLIT).is_some()
}

fn set_split(cx: &ViewContext<'_>, split: bool) {
    cx.set_note(SPLIT, if split { "1" } else { "" });
}

fn wraps(cx: &ViewContext<'_>) -> bool {
    cx.note(WIDE_LINES).is_none()
}

fn set_wraps(cx: &ViewContext<'_>, wraps: bool) {
    cx.set_note(WIDE_LINES, if wraps { "" } else { "1" });
}

/// A bar over the whole width, filled from the right, with a line below.
fn bar(cx: &ViewContext<'_>, ui: &mut Ui, content: impl FnOnce(&mut Ui)) {
    let size = vec2(ui.available_width(), sizes::BAR);
    let right = Layout::right_to_left(egui::Align::Center);
    let shown = ui.allocate_ui_with_layout(size, right, |ui| {
        ui.set_min_size(size);
        ui.add_space(cx.theme.space.s);
        ui.spacing_mut().item_spacing.x = cx.theme.space.xs;
        content(ui);
    });
    let rect = shown.response.rect;
    let stroke = egui::Stroke::new(cx.theme.space.hairline, cx.theme.colors.line);
    ui.painter().hline(rect.x_range(), rect.bottom(), stroke);
}

/// The name of the file, what happened to it, and where else it can be seen.
fn name_bar(cx: &ViewContext<'_>, ui: &mut Ui, attempt: &Attempt, stat: &FileStat) {
    let (theme, text) = (cx.theme, cx.text);
    bar(cx, ui, |ui| {
        if icon_button(ui, theme, Icon::Copy, text.get("changes-copy-path"), "").clicked() {
            cx.ask(Request::CopyText(stat.path.to_string()));
        }
        if stat.status != FileStatus::Deleted
            && attempt.worktree.state == WorktreeState::Ready
            && icon_button(
                ui,
                theme,
                Icon::SquareArrowOutUpRight,
                text.get("changes-open"),
                "",
            )
            .clicked()
        {
            let path = attempt.worktree.path.as_path().join(stat.path.as_path());
            cx.ask(Request::OpenEditor(EditorTarget {
                path: path.into(),
                line: None,
            }));
        }
        ui.with_layout(Layout::left_to_right(egui::Align::Center), |ui| {
            ui.spacing_mut().item_spacing.x = theme.space.s;
            ui.add_space(theme.space.m);
            let (icon, color, word) = status(cx, stat.status);
            widgets::mark(ui, theme, icon, color).on_hover_text(word);
            let name = match &stat.old_path {
                Some(old) => format!("{old} → {}", stat.path),
                None => stat.path.to_string(),
            };
            let name = theme.rich(widgets::shown(&name), theme.mono(), theme.colors.text);
            ui.add(egui::Label::new(name).truncate());
        });
    });
}

/// Paints the tree. Gives the row that was pressed.
fn list(
    cx: &ViewContext<'_>,
    ui: &mut Ui,
    files: &mut VirtualList,
    (rows, summary): (&[TreeRow], &DiffSummary),
    chosen: Option<usize>,
) -> Option<Node> {
    let mut pressed = None;
    let label = cx.text.get("changes-tree");
    let count = rows.len() as u64;
    files.fixed(ui, cx.theme, (label, count, sizes::FILE), |ui, at| {
        let Some(row) = rows.get(at as usize) else {
            return;
        };
        let is_chosen = matches!(row.node, Node::File(index) if Some(index) == chosen);
        if tree_row(cx, ui, (row, summary), is_chosen) {
            pressed = Some(row.node.clone());
        }
    });
    pressed
}

fn tree_row(
    cx: &ViewContext<'_>,
    ui: &mut Ui,
    (row, summary): (&TreeRow, &DiffSummary),
    chosen: bool,
) -> bool {
    let theme = cx.theme;
    let rect = ui.max_rect().shrink2(vec2(theme.space.xs, 0.0));
    let response = widgets::opens(ui.interact(rect, ui.scope_id().with("row"), Sense::click()));
    let (icon, color, word) = match &row.node {
        Node::Folder { open: true, .. } => (Icon::ChevronDown, theme.colors.text_soft, ""),
        Node::Folder { open: false, .. } => (Icon::ChevronRight, theme.colors.text_soft, ""),
        Node::File(index) => match summary.files.get(*index) {
            Some(file) => status(cx, file.status),
            None => return false,
        },
    };
    let (added, removed) = (phrase::figure(row.additions), phrase::figure(row.deletions));
    let file = match &row.node {
        Node::File(index) => summary.files.get(*index),
        Node::Folder { .. } => None,
    };
    let mut said = format!("{} {word} +{added} −{removed}", row.name);
    if let Some(more) = file
        .map(|file| kind::said(cx, file))
        .filter(|more| !more.is_empty())
    {
        said = format!("{said}, {more}");
    }
    response.widget_info(|| WidgetInfo::labeled(Role::TreeItem, true, &said));
    match row.node {
        Node::Folder { open, .. } => widgets::unfolds(&response, open),
        Node::File(_) => widgets::chosen(&response, chosen),
    }
    if chosen || response.hovered() {
        let fill = if chosen {
            theme.colors.hover
        } else {
            theme.colors.column
        };
        ui.painter()
            .rect_filled(rect, CornerRadius::same(theme.radius.control), fill);
    }
    let left = rect.left() + theme.space.s + f32::from(row.depth) * sizes::INDENT;
    let middle = egui::Align2::LEFT_CENTER;
    let icon = char::from(icon).to_string();
    ui.painter().text(
        pos2(left, rect.center().y).round(),
        middle,
        icon,
        theme.icon(),
        color,
    );
    let left = left + theme.space.icon + theme.space.s;
    let height = theme.size.body * theme.size.line;
    let is_folder = matches!(row.node, Node::Folder { .. });
    let color = if is_folder {
        theme.colors.text_soft
    } else {
        theme.colors.text
    };
    let at = pos2(left, rect.center().y - height / 2.0);
    let whole = ui
        .painter()
        .layout_no_wrap(widgets::shown(&row.name), theme.body(), color);
    let tag = file.and_then(|file| kind::tag(cx, file));
    let right = counts(cx, ui, rect, (row, tag), left + whole.size().x.min(sizes::NAME));
    let width = (right - theme.space.s - left).max(0.0);
    widgets::paint_row(ui, at, &row.name, theme.body(), color, width);
    widgets::focus_ring(ui, theme, &response, theme.radius.control);
    let pressed = response.clicked();
    if whole.size().x > width || right == rect.right() {
        response.on_hover_text(widgets::shown(&said));
    }
    pressed
}

/// Paints what was added and removed at the right of a row, after a word of what kind of file it is; zeros are left
/// out, and all of it where the name would not have its room. Gives where it begins.
fn counts(
    cx: &ViewContext<'_>,
    ui: &Ui,
    rect: Rect,
    (row, tag): (&TreeRow, Option<(&str, bool)>),
    name_ends: f32,
) -> f32 {
    let theme = cx.theme;
    let mut right = rect.right() - theme.space.s;
    let parts: [(char, u64, Color32); 2] = [
        ('−', row.deletions, theme.colors.red),
        ('+', row.additions, theme.colors.green),
    ];
    let tag = tag.map(|(word, warns)| {
        let color = if warns {
            theme.colors.amber
        } else {
            theme.colors.text_soft
        };
        let galley = ui
            .painter()
            .layout_no_wrap(word.to_owned(), theme.caption(), color);
        (galley, color)
    });
    let painted: Vec<_> = parts
        .into_iter()
        .filter(|(_, number, _)| *number > 0)
        .map(|(sign, number, color)| {
            let text = format!("{sign}{}", phrase::figure(number));
            (ui.painter().layout_no_wrap(text, theme.mono(), color), color)
        })
        .chain(tag)
        .collect();
    let wide = painted.iter().map(|(galley, _)| galley.size().x + theme.space.xs);
    if right - wide.sum::<f32>() < name_ends + theme.space.s {
        return rect.right();
    }
    for (galley, color) in painted {
        let at = pos2(right - galley.size().x, rect.center().y - galley.size().y / 2.0);
        right = at.x - theme.space.xs;
        ui.painter().galley(at.round(), galley, color);
    }
    right
}

/// The mark of what happened to a file, and the word for it.
fn status<'a>(cx: &'a ViewContext<'_>, status: FileStatus) -> (Icon, Color32, &'a str) {
    let colors = &cx.theme.colors;
    let (icon, color, key) = match status {
        FileStatus::Added | FileStatus::Untracked => (Icon::SquarePlus, colors.green, "changes-added"),
        FileStatus::Modified => (Icon::SquareDot, colors.amber, "changes-modified"),
        FileStatus::Deleted => (Icon::SquareMinus, colors.red, "changes-deleted"),
        FileStatus::Renamed => (Icon::SquareArrowRight, colors.blue, "changes-renamed"),
        FileStatus::TypeChanged => (Icon::SquareDot, colors.violet, "changes-type"),
    };
    (icon, color, cx.text.get(key))
}

fn no_worktree(cx: &ViewContext<'_>, ui: &mut Ui, attempt: &Attempt) {
    let shard = cx.state.shard_of_attempt(attempt.id);
    let status = shard.and_then(|shard| shard.attempt_status(attempt.id));
    let (title, text) = match attempt.worktree.state {
        WorktreeState::Removed => ("changes-removed", "changes-removed-text"),
        _ if !status.is_some_and(AttemptStatus::is_active) => {
            ("changes-no-worktree", "changes-no-worktree-text")
        }
        _ => ("changes-soon", "changes-soon-text"),
    };
    empty(cx, ui, Icon::FileDiff, (cx.text.get(title), cx.text.get(text)));
}

fn empty(cx: &ViewContext<'_>, ui: &mut Ui, icon: Icon, (title, text): (&str, &str)) {
    let state = EmptyState {
        icon,
        title,
        text,
        action: None,
    };
    widgets::empty_state(ui, cx.theme, &state);
}
