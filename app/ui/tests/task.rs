//! A task opened: rail, header, stages, tabs, log; in every look.

mod support;
#[path = "support/talk.rs"]
mod talk;

use anyon_model::*;
use anyon_ui::{Place, Request, Tab};
use egui_kittest::kittest::Queryable;
use support::{Look, Window, empty_world, fixed, overflowing_world, typical_world};

fn open(task: u8, tab: Tab) -> Place {
    Place::Task {
        task_id: fixed(task),
        attempt_id: None,
        tab,
    }
}

fn answering(place: Place, state: State, look: Look) -> Window {
    let mut window = Window::looking(Place::Keys, state, look);
    let entries = talk::entries();
    window.client.reply(move |query| talk::answer(&entries, query));
    window.harness.state_mut().shell.go(place);
    window.run();
    window
}

#[test]
fn every_world_paints_in_every_look() {
    let worlds = [
        ("none", 1, typical_world()),
        ("running", 3, typical_world()),
        ("asks", 4, typical_world()),
        ("review", 5, typical_world()),
        ("failed", 6, typical_world()),
        ("landed", 7, typical_world()),
        ("overflowing", 2, overflowing_world()),
        ("gone", 200, empty_world()),
    ];
    for look in Look::all() {
        for (name, task, world) in &worlds {
            let mut window = answering(open(*task, Tab::Auto), world.state(), look);
            window.picture(&format!("task-{name}-{}", look.name()));
        }
    }
}

#[test]
fn the_strip_of_checks_is_always_there() {
    for (language, land) in [("en", "Land…"), ("ko", "반영…")] {
        for tab in [Tab::Conversation, Tab::Changes, Tab::Log, Tab::Auto] {
            let look = Look {
                language,
                ..Look::default()
            };
            let window = answering(open(5, tab), typical_world().state(), look);
            window.harness.get_by_label(land);
        }
    }
}

#[test]
fn tabs_lead_to_their_parts() {
    let mut window = answering(open(3, Tab::Auto), typical_world().state(), Look::default());
    window.harness.get_by_label("Logs").click();
    window.run();
    assert!(matches!(window.place(), Place::Task { tab: Tab::Log, .. }));
    window.harness.get_by_label("warning: the proxy does not answer");
    window.harness.get_by_label("Conversation").click();
    window.run();
    assert!(matches!(
        window.place(),
        Place::Task {
            tab: Tab::Conversation,
            ..
        }
    ));
    window
        .harness
        .get_by_label("Let the view follow the agent")
        .click();
    window.run();
    assert!(matches!(window.place(), Place::Task { tab: Tab::Auto, .. }));
}

#[test]
fn a_task_without_an_attempt_offers_to_start_one() {
    let mut window = answering(open(1, Tab::Auto), typical_world().state(), Look::default());
    window.harness.get_by_label("Start…").click();
    window.run();
    window.harness.get_by_label("Start agents");
}

#[test]
fn title_and_description_are_edited_in_place() {
    let mut window = answering(
        open(3, Tab::Conversation),
        typical_world().state(),
        Look::default(),
    );
    window.harness.get_by_label("Edit title and description").click();
    window.run();
    window.harness.get_by_label("Description").focus();
    window.run();
    window.harness.get_by_label("Description").type_text("In detail");
    window.run();
    window.harness.get_by_label("Save").click();
    window.run();
    let sent = window.client.commands();
    let patched = sent.iter().any(|command| {
        matches!(command, Command::UpdateTask { patch, .. } if patch.description.as_deref() == Some("In detail"))
    });
    assert!(patched, "{sent:?}");
}

#[test]
fn the_worktree_opens_in_the_editor() {
    let mut window = answering(
        open(3, Tab::Conversation),
        typical_world().state(),
        Look::default(),
    );
    window.harness.get_by_label("Open in the editor").click();
    window.run();
    let requests = &window.harness.state().requests;
    assert!(
        requests
            .iter()
            .any(|request| matches!(request, Request::OpenEditor(_)))
    );
}

#[test]
fn the_stage_strip_tells_how_far_it_is() {
    let state = typical_world()
        .attempt(71, 2, |attempt| attempt.worktree.state = WorktreeState::Creating)
        .execution(
            72,
            71,
            ExecutionState::Queued {
                why: Some(QueueReason::Worktree),
            },
        )
        .state();
    let mut window = answering(open(2, Tab::Conversation), state, Look::default());
    window.client.change(|state| {
        let live = Live {
            worktree_percent: Some(63),
            ..Live::default()
        };
        state.apply(&[Change::Live {
            execution_id: fixed(72),
            live: Some(std::sync::Arc::new(live)),
        }]);
    });
    window.harness.run_steps(2);
    window.harness.get_by_label("63 %");
    window.harness.get_by_label("Worktree");
}
