//! Worlds: what the store holds when a test begins.

use anyon_model::*;
use std::sync::Arc;

/// A commit, in hexadecimal.
pub const COMMIT: &str = "1111111111111111111111111111111111111111";

/// The id that a test knows as this number.
pub fn fixed<I: From<uuid::Uuid>>(number: u8) -> I {
    I::from(uuid::Uuid::from_bytes([
        0, 0, 0, 0, 0, 0, 0x70, 0, 0x80, 0, 0, 0, 0, 0, 0, number,
    ]))
}

/// One project with tasks, attempts and executions, each known by the number it was made with.
#[derive(Debug, Clone)]
pub struct World {
    project: Project,
    entities: Vec<Entity>,
    at: Timestamp,
}

impl Default for World {
    fn default() -> Self {
        Self::new()
    }
}

impl World {
    /// The project `any-on` at `/repo` with branch `main`, and nothing in it.
    pub fn new() -> Self {
        let at = Timestamp::from_ms(1_767_000_000_000);
        let project = Project {
            id: fixed(1),
            name: "any-on".into(),
            repo_path: "/repo".into(),
            short_prefix: "ANY".into(),
            next_task_number: 1,
            default_target: Some("main".into()),
            setup_script: String::new(),
            cleanup_script: String::new(),
            dev_script: String::new(),
            copy_files: Vec::new(),
            git_reads: GitReads::Library,
            trusted: None,
            created_at: at,
            updated_at: at,
        };
        Self {
            project,
            entities: Vec::new(),
            at,
        }
    }

    /// Changes the project.
    pub fn project(mut self, change: impl FnOnce(&mut Project)) -> Self {
        change(&mut self.project);
        self
    }

    /// The next task, in the first column.
    pub fn task(self, title: &str, description: &str) -> Self {
        self.task_with(title, |task| task.description = description.into())
    }

    /// The next task, changed.
    pub fn task_with(mut self, title: &str, change: impl FnOnce(&mut Task)) -> Self {
        let number = self.project.next_task_number;
        self.project.next_task_number += 1;
        let mut task = Task {
            id: fixed(u8::try_from(number).unwrap_or(u8::MAX)),
            project_id: self.project.id,
            number,
            title: title.into(),
            description: String::new(),
            status: TaskStatus::Todo,
            priority: Priority::None,
            order: BoardOrder(f64::from(number)),
            labels: Vec::new(),
            parent_attempt: None,
            depends_on: Vec::new(),
            images: Vec::new(),
            unread: false,
            created_at: self.at,
            updated_at: self.at,
        };
        change(&mut task);
        self.entities.push(Entity::Task(Arc::new(task)));
        self
    }

    /// An attempt at a task with its session, its worktree ready.
    pub fn attempt(mut self, number: u8, task: u8, change: impl FnOnce(&mut Attempt)) -> Self {
        let mut attempt = Attempt {
            id: fixed(number),
            project_id: self.project.id,
            task_id: fixed(task),
            number: 1,
            branch: format!("anyon/000{number}-work"),
            base: "main".into(),
            base_commit: COMMIT.into(),
            target: "main".into(),
            worktree: Worktree {
                path: FilePath::from(format!("/data/worktrees/any/000{number}-work").as_str()),
                state: WorktreeState::Ready,
                keep: false,
            },
            approve: ApproveMode::Edits,
            dropped: false,
            created_at: self.at,
            updated_at: self.at,
        };
        change(&mut attempt);
        let session = Session {
            id: fixed(number),
            project_id: self.project.id,
            attempt_id: attempt.id,
            profile: ExecutorProfileId::new("CLAUDE_CODE"),
            model: None,
            agent_session: Some(format!("conversation-{number}")),
            resume_point: None,
            created_at: self.at,
        };
        self.entities.push(Entity::Attempt(Arc::new(attempt)));
        self.entities.push(Entity::Session(Arc::new(session)));
        self
    }

    /// An execution of an attempt's agent.
    pub fn execution(mut self, number: u8, attempt: u8, state: ExecutionState) -> Self {
        let execution = Execution {
            id: fixed(number),
            project_id: self.project.id,
            attempt_id: fixed(attempt),
            session_id: Some(fixed(attempt)),
            number: u32::from(number),
            run_reason: RunReason::CodingAgent,
            prompt: "Do it".into(),
            process: None,
            log: LogLengths::default(),
            head_before: Some(COMMIT.into()),
            head_after: None,
            usage: TokenUsage::default(),
            model: None,
            dropped: false,
            turn_stopped: false,
            created_at: self.at,
            started_at: Some(self.at),
            ended_at: state.is_final().then_some(self.at),
            state,
        };
        self.entities.push(Entity::Execution(Arc::new(execution)));
        self
    }

    /// Anything else.
    pub fn with(mut self, entity: Entity) -> Self {
        self.entities.push(entity);
        self
    }

    /// Everything, as the store gives it.
    pub fn entities(&self) -> Vec<Entity> {
        let mut entities = self.entities.clone();
        entities.push(Entity::Project(Arc::new(self.project.clone())));
        entities
    }

    /// The state with everything in it.
    pub fn state(&self) -> State {
        let mut state = State::default();
        state.apply(&[Change::Put(Entity::Project(Arc::new(self.project.clone())))]);
        let others: Vec<Change> = self.entities.iter().cloned().map(Change::Put).collect();
        state.apply(&others);
        state
    }
}
