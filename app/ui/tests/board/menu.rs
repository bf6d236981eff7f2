//! What can be done with a card where it stands: its menu, its title, the peek.

use super::*;
use egui_kittest::kittest::NodeT;

fn secondary(window: &mut Window, card: &str) {
    window.harness.get_by_label_contains(card).click_secondary();
    window.run();
}

fn choose(window: &mut Window, item: &str) {
    window.harness.get_by_role_and_label(Role::MenuItem, item).click();
    window.run();
}

fn has(window: &Window, item: &str) -> bool {
    window
        .harness
        .query_by_role_and_label(Role::MenuItem, item)
        .is_some()
}

fn asked(window: &Window, wanted: &Request) -> bool {
    window.harness.state().requests.contains(wanted)
}

#[test]
fn the_menu_holds_what_applies_and_nothing_else() {
    let mut window = typical();
    secondary(&mut window, "ANY-1 ");
    for item in [
        "Open",
        "Peek",
        "Rename",
        "Edit…",
        "Priority and labels…",
        "Move to…",
        "Start…",
        "Copy id",
        "Delete",
    ] {
        assert!(has(&window, item), "{item}");
    }
    for item in ["Land…", "Copy the branch name", "Open worktree in editor"] {
        assert!(!has(&window, item), "{item} of a task without an attempt");
    }
    press(&mut window, Key::Escape);
    secondary(&mut window, "ANY-5 ");
    for item in [
        "Land…",
        "Copy the branch name",
        "Open worktree in editor",
        "Open the worktree",
    ] {
        assert!(has(&window, item), "{item}");
    }
    window.picture("board-card-menu");
    choose(&mut window, "Copy the branch name");
    let state = window.client.state();
    let branch = state.projects[&fixed(1)].attempts[&fixed(33)].branch.clone();
    assert!(asked(&window, &Request::CopyText(branch)));
}

#[test]
fn the_menu_opens_by_its_key_below_the_card_and_goes_by_arrows() {
    let mut window = typical();
    press(&mut window, Key::ArrowDown);
    press_with(&mut window, Modifiers::SHIFT, Key::F10);
    assert!(has(&window, "Rename"));
    let card = window.harness.get_by_label_contains("ANY-1 ").rect();
    let first = window
        .harness
        .get_by_role_and_label(Role::MenuItem, "Open")
        .rect();
    assert!(
        first.left() >= card.left() && first.left() < card.right(),
        "{first} {card}"
    );
    press(&mut window, Key::Escape);
    assert!(!has(&window, "Rename"));
    press(&mut window, Key::Menu);
    assert!(has(&window, "Rename"));
}

#[test]
fn a_card_goes_to_another_column_by_the_menu() {
    let mut window = typical();
    secondary(&mut window, "ANY-1 ");
    choose(&mut window, "Move to…");
    window.run();
    window.picture("board-card-menu-move");
    assert!(!has(&window, "To do"), "it is there already");
    choose(&mut window, "In review");
    let (task_id, status, _) = patches(&window)[0];
    assert_eq!((task_id, status), (fixed(1), Some(TaskStatus::InReview)));
}

fn titles(window: &Window) -> Vec<String> {
    let commands = window.client.commands();
    let title = |command: &Command| match command {
        Command::UpdateTask { patch, .. } => patch.title.clone(),
        _ => None,
    };
    commands.iter().filter_map(title).collect()
}

#[test]
fn f2_writes_the_title_anew_in_its_place() {
    let mut window = typical();
    press(&mut window, Key::ArrowDown);
    press(&mut window, Key::F2);
    window.picture("board-rename");
    window
        .harness
        .event(egui::Event::Text("Find conflicts early".into()));
    window.run();
    press(&mut window, Key::Enter);
    assert_eq!(titles(&window), ["Find conflicts early"]);
    // The card has the keyboard again: the next arrow goes on.
    press(&mut window, Key::F2);
    press(&mut window, Key::Escape);
    assert_eq!(window.place(), board(), "Escape ends the writing, nothing else");
    press(&mut window, Key::F2);
    window
        .harness
        .event(egui::Event::Text("by going elsewhere".into()));
    window.run();
    for pressed in [true, false] {
        window.harness.event(egui::Event::PointerButton {
            pos: egui::pos2(110.0, 700.0),
            button: egui::PointerButton::Primary,
            pressed,
            modifiers: Modifiers::NONE,
        });
    }
    window.run();
    assert_eq!(titles(&window).len(), 2);
}

#[test]
fn enter_while_hangul_is_composed_ends_no_title() {
    let mut window = typical();
    press(&mut window, Key::ArrowDown);
    press(&mut window, Key::F2);
    window.harness.event(egui::Event::Ime(egui::ImeEvent::Preedit {
        text: "하".into(),
        active_range_chars: None,
    }));
    window.run();
    press(&mut window, Key::Enter);
    assert!(titles(&window).is_empty());
    window.harness.get_by_label("Rename");
}

#[test]
fn title_and_description_are_edited_in_a_dialog_and_only_what_changed_is_sent() {
    let mut window = typical();
    press(&mut window, Key::ArrowDown);
    press(&mut window, Key::E);
    window.picture("board-edit");
    let field = window
        .harness
        .get_by_role_and_label(Role::MultilineTextInput, "Description");
    field.focus();
    window.run();
    window.harness.event(egui::Event::Text("Before the merge".into()));
    window.run();
    press_with(&mut window, Modifiers::COMMAND, Key::Enter);
    let patch = TaskPatch {
        description: Some("Before the merge".into()),
        ..TaskPatch::default()
    };
    let task_id = fixed(1);
    assert_eq!(window.client.commands(), [Command::UpdateTask { task_id, patch }]);
}

#[test]
fn escape_in_the_dialog_keeps_what_was_written_and_its_button_does_not() {
    let edited = |words: &str, leave: fn(&mut Window)| {
        let mut window = typical();
        press(&mut window, Key::ArrowDown);
        press(&mut window, Key::E);
        let field = (Role::MultilineTextInput, "Description");
        window.harness.get_by_role_and_label(field.0, field.1).focus();
        window.run();
        window.harness.event(egui::Event::Text(words.into()));
        window.run();
        leave(&mut window);
        window.run();
        assert!(!has(&window, "Save"), "it is closed");
        window.client.commands().len()
    };
    assert_eq!(edited("Before the merge", |window| press(window, Key::Escape)), 1);
    assert_eq!(edited("", |window| press(window, Key::Escape)), 0);
    let cancel = |window: &mut Window| window.harness.get_by_label("Cancel").click();
    assert_eq!(edited("Before the merge", cancel), 0);
}

fn said(window: &Window, words: &str) -> bool {
    window.harness.query_all_by_label_contains(words).next().is_some()
}

#[test]
fn the_peek_tells_what_a_task_is_about_and_how_its_newest_attempt_stands() {
    let world = typical_world().with(Entity::History(std::sync::Arc::new(HistoryEntry {
        id: fixed(91),
        project_id: fixed(1),
        task_id: Some(fixed(5)),
        attempt_id: None,
        actor: Actor::Mcp {
            client: "planner".into(),
        },
        what: "create ANY-5".into(),
        refs: Vec::new(),
        at: support::NOW,
    })));
    let mut window = Window::at(board(), world.state());
    window.client.reply(|query| match query {
        Query::DiffSummary { .. } => Some(Ok(Answer::DiffSummary(std::sync::Arc::new(DiffSummary {
            files: vec![FileStat {
                path: "a.rs".into(),
                old_path: None,
                status: FileStatus::Modified,
                additions: 185,
                deletions: 65,
                omitted: None,
                before: None,
                after: None,
            }],
            ..DiffSummary::default()
        })))),
        Query::Entries { .. } => Some(Ok(Answer::Entries(EntryPage {
            first: 0,
            total: 1,
            entries: vec![std::sync::Arc::new(Entry {
                index: EntryIndex(0),
                at: support::NOW,
                parent: None,
                done: true,
                kind: EntryKind::AssistantMessage {
                    text: "The tables are moved.".into(),
                },
            })],
        }))),
        _ => None,
    });
    secondary(&mut window, "ANY-5 ");
    choose(&mut window, "Peek");
    for _ in 0..3 {
        window.run();
    }
    window.picture("board-peek-review");
    for words in [
        "ANY-5 · In review",
        "Created by planner over MCP · 3h",
        "1. Claude Code · To review",
        " → main",
        "+185",
        "−65",
        "The tables are moved.",
    ] {
        assert!(said(&window, words), "{words}");
    }
    // The next card, in the same peek.
    press(&mut window, Key::ArrowDown);
    assert!(said(&window, "ANY-6 · In review") && !said(&window, "ANY-5 · In review"));
    press(&mut window, Key::ArrowLeft);
    assert!(said(&window, "· In progress") && said(&window, "By you"));
    press(&mut window, Key::Escape);
    assert!(!said(&window, "· In progress"));
    assert_eq!(window.place(), board());
}

#[test]
fn the_menu_says_whether_what_it_opens_is_open() {
    let mut window = typical();
    secondary(&mut window, "ANY-1 ");
    let expanded = |window: &Window| {
        let row = window.harness.get_by_role_and_label(Role::MenuItem, "Move to…");
        row.accesskit_node().data().is_expanded()
    };
    assert_eq!(expanded(&window), Some(false));
    choose(&mut window, "Move to…");
    window.run();
    assert_eq!(expanded(&window), Some(true));
}
