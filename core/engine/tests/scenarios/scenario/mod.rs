//! Scenarios: a world, inputs in the domain's words, and a readable trace of what came of them.

mod trace;

use anyon_engine::{Engine, Step};
use anyon_model::*;
use anyon_testkit::{COMMIT, Clock, World, agents};
use std::{collections::BTreeMap, sync::Arc};
use trace::Names;

/// A running engine with what a test wants to look at afterwards.
pub struct Scenario {
    pub engine: Engine,
    pub clock: Clock,
    /// How each command was answered; more than one answer fails the test.
    pub replies: BTreeMap<CommandId, CommandResult>,
    pub effects: Vec<Effect>,
    timers: BTreeMap<TimerKey, Timestamp>,
    names: Names,
    trace: String,
    commands: u8,
}

impl Scenario {
    /// A started engine over a world.
    pub fn over(world: World) -> Self {
        let mut scenario = Self::unstarted(world);
        scenario.input(started());
        scenario.trace.clear();
        scenario
    }

    /// An engine over a world that has had no input.
    pub fn unstarted(world: World) -> Self {
        Self {
            engine: Engine::new(world.entities(), agents()),
            clock: Clock::default(),
            replies: BTreeMap::new(),
            effects: Vec::new(),
            timers: BTreeMap::new(),
            names: Names::default(),
            trace: String::new(),
            commands: 0,
        }
    }

    /// One project, one task.
    pub fn new() -> Self {
        Self::over(World::new().task("Fix login", "It says 500."))
    }

    /// One attempt whose agent is in its first turn.
    pub fn in_turn() -> Self {
        let mut scenario = Self::new();
        scenario.start("CLAUDE_CODE", ApproveMode::Edits);
        scenario.goes_to_turn();
        scenario.says([AgentEvent::TurnStarted]);
        scenario.trace.clear();
        scenario
    }

    /// One attempt whose agent has done its first turn.
    pub fn idle() -> Self {
        let mut scenario = Self::in_turn();
        scenario.says([AgentEvent::Session {
            agent_session: "conversation".into(),
        }]);
        scenario.turn_ends();
        scenario.trace.clear();
        scenario
    }

    /// Everything since the last look.
    pub fn seen(&mut self) -> String {
        std::mem::take(&mut self.trace)
    }

    /// Forgets what happened so far.
    pub fn later(&mut self) -> &mut Self {
        self.trace.clear();
        self
    }
}

/// Inputs.
impl Scenario {
    pub fn input(&mut self, input: Input) -> Step {
        let heading = self.names.input(&input, self.engine.state());
        let before = self.engine.state().clone();
        let stamped = self.clock.stamp(input);
        let step = self.engine.handle(stamped);
        self.trace.push_str(&format!("▸ {heading}\n"));
        let told = step.changes.iter().filter(|change| !is_clock(&before, change));
        for change in told {
            let line = self.names.change(change, self.engine.state());
            self.trace.push_str(&format!("  {line}\n"));
        }
        for effect in &step.effects {
            // Asked for at every rest; its own scenarios look at it.
            if !matches!(
                effect,
                Effect::PredictConflicts { .. } | Effect::WatchTargets { .. }
            ) {
                let line = self.names.effect(effect, self.engine.state());
                self.trace.push_str(&format!("  → {line}\n"));
            }
            self.note(effect);
        }
        step
    }

    /// What the engine knows of an execution for the moment.
    pub fn live(&self) -> Live {
        let live = self.state().live.get(&self.execution().id);
        live.map_or_else(Live::default, |live| Live::clone(live))
    }

    fn note(&mut self, effect: &Effect) {
        match effect {
            Effect::Reply { command_id, result } => {
                let earlier = self.replies.insert(*command_id, result.clone());
                assert!(earlier.is_none(), "{command_id} is answered twice");
            }
            Effect::SetTimer { key, at } => {
                self.timers.insert(*key, *at);
            }
            _ => {}
        }
        self.effects.push(effect.clone());
    }

    pub fn sends_as(&mut self, actor: Actor, command: Command) -> CommandId {
        self.commands += 1;
        let command_id = anyon_testkit::fixed(self.commands);
        self.input(Input::Command {
            command_id,
            actor,
            command,
        });
        command_id
    }

    pub fn sends(&mut self, command: Command) -> CommandId {
        self.sends_as(Actor::Person, command)
    }

    /// Sends a command that has to be refused at once.
    pub fn refused(&mut self, command: Command) -> Problem {
        self.refused_to(Actor::Person, command)
    }

    pub fn refused_to(&mut self, actor: Actor, command: Command) -> Problem {
        let command_id = self.sends_as(actor, command);
        self.problem(command_id)
    }

    pub fn start(&mut self, executor: &str, approve: ApproveMode) -> CommandId {
        self.start_with(executor.parse().expect("a profile"), approve)
    }

    pub fn start_with(&mut self, profile: ExecutorProfileId, approve: ApproveMode) -> CommandId {
        let task_id = self.task().id;
        self.sends(Command::StartAttempt {
            task_id,
            profile,
            base: None,
            target: None,
            approve,
        })
    }

    pub fn follow_up(&mut self, text: &str) -> CommandId {
        let attempt_id = self.attempt().id;
        self.sends(Command::FollowUp {
            attempt_id,
            text: text.into(),
        })
    }

    /// A prompt for an agent and variant, `CLAUDE_CODE:PLAN`, with a model, `opus`; empty ones stay as they are.
    pub fn send_to(&mut self, profile: &str, model: Option<&str>, text: &str) -> CommandId {
        let attempt_id = self.attempt().id;
        let named = (!profile.is_empty()).then(|| profile.parse().expect("a profile"));
        let to = Recipient {
            profile: named,
            model: model.map(str::to_owned),
        };
        let text = text.into();
        self.sends(Command::SendTo { attempt_id, to, text })
    }

    pub fn stop(&mut self) -> CommandId {
        let attempt_id = self.attempt().id;
        self.sends(Command::StopAttempt { attempt_id })
    }

    pub fn merge(&mut self) -> CommandId {
        let attempt_id = self.attempt().id;
        self.sends(Command::MergeAttempt {
            attempt_id,
            message: None,
            keep_worktree: false,
        })
    }

    pub fn drop_attempt(&mut self) -> CommandId {
        let attempt_id = self.attempt().id;
        self.sends(Command::DropAttempt { attempt_id })
    }

    pub fn answers(&mut self, answer: ApprovalAnswer) -> CommandId {
        let approval_id = self.pending().first().expect("a pending question").id;
        self.sends(Command::AnswerApproval { approval_id, answer })
    }

    pub fn resources(&mut self) {
        self.input(Input::Resources {
            free_memory_mib: 8_000,
            free_disk_mib: 90_000,
        });
    }

    pub fn worktree_created(&mut self) {
        let attempt_id = self.attempt().id;
        self.worktree_created_of(attempt_id);
    }

    pub fn worktree_created_of(&mut self, attempt_id: AttemptId) {
        let (_, attempt) = self.shard_of(attempt_id);
        let path = format!("/data/worktrees/{}", attempt.worktree.path);
        let made = WorktreeMade {
            path: FilePath::from(path.as_str()),
            base_commit: COMMIT.into(),
        };
        self.input(Input::WorktreeCreated {
            attempt_id,
            result: Ok(made),
        });
    }

    pub fn spawned(&mut self) {
        let execution_id = self.execution().id;
        self.spawned_as(execution_id);
    }

    pub fn spawned_as(&mut self, execution_id: ExecutionId) {
        let process = ProcessRecord {
            supervisor_pid: 100,
            pid: 101,
            start_time: 1,
            boot_id: "boot".into(),
        };
        self.input(Input::Spawned {
            execution_id,
            result: Ok(process),
        });
    }

    /// Resources, worktree, process.
    pub fn goes_to_turn(&mut self) {
        self.resources();
        self.worktree_created();
        self.spawned();
    }

    pub fn says(&mut self, events: impl IntoIterator<Item = AgentEvent>) {
        let execution_id = self.execution().id;
        self.input(Input::Agent {
            execution_id,
            events: events.into_iter().collect(),
        });
    }

    pub fn asks(&mut self, request: ApprovalRequest) {
        self.says([AgentEvent::Approval(request)]);
    }

    pub fn turn_ends(&mut self) {
        self.says([AgentEvent::TurnEnded(TurnOutcome::Completed)]);
    }

    pub fn turn_fails(&mut self, kind: FailureKind, message: &str) {
        let message = message.into();
        self.says([AgentEvent::TurnEnded(TurnOutcome::Failed { kind, message })]);
    }

    pub fn exits(&mut self, code: i32) {
        self.exits_with(ExitStatus::Code { code }, "", 0);
    }

    pub fn exits_with(&mut self, status: ExitStatus, stderr_tail: &str, left: u32) {
        let execution_id = self.execution().id;
        self.exited(execution_id, status, stderr_tail, left);
    }

    pub fn exited(&mut self, execution_id: ExecutionId, status: ExitStatus, stderr_tail: &str, left: u32) {
        let log = LogLengths {
            raw: 100,
            entries: 200,
            entry_count: 3,
        };
        let head = Some("2222222222222222222222222222222222222222".into());
        self.input(Input::Exited {
            execution_id,
            status,
            left,
            log,
            stderr_tail: stderr_tail.into(),
            head,
        });
    }

    /// The timer that is due next fires.
    pub fn waits(&mut self) {
        let (key, at) = self
            .timers
            .iter()
            .map(|(key, at)| (*key, *at))
            .min_by_key(|(_, at)| *at)
            .expect("a timer");
        self.timers.remove(&key);
        self.clock.advance_to(at);
        self.input(Input::TimerFired { key });
    }

    pub fn landed(&mut self, command_id: CommandId) {
        let attempt_id = self.attempt().id;
        let report = LandReport {
            work: WorkCommit {
                snapshot: Some(snapshot(1, SnapshotReason::Merge)),
                commit: None,
                moved: None,
            },
            commit: "3333333333333333333333333333333333333333".into(),
            moved: main_moved(),
            followed: None,
        };
        self.input(Input::Landed {
            command_id,
            attempt_id,
            result: Ok(report),
        });
    }

    pub fn worktree_removed(&mut self, number: u32) {
        let attempt_id = self.attempt().id;
        let snapshot = Some(snapshot(number, SnapshotReason::Drop));
        self.input(Input::WorktreeRemoved {
            attempt_id,
            result: Ok(RemoveReport { snapshot }),
        });
    }
}

/// Looking.
impl Scenario {
    pub fn state(&self) -> &State {
        self.engine.state()
    }
    pub fn shard(&self) -> &Arc<ProjectShard> {
        self.state().projects.values().next().expect("a project")
    }
    fn shard_of(&self, attempt_id: AttemptId) -> (&Arc<ProjectShard>, Arc<Attempt>) {
        let shard = self.state().shard_of_attempt(attempt_id).expect("a shard");
        (shard, shard.attempts[&attempt_id].clone())
    }
    /// The first task.
    pub fn task(&self) -> Arc<Task> {
        self.shard().tasks.values().next().expect("a task").clone()
    }
    /// The newest attempt.
    pub fn attempt(&self) -> Arc<Attempt> {
        self.shard()
            .attempts
            .values()
            .next_back()
            .expect("an attempt")
            .clone()
    }
    /// The newest execution.
    pub fn execution(&self) -> Arc<Execution> {
        self.shard()
            .executions
            .values()
            .next_back()
            .expect("an execution")
            .clone()
    }
    pub fn status(&self) -> AttemptStatus {
        self.shard().attempt_status(self.attempt().id).expect("a status")
    }
    pub fn pending(&self) -> Vec<Arc<Approval>> {
        let pending = self.shard().approvals.values();
        pending
            .filter(|approval| approval.state == ApprovalState::Pending)
            .cloned()
            .collect()
    }
    pub fn outcome(&self, command_id: CommandId) -> Outcome {
        self.replies
            .get(&command_id)
            .expect("an answer")
            .clone()
            .expect("a good answer")
    }
    pub fn problem(&self, command_id: CommandId) -> Problem {
        self.replies
            .get(&command_id)
            .expect("an answer")
            .clone()
            .expect_err("a problem")
    }
    pub fn is_answered(&self, command_id: CommandId) -> bool {
        self.replies.contains_key(&command_id)
    }
    /// The launches that were asked for, oldest first.
    pub fn launches(&self) -> Vec<AgentLaunch> {
        let launches = self.effects.iter().filter_map(|effect| match effect {
            Effect::Spawn(request) => Some(&request.launch),
            _ => None,
        });
        launches
            .filter_map(|launch| match launch {
                Launch::Agent(launch) => Some(AgentLaunch::clone(launch)),
                Launch::Script { .. } => None,
            })
            .collect()
    }
}

/// A start after which nothing was left.
/// Only the time of the turn is new, or was known: its own scenario looks at it.
fn is_clock(before: &State, change: &Change) -> bool {
    let Change::Live { execution_id, live } = change else {
        return false;
    };
    let apart = |live: Option<&Live>| Live {
        turn_since: None,
        ..live.cloned().unwrap_or_default()
    };
    let known = before.live.get(execution_id).map(AsRef::as_ref);
    let clock = |live: Option<&Live>| live.and_then(|live| live.turn_since);
    clock(known) != clock(live.as_deref()) && apart(known) == apart(live.as_deref())
}

pub fn started() -> Input {
    Input::Started {
        recovered: Vec::new(),
        unswept: Vec::new(),
    }
}

pub fn snapshot(number: u32, reason: SnapshotReason) -> SnapshotMade {
    SnapshotMade {
        number,
        commit: COMMIT.into(),
        head: COMMIT.into(),
        trash: None,
        reason,
    }
}

pub fn main_moved() -> RefMove {
    RefMove {
        name: "refs/heads/main".into(),
        before: Some(COMMIT.into()),
        after: Some("3333333333333333333333333333333333333333".into()),
    }
}

pub fn yes(scope: ApprovalScope) -> ApprovalAnswer {
    ApprovalAnswer::Approved { scope }
}
