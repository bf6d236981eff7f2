//! The changes of an attempt: tree and diff, live, collapsed, on demand.

mod support;

use anyon_model::*;
use anyon_ui::{Place, Request, Tab};
use egui::{Key, accesskit::Role};
use egui_kittest::kittest::{NodeT, Queryable};
use std::sync::{Arc, Mutex};
use support::{Look, Window, diffs, fixed, snapshot, typical_world};

fn place() -> Place {
    Place::Task {
        task_id: fixed(5),
        attempt_id: Some(fixed(33)),
        tab: Tab::Changes,
    }
}

fn stat(path: &str, status: FileStatus, (additions, deletions): (u32, u32)) -> FileStat {
    FileStat {
        path: path.into(),
        old_path: None,
        status,
        additions,
        deletions,
        omitted: None,
        before: None,
        after: None,
    }
}

fn files() -> Vec<FileStat> {
    vec![
        stat("core/model/src/merge.rs", FileStatus::Modified, (3, 2)),
        stat("core/model/src/undo.rs", FileStatus::Added, (2, 0)),
        FileStat {
            omitted: Some(Omitted::Binary),
            ..stat("docs/logo.png", FileStatus::Added, (0, 0))
        },
        FileStat {
            omitted: Some(Omitted::TooLarge { bytes: 3 << 20 }),
            ..stat("docs/table.csv", FileStatus::Modified, (90_000, 10))
        },
        stat("Cargo.toml", FileStatus::Deleted, (0, 4)),
    ]
}

/// A diff; `more`: lines that an agent put in front meanwhile.
fn styled(stat: FileStat, more: usize) -> StyledDiff {
    let new = (0..more).map(|n| diffs::line(DiffLineKind::Added, &format!("// new line {n}")));
    let mut lines: Vec<DiffLine> = new.chain(diffs::code()).collect();
    if stat.path.as_path().ends_with("Cargo.toml") {
        lines = vec![lines.remove(more + 2)];
    }
    diffs::styled(stat, lines, more)
}

fn answer(query: &Query, files: &[FileStat], more: usize) -> Option<QueryResult> {
    let of = |path: &FilePath| files.iter().find(|file| file.path == *path).cloned();
    let check = LandingCheck {
        conflicts: Vec::new(),
        open_files: 2,
        behind: 1,
        ahead: 3,
        dirty_checkout: None,
        message: "Move redb tables to v2 schema".into(),
        large_files: Vec::new(),
        nothing_new: false,
    };
    Some(Ok(match query {
        Query::DiffSummary { .. } => Answer::DiffSummary(Arc::new(DiffSummary {
            files: files.to_vec(),
            ..DiffSummary::default()
        })),
        Query::DiffSpans { path, .. } => Answer::DiffSpans(Arc::new(styled(of(path)?, more))),
        Query::DiffFile { path, .. } => Answer::DiffFile(Arc::new(styled(of(path)?, more).diff)),
        Query::FileLines { range, .. } => {
            let PageRange::From { first, count } = *range else {
                return None;
            };
            let line = |n: u64| CodeLine::plain(format!("line {n} of the file"));
            Answer::FileLines(Arc::new(FileLines {
                first,
                total: 400,
                lines: (first..(first + u64::from(count)).min(400)).map(line).collect(),
            }))
        }
        Query::LandingCheck { .. } => Answer::LandingCheck(check),
        _ => return None,
    }))
}

fn window(look: Look) -> Window {
    let mut window = Window::looking(place(), typical_world().state(), look);
    window.client.reply(|query| answer(query, &files(), 0));
    settle(&mut window);
    window
}

/// Frames until answers have led to further questions, and these to answers.
fn settle(window: &mut Window) {
    for _ in 0..4 {
        window.run();
    }
}

fn press(window: &mut Window, key: Key) {
    window.harness.key_press(key);
    settle(window);
}

#[test]
fn the_tree_tells_what_happened_to_each_file() {
    let window = window(Look::default());
    let row = |label: &str| {
        window
            .harness
            .query_by_role_and_label(Role::TreeItem, label)
            .is_some()
    };
    assert!(row("core/model/src  +5 −2"));
    assert!(row("merge.rs changed +3 −2"));
    assert!(row("Cargo.toml deleted +0 −4"));
    window.harness.get_by_label("5 files");
}

#[test]
fn a_folder_folds() {
    let mut window = window(Look::default());
    window.harness.get_by_label("core/model/src  +5 −2").click();
    window.run();
    assert!(window.harness.query_by_label("merge.rs changed +3 −2").is_none());
}

#[test]
fn unchanged_lines_open_when_asked_for() {
    let mut window = window(Look::default());
    assert!(window.harness.query_by_label("line 3 of the file").is_none());
    window.harness.get_by_label("39 unchanged lines").click();
    settle(&mut window);
    window.harness.get_by_label("line 3 of the file");
}

#[test]
fn keys_go_from_change_to_change_and_on_to_the_next_file() {
    let mut window = window(Look::default());
    for _ in 0..2 {
        press(&mut window, Key::N);
    }
    let chosen = |window: &Window, path: &str| {
        let asked = window.client.queries();
        asked
            .iter()
            .any(|query| matches!(query, Query::DiffSpans { path: asked, .. } if *asked == path.into()))
    };
    assert!(
        !chosen(&window, "core/model/src/undo.rs"),
        "there are two changes in the first file"
    );
    press(&mut window, Key::N);
    assert!(chosen(&window, "core/model/src/undo.rs"));
}

#[test]
fn what_is_read_does_not_move_when_the_agent_writes_above_it() {
    let mut window = window(Look {
        size: [1024.0, 700.0],
        ..Look::default()
    });
    window.harness.get_by_label("39 unchanged lines").click();
    settle(&mut window);
    for _ in 0..2 {
        press(&mut window, Key::N);
    }
    let y = |window: &Window| window.harness.get_by_label("−     commit(tree)").rect().top();
    let before = y(&window);
    window.client.reply(|query| answer(query, &files(), 60));
    window.client.event(Event::DiffChanged {
        attempt_id: fixed(33),
    });
    settle(&mut window);
    assert_eq!(y(&window), before);
}

#[test]
fn large_and_binary_files_wait_until_they_are_asked_for() {
    let mut window = window(Look::default());
    window.harness.get_by_label("logo.png added +0 −0").click();
    window.run();
    window.harness.get_by_label("Binary file: no lines to compare");
    window
        .harness
        .get_by_label("table.csv changed +90,000 −10")
        .click();
    window.run();
    window.harness.get_by_label("Large file: 3.0 MB");
    let asked = |window: &Window| {
        let asked = window.client.queries();
        asked
            .iter()
            .any(|query| matches!(query, Query::DiffSpans { whole: true, .. }))
    };
    assert!(!asked(&window));
    window.harness.get_by_label("Show it").click();
    window.run();
    assert!(asked(&window));
}

#[test]
fn what_changed_while_nobody_looked_is_shown_to_who_comes_back() {
    let mut window = window(Look::default());
    let new = |window: &Window| {
        let lines = window.harness.query_all_by_label_contains("// new line");
        lines.count()
    };
    assert_eq!(new(&window), 0);
    window.harness.state_mut().shell.go(Place::Keys);
    settle(&mut window);
    // Nothing is watched now, so nobody tells that the agent wrote.
    window.client.reply(|query| answer(query, &files(), 2));
    window.harness.state_mut().shell.go(place());
    settle(&mut window);
    assert_eq!(new(&window), 2);
}

#[test]
fn the_changes_are_watched_only_while_they_are_looked_at() {
    let mut window = window(Look::default());
    let unwatched = |window: &Window| {
        let asked = window.client.queries();
        asked.contains(&Query::UnwatchDiff {
            attempt_id: fixed(33),
        })
    };
    assert!(!unwatched(&window));
    window.harness.state_mut().shell.go(Place::Keys);
    window.run();
    press(&mut window, Key::F12);
    assert!(unwatched(&window));
}

#[test]
fn a_line_that_was_pressed_can_be_copied() {
    let mut window = window(Look::default());
    window
        .harness
        .get_by_label("+     check_conflicts(&base)?;")
        .click();
    window.run();
    window.harness.event(egui::Event::Copy);
    window.run();
    let copied = Request::CopyText("    check_conflicts(&base)?;".into());
    assert!(window.harness.state().requests.contains(&copied));
}

/// Files that are more than their lines.
fn kinds() -> Vec<FileStat> {
    let link = |target: &str, outside| {
        let target = target.into();
        Some(FileKind::Link { target, outside })
    };
    let submodule = |commit: &str| {
        let commit = commit.repeat(10);
        Some(FileKind::Submodule { commit })
    };
    let of = |path, status, before, after| FileStat {
        before,
        after,
        ..stat(path, status, (0, 0))
    };
    let (plain, run) = (Some(FileKind::Plain), Some(FileKind::Executable));
    vec![
        of("shop.py", FileStatus::Modified, plain.clone(), run),
        of("s2", FileStatus::Untracked, None, link("/etc", true)),
        of("docs", FileStatus::TypeChanged, plain, link("src/docs", false)),
        of(
            "vendor",
            FileStatus::Modified,
            submodule("98b1"),
            submodule("0f6e"),
        ),
    ]
}

#[test]
fn a_mode_a_link_and_a_submodule_are_seen_without_their_lines() {
    for look in Look::all() {
        let mut window = Window::looking(place(), typical_world().state(), look);
        window.client.reply(|query| match query {
            Query::DiffSpans { .. } | Query::DiffFile { .. } => None,
            query => answer(query, &kinds(), 0),
        });
        settle(&mut window);
        if look.name() != Look::default().name() {
            window.picture(&format!("changes-kinds-{}", look.name()));
            continue;
        }
        for (row, words) in [
            (
                "shop.py changed +0 −0, mode 100644 → 100755, made executable",
                &["mode 100644 → 100755", "made executable"][..],
            ),
            (
                "s2 added +0 −0, symbolic link → /etc, outside the worktree",
                &["symbolic link → /etc", "outside the worktree"],
            ),
            (
                "docs of another type +0 −0, symbolic link → src/docs, was a file",
                &["symbolic link → src/docs", "was a file"],
            ),
            (
                "vendor changed +0 −0, submodule 98b198b → 0f6e0f6",
                &["submodule 98b198b → 0f6e0f6"],
            ),
        ] {
            window.harness.get_by_role_and_label(Role::TreeItem, row).click();
            settle(&mut window);
            for word in words {
                window.harness.get_by_label(word);
            }
            window.picture(&format!("changes-kind-{}", &row[..2]));
        }
    }
}

/// The world after the attempt landed or was dropped: its worktree is gone.
fn over(entity: Entity) -> Window {
    let world = typical_world().with(entity);
    let mut state = world.state();
    let attempt = state.projects[&fixed(1)].attempts[&fixed(33)].clone();
    let mut attempt = (*attempt).clone();
    attempt.worktree.state = WorktreeState::Removed;
    state.apply(&[Change::Put(Entity::Attempt(Arc::new(attempt)))]);
    let mut window = Window::at(place(), state);
    window.client.reply(|query| answer(query, &files(), 0));
    settle(&mut window);
    window
}

#[test]
fn what_landed_can_be_looked_at_when_its_worktree_is_gone() {
    let mut window = over(Entity::Merge(Arc::new(Merge {
        id: fixed(62),
        project_id: fixed(1),
        attempt_id: fixed(33),
        target: "main".into(),
        kind: MergeKind::Direct {
            commit: "0123456789".repeat(4),
            before: anyon_testkit::COMMIT.into(),
        },
        created_at: support::NOW,
    })));
    window.harness.get_by_label("What landed: 0123456");
    window.harness.get_by_label("merge.rs changed +3 −2").click();
    settle(&mut window);
    window.harness.get_by_label("+     check_conflicts(&base)?;");
    assert!(
        window.harness.query_by_label("Open in editor").is_none(),
        "there is no file to be opened"
    );
    window.picture("changes-landed");
}

#[test]
fn a_dropped_attempt_is_shown_from_its_last_snapshot() {
    let window = over(snapshot(1, SnapshotReason::Drop));
    window.harness.get_by_label("From the last snapshot");
    window.harness.get_by_label("merge.rs changed +3 −2");
}

#[test]
fn changes_paint_in_every_look() {
    for look in Look::all() {
        let mut window = window(look);
        window.picture(&format!("changes-{}", look.name()));
        press(&mut window, Key::V);
        window.picture(&format!("changes-split-{}", look.name()));
    }
}

#[test]
fn an_attempt_without_changes_says_so() {
    let mut window = Window::at(place(), typical_world().state());
    let asked = Arc::new(Mutex::new(0));
    let count = asked.clone();
    window.client.reply(move |query| {
        *count.lock().unwrap() += 1;
        answer(query, &[], 0)
    });
    window.run();
    assert!(*asked.lock().unwrap() > 0);
    window.harness.get_by_label("No changes yet");
}

#[test]
fn folders_tell_screen_readers_whether_they_are_open_and_files_whether_they_are_shown() {
    let mut window = window(Look::default());
    let told = |window: &Window, label: &str| {
        let node = window.harness.get_by_role_and_label(Role::TreeItem, label);
        let node = node.accesskit_node();
        (node.is_selected(), node.data().is_expanded())
    };
    let (folder, file) = ("core/model/src  +5 −2", "Cargo.toml deleted +0 −4");
    assert_eq!(told(&window, folder), (None, Some(true)));
    assert_eq!(told(&window, file), (Some(false), None));
    window.harness.get_by_label(folder).click();
    settle(&mut window);
    window.harness.get_by_label(file).click();
    settle(&mut window);
    assert_eq!(told(&window, folder), (None, Some(false)));
    assert_eq!(told(&window, file), (Some(true), None));
}

/// One long line beside short ones; `more`: lines that an agent put in front meanwhile.
fn long(stat: FileStat, more: usize) -> StyledDiff {
    let mut diff = styled(stat, more);
    let words = (0..90).map(|n| format!("word{n}")).collect::<Vec<_>>().join(" ");
    diff.diff.hunks[0].lines[more + 3].text = format!("    let base = find_merge_base({words})?;");
    diff
}

fn with_a_long_line(look: Look) -> Window {
    let mut window = Window::looking(place(), typical_world().state(), look);
    window.client.reply(|query| long_answer(query, 0));
    settle(&mut window);
    window
}

fn long_answer(query: &Query, more: usize) -> Option<QueryResult> {
    match (query, answer(query, &files(), more)?) {
        (Query::DiffSpans { .. }, Ok(Answer::DiffSpans(diff))) => {
            let diff = long(diff.diff.stat.clone(), more);
            Some(Ok(Answer::DiffSpans(Arc::new(diff))))
        }
        (_, other) => Some(other),
    }
}

fn long_row(window: &Window) -> egui::Rect {
    window
        .harness
        .get_by_label_contains("find_merge_base(word0")
        .rect()
}

#[test]
fn a_long_line_goes_on_below_until_that_is_turned_off_and_that_is_kept() {
    for split in [false, true] {
        let mut window = with_a_long_line(Look::default());
        if split {
            press(&mut window, Key::V);
        }
        let one = window.harness.get_by_label(" }".trim()).rect().height();
        let tall = long_row(&window).height();
        assert!(tall >= 3.0 * one, "split {split}: {tall} of lines of {one}");
        window.picture(&format!("changes-wrapped-{split}"));
        press(&mut window, Key::W);
        assert_eq!(long_row(&window).height(), one, "split {split}");
        let kept = window.harness.state().shell.kept();
        assert_eq!(kept.note("changes/wide-lines"), Some("1"));
        let button = window.harness.get_by_label("Wrap long lines");
        assert_eq!(
            button.accesskit_node().toggled(),
            Some(egui::accesskit::Toggled::False)
        );
        button.click();
        settle(&mut window);
        assert_eq!(long_row(&window).height(), tall);
    }
}

#[test]
fn a_line_that_is_not_wrapped_is_moved_by_shift_and_the_wheel() {
    let mut window = with_a_long_line(Look::default());
    press(&mut window, Key::W);
    let before = painted(&window, "word0 ");
    window.harness.hover_at(long_row(&window).center());
    window.run();
    window.harness.event(egui::Event::MouseWheel {
        unit: egui::MouseWheelUnit::Point,
        delta: egui::vec2(0.0, -200.0),
        phase: egui::TouchPhase::Move,
        source: egui::MouseWheelSource::Unknown,
        modifiers: egui::Modifiers::SHIFT,
    });
    settle(&mut window);
    let after = painted(&window, "word0 ");
    assert!(after < before - 100.0, "{before} → {after}");
    window.picture("changes-sideways");
}

/// Where a text that holds these words begins, in points from the left.
fn painted(window: &Window, words: &str) -> f32 {
    let shapes = &window.harness.output().shapes;
    let found = shapes.iter().find_map(|clipped| match &clipped.shape {
        egui::Shape::Text(text) if text.galley.text().contains(words) => Some(text.pos.x),
        _ => None,
    });
    found.unwrap_or(f32::NAN)
}

#[test]
fn what_is_read_stays_where_it_is_when_a_long_line_stands_above_it() {
    let mut window = with_a_long_line(Look {
        size: [1024.0, 700.0],
        ..Look::default()
    });
    window.harness.get_by_label("39 unchanged lines").click();
    settle(&mut window);
    for _ in 0..2 {
        press(&mut window, Key::N);
    }
    let y = |window: &Window| window.harness.get_by_label("−     commit(tree)").rect().top();
    let before = y(&window);
    window.client.reply(|query| long_answer(query, 60));
    window.client.event(Event::DiffChanged {
        attempt_id: fixed(33),
    });
    settle(&mut window);
    assert_eq!(y(&window), before);
}

#[test]
fn a_wrapped_line_is_copied_whole() {
    let mut window = with_a_long_line(Look::default());
    window
        .harness
        .get_by_label_contains("find_merge_base(word0")
        .click();
    window.run();
    window.harness.event(egui::Event::Copy);
    window.run();
    let requests = &window.harness.state().requests;
    let copied = requests.iter().any(|request| match request {
        Request::CopyText(text) => text.ends_with("word89)?;") && !text.contains('\n'),
        _ => false,
    });
    assert!(copied, "{requests:?}");
}
