//! The composer: sends, queues, resumes; drafts are shown, edited, removed; an input method is left alone.

mod support;
#[path = "support/talk.rs"]
mod talk;

use anyon_model::*;
use anyon_ui::{Place, Tab};
use egui::{Event, ImeEvent, Key, Modifiers};
use egui_kittest::kittest::Queryable;
use support::{Look, NOW, Window, fixed, typical_world};

fn at(task: u8, change: impl FnOnce(&mut State)) -> Window {
    let mut state = typical_world().state();
    change(&mut state);
    let mut window = Window::looking(Place::Keys, state, Look::default());
    let entries = talk::entries();
    window.client.reply(move |query| talk::answer(&entries, query));
    let place = Place::Task {
        task_id: fixed(task),
        attempt_id: None,
        tab: Tab::Conversation,
    };
    window.harness.state_mut().shell.go(place);
    window.run();
    window
}

fn write(window: &mut Window, text: &str) {
    window.harness.get_by_label("Message to the agent").focus();
    window.run();
    window
        .harness
        .get_by_label("Message to the agent")
        .type_text(text);
    window.run();
}

fn draft(number: u8, text: &str) -> Draft {
    Draft {
        id: fixed(number),
        project_id: fixed(1),
        attempt_id: fixed(31),
        kind: DraftKind::FollowUp,
        to: Recipient::default(),
        text: text.into(),
        images: Vec::new(),
        queued: true,
        order: u32::from(number),
        created_at: NOW,
        updated_at: NOW,
    }
}

#[test]
fn ctrl_enter_queues_while_the_agent_works() {
    let mut window = at(3, |_| {});
    window.harness.get_by_label("Queue");
    write(&mut window, "Then run the tests");
    window.harness.key_press_modifiers(Modifiers::COMMAND, Key::Enter);
    window.run();
    let sent = window.client.commands();
    assert!(
        matches!(sent.last(), Some(Command::FollowUp { text, .. }) if text == "Then run the tests"),
        "{sent:?}"
    );
}

#[test]
fn what_could_not_be_sent_comes_back() {
    let mut window = at(5, |_| {});
    write(&mut window, "Again");
    window.harness.get_by_label("Send").click();
    window.run();
    assert_eq!(window.harness.query_all_by_value("Again").count(), 0);
    window
        .client
        .finish(Err(Problem::new(ProblemCode::WrongState, "Not now")));
    window.run();
    assert!(window.harness.query_all_by_value("Again").count() > 0);
}

#[test]
fn a_failed_attempt_resumes_without_words() {
    let mut window = at(6, |_| {});
    window.harness.get_by_label("Resume").click();
    window.run();
    let sent = window.client.commands();
    assert!(
        matches!(sent.last(), Some(Command::ResumeAttempt { text: None, .. })),
        "{sent:?}"
    );
}

#[test]
fn queued_drafts_stand_in_order_and_can_be_changed() {
    let put = |state: &mut State| {
        state.apply(&[draft(82, "second").into(), draft(81, "first").into()]);
    };
    let mut window = at(3, put);
    window.harness.get_by_label("2 messages queued");
    window.harness.get_by_label("Edit message 1").click();
    window.run();
    window.harness.get_by_label("Queued message").type_text("!");
    window.run();
    window.harness.get_by_label("Save").click();
    window.run();
    window.harness.get_by_label("Remove message 2").click();
    window.run();
    let sent = window.client.commands();
    let edited = |number: u8, wanted: fn(&str) -> bool| {
        let is = |command: &Command| matches!(command, Command::EditDraft { draft_id, text } if *draft_id == fixed(number) && wanted(text));
        sent.iter().any(is)
    };
    assert!(edited(81, |text| text.contains('!')), "{sent:?}");
    assert!(edited(82, str::is_empty), "{sent:?}");
}

#[test]
fn nothing_is_sent_while_an_input_method_composes() {
    let mut window = at(3, |_| {});
    write(&mut window, "");
    let preedit = ImeEvent::Preedit {
        text: "하".into(),
        active_range_chars: None,
    };
    window.harness.event(Event::Ime(preedit));
    window.harness.key_press_modifiers(Modifiers::COMMAND, Key::Enter);
    window.run();
    let follow_ups = window.client.commands().into_iter();
    let follow_ups = follow_ups
        .filter(|command| matches!(command, Command::FollowUp { .. }))
        .count();
    assert_eq!(follow_ups, 0);
    window.harness.event(Event::Ime(ImeEvent::Commit("하".into())));
    window.run();
    assert!(
        window.harness.query_all_by_value("하").count() > 0,
        "the syllable is kept"
    );
}

#[test]
fn the_mode_is_changed_at_any_time() {
    let mut window = at(3, |_| {});
    window.harness.get_by_label("Edits allowed").click();
    window.run();
    window.harness.get_by_label("Allow all").click();
    window.run();
    let sent = window.client.commands();
    let all = |command: &Command| {
        matches!(
            command,
            Command::SetApproveMode {
                approve: ApproveMode::All,
                ..
            }
        )
    };
    assert!(sent.iter().any(all), "{sent:?}");
}
