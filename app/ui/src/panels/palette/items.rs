//! What the palette finds: commands first, then tasks and attempts, best match first.

use crate::{
    Dialog, Place, Request, SettingsPage, ViewContext, overview::ProjectView, panels::board::new_task, phrase,
};
use anyon_model::{Command, ProjectId, Settings, Task};
use egui::Context;
use lucide_icons::Icon;

/// Rows that are shown at most: more would not be read.
const ROWS: usize = 60;

/// A row of the palette.
pub struct Item {
    /// A picture of it.
    pub icon: Icon,
    /// Its name, in the person's language.
    pub name: String,
    /// More, in small print.
    pub note: String,
    /// The key that does the same.
    pub key: &'static str,
    /// What it does.
    pub does: Does,
}

/// What a row does.
#[derive(Debug, Clone)]
pub enum Does {
    /// Goes somewhere.
    Go(Place),
    /// Opens a dialog.
    Open(Box<Dialog>),
    /// Asks the binary.
    Ask(Request),
    /// Changes the settings.
    Set(Box<Settings>),
    /// Writes a new task.
    NewTask,
}

impl Does {
    /// Does it.
    pub fn run(self, cx: &ViewContext<'_>, ctx: &Context) {
        match self {
            Self::Go(place) => cx.go(place),
            Self::Open(dialog) => cx.open(*dialog),
            Self::Ask(request) => cx.ask(request),
            Self::Set(settings) => drop(cx.send(Command::SetSettings { settings: *settings })),
            Self::NewTask => {
                new_task::request(ctx);
                if !matches!(cx.place(), Place::Board { .. }) {
                    cx.go(Place::default());
                }
            }
        }
    }
}

/// What matches a text, best match first: begins before what is inside of words, then commands, then the tasks of the
/// project at hand and those that changed last. Nothing typed: the same order of everything.
pub fn find(cx: &ViewContext<'_>, text: &str) -> Vec<Item> {
    let words: Vec<String> = text.split_whitespace().map(str::to_lowercase).collect();
    let mut found: Vec<(u32, Item)> = commands(cx)
        .into_iter()
        .filter_map(|item| Some((score(&item.name, &words)?, item)))
        .collect();
    let here = project_here(cx);
    let mut tasks: Vec<(u32, &ProjectView, &Task)> = cx
        .overview
        .projects()
        .flat_map(|(_, view)| view.shard.tasks.values().map(move |task| (view, task.as_ref())))
        .filter_map(|(view, task)| Some((task_score(view, task, &words)?, view, task)))
        .collect();
    tasks.sort_by_key(|(score, _, task)| {
        let elsewhere = here.is_some_and(|here| here != task.project_id);
        (*score, elsewhere, std::cmp::Reverse(task.updated_at))
    });
    for (score, view, task) in tasks.into_iter().take(ROWS) {
        found.push((score, task_item(cx, view, task)));
        found.extend(attempts(cx, view, task).into_iter().map(|item| (score, item)));
    }
    found.sort_by_key(|(score, _)| *score);
    found.into_iter().take(ROWS).map(|(_, item)| item).collect()
}

/// The project that is looked at.
fn project_here(cx: &ViewContext<'_>) -> Option<ProjectId> {
    match cx.place() {
        Place::Board { project } => *project,
        Place::Task { task_id, .. } => cx.state.shard_of_task(*task_id).map(|shard| shard.project.id),
        _ => None,
    }
}

/// How well a task matches: a title is a begin as its id is.
fn task_score(view: &ProjectView, task: &Task, words: &[String]) -> Option<u32> {
    let whole = score(&task_name(view, task), words)?;
    Some(score(&task.title, words).map_or(whole, |title| title.min(whole)))
}

/// How well a name matches, less is better: words at its begin, at the begin of a word, anywhere.
fn score(name: &str, words: &[String]) -> Option<u32> {
    let name = name.to_lowercase();
    words
        .iter()
        .try_fold(0, |sum, word| Some(sum + best_place(&name, word)?))
}

/// Where a word stands best: it may be inside of one word and begin another.
fn best_place(name: &str, word: &str) -> Option<u32> {
    let place = |(at, _): (usize, &str)| match at {
        0 => 0,
        _ if name[..at].ends_with(|before: char| !before.is_alphanumeric()) => 1,
        _ => 2,
    };
    name.match_indices(word).map(place).min()
}

fn task_name(view: &ProjectView, task: &Task) -> String {
    format!(
        "{}-{} {}",
        view.shard.project.short_prefix, task.number, task.title
    )
}

fn task_item(cx: &ViewContext<'_>, view: &ProjectView, task: &Task) -> Item {
    let status = view
        .most_urgent(task.id)
        .map(|(_, attempt)| phrase::status(cx.text, attempt.status).to_owned());
    Item {
        icon: Icon::SquareCheck,
        name: task_name(view, task),
        note: status.unwrap_or_default(),
        key: "",
        does: Does::Go(Place::task(task.id)),
    }
}

/// The attempts of a task that has several.
fn attempts(cx: &ViewContext<'_>, view: &ProjectView, task: &Task) -> Vec<Item> {
    let attempts = view
        .attempts_of
        .get(&task.id)
        .map(Vec::as_slice)
        .unwrap_or_default();
    if attempts.len() < 2 {
        return Vec::new();
    }
    let of = |id: &anyon_model::AttemptId| {
        let (attempt, found) = (view.shard.attempts.get(id)?, view.attempts.get(id)?);
        let session = found.session.as_ref();
        let executor = session.map_or("", |session| session.profile.executor.as_str());
        let agent = phrase::agent_name(executor);
        Some(Item {
            icon: phrase::agent_icon(executor),
            name: format!(
                "{}-{} · {agent} · {}",
                view.shard.project.short_prefix, task.number, attempt.branch
            ),
            note: phrase::status(cx.text, found.status).to_owned(),
            key: "",
            does: Does::Go(Place::attempt(task.id, attempt.id)),
        })
    };
    attempts.iter().filter_map(of).collect()
}

fn commands(cx: &ViewContext<'_>) -> Vec<Item> {
    let item = |icon, key: &'static str, hint, does| Item {
        icon,
        name: cx.text.get(key).to_owned(),
        note: String::new(),
        key: hint,
        does,
    };
    let settings = |page| Does::Go(Place::Settings { page });
    let mut all = Vec::new();
    if cx.overview.projects().next().is_some() {
        all.push(item(Icon::Plus, "palette-new-task", "C", Does::NewTask));
    }
    all.extend([
        item(
            Icon::Inbox,
            "palette-needs-you",
            "Ctrl+I",
            Does::Go(Place::NeedsYou),
        ),
        item(
            Icon::LayoutDashboard,
            "palette-board",
            "",
            Does::Go(Place::default()),
        ),
        item(
            Icon::FolderPlus,
            "palette-add-project",
            "",
            Does::Open(Box::new(Dialog::AddProject)),
        ),
        item(
            Icon::Settings,
            "palette-settings",
            "Ctrl+,",
            settings(SettingsPage::General),
        ),
        item(Icon::Bot, "palette-agents", "", settings(SettingsPage::Agents)),
        item(Icon::Keyboard, "palette-keys", "?", Does::Go(Place::Keys)),
        item(Icon::SunMoon, "palette-theme", "", other_theme(cx)),
        item(Icon::Languages, "palette-language", "", other_language(cx)),
        item(
            Icon::ZoomIn,
            "palette-zoom-in",
            "Ctrl++",
            Does::Ask(Request::Zoom(Some(1))),
        ),
        item(
            Icon::ZoomOut,
            "palette-zoom-out",
            "Ctrl+-",
            Does::Ask(Request::Zoom(Some(-1))),
        ),
        item(
            Icon::Maximize,
            "palette-zoom-reset",
            "Ctrl+0",
            Does::Ask(Request::Zoom(None)),
        ),
        item(Icon::Play, "palette-demo", "", Does::Ask(Request::StartDemo)),
        item(Icon::Info, "palette-about", "", Does::Go(Place::About)),
    ]);
    for (project_id, view) in cx.overview.projects() {
        all.push(Item {
            icon: Icon::Folder,
            name: view.shard.project.name.clone(),
            note: cx.text.get("palette-project").to_owned(),
            key: "",
            does: Does::Go(Place::Board {
                project: Some(*project_id),
            }),
        });
    }
    all
}

fn other_theme(cx: &ViewContext<'_>) -> Does {
    let theme = if cx.theme.dark { "light" } else { "dark" };
    Does::Set(Box::new(Settings {
        theme: Some(theme.to_owned()),
        ..(*cx.state.settings).clone()
    }))
}

fn other_language(cx: &ViewContext<'_>) -> Does {
    let other = crate::Language::ALL
        .into_iter()
        .find(|language| *language != cx.text.language());
    Does::Set(Box::new(Settings {
        language: other.map(|language| language.code().to_owned()),
        ..(*cx.state.settings).clone()
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_words_have_to_match_and_begins_come_first() {
        let of = |name: &str, text: &str| {
            let words: Vec<String> = text.split_whitespace().map(str::to_lowercase).collect();
            score(name, &words)
        };
        assert_eq!(of("ANY-12 Fix login", "login 12"), Some(2));
        assert_eq!(of("ANY-12 Fix login", "any"), Some(0));
        assert_eq!(of("ANY-12 Fix login", "ogin"), Some(2));
        assert_eq!(of("ANY-12 Fix login", "log out"), None);
        assert_eq!(of("ANY-1 로그인 수정", "로그인"), Some(1));
        assert_eq!(of("anything", ""), Some(0));
        assert_eq!(of("Catalog: fix login", "log"), Some(1), "the best of two places");
    }
}
