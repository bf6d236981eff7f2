//! One or more of every entity, every field filled and every variant there, from a few ingredients.

mod runs;

use anyon_model::*;
use proptest::prelude::*;
use std::collections::BTreeMap;

/// What samples are made of.
#[derive(Debug, Clone)]
pub(crate) struct Ingredients {
    pub(crate) text: String,
    pub(crate) number: u32,
    pub(crate) size: u64,
    pub(crate) ms: i64,
    pub(crate) path: Vec<u8>,
    pub(crate) flag: bool,
    pub(crate) id: [u8; 16],
}

impl Ingredients {
    /// Always the same.
    pub(crate) fn fixed() -> Self {
        Self {
            text: "fix the login – 로그인".into(),
            number: 70_000,
            size: 5_000_000_000,
            ms: 1_763_800_000_123,
            path: b"/home/me/caf\xff".to_vec(),
            flag: true,
            id: *b"0123456789abcdef",
        }
    }
    /// Any.
    pub(crate) fn any() -> impl Strategy<Value = Self> {
        let path = prop::collection::vec(1u8.., 0..40);
        (
            ".{0,60}",
            any::<u32>(),
            any::<u64>(),
            any::<i64>(),
            path,
            any::<bool>(),
            any::<[u8; 16]>(),
        )
            .prop_map(|(text, number, size, ms, path, flag, id)| Self {
                text,
                number,
                size,
                ms,
                path,
                flag,
                id,
            })
    }

    fn id<I: From<uuid::Uuid>>(&self, n: u8) -> I {
        let mut bytes = self.id;
        bytes[15] ^= n;
        I::from(uuid::Uuid::from_bytes(bytes))
    }
    fn text(&self, word: &str) -> String {
        format!("{word} {}", self.text)
    }
    fn at(&self, n: i64) -> Timestamp {
        Timestamp::from_ms(self.ms).plus_ms(n)
    }
    fn path(&self) -> FilePath {
        FilePath::from_bytes(self.path.clone())
    }
    fn image(&self) -> Image {
        Image {
            hash: self.text("hash"),
            label: self.text("label"),
            media_type: "image/png".into(),
            source: Some(self.path()),
        }
    }
    fn profile(&self) -> ExecutorProfileId {
        ExecutorProfileId {
            executor: "CLAUDE_CODE".into(),
            variant: Some(self.text("PLAN")),
        }
    }
}

/// All samples, each with a name of its own.
pub(crate) fn samples(of: &Ingredients) -> Vec<(String, Entity)> {
    let mut samples = Samples::default();
    plain(of, &mut samples);
    tasks(of, &mut samples);
    attempts(of, &mut samples);
    runs::executions(of, &mut samples);
    runs::approvals(of, &mut samples);
    samples.0
}

#[derive(Default)]
struct Samples(Vec<(String, Entity)>);
impl Samples {
    fn add<T>(&mut self, name: &str, entity: T)
    where
        Change: From<T>,
    {
        if let Change::Put(entity) = Change::from(entity) {
            self.0.push((name.to_string(), entity));
        }
    }
    fn add_all<V, T>(&mut self, name: &str, variants: impl IntoIterator<Item = V>, make: impl Fn(V) -> T)
    where
        Change: From<T>,
    {
        for (n, variant) in variants.into_iter().enumerate() {
            self.add(&format!("{name}-{n:02}"), make(variant));
        }
    }
}

fn plain(of: &Ingredients, samples: &mut Samples) {
    samples.add_all("project", [GitReads::Library, GitReads::Command], |git_reads| {
        project(of, git_reads)
    });
    samples.add(
        "label",
        Label {
            id: of.id(1),
            project_id: of.id(2),
            name: of.text("bug"),
            color: "#c0ffee".into(),
        },
    );
    samples.add(
        "template",
        Template {
            id: of.id(1),
            name: of.text("review"),
            text: of.text("look"),
            updated_at: of.at(0),
        },
    );
    samples.add(
        "rule",
        Rule {
            id: of.id(1),
            project_id: Some(of.id(2)),
            executor: Some(of.text("CODEX")),
            kind: Some(ToolKind::Command),
            pattern: Some(of.text("npm test")),
            allow: of.flag,
            created_at: of.at(0),
        },
    );
    samples.add(
        "profile",
        Profile {
            id: of.profile(),
            config: config(of),
            updated_at: of.at(0),
        },
    );
    samples.add("settings", settings(of));
    let actors = [
        Actor::Person,
        Actor::Agent { attempt_id: of.id(3) },
        Actor::Mcp {
            client: of.text("client"),
        },
        Actor::System,
    ];
    samples.add_all("history", actors, |actor| history(of, actor));
}

fn project(of: &Ingredients, git_reads: GitReads) -> Project {
    Project {
        id: of.id(1),
        name: of.text("name"),
        repo_path: of.path(),
        short_prefix: "ANY".into(),
        next_task_number: of.number,
        default_target: Some(of.text("main")),
        setup_script: of.text("npm ci"),
        cleanup_script: of.text("npm run lint"),
        dev_script: of.text("npm start"),
        copy_files: vec![".env".into(), of.text("*.local")],
        git_reads,
        trusted: Some(of.text("hash")),
        created_at: of.at(0),
        updated_at: of.at(1),
    }
}

fn config(of: &Ingredients) -> ProfileConfig {
    ProfileConfig {
        program: Some(of.text("/bin/agent")),
        extra_args: vec![of.text("--arg"), String::new()],
        env: BTreeMap::from([("A".into(), of.text("1")), ("B".into(), String::new())]),
        pass_env: vec!["GH_TOKEN".into()],
        model: Some(of.text("model")),
        effort: Some("high".into()),
        plan: of.flag,
        append_prompt: Some(of.text("please")),
    }
}

fn settings(of: &Ingredients) -> Settings {
    Settings {
        max_running: of.number,
        memory_floor_mib: of.size,
        disk_floor_mib: 1,
        idle_limit_minutes: 2,
        branch_prefix: of.text("prefix"),
        default_profile: Some(of.profile()),
        language: Some("ko".into()),
        theme: Some("dark".into()),
        trash_cap_mib: 3,
        trash_days: 4,
        agent_depth: 5,
        agent_starts: 6,
        confirm_mcp: of.flag,
        mcp_in_attempts: !of.flag,
    }
}

fn history(of: &Ingredients, actor: Actor) -> HistoryEntry {
    HistoryEntry {
        id: of.id(1),
        project_id: of.id(2),
        task_id: Some(of.id(3)),
        attempt_id: None,
        actor,
        what: of.text("merge"),
        refs: vec![RefMove {
            name: "refs/heads/main".into(),
            before: None,
            after: Some(of.text("abc")),
        }],
        at: of.at(0),
    }
}

fn tasks(of: &Ingredients, samples: &mut Samples) {
    samples.add_all("task-status", TaskStatus::ALL, |status| {
        task(of, status, Priority::None)
    });
    let priorities = [
        Priority::None,
        Priority::Low,
        Priority::Medium,
        Priority::High,
        Priority::Urgent,
    ];
    samples.add_all("task-priority", priorities, |priority| {
        task(of, TaskStatus::Todo, priority)
    });
}

fn task(of: &Ingredients, status: TaskStatus, priority: Priority) -> Task {
    Task {
        id: of.id(1),
        project_id: of.id(2),
        number: of.number,
        title: of.text("title"),
        description: of.text("description"),
        status,
        priority,
        order: BoardOrder(of.size as f64 / 3.0),
        labels: vec![of.id(3), of.id(4)],
        parent_attempt: Some(of.id(5)),
        depends_on: vec![of.id(6)],
        images: vec![of.image()],
        unread: of.flag,
        created_at: of.at(0),
        updated_at: of.at(1),
    }
}

fn attempts(of: &Ingredients, samples: &mut Samples) {
    let states = [
        WorktreeState::Planned,
        WorktreeState::Creating,
        WorktreeState::Ready,
        WorktreeState::Removed,
    ];
    samples.add_all("attempt-worktree", states, |state| {
        attempt(of, state, ApproveMode::Edits)
    });
    let modes = [ApproveMode::Ask, ApproveMode::Edits, ApproveMode::All];
    samples.add_all("attempt-approve", modes, |mode| {
        attempt(of, WorktreeState::Ready, mode)
    });
    samples.add("session", session(of));
    let kinds = [
        DraftKind::FollowUp,
        DraftKind::Retry {
            execution_id: of.id(4),
        },
    ];
    samples.add_all("draft", kinds, |kind| draft(of, kind));
    samples.add_all("merge", merge_kinds(of), |kind| Merge {
        id: of.id(1),
        project_id: of.id(2),
        attempt_id: of.id(3),
        target: of.text("main"),
        kind,
        created_at: of.at(0),
    });
    let reasons = [
        SnapshotReason::Commit,
        SnapshotReason::Merge,
        SnapshotReason::Drop,
        SnapshotReason::Cleanup,
        SnapshotReason::Restore,
    ];
    samples.add_all("snapshot", reasons, |reason| snapshot(of, reason));
    samples.add_all("comment", [DiffSide::Old, DiffSide::New], |side| {
        comment(of, side)
    });
}

fn attempt(of: &Ingredients, state: WorktreeState, approve: ApproveMode) -> Attempt {
    Attempt {
        id: of.id(1),
        project_id: of.id(2),
        task_id: of.id(3),
        number: of.number,
        branch: of.text("branch"),
        base: of.text("base"),
        base_commit: of.text("abc"),
        target: of.text("target"),
        worktree: Worktree {
            path: of.path(),
            state,
            keep: of.flag,
        },
        approve,
        dropped: !of.flag,
        created_at: of.at(0),
        updated_at: of.at(1),
    }
}

fn session(of: &Ingredients) -> Session {
    Session {
        id: of.id(1),
        project_id: of.id(2),
        attempt_id: of.id(3),
        profile: of.profile(),
        model: Some(of.text("model")),
        agent_session: Some(of.text("session")),
        resume_point: Some(of.text("message")),
        created_at: of.at(0),
    }
}

fn draft(of: &Ingredients, kind: DraftKind) -> Draft {
    Draft {
        id: of.id(1),
        project_id: of.id(2),
        attempt_id: of.id(3),
        kind,
        to: Recipient {
            profile: Some(of.profile()),
            model: Some(of.text("model")),
        },
        text: of.text("go on"),
        images: vec![of.image(), of.image()],
        queued: of.flag,
        order: of.number,
        created_at: of.at(0),
        updated_at: of.at(1),
    }
}

fn merge_kinds(of: &Ingredients) -> Vec<MergeKind> {
    let pull_request = |status| MergeKind::PullRequest {
        number: of.size,
        url: of.text("https://example.org/1"),
        status,
    };
    vec![
        MergeKind::Direct {
            commit: of.text("abc"),
            before: of.text("def"),
        },
        pull_request(PullRequestStatus::Open),
        pull_request(PullRequestStatus::Merged),
        pull_request(PullRequestStatus::Closed),
    ]
}

fn snapshot(of: &Ingredients, reason: SnapshotReason) -> Snapshot {
    Snapshot {
        id: of.id(1),
        project_id: of.id(2),
        attempt_id: of.id(3),
        number: of.number,
        commit: of.text("abc"),
        head: of.text("def"),
        trash: Some(of.path()),
        reason,
        created_at: of.at(0),
    }
}

fn comment(of: &Ingredients, side: DiffSide) -> ReviewComment {
    ReviewComment {
        id: of.id(1),
        project_id: of.id(2),
        attempt_id: of.id(3),
        path: of.path(),
        lines: (of.number, of.number.saturating_add(3)),
        side,
        text: of.text("why"),
        sent_at: Some(of.at(5)),
        created_at: of.at(0),
    }
}
