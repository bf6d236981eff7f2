//! The README's pictures: the board, an attempt beside its changes, what needs you, landing. With `ANYON_PICTURES` they
//! are written there; without, they only have to show what they are for.

#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a test may stop, and pictures are files"
)]

mod support;
#[path = "support/talk.rs"]
mod talk;

use anyon_model::*;
use anyon_ui::{Place, Tab};
use egui::Key;
use egui_kittest::kittest::Queryable;
use std::{path::PathBuf, sync::Arc};
use support::{Look, NOW, Window, fixed, typical_world};

const SIZE: [f32; 2] = [1280.0, 800.0];

fn answer(query: &Query) -> Option<QueryResult> {
    Some(Ok(match query {
        Query::LandingCheck { .. } => Answer::LandingCheck(LandingCheck {
            conflicts: Vec::new(),
            open_files: 2,
            behind: 0,
            ahead: 3,
            dirty_checkout: None,
            message: "Move redb tables to v2 schema".into(),
            large_files: Vec::new(),
            nothing_new: false,
        }),
        Query::DiffSpans { path, .. } => {
            let all = talk::edits();
            let of = all.into_iter().find(|diff| diff.diff.stat.path == *path)?;
            Answer::DiffSpans(Arc::new(of))
        }
        // Without the faults at the end of it.
        query => return talk::answer(&talk::entries()[..9], query),
    }))
}

/// The agent of the fix is done, and the work of the day began minutes ago.
fn world() -> State {
    let mut state = typical_world().state();
    let minutes = [(41, 9), (42, 4), (43, 52), (44, 31)];
    for (number, ago) in minutes {
        let mut execution = Execution::clone(&state.projects[&fixed(1)].executions[&fixed(number)]);
        execution.started_at = Some(NOW.plus_ms(-ago * 60_000));
        execution.created_at = NOW.plus_ms(-ago * 60_000);
        if number == 41 {
            execution.state = ExecutionState::Completed;
        }
        if execution.state.is_final() {
            execution.ended_at = Some(NOW.plus_ms(-(ago - 2) * 60_000));
        }
        state.apply(&[execution.into()]);
    }
    state
}

/// A picture in both themes; `shows` is what it is for.
fn picture(name: &str, place: &Place, then: impl Fn(&mut Window), shows: &str) {
    for dark in [true, false] {
        let look = Look {
            dark,
            size: SIZE,
            ..Look::default()
        };
        let mut window = Window::looking(Place::Keys, world(), look);
        window.client.reply(answer);
        window.harness.state_mut().shell.go(place.clone());
        window.run();
        then(&mut window);
        window.harness.run_steps(4);
        assert!(
            window.harness.query_all_by_label_contains(shows).count() > 0,
            "{name} does not show {shows}"
        );
        if let Some(folder) = std::env::var_os("ANYON_PICTURES") {
            let theme = if dark { "dark" } else { "light" };
            let file = PathBuf::from(folder).join(format!("{name}-{theme}.png"));
            window.harness.render().unwrap().save(file).unwrap();
        }
    }
}

#[test]
fn the_board() {
    picture("board", &Place::Board { project: None }, |_| {}, "In review");
}

#[test]
fn an_attempt_beside_its_changes() {
    let place = Place::Task {
        task_id: fixed(3),
        attempt_id: None,
        tab: Tab::Auto,
    };
    picture("attempt", &place, |_| {}, "Changed files");
}

#[test]
fn what_needs_you() {
    picture("needs-you", &Place::NeedsYou, |_| {}, "Allow once");
}

#[test]
fn landing() {
    let place = Place::Task {
        task_id: fixed(5),
        attempt_id: Some(fixed(33)),
        tab: Tab::Changes,
    };
    let sheet = |window: &mut Window| {
        window.harness.key_press(Key::M);
        window.run();
    };
    picture("landing", &place, sheet, "Commit message");
}
