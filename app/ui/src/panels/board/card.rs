//! A card: title in two lines, one derived state line, and below id, agents, labels and age.

use crate::{
    ViewContext,
    overview::{AttemptView, ProjectView},
    panels::classify,
    phrase,
    theme::{Colors, measures::board as measures},
    widgets::{chosen, clipped, focus_ring, opens, paint_icon, shown},
};
use anyon_model::{Answer, Attempt, AttemptStatus, Label, Query, Task, TaskId};
use egui::{
    Color32, CornerRadius, FontId, Galley, Id, Pos2, Rect, Response, Sense, Stroke, StrokeKind, Ui,
    WidgetInfo, accesskit::Role, pos2, vec2,
};
use lucide_icons::Icon;
use std::sync::Arc;

/// What a card shows.
pub struct Card<'a> {
    /// The task.
    pub task: &'a Task,
    /// Its project.
    pub project: &'a ProjectView,
    /// It has the cursor.
    pub chosen: bool,
    /// It is being carried elsewhere.
    pub carried: bool,
    /// Its title is being written anew: a field stands there.
    pub untitled: bool,
}

/// The widget of a task's card.
pub fn card_id(task_id: TaskId) -> Id {
    Id::unique(("card", task_id))
}

/// How high the card of a task is.
pub fn height(cx: &ViewContext<'_>, project: &ProjectView, task_id: TaskId) -> f32 {
    let tried = project.attempts_of.contains_key(&task_id);
    let state = if tried {
        line(cx, cx.theme.size.caption) + cx.theme.space.xs
    } else {
        0.0
    };
    let title = line(cx, cx.theme.size.body) * 2.0;
    let foot = line(cx, cx.theme.size.caption);
    (cx.theme.space.card_y * 2.0 + title + cx.theme.space.s + state + foot).ceil()
}

/// Where a field for the title stands on a card.
pub fn title_place(cx: &ViewContext<'_>, card: Rect) -> Rect {
    let inner = card.shrink2(vec2(cx.theme.space.card_x, cx.theme.space.card_y));
    let size = vec2(inner.width(), line(cx, cx.theme.size.body) * 2.0);
    Rect::from_min_size(inner.min, size)
}

/// Height of one line of a type size.
fn line(cx: &ViewContext<'_>, size: f32) -> f32 {
    (size * cx.theme.size.line).ceil()
}

impl Card<'_> {
    /// Paints it over the whole rectangle that is left.
    pub fn show(&self, cx: &ViewContext<'_>, ui: &mut Ui) -> Response {
        let rect = ui.max_rect();
        let response = opens(ui.interact(rect, card_id(self.task.id), Sense::click_and_drag()));
        let cut = self.paint(cx, ui, rect, &response);
        focus_ring(ui, cx.theme, &response, cx.theme.radius.card);
        if cut.is_empty() {
            return response;
        }
        response.on_hover_text(shown(&cut.join("\n")))
    }

    /// Paints it at the pointer while it is carried.
    pub fn paint_carried(&self, cx: &ViewContext<'_>, ui: &mut Ui) {
        let rect = ui.max_rect();
        ui.painter().add(
            ui.visuals()
                .popup_shadow
                .as_shape(rect, CornerRadius::same(cx.theme.radius.card)),
        );
        ground(cx, ui, rect, cx.theme.colors.hover, cx.theme.colors.accent);
        self.content(cx, ui, rect);
    }

    /// Gives the words that are cut.
    fn paint(&self, cx: &ViewContext<'_>, ui: &mut Ui, rect: Rect, response: &Response) -> Vec<String> {
        let colors = &cx.theme.colors;
        let fill = if response.hovered() {
            colors.hover
        } else {
            colors.card
        };
        let edge = if self.chosen { colors.accent } else { colors.line };
        if self.carried {
            ui.multiply_opacity(Colors::HALF);
        }
        ground(cx, ui, rect, fill, edge);
        let Words { said, cut } = self.content(cx, ui, rect);
        let short = format!("{}-{}", self.project.shard.project.short_prefix, self.task.number);
        response.widget_info(|| {
            let label = match &said {
                Some(said) => format!("{short} {}: {said}", self.task.title),
                None => format!("{short} {}", self.task.title),
            };
            WidgetInfo::labeled(Role::Button, true, label)
        });
        chosen(response, self.chosen);
        cut
    }

    /// Title, state line, foot.
    fn content(&self, cx: &ViewContext<'_>, ui: &mut Ui, rect: Rect) -> Words {
        let theme = cx.theme;
        let inner = rect.shrink2(vec2(theme.space.card_x, theme.space.card_y));
        let unread = if self.task.unread { theme.space.l } else { 0.0 };
        let title = clipped(
            ui,
            &self.task.title,
            theme.title(),
            theme.colors.text,
            inner.width() - unread,
            2,
        );
        let mut cut = Vec::new();
        if title.elided {
            cut.push(self.task.title.clone());
        }
        if !self.untitled {
            ui.painter().galley(inner.min.round(), title, theme.colors.text);
        }
        if self.task.unread {
            let at = pos2(
                inner.right() - measures::UNREAD,
                inner.top() + line(cx, theme.size.body) / 2.0,
            );
            ui.painter()
                .circle_filled(at, measures::UNREAD, theme.colors.accent);
        }
        let foot = line(cx, theme.size.caption);
        let urgent = self.project.most_urgent(self.task.id);
        let said = urgent.map(|(attempt, view)| {
            let at = inner.bottom() - foot * 2.0 - theme.space.xs;
            let place = Rect::from_min_size(pos2(inner.left(), at), vec2(inner.width(), foot));
            let (said, whole) = state(cx, ui, place, attempt, view);
            if !whole {
                cut.push(said.clone());
            }
            said
        });
        let place = Rect::from_min_max(pos2(inner.left(), inner.bottom() - foot), inner.max);
        cut.extend(self.foot(cx, ui, place));
        Words { said, cut }
    }

    /// Priority, short id, agents and labels from the left as far as they fit; age at the right. Gives what does not.
    fn foot(&self, cx: &ViewContext<'_>, ui: &mut Ui, rect: Rect) -> Option<String> {
        let theme = cx.theme;
        let faint = theme.colors.text_faint;
        let age = clipped(
            ui,
            &phrase::age(cx.text, cx.now, self.task.updated_at),
            theme.caption(),
            faint,
            f32::INFINITY,
            1,
        );
        let right = rect.right() - age.size().x;
        word(ui, pos2(right, rect.center().y), age, faint);
        let mut row = Foot {
            x: rect.left(),
            right: right - theme.space.m,
            rect,
            cut: Vec::new(),
        };
        if let Some((icon, color)) = classify::priority_mark(cx, self.task.priority) {
            row.icon(cx, ui, icon, color);
        }
        let short = format!("{}-{}", self.project.shard.project.short_prefix, self.task.number);
        row.word(cx, ui, &short, (theme.caption(), theme.colors.text_soft));
        self.agents(cx, ui, &mut row);
        let labels: Vec<_> = self.project.shard.labels_of(self.task).collect();
        for (at, label) in labels.iter().enumerate() {
            let rest = &labels[at..];
            if !row.has_room(cx, rest.len()) {
                row.more(cx, ui, rest);
                break;
            }
            row.chip(cx, ui, (&label.name, rest.len()), theme.colors.label(label));
        }
        (!row.cut.is_empty()).then(|| row.cut.join(" · "))
    }

    /// The agents that tried the task, each once, with how often.
    fn agents(&self, cx: &ViewContext<'_>, ui: &mut Ui, row: &mut Foot) {
        let attempts = self.project.attempts_of.get(&self.task.id).into_iter().flatten();
        let views = attempts.filter_map(|attempt| self.project.attempts.get(attempt));
        let mut counts: Vec<(&str, usize)> = Vec::new();
        for view in views.filter(|view| view.status != AttemptStatus::Dropped) {
            let Some(session) = &view.session else { continue };
            let executor = session.profile.executor.as_str();
            match counts.iter_mut().find(|(known, _)| *known == executor) {
                Some((_, count)) => *count += 1,
                None => counts.push((executor, 1)),
            }
        }
        for (executor, count) in counts {
            row.icon(cx, ui, phrase::agent_icon(executor), cx.theme.colors.text_soft);
            let name = phrase::agent_name(executor);
            // How often first: the name may be cut.
            let words = if count > 1 {
                format!("×{count} {name}")
            } else {
                name
            };
            row.word(cx, ui, &words, (cx.theme.caption(), cx.theme.colors.text_soft));
        }
    }
}

/// What a card says, and what of it is cut.
struct Words {
    said: Option<String>,
    cut: Vec<String>,
}

/// The row below, filled from the left.
struct Foot {
    x: f32,
    right: f32,
    rect: Rect,
    /// What is not there in full.
    cut: Vec<String>,
}

impl Foot {
    fn icon(&mut self, cx: &ViewContext<'_>, ui: &Ui, icon: Icon, color: Color32) {
        let size = cx.theme.space.icon;
        if self.x + size > self.right {
            return;
        }
        let square = Rect::from_min_size(pos2(self.x, self.rect.top()), vec2(size, self.rect.height()));
        paint_icon(ui, cx.theme, icon, square, color);
        self.x = square.right() + cx.theme.space.xs;
    }
    fn word(&mut self, cx: &ViewContext<'_>, ui: &Ui, word: &str, (font, color): (FontId, Color32)) {
        let left = self.right - self.x;
        if left < cx.theme.space.row {
            self.cut.push(word.to_owned());
            return;
        }
        let galley = clipped(ui, word, font, color, left, 1);
        if galley.elided {
            self.cut.push(word.to_owned());
        }
        let width = galley.size().x;
        self::word(ui, pos2(self.x, self.rect.center().y), galley, color);
        self.x += width + cx.theme.space.m;
    }
    /// A chip fits, and behind it how many more there are.
    fn has_room(&self, cx: &ViewContext<'_>, chips: usize) -> bool {
        self.room(cx, chips) >= cx.theme.space.row
    }
    /// What the first of so many chips may take.
    fn room(&self, cx: &ViewContext<'_>, chips: usize) -> f32 {
        let behind = if chips > 1 { cx.theme.space.row } else { 0.0 };
        self.right - self.x - cx.theme.space.m - behind
    }
    /// How many labels have no room. They are in the tooltip, and in the head of the task.
    fn more(&mut self, cx: &ViewContext<'_>, ui: &Ui, labels: &[&Arc<Label>]) {
        self.cut.extend(labels.iter().map(|label| label.name.clone()));
        let (font, color) = (cx.theme.caption(), cx.theme.colors.text_soft);
        let galley = clipped(ui, &format!("+{}", labels.len()), font, color, f32::INFINITY, 1);
        if galley.size().x <= self.right - self.x {
            word(ui, pos2(self.x, self.rect.center().y), galley, color);
        }
    }
    fn chip(&mut self, cx: &ViewContext<'_>, ui: &Ui, (word, chips): (&str, usize), color: Color32) {
        let space = &cx.theme.space;
        let left = self.room(cx, chips);
        let galley = clipped(ui, word, cx.theme.caption(), color, left, 1);
        if galley.elided {
            self.cut.push(word.to_owned());
        }
        let size = vec2(galley.size().x + space.m, self.rect.height() + space.xxs);
        let ground = Rect::from_min_size(pos2(self.x, self.rect.top() - space.hairline), size);
        ui.painter().rect_filled(
            ground,
            CornerRadius::same(cx.theme.radius.chip),
            Colors::tint(color),
        );
        self::word(ui, pos2(self.x + space.xs, self.rect.center().y), galley, color);
        self.x = ground.right() + space.xs;
    }
}

/// Paints a word whose left end's middle is given, so that it stands level with icons.
fn word(ui: &Ui, middle: Pos2, galley: Arc<Galley>, color: Color32) {
    let at = pos2(middle.x, middle.y - galley.size().y / 2.0);
    ui.painter().galley(at.round(), galley, color);
}

fn ground(cx: &ViewContext<'_>, ui: &Ui, rect: Rect, fill: Color32, edge: Color32) {
    let radius = CornerRadius::same(cx.theme.radius.card);
    ui.painter().rect(
        rect,
        radius,
        fill,
        Stroke::new(cx.theme.space.hairline, edge),
        StrokeKind::Inside,
    );
}

/// The state line. Gives what it says, and whether all of that is there.
fn state(cx: &ViewContext<'_>, ui: &Ui, rect: Rect, attempt: &Attempt, view: &AttemptView) -> (String, bool) {
    let live = view
        .execution
        .as_ref()
        .and_then(|execution| cx.state.live.get(&execution.id));
    let said = phrase::state_line(
        cx.text,
        cx.now,
        (attempt, view, live.map(AsRef::as_ref)),
        diff(cx, view, attempt),
    );
    let (icon, tone) = phrase::mark(view.status);
    let color = tone.color(cx.theme);
    let mark = Rect::from_min_size(rect.min, vec2(cx.theme.space.icon, rect.height()));
    paint_icon(ui, cx.theme, icon, mark, color);
    let left = mark.right() + cx.theme.space.s;
    let galley = clipped(ui, &said, cx.theme.caption(), color, rect.right() - left, 1);
    let whole = !galley.elided;
    word(ui, pos2(left, rect.center().y), galley, color);
    (said, whole)
}

/// Lines added and removed, for what is to review; asked once, and again when the attempt ran since.
fn diff(cx: &ViewContext<'_>, view: &AttemptView, attempt: &Attempt) -> Option<(u64, u64)> {
    if view.status != AttemptStatus::Idle {
        return None;
    }
    let page = cx.page(Query::DiffSummary {
        attempt_id: attempt.id,
        watch: false,
    });
    match page.ready()? {
        Answer::DiffSummary(summary) => Some((summary.additions(), summary.deletions())),
        _ => None,
    }
}
