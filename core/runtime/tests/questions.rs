//! A client's questions about text and about the computer, answered by a host on a real repository.

#![allow(clippy::unwrap_used, reason = "a test stops where its story breaks")]

use anyon_model::{
    Actor, AgentLogin, Answer, ApproveMode, AttemptId, Block, Client, Command, Event, ExecutorProfileId,
    Outcome, PageRange, ProblemCode, Query, QueryResult, SpanClass, WaitingClient, pieces,
};
use anyon_runtime::{EnvironmentSource, Host, HostOptions, LocalClient};
use std::{
    fs,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

const LIMIT: Duration = Duration::from_secs(20);

struct Desk {
    host: Option<Host>,
    client: LocalClient,
    folder: tempfile::TempDir,
}

impl Desk {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let data_folder = folder.path().join("data");
        fs::create_dir_all(&data_folder).unwrap();
        let exe = PathBuf::from("/nonexistent/anyon");
        let host = Host::start(HostOptions {
            data_folder,
            exe,
            environment: EnvironmentSource::Inherit,
            mcp_arguments: vec!["--mcp".into()],
        })
        .unwrap();
        let client = host.client(Actor::Person);
        Self {
            host: Some(host),
            client,
            folder,
        }
    }

    fn wait<T>(&self, mut found: impl FnMut(Event) -> Option<T>) -> T {
        let deadline = Instant::now() + LIMIT;
        while Instant::now() < deadline {
            if let Some(found) = self.client.drain().into_iter().find_map(&mut found) {
                return found;
            }
            self.client.wait(Duration::from_millis(100));
        }
        panic!("nothing came");
    }

    fn ask(&self, query: Query) -> QueryResult {
        let asked = self.client.query(query);
        self.wait(|event| match event {
            Event::Answered { query_id, result } if query_id == asked => Some(result),
            _ => None,
        })
    }

    fn send(&self, command: Command) -> Outcome {
        let sent = self.client.send(command);
        self.wait(|event| match event {
            Event::CommandDone {
                command_id, result, ..
            } if command_id == sent => Some(result.unwrap()),
            _ => None,
        })
    }

    /// An attempt whose agent cannot be started: its worktree is there all the same.
    fn attempt(&self) -> (AttemptId, PathBuf) {
        let path = self.repository();
        let project = self.send(Command::AddProject {
            path: path.as_path().into(),
            name: None,
            initial_commit: false,
        });
        let Outcome::Project { project_id } = project else {
            panic!("{project:?}")
        };
        let (title, description) = ("Change it".into(), String::new());
        let task = self.send(Command::CreateTask {
            project_id,
            title,
            description,
        });
        let Outcome::Task { task_id } = task else {
            panic!("{task:?}")
        };
        let attempt = self.send(Command::StartAttempt {
            task_id,
            profile: ExecutorProfileId {
                executor: "DEMO".into(),
                variant: None,
            },
            base: None,
            target: None,
            approve: ApproveMode::Ask,
        });
        let Outcome::Attempt { attempt_id } = attempt else {
            panic!("{attempt:?}")
        };
        (attempt_id, self.worktree(attempt_id))
    }

    fn worktree(&self, attempt_id: AttemptId) -> PathBuf {
        let deadline = Instant::now() + LIMIT;
        while Instant::now() < deadline {
            let place = self.client.state().attempt_place(attempt_id).unwrap();
            let worktree = self
                .folder
                .path()
                .join("data/worktrees")
                .join(place.worktree.as_path());
            if worktree.join("long.rs").exists() && !place.base_commit.is_empty() {
                return worktree;
            }
            self.client.wait(Duration::from_millis(50));
            self.client.drain();
        }
        panic!("no worktree");
    }

    fn repository(&self) -> PathBuf {
        let path = self.folder.path().join("repo");
        fs::create_dir_all(&path).unwrap();
        fs::write(path.join("long.rs"), long_file("one")).unwrap();
        for args in [
            &["init", "-q", "-b", "main"][..],
            &["config", "user.name", "Test"],
            &["config", "user.email", "test@example.org"],
            &["add", "."],
            &["commit", "-q", "-m", "First"],
        ] {
            git(&path, args);
        }
        path
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        if let Some(host) = self.host.take() {
            host.shutdown();
        }
    }
}

fn git(path: &Path, args: &[&str]) {
    let done = std::process::Command::new("git")
        .arg("-C")
        .arg(path)
        .args(args)
        .status()
        .unwrap();
    assert!(done.success(), "{args:?}");
}

/// A comment that begins far above a line of it.
fn long_file(word: &str) -> String {
    format!(
        "/*\n{}{word} changes\n{}*/\nlet value = 1;\n",
        "text\n".repeat(100),
        "text\n".repeat(20)
    )
}

#[test]
fn files_of_the_index_are_found_by_a_part_of_their_names() {
    let desk = Desk::new();
    let (attempt_id, worktree) = desk.attempt();
    fs::create_dir_all(worktree.join("src")).unwrap();
    fs::write(worktree.join("src/한글.rs"), "").unwrap();
    fs::write(worktree.join("src/untracked.rs"), "").unwrap();
    git(&worktree, &["add", "src/한글.rs"]);
    let found = |typed: &str, limit| {
        let query = Query::Files {
            attempt_id,
            typed: typed.into(),
            limit,
        };
        match desk.ask(query).unwrap() {
            Answer::Files(files) => files.to_vec(),
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(found("", 9), ["long.rs", "src/한글.rs"]);
    assert_eq!(found("한", 9), ["src/한글.rs"]);
    assert_eq!(found("lng", 9), ["long.rs"]);
    assert_eq!(found("rs", 1).len(), 1, "no more than are asked for");
}

#[test]
fn a_diff_knows_the_syntax_of_the_whole_file_and_follows_it() {
    let desk = Desk::new();
    let (attempt_id, worktree) = desk.attempt();
    fs::write(worktree.join("long.rs"), long_file("two")).unwrap();
    let spans = || {
        desk.ask(Query::DiffSpans {
            attempt_id,
            path: "long.rs".into(),
            whole: false,
        })
    };
    let Answer::DiffSpans(styled) = spans().unwrap() else {
        panic!()
    };
    let (hunk, colours) = (&styled.diff.hunks[0], &styled.hunks[0]);
    let changed = hunk
        .lines
        .iter()
        .position(|line| line.text == "two changes")
        .unwrap();
    assert_eq!(colours[changed].words, vec![0_u32..3]);
    assert_eq!(colours[changed].counterpart, Some(changed as u32 - 1));
    let comment = |at: usize| {
        pieces(&hunk.lines[at].text, &colours[at].spans).all(|(_, class)| class == SpanClass::Comment)
    };
    assert!((0..hunk.lines.len()).all(comment), "{styled:?}");

    fs::write(worktree.join("long.rs"), long_file("three")).unwrap();
    let Answer::DiffSpans(styled) = spans().unwrap() else {
        panic!()
    };
    assert!(
        styled.diff.hunks[0]
            .lines
            .iter()
            .any(|line| line.text == "three changes")
    );

    let lines = |path: &str| {
        let range = PageRange::From { first: 120, count: 9 };
        desk.ask(Query::FileLines {
            attempt_id,
            path: path.into(),
            range,
        })
    };
    let Answer::FileLines(page) = lines("long.rs").unwrap() else {
        panic!()
    };
    assert_eq!((page.first, page.total, page.lines.len()), (120, 124, 4));
    assert_eq!(page.lines[3].pieces().next(), Some(("let", SpanClass::Keyword)));
    assert_eq!(lines("gone.rs").unwrap_err().code, ProblemCode::NotFound);
    assert!(lines("../../../store.redb").is_err());

    // Everybody who asks at the same time is answered.
    let asked: Vec<_> = (0..20)
        .map(|_| {
            desk.client.query(Query::DiffSpans {
                attempt_id,
                path: "long.rs".into(),
                whole: false,
            })
        })
        .collect();
    let mut open = asked.len();
    desk.wait(|event| {
        if let Event::Answered { query_id, result } = event
            && asked.contains(&query_id)
        {
            assert!(result.is_ok());
            open -= 1;
        }
        (open == 0).then_some(())
    });
}

#[test]
fn markdown_becomes_blocks_and_the_same_text_is_read_once() {
    let desk = Desk::new();
    let ask = |text: &str| match desk.ask(Query::Markdown { text: text.into() }).unwrap() {
        Answer::Blocks(blocks) => blocks,
        other => panic!("{other:?}"),
    };
    let blocks = ask("# 제목\n\n```rust\nfn main() {}\n```\n");
    assert!(matches!(
        &blocks[..],
        [Block::Heading { level: 1, .. }, Block::Code { .. }]
    ));
    assert!(std::sync::Arc::ptr_eq(&ask("same *text*"), &ask("same *text*")));
}

#[test]
fn folders_repositories_and_agents_are_found() {
    let desk = Desk::new();
    let repository = desk.repository();
    let folder = desk.folder.path();
    let Answer::Directory(list) = desk
        .ask(Query::ListDirectory {
            path: Some(folder.into()),
            hidden: false,
        })
        .unwrap()
    else {
        panic!()
    };
    let told: Vec<_> = list
        .entries
        .iter()
        .map(|entry| (entry.name.as_str(), entry.is_repository))
        .collect();
    assert_eq!(told, [("data", false), ("repo", true)]);

    let Answer::Repositories(found) = desk
        .ask(Query::FindRepositories {
            roots: vec![folder.into()],
        })
        .unwrap()
    else {
        panic!()
    };
    assert_eq!(found.repositories[0].path.as_path(), repository);

    let Answer::Agents(agents) = desk.ask(Query::Agents { probe: false }).unwrap() else {
        panic!()
    };
    let demo = agents.iter().find(|agent| agent.agent_id == "DEMO").unwrap();
    assert!(demo.found && demo.login == AgentLogin::NotNeeded);
    assert_eq!(demo.variants[0], "DEFAULT");
    assert!(agents.iter().any(|agent| agent.agent_id == "CLAUDE_CODE"));
}
