//! Work on its way home: commit, merge, undo, drop, restore.

use crate::scenario::{Scenario, main_moved, snapshot};
use anyon_model::*;
use anyon_testkit::COMMIT;
use insta::assert_snapshot;

#[test]
fn a_merge_is_answered_when_the_worktree_is_gone() {
    let mut s = Scenario::idle();
    let command_id = s.merge();
    s.landed(command_id);
    assert!(!s.is_answered(command_id), "the idle process still has to go");
    s.exits(0);
    assert!(!s.is_answered(command_id), "and the worktree");
    s.worktree_removed(2);
    assert_snapshot!(s.seen(), @r#"
    ▸ MergeAttempt
      → land "Fix login\n\nIt says 500." after "Fix login: work of Claude Code"
    ▸ Landed
      merge into main
      snapshot 1 Merge
      history merge anyon/066b-fix-login → main (1 refs)
      task 1 done
      execution A1.1 stopping CloseStdin for TurnOver
      → stop A1.1 CloseStdin
      → timer CloseStdin of A1.1
    ▸ A1.1 exited Code { code: 0 }
      execution A1.1 completed
      live A1.1 gone
      → remove worktree Cleanup (snapshot 2)
    ▸ WorktreeRemoved
      snapshot 2 Drop
      attempt A1 anyon/066b-fix-login worktree removed
      → reply Landed
    "#);
    let Outcome::Landed { target, commit, .. } = s.outcome(command_id) else {
        panic!("landed")
    };
    assert_eq!((target.as_str(), commit.len()), ("main", 40));
    assert_eq!(s.status(), AttemptStatus::Landed);
    assert_eq!(s.task().status, TaskStatus::Done);
}

#[test]
fn a_merge_can_keep_the_worktree() {
    let mut s = Scenario::idle();
    let attempt_id = s.attempt().id;
    let command_id = s.sends(Command::MergeAttempt {
        attempt_id,
        message: Some("Mine".into()),
        keep_worktree: true,
    });
    s.landed(command_id);
    assert_snapshot!(s.seen(), @r#"
    ▸ MergeAttempt
      → land "Mine" after "Fix login: work of Claude Code"
    ▸ Landed
      merge into main
      snapshot 1 Merge
      history merge anyon/066b-fix-login → main (1 refs)
      attempt A1 anyon/066b-fix-login worktree ready keep
      task 1 done
      → reply Landed
    "#);
    assert_eq!(s.attempt().worktree.state, WorktreeState::Ready);
    assert_eq!(
        s.refused(Command::FollowUp {
            attempt_id,
            text: "More".into()
        })
        .code,
        ProblemCode::WrongState
    );
}

#[test]
fn a_merge_that_fails_leaves_everything_as_it_was() {
    let mut s = Scenario::idle();
    let attempt_id = s.attempt().id;
    let command_id = s.merge();
    let problem = Problem::new(ProblemCode::Conflicts, "Both sides changed src/main.rs");
    s.input(Input::Landed {
        command_id,
        attempt_id,
        result: Err(problem),
    });
    assert_eq!(s.problem(command_id).code, ProblemCode::Conflicts);
    assert_eq!(
        (s.status(), s.task().status),
        (AttemptStatus::Idle, TaskStatus::InReview)
    );
    let again = s.merge();
    s.landed(again);
    s.exits(0);
    s.worktree_removed(2);
    assert!(matches!(s.outcome(again), Outcome::Landed { .. }));
}

#[test]
fn a_worktree_that_stays_after_a_merge_is_a_note_and_no_failure() {
    let mut s = Scenario::idle();
    s.exits(0);
    let attempt_id = s.attempt().id;
    let command_id = s.merge();
    s.landed(command_id);
    s.later().input(Input::WorktreeRemoved {
        attempt_id,
        result: Err(Problem::new(ProblemCode::Io, "A file is in use")),
    });
    assert_snapshot!(s.seen(), @r#"
    ▸ WorktreeRemoved
      history keep worktree of anyon/066b-fix-login: A file is in use (0 refs)
      task 1 done unread
      → reply Landed
    "#);
    assert!(matches!(s.outcome(command_id), Outcome::Landed { .. }));
    assert_eq!(s.attempt().worktree.state, WorktreeState::Ready);
}

#[test]
fn a_merge_is_refused_while_the_agent_works() {
    let mut s = Scenario::in_turn();
    let attempt_id = s.attempt().id;
    let merge = Command::MergeAttempt {
        attempt_id,
        message: None,
        keep_worktree: false,
    };
    assert_snapshot!(s.refused(merge.clone()).to_string(), @"The agent is still at work in this attempt (Wait until it is done, or stop it)");
    s.asks(anyon_testkit::asks_command("q", "npm test"));
    assert_eq!(s.refused(merge.clone()).code, ProblemCode::WrongState);
    s.stop();
    assert_eq!(s.refused(merge).code, ProblemCode::WrongState);
}

#[test]
fn one_thing_at_a_time_is_done_to_an_attempt() {
    let mut s = Scenario::idle();
    let attempt_id = s.attempt().id;
    s.merge();
    let others = [
        Command::MergeAttempt {
            attempt_id,
            message: None,
            keep_worktree: false,
        },
        Command::CommitAttempt {
            attempt_id,
            message: None,
        },
        Command::DropAttempt { attempt_id },
        Command::FollowUp {
            attempt_id,
            text: "More".into(),
        },
        Command::DeleteTask { task_id: s.task().id },
    ];
    for command in others {
        assert_eq!(s.refused(command).title, "The attempt is being merged");
    }
}

#[test]
fn open_work_is_committed_even_while_the_agent_works() {
    let mut s = Scenario::in_turn();
    let attempt_id = s.attempt().id;
    let command_id = s.sends(Command::CommitAttempt {
        attempt_id,
        message: None,
    });
    let work = WorkCommit {
        snapshot: Some(snapshot(1, SnapshotReason::Commit)),
        commit: Some("4444".into()),
        moved: Some(main_moved()),
    };
    s.input(Input::WorkCommitted {
        command_id,
        attempt_id,
        result: Ok(work),
    });
    assert_snapshot!(s.seen(), @r#"
    ▸ CommitAttempt
      → commit "Fix login: work of Claude Code"
    ▸ WorkCommitted
      snapshot 1 Commit
      history commit anyon/066b-fix-login (1 refs)
      → reply Committed
    "#);
    let nothing = s.sends(Command::CommitAttempt {
        attempt_id,
        message: Some("Mine".into()),
    });
    let result = Ok(WorkCommit {
        snapshot: None,
        commit: None,
        moved: None,
    });
    s.input(Input::WorkCommitted {
        command_id: nothing,
        attempt_id,
        result,
    });
    assert_eq!(s.outcome(nothing), Outcome::Committed { commit: None });
}

#[test]
fn an_undone_merge_brings_the_task_back_to_review() {
    let mut s = Scenario::idle();
    let attempt_id = s.attempt().id;
    let command_id = s.merge();
    s.landed(command_id);
    s.exits(0);
    s.worktree_removed(2);
    let merge_id = *s.shard().merges.keys().next().unwrap();
    s.later();
    let undo = s.sends(Command::UndoMerge { merge_id });
    s.input(Input::MergeUndone {
        command_id: undo,
        attempt_id,
        result: Ok(main_moved()),
    });
    assert_snapshot!(s.seen(), @r#"
    ▸ UndoMerge
      → UndoMerge
    ▸ MergeUndone
      remove Merge
      history undo merge anyon/066b-fix-login → main (1 refs)
      task 1 inreview
      → reply Done
    "#);
    assert_eq!(s.status(), AttemptStatus::Idle);
    assert_eq!(
        s.refused(Command::UndoMerge { merge_id }).code,
        ProblemCode::NotFound
    );
}

#[test]
fn a_dropped_attempt_is_stopped_snapshotted_and_removed() {
    let mut s = Scenario::in_turn();
    let command_id = s.drop_attempt();
    s.exits(0);
    s.worktree_removed(1);
    assert_snapshot!(s.seen(), @r#"
    ▸ DropAttempt
      execution A1.1 stopping Interrupt for AttemptEnded
      → stop A1.1 Interrupt
      → timer Interrupt of A1.1
    ▸ A1.1 exited Code { code: 0 }
      execution A1.1 killed AttemptEnded
      live A1.1 gone
      task 1 inreview
      → remove worktree Drop (snapshot 1)
    ▸ WorktreeRemoved
      snapshot 1 Drop
      attempt A1 anyon/066b-fix-login worktree removed dropped
      history drop anyon/066b-fix-login (0 refs)
      task 1 todo
      → reply Done
    "#);
    assert_eq!(s.outcome(command_id), Outcome::Done);
    assert_eq!(
        (s.status(), s.task().status),
        (AttemptStatus::Dropped, TaskStatus::Todo)
    );
    let attempt_id = s.attempt().id;
    assert_eq!(
        s.refused(Command::DropAttempt { attempt_id }).code,
        ProblemCode::WrongState
    );
    assert_eq!(
        s.refused(Command::ResumeAttempt {
            attempt_id,
            text: None
        })
        .code,
        ProblemCode::WrongState
    );
}

#[test]
fn an_attempt_that_never_had_a_worktree_is_dropped_at_once() {
    let mut s = Scenario::new();
    s.start("CLAUDE_CODE", ApproveMode::Edits);
    let command_id = s.drop_attempt();
    assert_eq!(s.outcome(command_id), Outcome::Done);
    assert_eq!(s.status(), AttemptStatus::Dropped);
}

#[test]
fn a_drop_while_the_worktree_is_made_removes_it_when_it_is_there() {
    let mut s = Scenario::new();
    s.start("CLAUDE_CODE", ApproveMode::Edits);
    s.resources();
    s.later();
    let command_id = s.drop_attempt();
    s.worktree_created();
    s.worktree_removed(1);
    assert_snapshot!(s.seen(), @r#"
    ▸ DropAttempt
      → CancelWorktree
    ▸ WorktreeCreated
      attempt A1 anyon/066b-fix-login worktree ready
      execution A1.1 killed AttemptEnded
      task 1 inreview
      → remove worktree Drop (snapshot 1)
    ▸ WorktreeRemoved
      snapshot 1 Drop
      attempt A1 anyon/066b-fix-login worktree removed dropped
      history drop anyon/066b-fix-login (0 refs)
      task 1 todo
      → reply Done
    "#);
    assert!(s.is_answered(command_id));
}

#[test]
fn a_drop_that_fails_keeps_the_attempt() {
    let mut s = Scenario::idle();
    s.exits(0);
    let attempt_id = s.attempt().id;
    let command_id = s.drop_attempt();
    let problem = Problem::new(ProblemCode::Io, "A file is in use");
    s.input(Input::WorktreeRemoved {
        attempt_id,
        result: Err(problem),
    });
    assert_eq!(s.problem(command_id).code, ProblemCode::Io);
    assert_eq!(s.status(), AttemptStatus::Idle);
}

#[test]
fn a_restored_snapshot_brings_a_dropped_attempt_back() {
    let mut s = Scenario::in_turn();
    s.says([AgentEvent::Session {
        agent_session: "conversation".into(),
    }]);
    s.drop_attempt();
    s.exits(0);
    s.worktree_removed(1);
    let attempt_id = s.attempt().id;
    let snapshot_id = *s.shard().snapshots.keys().next().unwrap();
    s.later();
    let command_id = s.sends(Command::RestoreSnapshot { snapshot_id });
    s.input(Input::Restored {
        command_id,
        attempt_id,
        snapshot_id,
        result: Ok(None),
    });
    assert_snapshot!(s.seen(), @r#"
    ▸ RestoreSnapshot
      → Restore
    ▸ Restored
      history restore snapshot 1 of anyon/066b-fix-login (0 refs)
      attempt A1 anyon/066b-fix-login worktree ready
      task 1 inreview
      → reply Restored
    "#);
    assert!(matches!(s.outcome(command_id), Outcome::Restored { .. }));
    assert_eq!(s.task().status, TaskStatus::InReview);
    s.follow_up("Go on");
    s.resources();
    assert_eq!(
        s.launches().pop().unwrap().resume.unwrap().agent_session,
        "conversation"
    );
}

#[test]
fn a_snapshot_whose_record_was_lost_is_found_again_and_only_once() {
    let mut s = Scenario::idle();
    let attempt_id = s.attempt().id;
    let found = vec![SnapshotMade {
        number: 1,
        commit: COMMIT.into(),
        head: COMMIT.into(),
        trash: None,
        reason: SnapshotReason::Drop,
    }];
    for _ in 0..2 {
        s.input(Input::SnapshotsFound {
            attempt_id,
            found: found.clone(),
        });
    }
    let shard = s.state().shard_of_attempt(attempt_id).unwrap();
    assert_eq!(shard.snapshots_of(attempt_id).count(), 1);
}
