//! The field for a new task: one line, Enter creates, Ctrl+Enter creates and starts.

use crate::{
    Dialog, ViewContext,
    overview::ProjectView,
    phrase,
    widgets::{Button, FieldEnd, menu_button, menu_item, text_field},
};
use anyon_model::{
    ApproveMode, Command, CommandId, ExecutorProfileId, Outcome, ProjectId, TaskId, TaskStatus,
};
use egui::{Context, Id, Ui};
use lucide_icons::Icon;

/// Bytes of a title that are taken; the rest of a pasted text goes into the description.
const TITLE: usize = 200;
/// A start of the same task within this time is the same press, twice.
const TWICE_MS: i64 = 2_000;

/// The field, and tasks on their way: they get the cursor, and some are started, as soon as they exist.
#[derive(Default)]
pub struct NewTask {
    open: bool,
    focus: bool,
    text: String,
    /// Where it goes when the board shows all projects.
    project: Option<ProjectId>,
    /// What is being created, and with what it is started then.
    creating: Vec<(CommandId, Option<Option<ExecutorProfileId>>)>,
}

/// Asks the board for a new task, from elsewhere.
pub fn request(ctx: &Context) {
    ctx.data_mut(|data| data.insert_temp(Id::unique("new task wanted"), true));
}

impl NewTask {
    /// Opens the field and gives it the keyboard.
    pub fn open(&mut self) {
        self.open = true;
        self.focus = true;
    }
    /// The field is open.
    pub fn is_open(&self) -> bool {
        self.open
    }
    /// Opens the field if somebody elsewhere asked for it, and starts what was created to be started. Gives the task
    /// that is there now.
    pub fn logic(&mut self, cx: &ViewContext<'_>, ctx: &Context) -> Option<TaskId> {
        if ctx
            .data_mut(|data| data.remove_temp::<bool>(Id::unique("new task wanted")))
            .is_some()
        {
            self.open();
        }
        let mut there = None;
        let mut left = Vec::new();
        for (sent, begin) in self.creating.drain(..) {
            match cx.result(sent).as_deref() {
                None => left.push((sent, begin)),
                Some(Ok(Outcome::Task { task_id })) => {
                    there = Some(*task_id);
                    if let Some(profile) = begin {
                        start(cx, *task_id, profile);
                    }
                }
                Some(_) => {}
            }
        }
        self.creating = left;
        there
    }

    /// Paints the field if it is open.
    pub fn ui(&mut self, cx: &ViewContext<'_>, ui: &mut Ui, board: Option<ProjectId>) {
        if !self.open {
            return;
        }
        let Some(project_id) = self.project_of(cx, board) else {
            return;
        };
        let id = Id::unique("new task");
        if std::mem::take(&mut self.focus) {
            cx.focus(ui, id);
        }
        let (label, hint) = (cx.text.get("board-new-task"), cx.text.get("board-new-task-hint"));
        let (response, end) = text_field(ui, cx.theme, id, &mut self.text, label, hint);
        let profile = last_profile(cx);
        match end {
            FieldEnd::Enter => self.create(cx, project_id, None),
            FieldEnd::CtrlEnter => self.create(cx, project_id, Some(profile.clone())),
            FieldEnd::Escape => {
                // It may be opened on another board next.
                self.text.clear();
                self.open = false;
            }
            FieldEnd::None if response.lost_focus() && self.text.is_empty() => self.open = false,
            FieldEnd::None => {}
        }
        // Enter takes the keyboard from a field of one line: the next task is written at once.
        self.focus |= matches!(end, FieldEnd::Enter);
        ui.horizontal_wrapped(|ui| {
            ui.spacing_mut().item_spacing = egui::Vec2::splat(cx.theme.space.xs);
            self.project_choice(cx, ui, board, project_id);
            self.ends(cx, ui, project_id, profile);
        });
        ui.add_space(cx.theme.space.xs);
    }

    /// What Enter and Ctrl+Enter do, to be pressed too.
    fn ends(
        &mut self,
        cx: &ViewContext<'_>,
        ui: &mut Ui,
        project_id: ProjectId,
        profile: Option<ExecutorProfileId>,
    ) {
        let (theme, text) = (cx.theme, cx.text);
        let written = !self.text.trim().is_empty();
        let agent = profile
            .as_ref()
            .map(|profile| phrase::agent_name(&profile.executor));
        let start = match agent {
            None => text.get("board-create-start").to_owned(),
            Some(agent) => text.with("board-create-start-agent", &[("agent", agent.into())]),
        };
        let create = Button::quiet(text.get("board-create")).key("Enter");
        if create.enabled(written, "").show(ui, theme).clicked() {
            self.create(cx, project_id, None);
            self.focus = true;
        }
        let start = Button::quiet(&start).key("Ctrl+Enter");
        if start.enabled(written, "").show(ui, theme).clicked() {
            self.create(cx, project_id, Some(profile));
        }
    }

    fn create(
        &mut self,
        cx: &ViewContext<'_>,
        project_id: ProjectId,
        start: Option<Option<ExecutorProfileId>>,
    ) {
        let (title, description) = split(&self.text);
        if title.is_empty() {
            return;
        }
        let sent = cx.send(Command::CreateTask {
            project_id,
            title,
            description,
        });
        self.text.clear();
        self.open &= start.is_none();
        self.creating.push((sent, start));
    }

    fn project_of(&self, cx: &ViewContext<'_>, board: Option<ProjectId>) -> Option<ProjectId> {
        let there = |id: &ProjectId| cx.overview.project(*id).is_some();
        let chosen = self.project.filter(there);
        board
            .filter(there)
            .or(chosen)
            .or_else(|| cx.overview.projects().next().map(|(id, _)| *id))
    }

    /// Which project the task goes to, where that is not plain.
    fn project_choice(
        &mut self,
        cx: &ViewContext<'_>,
        ui: &mut Ui,
        board: Option<ProjectId>,
        now: ProjectId,
    ) {
        if board.is_some() || cx.overview.projects().count() < 2 {
            return;
        }
        let Some(view) = cx.overview.project(now) else {
            return;
        };
        let button = Button::bare(&view.shard.project.name)
            .icon(Icon::Folder)
            .show(ui, cx.theme);
        menu_button(button, |ui| {
            for (project_id, view) in cx.overview.projects() {
                if menu_item(ui, cx.theme, Icon::Folder, &view.shard.project.name, "") {
                    self.project = Some(*project_id);
                    self.focus = true;
                }
            }
        });
    }
}

/// Starts a task with a profile, or asks with which.
fn start(cx: &ViewContext<'_>, task_id: TaskId, profile: Option<ExecutorProfileId>) {
    match profile {
        Some(profile) => drop(cx.send(Command::StartAttempt {
            task_id,
            profile,
            base: None,
            target: None,
            approve: ApproveMode::default(),
        })),
        None => cx.open(Dialog::Start { task_id }),
    }
}

/// Starts an attempt of a card, once. Pressed again before it is there, or right after, nothing more happens; where an
/// attempt is at work already, it is asked with which agents.
pub fn start_card(cx: &ViewContext<'_>, task_id: TaskId, profile: Option<ExecutorProfileId>) {
    let project = cx.overview.of_task(task_id);
    let newest = project.and_then(|project| project.newest(task_id));
    let young = newest.is_some_and(|(attempt, _)| cx.now.ms_since(attempt.created_at) < TWICE_MS);
    if cx.is_starting(task_id) || young {
        return;
    }
    let at_work = |project: &ProjectView| {
        let attempts = project.attempts_of.get(&task_id).into_iter().flatten();
        let mut views = attempts.filter_map(|id| project.attempts.get(id));
        views.any(|view| view.status.is_active())
    };
    let is_over = |project: &ProjectView| {
        let task = project.shard.tasks.get(&task_id);
        task.is_some_and(|task| matches!(task.status, TaskStatus::Done | TaskStatus::Cancelled))
    };
    match project.is_some_and(|project| at_work(project) || is_over(project)) {
        true => cx.open(Dialog::Start { task_id }),
        false => start(cx, task_id, profile),
    }
}

/// The profile that was used last, or the one the settings name.
pub fn last_profile(cx: &ViewContext<'_>) -> Option<ExecutorProfileId> {
    let newest = cx
        .state
        .projects
        .values()
        .filter_map(|shard| shard.sessions.values().next_back());
    let used = newest
        .max_by_key(|session| session.id)
        .map(|session| session.profile.clone());
    used.or_else(|| cx.state.settings.default_profile.clone())
}

/// The first line is the title; what a pasted text has more becomes the description.
fn split(text: &str) -> (String, String) {
    let text = text.trim();
    let line = text.lines().next().unwrap_or_default();
    if line.len() <= TITLE {
        return (line.trim().to_owned(), text[line.len()..].trim().to_owned());
    }
    let end = line.floor_char_boundary(TITLE);
    (format!("{}…", line[..end].trim_end()), text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_line_stays_whole_in_the_description() {
        assert_eq!(
            split("  Fix it \n and this"),
            ("Fix it".into(), "and this".into())
        );
        let long = "가".repeat(100);
        let (title, description) = split(&long);
        assert!(title.ends_with('…') && title.len() < long.len());
        assert_eq!(description, long);
        assert_eq!(split("  \n "), (String::new(), String::new()));
    }
}
