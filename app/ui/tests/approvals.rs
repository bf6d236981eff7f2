//! Questions of an agent: what is asked, the answers, and keys that nobody presses by accident.

mod support;
#[path = "support/talk.rs"]
mod talk;

use anyon_model::*;
use anyon_testkit::{asks_choice, asks_edit, asks_plan};
use anyon_ui::{Place, Tab, panels::approvals::Approvals};
use egui::{Key, Modifiers};
use egui_kittest::kittest::Queryable;
use std::sync::Arc;
use support::{Look, NOW, Window, fixed, typical_world};

const ASKS: &str = "Claude Code asks to run a command: npm test -- --watch=false";

fn asking(change: impl FnOnce(&mut State), look: Look) -> Window {
    let entries = talk::entries();
    asking_of(change, look, move |query| talk::answer(&entries, query))
}

fn asking_of(
    change: impl FnOnce(&mut State),
    look: Look,
    reply: impl Fn(&Query) -> Option<QueryResult> + Send + 'static,
) -> Window {
    let mut state = typical_world().state();
    change(&mut state);
    let mut window = Window::looking(Place::Keys, state, look);
    window.client.reply(reply);
    let place = Place::Task {
        task_id: fixed(4),
        attempt_id: None,
        tab: Tab::Conversation,
    };
    window.harness.state_mut().shell.go(place);
    window.run();
    window
}

fn other(request: ApprovalRequest) -> impl FnOnce(&mut State) {
    move |state| {
        let approval = Approval {
            id: fixed(51),
            project_id: fixed(1),
            attempt_id: fixed(32),
            execution_id: fixed(42),
            request,
            state: ApprovalState::Pending,
            created_at: NOW,
            resolved_at: None,
        };
        state.apply(&[Change::Put(Entity::Approval(Arc::new(approval)))]);
    }
}

fn answers(window: &Window) -> Vec<ApprovalAnswer> {
    let sent = window.client.commands().into_iter();
    sent.filter_map(|command| match command {
        Command::AnswerApproval { answer, .. } => Some(answer),
        _ => None,
    })
    .collect()
}

fn press(window: &mut Window, label: &str) {
    window.harness.get_by_label(label).click();
    window.run();
}

#[test]
fn the_command_its_folder_and_why_it_is_asked_are_there() {
    let mut window = asking(|_| {}, Look::default());
    window.harness.get_by_label("npm test -- --watch=false");
    window.harness.get_by_label("in the worktree");
    window
        .harness
        .get_by_label("Not on the safe list, and no rule allows it");
    press(&mut window, "Allow once");
    let once = ApprovalAnswer::Approved {
        scope: ApprovalScope::Once,
    };
    assert_eq!(answers(&window), [once]);
}

#[test]
fn a_press_counts_though_what_the_agent_said_arrives_in_the_same_moment() {
    let after_words = |state: &mut State| {
        let mut approval = Approval::clone(&state.projects[&fixed(1)].approvals[&fixed(51)]);
        approval.request.entry = Some(EntryIndex(1));
        state.apply(&[Change::Put(Entity::Approval(Arc::new(approval)))]);
    };
    let text = "I run the tests.".to_owned();
    let entries = [talk::entry(0, 1, EntryKind::AssistantMessage { text })];
    let known = entries.clone();
    let unread = move |query: &Query| match query {
        Query::Markdown { .. } => None,
        other => talk::answer(&known, other),
    };
    let mut window = asking_of(after_words, Look::default(), unread);
    window.harness.get_by_label("Allow once").click_accesskit();
    window.client.reply(move |query| talk::answer(&entries, query));
    window.run();
    let once = ApprovalAnswer::Approved {
        scope: ApprovalScope::Once,
    };
    assert_eq!(answers(&window), [once]);
}

#[test]
fn keys_need_the_card_focused_and_some_time() {
    let mut window = asking(|_| {}, Look::default());
    window.harness.key_press_modifiers(Modifiers::NONE, Key::A);
    window.run();
    assert!(answers(&window).is_empty(), "nothing is focused");
    let mut window = asking(|_| {}, Look::default());
    let again = Approval {
        id: fixed(52),
        ..support::approval(52, 32, 42, "rm -rf target")
    };
    window
        .client
        .change(|state| state.apply(&[Change::Put(Entity::Approval(Arc::new(again)))]));
    window.harness.run_steps(1);
    let card = Approvals::card_id(fixed(52));
    window.harness.ctx.memory_mut(|memory| memory.request_focus(card));
    // Each event has a frame of its own, and a quarter of a second: this one comes with the next frame, at once.
    let now_s = window.harness.ctx.input(|input| input.time);
    window.harness.input_mut().time = Some(now_s + 0.05);
    window.harness.input_mut().events.push(egui::Event::Key {
        key: Key::A,
        physical_key: None,
        pressed: true,
        repeat: false,
        modifiers: Modifiers::NONE,
    });
    window.harness.run_steps(1);
    assert!(answers(&window).is_empty(), "the card has just appeared");
    window.harness.input_mut().time = None;
    window.harness.run_steps(60);
    window
        .harness
        .get_by_label("Claude Code asks to run a command: rm -rf target")
        .focus();
    window.harness.run_steps(1);
    window.harness.key_press_modifiers(Modifiers::NONE, Key::A);
    window.harness.run_steps(2);
    assert_eq!(answers(&window).len(), 1);
}

#[test]
fn a_question_never_takes_the_focus() {
    let mut window = asking(|_| {}, Look::default());
    window.harness.get_by_label("Message to the agent").focus();
    window.run();
    let again = support::approval(52, 32, 42, "rm -rf target");
    window
        .client
        .change(|state| state.apply(&[Change::Put(Entity::Approval(Arc::new(again)))]));
    window.run();
    window
        .harness
        .get_by_label("Message to the agent")
        .type_text("adsa");
    window.run();
    assert!(answers(&window).is_empty());
    assert!(!window.harness.get_by_label(ASKS).is_focused());
}

#[test]
fn a_refusal_carries_its_reason() {
    let mut window = asking(|_| {}, Look::default());
    press(&mut window, "Deny…");
    window
        .harness
        .get_by_label("Reason for denying")
        .type_text("Use cargo");
    window.run();
    press(&mut window, "Deny");
    let reason = Some("Use cargo".to_owned());
    assert_eq!(answers(&window), [ApprovalAnswer::Denied { reason }]);
}

#[test]
fn what_was_denied_is_told_until_the_turn_is_over() {
    let mut window = asking(|_| {}, Look::default());
    press(&mut window, "Deny…");
    press(&mut window, "Deny");
    let runs = |window: &mut Window, activity: Activity, since: Timestamp| {
        window.client.change(|state| {
            let shard = &state.projects[&fixed(1)];
            let mut approval = Approval::clone(&shard.approvals[&fixed(51)]);
            approval.state = ApprovalState::Answered {
                answer: ApprovalAnswer::Denied { reason: None },
                by: AnsweredBy::Actor { actor: Actor::Person },
            };
            let execution = Execution::clone(&shard.executions[&fixed(42)]);
            let state_now = ExecutionState::Running { activity };
            let live = Live {
                turn_since: Some(since),
                ..Live::default()
            };
            state.apply(&[
                approval.into(),
                Execution {
                    state: state_now,
                    ..execution
                }
                .into(),
                Change::Live {
                    execution_id: fixed(42),
                    live: Some(Arc::new(live)),
                },
            ]);
        });
        window.run();
    };
    let told = |window: &Window| {
        let denied = window
            .harness
            .query_all_by_label("Denied: npm test -- --watch=false");
        denied.count() > 0
    };
    let first = NOW.plus_ms(-60_000);
    runs(&mut window, Activity::Turn, first);
    assert!(told(&window), "while the agent is at it");
    runs(&mut window, Activity::Idle { since: NOW }, first);
    assert!(!told(&window), "the conversation has it");
    runs(&mut window, Activity::Turn, NOW);
    assert!(!told(&window), "the next turn is another one");
}

#[test]
fn an_agent_whose_answers_carry_no_words_is_told_the_reason_after_its_turn() {
    let wordless = |state: &mut State| {
        let mut approval = Approval::clone(&state.projects[&fixed(1)].approvals[&fixed(51)]);
        approval.request.takes_reason = false;
        state.apply(&[Change::Put(Entity::Approval(Arc::new(approval)))]);
    };
    let mut window = asking(wordless, Look::default());
    press(&mut window, "Deny…");
    window
        .harness
        .get_by_label("Reason for denying")
        .type_text("Use cargo");
    window.run();
    press(&mut window, "Deny");
    let told = Command::FollowUp {
        attempt_id: fixed(32),
        text: "Use cargo".into(),
    };
    assert!(window.client.commands().contains(&told));
    assert_eq!(answers(&window).len(), 1);
}

#[test]
fn escape_leaves_the_rule_and_not_the_place() {
    let mut window = asking(|_| {}, Look::default());
    let place = window.place();
    press(&mut window, "Always…");
    window.harness.key_press(Key::Escape);
    window.run();
    window.harness.get_by_label("Allow once");
    assert_eq!(window.place(), place);
}

#[test]
fn one_key_goes_to_the_question_and_then_to_the_message_and_keys_are_shown_where_they_work() {
    let mut window = asking(|_| {}, Look::default());
    let to = |window: &mut Window| {
        window.harness.key_press_modifiers(Modifiers::COMMAND, Key::J);
        window.run();
    };
    to(&mut window);
    assert!(window.harness.get_by_label(ASKS).is_focused());
    to(&mut window);
    assert!(window.harness.get_by_label("Message to the agent").is_focused());
    to(&mut window);
    window.harness.run_steps(60);
    window.harness.key_press(Key::A);
    window.run();
    assert_eq!(answers(&window).len(), 1);
}

#[test]
fn always_shows_its_rule_and_an_edited_one_is_kept() {
    let mut window = asking(|_| {}, Look::default());
    press(&mut window, "Always…");
    window.harness.get_by_label("Pattern of the rule");
    press(&mut window, "Allow and keep the rule");
    let always = ApprovalAnswer::Approved {
        scope: ApprovalScope::Always,
    };
    assert_eq!(answers(&window), [always]);

    let mut window = asking(|_| {}, Look::default());
    press(&mut window, "Always…");
    window.harness.get_by_label("Pattern of the rule").focus();
    window.run();
    window
        .harness
        .get_by_label("Pattern of the rule")
        .type_text(" --all");
    window.run();
    press(&mut window, "Allow and keep the rule");
    let once = ApprovalAnswer::Approved {
        scope: ApprovalScope::Once,
    };
    assert_eq!(answers(&window), [once]);
    let rules = window.client.commands().into_iter();
    let rules = rules
        .filter(|command| matches!(command, Command::PutRule { rule } if rule.allow))
        .count();
    assert_eq!(rules, 1);
}

#[test]
fn plans_are_carried_out_and_choices_answered() {
    let mut window = asking(other(asks_plan("q", "1. Look\n2. Change")), Look::default());
    press(&mut window, "Carry out the plan");
    assert_eq!(answers(&window).len(), 1);

    let mut window = asking(
        other(asks_choice("q", "Which branch?", &["main", "release"])),
        Look::default(),
    );
    press(&mut window, "release");
    press(&mut window, "Answer");
    let chosen = [("Which branch?".to_owned(), "release".to_owned())].into();
    assert_eq!(answers(&window), [ApprovalAnswer::Answered { answers: chosen }]);
}

#[test]
fn every_question_paints_in_every_look() {
    for look in Look::all() {
        let edit = ApprovalRequest {
            entry: Some(EntryIndex(6)),
            ..asks_edit("q", "src/rebase.rs")
        };
        let questions = [
            ("edit", edit),
            ("plan", asks_plan("q", "# Plan")),
            (
                "choice",
                asks_choice("q", "어느 브랜치에서 시작할까?", &["main", "release/2"]),
            ),
        ];
        for (name, request) in questions {
            let mut window = asking(other(request), look);
            window.picture(&format!("approval-{name}-{}", look.name()));
        }
    }
}

#[test]
fn a_folder_is_told_as_the_worktree_has_it_and_whole_where_it_is_outside() {
    let at = |folder: &str| {
        let mut request = anyon_testkit::asks_command("q", "ls");
        if let Question::Command { cwd, .. } = &mut request.question {
            *cwd = Some(folder.into());
        }
        request
    };
    let root = "/data/worktrees/any/00032-work";
    let outside = "/data/worktrees/any/00032-work/../../a-folder-with-a-long-name/that/must/not/be/cut/off";
    for (language, here, below) in [
        ("en", "in the worktree", "src in the worktree"),
        ("ko", "워크트리 안", "워크트리 안 src"),
    ] {
        let look = Look {
            language,
            ..Look::default()
        };
        for (folder, words) in [(root, here), (&format!("{root}/src"), below), (outside, outside)] {
            let window = asking(other(at(folder)), look);
            let told = window.harness.query_all_by_label(words).count();
            assert!(told > 0, "{folder}: {words}");
        }
    }
}

#[test]
fn the_sentence_is_the_newest_before_the_question() {
    let mut state = typical_world().state();
    let request = ApprovalRequest {
        entry: Some(EntryIndex(1)),
        ..anyon_testkit::asks_command("q", "ls")
    };
    other(request)(&mut state);
    let mut window = Window::looking(Place::Keys, state, Look::default());
    let says = |index, seconds, text: &str| {
        talk::entry(index, seconds, EntryKind::AssistantMessage { text: text.into() })
    };
    let entries = [
        says(0, 60, "The first thing"),
        says(1, 20, "The newest thing"),
        says(2, -20, "Said after the question"),
    ];
    window.client.reply(move |query| match query {
        Query::Markdown { .. } => None,
        query => talk::answer(&entries, query),
    });
    window.harness.state_mut().shell.go(Place::task(fixed(4)));
    window.run();
    let told = |window: &Window, text: &str| window.harness.query_all_by_label(text).count();
    assert_eq!(told(&window, "The newest thing"), 2, "also in the card");
    assert_eq!(told(&window, "The first thing"), 1);
    assert_eq!(told(&window, "Said after the question"), 1);
}

#[test]
fn the_sentence_before_a_question_is_markdown() {
    let change = |state: &mut State| {
        let mut approval = Approval::clone(&state.projects[&fixed(1)].approvals[&fixed(51)]);
        approval.request.entry = Some(EntryIndex(1));
        state.apply(&[Change::Put(Entity::Approval(Arc::new(approval)))]);
    };
    let mut state = typical_world().state();
    change(&mut state);
    let mut window = Window::looking(Place::Keys, state, Look::default());
    let text = "First this.\n\nI run **all** the tests.".to_owned();
    let entries = [talk::entry(0, 1, EntryKind::AssistantMessage { text })];
    window.client.reply(move |query| match query {
        Query::Markdown { text } => {
            assert_eq!(&**text, "I run **all** the tests.");
            let words = "I run all the tests.";
            let text = RichText {
                line: StyledLine::plain(words),
                links: Vec::new(),
            };
            Some(Ok(Answer::Blocks(Arc::new(vec![Block::Paragraph { text }]))))
        }
        query => talk::answer(&entries, query),
    });
    let place = Place::Task {
        task_id: fixed(4),
        attempt_id: None,
        tab: Tab::Conversation,
    };
    window.harness.state_mut().shell.go(place);
    window.run();
    assert!(window.harness.query_all_by_label("I run all the tests.").count() > 0);
    window.picture("approvals-sentence");
    let raw = window.harness.query_all_by_label_contains("**all**");
    assert_eq!(raw.count(), 1, "only in the conversation of this test");
}

#[test]
fn a_question_that_comes_is_whole_in_its_first_frame_and_the_composer_stays_in_sight() {
    let look = Look {
        size: [1024.0, 700.0],
        ..Look::default()
    };
    let mut state = typical_world().state();
    let pending = state.projects[&fixed(1)].approvals[&fixed(51)].clone();
    state.apply(&[Change::Remove(EntityKey::Approval(fixed(51)))]);
    let place = Place::Task {
        task_id: fixed(4),
        attempt_id: None,
        tab: Tab::Conversation,
    };
    let mut window = Window::looking(place, state, look);
    let entries = talk::entries();
    window.client.reply(move |query| talk::answer(&entries, query));
    window.run();
    window.client.change(|state| {
        state.apply(&[Change::Put(Entity::Approval(pending))]);
    });
    window.harness.step();
    for label in ["Allow once", "Edits allowed"] {
        let rect = window.harness.get_by_label(label).rect();
        assert!(rect.bottom() < look.size[1], "{label} at {rect:?}");
    }
}

#[test]
fn a_question_that_follows_without_words_repeats_no_sentence() {
    let mut state = typical_world().state();
    let asked = |number, seconds: i64, entry, command: &str| Approval {
        state: ApprovalState::Answered {
            answer: ApprovalAnswer::Approved {
                scope: ApprovalScope::Once,
            },
            by: AnsweredBy::Mode,
        },
        created_at: NOW.plus_ms(-seconds * 1_000),
        request: ApprovalRequest {
            entry: Some(EntryIndex(entry)),
            ..anyon_testkit::asks_command("q", command)
        },
        ..support::approval(number, 32, 42, command)
    };
    let second = Approval {
        state: ApprovalState::Pending,
        ..asked(51, 5, 2, "ls two")
    };
    state.apply(&[asked(52, 40, 1, "ls one").into(), second.into()]);
    let mut window = Window::looking(Place::Keys, state, Look::default());
    let text = "I look around first".to_owned();
    let entries = [talk::entry(0, 60, EntryKind::AssistantMessage { text })];
    window.client.reply(move |query| match query {
        Query::Markdown { .. } => None,
        query => talk::answer(&entries, query),
    });
    window.harness.state_mut().shell.go(Place::task(fixed(4)));
    window.run();
    let told = window.harness.query_all_by_label("I look around first").count();
    assert_eq!(told, 1, "in the conversation, not in the card");
}

#[test]
fn in_a_narrow_card_the_answers_stay_in_one_row() {
    let look = Look {
        size: [1440.0, 900.0],
        ..Look::default()
    };
    let mut window = asking(|_| {}, look);
    let row = |window: &Window, label: &str| window.harness.get_by_label(label).rect().center().y;
    let session = "Allow for this session";
    assert_eq!(
        row(&window, "Allow once"),
        row(&window, session),
        "all of them have room"
    );
    window.harness.set_size(egui::vec2(660.0, 700.0));
    window.run();
    window.picture("asks-narrow");
    assert_eq!(row(&window, "Allow once"), row(&window, "Deny…"));
    press(&mut window, "Allow for longer");
    press(&mut window, session);
    let scope = ApprovalScope::Session;
    assert_eq!(answers(&window), [ApprovalAnswer::Approved { scope }]);
}

#[test]
fn an_option_below_the_pointer_looks_so() {
    let mut window = asking(
        other(asks_choice("q", "Which?", &["One", "Two"])),
        Look::default(),
    );
    let option = window
        .harness
        .query_all_by_role(egui::accesskit::Role::RadioButton)
        .next()
        .expect("an option")
        .rect();
    let edges = |window: &Window| -> Vec<egui::Color32> {
        let shapes = window.harness.output().shapes.iter();
        let inside = shapes.filter_map(|clipped| match &clipped.shape {
            egui::Shape::Circle(circle) if option.contains(circle.center) => Some(circle.stroke.color),
            _ => None,
        });
        inside.collect()
    };
    let before = edges(&window);
    window.harness.hover_at(option.center());
    window.run();
    assert_ne!(before, edges(&window));
}
