//! The one place that starts git. Every command runs hardened: no hooks, no filters but LFS, no program that a
//! repository's configuration names, no terminal, no `GIT_*` of the environment, no locks taken for reading.
//!
//! Settings go through `GIT_CONFIG_COUNT`, so a key may hold any byte and nothing of it shows in process lists.

use crate::{
    CancelToken, GitError, clone,
    error::io_at,
    git::Git,
    hardening::{self, Override, Setting},
    link, plain,
};
use anyon_model::FilePath;
use std::{
    ffi::{OsStr, OsString},
    io::{BufRead, BufReader, Read, Write},
    path::{Path, PathBuf},
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
    sync::mpsc,
    time::{Duration, Instant},
};

/// How long git may take to end after it was asked to.
const TERM_WAIT: Duration = Duration::from_secs(2);
/// How often a running command looks at its cancel token.
const CANCEL_POLL: Duration = Duration::from_millis(20);
/// How much of git's last words are kept.
const STDERR_TAIL_BYTES: usize = 4000;

/// A repository or worktree with what its configuration says, as it was when the operation began.
pub(crate) struct Checkout<'g> {
    pub git: &'g Git,
    pub path: PathBuf,
    pub settings: Vec<Setting>,
    answers: Vec<Override>,
    /// `None`: the repository is looked for, in the folders above too.
    git_dir: Option<PathBuf>,
}

impl<'g> Checkout<'g> {
    /// Reads the configuration of the checkout at `path`.
    pub fn open(git: &'g Git, path: &Path) -> Result<Self, GitError> {
        let path = path.canonicalize().unwrap_or_else(|_| path.to_path_buf());
        plain::check(&path)?;
        // Said without asking git: it would be asked of every attempt whose repository is gone.
        let git_dir = link::git_dir(&path).ok_or_else(|| link::is_gone(&path))?;
        git.checked_version()?;
        Self::read(git, path, Some(git_dir))
    }

    /// Reads the configuration that holds in a folder anywhere in a repository, or in none.
    pub fn around(git: &'g Git, path: &Path) -> Result<Self, GitError> {
        Self::read(git, path.to_path_buf(), None)
    }

    fn read(git: &'g Git, path: PathBuf, git_dir: Option<PathBuf>) -> Result<Self, GitError> {
        let mut checkout = Self {
            git,
            path,
            settings: Vec::new(),
            answers: Vec::new(),
            git_dir,
        };
        let listing = checkout
            .command("read the configuration")
            .args(["config", "--list", "--show-scope", "-z"])
            .run()?;
        checkout.settings = hardening::parse_listing(&listing.stdout);
        checkout.answers = hardening::answers_to(&checkout.settings);
        Ok(checkout)
    }

    /// A command in this checkout; `what` completes “git could not …”.
    pub fn command(&self, what: &'static str) -> GitCommand<'_> {
        GitCommand {
            checkout: self,
            what,
            args: Vec::new(),
            env: Vec::new(),
            stdin: None,
            accepted: &[0],
            cancel: None,
            progress: None,
            percent_of,
            network: None,
        }
    }

    /// The same, with its arguments, run; the output without the newline at its end.
    pub fn line<const N: usize>(&self, what: &'static str, args: [&str; N]) -> Result<String, GitError> {
        Ok(self.command(what).args(args).run()?.line())
    }

    /// What our commands run with for a key that the configuration names.
    pub fn answer(&self, key: &[u8]) -> Option<&[u8]> {
        let mut answers = self.answers.iter();
        answers
            .rfind(|(name, _)| name == key)
            .map(|(_, value)| value.as_slice())
    }
}

/// A git command that is being put together.
pub(crate) struct GitCommand<'a> {
    checkout: &'a Checkout<'a>,
    what: &'static str,
    args: Vec<OsString>,
    env: Vec<(OsString, OsString)>,
    stdin: Option<Vec<u8>>,
    accepted: &'static [i32],
    cancel: Option<&'a CancelToken>,
    progress: Option<&'a mut dyn FnMut(u8)>,
    /// Reads the progress.
    percent_of: fn(&[u8]) -> Option<u8>,
    network: Option<Network>,
}

/// Leave to go into the network.
struct Network {
    /// The ssh that asks nobody.
    ssh: Option<String>,
}

/// What an accepted command said.
pub(crate) struct Output {
    pub status: i32,
    pub stdout: Vec<u8>,
    pub stderr: Vec<u8>,
}

impl Output {
    /// The output as one line.
    pub fn line(&self) -> String {
        let text = String::from_utf8_lossy(&self.stdout);
        text.strip_suffix('\n').unwrap_or(&text).to_owned()
    }
    /// The output as a path: everything but the newline at its end.
    pub fn path(&self) -> PathBuf {
        let bytes = self.stdout.strip_suffix(b"\n").unwrap_or(&self.stdout);
        path_from(bytes)
    }
    /// The records of a `-z` output.
    pub fn records(&self) -> impl Iterator<Item = &[u8]> {
        self.stdout
            .split(|byte| *byte == 0)
            .filter(|record| !record.is_empty())
    }
}

/// A path of git's output.
pub(crate) fn path_from(bytes: &[u8]) -> PathBuf {
    FilePath::from_bytes(bytes.to_vec()).as_path().to_path_buf()
}

/// A path as git's `-z` input wants it.
pub(crate) fn path_bytes(path: &Path) -> Vec<u8> {
    path.as_os_str().as_encoded_bytes().to_vec()
}

impl<'a> GitCommand<'a> {
    pub fn arg(mut self, arg: impl AsRef<OsStr>) -> Self {
        self.args.push(arg.as_ref().to_owned());
        self
    }
    pub fn args<S: AsRef<OsStr>>(mut self, args: impl IntoIterator<Item = S>) -> Self {
        self.args
            .extend(args.into_iter().map(|arg| arg.as_ref().to_owned()));
        self
    }
    pub fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.env.push((name.into(), value.as_ref().to_owned()));
        self
    }
    pub fn stdin(mut self, bytes: Vec<u8>) -> Self {
        self.stdin = Some(bytes);
        self
    }
    /// Paths for `--pathspec-from-file=- --pathspec-file-nul` and the like.
    pub fn stdin_paths<'p>(self, paths: impl IntoIterator<Item = &'p Path>) -> Self {
        let mut bytes = Vec::new();
        for path in paths {
            bytes.extend(path_bytes(path));
            bytes.push(0);
        }
        self.stdin(bytes)
    }
    /// Exit statuses that are answers, not failures.
    pub fn accept(mut self, statuses: &'static [i32]) -> Self {
        self.accepted = statuses;
        self
    }
    pub fn cancel(mut self, cancel: &'a CancelToken) -> Self {
        self.cancel = Some(cancel);
        self
    }
    /// Is told how far `Updating files` got, 0 to 100.
    pub fn progress(mut self, progress: &'a mut dyn FnMut(u8)) -> Self {
        self.progress = Some(progress);
        self
    }

    /// Is told how far a clone got, 0 to 100.
    pub fn clone_progress(mut self, progress: &'a mut dyn FnMut(u8)) -> Self {
        self.percent_of = clone::percent_of;
        self.progress(progress)
    }
    /// May go into the network, and asks nobody there.
    pub fn network(mut self, ssh: Option<String>) -> Self {
        self.network = Some(Network { ssh });
        self
    }

    /// Runs it to its end.
    pub fn run(mut self) -> Result<Output, GitError> {
        if let Some(cancel) = self.cancel {
            cancel.check()?;
        }
        let mut command = self.build();
        let mut child = command.spawn().map_err(|source| match source.kind() {
            std::io::ErrorKind::NotFound => GitError::GitMissing,
            _ => io_at("started", self.checkout.git.program())(source),
        })?;
        let output = self.listen(&mut child)?;
        if self.accepted.contains(&output.status) {
            return Ok(output);
        }
        Err(GitError::Command {
            what: self.what,
            status: (output.status >= 0).then_some(output.status),
            stderr: last_words(&output.stderr),
        })
    }

    /// Starts it for a conversation: a line asked, an answer read, and again.
    pub fn converse(mut self) -> Result<Conversation, GitError> {
        self.stdin = Some(Vec::new());
        let program = self.checkout.git.program().to_path_buf();
        let mut child = self
            .build()
            .stderr(Stdio::null())
            .spawn()
            .map_err(io_at("started", &program))?;
        let broken = || std::io::Error::from(std::io::ErrorKind::BrokenPipe);
        match (child.stdin.take(), child.stdout.take()) {
            (Some(stdin), Some(stdout)) => Ok(Conversation {
                program,
                child,
                stdin: Some(stdin),
                stdout: BufReader::new(stdout),
            }),
            _ => Err(io_at("started", &program)(broken())),
        }
    }

    fn build(&self) -> Command {
        let git = self.checkout.git;
        let mut command = Command::new(git.program());
        command.stdin(if self.stdin.is_some() {
            Stdio::piped()
        } else {
            Stdio::null()
        });
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        for (name, _) in std::env::vars_os() {
            if name.as_encoded_bytes().starts_with(b"GIT_") {
                command.env_remove(name);
            }
        }
        for name in ["EMAIL", "SSH_ASKPASS", "VISUAL", "EDITOR", "PAGER"] {
            command.env_remove(name);
        }
        command
            .env("GIT_TERMINAL_PROMPT", "0")
            .env("GIT_OPTIONAL_LOCKS", "0")
            .env("GIT_LITERAL_PATHSPECS", "1")
            .env("LC_ALL", "C");
        match &self.network {
            None => no_network(&mut command),
            Some(network) => network.allow(&mut command),
        }
        // Said, not looked for: `core.worktree` would let our commands write elsewhere.
        if let Some(git_dir) = &self.checkout.git_dir {
            command.env("GIT_DIR", git_dir);
            command.env("GIT_WORK_TREE", &self.checkout.path);
        }
        if let Some(home) = git.home() {
            isolate(&mut command, home);
        }
        self.settings(&mut command);
        command.envs(self.env.iter().map(|(name, value)| (name, value)));
        command
            .arg("--no-pager")
            .arg("-C")
            .arg(&self.checkout.path)
            .args(&self.args);
        own_group(&mut command);
        command
    }

    fn settings(&self, command: &mut Command) {
        let fixed = hardening::fixed(self.checkout.git.hooks());
        let all: Vec<_> = fixed.iter().chain(&self.checkout.answers).collect();
        for (place, (key, value)) in all.iter().enumerate() {
            command.env(format!("GIT_CONFIG_KEY_{place}"), path_from(key));
            command.env(format!("GIT_CONFIG_VALUE_{place}"), path_from(value));
        }
        command.env("GIT_CONFIG_COUNT", all.len().to_string());
    }

    fn listen(&mut self, child: &mut Child) -> Result<Output, GitError> {
        let program = self.checkout.git.program();
        let (mut stdout, mut stderr) = (child.stdout.take(), child.stderr.take());
        let (stdin, input) = (child.stdin.take(), self.stdin.take());
        std::thread::scope(|scope| {
            let (sender, receiver) = mpsc::channel::<Vec<u8>>();
            scope.spawn(move || {
                // A command that fails early stops reading; its exit status says why.
                let _ = stdin.zip(input).map(|(mut pipe, bytes)| pipe.write_all(&bytes));
            });
            let reader = scope.spawn(move || {
                let mut bytes = Vec::new();
                stdout.as_mut().map(|pipe| pipe.read_to_end(&mut bytes));
                bytes
            });
            scope.spawn(move || {
                let mut buffer = [0u8; 4096];
                while let Some(count @ 1..) = stderr.as_mut().and_then(|pipe| pipe.read(&mut buffer).ok()) {
                    let _ = sender.send(buffer[..count].to_vec());
                }
            });
            let said = self.follow(child, &receiver);
            let status = child.wait().map_err(io_at("waited for", program))?;
            let stdout = reader.join().unwrap_or_default();
            Ok(Output {
                status: status.code().unwrap_or(-1),
                stdout,
                stderr: said?,
            })
        })
    }

    /// Collects standard error, tells progress, watches the cancel token.
    fn follow(&mut self, child: &mut Child, receiver: &mpsc::Receiver<Vec<u8>>) -> Result<Vec<u8>, GitError> {
        let mut said = Vec::new();
        loop {
            if self.cancel.is_some_and(CancelToken::is_cancelled) {
                end(child);
                return Err(GitError::Cancelled);
            }
            match receiver.recv_timeout(CANCEL_POLL) {
                Ok(chunk) => {
                    if let (Some(progress), Some(percent)) =
                        (self.progress.as_mut(), (self.percent_of)(&chunk))
                    {
                        progress(percent);
                    }
                    said.extend(chunk);
                    if said.len() > 16 * STDERR_TAIL_BYTES {
                        said.drain(..said.len() - STDERR_TAIL_BYTES);
                    }
                }
                Err(mpsc::RecvTimeoutError::Timeout) => {}
                Err(mpsc::RecvTimeoutError::Disconnected) => return Ok(said),
            }
        }
    }
}

/// A git command that answers line by line. It ends when this is dropped.
pub(crate) struct Conversation {
    program: PathBuf,
    child: Child,
    stdin: Option<ChildStdin>,
    stdout: BufReader<ChildStdout>,
}

impl Conversation {
    /// Writes a line and reads the first line of the answer.
    pub fn ask(&mut self, line: &str) -> Result<String, GitError> {
        let failed = io_at("asked", &self.program);
        if let Some(stdin) = &mut self.stdin {
            stdin.write_all(format!("{line}\n").as_bytes()).map_err(&failed)?;
        }
        let mut answer = String::new();
        self.stdout.read_line(&mut answer).map_err(&failed)?;
        Ok(answer.trim_end().to_owned())
    }
    /// Reads so many bytes more of the answer.
    pub fn take(&mut self, count: usize) -> Result<Vec<u8>, GitError> {
        let mut bytes = vec![0; count];
        self.stdout
            .read_exact(&mut bytes)
            .map_err(io_at("read", &self.program))?;
        Ok(bytes)
    }
}

impl Drop for Conversation {
    fn drop(&mut self) {
        // The end of its input is its end; killing it first frees one that is still writing.
        self.stdin = None;
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Nothing here fetches, and nothing may be made to: reading an object that is missing would start what the
/// configuration names as the other side. Of several `remote.*.uploadpack` git uses the first, so no setting of ours
/// could answer a planted one.
fn no_network(command: &mut Command) {
    command
        .env("GIT_NO_LAZY_FETCH", "1")
        .env("GIT_ALLOW_PROTOCOL", "");
}

/// None of these runs a program that an address names. All are allowed, whatever the address is: the person's own
/// `url.*.insteadOf` may lead from one to another.
const PROTOCOLS: &str = "https:http:ssh:git:file";

impl Network {
    /// An empty askpass is asked by nobody; unset, the one of the configuration would be.
    fn allow(&self, command: &mut Command) {
        command
            .env("GIT_ALLOW_PROTOCOL", PROTOCOLS)
            .env("GIT_ASKPASS", "")
            .env("SSH_ASKPASS_REQUIRE", "never");
        if let Some(ssh) = &self.ssh {
            command.env("GIT_SSH_COMMAND", ssh);
        }
    }
}

/// Reads no configuration but `home`'s.
fn isolate(command: &mut Command, home: &Path) {
    command
        .env("HOME", home)
        .env("USERPROFILE", home)
        .env("XDG_CONFIG_HOME", home.join(".config"))
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("GIT_CONFIG_GLOBAL", home.join(".gitconfig"));
}

/// A group of its own, so that ending it also ends what git started, and Ctrl+C in a terminal is ours to handle.
#[cfg(unix)]
fn own_group(command: &mut Command) {
    use std::os::unix::process::CommandExt;
    command.process_group(0);
}
#[cfg(not(unix))]
fn own_group(_: &mut Command) {}

/// Asks git and its children to end, which removes their lock files, and ends them if they do not.
#[cfg(unix)]
fn end(child: &mut Child) {
    use rustix::process::{Pid, Signal, kill_process_group};
    let group = i32::try_from(child.id()).ok().and_then(Pid::from_raw);
    let signal = |signal| group.map(|group| kill_process_group(group, signal));
    signal(Signal::TERM);
    let deadline = Instant::now() + TERM_WAIT;
    while Instant::now() < deadline {
        if !matches!(child.try_wait(), Ok(None)) {
            break;
        }
        std::thread::sleep(CANCEL_POLL);
    }
    signal(Signal::KILL);
}
#[cfg(not(unix))]
fn end(child: &mut Child) {
    let _ = child.kill();
    let deadline = Instant::now() + TERM_WAIT;
    while Instant::now() < deadline && matches!(child.try_wait(), Ok(None)) {
        std::thread::sleep(CANCEL_POLL);
    }
}

/// The last `NN%` of a piece of progress output.
fn percent_of(chunk: &[u8]) -> Option<u8> {
    let text = String::from_utf8_lossy(chunk);
    let before = &text[..text.rfind('%')?];
    let start = before
        .rfind(|char: char| !char.is_ascii_digit())
        .map_or(0, |place| place + 1);
    before
        .get(start..)?
        .parse()
        .ok()
        .filter(|percent| *percent <= 100)
}

/// git's last words for a person: no progress, no advice, no passwords of URLs.
fn last_words(stderr: &[u8]) -> String {
    let text = String::from_utf8_lossy(stderr);
    let lines: Vec<&str> = text
        .lines()
        .map(|line| line.rsplit('\r').next().unwrap_or(line).trim_end())
        .filter(|line| !line.is_empty() && !line.starts_with("hint:"))
        .collect();
    let mut words = lines.join("\n");
    while words.len() > STDERR_TAIL_BYTES {
        words = words
            .split_once('\n')
            .map_or_else(String::new, |(_, rest)| rest.into());
    }
    without_passwords(&words)
}

fn without_passwords(text: &str) -> String {
    let mut clean = String::new();
    let mut rest = text;
    while let Some(start) = rest.find("://") {
        let (before, after) = rest.split_at(start + 3);
        clean.push_str(before);
        let end = after
            .find(|char: char| char.is_whitespace() || "/'\"".contains(char))
            .unwrap_or(after.len());
        rest = match after[..end].rfind('@') {
            Some(at) => {
                clean.push_str("***");
                &after[at..]
            }
            None => after,
        };
    }
    clean + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_in_addresses_never_reach_a_person() {
        let said = b"hint: x\nfatal: unable to access 'https://me:ghp_secret@github.com/a/b/': 403\n";
        assert_eq!(
            last_words(said),
            "fatal: unable to access 'https://***@github.com/a/b/': 403"
        );
        assert_eq!(
            without_passwords("see https://a.b/c@d ok"),
            "see https://a.b/c@d ok"
        );
    }

    #[test]
    fn progress_is_the_last_percentage() {
        assert_eq!(
            percent_of(b"\rUpdating files:  62% (31/50)\rUpdating files:  64% (3"),
            Some(64)
        );
        assert_eq!(percent_of(b"done.\n"), None);
    }
}
