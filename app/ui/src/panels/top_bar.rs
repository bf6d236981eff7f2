//! The top bar: where the person is, search and commands, new task.

use crate::{
    Dialog, Panel, Place, ViewContext,
    panels::{board::new_task, sidebar},
    theme::measures::top_bar as measures,
    widgets::{Button, clipped, focus_ring, icon_button, key_hint, opens, paint_icon},
};
use egui::{
    Align, CornerRadius, Layout, Rect, Sense, Stroke, StrokeKind, Ui, WidgetInfo, accesskit::Role, pos2, vec2,
};
use lucide_icons::Icon;

/// The top bar.
#[derive(Default)]
pub struct TopBar {}

impl Panel for TopBar {
    fn ui(&mut self, cx: &ViewContext<'_>, ui: &mut Ui) {
        let theme = cx.theme;
        let whole = ui.available_rect_before_wrap();
        ui.painter().hline(
            whole.x_range(),
            whole.bottom(),
            Stroke::new(theme.space.hairline, theme.colors.line),
        );
        let inside = whole.shrink2(vec2(theme.space.xl, 0.0));
        let layout = Layout::right_to_left(Align::Center);
        ui.scope_builder(egui::UiBuilder::new().max_rect(inside).layout(layout), |ui| {
            let some_project = cx.overview.projects().next().is_some();
            if some_project
                && Button::primary(cx.text.get("top-bar-new-task"))
                    .key("C")
                    .show(ui, theme)
                    .clicked()
            {
                new_task(cx, ui);
            }
            search(cx, ui);
            let left = ui.available_rect_before_wrap();
            ui.scope_builder(
                egui::UiBuilder::new()
                    .max_rect(left)
                    .layout(Layout::left_to_right(Align::Center)),
                |ui| {
                    if sidebar::is_hidden(cx) {
                        show_side_bar(cx, ui);
                    }
                    place(cx, ui, left.right());
                },
            );
        });
    }
}

/// The way back to the side bar, with what would be seen there first.
fn show_side_bar(cx: &ViewContext<'_>, ui: &mut Ui) {
    let (theme, text) = (cx.theme, cx.text);
    if icon_button(ui, theme, Icon::Columns2, text.get("sidebar-show"), "Ctrl+B").clicked() {
        sidebar::toggle(cx);
    }
    let needs = cx.overview.waiting().len();
    if needs > 0 {
        let label = format!("{} {needs}", text.get("sidebar-needs-you"));
        let button = Button::bare(&label).icon(Icon::Inbox);
        if button.show(ui, theme).clicked() {
            cx.go(Place::NeedsYou);
        }
    }
}

fn new_task(cx: &ViewContext<'_>, ui: &Ui) {
    new_task::request(ui.ctx());
    let project = match cx.place() {
        Place::Board { .. } => return,
        Place::Task { task_id, .. } => cx.overview.of_task(*task_id).map(|view| view.shard.project.id),
        _ => None,
    };
    cx.go(Place::Board { project });
}

/// Looks like a field, opens the palette.
fn search(cx: &ViewContext<'_>, ui: &mut Ui) {
    let theme = cx.theme;
    let width = measures::SEARCH
        .min(ui.available_width() - measures::PLACE)
        .max(theme.space.control);
    let (rect, response) = ui.allocate_exact_size(vec2(width, theme.space.control), Sense::click());
    let label = cx.text.get("top-bar-search");
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, label));
    let edge = if response.hovered() {
        theme.colors.text_faint
    } else {
        theme.colors.line_strong
    };
    let radius = CornerRadius::same(theme.radius.control);
    ui.painter().rect(
        rect,
        radius,
        theme.colors.bg,
        Stroke::new(theme.space.hairline, edge),
        StrokeKind::Inside,
    );
    let square = Rect::from_min_size(
        rect.min + vec2(theme.space.m, 0.0),
        vec2(theme.space.icon, rect.height()),
    );
    paint_icon(ui, theme, Icon::Search, square, theme.colors.text_soft);
    let layout = Layout::right_to_left(Align::Center);
    let inside = Rect::from_min_max(
        pos2(square.right() + theme.space.m, rect.top()),
        rect.max - vec2(theme.space.s, 0.0),
    );
    if inside.width() > theme.space.control {
        // A child that takes no room: the field has its place already, and what follows begins left of it.
        let mut ui = ui.new_child(egui::UiBuilder::new().max_rect(inside).layout(layout));
        key_hint(&mut ui, theme, "Ctrl+K");
        let left = ui.available_rect_before_wrap();
        let galley = clipped(&ui, label, theme.body(), theme.colors.text_soft, left.width(), 1);
        let at = pos2(inside.left(), rect.center().y - galley.size().y / 2.0);
        ui.painter().galley(at.round(), galley, theme.colors.text_soft);
    }
    focus_ring(ui, theme, &response, theme.radius.control);
    if response.clicked() {
        cx.open(Dialog::Palette);
    }
}

/// Project / place, as words that lead back, up to an edge.
fn place(cx: &ViewContext<'_>, ui: &mut Ui, right: f32) {
    let theme = cx.theme;
    let (project, here) = names(cx);
    let is_board = matches!(cx.place(), Place::Board { .. });
    if let Some((name, place)) = project {
        let width = ui.available_width() / 2.0;
        let galley = clipped(ui, &name, theme.body(), theme.colors.text_soft, width, 1);
        let (rect, response) =
            ui.allocate_exact_size(vec2(galley.size().x, theme.space.control), Sense::click());
        let response = opens(response);
        response.widget_info(|| WidgetInfo::labeled(Role::Link, true, &name));
        let color = if response.hovered() && !is_board {
            theme.colors.text
        } else {
            theme.colors.text_soft
        };
        ui.painter().galley_with_override_text_color(
            pos2(rect.left(), rect.center().y - galley.size().y / 2.0).round(),
            galley,
            color,
        );
        focus_ring(ui, theme, &response, theme.radius.chip);
        if response.clicked() && !is_board {
            cx.go(place);
        }
        if !here.is_empty() {
            ui.label(theme.faint("/"));
        }
    }
    let width = (right - ui.cursor().left() - theme.space.m).max(0.0);
    let galley = clipped(ui, &here, theme.title(), theme.colors.text, width, 1);
    let (rect, response) = ui.allocate_exact_size(galley.size(), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &here));
    let cut = galley.elided;
    ui.painter().galley(rect.min.round(), galley, theme.colors.text);
    if cut {
        response.on_hover_text(here);
    }
}

/// The project's name with its board, and the name of the place.
fn names(cx: &ViewContext<'_>) -> (Option<(String, Place)>, String) {
    let get = |key: &'static str| cx.text.get(key).to_owned();
    let project_of = |project_id: Option<anyon_model::ProjectId>| {
        let only = || {
            cx.overview
                .projects()
                .next()
                .filter(|_| cx.overview.projects().count() == 1)
        };
        let found = project_id
            .and_then(|id| cx.overview.project(id))
            .or_else(|| only().map(|(_, view)| view));
        found.map(|view| {
            (
                view.shard.project.name.clone(),
                Place::Board { project: project_id },
            )
        })
    };
    match cx.place() {
        Place::Board { project } => {
            let all = || (get("sidebar-all-projects"), Place::Board { project: None });
            let some = cx.overview.projects().next().is_some();
            (
                project_of(*project).or_else(|| some.then(all)),
                get("top-bar-board"),
            )
        }
        Place::Task { task_id, .. } => {
            let view = cx.overview.of_task(*task_id);
            let short = cx.state.short_id(*task_id).unwrap_or_default();
            let task = view.and_then(|view| view.shard.tasks.get(task_id));
            let here = task.map_or_else(String::new, |task| format!("{short} {}", task.title));
            (project_of(view.map(|view| view.shard.project.id)), here)
        }
        Place::NeedsYou => (None, get("sidebar-needs-you")),
        Place::Settings { .. } => (None, get("sidebar-settings")),
        Place::Keys => (None, get("sidebar-keys")),
        Place::About => (None, get("top-bar-about")),
        Place::FirstStart => (None, String::new()),
    }
}
