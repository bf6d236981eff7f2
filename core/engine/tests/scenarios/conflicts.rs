//! An attempt at rest whose branch conflicts with its target says so, as long as it does.

use crate::scenario::{Scenario, main_moved, started};
use anyon_model::*;
use anyon_testkit::{World, fixed};

fn asked(s: &mut Scenario) -> Vec<AttemptId> {
    let effects = std::mem::take(&mut s.effects);
    effects
        .into_iter()
        .filter_map(|effect| match effect {
            Effect::PredictConflicts { attempt_id, .. } => Some(attempt_id),
            _ => None,
        })
        .collect()
}

fn predicted(s: &mut Scenario, attempt_id: AttemptId, files: &[&str]) {
    let result = Ok(files.iter().map(|file| FilePath::from(*file)).collect());
    s.input(Input::ConflictsPredicted { attempt_id, result });
}

#[test]
fn an_agent_that_is_done_is_compared_with_its_target() {
    let mut s = Scenario::idle();
    let attempt_id = s.attempt().id;
    let watches = |effect: &Effect| matches!(effect, Effect::WatchTargets { .. });
    assert_eq!(s.effects.iter().filter(|effect| watches(effect)).count(), 1);
    assert_eq!(asked(&mut s), [attempt_id]);
    predicted(&mut s, attempt_id, &["a.rs", "b.rs"]);
    assert_eq!(s.status(), AttemptStatus::Conflicted);
    assert_eq!(s.shard().conflicts[&attempt_id].files.len(), 2);
    predicted(&mut s, attempt_id, &[]);
    assert_eq!(s.status(), AttemptStatus::Idle);
}

#[test]
fn while_the_agent_works_conflicts_say_nothing() {
    let mut s = Scenario::idle();
    let attempt_id = s.attempt().id;
    predicted(&mut s, attempt_id, &["a.rs"]);
    s.follow_up("Merge main into this branch");
    assert_eq!(s.status(), AttemptStatus::Running);
    assert!(s.shard().conflicts.is_empty());
    predicted(&mut s, attempt_id, &["a.rs"]);
    assert_eq!(s.status(), AttemptStatus::Running, "found out too late");
    asked(&mut s);
    s.turn_ends();
    assert_eq!(
        (s.status(), asked(&mut s)),
        (AttemptStatus::Idle, vec![attempt_id])
    );
}

#[test]
fn what_could_not_be_found_out_is_not_claimed() {
    let mut s = Scenario::idle();
    let attempt_id = s.attempt().id;
    predicted(&mut s, attempt_id, &["a.rs"]);
    let result = Err(Problem::new(ProblemCode::Git, "git could not read it"));
    s.input(Input::ConflictsPredicted { attempt_id, result });
    assert_eq!(s.status(), AttemptStatus::Idle);
}

/// Attempt 1 of task 1, and attempt 2 of task 2 with the same target; 3 lands elsewhere, 4 is at work.
fn four() -> World {
    let running = ExecutionState::Running {
        activity: Activity::Turn,
    };
    let ready = |attempt: &mut Attempt| attempt.worktree.state = WorktreeState::Ready;
    World::new()
        .task("One", "")
        .task("Two", "")
        .attempt(1, 1, ready)
        .execution(1, 1, ExecutionState::Completed)
        .attempt(2, 2, ready)
        .execution(2, 2, ExecutionState::Completed)
        .attempt(3, 2, |attempt| {
            ready(attempt);
            attempt.target = "release".into();
        })
        .execution(3, 3, ExecutionState::Completed)
        .attempt(4, 2, ready)
        .execution(4, 4, running)
}

#[test]
fn a_landing_and_its_undo_have_the_others_with_that_target_compared() {
    let mut s = Scenario::over(four());
    asked(&mut s);
    let command_id = s.sends(Command::MergeAttempt {
        attempt_id: fixed(1),
        message: None,
        keep_worktree: true,
    });
    let report = LandReport {
        work: WorkCommit {
            snapshot: None,
            commit: None,
            moved: None,
        },
        commit: anyon_testkit::COMMIT.into(),
        moved: main_moved(),
        followed: None,
    };
    s.input(Input::Landed {
        command_id,
        attempt_id: fixed(1),
        result: Ok(report),
    });
    let mut others = asked(&mut s);
    assert!(
        !others.contains(&fixed(1)) && !others.contains(&fixed(3)),
        "{others:?}"
    );
    others.retain(|other| *other == fixed(2));
    assert_eq!(others.len(), 1);
    let Outcome::Landed { merge_id, .. } = s.outcome(command_id) else {
        panic!("landed")
    };
    let command_id = s.sends(Command::UndoMerge { merge_id });
    s.input(Input::MergeUndone {
        command_id,
        attempt_id: fixed(1),
        result: Ok(main_moved()),
    });
    let again = asked(&mut s);
    assert!(
        again.contains(&fixed(1)) && again.contains(&fixed(2)),
        "{again:?}"
    );
}

#[test]
fn a_start_and_a_branch_that_moved_look_at_what_rests() {
    let mut s = Scenario::unstarted(four());
    s.input(started());
    let asked_first = asked(&mut s);
    assert!(
        [1, 2, 3].iter().all(|n| asked_first.contains(&fixed(*n))),
        "{asked_first:?}"
    );
    let project_id = s.shard().project.id;
    let moved = |branches: &[&str]| Input::TargetsMoved {
        project_id,
        branches: branches.iter().map(|branch| (*branch).to_owned()).collect(),
    };
    s.input(moved(&["main"]));
    let on_main = asked(&mut s);
    assert!(
        on_main.contains(&fixed(2)) && !on_main.contains(&fixed(3)),
        "{on_main:?}"
    );
    s.input(moved(&["elsewhere"]));
    assert_eq!(asked(&mut s), []);
    s.input(moved(&[]));
    assert!(asked(&mut s).contains(&fixed(3)));
}

#[test]
fn one_event_has_at_most_twenty_attempts_looked_at() {
    let mut world = World::new().task("One", "");
    for n in 1..=40 {
        world = world
            .attempt(n, 1, |attempt| attempt.worktree.state = WorktreeState::Ready)
            .execution(n, n, ExecutionState::Completed);
    }
    let mut s = Scenario::over(world);
    let asked = asked(&mut s);
    assert_eq!(asked.len(), 20);
    assert!(asked.contains(&fixed(40)), "the newest first");
}
