//! The board after something was done: what Ctrl+Z takes back, which attempt a card speaks of, what is over.

use super::*;
use anyon_ui::Dialog;
use std::sync::Arc;
use support::{Look, NOW};

/// The attempt of ANY-5 lands, as the sheet's confirm does it.
fn land(window: &mut Window) {
    let attempt_id = fixed(33);
    window
        .harness
        .state_mut()
        .shell
        .open(Dialog::Landing { attempt_id });
    window.run();
    press_with(window, Modifiers::COMMAND, Key::Enter);
    let merge = Merge {
        id: fixed(62),
        project_id: fixed(1),
        attempt_id,
        target: "main".into(),
        kind: MergeKind::Direct {
            commit: anyon_testkit::COMMIT.into(),
            before: anyon_testkit::COMMIT.into(),
        },
        created_at: NOW,
    };
    window.client.change(|state| {
        state.apply(&[Change::Put(Entity::Merge(Arc::new(merge)))]);
    });
    window.client.finish(Ok(Outcome::Landed {
        merge_id: fixed(62),
        commit: anyon_testkit::COMMIT.into(),
        target: "main".into(),
    }));
    window.run();
}

fn undone(window: &Window) -> bool {
    let undo = Command::UndoMerge { merge_id: fixed(62) };
    window.client.commands().contains(&undo)
}

#[test]
fn ctrl_z_on_the_board_takes_back_what_was_done_last() {
    let mut window = typical();
    window.client.reply(|query| match query {
        Query::LandingCheck { .. } => Some(Ok(Answer::LandingCheck(LandingCheck {
            conflicts: Vec::new(),
            open_files: 0,
            behind: 0,
            ahead: 1,
            dirty_checkout: None,
            message: "Move redb tables".into(),
            large_files: Vec::new(),
            nothing_new: false,
        }))),
        _ => None,
    });
    land(&mut window);
    press(&mut window, Key::ArrowDown);
    press_with(&mut window, Modifiers::SHIFT, Key::ArrowDown);
    let moved = patches(&window).len();
    press_with(&mut window, Modifiers::COMMAND, Key::Z);
    assert!(patches(&window).len() > moved, "the move came after the landing");
    assert!(!undone(&window));
    press_with(&mut window, Modifiers::COMMAND, Key::Z);
    assert!(undone(&window));
}

#[test]
fn a_move_of_a_task_that_is_gone_is_not_taken_back() {
    let mut window = typical();
    press(&mut window, Key::ArrowDown);
    press_with(&mut window, Modifiers::SHIFT, Key::ArrowDown);
    let sent = patches(&window).len();
    window.client.change(|state| {
        state.apply(&[Change::Remove(EntityKey::Task(fixed(1)))]);
    });
    window.run();
    press_with(&mut window, Modifiers::COMMAND, Key::Z);
    assert_eq!(patches(&window).len(), sent);
}

/// ANY-7, which landed, with a second attempt that conflicts.
fn landed_with_a_loser() -> Window {
    let world = typical_world()
        .attempt(90, 7, |attempt| attempt.number = 2)
        .execution(91, 90, ExecutionState::Completed);
    let mut state = world.state();
    state.apply(&[Change::Conflicts {
        attempt_id: fixed(90),
        conflicts: Some(Arc::new(Conflicts {
            files: vec!["src/main.rs".into()],
        })),
    }]);
    Window::at(board(), state)
}

#[test]
fn what_is_left_of_the_other_attempts_of_a_landed_task_waits_for_nobody() {
    let title = |window: &Window| window.harness.state().shell.title();
    let before = title(&typical());
    let mut window = landed_with_a_loser();
    assert_eq!(title(&window), before, "it counts what waits");
    window.harness.get_by_label_contains("Done").click();
    window.run();
    window.harness.get_by_label_contains("Landed");
    assert!(
        window
            .harness
            .query_by_label_contains("Conflicts: 1 file")
            .is_none()
    );
}

#[test]
fn ctrl_enter_on_a_card_that_is_done_asks_first() {
    let mut window = typical();
    window.harness.get_by_label_contains("Done").click();
    window.run();
    window.harness.get_by_label_contains("ANY-7 ").focus();
    for _ in 0..4 {
        press(&mut window, Key::L);
    }
    press_with(&mut window, Modifiers::COMMAND, Key::Enter);
    window.harness.get_by_label("Start agents");
    let is_start = |command: &Command| matches!(command, Command::StartAttempt { .. });
    assert!(!window.client.commands().iter().any(is_start));
}

#[test]
fn a_card_that_asks_opens_the_attempt_that_asks() {
    let world = typical_world()
        .attempt(90, 4, |attempt| attempt.number = 2)
        .execution(91, 90, ExecutionState::Completed);
    let mut window = Window::at(board(), world.state());
    press(&mut window, Key::ArrowDown);
    press(&mut window, Key::L);
    press(&mut window, Key::J);
    press(&mut window, Key::Enter);
    assert_eq!(window.place(), Place::attempt(fixed(4), fixed(32)));
}

#[test]
fn a_label_that_is_too_long_is_said_at_once_and_nothing_is_lost() {
    let mut window = Window::looking(board(), typical_world().state(), Look::default());
    press(&mut window, Key::ArrowDown);
    press(&mut window, Key::T);
    window.harness.get_by_label("Priority: High").click();
    window.run();
    let long = "far too long for a label whoever wrote it down";
    window
        .harness
        .get_by_role_and_label(Role::TextInput, "New label")
        .focus();
    window.run();
    window
        .harness
        .get_by_role_and_label(Role::TextInput, "New label")
        .type_text(long);
    window.run();
    window.harness.get_by_label_contains("at most 40 characters");
    press(&mut window, Key::Enter);
    press_with(&mut window, Modifiers::COMMAND, Key::Enter);
    assert!(window.client.commands().is_empty());
    let field = window.harness.get_by_role_and_label(Role::TextInput, "New label");
    assert_eq!(field.value().as_deref(), Some(long));
}
