//! The side bar: what needs the person, projects with their counts, running agents, settings.

use crate::{
    Panel, Place, Request, SettingsPage, ViewContext,
    dialog::{Confirm, Dialog},
    keys,
    overview::{AttemptView, ProjectView},
    panels::add_repository::AddRepository,
    phrase,
    theme::{Colors, measures::sidebar as measures},
    widgets::{self, Tone, focus_ring, icon_button, paint_icon, paint_row},
};
use anyon_model::{Attempt, AttemptStatus, Command, ProjectId};
use egui::{
    Align2, Color32, CornerRadius, Rect, Response, ScrollArea, Sense, Ui, Vec2, WidgetInfo, accesskit::Role,
    pos2, vec2,
};
use lucide_icons::Icon;

/// The side bar.
#[derive(Default)]
pub struct Sidebar {
    adding: AddRepository,
    /// The dialog that adds a project was open in the frame before.
    add_is_open: bool,
}

impl Panel for Sidebar {
    fn ui(&mut self, cx: &ViewContext<'_>, ui: &mut Ui) {
        let space = &cx.theme.space;
        ui.spacing_mut().item_spacing = vec2(0.0, space.xxs);
        let whole = ui.available_rect_before_wrap();
        // The panel is as wide as what it holds: without this it would shrink by its margins each frame.
        ui.expand_to_include_rect(whole);
        let inside = whole.shrink2(vec2(space.m, 0.0));
        ui.scope_builder(egui::UiBuilder::new().max_rect(inside), |ui| {
            head(cx, ui);
            needs_you(cx, ui);
            let below = ui.available_height() - (space.row + space.xxs) * 2.0 - space.l;
            ScrollArea::vertical()
                .max_height(below.max(0.0))
                .auto_shrink([false, false])
                .show(ui, |ui| {
                    self.projects(cx, ui);
                    widgets::steady(ui, "running", |ui| running(cx, ui));
                });
            ui.add_space(space.xs);
            widgets::steady(ui, "foot", |ui| foot(cx, ui));
        });
    }
}

impl Sidebar {
    fn projects(&self, cx: &ViewContext<'_>, ui: &mut Ui) {
        let add = section(
            cx,
            ui,
            cx.text.get("sidebar-projects"),
            Some(cx.text.get("sidebar-add-project")),
        );
        if add.is_some_and(|button| button.clicked()) {
            cx.open(Dialog::AddProject);
        }
        let several = cx.overview.projects().count() > 1;
        if several {
            let here = *cx.place() == Place::Board { project: None };
            let row = Row::new(Icon::LayoutDashboard, cx.text.get("sidebar-all-projects")).here(here);
            if row.show(cx, ui).clicked() {
                cx.go(Place::Board { project: None });
            }
        }
        for (project_id, view) in cx.overview.projects() {
            widgets::steady(ui, *project_id, |ui| {
                project_row(cx, ui, *project_id, view, several)
            });
        }
        if cx.overview.projects().next().is_none() {
            // In line with the heading above.
            let inside = egui::Margin::symmetric(cx.theme.space.m as i8, cx.theme.space.xs as i8);
            egui::Frame::new().inner_margin(inside).show(ui, |ui| {
                ui.label(cx.theme.small(cx.text.get("sidebar-no-projects")));
            });
        }
    }

    /// The dialog that adds a project.
    pub fn add_dialog(&mut self, cx: &ViewContext<'_>, ui: &mut Ui) {
        let title = cx.text.get("sidebar-add-title");
        if !std::mem::replace(&mut self.add_is_open, true) {
            self.adding.begin();
        }
        let ((added, cancelled), left) = widgets::dialog(ui, cx.theme, "add project", title, |ui| {
            let added = self.adding.ui(cx, ui, "side bar");
            ui.add_space(cx.theme.space.m);
            let cancel = widgets::Button::quiet(cx.text.get("common-cancel"));
            let cancelled = widgets::steady(ui, "cancel", |ui| {
                widgets::at_right(ui, cx.theme, |ui| cancel.show(ui, cx.theme).clicked())
            });
            (added, cancelled)
        });
        if let Some(project_id) = added {
            cx.go(Place::Board {
                project: Some(project_id),
            });
        }
        // What is being looked at is waited for: it is added, or it says why not.
        let left = (left || self.adding.take_escaped()) && !self.adding.is_busy();
        if added.is_some() || left || cancelled {
            self.add_is_open = false;
            self.adding.leave(cx);
            cx.close_dialog();
        }
    }
}

fn head(cx: &ViewContext<'_>, ui: &mut Ui) {
    let (theme, size) = (cx.theme, vec2(ui.available_width(), cx.theme.space.top_bar));
    let (rect, _) = ui.allocate_exact_size(size, Sense::hover());
    let mark = Rect::from_center_size(
        pos2(
            rect.left() + theme.space.xs + measures::MARK / 2.0,
            rect.center().y,
        ),
        Vec2::splat(measures::MARK),
    );
    ui.painter().rect_filled(
        mark,
        CornerRadius::same(theme.radius.chip),
        theme.colors.accent_fill,
    );
    // The name of the product is the same in all languages.
    ui.painter().text(
        mark.center(),
        Align2::CENTER_CENTER,
        "A",
        theme.title(),
        theme.colors.on_fill,
    );
    let at = pos2(mark.right() + theme.space.m, rect.center().y);
    ui.painter().text(
        at,
        Align2::LEFT_CENTER,
        "Anyon",
        theme.heading(),
        theme.colors.text,
    );
    let end = Rect::from_center_size(
        pos2(rect.right() - theme.space.control / 2.0, rect.center().y),
        Vec2::splat(theme.space.control),
    );
    let hide = ui.scope_builder(egui::UiBuilder::new().max_rect(end), |ui| {
        icon_button(ui, theme, Icon::Columns2, cx.text.get("sidebar-hide"), "Ctrl+B")
    });
    if hide.inner.clicked() {
        toggle(cx);
    }
}

fn needs_you(cx: &ViewContext<'_>, ui: &mut Ui) {
    let count = cx.overview.waiting().len();
    let row = Row::new(Icon::Inbox, cx.text.get("sidebar-needs-you"))
        .here(*cx.place() == Place::NeedsYou)
        .badge(count);
    if row.show(cx, ui).clicked() {
        cx.go(Place::NeedsYou);
    }
}

fn project_row(cx: &ViewContext<'_>, ui: &mut Ui, project_id: ProjectId, view: &ProjectView, several: bool) {
    let board = Place::Board {
        project: Some(project_id),
    };
    let alone = !several && *cx.place() == Place::Board { project: None };
    let (running, waiting) = view.running_and_waiting;
    let row = Row::new(Icon::Folder, &view.shard.project.name)
        .here(*cx.place() == board || alone)
        .counts(running, waiting);
    let response = row.show(cx, ui);
    if response.clicked() {
        cx.go(board);
    }
    response.context_menu(|ui| project_menu(cx, ui, project_id, view));
}

fn project_menu(cx: &ViewContext<'_>, ui: &mut Ui, project_id: ProjectId, view: &ProjectView) {
    let folder = view.shard.project.repo_path.clone();
    let item =
        |ui: &mut Ui, icon, key: &'static str| widgets::menu_item(ui, cx.theme, icon, cx.text.get(key), "");
    if item(ui, Icon::FolderOpen, "sidebar-open-folder") {
        cx.ask(Request::OpenFolder(folder.clone()));
    }
    if item(ui, Icon::Terminal, "sidebar-open-terminal") {
        cx.ask(Request::OpenTerminal(folder));
    }
    if item(ui, Icon::Settings, "sidebar-project-settings") {
        cx.go(Place::Settings {
            page: SettingsPage::Projects,
        });
    }
    if item(ui, Icon::Trash2, "sidebar-remove-project") {
        let name = view.shard.project.name.as_str();
        cx.open(Dialog::Confirm(Confirm {
            title: cx.text.with("sidebar-remove-title", &[("name", name.into())]),
            body: cx.text.get("sidebar-remove-text").to_owned(),
            action: cx.text.get("sidebar-remove-project").to_owned(),
            command: Command::RemoveProject { project_id },
        }));
    }
}

/// Agents at work by the title of their task, with time and state.
fn running(cx: &ViewContext<'_>, ui: &mut Ui) {
    if !cx.overview.is_busy() {
        return;
    }
    section(cx, ui, cx.text.get("sidebar-running"), None);
    for (project, attempt, view) in cx.overview.active() {
        widgets::steady(ui, attempt.id, |ui| agent_row(cx, ui, project, attempt, view));
    }
}

fn agent_row(
    cx: &ViewContext<'_>,
    ui: &mut Ui,
    project: &ProjectView,
    attempt: &Attempt,
    view: &AttemptView,
) {
    let theme = cx.theme;
    let Some(task) = project.shard.tasks.get(&attempt.task_id) else {
        return;
    };
    let here = matches!(cx.place(), Place::Task { attempt_id: Some(shown), .. } if *shown == attempt.id);
    let (rect, response) =
        ui.allocate_exact_size(vec2(ui.available_width(), measures::AGENT), Sense::click());
    let response = widgets::opens(response);
    let live = view
        .execution
        .as_ref()
        .and_then(|execution| cx.state.live.get(&execution.id));
    let mut line = phrase::state_line(cx.text, cx.now, (attempt, view, live.map(AsRef::as_ref)), None);
    if project
        .attempts_of
        .get(&attempt.task_id)
        .is_some_and(|all| all.len() > 1)
    {
        let which = cx.text.with("needs-you-attempt", &[("n", attempt.number.into())]);
        line = format!("{which} · {line}");
    }
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, format!("{}: {line}", task.title)));
    widgets::chosen(&response, here);
    row_ground(cx, ui, &response, here);
    let (_, tone) = phrase::mark(view.status);
    let color = tone.color(theme);
    let dot = pos2(
        rect.left() + theme.space.m + measures::DOT / 2.0,
        rect.top() + measures::AGENT / 3.0,
    );
    ui.painter().circle_filled(dot, measures::DOT / 2.0, color);
    let left = rect.left() + theme.space.m + theme.space.icon + theme.space.m;
    let width = rect.right() - theme.space.m - left;
    let title = paint_row(
        ui,
        pos2(left, rect.top() + theme.space.xs),
        &task.title,
        theme.body(),
        theme.colors.text,
        width,
    );
    let below = pos2(left, title.bottom() + theme.space.hairline);
    let color = if view.status == AttemptStatus::Waiting {
        color
    } else {
        theme.colors.text_soft
    };
    paint_row(ui, below, &line, theme.caption(), color, width);
    focus_ring(ui, theme, &response, theme.radius.control);
    if response.clicked() {
        cx.go(Place::attempt(attempt.task_id, attempt.id));
    }
    let title = widgets::is_cut(ui, &task.title, theme.body(), width);
    if title || widgets::is_cut(ui, &line, theme.caption(), width) {
        response.on_hover_text(widgets::shown(&format!("{}\n{line}", task.title)));
    }
}

fn foot(cx: &ViewContext<'_>, ui: &mut Ui) {
    let settings = matches!(cx.place(), Place::Settings { .. });
    let row = Row::new(Icon::Settings, cx.text.get("sidebar-settings")).here(settings);
    if row.show(cx, ui).clicked() {
        cx.go(Place::Settings {
            page: SettingsPage::General,
        });
    }
    let row = Row::new(Icon::Keyboard, cx.text.get("sidebar-keys")).here(*cx.place() == Place::Keys);
    if row.show(cx, ui).clicked() {
        cx.go(Place::Keys);
    }
}

/// A heading of the side bar, with a button to add if it has a label.
fn section(cx: &ViewContext<'_>, ui: &mut Ui, title: &str, add: Option<&str>) -> Option<Response> {
    let theme = cx.theme;
    ui.add_space(theme.space.m);
    let (rect, response) =
        ui.allocate_exact_size(vec2(ui.available_width(), theme.space.row), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Heading, true, title));
    let color = theme.colors.text_soft;
    let galley = widgets::clipped(
        ui,
        title,
        theme.caption_bold(),
        color,
        rect.width() - theme.space.row,
        1,
    );
    let at = pos2(
        rect.left() + theme.space.m,
        rect.center().y - galley.size().y / 2.0,
    );
    ui.painter().galley(at.round(), galley, color);
    let place = Rect::from_min_max(pos2(rect.right() - theme.space.control, rect.top()), rect.max);
    add.map(|add| {
        ui.scope_builder(egui::UiBuilder::new().max_rect(place), |ui| {
            icon_button(ui, theme, Icon::Plus, add, "")
        })
        .inner
    })
}

/// A row of the side bar.
struct Row<'a> {
    icon: Icon,
    label: &'a str,
    here: bool,
    badge: usize,
    counts: (usize, usize),
}

impl<'a> Row<'a> {
    fn new(icon: Icon, label: &'a str) -> Self {
        Self {
            icon,
            label,
            here: false,
            badge: 0,
            counts: (0, 0),
        }
    }
    fn here(mut self, here: bool) -> Self {
        self.here = here;
        self
    }
    fn badge(mut self, badge: usize) -> Self {
        self.badge = badge;
        self
    }
    fn counts(mut self, running: usize, waiting: usize) -> Self {
        self.counts = (running, waiting);
        self
    }

    fn show(self, cx: &ViewContext<'_>, ui: &mut Ui) -> Response {
        let theme = cx.theme;
        let (rect, response) =
            ui.allocate_exact_size(vec2(ui.available_width(), theme.space.row), Sense::click());
        let response = widgets::opens(response);
        response.widget_info(|| WidgetInfo::labeled(Role::Button, true, self.spoken(cx)));
        widgets::chosen(&response, self.here);
        row_ground(cx, ui, &response, self.here);
        let color = if self.here {
            theme.colors.text
        } else {
            theme.colors.text_soft
        };
        let icon = if self.here {
            theme.colors.accent
        } else {
            theme.colors.text_soft
        };
        let square = Rect::from_min_size(
            rect.min + vec2(theme.space.m, 0.0),
            vec2(theme.space.icon, rect.height()),
        );
        paint_icon(ui, theme, self.icon, square, icon);
        let right = self.marks(cx, ui, rect);
        let left = square.right() + theme.space.m;
        let galley = widgets::clipped(ui, self.label, theme.body(), color, right - left, 1);
        let at = pos2(left, rect.center().y - galley.size().y / 2.0);
        let cut = galley.elided;
        ui.painter().galley(at.round(), galley, color);
        focus_ring(ui, theme, &response, theme.radius.control);
        if cut {
            return response.on_hover_text(widgets::shown(self.label));
        }
        response
    }

    /// What the counts mean, for those who do not see their colours.
    fn spoken(&self, cx: &ViewContext<'_>) -> String {
        let mut spoken = self.label.to_owned();
        let mut add = |key: &'static str, count: usize| {
            if count > 0 {
                spoken.push_str(", ");
                spoken.push_str(&cx.text.with(key, &[("n", count.into())]));
            }
        };
        add("sidebar-spoken-badge", self.badge);
        add("sidebar-spoken-running", self.counts.0);
        add("sidebar-spoken-waiting", self.counts.1);
        spoken
    }

    /// Badge and counts at the right end. Gives where they begin.
    fn marks(&self, cx: &ViewContext<'_>, ui: &Ui, rect: Rect) -> f32 {
        let theme = cx.theme;
        let mut right = rect.right() - theme.space.m;
        if self.badge > 0 {
            right = badge(cx, ui, rect, right, self.badge);
        }
        let (running, waiting) = self.counts;
        let marks = [
            (Icon::CircleQuestionMark, Tone::Asks, waiting),
            (Icon::CirclePlay, Tone::Busy, running),
        ];
        for (icon, tone, count) in marks {
            if count > 0 {
                right = mark(cx, ui, rect, right, (icon, tone.color(theme), count));
            }
        }
        right
    }
}

fn badge(cx: &ViewContext<'_>, ui: &Ui, rect: Rect, right: f32, count: usize) -> f32 {
    let theme = cx.theme;
    let text = widgets::clipped(
        ui,
        &count.to_string(),
        theme.caption_bold(),
        theme.colors.on_fill,
        f32::INFINITY,
        1,
    );
    let size = vec2(
        (text.size().x + theme.space.m).max(theme.space.xl),
        theme.space.xl,
    );
    let pill = Rect::from_min_size(pos2(right - size.x, rect.center().y - size.y / 2.0), size);
    ui.painter().rect_filled(
        pill,
        CornerRadius::same(theme.radius.card),
        theme.colors.accent_fill,
    );
    ui.painter().galley(
        (pill.center() - text.size() / 2.0).round(),
        text,
        theme.colors.on_fill,
    );
    pill.left() - theme.space.xs
}

fn mark(
    cx: &ViewContext<'_>,
    ui: &Ui,
    rect: Rect,
    right: f32,
    (icon, color, count): (Icon, Color32, usize),
) -> f32 {
    let theme = cx.theme;
    let text = widgets::clipped(ui, &count.to_string(), theme.caption(), color, f32::INFINITY, 1);
    let left = right - text.size().x;
    ui.painter().galley(
        pos2(left, rect.center().y - text.size().y / 2.0).round(),
        text,
        color,
    );
    let square = Rect::from_center_size(
        pos2(left - theme.space.m - theme.space.xxs, rect.center().y),
        Vec2::splat(theme.space.icon),
    );
    paint_icon(ui, theme, icon, square, color);
    square.left() - theme.space.s
}

/// The ground of a row: where the person is, and below the pointer.
fn row_ground(cx: &ViewContext<'_>, ui: &Ui, response: &Response, here: bool) {
    let theme = cx.theme;
    let fill = match (here, response.hovered()) {
        (true, _) => theme.colors.hover,
        (false, true) => theme.colors.hover.gamma_multiply(Colors::HALF),
        (false, false) => return,
    };
    ui.painter()
        .rect_filled(response.rect, CornerRadius::same(theme.radius.control), fill);
}

/// The side bar makes way for the place.
pub fn is_hidden(cx: &ViewContext<'_>) -> bool {
    cx.note(HIDDEN).is_some()
}

/// Hides the side bar, or shows it again.
pub fn toggle(cx: &ViewContext<'_>) {
    cx.set_note(HIDDEN, if is_hidden(cx) { "" } else { "1" });
}

const HIDDEN: &str = "side bar/hidden";

/// Goes to what needs the person, and hides the side bar, from everywhere.
pub fn global_keys(cx: &ViewContext<'_>, ui: &Ui) {
    if keys::with(ui, egui::Modifiers::COMMAND, egui::Key::B) {
        toggle(cx);
    }
    if keys::with(ui, egui::Modifiers::COMMAND, egui::Key::I) {
        cx.go(Place::NeedsYou);
    }
}
