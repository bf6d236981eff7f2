//! The header of a task in three rows: short id and title with what can be done; labels and description; agent, model,
//! mode, branches of the attempt and how far it is.

use super::{agent_name, start_button, strip};
use crate::{
    Dialog, Place, Request, ViewContext, keys,
    panels::{classify, composer, conversation},
    phrase,
    request::EditorTarget,
    theme::measures::task as measures,
    widgets::{self, Button, FieldEnd},
};
use anyon_model::*;
use egui::{Id, Key, Layout, ScrollArea, Ui};
use lucide_icons::Icon;
use std::sync::Arc;

/// View state of the header.
#[derive(Default)]
pub struct Header {
    open: Option<TaskId>,
    /// Title and description while they are edited.
    edited: Option<(TaskId, String, String)>,
}

impl Header {
    /// Paints it.
    pub fn ui(
        &mut self,
        cx: &ViewContext<'_>,
        ui: &mut Ui,
        shard: &ProjectShard,
        task: &Task,
        attempt: Option<&Arc<Attempt>>,
    ) {
        match &self.edited {
            Some((edited, ..)) if *edited == task.id => self.edit(cx, ui),
            _ => {
                self.title(cx, ui, shard, task, attempt);
                self.about(cx, ui, shard, task, attempt);
            }
        }
        if let Some(attempt) = attempt {
            standing(cx, ui, shard, attempt);
        }
    }

    fn title(
        &mut self,
        cx: &ViewContext<'_>,
        ui: &mut Ui,
        shard: &ProjectShard,
        task: &Task,
        attempt: Option<&Arc<Attempt>>,
    ) {
        let theme = cx.theme;
        ui.horizontal(|ui| {
            let short = format!("{}-{}", shard.project.short_prefix, task.number);
            ui.label(theme.rich(short, theme.heading(), theme.colors.text_faint));
            ui.with_layout(Layout::right_to_left(egui::Align::Center), |ui| {
                if let Some(attempt) = attempt {
                    more(cx, ui, attempt);
                    let label = cx.text.get("task-open-editor");
                    if widgets::icon_button(ui, theme, Icon::CodeXml, label, "").clicked() {
                        let path = attempt.worktree.path.clone();
                        cx.ask(Request::OpenEditor(EditorTarget { path, line: None }));
                    }
                    start_button(cx, ui, task.id);
                    attempts(cx, ui, shard, attempt);
                }
                if widgets::icon_button(ui, theme, Icon::Tag, cx.text.get("task-classify"), "T").clicked()
                    || (!cx.dialog_is_open() && keys::plain(ui, Key::T))
                {
                    cx.open(Dialog::Classify { task_id: task.id });
                }
                if widgets::icon_button(ui, theme, Icon::Pencil, cx.text.get("task-edit"), "").clicked() {
                    self.edited = Some((task.id, task.title.clone(), task.description.clone()));
                    cx.focus(ui, field("title"));
                }
                ui.with_layout(Layout::left_to_right(egui::Align::Center), |ui| {
                    let title = theme.rich(widgets::shown(&task.title), theme.heading(), theme.colors.text);
                    ui.add(egui::Label::new(title).truncate())
                        .on_hover_text(&task.title);
                });
            });
        });
    }

    /// Priority and labels, the description in one line that opens to the whole, and who else had a hand in it.
    fn about(
        &mut self,
        cx: &ViewContext<'_>,
        ui: &mut Ui,
        shard: &ProjectShard,
        task: &Task,
        attempt: Option<&Arc<Attempt>>,
    ) {
        let (theme, text) = (cx.theme, task.description.trim());
        let others = others(cx, task, attempt);
        let is_marked = task.priority != Priority::default() || shard.labels_of(task).next().is_some();
        if text.is_empty() && others.is_none() && !is_marked {
            return;
        }
        let open = self.open == Some(task.id) && !text.is_empty();
        ui.horizontal(|ui| {
            ui.set_min_height(theme.space.control);
            marks(cx, ui, shard, task);
            if text.is_empty() {
                if let Some((icon, line)) = &others {
                    widgets::mark(ui, theme, *icon, theme.colors.text_soft);
                    let most = ui.available_width();
                    cut(ui, theme, line, (theme.caption(), theme.colors.text_soft), most);
                }
                return;
            }
            let from_the_right = Layout::right_to_left(egui::Align::Center);
            ui.with_layout(from_the_right, |ui| {
                if let Some((icon, line)) = &others {
                    let most = ui.available_width() * measures::OTHERS;
                    cut(ui, theme, line, (theme.caption(), theme.colors.text_soft), most);
                    widgets::mark(ui, theme, *icon, theme.colors.text_soft);
                }
                let line = Layout::left_to_right(egui::Align::Center);
                ui.with_layout(line, |ui| self.description(cx, ui, task, open));
            });
        });
        if open {
            whole_description(cx, ui, text);
        }
    }

    fn description(&mut self, cx: &ViewContext<'_>, ui: &mut Ui, task: &Task, open: bool) {
        let theme = cx.theme;
        let chevron = if open {
            Icon::ChevronDown
        } else {
            Icon::ChevronRight
        };
        let button = Button::bare(cx.text.get("task-description")).icon(chevron);
        let button = button.show(ui, theme);
        widgets::unfolds(&button, open);
        if button.clicked() {
            self.open = if open { None } else { Some(task.id) };
        }
        if !open {
            let first = task.description.trim().lines().next().unwrap_or_default();
            ui.add(egui::Label::new(theme.soft(widgets::shown(first))).truncate());
        }
    }

    fn edit(&mut self, cx: &ViewContext<'_>, ui: &mut Ui) {
        let Some((task_id, title, description)) = &mut self.edited else {
            return;
        };
        let (theme, text) = (cx.theme, cx.text);
        let words = (text.get("task-title"), text.get("task-title-hint"));
        let (_, one) = widgets::text_field(ui, theme, field("title"), title, words.0, words.1);
        let words = (text.get("task-description"), text.get("task-description-hint"));
        let (_, two) = widgets::text_area(
            ui,
            theme,
            field("description"),
            description,
            words,
            measures::DESCRIPTION_ROWS,
        );
        let ready = !title.trim().is_empty();
        let (mut save, mut leave) = (matches!(one, FieldEnd::Enter | FieldEnd::CtrlEnter), false);
        save |= two == FieldEnd::CtrlEnter;
        // What was written is kept: leaving by Escape is no refusal. The button is. Without a title there is nothing to
        // keep, and what nobody changed is not sent.
        let escaped = one == FieldEnd::Escape || two == FieldEnd::Escape;
        let task = cx
            .state
            .shard_of_task(*task_id)
            .and_then(|shard| shard.tasks.get(task_id));
        let same = task.is_some_and(|task| (&task.title, &task.description) == (&*title, &*description));
        save |= escaped && ready && !same;
        leave |= escaped;
        ui.horizontal(|ui| {
            let button = Button::primary(text.get("task-save")).key("Ctrl+Enter");
            save |= button
                .enabled(ready, text.get("task-title-hint"))
                .show(ui, theme)
                .clicked();
            leave |= Button::quiet(text.get("common-cancel")).show(ui, theme).clicked();
        });
        if save && ready {
            let patch = TaskPatch {
                title: Some(title.trim().to_owned()),
                description: Some(description.clone()),
                ..TaskPatch::default()
            };
            cx.send(Command::UpdateTask {
                task_id: *task_id,
                patch,
            });
        }
        if leave || (save && ready) {
            self.edited = None;
        }
    }
}

/// The description in Markdown.
fn whole_description(cx: &ViewContext<'_>, ui: &mut Ui, text: &str) {
    let theme = cx.theme;
    ScrollArea::vertical()
        .id_salt("description")
        .max_height(measures::DESCRIPTION_MAX)
        .auto_shrink([false, true])
        .show(ui, |ui| {
            let page = cx.page(Query::Markdown {
                text: Arc::from(text),
            });
            match page.ready() {
                Some(Answer::Blocks(blocks)) => conversation::show_blocks(cx, ui, blocks),
                _ => drop(ui.add(egui::Label::new(theme.text(widgets::shown(text))).wrap())),
            }
        });
}

/// Priority and labels in at most a share of the row; those beyond it are in a list that opens.
fn marks(cx: &ViewContext<'_>, ui: &mut Ui, shard: &ProjectShard, task: &Task) {
    let theme = cx.theme;
    let most = ui.available_width() * measures::MARKS;
    let begin = ui.cursor().left();
    if let Some((icon, color)) = classify::priority_mark(cx, task.priority) {
        let name = classify::priority_name(cx, task.priority);
        widgets::chip(ui, theme, Some(icon), name, color);
    }
    let labels: Vec<_> = shard.labels_of(task).collect();
    for (at, label) in labels.iter().enumerate() {
        let left = most - (ui.cursor().left() - begin);
        if at > 0 && left < measures::MARK_MIN {
            more_labels(cx, ui, &labels[at..]);
            return;
        }
        ui.scope(|ui| {
            ui.set_max_width(left.max(measures::MARK_MIN));
            widgets::chip(ui, theme, None, &label.name, theme.colors.label(label));
        });
    }
}

/// `+3`, and the three in a list.
fn more_labels(cx: &ViewContext<'_>, ui: &mut Ui, labels: &[&Arc<Label>]) {
    let theme = cx.theme;
    let words = cx.text.with("task-labels-more", &[("n", labels.len().into())]);
    let button = Button::bare(&format!("+{}", labels.len()))
        .spoken(&words)
        .show(ui, theme);
    let button = widgets::menu_button(button, |ui| {
        ui.spacing_mut().item_spacing.y = theme.space.xs;
        for label in labels {
            widgets::chip(ui, theme, None, &label.name, theme.colors.label(label));
        }
    });
    button.on_hover_text(words);
}

/// Who wrote the task and who started the attempt, where no person did.
fn others(cx: &ViewContext<'_>, task: &Task, attempt: Option<&Arc<Attempt>>) -> Option<(Icon, String)> {
    let project = cx.overview.project(task.project_id)?;
    let started = attempt.and_then(|attempt| Some((attempt, project.others.started.get(&attempt.id)?)));
    let started = started.map(|(attempt, by)| (Deed::Start, by, attempt.created_at));
    let created = project.others.created.get(&task.id);
    let created = created.map(|by| (Deed::Create, by, task.created_at));
    let icon = created.or(started).map(|(_, by, _)| phrase::actor_icon(by))?;
    let told = created.into_iter().chain(started).filter_map(|(deed, by, at)| {
        let did = phrase::did(cx.text, cx.state, deed, by)?;
        Some(format!("{did} · {}", phrase::age(cx.text, cx.now, at)))
    });
    Some((icon, told.collect::<Vec<_>>().join(" · ")))
}

fn field(name: &str) -> Id {
    Id::unique(("task field", name))
}

/// Who works where, and how far it is, in one row.
fn standing(cx: &ViewContext<'_>, ui: &mut Ui, shard: &ProjectShard, attempt: &Attempt) {
    let theme = cx.theme;
    let strip = strip::Strip::of(
        cx,
        ui,
        shard,
        attempt,
        ui.available_width() * measures::STRIP_SHARE,
    );
    let room = ui.available_width() - strip.width() - theme.space.xl;
    ui.horizontal(|ui| {
        ui.set_min_height(measures::STRIP);
        ui.spacing_mut().item_spacing.x = theme.space.s;
        facts(cx, ui, shard, attempt, room);
        ui.add_space(theme.space.m);
        strip.ui(cx, ui);
    });
}

/// Agent · variant, model, mode; branch → target; cut where they would take more than so much room.
fn facts(cx: &ViewContext<'_>, ui: &mut Ui, shard: &ProjectShard, attempt: &Attempt, room: f32) {
    let theme = cx.theme;
    let (begin, soft) = (ui.cursor().left(), theme.colors.text_soft);
    if let Some((_, view)) = cx.overview.attempt(attempt.id)
        && view.status == AttemptStatus::Conflicted
    {
        let (icon, tone) = phrase::mark(view.status);
        widgets::chip(
            ui,
            theme,
            Some(icon),
            &phrase::conflicts(cx.text, view),
            tone.color(theme),
        );
    }
    let between = 2.0 * (theme.space.icon + 2.0 * theme.space.s) + theme.space.s;
    let room = room - (ui.cursor().left() - begin) - between;
    let who = who(cx, shard, attempt);
    let wide = |words: &str, font| {
        let galley = widgets::clipped(ui, words, font, soft, f32::INFINITY, 1);
        galley.size().x.ceil()
    };
    let (target, said) = (wide(&attempt.target, theme.mono()), wide(&who, theme.body()));
    // The branch gives way first: its name begins like all others.
    let target = target.min(room * measures::BRANCH);
    let branch = wide(&attempt.branch, theme.mono());
    let branch = branch.min((room - target - said).max(room * measures::BRANCH));
    let said = said.min((room - target - branch).max(0.0));
    cut(ui, theme, &who, (theme.body(), soft), said);
    widgets::mark(ui, theme, Icon::GitBranch, theme.colors.text_faint);
    cut(ui, theme, &attempt.branch, (theme.mono(), soft), branch);
    widgets::mark(ui, theme, Icon::ArrowRight, theme.colors.text_faint);
    cut(ui, theme, &attempt.target, (theme.mono(), soft), target);
}

fn who(cx: &ViewContext<'_>, shard: &ProjectShard, attempt: &Attempt) -> String {
    let mut words = Vec::new();
    if let Some(session) = shard.last_session(attempt.id) {
        words.push(agent_name(cx, &session.profile.executor));
        words.extend(session.profile.variant.clone());
        let model = shard
            .last_agent_execution(attempt.id)
            .and_then(|execution| execution.model.clone())
            .or_else(|| session.model.clone());
        words.extend(model);
        words.push(composer::mode_name(cx, attempt.approve).to_owned());
    }
    words.join(" · ")
}

/// Words, cut where they would take more room than that; the whole of them is a tooltip then.
fn cut(
    ui: &mut Ui,
    theme: &crate::Theme,
    words: &str,
    (font, color): (egui::FontId, egui::Color32),
    most: f32,
) {
    let galley = widgets::clipped(ui, words, font, color, most.max(theme.space.xxl), 1);
    let cut = galley.elided;
    let response = ui.label(galley);
    response.widget_info(|| egui::WidgetInfo::labeled(egui::accesskit::Role::Label, true, words));
    if cut {
        response.on_hover_text(widgets::shown(words));
    }
}

/// The attempts of the task, where there are several.
fn attempts(cx: &ViewContext<'_>, ui: &mut Ui, shard: &ProjectShard, open: &Attempt) {
    let mut all: Vec<_> = shard.attempts_of(open.task_id).collect();
    if all.len() < 2 {
        return;
    }
    all.sort_by_key(|attempt| attempt.number);
    let words = cx.text.with(
        "task-attempt-of",
        &[("n", open.number.into()), ("total", all.len().into())],
    );
    let button = Button::bare(&words).icon(Icon::ChevronDown).show(ui, cx.theme);
    widgets::menu_button(button, |ui| {
        for attempt in all {
            let status = shard.attempt_status(attempt.id).unwrap_or(AttemptStatus::Queued);
            let (icon, _) = phrase::mark(status);
            let session = shard.last_session(attempt.id);
            let agent = session.map_or(String::new(), |session| agent_name(cx, &session.profile.executor));
            let state = phrase::status(cx.text, status);
            let words = format!("{}. {agent} · {state}", attempt.number);
            if widgets::menu_item(ui, cx.theme, icon, &words, "") {
                cx.go(Place::attempt(attempt.task_id, attempt.id));
            }
        }
    });
}

/// What is done seldom.
fn more(cx: &ViewContext<'_>, ui: &mut Ui, attempt: &Attempt) {
    let (theme, text) = (cx.theme, cx.text);
    let button = widgets::icon_button(ui, theme, Icon::Ellipsis, text.get("task-more"), "");
    widgets::menu_button(button, |ui| {
        if widgets::menu_item(ui, theme, Icon::FolderOpen, text.get("task-open-folder"), "") {
            cx.ask(Request::OpenFolder(attempt.worktree.path.clone()));
        }
        if widgets::menu_item(
            ui,
            theme,
            Icon::SquareTerminal,
            text.get("task-open-terminal"),
            "",
        ) {
            cx.ask(Request::OpenTerminal(attempt.worktree.path.clone()));
        }
        if widgets::menu_item(ui, theme, Icon::Copy, text.get("task-copy-branch"), "") {
            cx.ask(Request::CopyText(attempt.branch.clone()));
        }
        if widgets::menu_item(ui, theme, Icon::History, text.get("actor-history"), "") {
            cx.open(Dialog::History {
                task_id: attempt.task_id,
            });
        }
        if widgets::menu_item(ui, theme, Icon::GitMerge, text.get("task-land"), "M") {
            cx.open(Dialog::Landing {
                attempt_id: attempt.id,
            });
        }
    });
    if !cx.dialog_is_open() && keys::plain(ui, Key::M) {
        cx.open(Dialog::Landing {
            attempt_id: attempt.id,
        });
    }
}

/// A tab: its name, underlined when it is on.
pub fn tab(cx: &ViewContext<'_>, ui: &mut Ui, label: &str, on: bool) -> bool {
    let theme = cx.theme;
    let color = if on {
        theme.colors.text
    } else {
        theme.colors.text_soft
    };
    let galley = widgets::clipped(ui, label, theme.title(), color, f32::INFINITY, 1);
    let size = egui::vec2(galley.size().x + theme.space.xl, theme.space.control);
    let (rect, response) = ui.allocate_exact_size(size, egui::Sense::click());
    response.widget_info(|| egui::WidgetInfo::labeled(egui::accesskit::Role::Tab, true, label));
    widgets::chosen(&response, on);
    let at = rect.center() - galley.size() / 2.0;
    if response.hovered() {
        let radius = egui::CornerRadius::same(theme.radius.control);
        ui.painter().rect_filled(rect, radius, theme.colors.hover);
    }
    ui.painter().galley(at.round(), galley, color);
    if on {
        let line = egui::Stroke::new(theme.space.xxs, theme.colors.accent);
        ui.painter().hline(
            rect.shrink2(egui::vec2(theme.space.m, 0.0)).x_range(),
            rect.bottom(),
            line,
        );
    }
    widgets::focus_ring(ui, theme, &response, theme.radius.control);
    response.clicked()
}
