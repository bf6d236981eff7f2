//! Needs you: what waits for a person, answered one after the other by keys.

mod support;
#[path = "support/talk.rs"]
mod talk;

use anyon_model::*;
use anyon_ui::{Place, Tab};
use egui::Key;
use egui_kittest::kittest::Queryable;
use support::{Look, Window, asked_by_editor, empty_world, fixed, overflowing_world, typical_world};

fn press(window: &mut Window, key: Key) {
    window.harness.key_press(key);
    window.run();
}

/// The guard of a question that has just appeared is over.
fn wait(window: &mut Window) {
    for _ in 0..4 {
        window.harness.step();
    }
    window.harness.run_steps(60);
}

#[test]
fn everything_that_waits_is_listed_newest_first() {
    let window = Window::at(Place::NeedsYou, typical_world().state());
    let y = |part: &str| window.harness.get_by_label_contains(part).rect().top();
    let question = y("Asks: npm test -- --watch=false, ");
    assert!(
        question < y("refactor(storage): move redb tables to v2 schema, "),
        "the question is the newest"
    );
    window
        .harness
        .get_by_label_contains("Claude Code 스트림 JSON 파서의 부분 청크 처리, Failed");
}

#[test]
fn a_question_is_allowed_by_its_key_and_the_next_one_is_looked_at() {
    let mut window = Window::at(Place::NeedsYou, typical_world().state());
    wait(&mut window);
    press(&mut window, Key::A);
    let commands = window.client.commands();
    let Some(Command::AnswerApproval { approval_id, answer }) = commands.first() else {
        panic!("not answered: {commands:?}");
    };
    assert_eq!(*approval_id, fixed(51));
    assert!(matches!(
        answer,
        ApprovalAnswer::Approved {
            scope: ApprovalScope::Once
        }
    ));
}

#[test]
fn a_key_pressed_twice_does_not_answer_the_question_that_comes_next() {
    let mut world = typical_world().state();
    let second = support::approval(52, 31, 41, "cargo publish");
    world.apply(&[Change::Put(Entity::Approval(second.into()))]);
    let mut window = Window::at(Place::NeedsYou, world);
    // Both were looked at before.
    press(&mut window, Key::J);
    press(&mut window, Key::K);
    wait(&mut window);
    press(&mut window, Key::A);
    let commands = window.client.commands();
    let Some(Command::AnswerApproval { approval_id, answer }) = commands.first().cloned() else {
        panic!("not answered: {commands:?}");
    };
    window.client.change(|state| {
        let mut answered = (*state.projects[&fixed(1)].approvals[&approval_id]).clone();
        let by = AnsweredBy::Actor { actor: Actor::Person };
        answered.state = ApprovalState::Answered { answer, by };
        state.apply(&[Change::Put(Entity::Approval(answered.into()))]);
    });
    window.harness.step();
    window.harness.key_press(Key::A);
    window.harness.step();
    assert_eq!(
        window.client.commands().len(),
        1,
        "{:?}",
        window.client.commands()
    );
    wait(&mut window);
    press(&mut window, Key::A);
    assert_eq!(window.client.commands().len(), 2, "later it is answered");
}

/// A click at once, as the second one of a double click.
fn click(window: &mut Window, at: egui::Pos2) {
    for pressed in [true, false] {
        let now_s = window.harness.ctx.input(|input| input.time);
        let input = window.harness.input_mut();
        input.time = Some(now_s + 0.03);
        input.events.push(egui::Event::PointerMoved(at));
        input.events.push(egui::Event::PointerButton {
            pos: at,
            button: egui::PointerButton::Primary,
            pressed,
            modifiers: egui::Modifiers::NONE,
        });
        window.harness.run_steps(1);
    }
    window.harness.input_mut().time = None;
}

#[test]
fn a_click_made_twice_does_not_answer_the_question_that_comes_next() {
    let mut world = typical_world().state();
    let second = support::approval(52, 31, 41, "cargo publish");
    world.apply(&[Change::Put(Entity::Approval(second.into()))]);
    let mut window = Window::at(Place::NeedsYou, world);
    wait(&mut window);
    let at = window.harness.get_by_label("Allow once").rect().center();
    click(&mut window, at);
    let commands = window.client.commands();
    let Some(Command::AnswerApproval { approval_id, answer }) = commands.first().cloned() else {
        panic!("not answered: {commands:?}");
    };
    window.client.change(|state| {
        let mut answered = (*state.projects[&fixed(1)].approvals[&approval_id]).clone();
        let by = AnsweredBy::Actor { actor: Actor::Person };
        answered.state = ApprovalState::Answered { answer, by };
        state.apply(&[Change::Put(Entity::Approval(answered.into()))]);
    });
    click(&mut window, at);
    assert_eq!(window.client.commands().len(), 1, "nobody read the next one");
    window.harness.run_steps(60);
    let at = window.harness.get_by_label("Allow once").rect().center();
    click(&mut window, at);
    assert_eq!(window.client.commands().len(), 2, "later it is answered");
}

#[test]
fn keys_move_open_land_and_resume() {
    let mut window = Window::at(Place::NeedsYou, typical_world().state());
    for key in [Key::J, Key::J, Key::K] {
        press(&mut window, key);
    }
    press(&mut window, Key::A);
    let resumed = Command::ResumeAttempt {
        attempt_id: fixed(34),
        text: None,
    };
    assert_eq!(window.client.commands(), [resumed]);
    press(&mut window, Key::J);
    press(&mut window, Key::A);
    assert!(window.harness.get_all_by_label("Land ANY-5 on main").count() > 0);
}

#[test]
fn enter_opens_the_attempt_where_it_is_to_be_looked_at() {
    let mut window = Window::at(Place::NeedsYou, typical_world().state());
    press(&mut window, Key::Enter);
    let wanted = Place::Task {
        task_id: fixed(4),
        attempt_id: Some(fixed(32)),
        tab: Tab::Auto,
    };
    assert_eq!(window.place(), wanted);
}

#[test]
fn what_is_looked_at_stays_when_something_newer_comes() {
    let mut window = Window::at(Place::NeedsYou, typical_world().state());
    press(&mut window, Key::J);
    let before = window.harness.query_by_label("Resume").is_some();
    window.client.change(|state| {
        let newer = support::approval(52, 31, 41, "cargo publish");
        let newer = Approval {
            created_at: support::NOW,
            ..newer
        };
        state.apply(&[Change::Put(Entity::Approval(newer.into()))]);
    });
    window.run();
    window.harness.get_by_label_contains("cargo publish, ");
    assert_eq!(window.harness.query_by_label("Resume").is_some(), before);
    assert!(
        window.harness.query_by_label("Open").is_some(),
        "the answers of the new question are not shown"
    );
}

#[test]
fn who_comes_back_looks_at_what_came_last() {
    let mut window = Window::at(Place::NeedsYou, typical_world().state());
    press(&mut window, Key::J);
    window.harness.get_by_label("Resume");
    window.harness.state_mut().shell.go(Place::Keys);
    window.run();
    window.client.change(|state| {
        let newer = support::approval(52, 31, 41, "cargo publish");
        let newer = Approval {
            created_at: support::NOW,
            ..newer
        };
        state.apply(&[Change::Put(Entity::Approval(newer.into()))]);
    });
    window.harness.state_mut().shell.go(Place::NeedsYou);
    window.run();
    window
        .harness
        .get_by_label("Claude Code asks to run a command: cargo publish");
}

#[test]
fn what_another_program_asks_for_is_counted_and_answered_here_too() {
    let mut state = typical_world().state();
    let before = {
        let window = Window::at(Place::NeedsYou, state.clone());
        window.harness.state().shell.title()
    };
    assert_eq!(before, "(3) Anyon");
    state.apply(&[asked_by_editor()]);
    let mut window = Window::at(Place::NeedsYou, state.clone());
    assert_eq!(window.harness.state().shell.title(), "(4) Anyon");
    window.harness.get_by_label("Needs you, 4 wait for you");
    window
        .harness
        .get_by_label_contains("Editor asks, It wants to land ANY-5 refactor(storage)");
    window.picture("needs-you-asked");
    let told = |window: &Window| window.client.commands();
    wait(&mut window);
    press(&mut window, Key::A);
    press(&mut window, Key::A);
    let asked = CommandId::from_bytes([9; 16]);
    assert_eq!(told(&window), [Command::Confirm { asked, allow: true }], "once");

    let mut window = Window::at(Place::NeedsYou, state.clone());
    wait(&mut window);
    window.harness.get_by_label("Deny").click();
    window.run();
    assert_eq!(told(&window), [Command::Confirm { asked, allow: false }]);

    let mut window = Window::at(Place::NeedsYou, state);
    press(&mut window, Key::Enter);
    assert_eq!(window.place(), Place::attempt(fixed(5), fixed(33)));
}

#[test]
fn what_another_program_asks_for_is_not_allowed_by_a_key_that_came_with_it() {
    let mut window = Window::at(Place::Keys, typical_world().state());
    window.client.change(|state| state.apply(&[asked_by_editor()]));
    window.harness.state_mut().shell.go(Place::NeedsYou);
    window.harness.step();
    window.harness.key_press(Key::A);
    window.harness.step();
    assert_eq!(window.client.commands(), [], "nobody has read it yet");
    wait(&mut window);
    press(&mut window, Key::A);
    assert_eq!(window.client.commands().len(), 1);
}

#[test]
fn nothing_that_waits_is_said_with_a_way_on() {
    let mut window = Window::at(Place::NeedsYou, empty_world().state());
    window.harness.get_by_label("Go to the board").click();
    window.run();
    assert_eq!(window.place(), Place::Board { project: None });
}

#[test]
fn it_paints_in_every_look_and_world() {
    for look in Look::all() {
        for (name, world) in [
            ("empty", empty_world()),
            ("typical", typical_world()),
            ("overflowing", overflowing_world()),
        ] {
            let mut window = Window::looking(Place::NeedsYou, world.state(), look);
            window.picture(&format!("needs-you-{name}-{}", look.name()));
            if name == "typical" {
                press(&mut window, Key::J);
                window.picture(&format!("needs-you-second-{}", look.name()));
            }
        }
    }
}

#[test]
fn the_last_message_is_read_as_markdown_and_attempts_of_one_task_are_told_apart() {
    let world = typical_world()
        .attempt(36, 5, |attempt| attempt.number = 2)
        .execution(46, 36, ExecutionState::Completed);
    let mut window = Window::at(Place::NeedsYou, world.state());
    let entries = talk::entries();
    window.client.reply(move |query| talk::answer(&entries, query));
    window.run();
    window.harness.get_by_label_contains("v2 schema, Attempt 1 · ");
    window
        .harness
        .get_by_label_contains("v2 schema, Attempt 2 · ")
        .click();
    window.run();
    assert!(
        window
            .client
            .queries()
            .iter()
            .any(|query| matches!(query, Query::Markdown { .. })),
        "the words are laid out"
    );
    window.picture("needs-you-attempts");
    window.harness.get_by_label_contains("부분 청크 처리, Failed");
}
