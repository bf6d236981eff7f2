//! Landing: the checks, the sheet with its one confirm, and the way back.

mod support;

use anyon_model::*;
use anyon_ui::{Place, Tab};
use egui::{Key, Modifiers};
use egui_kittest::kittest::{Queryable, by};
use std::sync::Arc;
use support::{Look, NOW, Window, World, fixed, snapshot, typical_world};

fn place(task: u8, attempt: u8) -> Place {
    Place::Task {
        task_id: fixed(task),
        attempt_id: Some(fixed(attempt)),
        tab: Tab::Changes,
    }
}

fn check() -> LandingCheck {
    LandingCheck {
        conflicts: Vec::new(),
        open_files: 2,
        behind: 1,
        ahead: 3,
        dirty_checkout: None,
        message: "Move redb tables to v2 schema".into(),
        large_files: Vec::new(),
        nothing_new: false,
    }
}

fn answer(query: &Query, check: &LandingCheck) -> Option<QueryResult> {
    let stat = FileStat {
        path: "storage/src/tables.rs".into(),
        old_path: None,
        status: FileStatus::Modified,
        additions: 185,
        deletions: 65,
        omitted: None,
        before: None,
        after: None,
    };
    match query {
        Query::LandingCheck { .. } => Some(Ok(Answer::LandingCheck(check.clone()))),
        Query::DiffSummary { .. } => Some(Ok(Answer::DiffSummary(Arc::new(DiffSummary {
            files: vec![stat],
            ..DiffSummary::default()
        })))),
        _ => None,
    }
}

fn window(world: &World, (task, attempt): (u8, u8), check: LandingCheck, look: Look) -> Window {
    let mut window = Window::looking(place(task, attempt), world.state(), look);
    window.client.reply(move |query| answer(query, &check));
    window.run();
    window
}

/// The sheet of an attempt to review.
fn sheet(check: LandingCheck) -> Window {
    let mut window = window(&typical_world(), (5, 33), check, Look::default());
    window.harness.key_press(Key::M);
    window.run();
    window
}

fn land(message: &str) -> Command {
    Command::MergeAttempt {
        attempt_id: fixed(33),
        message: Some(message.into()),
        keep_worktree: false,
    }
}

fn landed() -> Entity {
    Entity::Merge(Arc::new(Merge {
        id: fixed(62),
        project_id: fixed(1),
        attempt_id: fixed(33),
        target: "main".into(),
        kind: MergeKind::Direct {
            commit: anyon_testkit::COMMIT.into(),
            before: anyon_testkit::COMMIT.into(),
        },
        created_at: NOW,
    }))
}

#[test]
fn one_confirm_lands_and_the_toast_takes_it_back_with_its_files() {
    let mut window = sheet(check());
    assert!(window.harness.get_all_by_label("2 files not committed").count() > 0);
    window.harness.key_press_modifiers(Modifiers::COMMAND, Key::Enter);
    window.run();
    assert_eq!(window.client.commands(), [land("Move redb tables to v2 schema")]);
    window.client.change(|state| {
        state.apply(&[
            Change::Put(landed()),
            Change::Put(snapshot(1, SnapshotReason::Cleanup)),
        ]);
        let mut attempt = (*state.projects[&fixed(1)].attempts[&fixed(33)]).clone();
        attempt.worktree.state = WorktreeState::Removed;
        state.apply(&[Change::Put(Entity::Attempt(Arc::new(attempt)))]);
    });
    window.client.finish(Ok(Outcome::Landed {
        merge_id: fixed(62),
        commit: anyon_testkit::COMMIT.into(),
        target: "main".into(),
    }));
    window.run();
    assert!(
        window.harness.query_by_label("Commit message").is_none(),
        "the sheet is closed"
    );
    assert!(window.harness.get_all_by_label("Landed on main").count() > 0);
    window.harness.get_by_label("Undo").click();
    window.run();
    assert_eq!(
        window.client.commands().last(),
        Some(&Command::UndoMerge { merge_id: fixed(62) })
    );
    window
        .client
        .change(|state| state.apply(&[Change::Remove(EntityKey::Merge(fixed(62)))]));
    window.client.finish(Ok(Outcome::Done));
    window.run();
    let back = Command::RestoreSnapshot {
        snapshot_id: fixed(71),
    };
    assert_eq!(window.client.commands().last(), Some(&back));
    let worktree = "/tmp/worktree".into();
    window.client.finish(Ok(Outcome::Restored { worktree }));
    window.run();
    assert!(window.harness.get_all_by_label("Landing undone").count() > 0);
    assert!(
        window.harness.query_by_label("Files restored").is_none(),
        "that the files are back is part of it"
    );
}

#[test]
fn the_message_can_be_changed_and_what_was_written_stays() {
    let mut window = sheet(check());
    window
        .harness
        .get_by_role_and_label(egui::accesskit::Role::MultilineTextInput, "Commit message")
        .focus();
    window.run();
    window
        .harness
        .get_by_role_and_label(egui::accesskit::Role::MultilineTextInput, "Commit message")
        .type_text(" 확인");
    window.run();
    window.client.event(Event::DiffChanged {
        attempt_id: fixed(33),
    });
    window.run();
    window.harness.key_press_modifiers(Modifiers::COMMAND, Key::Enter);
    window.run();
    let commands = window.client.commands();
    let Some(Command::MergeAttempt {
        message: Some(message),
        ..
    }) = commands.first()
    else {
        panic!("nothing landed: {commands:?}");
    };
    assert!(
        message.contains("확인") && message.contains("Move redb"),
        "{message}"
    );
}

#[test]
fn conflicts_keep_it_from_landing_and_the_agent_can_be_asked() {
    let mut window = sheet(LandingCheck {
        conflicts: vec!["storage/src/tables.rs".into()],
        ..check()
    });
    window.picture("landing-conflicts");
    window.harness.get_by_label("git merge main");
    window.harness.key_press_modifiers(Modifiers::COMMAND, Key::Enter);
    window.run();
    assert_eq!(window.client.commands(), []);
    window.harness.get_by_label("Ask the agent to resolve").click();
    window.run();
    let commands = window.client.commands();
    let Some(Command::FollowUp { text, .. }) = commands.first() else {
        panic!("the agent was not asked: {commands:?}");
    };
    assert!(
        text.contains("- storage/src/tables.rs") && text.contains("main"),
        "{text}"
    );
}

#[test]
fn a_failure_is_told_in_the_sheet_and_the_checks_are_made_again() {
    let mut window = sheet(check());
    window.harness.key_press_modifiers(Modifiers::COMMAND, Key::Enter);
    window.run();
    let asked = |window: &Window| {
        let asked = window.client.queries();
        asked
            .iter()
            .filter(|query| matches!(query, Query::LandingCheck { .. }))
            .count()
    };
    let before = asked(&window);
    window.client.finish(Err(Problem::new(
        ProblemCode::TargetMoved,
        "main moved meanwhile",
    )));
    window.run();
    window.harness.get_by_label("main moved meanwhile");
    assert!(asked(&window) > before);
}

#[test]
fn a_drop_tells_what_is_kept_and_can_be_taken_back() {
    let mut window = window(&typical_world(), (5, 33), check(), Look::default());
    window.harness.get_by_label("More actions").click();
    window.run();
    window.harness.get_by_label("Drop attempt…").click();
    window.run();
    window.picture("landing-drop");
    window
        .harness
        .get_by_label_contains("Kept: a snapshot with the 1 changed file");
    window.harness.get_by_label("Drop attempt").click();
    window.run();
    assert_eq!(
        window.client.commands(),
        [Command::DropAttempt {
            attempt_id: fixed(33)
        }]
    );
    window
        .client
        .change(|state| state.apply(&[Change::Put(snapshot(2, SnapshotReason::Drop))]));
    window.client.finish(Ok(Outcome::Done));
    window.run();
    window.harness.get_by_label("Undo").click();
    window.run();
    let back = Command::RestoreSnapshot {
        snapshot_id: fixed(72),
    };
    assert_eq!(window.client.commands().last(), Some(&back));
}

#[test]
fn snapshots_are_listed_newest_first_and_restored() {
    let world = typical_world()
        .with(snapshot(1, SnapshotReason::Commit))
        .with(snapshot(2, SnapshotReason::Merge));
    let mut window = window(&world, (5, 33), check(), Look::default());
    window.harness.get_by_label("More actions").click();
    window.run();
    window.harness.get_by_label("Snapshots…").click();
    window.run();
    window.picture("landing-snapshots");
    let y = |label: &str| window.harness.get_by_label(label).rect().top();
    assert!(y("Before landing") < y("Before open work was committed"));
    window.harness.get_all_by_label("Restore").next().unwrap().click();
    window.run();
    let back = Command::RestoreSnapshot {
        snapshot_id: fixed(72),
    };
    assert_eq!(window.client.commands(), [back]);
}

#[test]
fn stopping_ends_the_turn_first_and_then_the_agent() {
    let mut window = window(&typical_world(), (3, 31), check(), Look::default());
    window.harness.get_by_label("Stop turn").click();
    window.run();
    window.harness.get_by_label("Stop agent").click();
    window.run();
    let attempt_id = fixed(31);
    let wanted = [
        Command::InterruptAttempt { attempt_id },
        Command::StopAttempt { attempt_id },
    ];
    assert_eq!(window.client.commands(), wanted);
}

#[test]
fn there_is_one_way_to_stop() {
    for task in [3, 4] {
        let place = Place::Task {
            task_id: fixed(task),
            attempt_id: None,
            tab: Tab::Conversation,
        };
        let window = Window::at(place, typical_world().state());
        let stops = window.harness.query_all(by().predicate(|node| {
            let label = node.label().unwrap_or_default();
            label.starts_with("Stop") || label.starts_with("Interrupt")
        }));
        assert_eq!(stops.count(), 1);
    }
}

#[test]
fn snapshots_say_that_the_agent_asks_while_it_asks() {
    let world = typical_world().with(match snapshot(1, SnapshotReason::Commit) {
        Entity::Snapshot(kept) => Entity::Snapshot(Arc::new(Snapshot {
            attempt_id: fixed(32),
            ..(*kept).clone()
        })),
        other => other,
    });
    let mut window = window(&world, (4, 32), check(), Look::default());
    window.harness.get_by_label("More actions").click();
    window.run();
    window.harness.get_by_label("Snapshots…").click();
    window.run();
    window.harness.get_by_label("Restore").hover();
    window.harness.run_steps(90);
    let tooltip = "Answer the agent or stop it first: it waits for you";
    assert!(window.harness.query_all_by_label(tooltip).count() > 0);
}

#[test]
fn a_problem_is_told_in_the_language_of_the_window() {
    let korean = Look {
        language: "ko",
        ..Look::default()
    };
    let mut window = window(&typical_world(), (5, 33), check(), korean);
    window.harness.key_press(Key::M);
    window.run();
    window.harness.key_press_modifiers(Modifiers::COMMAND, Key::Enter);
    window.run();
    let moved = Problem::new(ProblemCode::TargetMoved, "main moved meanwhile");
    window.client.finish(Err(moved.detail("by ada")));
    window.run();
    window.harness.get_by_label("대상 브랜치가 이동했습니다");
    window
        .harness
        .get_by_label("최신 변경 사항을 확인한 뒤 다시 시도하십시오");
    window.harness.get_by_label("main moved meanwhile: by ada");
}

#[test]
fn large_files_are_named_and_keep_nothing_from_landing() {
    let large = |path: &str, mebibytes: u64| LargeFile {
        path: path.into(),
        bytes: mebibytes << 20,
    };
    let mut window = sheet(LandingCheck {
        large_files: vec![large("dump.sql", 200), large("logo.psd", 11)],
        nothing_new: false,
        ..check()
    });
    window.picture("landing-large");
    let said = "2 unusually large files, such as dump.sql (200 MB)";
    assert!(window.harness.get_all_by_label(said).count() > 0);
    window.harness.key_press_modifiers(Modifiers::COMMAND, Key::Enter);
    window.run();
    assert_eq!(window.client.commands(), [land("Move redb tables to v2 schema")]);
}

#[test]
fn the_sheet_paints_in_every_look() {
    for look in Look::all() {
        let mut window = window(&typical_world(), (5, 33), check(), look);
        window.picture(&format!("landing-strip-{}", look.name()));
        window.harness.key_press(Key::M);
        window.run();
        window.picture(&format!("landing-{}", look.name()));
    }
}

/// How often the checks were asked for.
fn looks(window: &Window) -> usize {
    let queries = window.client.queries();
    queries
        .iter()
        .filter(|query| matches!(query, Query::LandingCheck { .. }))
        .count()
}

#[test]
fn a_checkout_that_was_cleaned_outside_is_seen_without_a_press() {
    let dirty = LandingCheck {
        dirty_checkout: Some("/srv/shop".into()),
        ..check()
    };
    let mut window = sheet(dirty);
    window
        .harness
        .get_all_by_label("Uncommitted changes in the checkout of main")
        .next();
    let before = looks(&window);
    window.client.reply(|query| answer(query, &check()));
    window.harness.state_mut().now = NOW.plus_ms(4_000);
    window.run();
    window.run();
    assert!(looks(&window) > before, "the sheet looks again by itself");
    window.harness.key_press_modifiers(Modifiers::COMMAND, Key::Enter);
    window.run();
    assert_eq!(window.client.commands(), [land("Move redb tables to v2 schema")]);
}

#[test]
fn the_strip_looks_again_when_the_window_gets_the_keyboard_back() {
    let mut window = window(&typical_world(), (5, 33), check(), Look::default());
    let before = looks(&window);
    window.harness.event(egui::Event::WindowFocused(true));
    window.run();
    assert_eq!(looks(&window), before + 1);
}

#[test]
fn work_that_the_target_has_already_is_not_offered_to_land_again() {
    let mut window = sheet(LandingCheck {
        nothing_new: true,
        ..check()
    });
    let said = window.harness.query_all_by_label("main has all of this already");
    assert!(said.count() > 0);
    window.harness.key_press_modifiers(Modifiers::COMMAND, Key::Enter);
    window.run();
    let merges = window.client.commands();
    let merges = merges
        .iter()
        .filter(|command| matches!(command, Command::MergeAttempt { .. }));
    assert_eq!(merges.count(), 0);
}
