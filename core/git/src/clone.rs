//! Cloning a repository: the one operation here that asks the network. It runs hardened like every other, asks
//! nobody for a password (the person's credential helper and ssh agent may answer), and leaves nothing behind when it
//! fails or is cancelled.

use crate::{
    CancelToken, Git, GitError,
    command::Checkout,
    error::{CloneFault, io_at},
    hardening::trusted_value,
};
use anyon_model::{RemoteUrl, RepositoryInfo};
use std::{fs, io, path::Path};

impl Git {
    /// Clones into a folder that is not there yet or empty, and looks at what came. `progress` is told percentages.
    pub fn clone_repository(
        &self,
        url: &RemoteUrl,
        folder: &Path,
        cancel: &CancelToken,
        progress: &mut dyn FnMut(u8),
    ) -> Result<RepositoryInfo, GitError> {
        cancel.check()?;
        let was_there = check_folder(folder)?;
        let scratch = self.scratch()?;
        // Outside of every repository: only what the person and the system say counts.
        let around = Checkout::around(self, &scratch.path)?;
        let done = around
            .command("clone the repository")
            .args([
                "clone",
                "--progress",
                "--no-recurse-submodules",
                "--end-of-options",
            ])
            .arg(url.as_str())
            .arg(folder)
            .network(ssh_command(&around))
            .cancel(cancel)
            .clone_progress(progress)
            .run();
        if let Err(error) = done {
            let error = explained(url, folder, error);
            let keeps = matches!(
                error,
                GitError::Clone {
                    fault: CloneFault::Checkout,
                    ..
                }
            );
            if !was_there && !keeps {
                sweep(folder);
            }
            return Err(error);
        }
        self.inspect(folder, false)
    }
}

/// True: the folder is there, and empty.
fn check_folder(folder: &Path) -> Result<bool, GitError> {
    let path = folder.to_path_buf();
    match fs::read_dir(folder) {
        Ok(mut entries) => match entries.next() {
            None => Ok(true),
            Some(_) => Err(GitError::FolderNotEmpty { path }),
        },
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) if error.kind() == io::ErrorKind::NotADirectory => Err(GitError::PathExists { path }),
        Err(error) => Err(io_at("read", folder)(error)),
    }
}

/// git removes what it wrote when it is asked to end; this is for one that could not.
fn sweep(folder: &Path) {
    if let Err(error) = fs::remove_dir_all(folder)
        && error.kind() != io::ErrorKind::NotFound
    {
        tracing::warn!(%error, "what is left of a clone could not be removed");
    }
}

/// The person's ssh, told never to ask: nobody would see the question. `None`: another program than OpenSSH, whose
/// options are not known.
fn ssh_command(around: &Checkout<'_>) -> Option<String> {
    let own = trusted_value(&around.settings, b"core.sshcommand");
    let command = own.map_or_else(|| "ssh".into(), |own| String::from_utf8_lossy(&own).into_owned());
    let program = command.split_whitespace().next().unwrap_or("ssh");
    let name = program.rsplit(['/', '\\']).next().unwrap_or(program);
    let is_openssh = name.eq_ignore_ascii_case("ssh") || name.eq_ignore_ascii_case("ssh.exe");
    is_openssh.then(|| format!("{command} -o BatchMode=yes -o ConnectTimeout=20"))
}

/// git's last words as one of the few things that go wrong with a clone.
fn explained(url: &RemoteUrl, folder: &Path, error: GitError) -> GitError {
    match error {
        GitError::Command { stderr, .. } => GitError::Clone {
            url: url.to_string(),
            folder: folder.to_path_buf(),
            fault: fault_of(&stderr),
            stderr,
        },
        other => other,
    }
}

fn fault_of(stderr: &str) -> CloneFault {
    const WORDS: &[(CloneFault, &[&str])] = &[
        (CloneFault::Checkout, &["Clone succeeded, but checkout failed"]),
        (
            CloneFault::HostKey,
            &["Host key verification failed", "HOST IDENTIFICATION HAS CHANGED"],
        ),
        (
            CloneFault::Certificate,
            &[
                "SSL certificate problem",
                "server certificate verification failed",
                "certificate verify failed",
            ],
        ),
        (
            CloneFault::Network,
            &[
                "Could not resolve",
                "Failed to connect",
                "Couldn't connect",
                "Could not connect",
                "Connection refused",
                "Connection timed out",
                "Connection reset",
                "Operation timed out",
                "Network is unreachable",
                "No route to host",
                "unable to look up",
                "Name or service not known",
                "Temporary failure in name resolution",
                "unable to connect to",
                "Empty reply from server",
                "early EOF",
                "the remote end hung up unexpectedly\nfatal: early",
            ],
        ),
        (
            CloneFault::Login,
            &[
                "terminal prompts disabled",
                "could not read Username",
                "could not read Password",
                "Authentication failed",
                "Permission denied (",
                "returned error: 401",
                "returned error: 403",
                "HTTP Basic: Access denied",
                "Too many authentication failures",
            ],
        ),
        (
            CloneFault::Missing,
            &[
                "not found",
                "does not exist",
                "does not appear to be a git repository",
                "returned error: 404",
                "No such file or directory",
            ],
        ),
        (
            CloneFault::Disk,
            &["No space left on device", "Disk quota exceeded"],
        ),
    ];
    let says = |words: &[&str]| words.iter().any(|word| stderr.contains(word));
    let found = WORDS.iter().find(|(_, words)| says(words));
    found.map_or(CloneFault::Other, |(fault, _)| *fault)
}

/// How much of a clone is there, from a piece of progress output: fetching counts most. Counting and compressing on
/// the other side tell nothing of the whole.
pub(crate) fn percent_of(chunk: &[u8]) -> Option<u8> {
    let text = String::from_utf8_lossy(chunk);
    text.rsplit(['\r', '\n']).find_map(|line| {
        let (phase, rest) = line.trim_start().split_once(':')?;
        let (from, to) = match phase {
            "Receiving objects" => (0, 80),
            "Resolving deltas" => (80, 90),
            "Updating files" => (90, 100),
            _ => return None,
        };
        let percent: u32 = rest.split_once('%')?.0.trim().parse().ok()?;
        u8::try_from(from + (to - from) * percent.min(100) / 100).ok()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_phases_of_a_clone_are_one_way_from_0_to_100() {
        let said: &[(&[u8], Option<u8>)] = &[
            (b"remote: Counting objects:  50% (1/2)\r", None),
            (
                b"Cloning into 'x'...\nReceiving objects:   5% (1/20)\rReceiving objects:  50% (10/20)",
                Some(40),
            ),
            (
                b"Receiving objects: 100% (20/20), done.\nResolving deltas:  50% (1/2)\r",
                Some(85),
            ),
            (b"Updating files: 100% (9/9), done.\n", Some(100)),
            (b"s:  12% (3/20", None),
        ];
        for (chunk, percent) in said {
            assert_eq!(percent_of(chunk), *percent, "{}", String::from_utf8_lossy(chunk));
        }
    }

    #[test]
    fn gits_words_are_told_apart() {
        let cases = [
            (
                "fatal: unable to access 'https://x.y/': Could not resolve host: x.y",
                CloneFault::Network,
            ),
            (
                "ssh: connect to host x port 22: Connection refused",
                CloneFault::Network,
            ),
            (
                "fatal: could not read Username for 'https://x.y': terminal prompts disabled",
                CloneFault::Login,
            ),
            (
                "git@x.y: Permission denied (publickey).\nfatal: Could not read",
                CloneFault::Login,
            ),
            ("Host key verification failed.", CloneFault::HostKey),
            (
                "fatal: repository 'https://x.y/a/' not found",
                CloneFault::Missing,
            ),
            ("fatal: write error: No space left on device", CloneFault::Disk),
            ("fatal: something else", CloneFault::Other),
        ];
        for (stderr, fault) in cases {
            assert_eq!(fault_of(stderr), fault, "{stderr}");
        }
    }
}
