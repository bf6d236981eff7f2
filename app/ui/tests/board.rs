//! The board: cards by keys and by pointer, new tasks, undo, filter, folding.

#[path = "board/afterwards.rs"]
mod afterwards;
#[path = "board/looking.rs"]
mod looking;
#[path = "board/menu.rs"]
mod menu;
#[path = "board/new_cards.rs"]
mod new_cards;
mod support;

use anyon_model::*;
use anyon_ui::{Place, Request};
use egui::{Key, Modifiers, accesskit::Role};
use egui_kittest::kittest::Queryable;
use support::{Window, World, empty_world, fixed, typical_world};

fn board() -> Place {
    Place::Board { project: None }
}

fn typical() -> Window {
    Window::at(board(), typical_world().state())
}

fn press(window: &mut Window, key: Key) {
    window.harness.key_press(key);
    window.run();
}

fn press_with(window: &mut Window, modifiers: Modifiers, key: Key) {
    window.harness.key_press_modifiers(modifiers, key);
    window.run();
}

fn patches(window: &Window) -> Vec<(TaskId, Option<TaskStatus>, Option<f64>)> {
    let of = |command| match command {
        Command::UpdateTask { task_id, patch } => {
            Some((task_id, patch.status, patch.order.map(|order| order.0)))
        }
        _ => None,
    };
    window.client.commands().into_iter().filter_map(of).collect()
}

#[test]
fn a_card_says_how_its_most_urgent_attempt_stands() {
    let window = typical();
    let label = "ANY-4 칸반 보드 드래그 앤 드롭 접근성 개선 ♿: Asks: npm test -- --watch=false";
    window.harness.get_by_label(label);
    window.harness.get_by_label_contains("Failed: not logged in");
    window.harness.get_by_label_contains("ANY-3 fix: rebase aborts");
}

#[test]
fn what_is_to_review_tells_its_lines_once_they_are_known() {
    let mut window = typical();
    window.client.reply(|query| match query {
        Query::DiffSummary { watch: false, .. } => {
            let stat = FileStat {
                path: "a.rs".into(),
                old_path: None,
                status: FileStatus::Modified,
                additions: 185,
                deletions: 65,
                omitted: None,
                before: None,
                after: None,
            };
            let summary = DiffSummary {
                files: vec![stat],
                ..DiffSummary::default()
            };
            Some(Ok(Answer::DiffSummary(std::sync::Arc::new(summary))))
        }
        _ => None,
    });
    // A new status is what makes the board ask again.
    window.client.change(|state| {
        let shard = &state.projects[&fixed(1)];
        let execution = Execution {
            state: ExecutionState::Completed,
            ..(*shard.executions[&fixed(41)]).clone()
        };
        state.apply(&[execution.into()]);
    });
    window.run();
    window.run();
    window.harness.get_by_label_contains("v2 schema: Review +185 −65");
}

#[test]
fn the_cursor_goes_by_arrows_and_letters_and_enter_opens() {
    let mut window = typical();
    for key in [Key::ArrowDown, Key::J] {
        press(&mut window, key);
    }
    press(&mut window, Key::L);
    press(&mut window, Key::ArrowUp);
    press(&mut window, Key::Enter);
    assert_eq!(window.place(), Place::task(fixed(3)));
    press(&mut window, Key::Escape);
    assert_eq!(window.place(), board());
}

#[test]
fn shift_and_arrows_move_the_card_and_ctrl_z_puts_it_back() {
    let mut window = typical();
    press(&mut window, Key::ArrowDown);
    press_with(&mut window, Modifiers::SHIFT, Key::ArrowDown);
    assert_eq!(patches(&window), [(fixed(1), Some(TaskStatus::Todo), Some(3.0))]);
    press_with(&mut window, Modifiers::COMMAND, Key::Z);
    assert_eq!(patches(&window)[1], (fixed(1), Some(TaskStatus::Todo), Some(1.0)));
}

#[test]
fn a_card_is_dragged_to_another_column_between_its_cards() {
    let mut window = typical();
    let from = window.harness.get_by_label_contains("ANY-1 ").rect().center();
    let below = window.harness.get_by_label_contains("ANY-3 ").rect();
    let to = below.center_bottom() + egui::vec2(0.0, 2.0);
    window.harness.drag_at(from);
    window.run();
    window.harness.hover_at(from + egui::vec2(12.0, 12.0));
    window.run();
    window.harness.hover_at(to);
    window.run();
    window.harness.drop_at(to);
    window.run();
    assert_eq!(
        patches(&window),
        [(fixed(1), Some(TaskStatus::InProgress), Some(3.5))]
    );
}

#[test]
fn a_deleted_task_is_gone_at_once_and_undo_brings_it_back_before_anything_is_sent() {
    let mut window = typical();
    press(&mut window, Key::ArrowDown);
    press(&mut window, Key::Delete);
    assert!(window.harness.query_by_label_contains("ANY-1 Check").is_none());
    window.harness.get_by_label("Undo");
    press_with(&mut window, Modifiers::COMMAND, Key::Z);
    window.harness.get_by_label_contains("ANY-1 Check");
    assert!(window.client.commands().is_empty());
}

#[test]
fn a_deleted_task_is_removed_when_the_time_to_undo_is_over() {
    let mut window = typical();
    press(&mut window, Key::ArrowDown);
    press(&mut window, Key::Delete);
    for _ in 0..60 {
        window.harness.step();
    }
    window.harness.input_mut().time = Some(1_000.0);
    window.harness.step();
    window.harness.step();
    assert_eq!(
        window.client.commands(),
        [Command::DeleteTask { task_id: fixed(1) }]
    );
}

#[test]
fn slash_filters_by_title_id_and_label() {
    let mut window = typical();
    press(&mut window, Key::Slash);
    window.harness.event(egui::Event::Text("any-3 REBASE".into()));
    window.run();
    window.harness.get_by_label_contains("ANY-3 ");
    assert!(window.harness.query_by_label_contains("ANY-1 ").is_none());
    press(&mut window, Key::Escape);
    window.harness.get_by_label_contains("ANY-1 ");
}

#[test]
fn done_is_folded_until_it_is_opened_and_that_is_kept() {
    let mut window = typical();
    assert!(window.harness.query_by_label_contains("ANY-7 ").is_none());
    window.harness.get_by_label("Done 1").click();
    window.run();
    window.harness.get_by_label_contains("ANY-7 ");
    assert!(window.harness.state().requests.contains(&Request::Keep));
    window.harness.get_by_label("Fold Done").click();
    window.run();
    assert!(window.harness.query_by_label_contains("ANY-7 ").is_none());
}

#[test]
fn space_peeks_and_the_peek_follows_the_cursor() {
    let mut window = typical();
    press(&mut window, Key::ArrowDown);
    press(&mut window, Key::Space);
    window
        .harness
        .get_by_label("Enter opens · Arrows: next card · Space closes");
    press(&mut window, Key::ArrowDown);
    window
        .harness
        .get_by_label("Enter opens · Arrows: next card · Space closes");
    window.picture("board-peek");
    press(&mut window, Key::Space);
    assert!(
        window
            .harness
            .query_by_label("Enter opens · Arrows: next card · Space closes")
            .is_none()
    );
}

#[test]
fn the_palette_finds_tasks_and_commands() {
    let mut window = typical();
    press_with(&mut window, Modifiers::COMMAND, Key::K);
    window.picture("palette");
    window.harness.event(egui::Event::Text("any-5".into()));
    window.run();
    press(&mut window, Key::Enter);
    assert_eq!(window.place(), Place::task(fixed(5)));
    press_with(&mut window, Modifiers::COMMAND, Key::K);
    window.harness.event(egui::Event::Text("switch theme".into()));
    window.run();
    press(&mut window, Key::Enter);
    assert!(
        matches!(window.client.commands().last(), Some(Command::SetSettings { settings })
        if settings.theme.as_deref() == Some("light"))
    );
}

#[test]
fn the_side_bar_counts_what_needs_you_and_lists_who_runs() {
    let mut window = typical();
    window.harness.get_by_label("Needs you, 3 wait for you").click();
    window.run();
    assert_eq!(window.place(), Place::NeedsYou);
    window.harness.get_by_label_contains("any-on, 1 running, 1 asks");
    window
        .harness
        .get_by_label("칸반 보드 드래그 앤 드롭 접근성 개선 ♿: Asks: npm test -- --watch=false")
        .click();
    window.run();
    assert_eq!(window.place(), Place::attempt(fixed(4), fixed(32)));
}

#[test]
fn nothing_moves_while_nothing_changes() {
    let mut window = Window::at(board(), empty_world().state());
    window.harness.step();
    let delay = window
        .harness
        .output()
        .viewport_output
        .values()
        .map(|output| output.repaint_delay)
        .min();
    assert!(
        delay.is_some_and(|delay| delay > std::time::Duration::from_secs(60)),
        "{delay:?}"
    );
}

#[test]
fn each_status_has_its_line() {
    use ExecutionState as E;
    let killed = E::Killed {
        reason: StopReason::User,
    };
    let orphaned = E::Failed {
        kind: FailureKind::Orphaned,
        message: String::new(),
    };
    let cap = E::Queued {
        why: Some(QueueReason::Cap { limit: 4 }),
    };
    let cases = [
        (cap, "Queued: 4 agents run already"),
        (E::Starting, "Starting"),
        (E::Completed, "To review"),
        (killed, "Stopped"),
        (orphaned, "Interrupted"),
    ];
    for (state, line) in cases {
        let world = World::new()
            .task("One", "")
            .attempt(1, 1, |_| {})
            .execution(1, 1, state);
        let window = Window::at(board(), world.state());
        window.harness.get_by_label(&format!("ANY-1 One: {line}"));
    }
    let dropped = World::new()
        .task("One", "")
        .attempt(1, 1, |attempt| attempt.dropped = true)
        .execution(1, 1, E::Completed);
    let window = Window::at(board(), dropped.state());
    window.harness.get_by_label("ANY-1 One: Dropped");
}

/// How often the board says this while an agent edits a file.
fn said_of_work(turn_since: Option<Timestamp>, words: &str) -> usize {
    let mut state = typical_world().state();
    let live = Live {
        activity: "editing main.rs".into(),
        turn_since,
        ..Live::default()
    };
    state.apply(&[Change::Live {
        execution_id: fixed(41),
        live: Some(live.into()),
    }]);
    let window = Window::at(board(), state);
    window.harness.query_all_by_label_contains(words).count()
}

#[test]
fn a_running_card_says_for_how_long_and_what_it_does() {
    let said = said_of_work(None, "· editing main.rs");
    assert_eq!(said, 2, "on the card and in the side bar");
}

#[test]
fn the_time_of_a_running_agent_is_that_of_its_turn() {
    let since = support::NOW.plus_ms(-8_000);
    let said = said_of_work(Some(since), "8s · editing main.rs");
    assert_eq!(said, 2, "on the card and in the side bar");
}

#[test]
fn words_that_are_cut_on_a_card_are_whole_in_its_tooltip() {
    let long = "a title of many words that goes on and on, and then some more, and more of the same, until in the end it does not fit into the two lines of a card";
    let mut window = Window::at(board(), World::new().task(long, "").task("short", "").state());
    let tooltip = |window: &mut Window, card: &str| {
        window.harness.get_by_label_contains(card).hover();
        window.harness.run_steps(90);
        window
            .harness
            .query_all_by_label_contains("does not fit into")
            .count()
    };
    assert_eq!(tooltip(&mut window, "ANY-1 "), 2, "the card and its tooltip");
    assert_eq!(tooltip(&mut window, "ANY-2 "), 1, "nothing is cut");
}

fn drag(window: &mut Window, card: &str, to: egui::Pos2) {
    let from = window.harness.get_by_label_contains(card).rect().center();
    window.harness.drag_at(from);
    window.run();
    window.harness.hover_at(from + egui::vec2(12.0, 12.0));
    window.run();
    window.harness.hover_at(to);
    window.run();
    window.harness.drop_at(to);
    window.run();
}

#[test]
fn a_card_is_dragged_within_its_column_and_onto_a_rail() {
    let mut window = typical();
    let last = window.harness.get_by_label_contains("ANY-2 ").rect();
    drag(&mut window, "ANY-1 ", last.center_bottom() + egui::vec2(0.0, 2.0));
    assert_eq!(patches(&window), [(fixed(1), Some(TaskStatus::Todo), Some(3.0))]);
    let rail = window.harness.get_by_label("Done 1").rect();
    drag(&mut window, "ANY-1 ", rail.center());
    assert_eq!(patches(&window)[1].1, Some(TaskStatus::Done));
}

#[test]
fn a_move_that_gave_others_new_numbers_is_taken_back_whole() {
    let same = |task: &mut Task| task.order = BoardOrder(1.0);
    let world = World::new()
        .task_with("A", same)
        .task_with("B", same)
        .task_with("C", same);
    let mut window = Window::at(board(), world.state());
    press(&mut window, Key::ArrowDown);
    press_with(&mut window, Modifiers::SHIFT, Key::ArrowDown);
    let todo = Some(TaskStatus::Todo);
    let moved = [
        (fixed(2), None, Some(0.0)),
        (fixed(1), todo, Some(1.0)),
        (fixed(3), None, Some(2.0)),
    ];
    assert_eq!(patches(&window), moved);
    press_with(&mut window, Modifiers::COMMAND, Key::Z);
    let back = [
        (fixed(1), todo, Some(1.0)),
        (fixed(2), None, Some(1.0)),
        (fixed(3), None, Some(1.0)),
    ];
    assert_eq!(patches(&window)[3..], back);
}

#[test]
fn a_task_that_holds_work_is_not_deleted_and_says_what_to_do_at_once() {
    let mut window = typical();
    press(&mut window, Key::ArrowDown);
    press(&mut window, Key::ArrowRight);
    press(&mut window, Key::Delete);
    window.harness.get_by_label("ANY-3 still has work in attempt 1");
    window
        .harness
        .get_by_label("Land or drop the attempt first, then delete the task");
    window.harness.get_by_label_contains("ANY-3 fix");
    assert!(window.harness.query_by_label("Undo").is_none());
}

#[test]
fn the_side_bar_makes_way_and_comes_back() {
    let mut window = typical();
    window.harness.get_by_label("Projects");
    press_with(&mut window, Modifiers::COMMAND, Key::B);
    assert!(window.harness.query_by_label("Projects").is_none());
    window.harness.get_by_label_contains("Needs you 3").click();
    window.run();
    assert_eq!(window.place(), Place::NeedsYou);
    window.harness.get_by_label("Show the side bar").click();
    window.run();
    window.harness.get_by_label("Projects");
    window.harness.get_by_label("Hide the side bar");
}

/// The toast that tells of a removed task is there.
fn tells_of(window: &Window, short: &str) -> bool {
    let told = format!("{short} deleted");
    window.harness.query_all_by_label(&told).count() > 0
}

#[test]
fn what_was_taken_back_is_not_offered_to_be_taken_back_again() {
    let mut window = on_a_card_without_attempts();
    press(&mut window, Key::Delete);
    assert!(tells_of(&window, "ANY-1"));
    press_with(&mut window, Modifiers::COMMAND, Key::Z);
    assert!(!tells_of(&window, "ANY-1"));
    window.harness.get_by_label_contains("ANY-1 ");
}

#[test]
fn of_two_removed_the_button_takes_back_its_own() {
    let mut window = on_a_card_without_attempts();
    press(&mut window, Key::Delete);
    press(&mut window, Key::J);
    press(&mut window, Key::Delete);
    assert!(tells_of(&window, "ANY-1") && tells_of(&window, "ANY-2"));
    let buttons = window.harness.get_all_by_label("Undo");
    let centers = buttons.map(|button| button.rect().center());
    let pos = centers.min_by(|a, b| a.y.total_cmp(&b.y)).expect("two toasts");
    window.harness.hover_at(pos);
    window.harness.drag_at(pos);
    window.harness.drop_at(pos);
    window.run();
    assert!(!tells_of(&window, "ANY-1") && tells_of(&window, "ANY-2"));
    window.harness.get_by_label_contains("ANY-1 ");
}

#[test]
fn a_card_put_to_done_whose_work_is_not_on_the_target_says_so_and_offers_to_land_it() {
    let mut window = on_a_card_without_attempts();
    press(&mut window, Key::L);
    press(&mut window, Key::L);
    press_with(&mut window, Modifiers::SHIFT, Key::L);
    let moved = patches(&window);
    assert_eq!(
        moved.last().map(|(task, status, _)| (*task, *status)),
        Some((fixed(5), Some(TaskStatus::Done)))
    );
    let said = "ANY-5 is in Done; its work is not on main yet";
    assert!(window.harness.query_all_by_label(said).count() > 0);
    window.harness.get_by_label("Land…").click();
    window.run();
    window.harness.get_by_label("Land ANY-5 on main");
}

/// The cursor on a card of the first column that has no attempt.
fn on_a_card_without_attempts() -> Window {
    let mut window = typical();
    press(&mut window, Key::J);
    window
}

#[test]
fn the_peek_tells_who_wrote_a_task_that_no_person_wrote() {
    let mut state = typical_world().state();
    state.apply(&[support::done_by(93, support::editor(), (1, None), Deed::Create)]);
    let mut window = Window::at(Place::Board { project: None }, state);
    press(&mut window, Key::ArrowDown);
    press(&mut window, Key::Space);
    let told = window
        .harness
        .query_all_by_label("Created by claude-code over MCP · 3h");
    assert_eq!(told.count(), 1);
}

#[test]
fn a_card_that_is_put_away_while_its_agent_works_says_that_it_goes_on() {
    let mut window = typical();
    let rail = window.harness.get_by_label("Done 1").rect();
    drag(&mut window, "ANY-3 ", rail.center());
    let said = window
        .harness
        .query_all_by_label("ANY-3 was put away; its agent goes on");
    assert!(said.count() > 0);
}
