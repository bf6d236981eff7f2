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
    looking(task, change, Look::default())
}

fn looking(task: u8, change: impl FnOnce(&mut State), look: Look) -> Window {
    let mut state = typical_world().state();
    change(&mut state);
    let mut window = Window::looking(Place::Keys, state, look);
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

fn korean(task: u8, change: impl FnOnce(&mut State)) -> Window {
    let look = Look {
        language: "ko",
        ..Look::default()
    };
    looking(task, change, look)
}

fn press(window: &mut Window, label: &str) {
    window.harness.get_by_label(label).click();
    window.run();
}

fn sent_to(window: &Window) -> Vec<(Recipient, String)> {
    let sent = window.client.commands().into_iter();
    sent.filter_map(|command| match command {
        Command::SendTo { to, text, .. } => Some((to, text)),
        _ => None,
    })
    .collect()
}

#[test]
fn another_agent_takes_over_with_the_next_message() {
    let mut window = at(5, |_| {});
    press(&mut window, "Agent: Claude Code");
    assert!(
        window.harness.query_by_label("Gemini CLI").is_none(),
        "it is not installed"
    );
    press(&mut window, "Codex · PLAN");
    window
        .harness
        .get_by_label_contains("Codex takes over from Claude Code in the same worktree");
    write(&mut window, "Write the docs");
    window.picture("composer-takes-over");
    press(&mut window, "Send");
    let to = Recipient {
        profile: Some("CODEX:PLAN".parse().unwrap()),
        model: None,
    };
    assert_eq!(sent_to(&window), [(to, "Write the docs".to_owned())]);
    window.harness.get_by_label("Agent: Claude Code");
}

#[test]
fn another_model_goes_with_the_next_message_only_where_it_is_another() {
    let mut window = at(3, |_| {});
    press(&mut window, "Model: Default model");
    window.picture("composer-models");
    window.harness.get_by_label("Another model").focus();
    window.run();
    window.harness.get_by_label("Another model").type_text("opus");
    window.run();
    window.harness.key_press(Key::Enter);
    window.run();
    window.harness.get_by_label("Model: opus");
    write(&mut window, "Think harder");
    press(&mut window, "Queue");
    let to = Recipient {
        profile: None,
        model: Some("opus".into()),
    };
    assert_eq!(sent_to(&window), [(to, "Think harder".to_owned())]);
    // What was chosen before and taken back is not sent.
    press(&mut window, "Agent: Claude Code");
    press(&mut window, "Claude Code · PLAN");
    press(&mut window, "Agent: Claude Code · PLAN");
    press(&mut window, "Claude Code");
    write(&mut window, "As ever");
    press(&mut window, "Queue");
    assert_eq!(sent_to(&window).len(), 1);
}

#[test]
fn a_failed_attempt_goes_on_with_another_agent_without_words() {
    let mut window = at(6, |_| {});
    press(&mut window, "Agent: Claude Code");
    press(&mut window, "Codex");
    press(&mut window, "Resume");
    assert_eq!(sent_to(&window).len(), 1);
}

#[test]
fn the_choice_of_the_agent_speaks_korean() {
    let mut window = korean(5, |_| {});
    press(&mut window, "에이전트: Claude Code");
    press(&mut window, "Codex");
    window
        .harness
        .get_by_label_contains("Codex이(가) Claude Code의 작업을");
    window.harness.get_by_label("모델: 기본 모델");
}

fn three_drafts(state: &mut State) {
    let to = Recipient {
        profile: Some("CODEX".parse().unwrap()),
        model: Some("big".into()),
    };
    let other = Draft {
        to,
        ..draft(83, "third")
    };
    state.apply(&[
        draft(81, "first").into(),
        draft(82, "second").into(),
        other.into(),
    ]);
}

fn moves(window: &Window) -> Vec<(DraftId, Option<DraftId>)> {
    let sent = window.client.commands().into_iter();
    sent.filter_map(|command| match command {
        Command::MoveDraft { draft_id, before } => Some((draft_id, before)),
        _ => None,
    })
    .collect()
}

#[test]
fn drafts_are_moved_by_the_keyboard() {
    let mut window = at(3, three_drafts);
    window.harness.get_by_label("Codex · big");
    window.picture("composer-drafts");
    let handle = |number: u8| format!("Move message {number} (drag, or Alt and an arrow)");
    window.harness.get_by_label(&handle(2)).focus();
    window.run();
    window.harness.key_press_modifiers(Modifiers::ALT, Key::ArrowUp);
    window.run();
    window.harness.key_press_modifiers(Modifiers::ALT, Key::ArrowDown);
    window.run();
    window.harness.get_by_label(&handle(1)).focus();
    window.run();
    window.harness.key_press_modifiers(Modifiers::ALT, Key::ArrowUp);
    window.run();
    window.harness.key_press_modifiers(Modifiers::ALT, Key::ArrowDown);
    window.run();
    assert_eq!(
        moves(&window),
        [
            (fixed(82), Some(fixed(81))),
            (fixed(82), None),
            (fixed(81), Some(fixed(83))),
        ]
    );
}

#[test]
fn drafts_are_moved_by_dragging() {
    let mut window = korean(3, three_drafts);
    let handle = |number: u8| format!("메시지 {number} 이동(끌기 또는 Alt+화살표)");
    let from = window.harness.get_by_label(&handle(3)).rect().center();
    let to = window.harness.get_by_label(&handle(1)).rect().center_top() - egui::vec2(0.0, 2.0);
    window.harness.drag_at(from);
    window.run();
    for part in [0.5, 1.0] {
        window.harness.hover_at(from.lerp(to, part));
        window.run();
    }
    window.harness.drop_at(to);
    window.run();
    assert_eq!(moves(&window), [(fixed(83), Some(fixed(81)))]);
}

#[test]
fn an_at_sign_offers_templates_and_files() {
    let mut window = at(5, |state| {
        let template = Template {
            id: fixed(90),
            name: "review".into(),
            text: "Look at it again".into(),
            updated_at: NOW,
        };
        state.apply(&[template.into()]);
    });
    write(&mut window, "Look at @re");
    window.harness.get_by_label("review, Template");
    window.picture("composer-mention");
    window.harness.key_press(Key::ArrowDown);
    window.run();
    window.harness.key_press(Key::Enter);
    window.run();
    assert!(
        window
            .harness
            .query_all_by_value("Look at @src/rebase.rs ")
            .count()
            > 0
    );
    assert!(
        window.harness.query_by_label("src/remote.rs").is_none(),
        "it is closed"
    );
    // Left with Escape it stays away for this word, and the field keeps the keyboard.
    window
        .harness
        .get_by_label("Message to the agent")
        .type_text("and @src");
    window.run();
    window.harness.get_by_label("src/remote.rs");
    window.harness.key_press(Key::Escape);
    window.run();
    assert!(window.harness.query_by_label("src/remote.rs").is_none());
    window.harness.get_by_label("Message to the agent").type_text("/");
    window.run();
    assert!(window.harness.query_by_label("src/remote.rs").is_none());
    let text = "Look at @src/rebase.rs and @src/";
    assert!(window.harness.query_all_by_value(text).count() > 0);
}

#[test]
fn nothing_is_offered_while_an_input_method_composes() {
    let mut window = korean(5, |_| {});
    window.harness.get_by_label("에이전트에게 보낼 메시지").focus();
    window.run();
    window
        .harness
        .get_by_label("에이전트에게 보낼 메시지")
        .type_text("@");
    window.run();
    window.harness.get_by_label("문서/설계.md");
    window.harness.event(Event::Ime(ImeEvent::Preedit {
        text: "문".into(),
        active_range_chars: None,
    }));
    window.run();
    assert!(window.harness.query_by_label("문서/설계.md").is_none());
    window.harness.event(Event::Ime(ImeEvent::Commit("문".into())));
    window.harness.run_steps(6);
    window.harness.get_by_label("문서/설계.md").click();
    window.run();
    assert!(window.harness.query_all_by_value("@문서/설계.md ").count() > 0);
}

#[test]
fn a_toast_covers_no_button_of_the_composer() {
    for size in [[1024.0, 700.0], [1440.0, 900.0]] {
        let look = Look {
            size,
            ..Look::default()
        };
        for task in [4, 5, 6] {
            let mut window = looking(task, |_| {}, look);
            let fault = Problem::new(ProblemCode::Git, "git could not do it");
            window.client.event(anyon_model::Event::Failed(fault));
            window.run();
            let toasts = egui::Id::unique("toasts");
            let toast = window.harness.ctx.memory(|memory| memory.area_rect(toasts));
            let toast = toast.unwrap();
            assert!(toast.height() > 40.0, "{toast:?}");
            for label in ["Queue", "Send", "Resume", "Allow once", "Message to the agent"] {
                for node in window.harness.query_all_by_label(label) {
                    let covered = node.rect().intersects(toast);
                    assert!(
                        !covered,
                        "{label} of task {task}: {:?} under {toast:?}",
                        node.rect()
                    );
                }
            }
        }
    }
}

#[test]
fn a_long_text_scrolls_in_its_field_and_the_ways_to_send_it_stay() {
    for size in [[1024.0, 700.0], [1440.0, 900.0]] {
        let state = typical_world().state();
        let look = Look {
            size,
            ..Look::default()
        };
        let mut window = Window::looking(Place::Keys, state, look);
        let entries = talk::entries();
        window.client.reply(move |query| talk::answer(&entries, query));
        window.harness.state_mut().shell.go(Place::Task {
            task_id: fixed(5),
            attempt_id: None,
            tab: Tab::Conversation,
        });
        window.run();
        let lines: Vec<String> = (1..=200)
            .map(|line| format!("line {line} of a pasted text"))
            .collect();
        window.harness.get_by_label("Message to the agent").focus();
        window.run();
        window.harness.event(Event::Paste(lines.join("\n")));
        window.run();
        let send = window.harness.get_by_label("Send").rect();
        assert!(
            send.bottom() <= size[1],
            "Send is at {send} in a window of {size:?}"
        );
        window.picture(&format!("composer-long-{}", size[0]));
        window.harness.get_by_label("Send").click();
        window.run();
        let sent = window.client.commands();
        assert!(
            matches!(sent.last(), Some(Command::FollowUp { text, .. }) if text.lines().count() == 200),
            "{sent:?}"
        );
    }
}

#[test]
fn what_is_written_goes_with_a_resume_and_its_button_says_so() {
    let mut window = at(6, |_| {});
    write(&mut window, "Only the tests");
    window.harness.get_by_label("Resume with this message").click();
    window.run();
    let sent = window.client.commands();
    let text = match sent.last() {
        Some(Command::ResumeAttempt { text, .. }) => text.as_deref(),
        other => panic!("{other:?}"),
    };
    assert_eq!(text, Some("Only the tests"));
}

#[test]
fn a_queue_that_was_held_back_goes_on_by_one_press() {
    let mut window = at(5, |state| {
        let mut waits = draft(71, "And the docs");
        waits.attempt_id = fixed(33);
        state.apply(&[waits.into()]);
    });
    window.harness.get_by_label("Send the queued message").click();
    window.run();
    let sent = window.client.commands();
    assert!(
        matches!(sent.last(), Some(Command::ResumeAttempt { text: None, .. })),
        "{sent:?}"
    );
}

/// The attempt of task 3 waits for a limit of its agent's service.
fn limited(look: Look) -> Window {
    let wait = |state: &mut State| {
        let mut execution = Execution::clone(&state.projects[&fixed(1)].executions[&fixed(41)]);
        let until = NOW.plus_ms(7_500_000);
        execution.state = ExecutionState::Queued {
            why: Some(QueueReason::RateLimit { until }),
        };
        execution.started_at = None;
        state.apply(&[execution.into()]);
    };
    looking(3, wait, look)
}

#[test]
fn what_waits_for_a_limit_says_until_when_and_can_be_started_all_the_same() {
    for look in Look::all() {
        limited(look).picture(&format!("composer-limit-{}", look.name()));
    }
    let mut window = limited(Look::default());
    window
        .harness
        .get_by_label("Claude Code has reached its limit. It goes on by itself in 2h 5m.");
    let lines = window
        .harness
        .get_all_by_label_contains("Limit reached: goes on in 2h");
    assert!(lines.count() >= 2, "beside the card's name and in the stages");
    window.harness.get_by_label("Start now anyway").click();
    window.run();
    let sent = window.client.commands();
    assert!(
        sent.contains(&Command::StartNow {
            attempt_id: fixed(31)
        }),
        "{sent:?}"
    );
}
