//! The conversation: cards open, links lead, what is new is marked, only what is in sight is asked for.

#![allow(clippy::unwrap_used, reason = "a test may stop")]

#[path = "conversation/scripts.rs"]
mod scripts;
mod support;
#[path = "support/talk.rs"]
mod talk;

use anyon_model::*;
use anyon_ui::{Place, Request, Tab};
use egui_kittest::kittest::Queryable;
use std::sync::{Arc, Mutex};
use support::{Look, NOW, Window, fixed, typical_world};

type Shared = Arc<Mutex<Vec<Arc<Entry>>>>;

fn place(task: u8) -> Place {
    Place::Task {
        task_id: fixed(task),
        attempt_id: None,
        tab: Tab::Conversation,
    }
}

fn talking(entries: Vec<Arc<Entry>>) -> (Window, Shared) {
    let shared = Arc::new(Mutex::new(entries));
    let mut window = Window::looking(Place::Keys, typical_world().state(), Look::default());
    let read = shared.clone();
    window
        .client
        .reply(move |query| talk::answer(&read.lock().unwrap(), query));
    window.harness.state_mut().shell.go(place(3));
    window.run();
    (window, shared)
}

#[test]
fn a_card_opens_to_input_and_output() {
    let (mut window, _) = talking(talk::entries());
    window
        .harness
        .get_by_label("Run · cargo test rebase · done")
        .click();
    window.run();
    window.harness.get_by_label("test rebase::case_1 ... ok");
    assert!(
        window
            .harness
            .query_by_label("test rebase::case_20 ... ok")
            .is_none()
    );
    window.harness.get_by_label("Show all 40 lines").click();
    window.run();
    window.harness.get_by_label("test rebase::case_15 ... ok");
}

#[test]
fn what_was_under_way_when_its_process_went_is_cut_off_and_runs_no_more() {
    let detail = ToolDetail::Command {
        command: "make".into(),
        description: None,
    };
    let mut running = talk::tool(ToolKind::Command, "make", detail, None, 5);
    if let EntryKind::ToolUse(tool) = &mut running {
        (tool.status, tool.ended_at) = (ToolStatus::Created, None);
    }
    let (mut window, _) = talking(vec![talk::entry(0, 5, running)]);
    window.harness.get_by_label("Run · make · running");
    window.client.change(|state| {
        let shard = state.shard_of_task(fixed(3)).unwrap();
        let attempt = shard.attempts_of(fixed(3)).last().unwrap().id;
        let mut execution = Execution::clone(shard.last_agent_execution(attempt).unwrap());
        execution.state = ExecutionState::Killed {
            reason: StopReason::User,
        };
        state.apply(&[Change::Put(Entity::Execution(Arc::new(execution)))]);
    });
    window.run();
    window.harness.get_by_label("Run · make · cut off");
}

#[test]
fn links_lead_to_the_browser_and_the_editor() {
    let (mut window, _) = talking(talk::entries());
    window.harness.get_by_label("git documentation").click();
    window.run();
    window.harness.get_by_label("src/rebase.rs").click();
    window.run();
    let requests = &window.harness.state().requests;
    assert!(
        requests
            .iter()
            .any(|request| matches!(request, Request::OpenUrl(url) if url.contains("git-scm")))
    );
    assert!(
        requests
            .iter()
            .any(|request| matches!(request, Request::OpenEditor(target) if target.line == Some(12)))
    );
}

#[test]
fn the_first_unread_entry_stands_below_a_line() {
    let (mut window, shared) = talking(talk::entries());
    assert!(
        window.harness.query_by_label_contains("Since you left").is_none(),
        "all of it is new"
    );
    window.harness.run_steps(4);
    window.harness.state_mut().shell.go(Place::Keys);
    window.run();
    window.harness.state_mut().now = NOW.plus_ms(60_000);
    {
        let mut entries = shared.lock().unwrap();
        let edit = ToolDetail::FileEdit { changes: Vec::new() };
        let at = entries.len() as u64;
        entries.push(talk::entry(
            at,
            1,
            talk::tool(ToolKind::Edit, "src/lock.rs", edit, None, 1),
        ));
    }
    window.client.event(Event::EntriesChanged {
        execution_id: fixed(41),
        from: 11,
        total: 12,
    });
    window.run();
    window.harness.state_mut().shell.go(place(3));
    window.run();
    window.harness.get_by_label("Since you left: 1 edit");
}

#[test]
fn a_glance_at_another_place_is_no_absence() {
    let (mut window, shared) = talking(talk::entries());
    window.harness.run_steps(4);
    window.harness.state_mut().shell.go(Place::Keys);
    window.run();
    let text = "more".to_owned();
    let at = shared.lock().unwrap().len() as u64;
    let entry = talk::entry(at, 1, EntryKind::AssistantMessage { text });
    shared.lock().unwrap().push(entry);
    window.client.event(Event::EntriesChanged {
        execution_id: fixed(41),
        from: at,
        total: at + 1,
    });
    window.harness.state_mut().now = NOW.plus_ms(3_000);
    window.harness.state_mut().shell.go(place(3));
    window.run();
    assert!(window.harness.query_by_label_contains("Since you left").is_none());
}

/// The attempt of task 3, in which another agent came after the first.
fn taken_over(language: &'static str, told: &str) -> Window {
    let mut state = typical_world().state();
    let shard = &state.projects[&fixed(1)];
    let first = Execution {
        state: ExecutionState::Completed,
        ..Execution::clone(&shard.executions[&fixed(41)])
    };
    let session = Session {
        id: fixed(99),
        profile: ExecutorProfileId::new("CODEX"),
        agent_session: None,
        ..Session::clone(&shard.sessions[&fixed(31)])
    };
    let second = Execution {
        id: fixed(98),
        session_id: Some(fixed(99)),
        number: first.number + 1,
        state: ExecutionState::Running {
            activity: Activity::Turn,
        },
        ..first.clone()
    };
    state.apply(&[first.into(), session.into(), second.into()]);
    let look = Look {
        language,
        ..Look::default()
    };
    let mut window = Window::looking(Place::Keys, state, look);
    let text = told.to_owned();
    let asked = [talk::entry(0, 1, EntryKind::UserMessage { text })];
    window.client.reply(move |query| talk::answer(&asked, query));
    window.harness.state_mut().shell.go(place(3));
    window.run();
    window
}

#[test]
fn it_is_said_which_agent_did_which_turn_and_who_takes_over() {
    let mut window = taken_over("en", "Write the docs");
    window.picture("conversation-takes-over");
    window.harness.get_by_label("Claude Code");
    window.harness.get_by_label("Codex takes over from Claude Code");
    let window = taken_over("ko", "문서를 써");
    window
        .harness
        .get_by_label("Codex · Claude Code의 작업을 이어받음");
}

#[test]
fn what_a_successor_is_told_is_folded_below_its_prompt() {
    let told = "Write the docs\n\n---\nYou take over this work from Claude Code, in the same folder.";
    let mut window = taken_over("en", told);
    assert!(window.harness.query_all_by_label("Write the docs").count() > 0);
    assert!(
        window
            .harness
            .query_by_label_contains("in the same folder")
            .is_none()
    );
    let folded = window
        .harness
        .query_all_by_label("What was asked and done before");
    folded.last().unwrap().click();
    window.run();
    assert!(
        window
            .harness
            .query_all_by_label_contains("You take over this work from Claude Code")
            .count()
            > 0
    );
}

#[test]
fn the_plan_is_pinned_and_silence_is_told() {
    let (mut window, _) = talking(talk::entries());
    window.harness.get_by_label("Plan · 1 of 3").click();
    window.run();
    window
        .harness
        .get_by_label("Reproduce the abort with a stale index.lock");
    window.harness.get_by_label_contains("Nothing heard for");
    window
        .harness
        .get_by_label("Last on standard error: warning: the proxy does not answer");
}

#[test]
fn the_prompt_stands_there_before_the_agent_said_anything() {
    let (window, _) = talking(Vec::new());
    let state = typical_world().state();
    let prompt = &state.projects[&fixed(1)].executions[&fixed(41)].prompt;
    assert!(!prompt.is_empty());
    window.harness.get_by_label(prompt);
}

#[test]
fn a_long_conversation_asks_for_its_last_page_only() {
    let many = (0..100_000).map(|n| {
        talk::entry(
            n,
            10,
            EntryKind::SystemMessage {
                text: format!("line {n}"),
            },
        )
    });
    let (window, _) = talking(many.collect());
    window.harness.get_by_label("line 99999");
    let asked = window.client.queries().into_iter();
    let asked = asked
        .filter(|query| matches!(query, Query::Entries { .. }))
        .count();
    assert!(asked <= 6, "{asked} pages");
}

#[test]
fn the_place_of_before_is_found_again_although_its_entries_come_late() {
    let attempt_id: AttemptId = fixed(31);
    let key = format!("scroll/{attempt_id}");
    let notes = [(key.as_str(), "500.250")];
    let mut window = Window::keeping(place(3), typical_world().state(), Look::default(), &notes);
    let line = |n| {
        let text = format!("line {n}");
        talk::entry(n, 10, EntryKind::SystemMessage { text })
    };
    let entries: Vec<_> = (0..1_000).map(line).collect();
    window.client.reply(move |query| talk::answer(&entries, query));
    window.harness.run_steps(12);
    window.harness.get_by_label("line 499");
    assert!(window.harness.query_by_label("line 498").is_none());
    assert!(window.harness.query_by_label("line 999").is_none());
    assert_eq!(window.harness.state().shell.kept().note(&key), Some("500.250"));

    // Whoever writes something wants to see what comes of it.
    window.harness.get_by_label("Message to the agent").focus();
    window.run();
    let field = window.harness.get_by_label("Message to the agent");
    field.type_text("and the tests");
    window.run();
    window
        .harness
        .key_press_modifiers(egui::Modifiers::COMMAND, egui::Key::Enter);
    window.harness.run_steps(12);
    window.harness.get_by_label("line 999");
}

#[test]
fn the_card_of_a_call_tells_who_allowed_it() {
    let (mut window, shared) = talking(talk::entries());
    let is_it = |entry: &&Arc<Entry>| matches!(&entry.kind, EntryKind::ToolUse(tool) if tool.title == "cargo test rebase");
    let index = shared.lock().unwrap().iter().find(is_it).unwrap().index;
    let allow = |window: &mut Window, by: Actor| {
        window.client.change(|state| {
            let asked = support::approval(52, 31, 41, "cargo test rebase");
            let approval = Approval {
                request: ApprovalRequest {
                    entry: Some(index),
                    ..asked.request.clone()
                },
                state: ApprovalState::Answered {
                    answer: ApprovalAnswer::Approved {
                        scope: ApprovalScope::Once,
                    },
                    by: AnsweredBy::Actor { actor: by },
                },
                resolved_at: Some(NOW),
                ..asked
            };
            state.apply(&[approval.into()]);
        });
        window.run();
    };
    let told = |window: &Window, words: &str| window.harness.query_all_by_label(words).count() > 0;
    allow(&mut window, support::editor());
    assert!(
        told(&window, "Allowed by claude-code over MCP"),
        "also while it is folded"
    );
    allow(&mut window, Actor::Person);
    assert!(!told(&window, "Allowed by you"), "the person knows");
    window
        .harness
        .get_by_label("Run · cargo test rebase · done")
        .click();
    window.run();
    assert!(told(&window, "Allowed by you"));
}

/// The second turn of an attempt met a session that the agent does not have any more; with `again`, a new one goes on.
fn lost(look: Look, again: bool) -> Window {
    let mut state = typical_world().state();
    let first = Execution::clone(&state.shard_of_attempt(fixed(31)).unwrap().executions[&fixed(41)]);
    let message = "The session cannot be resumed: no rollout found for thread id t9".to_owned();
    let lost = Execution {
        state: ExecutionState::Failed {
            kind: FailureKind::SessionLost,
            message: message.clone(),
        },
        ..first.clone()
    };
    state.apply(&[lost.into()]);
    let second = Execution {
        id: fixed(98),
        number: first.number + 1,
        ..first
    };
    if again {
        state.apply(&[second.into()]);
    }
    let mut window = Window::looking(Place::Keys, state, look);
    let failure = Some(FailureKind::SessionLost);
    let text = "And a test".to_owned();
    let asked = [
        talk::entry(0, 1, EntryKind::UserMessage { text }),
        talk::entry(
            1,
            1,
            EntryKind::ErrorMessage {
                text: message,
                failure,
            },
        ),
    ];
    window.client.reply(move |query| talk::answer(&asked, query));
    window.harness.state_mut().shell.go(place(3));
    window.run();
    window
}

#[test]
fn a_lost_session_says_openly_that_a_new_one_goes_on_or_will() {
    for look in Look::all() {
        let mut window = lost(look, true);
        window.picture(&format!("conversation-session-lost-{}", look.name()));
        let key = "conversation-session-lost";
        let words = window.harness.state().shell.text().get(key).to_owned();
        window.harness.get_by_label_contains(&words);
    }
    let window = lost(Look::default(), false);
    let key = "conversation-session-lost-waits";
    let words = window.harness.state().shell.text().get(key).to_owned();
    window.harness.get_by_label_contains(&words);
}
