//! Scripts in the conversation: one block with what they run and what came out of it.

use super::{place, talk};
use crate::support::{Look, Window, fixed, typical_world};
use anyon_model::*;
use anyon_ui::Place;
use egui_kittest::kittest::Queryable;
use std::sync::Arc;

const SETUP: &str = "npm ci\nnpm run build";

/// Task 3 with a setup script before its agent, as the host tells of it.
fn with_setup(state: ExecutionState, look: Look) -> Window {
    let world = typical_world().execution(70, 31, state.clone());
    let mut world = world.state();
    let mut setup = Execution::clone(&world.projects[&fixed(1)].executions[&fixed(70)]);
    setup.run_reason = RunReason::SetupScript;
    setup.session_id = None;
    setup.number = 0;
    setup.prompt = SETUP.into();
    world.apply(&[Change::Put(Entity::Execution(Arc::new(setup)))]);
    let mut entries = vec![
        talk::entry(
            0,
            60,
            EntryKind::SystemMessage {
                text: format!("$ {SETUP}"),
            },
        ),
        talk::entry(
            1,
            60,
            EntryKind::SystemMessage {
                text: "added 7 packages\nbuilt".into(),
            },
        ),
    ];
    if matches!(state, ExecutionState::Failed { .. }) {
        let text = "The script ended with status 7".into();
        entries.push(talk::entry(
            2,
            50,
            EntryKind::ErrorMessage { text, failure: None },
        ));
    }
    let mut window = Window::looking(Place::Keys, world, look);
    window.client.reply(move |query| match query {
        Query::Ansi { execution_id, .. } if *execution_id == fixed(70) => {
            let line = |text: &str| AnsiLine {
                text: text.into(),
                ..AnsiLine::default()
            };
            let lines = vec![line("added 7 packages"), line("built")];
            Some(Ok(Answer::Ansi(Arc::new(lines))))
        }
        Query::Entries { execution_id, .. } if *execution_id != fixed(70) => {
            talk::answer(&talk::entries()[..2], query)
        }
        query => talk::answer(&entries, query),
    });
    window.harness.state_mut().shell.go(place(3));
    window.run();
    window
}

#[test]
fn what_a_script_says_is_one_block_that_opens() {
    let mut window = with_setup(ExecutionState::Completed, Look::default());
    assert!(
        window.harness.query_by_label("built").is_none(),
        "it went well: folded"
    );
    assert!(
        window
            .harness
            .query_all_by_label_contains("$ npm ci")
            .next()
            .is_none(),
        "its text is told once, in the block"
    );
    window.harness.get_by_label("Run · npm ci").click();
    window.run();
    window.picture("conversation-setup");
    window.harness.get_by_label("built");
    window.harness.get_by_label_contains("npm run build");
}

#[test]
fn a_script_that_failed_is_open_and_says_so_in_the_persons_language() {
    let state = ExecutionState::Failed {
        kind: FailureKind::Exit { code: 7 },
        message: "The process ended with status 7".into(),
    };
    let mut window = with_setup(
        state,
        Look {
            language: "ko",
            ..Look::default()
        },
    );
    window.picture("conversation-setup-failed-ko");
    window.harness.get_by_label("built");
    window.harness.get_by_label_contains("종료 코드 7");
}
