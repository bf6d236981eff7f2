//! A host clones a repository of this computer, tells how far it is, and breaks it off.

#![allow(clippy::unwrap_used, reason = "a test stops where its story breaks")]

use anyon_model::{
    Actor, Client, Command, CommandId, CommandResult, Event, Outcome, ProblemCode, WaitingClient,
};
use anyon_runtime::{EnvironmentSource, Host, HostOptions, LocalClient};
use std::{
    fs,
    net::TcpListener,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

const LIMIT: Duration = Duration::from_secs(20);

struct Desk {
    host: Host,
    client: LocalClient,
    folder: tempfile::TempDir,
}

impl Desk {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let data_folder = folder.path().join("data");
        fs::create_dir_all(&data_folder).unwrap();
        let host = Host::start(HostOptions {
            data_folder,
            exe: PathBuf::from("/nonexistent/anyon"),
            environment: EnvironmentSource::Inherit,
            mcp_arguments: vec!["--mcp".into()],
        })
        .unwrap();
        let client = host.client(Actor::Person);
        Self { host, client, folder }
    }

    fn clone(&self, url: &str, folder: &Path) -> CommandId {
        self.client.send(Command::CloneProject {
            url: url.into(),
            folder: folder.into(),
            name: Some("Shop".into()),
        })
    }

    fn result(&self, sent: CommandId) -> CommandResult {
        let deadline = Instant::now() + LIMIT;
        while Instant::now() < deadline {
            for event in self.client.drain() {
                match event {
                    Event::CommandDone {
                        command_id, result, ..
                    } if command_id == sent => return result,
                    _ => {}
                }
            }
            self.client.wait(Duration::from_millis(50));
        }
        panic!("no answer");
    }
}

#[test]
fn a_clone_of_a_folder_becomes_a_project() {
    let desk = Desk::new();
    let source = desk.folder.path().join("source");
    anyon_git::init_with_commit(
        &source,
        &[("README.md", b"hello\n", false)],
        "Ada",
        "ada@example.com",
        "First",
    )
    .unwrap();
    let target = desk.folder.path().join("code/shop");
    let sent = desk.clone(&format!("file://{}", source.display()), &target);
    let Outcome::Project { project_id } = desk.result(sent).unwrap() else {
        panic!("a project")
    };
    let state = desk.client.state();
    assert_eq!(state.projects[&project_id].project.name, "Shop");
    assert!(target.join("README.md").exists());
    assert!(state.clones.is_empty());
    desk.host.shutdown();
}

#[test]
fn a_clone_that_waits_for_nobody_is_seen_and_broken_off() {
    let desk = Desk::new();
    let deaf = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/shop.git", deaf.local_addr().unwrap());
    let target = desk.folder.path().join("shop");
    let sent = desk.clone(&url, &target);
    let _connection = deaf.accept().unwrap();
    let state = desk.client.state();
    let seen = &state.clones[&sent];
    assert_eq!((seen.url.as_str(), seen.percent), (url.as_str(), 0));
    let cancel = desk.client.send(Command::CancelClone { clone_id: sent });
    assert_eq!(desk.result(cancel), Ok(Outcome::Done));
    assert_eq!(desk.result(sent).unwrap_err().code, ProblemCode::Cancelled);
    assert!(!target.exists());
    // The end of Anyon does not wait for the other side of the network either.
    desk.clone(&url, &target);
    let _connection = deaf.accept().unwrap();
    let began = Instant::now();
    desk.host.shutdown();
    assert!(began.elapsed() < Duration::from_secs(8), "{:?}", began.elapsed());
    assert!(!target.exists());
}
