//! New cards: written, started, classified.

use super::*;

#[test]
fn c_and_one_line_make_a_task_and_the_next_one_can_be_written_at_once() {
    let mut window = typical();
    press(&mut window, Key::C);
    window.harness.event(egui::Event::Text("Fix login".into()));
    window.run();
    press(&mut window, Key::Enter);
    let created = |title: &str| Command::CreateTask {
        project_id: fixed(1),
        title: title.into(),
        description: String::new(),
    };
    assert_eq!(window.client.commands(), [created("Fix login")]);
    window.harness.event(egui::Event::Text("Fix logout".into()));
    window.run();
    press(&mut window, Key::Enter);
    assert_eq!(window.client.commands()[1], created("Fix logout"));
    press(&mut window, Key::Escape);
    assert!(window.harness.query_by_label("What should be done?").is_none());
}

#[test]
fn ctrl_enter_starts_the_new_task_with_the_profile_used_last() {
    let mut window = typical();
    press(&mut window, Key::C);
    window.harness.event(egui::Event::Text("Fix login".into()));
    window.run();
    press_with(&mut window, Modifiers::COMMAND, Key::Enter);
    window.client.finish(Ok(Outcome::Task { task_id: fixed(99) }));
    window.run();
    let commands = window.client.commands();
    assert!(
        matches!(&commands[1], Command::StartAttempt { task_id, profile, .. }
            if *task_id == fixed(99) && profile.executor == "CLAUDE_CODE"),
        "{commands:?}"
    );
}

#[test]
fn enter_while_hangul_is_composed_creates_nothing() {
    let mut window = typical();
    press(&mut window, Key::C);
    let preedit = |text: &str| {
        egui::Event::Ime(egui::ImeEvent::Preedit {
            text: text.into(),
            active_range_chars: None,
        })
    };
    window.harness.event(preedit("하"));
    window.run();
    press(&mut window, Key::Enter);
    assert!(window.client.commands().is_empty());
    let enter = egui::Event::Key {
        key: Key::Enter,
        physical_key: None,
        pressed: true,
        repeat: false,
        modifiers: Modifiers::NONE,
    };
    let commit = egui::Event::Ime(egui::ImeEvent::Commit("하".into()));
    window.harness.input_mut().events.extend([commit, enter]);
    window.run();
    assert!(
        window.client.commands().is_empty(),
        "the Enter that ends the syllable is not an answer"
    );
    press(&mut window, Key::Enter);
    assert!(matches!(&window.client.commands()[..], [Command::CreateTask { title, .. }] if title == "하"));
}

#[test]
fn what_was_created_and_started_is_a_live_card_in_the_next_frame() {
    let mut window = typical();
    press(&mut window, Key::C);
    window.harness.event(egui::Event::Text("Fix login".into()));
    window.run();
    press_with(&mut window, Modifiers::COMMAND, Key::Enter);
    let new = World::new()
        .task_with("Fix login", |task| {
            task.id = fixed(99);
            task.number = 99;
        })
        .state();
    let task = (*new.projects[&fixed(1)].tasks[&fixed(99)]).clone();
    window.client.change(|state| state.apply(&[task.into()]));
    window.client.finish(Ok(Outcome::Task { task_id: fixed(99) }));
    window.harness.step();
    let sent = window.client.commands();
    assert!(
        matches!(sent.last(), Some(Command::StartAttempt { .. })),
        "{sent:?}"
    );
    let new = World::new()
        .attempt(98, 99, |_| {})
        .execution(97, 98, ExecutionState::Starting)
        .state();
    let shard = &new.projects[&fixed(1)];
    let (attempt, execution) = (&shard.attempts[&fixed(98)], &shard.executions[&fixed(97)]);
    let changes = [Attempt::clone(attempt).into(), Execution::clone(execution).into()];
    window.client.change(|state| state.apply(&changes));
    window.harness.step();
    window.harness.get_by_label("ANY-99 Fix login: Starting");
}

fn starts(window: &Window) -> usize {
    let is_start = |command: &Command| matches!(command, Command::StartAttempt { .. });
    window
        .client
        .commands()
        .iter()
        .filter(|command| is_start(command))
        .count()
}

#[test]
fn ctrl_enter_twice_starts_once() {
    let mut window = on_a_card_without_attempts();
    press_with(&mut window, Modifiers::COMMAND, Key::Enter);
    press_with(&mut window, Modifiers::COMMAND, Key::Enter);
    assert_eq!(starts(&window), 1, "the first one is under way");
    let task_id = match window.client.commands().last() {
        Some(Command::StartAttempt { task_id, .. }) => *task_id,
        other => panic!("{other:?}"),
    };
    assert_eq!(task_id, fixed(1));
    let world = typical_world().attempt(90, 1, |attempt| attempt.created_at = support::NOW);
    let attempt = world.state().projects[&fixed(1)].attempts[&fixed(90)].clone();
    window.client.change(|state| {
        state.apply(&[Change::Put(Entity::Attempt(attempt))]);
    });
    let attempt_id = fixed(90);
    window.client.finish(Ok(Outcome::Attempt { attempt_id }));
    window.run();
    press_with(&mut window, Modifiers::COMMAND, Key::Enter);
    assert_eq!(starts(&window), 1, "it has only just begun");
    assert!(window.harness.query_by_label("Start agents").is_none());
}

#[test]
fn ctrl_enter_on_a_card_that_is_at_work_asks_first() {
    let mut window = on_a_card_without_attempts();
    press(&mut window, Key::L);
    press_with(&mut window, Modifiers::COMMAND, Key::Enter);
    assert_eq!(starts(&window), 0);
    window.harness.get_by_label("Start agents");
}

#[test]
fn the_new_card_has_the_cursor() {
    let mut window = typical();
    press(&mut window, Key::C);
    window.harness.event(egui::Event::Text("Fix login".into()));
    window.run();
    press(&mut window, Key::Enter);
    let task = typical_world().task("Fix login", "").state();
    let made = task.projects[&fixed(1)]
        .tasks
        .values()
        .find(|task| task.title == "Fix login")
        .cloned();
    let made = made.expect("the task");
    let task_id = made.id;
    window.client.change(|state| {
        state.apply(&[Change::Put(Entity::Task(made))]);
    });
    window.client.finish(Ok(Outcome::Task { task_id }));
    window.run();
    press(&mut window, Key::Escape);
    press(&mut window, Key::S);
    window.harness.get_by_label("Start agents");
    window.harness.get_by_label("Fix login");
}

#[test]
fn t_gives_a_card_its_priority_and_labels() {
    let mut window = typical();
    press(&mut window, Key::ArrowDown);
    press(&mut window, Key::T);
    window.harness.get_by_label("Priority: High").click();
    window.run();
    let field = window.harness.get_by_role_and_label(Role::TextInput, "New label");
    field.focus();
    window.run();
    let field = window.harness.get_by_role_and_label(Role::TextInput, "New label");
    field.type_text("bug, 검토");
    window.run();
    press(&mut window, Key::Enter);
    window.harness.get_by_label("검토").click();
    window.run();
    window.harness.get_by_label("Save").click();
    window.run();
    let patch = window
        .client
        .commands()
        .into_iter()
        .find_map(|command| match command {
            Command::UpdateTask { patch, .. } => Some(patch),
            _ => None,
        });
    let patch = patch.expect("the card changes");
    assert_eq!(patch.priority, Some(Priority::High));
    let labels = patch.labels.expect("labels");
    assert!(labels.contains(&"bug".to_owned()), "{labels:?}");
    assert!(!labels.contains(&"검토".to_owned()), "it was taken away again");
}

#[test]
fn a_tap_on_new_task_gives_its_field_the_keyboard() {
    let mut window = typical();
    let button = window
        .harness
        .query_all_by_label_contains("New task")
        .next()
        .unwrap();
    let at = button.rect().center();
    // Pressed and released within one frame, as touchpads do.
    for event in [
        egui::Event::PointerMoved(at),
        pointer(at, true),
        pointer(at, false),
    ] {
        window.harness.input_mut().events.push(event);
    }
    window.run();
    let field = window.harness.get_by_role_and_label(Role::TextInput, "New task");
    assert!(field.is_focused());
}

fn pointer(pos: egui::Pos2, pressed: bool) -> egui::Event {
    egui::Event::PointerButton {
        pos,
        button: egui::PointerButton::Primary,
        pressed,
        modifiers: Modifiers::NONE,
    }
}

#[test]
fn a_title_given_up_does_not_come_back_on_another_board() {
    let mut window = typical();
    press(&mut window, Key::C);
    window
        .harness
        .get_by_role_and_label(Role::TextInput, "New task")
        .type_text("Half a thought");
    window.run();
    press(&mut window, Key::Escape);
    press(&mut window, Key::C);
    let field = window.harness.get_by_role_and_label(Role::TextInput, "New task");
    assert_eq!(field.value().unwrap_or_default(), "");
}
