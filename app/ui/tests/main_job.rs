//! The main job twice over: by keys alone, and by the actions of assistive technology alone. New task, start, answer,
//! read the changes, send a follow-up, land, take it back.

#![allow(clippy::unwrap_used, reason = "a test may stop")]

mod support;
#[path = "support/talk.rs"]
mod talk;

use anyon_model::*;
use anyon_ui::Place;
use egui::{Event, Key, Modifiers, accesskit::Role};
use egui_kittest::kittest::{NodeT, Queryable};
use std::sync::Arc;
use support::{NOW, Window, World, fixed};

const TITLE: &str = "Fix the login";
const COMMAND: &str = "cargo test login";
const FOLLOW_UP: &str = "Also test the logout";

/// A window, and beside it a host that does what it is told.
struct Job {
    window: Window,
}

impl Job {
    fn begin() -> Self {
        let mut state = World::new().state();
        state.settings = Arc::new(Settings {
            default_profile: Some(ExecutorProfileId::new("CLAUDE_CODE")),
            ..Settings::default()
        });
        let window = Window::at(Place::Board { project: None }, state);
        window.client.reply(answer);
        Self { window }
    }

    /// The task is there, and its agent asks at once.
    fn is_created_and_started(&mut self) {
        let created = Command::CreateTask {
            project_id: fixed(1),
            title: TITLE.into(),
            description: String::new(),
        };
        assert_eq!(self.last(), created);
        self.put(World::new().task(TITLE, ""));
        self.done(Outcome::Task { task_id: fixed(1) });
        assert!(
            matches!(self.last(), Command::StartAttempt { task_id, .. } if task_id == fixed(1)),
            "{:?}",
            self.last()
        );
        let waiting = ExecutionState::Running {
            activity: Activity::Waiting { approvals: 1 },
        };
        let asks = support::approval(51, 31, 41, COMMAND);
        let started = World::new().attempt(31, 1, |_| {}).execution(41, 31, waiting);
        self.put(started.with(Entity::Approval(Arc::new(asks))));
        self.done(Outcome::Attempt {
            attempt_id: fixed(31),
        });
    }

    /// The answer arrives, and the turn ends.
    fn is_allowed(&mut self) {
        let once = ApprovalAnswer::Approved {
            scope: ApprovalScope::Once,
        };
        let answered = Command::AnswerApproval {
            approval_id: fixed(51),
            answer: once.clone(),
        };
        assert_eq!(self.last(), answered);
        let state = ApprovalState::Answered {
            answer: once,
            by: AnsweredBy::Actor { actor: Actor::Person },
        };
        let approval = Approval {
            state,
            resolved_at: Some(NOW),
            ..support::approval(51, 31, 41, COMMAND)
        };
        let ended = World::new().execution(41, 31, ExecutionState::Completed);
        self.put(ended.with(Entity::Approval(Arc::new(approval))));
        self.done(Outcome::Done);
    }

    /// The lines that changed are told.
    fn changes_are_read(&self) {
        let lines = self.window.harness.get_all_by_label_contains("+ ");
        assert!(lines.count() > 0, "no line of the changes");
    }

    fn is_followed_up(&mut self) {
        let sent = Command::FollowUp {
            attempt_id: fixed(31),
            text: FOLLOW_UP.into(),
        };
        assert_eq!(self.last(), sent);
        self.done(Outcome::Done);
    }

    fn is_landed(&mut self) {
        let landed = Command::MergeAttempt {
            attempt_id: fixed(31),
            message: Some(TITLE.into()),
            keep_worktree: false,
        };
        assert_eq!(self.last(), landed);
        let merge = Merge {
            id: fixed(61),
            project_id: fixed(1),
            attempt_id: fixed(31),
            target: "main".into(),
            kind: MergeKind::Direct {
                commit: anyon_testkit::COMMIT.into(),
                before: anyon_testkit::COMMIT.into(),
            },
            created_at: NOW,
        };
        self.put(World::new().with(Entity::Merge(Arc::new(merge))));
        self.done(Outcome::Landed {
            merge_id: fixed(61),
            commit: anyon_testkit::COMMIT.into(),
            target: "main".into(),
        });
    }

    fn is_undone(&self) {
        assert_eq!(self.last(), Command::UndoMerge { merge_id: fixed(61) });
    }

    fn put(&mut self, world: World) {
        let changes: Vec<Change> = world
            .entities()
            .into_iter()
            .filter(|entity| !matches!(entity, Entity::Project(_)))
            .map(Change::Put)
            .collect();
        self.window.client.change(|state| state.apply(&changes));
    }

    fn done(&mut self, outcome: Outcome) {
        self.window.client.finish(Ok(outcome));
        self.window.run();
        self.window.run();
    }

    fn last(&self) -> Command {
        self.window.client.commands().last().unwrap().clone()
    }
}

fn answer(query: &Query) -> Option<QueryResult> {
    Some(Ok(match query {
        Query::LandingCheck { .. } => Answer::LandingCheck(LandingCheck {
            conflicts: Vec::new(),
            open_files: 1,
            behind: 0,
            ahead: 0,
            dirty_checkout: None,
            message: TITLE.into(),
            large_files: Vec::new(),
            nothing_new: false,
        }),
        Query::DiffSpans { path, .. } => {
            let all = talk::edits();
            let of = all.into_iter().find(|diff| diff.diff.stat.path == *path)?;
            Answer::DiffSpans(Arc::new(of))
        }
        query => return talk::answer(&talk::entries(), query),
    }))
}

/// By keys.
impl Job {
    fn key(&mut self, key: Key) {
        self.window.harness.key_press(key);
        self.window.run();
    }

    fn with_ctrl(&mut self, key: Key) {
        self.window.harness.key_press_modifiers(Modifiers::COMMAND, key);
        self.window.run();
    }

    fn write(&mut self, text: &str) {
        self.window.harness.event(Event::Text(text.into()));
        self.window.run();
    }

    fn focused(&self) -> String {
        let found = self.window.harness.query_by(|node| node.is_focused());
        found
            .and_then(|node| node.accesskit_node().label())
            .unwrap_or_default()
    }

    /// Goes on by Tab until the widget has the keyboard.
    fn tab_to(&mut self, label: &str) {
        let mut passed = Vec::new();
        for _ in 0..80 {
            self.key(Key::Tab);
            passed.push(self.focused());
            if passed.last().is_some_and(|last| last == label) {
                return;
            }
        }
        panic!("“{label}” does not get the keyboard: {passed:?}");
    }
}

/// By actions on widgets that were found by role and label.
impl Job {
    fn press(&mut self, role: Role, label: &str) {
        self.window
            .harness
            .get_by_role_and_label(role, label)
            .click_accesskit();
        self.window.run();
    }

    fn press_the_first(&mut self, role: Role, label: &str) {
        let mut found = self.window.harness.get_all_by_role_and_label(role, label);
        found.next().unwrap().click_accesskit();
        drop(found);
        self.window.run();
    }

    fn press_the_one_with(&mut self, role: Role, part: &str) {
        let wanted = |node: &egui_kittest::kittest::AccessKitNode<'_>| {
            node.role() == role && node.label().is_some_and(|label| label.contains(part))
        };
        self.window.harness.get_by(wanted).click_accesskit();
        self.window.run();
    }

    fn fill(&mut self, role: Role, label: &str, text: &str) {
        self.window
            .harness
            .get_by_role_and_label(role, label)
            .set_text_value_accesskit(text);
        self.window.run();
    }
}

#[test]
fn by_keys_alone() {
    let mut job = Job::begin();
    job.key(Key::C);
    job.write(TITLE);
    job.with_ctrl(Key::Enter);
    job.is_created_and_started();

    job.key(Key::ArrowDown);
    job.key(Key::Enter);
    assert_eq!(job.window.place(), Place::task(fixed(1)));
    job.tab_to("Allow once");
    job.key(Key::Enter);
    job.is_allowed();

    job.tab_to("Next change");
    job.key(Key::Enter);
    job.changes_are_read();

    job.tab_to("Message to the agent");
    job.write(FOLLOW_UP);
    job.with_ctrl(Key::Enter);
    job.is_followed_up();

    job.key(Key::Escape);
    job.key(Key::M);
    job.with_ctrl(Key::Enter);
    job.is_landed();

    job.with_ctrl(Key::Z);
    job.is_undone();
}

#[test]
fn by_actions_of_assistive_technology_alone() {
    let mut job = Job::begin();
    job.press_the_first(Role::Button, "New task");
    job.fill(Role::TextInput, "New task", TITLE);
    job.press(Role::Button, "Start Claude Code");
    job.is_created_and_started();

    job.press_the_one_with(Role::Button, "ANY-1 ");
    assert_eq!(job.window.place(), Place::task(fixed(1)));
    job.press(Role::Button, "Allow once");
    job.is_allowed();

    job.press_the_one_with(Role::Tab, "Changes");
    job.press_the_one_with(Role::TreeItem, "rebase.rs");
    job.changes_are_read();

    job.press(Role::Tab, "Conversation");
    job.fill(Role::MultilineTextInput, "Message to the agent", FOLLOW_UP);
    job.press(Role::Button, "Send");
    job.is_followed_up();

    job.press_the_one_with(Role::Tab, "Changes");
    job.press(Role::Button, "Land…");
    job.press(Role::Button, "Land");
    job.is_landed();

    job.press(Role::Button, "Undo");
    job.is_undone();
}
