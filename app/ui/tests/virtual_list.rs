//! The virtual list: only what is in sight is painted, a million rows keep every pixel, and what is read stays.

use anyon_ui::{Theme, widgets::VirtualList};
use egui::Key;
use egui_kittest::{Harness, kittest::Queryable};

const ROW: f32 = 18.0;
const SEEN: f32 = 400.0;

struct Inside {
    list: VirtualList,
    rows: u64,
    painted: Vec<(u64, f32)>,
}

fn harness(list: VirtualList, rows: u64) -> Harness<'static, Inside> {
    let inside = Inside {
        list,
        rows,
        painted: Vec::new(),
    };
    Harness::builder()
        .with_size([300.0, SEEN])
        .with_context_setup(Theme::install_fonts)
        .with_accessibility_check(false)
        .build_ui_state(
            |ui, inside: &mut Inside| {
                let theme = Theme::dark(true);
                let Inside { list, rows, painted } = inside;
                painted.clear();
                list.fixed(ui, &theme, ("lines", *rows, ROW), |ui, row| {
                    painted.push((row, ui.max_rect().top()));
                    ui.label(format!("line {row}"));
                });
            },
            inside,
        )
}

fn rows(harness: &Harness<'_, Inside>) -> Vec<u64> {
    harness.state().painted.iter().map(|(row, _)| *row).collect()
}

#[test]
fn only_the_rows_in_sight_are_painted() {
    let harness = harness(VirtualList::from_start(), 1_000_000);
    let painted = rows(&harness);
    assert_eq!(painted[0], 0);
    assert!(painted.len() < 30, "{}", painted.len());
}

#[test]
fn a_row_far_down_is_brought_into_sight_without_losing_pixels() {
    let mut harness = harness(VirtualList::from_start(), 1_000_000);
    harness.state_mut().list.reveal(987_654);
    harness.run();
    harness.get_by_label("line 987654");
    let painted = &harness.state().painted;
    let apart: Vec<f32> = painted.windows(2).map(|pair| pair[1].1 - pair[0].1).collect();
    assert!(apart.iter().all(|apart| *apart == ROW), "{apart:?}");
    let before = harness.state().list.top();
    harness.state_mut().list.nudge(1.0);
    harness.run();
    let moved = (harness.state().list.top() - before) * f64::from(ROW);
    assert!(
        (moved - 1.0).abs() < 1e-3,
        "a point is a point, also at the far end: {moved}"
    );
}

#[test]
fn a_list_that_follows_stays_at_the_end_and_one_that_does_not_stays_where_it_is() {
    let mut following = harness(VirtualList::from_end(), 1_000);
    assert_eq!(rows(&following).last(), Some(&999));
    following.state_mut().rows = 2_000;
    following.run();
    assert_eq!(rows(&following).last(), Some(&1_999));

    let mut reading = harness(VirtualList::from_start(), 1_000);
    reading.state_mut().list.reveal(500);
    reading.run();
    let before = rows(&reading);
    reading.state_mut().rows = 2_000;
    reading.run();
    assert_eq!(rows(&reading), before);
}

#[test]
fn keys_go_to_the_ends_and_by_pages() {
    let mut harness = harness(VirtualList::from_start(), 1_000);
    harness.get_by_label("lines").focus();
    harness.run();
    harness.key_press(Key::PageDown);
    harness.run();
    let first = rows(&harness)[0];
    assert!((15..25).contains(&first), "{first}");
    harness.key_press(Key::End);
    harness.run();
    assert_eq!(rows(&harness).last(), Some(&999));
    assert!(harness.state().list.follows());
    harness.key_press(Key::Home);
    harness.run();
    assert_eq!(rows(&harness)[0], 0);
}

#[test]
fn fewer_rows_than_before_leave_no_gap() {
    let mut harness = harness(VirtualList::from_start(), 1_000);
    harness.state_mut().list.reveal(990);
    harness.run();
    harness.state_mut().rows = 3;
    harness.run();
    assert_eq!(rows(&harness), [0, 1, 2]);
    harness.state_mut().rows = 0;
    harness.run();
    assert!(rows(&harness).is_empty());
}

#[test]
fn shift_extends_the_selection() {
    let mut list = VirtualList::from_start();
    list.press(7, false);
    assert_eq!(list.selected(), Some(7..=7));
    list.press(3, true);
    assert_eq!(list.selected(), Some(3..=7));
    list.select(None);
    assert_eq!(list.selected(), None);
}
