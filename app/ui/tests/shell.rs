//! The shell: what was cut off is offered again, problems stay, closing asks, language and theme follow the settings.

mod support;

use anyon_model::*;
use anyon_ui::{NoticeAbout, Place, Request};
use egui::{Key, Modifiers};
use egui_kittest::kittest::Queryable;
use std::sync::Arc;
use support::{NOW, Window, empty_world, fixed, typical_world};

fn board() -> Place {
    Place::Board { project: None }
}

/// Two agents that were at work when Anyon ended, found by the start of this window.
fn cut_off() -> State {
    let orphaned = || ExecutionState::Failed {
        kind: FailureKind::Orphaned,
        message: "Anyon ended".into(),
    };
    let mut state = empty_world()
        .task("one", "")
        .task("two", "")
        .attempt(31, 1, |_| {})
        .execution(41, 31, orphaned())
        .attempt(32, 2, |_| {})
        .execution(42, 32, orphaned())
        .state();
    for number in [41, 42] {
        let execution = (*state.projects[&fixed(1)].executions[&fixed(number)]).clone();
        let ended_at = Some(NOW.plus_ms(-2_000));
        state.apply(&[Execution {
            ended_at,
            ..execution
        }
        .into()]);
    }
    state
}

#[test]
fn what_was_cut_off_is_offered_again_and_one_press_resumes_all() {
    let mut window = Window::at(board(), cut_off());
    window
        .harness
        .get_all_by_label("2 runs interrupted")
        .next()
        .unwrap();
    window.picture("shell-interrupted");
    window.harness.get_by_label("Resume all").click();
    window.run();
    let resumed: Vec<_> = window
        .client
        .commands()
        .into_iter()
        .map(|command| match command {
            Command::ResumeAttempt {
                attempt_id,
                text: None,
            } => attempt_id,
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(resumed.len(), 2);
    assert!(resumed.contains(&fixed(31)) && resumed.contains(&fixed(32)));
    assert!(window.harness.query_by_label("Resume all").is_none());
}

#[test]
fn what_somebody_went_on_with_is_not_offered_any_more() {
    let mut window = Window::at(board(), cut_off());
    let runs = |window: &mut Window, number: u8, state: ExecutionState| {
        window.client.change(|all| {
            let execution = (*all.projects[&fixed(1)].executions[&fixed(number)]).clone();
            all.apply(&[Execution { state, ..execution }.into()]);
        });
        window.run();
    };
    let at_work = || ExecutionState::Running {
        activity: Activity::Turn,
    };
    runs(&mut window, 41, at_work());
    assert!(window.harness.get_all_by_label("1 run interrupted").count() > 0);
    window.harness.get_by_label("Resume");
    runs(&mut window, 42, at_work());
    runs(&mut window, 42, ExecutionState::Completed);
    assert!(window.harness.query_by_label("Resume").is_none());
    assert!(window.harness.query_by_label("1 run interrupted").is_none());
}

#[test]
fn a_message_that_stands_there_follows_the_language() {
    let mut window = Window::at(board(), cut_off());
    window.client.change(|state| {
        let settings = Settings {
            language: Some("ko".into()),
            ..(*state.settings).clone()
        };
        state.settings = Arc::new(settings);
    });
    window.run();
    assert!(window.harness.get_all_by_label("중단된 실행 2개").count() > 0);
    window.harness.get_by_label("모두 재개");
}

#[test]
fn closing_asks_while_agents_run_and_escape_stays() {
    let mut window = Window::at(board(), typical_world().state());
    assert!(!window.harness.state_mut().shell.may_close());
    window.run();
    window.harness.get_by_label("Agents are still running");
    window.picture("shell-closing");
    window.harness.key_press(Key::Escape);
    window.run();
    assert!(
        window
            .harness
            .query_by_label("Agents are still running")
            .is_none()
    );
    assert!(!window.harness.state().requests.contains(&Request::Quit));
    assert!(!window.harness.state_mut().shell.may_close());
    window.run();
    window.harness.get_by_label("Stop agents and quit").click();
    window.run();
    assert!(window.harness.state().requests.contains(&Request::Quit));
}

#[test]
fn agents_can_go_on_without_the_window_and_a_client_closes_at_once() {
    let mut window = Window::at(board(), typical_world().state());
    assert!(!window.harness.state_mut().shell.may_close());
    window.run();
    window.harness.get_by_label("Keep running").click();
    window.run();
    let requests = &window.harness.state().requests;
    assert!(requests.contains(&Request::QuitAndKeep) && !requests.contains(&Request::Quit));
    window.harness.state_mut().shell.set_host(false);
    assert!(window.harness.state_mut().shell.may_close());
}

#[test]
fn another_program_brings_the_window_to_the_front_and_to_a_place() {
    let state = typical_world().state();
    let mut tasks = state
        .projects
        .values()
        .flat_map(|shard| shard.tasks.keys().copied());
    let task_id = tasks.next().unwrap();
    let mut window = Window::at(Place::NeedsYou, state.clone());
    let on = Some(FocusOn::Task { task_id });
    window.client.event(Event::Focus { on });
    window.run();
    assert!(window.harness.state().requests.contains(&Request::ComeToFront));
    assert_eq!(*window.harness.state().shell.place(), Place::task(task_id));
    window.client.event(Event::Focus { on: None });
    window.run();
    assert_eq!(*window.harness.state().shell.place(), Place::task(task_id));
}

#[test]
fn without_a_host_the_window_says_why() {
    let mut window = Window::at(board(), empty_world().state());
    let problem = Problem::new(ProblemCode::VersionSkew, "Another Anyon is running");
    window.client.event(Event::Failed(problem));
    window.client.event(Event::Ended);
    window.run();
    window.harness.get_by_label("Anyon could not open its store");
    window.harness.get_by_label("Quit").click();
    window.run();
    assert!(window.harness.state().requests.contains(&Request::Quit));
}

#[test]
fn closing_asks_nothing_while_nothing_runs() {
    let mut window = Window::at(board(), empty_world().state());
    assert!(window.harness.state_mut().shell.may_close());
}

#[test]
fn a_problem_that_no_command_waits_for_is_shown_until_it_is_closed() {
    let mut window = Window::at(board(), empty_world().state());
    let problem = Problem::new(ProblemCode::Io, "The log could not be written")
        .detail("no space")
        .hint("free some");
    window.client.event(Event::Failed(problem));
    window.run();
    window.harness.input_mut().time = Some(10_000.0);
    window.run();
    window.harness.get_by_label("The log could not be written");
    window.harness.get_by_label("Close").click();
    window.run();
    assert!(
        window
            .harness
            .query_by_label("The log could not be written")
            .is_none()
    );
}

#[test]
fn escape_closes_a_menu_and_nothing_else() {
    let mut window = Window::at(board(), typical_world().state());
    let task = Place::task(fixed(5));
    window.harness.state_mut().shell.go(task.clone());
    window.run();
    window.harness.get_by_label("More").click();
    window.run();
    window.harness.get_by_label("Copy the branch name");
    window.harness.key_press(Key::Escape);
    window.run();
    assert!(window.harness.query_by_label("Copy the branch name").is_none());
    assert_eq!(window.place(), task);
    window.harness.key_press(Key::Escape);
    window.run();
    assert_eq!(window.place(), board());
}

#[test]
fn escape_goes_up_and_alt_with_an_arrow_or_the_mouse_goes_back_and_forward() {
    let mut window = Window::at(board(), typical_world().state());
    let task = Place::task(fixed(5));
    for place in [Place::NeedsYou, task.clone()] {
        window.harness.state_mut().shell.go(place);
        window.run();
    }
    let key = |window: &mut Window, modifiers, key| {
        window.harness.key_press_modifiers(modifiers, key);
        window.run();
        window.place()
    };
    assert_eq!(
        key(&mut window, Modifiers::NONE, Key::Escape),
        board(),
        "up, not back to Needs you"
    );
    assert_eq!(
        key(&mut window, Modifiers::NONE, Key::Escape),
        board(),
        "there is nothing above"
    );
    assert_eq!(key(&mut window, Modifiers::ALT, Key::ArrowLeft), task);
    assert_eq!(key(&mut window, Modifiers::ALT, Key::ArrowLeft), Place::NeedsYou);
    assert_eq!(key(&mut window, Modifiers::ALT, Key::ArrowRight), task);
    let side_button = |window: &mut Window, button| {
        for pressed in [true, false] {
            window.harness.event(egui::Event::PointerButton {
                pos: egui::pos2(700.0, 400.0),
                button,
                pressed,
                modifiers: Modifiers::NONE,
            });
            window.run();
        }
        window.place()
    };
    assert_eq!(
        side_button(&mut window, egui::PointerButton::Extra1),
        Place::NeedsYou
    );
    assert_eq!(side_button(&mut window, egui::PointerButton::Extra2), task);
}

#[test]
fn another_language_is_there_at_once() {
    let mut window = Window::at(board(), typical_world().state());
    window.harness.get_by_label("Search or run a command");
    window.client.change(|state| {
        let settings = Settings {
            language: Some("ko".into()),
            ..(*state.settings).clone()
        };
        state.settings = Arc::new(settings);
    });
    window.run();
    window.harness.get_by_label("검색 또는 명령");
}

#[test]
fn the_place_goes_on_to_the_desktop_only_when_nobody_looks_at_it() {
    let mut window = Window::at(Place::attempt(fixed(3), fixed(31)), typical_world().state());
    let notify = |attempt: u8| Event::Notify {
        title: "Asks".into(),
        body: "npm test".into(),
        attempt_id: fixed(attempt),
    };
    window.client.event(notify(31));
    window.client.event(notify(32));
    window.run();
    let told: Vec<AttemptId> = window
        .harness
        .state()
        .requests
        .iter()
        .filter_map(|request| match request {
            Request::Notify {
                about: NoticeAbout::Attempt(attempt_id),
                body,
                ..
            } => {
                assert_eq!(
                    body, "Claude Code asks to run a command",
                    "no word of the agent's"
                );
                Some(*attempt_id)
            }
            _ => None,
        })
        .collect();
    assert_eq!(told, [fixed(32)]);
}

/// Without a frame in between: there are none while it is minimised.
#[test]
fn a_window_that_was_minimised_at_the_place_does_not_count_as_looking_at_it() {
    let mut window = Window::at(Place::attempt(fixed(3), fixed(31)), typical_world().state());
    window.client.event(Event::Notify {
        title: "Done".into(),
        body: String::new(),
        attempt_id: fixed(31),
    });
    let (ctx, client) = (window.harness.ctx.clone(), window.client.clone());
    let away = egui::RawInput {
        focused: false,
        ..egui::RawInput::default()
    };
    let shell = &mut window.harness.state_mut().shell;
    let mut requests = Vec::new();
    let logic = ctx.run_logic(&away, |ctx| requests = shell.logic(Some(&*client), ctx, NOW));
    drop(logic);
    let told = |request: &Request| matches!(request, Request::Notify { about, .. } if *about == NoticeAbout::Attempt(fixed(31)));
    assert_eq!(requests.iter().filter(|request| told(request)).count(), 1);
}

#[test]
fn the_keys_page_is_one_character_away() {
    let mut window = Window::at(board(), typical_world().state());
    window.harness.event(egui::Event::Text("?".into()));
    window.run();
    assert_eq!(window.place(), Place::Keys);
    window.harness.key_press_modifiers(Modifiers::COMMAND, Key::Comma);
    window.run();
    assert!(matches!(window.place(), Place::Settings { .. }));
}

#[test]
fn escape_leads_from_the_keys_page_to_where_one_came_from() {
    let task = Place::task(fixed(4));
    for by_character in [true, false] {
        let mut window = Window::at(board(), typical_world().state());
        window.harness.state_mut().shell.go(task.clone());
        window.run();
        if by_character {
            window.harness.event(egui::Event::Text("?".into()));
        } else {
            window.harness.get_by_label("Keys").click();
        }
        window.run();
        assert_eq!(window.place(), Place::Keys);
        window.harness.key_press_modifiers(Modifiers::NONE, Key::Escape);
        window.run();
        assert_eq!(window.place(), task, "by a character: {by_character}");
    }
}

#[test]
fn the_desktop_is_told_in_the_persons_language() {
    let look = support::Look {
        language: "ko",
        ..support::Look::default()
    };
    let mut window = Window::looking(board(), typical_world().state(), look);
    window.client.event(Event::Notify {
        title: "ANY-4".into(),
        body: "Claude Code asks: npm test".into(),
        attempt_id: fixed(32),
    });
    window.run();
    let requests = &window.harness.state().requests;
    let body = requests.iter().find_map(|request| match request {
        Request::Notify { body, .. } => Some(body.as_str()),
        _ => None,
    });
    assert_eq!(
        body,
        Some("Claude Code의 명령 실행 요청"),
        "what it asks for may hold secrets"
    );
}

#[test]
fn what_another_program_asks_for_waits_for_a_click_and_no_key_allows_it() {
    let asked = CommandId::from_bytes([9; 16]);
    let mut state = typical_world().state();
    let attempt = state
        .projects
        .values()
        .flat_map(|shard| shard.attempts.values())
        .next()
        .unwrap();
    let confirmation = Confirmation {
        actor: Actor::Mcp {
            client: "Editor".into(),
        },
        command: Command::MergeAttempt {
            attempt_id: attempt.id,
            message: None,
            keep_worktree: false,
        },
        at: Timestamp::from_ms(0),
    };
    state.apply(&[Change::Confirmation {
        command_id: asked,
        confirmation: Some(Arc::new(confirmation)),
    }]);
    let mut window = Window::at(Place::Keys, state);
    window.run();
    let told = |window: &Window| {
        let commands = window.client.commands();
        commands
            .into_iter()
            .find(|command| matches!(command, Command::Confirm { .. }))
    };
    window.harness.get_by_label("Editor asks");
    window.harness.key_press_modifiers(Modifiers::COMMAND, Key::Enter);
    window.harness.key_press(Key::Enter);
    window.run();
    assert_eq!(told(&window), None);
    window.harness.get_by_label("Allow").click();
    window.run();
    assert_eq!(told(&window), Some(Command::Confirm { asked, allow: true }));
}

#[test]
fn what_another_program_asks_for_can_be_left_for_later() {
    let asked = CommandId::from_bytes([9; 16]);
    let mut state = typical_world().state();
    let confirmation = Confirmation {
        actor: Actor::Mcp {
            client: "Editor".into(),
        },
        command: Command::DeleteTask { task_id: fixed(5) },
        at: NOW,
    };
    state.apply(&[Change::Confirmation {
        command_id: asked,
        confirmation: Some(Arc::new(confirmation)),
    }]);
    let mut window = Window::at(board(), state);
    window.harness.get_by_label("Editor asks");
    window.picture("shell-asked");
    window.harness.key_press(Key::Escape);
    window.run();
    assert!(window.harness.query_by_label("Editor asks").is_none());
    assert!(window.client.commands().is_empty(), "nothing is decided by it");
    window.harness.get_by_label_contains("Needs you, ").click();
    window.run();
    window
        .harness
        .get_by_label_contains("Editor asks, It wants to delete the task ANY-5");
}

/// What the window asks of the desktop while nobody looks at it.
fn asked_unseen(window: &mut Window) -> Vec<Request> {
    let (ctx, client) = (window.harness.ctx.clone(), window.client.clone());
    let away = egui::RawInput {
        focused: false,
        ..egui::RawInput::default()
    };
    let shell = &mut window.harness.state_mut().shell;
    let mut requests = Vec::new();
    drop(ctx.run_logic(&away, |ctx| requests = shell.logic(Some(&*client), ctx, NOW)));
    requests
}

#[test]
fn the_window_calls_once_for_what_is_new_and_rests_when_it_is_looked_at() {
    let mut window = Window::at(board(), typical_world().state());
    let call = Request::Attention(true);
    assert!(!asked_unseen(&mut window).contains(&call), "nothing is new");
    window.client.change(|state| {
        let newer = support::approval(52, 31, 41, "cargo publish");
        state.apply(&[Change::Put(Entity::Approval(newer.into()))]);
    });
    assert_eq!(window.harness.state().shell.title(), "(3) Anyon");
    let asked = asked_unseen(&mut window);
    assert_eq!(asked.iter().filter(|request| **request == call).count(), 1);
    assert_eq!(window.harness.state().shell.title(), "(4) Anyon");
    assert!(!asked_unseen(&mut window).contains(&call), "it was told");
    window.harness.state_mut().requests.clear();
    window.run();
    let rest = Request::Attention(false);
    let rests = |window: &Window| {
        let requests = &window.harness.state().requests;
        requests.iter().filter(|request| **request == rest).count()
    };
    assert_eq!(rests(&window), 1);
    window.run();
    assert_eq!(rests(&window), 1);
}

#[test]
fn the_desktop_is_told_once_that_another_program_asks() {
    let mut window = Window::at(board(), typical_world().state());
    let asked = CommandId::from_bytes([9; 16]);
    window.client.change(|state| {
        let confirmation = Confirmation {
            actor: Actor::Mcp {
                client: "Editor".into(),
            },
            command: Command::DropAttempt {
                attempt_id: fixed(33),
            },
            at: NOW,
        };
        state.apply(&[Change::Confirmation {
            command_id: asked,
            confirmation: Some(Arc::new(confirmation)),
        }]);
    });
    let told = |requests: &[Request]| -> Vec<(String, NoticeAbout)> {
        let notices = requests.iter().filter_map(|request| match request {
            Request::Notify { title, about, .. } => Some((title.clone(), *about)),
            _ => None,
        });
        notices.collect()
    };
    let first = asked_unseen(&mut window);
    assert_eq!(
        told(&first),
        [("Editor asks".to_owned(), NoticeAbout::Asked(asked))]
    );
    assert_eq!(told(&asked_unseen(&mut window)), []);
}
