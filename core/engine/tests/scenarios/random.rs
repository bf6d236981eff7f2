//! Random inputs: whatever happens in whatever order, nothing panics, every command is answered once, the cap holds,
//! and the same inputs give the same state.

use crate::scenario::{main_moved, snapshot, started};
use anyon_engine::{AgentSight, Engine, Step};
use anyon_model::*;
use anyon_testkit::{COMMIT, Clock, World, agents, asks_choice, asks_command, asks_edit, fixed};
use proptest::prelude::*;
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

const CAP: u32 = 2;

/// A die: every choice a test makes is one of its throws.
struct Dice<'a>(std::slice::Iter<'a, u16>);

impl Dice<'_> {
    fn throw(&mut self, sides: usize) -> usize {
        usize::from(*self.0.next().unwrap_or(&0)) % sides.max(1)
    }
    fn pick<T: Clone>(&mut self, from: &[T]) -> Option<T> {
        let at = self.throw(from.len());
        from.get(at).cloned()
    }
}

/// Everything around the engine, answering when and how the dice say.
struct Outside {
    engine: Engine,
    mirror: State,
    /// What the agent of the first attempt was told, and what it was told by.
    told: State,
    sight: AgentSight,
    clock: Clock,
    inputs: Vec<Stamped>,
    pending: Vec<Effect>,
    attached: BTreeSet<ExecutionId>,
    timers: BTreeMap<TimerKey, Timestamp>,
    sent: Vec<CommandId>,
    replies: BTreeMap<CommandId, u32>,
    ended: bool,
}

fn world() -> World {
    let settings = Settings {
        max_running: CAP,
        ..Settings::default()
    };
    World::new()
        .project(|project| project.setup_script = "make setup".into())
        .task("One", "")
        .task("Two", "")
        .task("Three", "")
        .attempt(200, 1, |_| {})
        .execution(
            200,
            200,
            ExecutionState::Running {
                activity: Activity::Turn,
            },
        )
        .with(Entity::Settings(Arc::new(settings)))
}

impl Outside {
    fn new() -> Self {
        let sight = AgentSight::new(fixed(200), &world().state());
        let mut outside = Self {
            engine: Engine::new(world().entities(), agents()),
            mirror: world().state(),
            told: sight.state(&world().state()),
            sight,
            clock: Clock::default(),
            inputs: Vec::new(),
            pending: Vec::new(),
            attached: BTreeSet::new(),
            timers: BTreeMap::new(),
            sent: Vec::new(),
            replies: BTreeMap::new(),
            ended: false,
        };
        outside.input(started());
        outside
    }

    fn input(&mut self, input: Input) {
        let stamped = self.clock.stamp(input);
        self.inputs.push(stamped.clone());
        let step = self.engine.handle(stamped);
        self.mirror.apply(&step.changes);
        assert_eq!(
            &self.mirror,
            self.engine.state(),
            "the changes are the whole difference"
        );
        self.check_live();
        self.check_sight(&step);
        self.take(step);
        self.check_cap();
    }

    /// Change by change an agent is told what one that comes now would see.
    fn check_sight(&mut self, step: &Step) {
        let state = self.engine.state();
        self.told.apply(&self.sight.follow(state, &step.changes));
        assert_eq!(self.told, AgentSight::new(fixed(200), state).state(state));
    }

    /// What is known for the moment is known of what is there and not over.
    fn check_live(&self) {
        let state = self.engine.state();
        for execution_id in state.live.keys() {
            let shard = state.shard_of_execution(*execution_id);
            let execution = shard.and_then(|shard| shard.executions.get(execution_id));
            assert!(
                execution.is_some_and(|execution| !execution.state.is_final()),
                "known for the moment, of what is over: {execution:?}"
            );
        }
    }

    fn take(&mut self, step: Step) {
        for effect in step.effects {
            match effect {
                Effect::Reply { command_id, .. } => *self.replies.entry(command_id).or_default() += 1,
                Effect::SetTimer { key, at } => {
                    self.timers.insert(key, at);
                }
                Effect::Attach { execution_id } => {
                    self.attached.insert(execution_id);
                }
                Effect::Stop {
                    execution_id,
                    step: StopStep::Kill,
                } if self.attached.remove(&execution_id) => {
                    self.pending.push(Effect::Stop {
                        execution_id,
                        step: StopStep::Kill,
                    });
                }
                Effect::Exit => self.ended = true,
                Effect::Send { .. }
                | Effect::Stop { .. }
                | Effect::Notify { .. }
                | Effect::CancelWorktree { .. }
                | Effect::CancelClone { .. }
                | Effect::Focus { .. }
                | Effect::FindWindow { .. }
                | Effect::WatchTargets { .. }
                | Effect::PruneTrash { .. }
                | Effect::RemoveLogs { .. } => {}
                work => self.pending.push(work),
            }
        }
    }

    /// Agents at work. One that is stopped from its idle rest may be on top, so those being stopped do not count.
    fn check_cap(&self) {
        let executions = self
            .engine
            .state()
            .projects
            .values()
            .flat_map(|shard| shard.executions.values());
        let agents = executions.filter(|execution| execution.run_reason == RunReason::CodingAgent);
        let working = agents.filter(|execution| match &execution.state {
            ExecutionState::Queued { why } => *why == Some(QueueReason::Worktree),
            ExecutionState::Starting => true,
            ExecutionState::Running { activity } => !matches!(activity, Activity::Idle { .. }),
            _ => false,
        });
        assert!(working.count() <= CAP as usize, "too many agents at work");
    }

    fn send(&mut self, command: Command, actor: Actor) {
        let number = u8::try_from(self.sent.len() + 1).expect("few commands");
        let command_id = fixed(number);
        self.sent.push(command_id);
        self.input(Input::Command {
            command_id,
            actor,
            command,
        });
    }

    fn act(&mut self, dice: &mut Dice<'_>) {
        match dice.throw(10) {
            0..=2 => self.command(dice),
            3..=5 => self.answer(dice),
            6..=7 => self.agent(dice),
            8 => self.exit(dice),
            _ => self.timer(dice),
        }
    }

    fn timer(&mut self, dice: &mut Dice<'_>) {
        let timers: Vec<_> = self.timers.keys().copied().collect();
        if let Some(key) = dice.pick(&timers)
            && let Some(at) = self.timers.remove(&key)
        {
            self.clock.advance_to(at);
            self.input(Input::TimerFired { key });
        }
    }

    fn exit(&mut self, dice: &mut Dice<'_>) {
        let attached: Vec<_> = self.attached.iter().copied().collect();
        if let Some(execution_id) = dice.pick(&attached) {
            self.attached.remove(&execution_id);
            self.exited(execution_id, dice);
        }
    }

    fn exited(&mut self, execution_id: ExecutionId, dice: &mut Dice<'_>) {
        let status = dice.pick(&[
            ExitStatus::Code { code: 0 },
            ExitStatus::Code { code: 1 },
            ExitStatus::Signal { signal: 15 },
            ExitStatus::Unknown,
        ]);
        self.input(Input::Exited {
            execution_id,
            status: status.unwrap_or(ExitStatus::Unknown),
            left: u32::from(dice.throw(9) == 8),
            log: LogLengths::default(),
            stderr_tail: String::new(),
            head: None,
        });
    }

    /// What an agent says. It begins no turn by itself and asks nothing while idle: nobody could hold it to the cap.
    fn agent(&mut self, dice: &mut Dice<'_>) {
        let attached: Vec<_> = self.attached.iter().copied().collect();
        let Some(execution_id) = dice.pick(&attached) else {
            return;
        };
        let kinds = [
            FailureKind::Model,
            FailureKind::RateLimit {
                resets_at: Some(self.clock.now().plus_ms(60_000)),
            },
            FailureKind::SessionLost,
        ];
        let failed = TurnOutcome::Failed {
            kind: dice.pick(&kinds).unwrap_or(FailureKind::Model),
            message: "overloaded".into(),
        };
        let key = format!("q{}", dice.throw(4));
        let event = match dice.throw(10) {
            9 if !self.is_idle(execution_id) => AgentEvent::TurnStarted,
            0 => AgentEvent::Session {
                agent_session: "conversation".into(),
            },
            1 | 2 => AgentEvent::TurnEnded(TurnOutcome::Completed),
            3 => AgentEvent::TurnEnded(TurnOutcome::Interrupted),
            4 => AgentEvent::TurnEnded(failed),
            5 => AgentEvent::ApprovalVoid { key },
            _ if self.is_idle(execution_id) => AgentEvent::Activity("resting".into()),
            6 => AgentEvent::Approval(asks_command(&key, "npm test")),
            7 => AgentEvent::Approval(asks_choice(&key, "Which?", &["a", "b"])),
            _ => AgentEvent::Approval(asks_edit(&key, "src/main.rs")),
        };
        self.input(Input::Agent {
            execution_id,
            events: vec![event],
        });
    }

    fn is_idle(&self, execution_id: ExecutionId) -> bool {
        let shard = self.engine.state().shard_of_execution(execution_id);
        shard.is_some_and(|shard| shard.executions[&execution_id].state.as_str() == "idle")
    }

    fn command(&mut self, dice: &mut Dice<'_>) {
        let shard = self.engine.state().projects.values().next().cloned();
        let Some(shard) = shard else { return };
        let attempt_id = dice
            .pick(&shard.attempts.keys().copied().collect::<Vec<_>>())
            .unwrap_or(fixed(99));
        let task_id = fixed(u8::try_from(dice.throw(4) + 1).expect("small"));
        let text = "More".to_owned();
        let command = match dice.throw(21) {
            20 => Command::StartNow { attempt_id },
            0..=2 => start(task_id, dice),
            3 | 4 => Command::FollowUp { attempt_id, text },
            18 => send_to(attempt_id, dice),
            19 => Command::MoveDraft {
                draft_id: dice
                    .pick(&shard.drafts.keys().copied().collect::<Vec<_>>())
                    .unwrap_or(fixed(99)),
                before: dice.pick(&shard.drafts.keys().copied().collect::<Vec<_>>()),
            },
            5 => Command::ResumeAttempt {
                attempt_id,
                text: None,
            },
            6 => Command::InterruptAttempt { attempt_id },
            7 => Command::StopAttempt { attempt_id },
            8 => answer_to(&shard, dice),
            9 => Command::CommitAttempt {
                attempt_id,
                message: None,
            },
            10 => Command::MergeAttempt {
                attempt_id,
                message: None,
                keep_worktree: dice.throw(2) == 1,
            },
            11 => Command::DropAttempt { attempt_id },
            12 => Command::DeleteTask { task_id },
            13 => restore_or_undo(&shard, dice),
            14 => Command::SetApproveMode {
                attempt_id,
                approve: ApproveMode::All,
            },
            15 => Command::CloneProject {
                url: "https://example.com/a/b".into(),
                folder: "/elsewhere/b".into(),
                name: None,
            },
            16 => Command::CancelClone {
                clone_id: self.clone_id(),
            },
            _ => Command::AddProject {
                path: "/elsewhere".into(),
                name: None,
                initial_commit: false,
            },
        };
        let actor = if dice.throw(6) == 5 {
            Actor::Agent { attempt_id }
        } else {
            Actor::Person
        };
        self.send(command, actor);
    }

    fn clone_id(&self) -> CommandId {
        let clones = &self.engine.state().clones;
        clones.keys().next().copied().unwrap_or(fixed(99))
    }

    /// A driver answers the work it was given, well or badly.
    fn answer(&mut self, dice: &mut Dice<'_>) {
        if self.pending.is_empty() {
            return;
        }
        let effect = self.pending.remove(dice.throw(self.pending.len()));
        let fails = dice.throw(4) == 3;
        match effect {
            Effect::Stop { execution_id, .. } => self.exited(execution_id, dice),
            effect => self.input(
                answer_of_start(&effect, fails)
                    .or_else(|| answer_of_look(&effect, fails))
                    .unwrap_or_else(|| answer_of_git(effect, fails)),
            ),
        }
    }

    /// Ends Anyon; drivers and timers do what is left for them to do.
    fn wind_down(&mut self, dice: &mut Dice<'_>) {
        self.send(Command::Shutdown, Actor::Person);
        for _ in 0..500 {
            if self.ended {
                return;
            }
            if self.pending.is_empty() {
                self.timer(dice)
            } else {
                self.answer(dice)
            }
        }
        panic!("Anyon does not end: {:?}", self.engine);
    }
}

/// The answers on the way to a running process.
fn answer_of_start(effect: &Effect, fails: bool) -> Option<Input> {
    Some(match effect {
        Effect::MeasureResources => Input::Resources {
            free_memory_mib: if fails { 1 } else { 9_000 },
            free_disk_mib: 90_000,
        },
        Effect::CreateWorktree { attempt_id, plan } => {
            let made = WorktreeMade {
                path: plan.path.clone(),
                base_commit: COMMIT.into(),
            };
            Input::WorktreeCreated {
                attempt_id: *attempt_id,
                result: ok_unless(fails, made),
            }
        }
        Effect::Spawn(request) => {
            let process = ProcessRecord {
                supervisor_pid: 1,
                pid: 2,
                start_time: 3,
                boot_id: String::new(),
            };
            let failure = LaunchFailure {
                kind: FailureKind::Spawn,
                message: "No".into(),
            };
            let result = if fails { Err(failure) } else { Ok(process) };
            Input::Spawned {
                execution_id: request.execution_id,
                result,
            }
        }
        _ => return None,
    })
}

/// The answers to clones and to looks at conflicts.
fn answer_of_look(effect: &Effect, fails: bool) -> Option<Input> {
    Some(match effect {
        Effect::CloneRepository {
            command_id, folder, ..
        } => {
            let found = RepositoryInfo {
                path: folder.clone(),
                head_branch: None,
                git_reads: GitReads::Library,
            };
            Input::RepositoryCloned {
                command_id: *command_id,
                result: ok_unless(fails, found),
            }
        }
        Effect::PredictConflicts { attempt_id, .. } => Input::ConflictsPredicted {
            attempt_id: *attempt_id,
            result: ok_unless(fails, vec!["a.rs".into()]),
        },
        _ => return None,
    })
}

/// The answers to work on repositories.
fn answer_of_git(effect: Effect, fails: bool) -> Input {
    match effect {
        Effect::InspectRepository { command_id, .. } => {
            let found = RepositoryInfo {
                path: "/elsewhere".into(),
                head_branch: None,
                git_reads: GitReads::Library,
            };
            Input::RepositoryInspected {
                command_id,
                result: ok_unless(fails, found),
            }
        }
        Effect::CommitWork {
            command_id,
            attempt_id,
            ..
        } => Input::WorkCommitted {
            command_id,
            attempt_id,
            result: ok_unless(fails, work()),
        },
        Effect::Land {
            command_id,
            attempt_id,
            ..
        } => {
            let report = LandReport {
                work: work(),
                commit: COMMIT.into(),
                moved: main_moved(),
                followed: None,
            };
            Input::Landed {
                command_id,
                attempt_id,
                result: ok_unless(fails, report),
            }
        }
        Effect::UndoMerge {
            command_id,
            attempt_id,
            ..
        } => Input::MergeUndone {
            command_id,
            attempt_id,
            result: ok_unless(fails, main_moved()),
        },
        Effect::RemoveWorktree {
            attempt_id, place, ..
        } => {
            let made = snapshot(place.next_snapshot, SnapshotReason::Drop);
            let report = RemoveReport { snapshot: Some(made) };
            Input::WorktreeRemoved {
                attempt_id,
                result: ok_unless(fails, report),
            }
        }
        Effect::Restore {
            command_id,
            attempt_id,
            snapshot_id,
            ..
        } => Input::Restored {
            command_id,
            attempt_id,
            snapshot_id,
            result: ok_unless(fails, None),
        },
        other => panic!("nobody does {other:?}"),
    }
}

fn start(task_id: TaskId, dice: &mut Dice<'_>) -> Command {
    let executor = dice
        .pick(&["CLAUDE_CODE", "CLAUDE_CODE:PLAN", "AMP", "NOBODY"])
        .unwrap_or("AMP");
    let approve = dice
        .pick(&[ApproveMode::Ask, ApproveMode::Edits, ApproveMode::All])
        .unwrap_or_default();
    Command::StartAttempt {
        task_id,
        profile: executor.parse().expect("a profile"),
        base: None,
        target: None,
        approve,
    }
}

fn send_to(attempt_id: AttemptId, dice: &mut Dice<'_>) -> Command {
    let profiles = ["CLAUDE_CODE", "CLAUDE_CODE:PLAN", "AMP", "AMP:TERSE"];
    let profile = dice
        .pick(&profiles)
        .map(|profile| profile.parse().expect("a profile"));
    let model = dice.pick(&["", "opus", "haiku"]).map(str::to_owned);
    Command::SendTo {
        attempt_id,
        to: Recipient { profile, model },
        text: "Other".into(),
    }
}

fn answer_to(shard: &ProjectShard, dice: &mut Dice<'_>) -> Command {
    let approvals: Vec<_> = shard.approvals.keys().copied().collect();
    let scopes = [ApprovalScope::Once, ApprovalScope::Session, ApprovalScope::Always];
    let scope = dice.pick(&scopes).unwrap_or_default();
    let answer = match dice.throw(3) {
        0 => ApprovalAnswer::Denied { reason: None },
        1 => ApprovalAnswer::Answered {
            answers: BTreeMap::from([("Which?".into(), "a".into())]),
        },
        _ => ApprovalAnswer::Approved { scope },
    };
    let approval_id = dice.pick(&approvals).unwrap_or(fixed(99));
    Command::AnswerApproval { approval_id, answer }
}

fn restore_or_undo(shard: &ProjectShard, dice: &mut Dice<'_>) -> Command {
    let snapshots: Vec<_> = shard.snapshots.keys().copied().collect();
    let merges: Vec<_> = shard.merges.keys().copied().collect();
    match dice.throw(2) {
        0 => Command::RestoreSnapshot {
            snapshot_id: dice.pick(&snapshots).unwrap_or(fixed(99)),
        },
        _ => Command::UndoMerge {
            merge_id: dice.pick(&merges).unwrap_or(fixed(99)),
        },
    }
}

fn ok_unless<T>(fails: bool, value: T) -> Result<T, Problem> {
    if fails {
        Err(Problem::new(ProblemCode::Git, "It did not work"))
    } else {
        Ok(value)
    }
}

fn work() -> WorkCommit {
    WorkCommit {
        snapshot: None,
        commit: Some(COMMIT.into()),
        moved: None,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_happens_every_command_is_answered_once(throws in prop::collection::vec(any::<u16>(), 0..700)) {
        let mut dice = Dice(throws.iter());
        let mut outside = Outside::new();
        while dice.0.len() > 0 && outside.sent.len() < 200 {
            outside.act(&mut dice);
        }
        outside.wind_down(&mut dice);
        for command_id in &outside.sent {
            prop_assert_eq!(outside.replies.get(command_id), Some(&1), "{}", command_id);
        }
        let unfinished = |shard: &Arc<ProjectShard>| {
            shard.executions.values().any(|execution| !execution.state.is_final()) || !shard.approvals.values().all(|approval| approval.state != ApprovalState::Pending)
        };
        prop_assert!(!outside.engine.state().projects.values().any(unfinished));
        let mut again = Engine::new(world().entities(), agents());
        for stamped in outside.inputs {
            again.handle(stamped);
        }
        prop_assert_eq!(again.state(), outside.engine.state());
    }
}
