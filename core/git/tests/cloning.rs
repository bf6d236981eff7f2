//! Cloning: from a folder, over a socket of this computer, and every way it can fail. No test leaves this computer.

#![allow(clippy::unwrap_used, reason = "a test stops where its story breaks")]
#![cfg(unix)]

mod support;

use anyon_git::{CancelToken, CloneFault, GitError};
use anyon_model::{FilePath, GitReads, Problem, ProblemCode, RemoteUrl, RepositoryInfo};
use std::{
    fs,
    io::{BufRead, BufReader, Write},
    net::{TcpListener, TcpStream},
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};
use support::World;

fn clone(world: &World, url: &str, folder: &Path) -> Result<RepositoryInfo, GitError> {
    clone_until(world, url, folder, &CancelToken::default())
}

fn clone_until(
    world: &World,
    url: &str,
    folder: &Path,
    cancel: &CancelToken,
) -> Result<RepositoryInfo, GitError> {
    let url = RemoteUrl::parse(url).unwrap();
    world.git.clone_repository(&url, folder, cancel, &mut |_| {})
}

fn file_url(world: &World) -> String {
    format!("file://{}", world.repo.display())
}

fn fault(result: Result<RepositoryInfo, GitError>) -> CloneFault {
    match result.unwrap_err() {
        GitError::Clone { fault, .. } => fault,
        other => panic!("{other:?}"),
    }
}

fn script(path: &Path, text: &str) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, format!("#!/bin/sh\n{text}\n")).unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
}

#[test]
fn a_clone_is_a_project_and_tells_how_far_it_is() {
    let world = World::new();
    for (number, url) in [file_url(&world), world.repo.display().to_string()]
        .iter()
        .enumerate()
    {
        let folder = world.root().join(format!("code/shop-{number}"));
        let mut told = Vec::new();
        let url = RemoteUrl::parse(url).unwrap();
        let progress = &mut |percent| told.push(percent);
        let cancel = CancelToken::default();
        let found = world
            .git
            .clone_repository(&url, &folder, &cancel, progress)
            .unwrap();
        assert_eq!(found.path, FilePath::from(folder.as_path()));
        assert_eq!(found.head_branch.as_deref(), Some("main"));
        assert_eq!(found.git_reads, GitReads::Library);
        assert_eq!(fs::read_to_string(folder.join("README.md")).unwrap(), "hello\n");
        assert!(told.iter().all(|percent| *percent <= 100));
        assert!(number > 0 || !told.is_empty(), "what is sent is counted");
    }
}

#[test]
fn an_empty_folder_is_taken_and_a_full_one_is_not() {
    let world = World::new();
    let folder = world.root().join("there");
    fs::create_dir(&folder).unwrap();
    clone(&world, &file_url(&world), &folder).unwrap();
    let again = clone(&world, &file_url(&world), &folder).unwrap_err();
    assert!(matches!(again, GitError::FolderNotEmpty { .. }));
    let problem = Problem::from(again);
    assert_eq!(problem.code, ProblemCode::AlreadyExists);
    assert!(problem.hint.contains("empty"), "{problem}");
    let file = world.root().join("file");
    fs::write(&file, "mine").unwrap();
    let refused = clone(&world, &file_url(&world), &file).unwrap_err();
    assert!(matches!(refused, GitError::PathExists { .. }));
    assert_eq!(fs::read_to_string(&file).unwrap(), "mine");
}

#[test]
fn what_is_not_there_says_so_and_leaves_nothing() {
    let world = World::new();
    let folder = world.root().join("code/none");
    let url = format!("file://{}/none", world.root().display());
    let error = clone(&world, &url, &folder).unwrap_err();
    let problem = Problem::from(error);
    assert_eq!(problem.code, ProblemCode::NotFound);
    assert!(
        problem.title.contains(&url) && !problem.hint.is_empty(),
        "{problem}"
    );
    assert!(!folder.exists());
}

#[test]
fn a_repository_without_commits_is_cloned_and_says_what_it_lacks() {
    let world = World::empty();
    world.sh("git init -q -b main .");
    let folder = world.root().join("clone");
    let error = clone(&world, &file_url(&world), &folder).unwrap_err();
    assert_eq!(Problem::from(error).code, ProblemCode::NoCommits);
    assert!(folder.join(".git").is_dir(), "it can be given its first commit");
}

#[test]
fn nothing_that_the_clone_names_is_run() {
    let world = World::new();
    let log = world.root().join("executed.log");
    let evil = world.root().join("evil");
    script(&evil, &format!("echo \"$0 $*\" >>'{}'; cat", log.display()));
    // The person has such a filter and such hooks; a clone decides neither that they run nor on what.
    let template = world.home.join("template");
    for hook in ["post-checkout", "reference-transaction", "post-index-change"] {
        script(
            &template.join("hooks").join(hook),
            &format!("exec '{}'", evil.display()),
        );
    }
    world.sh(&format!(
        "git config --global filter.evil.smudge '{0}' && git config --global filter.evil.process '{0}' &&
         git config --global filter.evil.required true && git config --global init.templateDir '{1}' &&
         git config --global core.fsmonitor '{0}' && git config --global core.askPass '{0}'",
        evil.display(),
        template.display()
    ));
    world.write(".gitattributes", "* filter=evil\n");
    world.sh("git -c core.fsmonitor= -c filter.evil.smudge= -c filter.evil.process= -c filter.evil.required=false -c core.hooksPath=/nonexistent add -A");
    world.sh("git -c core.fsmonitor= -c filter.evil.process= -c filter.evil.required=false -c core.hooksPath=/nonexistent commit -qm filters");
    let _ = fs::remove_file(&log);
    let folder = world.root().join("clone");
    clone(&world, &file_url(&world), &folder).unwrap();
    assert_eq!(fs::read_to_string(folder.join("README.md")).unwrap(), "hello\n");
    assert_eq!(fs::read_to_string(&log).unwrap_or_default(), "");
}

#[test]
fn a_clone_that_is_broken_off_ends_at_once_and_leaves_nothing() {
    let world = World::new();
    let folder = world.root().join("clone");
    let deaf = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/shop.git", deaf.local_addr().unwrap());
    let cancel = CancelToken::default();
    let began = Instant::now();
    std::thread::scope(|scope| {
        let work = scope.spawn(|| clone_until(&world, &url, &folder, &cancel));
        // It waits for an answer that never comes.
        let _connection = deaf.accept().unwrap();
        cancel.cancel();
        assert!(matches!(work.join().unwrap(), Err(GitError::Cancelled)));
    });
    assert!(began.elapsed() < Duration::from_secs(10));
    assert!(!folder.exists());
}

/// Serves a repository's files, as the plain protocol wants them.
struct Server {
    address: String,
}

impl Server {
    /// `login`: the base64 of `name:password` that is asked for.
    fn start(root: PathBuf, login: Option<&'static str>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let root = root.clone();
                std::thread::spawn(move || serve(&stream, &root, login));
            }
        });
        Self { address }
    }
    fn url(&self) -> String {
        format!("http://{}/shop.git", self.address)
    }
}

fn serve(mut stream: &TcpStream, root: &Path, login: Option<&str>) -> Option<()> {
    let mut lines = BufReader::new(stream).lines();
    let request = lines.next()?.ok()?;
    let mut allowed = login.is_none();
    for line in lines.map_while(Result::ok).take_while(|line| !line.is_empty()) {
        allowed |= line.to_lowercase().starts_with("authorization: basic") && line.ends_with(login?);
    }
    let path = request.split(' ').nth(1)?.split('?').next()?;
    let path = path.strip_prefix("/shop.git/")?;
    let (status, body) = match fs::read(root.join(".git").join(path)) {
        _ if !allowed => (
            "401 Unauthorized\r\nWWW-Authenticate: Basic realm=shop",
            Vec::new(),
        ),
        Ok(body) => ("200 OK", body),
        Err(_) => ("404 Not Found", Vec::new()),
    };
    write!(
        stream,
        "HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    )
    .ok()?;
    stream.write_all(&body).ok()
}

#[test]
fn a_server_is_cloned_from_with_what_the_persons_credential_helper_knows() {
    let world = World::new();
    world.sh("git update-server-info");
    let open = Server::start(world.repo.clone(), None);
    clone(&world, &open.url(), &world.root().join("open")).unwrap();
    // `ada:hunter2`.
    let closed = Server::start(world.repo.clone(), Some("YWRhOmh1bnRlcjI="));
    let folder = world.root().join("closed");
    let began = Instant::now();
    let refused = clone(&world, &closed.url(), &folder).unwrap_err();
    assert!(
        began.elapsed() < Duration::from_secs(10),
        "nobody waits for an answer"
    );
    let problem = Problem::from(refused);
    assert!(problem.title.contains("needs a login"), "{problem}");
    assert!(problem.hint.contains("git ls-remote"), "{problem}");
    assert!(!folder.exists());
    let helper = world.root().join("helper");
    script(&helper, "echo username=ada; echo password=hunter2");
    world.sh(&format!(
        "git config --global credential.helper '{}'",
        helper.display()
    ));
    clone(&world, &closed.url(), &folder).unwrap();
    let config = fs::read_to_string(folder.join(".git/config")).unwrap();
    assert!(!config.contains("hunter2"), "{config}");
}

#[test]
fn a_network_that_is_not_there_is_told_apart_from_a_login() {
    let world = World::new();
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let folder = world.root().join("clone");
    let refused = clone(&world, &format!("http://{port}/shop.git"), &folder);
    assert_eq!(fault(refused), CloneFault::Network);
}

#[test]
fn ssh_is_the_persons_own_and_told_not_to_ask() {
    let world = World::new();
    let (ssh, log) = (world.root().join("bin/ssh"), world.root().join("ssh.log"));
    script(
        &ssh,
        &format!(
            "echo \"$* $GIT_ASKPASS$SSH_ASKPASS\" >>'{}'; echo 'git@example.com: Permission denied (publickey).' >&2; exit 255",
            log.display()
        ),
    );
    world.sh(&format!(
        "git config --global core.sshCommand '{} -i key'",
        ssh.display()
    ));
    let folder = world.root().join("clone");
    let refused = clone(&world, "git@example.invalid:ada/shop.git", &folder);
    assert_eq!(fault(refused), CloneFault::Login);
    let asked = fs::read_to_string(&log).unwrap();
    assert!(asked.contains("-i key -o BatchMode=yes"), "{asked}");
    assert!(asked.contains("git-upload-pack"), "{asked}");
}
