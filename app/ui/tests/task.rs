//! A task opened: rail, header, stages, tabs, log; in every look.

#[path = "task/head.rs"]
mod head;
mod support;
#[path = "support/talk.rs"]
mod talk;

use anyon_model::*;
use anyon_ui::{Place, Request, Tab};
use egui_kittest::kittest::{NodeT, Queryable};
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
    window.harness.get_by_label("Side by side").click();
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
fn escape_leaves_the_edit_and_keeps_what_was_written() {
    let edited = |words: &str| {
        let mut window = answering(
            open(3, Tab::Conversation),
            typical_world().state(),
            Look::default(),
        );
        window.harness.get_by_label("Edit title and description").click();
        window.run();
        window.harness.get_by_label("Description").focus();
        window.run();
        window.harness.get_by_label("Description").type_text(words);
        window.run();
        window.harness.key_press(egui::Key::Escape);
        window.run();
        assert!(window.harness.query_by_label("Save").is_none(), "{words}");
        let sent = window.client.commands();
        let updates = sent
            .iter()
            .filter(|command| matches!(command, Command::UpdateTask { .. }));
        updates.count()
    };
    assert_eq!(edited("In detail"), 1);
    assert_eq!(edited(""), 0, "nothing was changed");
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

/// The task of an attempt whose process started an hour ago and was given its second prompt twenty seconds ago.
fn second_turn(state: ExecutionState, look: Look) -> Window {
    let mut world = typical_world().state();
    let mut execution = Execution::clone(&world.projects[&fixed(1)].executions[&fixed(42)]);
    execution.started_at = Some(support::NOW.plus_ms(-3_600_000));
    execution.ended_at = state.is_final().then_some(support::NOW);
    execution.state = state;
    let entity = Entity::Execution(std::sync::Arc::new(execution));
    world.apply(&[Change::Put(entity)]);
    let mut approval = Approval::clone(&world.projects[&fixed(1)].approvals[&fixed(51)]);
    if state_of(&world) != AttemptStatus::Waiting {
        // A tool call that took 12 seconds, 9 of which a person thought about it.
        approval.request.entry = Some(EntryIndex(2));
        approval.created_at = support::NOW.plus_ms(-14_000);
        approval.resolved_at = Some(support::NOW.plus_ms(-5_000));
        approval.state = ApprovalState::TimedOut;
    }
    world.apply(&[Change::Put(Entity::Approval(std::sync::Arc::new(approval)))]);
    let says = |text: &str| EntryKind::UserMessage { text: text.into() };
    let command = ToolDetail::Command {
        command: "sh check.sh".into(),
        description: None,
    };
    let mut entries = vec![
        talk::entry(0, 3_600, says("First")),
        talk::entry(1, 20, says("Second")),
    ];
    if state_of(&world) != AttemptStatus::Waiting {
        let tool = talk::tool(ToolKind::Command, "sh check.sh", command, None, 8);
        entries.push(talk::entry(2, 16, tool));
    }
    let mut window = Window::looking(Place::Keys, world, look);
    window.client.reply(move |query| talk::answer(&entries, query));
    window.harness.state_mut().shell.go(open(4, Tab::Conversation));
    window.run();
    window
}

#[test]
fn a_turn_that_was_stopped_is_not_told_as_worked_through() {
    // Nothing but what the store keeps: the live state is gone after a restart.
    for (language, stopped, worked) in [("en", "Turn stopped", "Working"), ("ko", "턴 중지됨", "작업")]
    {
        let mut state = typical_world().state();
        let mut execution = Execution::clone(&state.projects[&fixed(1)].executions[&fixed(43)]);
        execution.turn_stopped = true;
        state.apply(&[Change::Put(Entity::Execution(std::sync::Arc::new(execution)))]);
        let look = Look {
            language,
            ..Look::default()
        };
        let window = answering(open(5, Tab::Conversation), state, look);
        window.harness.get_by_label(stopped);
        assert_eq!(window.harness.query_all_by_label(worked).count(), 0);
    }
}

fn state_of(state: &State) -> AttemptStatus {
    state.projects[&fixed(1)]
        .attempt_status(fixed(32))
        .unwrap_or(AttemptStatus::Queued)
}

#[test]
fn times_leave_out_what_nobody_worked() {
    let idle = Activity::Idle {
        since: support::NOW.plus_ms(-3_000),
    };
    let running = |activity| ExecutionState::Running { activity };
    let cases = [
        (running(Activity::Turn), ["20s", "Working"], ["20초", "작업"]),
        // The question is five seconds old.
        (
            running(Activity::Waiting { approvals: 1 }),
            ["5s", "Asks"],
            ["5초", "승인 요청"],
        ),
        (running(idle), ["17s", "Review"], ["17초", "검토"]),
        // Its process went much later than its work ended.
        (ExecutionState::Completed, ["16s", "Review"], ["16초", "검토"]),
    ];
    for (state, english, korean) in cases {
        for (language, words, hours) in [("en", english, "1h"), ("ko", korean, "1시간")] {
            let look = Look {
                language,
                ..Look::default()
            };
            let mut window = second_turn(state.clone(), look);
            window.picture(&format!("times-{}-{language}", state.as_str()));
            for word in words {
                let found = window.harness.query_all_by_label_contains(word).count();
                assert!(found > 0, "{} {language}: {word}", state.as_str());
            }
            let hour = window.harness.query_all_by_label(hours).count();
            assert_eq!(hour, 0, "{} {language}", state.as_str());
        }
    }
}

#[test]
fn the_strip_of_checks_says_that_the_agent_asks() {
    for (language, asks, works) in [
        ("en", "The agent asks you", "The agent is at work"),
        ("ko", "에이전트가 답변을 기다리는 중", "에이전트 작업 중"),
    ] {
        let look = Look {
            language,
            ..Look::default()
        };
        let window = answering(open(4, Tab::Conversation), typical_world().state(), look);
        assert!(window.harness.query_all_by_label(asks).count() > 0);
        assert_eq!(window.harness.query_all_by_label(works).count(), 0);
    }
}

#[test]
fn the_tab_that_is_on_and_the_open_task_are_told_to_screen_readers() {
    let window = answering(
        open(3, Tab::Conversation),
        typical_world().state(),
        Look::default(),
    );
    let selected = |label: &str| {
        let node = window
            .harness
            .get_by_role_and_label(egui::accesskit::Role::Tab, label);
        node.accesskit_node().is_selected()
    };
    assert_eq!(selected("Conversation"), Some(true));
    assert_eq!(selected("Logs"), Some(false));
    let row = |part: &str| {
        let mut found = window.harness.query_all_by_label_contains(part);
        found.find_map(|node| node.accesskit_node().is_selected())
    };
    assert_eq!(row("ANY-3 fix: rebase aborts"), Some(true));
    assert_eq!(row("ANY-4 칸반"), Some(false));
}

/// The rows of the rail from top to bottom.
fn rail(window: &Window) -> Vec<String> {
    let slim = |rect: egui::Rect| rect.height() < 50.0 && rect.left() < 300.0 && rect.left() >= 200.0;
    let mut rows: Vec<(f32, String)> = window
        .harness
        .query_all_by_label_contains("ANY-")
        .filter(|node| slim(node.rect()) && node.accesskit_node().is_selected().is_some())
        .map(|node| {
            (
                node.rect().top(),
                node.accesskit_node().label().unwrap_or_default(),
            )
        })
        .collect();
    rows.sort_by(|a, b| a.0.total_cmp(&b.0));
    rows.into_iter().map(|(_, label)| label).collect()
}

#[test]
fn the_rail_has_those_that_need_a_person_first_and_then_the_boards_order() {
    let window = answering(open(3, Tab::Auto), typical_world().state(), Look::default());
    let rows = rail(&window);
    let numbers: Vec<&str> = rows.iter().filter_map(|row| row.split(' ').next()).collect();
    assert_eq!(
        numbers,
        ["ANY-4", "ANY-6", "ANY-5", "ANY-1", "ANY-2", "ANY-3"],
        "asks, failed, to review; then to do, in progress: {rows:?}"
    );
}

#[test]
fn a_slim_rail_names_its_marks() {
    let look = Look {
        size: [1024.0, 700.0],
        ..Look::default()
    };
    let mut window = answering(open(3, Tab::Auto), typical_world().state(), look);
    let row = window
        .harness
        .query_all_by_label_contains("ANY-4 칸반")
        .find(|node| node.accesskit_node().is_selected().is_some())
        .expect("its row");
    let middle = row.rect().center();
    assert!(row.rect().width() < 60.0, "slim: {}", row.rect());
    window.harness.hover_at(middle);
    for _ in 0..40 {
        window.harness.step();
    }
    let told = window
        .harness
        .query_all_by_label_contains("ANY-4 칸반")
        .filter(|node| node.accesskit_node().is_selected().is_none())
        .count();
    assert!(told > 0, "a tooltip says what the mark stands for");
    window.picture("task-rail-slim");
}

fn log_of(look: Look) -> Window {
    let mut window = answering(open(3, Tab::Log), typical_world().state(), look);
    window.run();
    window
}

fn log_lines(window: &Window) -> usize {
    let role = egui::accesskit::Role::ListItem;
    window.harness.query_all_by_role(role).count()
}

#[test]
fn a_log_is_looked_through_by_text_and_by_stream() {
    let mut window = log_of(Look::default());
    let all = log_lines(&window);
    assert!(all > 20, "{all}");
    window.harness.key_press(egui::Key::Slash);
    window.run();
    window.harness.event(egui::Event::Text("PROXY".into()));
    for _ in 0..3 {
        window.run();
    }
    window.picture("task-log-find");
    assert_eq!(log_lines(&window), 1);
    window.harness.get_by_label("1 line");
    window.harness.get_by_label("Show all lines").click();
    window.run();
    assert_eq!(log_lines(&window), all);
    let role = egui::accesskit::Role::CheckBox;
    window.harness.get_by_role_and_label(role, "out").click();
    for _ in 0..3 {
        window.run();
    }
    assert_eq!(log_lines(&window), 1, "only the error is left");
    let out = window.harness.get_by_role_and_label(role, "out");
    assert_eq!(
        out.accesskit_node().toggled(),
        Some(egui::accesskit::Toggled::False)
    );
}

#[test]
fn a_line_of_a_log_that_was_pressed_is_shown_in_full_and_can_be_copied() {
    for language in ["en", "ko"] {
        let mut window = log_of(Look {
            language,
            ..Look::default()
        });
        let line = "{\"type\":\"assistant\",\"message\":\"…\"}";
        let role = egui::accesskit::Role::ListItem;
        let rows: Vec<_> = window.harness.query_all_by_role(role).collect();
        rows[3].click();
        for _ in 0..3 {
            window.run();
        }
        window.picture(&format!("task-log-line-{language}"));
        window
            .harness
            .get_by_label("{\n  \"type\": \"assistant\",\n  \"message\": \"…\"\n}");
        let copy = if language == "ko" {
            "줄 복사"
        } else {
            "Copy the line"
        };
        window.harness.get_by_label(copy).click();
        window.run();
        let copied = Request::CopyText(line.into());
        assert!(window.harness.state().requests.contains(&copied));
    }
}

#[test]
fn what_unfolds_says_whether_it_is_open() {
    let mut state = typical_world().state();
    let task = state.projects[&fixed(1)].tasks[&fixed(3)].clone();
    let task = Task {
        description: "In detail".into(),
        ..(*task).clone()
    };
    state.apply(&[task.into()]);
    let mut window = answering(open(3, Tab::Log), state, Look::default());
    for label in ["Description", "More"] {
        let expanded = |window: &Window| {
            let node = window.harness.get_by_label(label);
            node.accesskit_node().data().is_expanded()
        };
        assert_eq!(expanded(&window), Some(false), "{label}");
        window.harness.get_by_label(label).click();
        window.run();
        assert_eq!(expanded(&window), Some(true), "{label}");
    }
}

#[test]
fn what_others_did_is_told_with_their_name() {
    let mut state = typical_world().state();
    support::landed_by_others(&mut state);
    let mut window = answering(open(7, Tab::Conversation), state, Look::default());
    let told = |window: &Window, part: &str| window.harness.query_all_by_label_contains(part).count();
    assert!(told(&window, "Created by claude-code over MCP · 3h") > 0);
    assert!(told(&window, "Started by claude-code over MCP · 3h") > 0);
    assert!(told(&window, "by claude-code over MCP") > told(&window, "ed by claude-code over MCP"));
    let press = |window: &mut Window, label: &str| {
        let mut found: Vec<_> = window.harness.get_all_by_label(label).collect();
        found.remove(0).click();
        window.run();
    };
    let more = window.harness.state().shell.text().get("task-more").to_owned();
    press(&mut window, &more);
    press(&mut window, "History…");
    window.picture("task-history");
    let y = |label: &str| {
        window
            .harness
            .get_all_by_label(label)
            .last()
            .unwrap()
            .rect()
            .top()
    };
    assert!(y("Landed by claude-code over MCP") < y("Started by claude-code over MCP"));
}

#[test]
fn what_a_person_did_is_not_told_on_the_page_and_stands_in_the_history() {
    let mut state = typical_world().state();
    state.apply(&[support::done_by(91, Actor::Person, (7, Some(35)), Deed::Merge)]);
    let mut window = answering(open(7, Tab::Conversation), state, Look::default());
    assert_eq!(
        window.harness.query_all_by_label_contains("Created by").count(),
        0
    );
    assert_eq!(window.harness.query_all_by_label_contains("by you").count(), 0);
    let more = window.harness.state().shell.text().get("task-more").to_owned();
    for label in [more.as_str(), "History…"] {
        let mut found: Vec<_> = window.harness.get_all_by_label(label).collect();
        found.remove(0).click();
        window.run();
    }
    for done in ["Created by you", "Started by you", "Landed by you"] {
        assert!(window.harness.query_all_by_label(done).count() > 0, "{done}");
    }
}
