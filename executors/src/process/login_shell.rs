//! Asks the user's login shell for its environment. The answer is cut out between two marks: what the user's start-up
//! files print does not confuse it. Bounded in time; a shell that does not answer is ended.

use std::{ffi::OsString, time::Duration};

/// The login shell's environment, or why there is none.
#[cfg(windows)]
pub(super) fn read(_limit: Duration) -> Result<Vec<(OsString, OsString)>, String> {
    Ok(std::env::vars_os().collect())
}

/// The login shell's environment, or why there is none.
#[cfg(unix)]
pub(super) fn read(limit: Duration) -> Result<Vec<(OsString, OsString)>, String> {
    let shell = std::env::var_os("SHELL").filter(|shell| !shell.is_empty());
    unix::ask(&shell.unwrap_or_else(|| "/bin/sh".into()), limit)
}

#[cfg(unix)]
mod unix {
    use command_group::{CommandGroup, GroupChild};
    use rustix::event::{PollFd, PollFlags, Timespec, poll};
    use std::{
        ffi::{OsStr, OsString},
        io::Read,
        os::unix::ffi::{OsStrExt, OsStringExt},
        process::{ChildStdout, Command, Stdio},
        time::{Duration, Instant},
    };

    const BEGIN: &[u8] = b"anyon-environment-begins\0";
    const END: &[u8] = b"anyon-environment-ends\0";

    /// Works in every shell that takes `-c`: two words to print, and a program that prints the environment.
    const SCRIPT: &str =
        "printf 'anyon-environment-begins\\0'; command env -0; printf 'anyon-environment-ends\\0'";

    /// More than any environment: start-up files that print without end are not read to their end.
    const LENGTH_LIMIT: usize = 16 << 20;

    pub(super) fn ask(shell: &OsStr, limit: Duration) -> Result<Vec<(OsString, OsString)>, String> {
        let name = shell.to_string_lossy();
        let mut child =
            start(shell).map_err(|error| format!("the login shell {name} does not start: {error}"))?;
        let output = child.inner().stdout.take();
        let answer = output.and_then(|output| read_answer(output, Instant::now() + limit));
        // Answered or not, nothing of it shall stay. Collected here: its parent is this process.
        let _ = child.kill();
        let _ = child.wait();
        let answer = answer.ok_or_else(|| {
            format!(
                "the login shell {name} did not tell its environment within {} s",
                limit.as_secs_f32()
            )
        })?;
        Ok(answer.split(|byte| *byte == 0).filter_map(pair).collect())
    }

    fn start(shell: &OsStr) -> std::io::Result<GroupChild> {
        // An interactive shell in the background of a terminal stops; without a terminal it reads more of the user's
        // files (nvm and its like live in .bashrc).
        let in_terminal = std::fs::File::open("/dev/tty").is_ok();
        let flags: &[&str] = if in_terminal {
            &["-l", "-c"]
        } else {
            &["-l", "-i", "-c"]
        };
        Command::new(shell)
            .args(flags)
            .arg(SCRIPT)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .group()
            .spawn()
    }

    /// Reads until the second mark, not to the end: a daemon that the start-up files left may keep the pipe open.
    fn read_answer(mut output: ChildStdout, end: Instant) -> Option<Vec<u8>> {
        let mut text = Vec::new();
        let mut chunk = [0; 64 << 10];
        while text.len() < LENGTH_LIMIT {
            let limit = Timespec::try_from(end.checked_duration_since(Instant::now())?).ok()?;
            if poll(&mut [PollFd::new(&output, PollFlags::IN)], Some(&limit)).ok()? == 0 {
                return None;
            }
            let length = output.read(&mut chunk).ok().filter(|length| *length > 0)?;
            text.extend_from_slice(chunk.get(..length)?);
            if let Some(answer) = between_marks(&text) {
                return Some(answer.to_vec());
            }
        }
        None
    }

    fn between_marks(text: &[u8]) -> Option<&[u8]> {
        let begin = find(text, BEGIN)? + BEGIN.len();
        let rest = text.get(begin..)?;
        rest.get(..find(rest, END)?)
    }

    fn find(text: &[u8], mark: &[u8]) -> Option<usize> {
        text.windows(mark.len()).position(|window| window == mark)
    }

    /// `NAME=value`, without what describes the shell that was asked.
    fn pair(text: &[u8]) -> Option<(OsString, OsString)> {
        let at = text.iter().position(|byte| *byte == b'=')?;
        let (name, value) = (text.get(..at)?, text.get(at + 1..)?);
        let of_the_shell: [&[u8]; 5] = [b"", b"_", b"SHLVL", b"PWD", b"OLDPWD"];
        let taken = !of_the_shell.contains(&name);
        taken.then(|| {
            (
                OsString::from_vec(name.to_vec()),
                OsStr::from_bytes(value).to_owned(),
            )
        })
    }

    #[cfg(test)]
    mod tests {
        use super::*;
        use std::os::unix::fs::PermissionsExt;

        fn shell(text: &str) -> (tempfile::TempDir, OsString) {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("shell");
            std::fs::write(&path, text).unwrap();
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
            (folder, path.into())
        }

        #[test]
        fn a_real_shell_tells_its_environment_with_lines_and_all() {
            let (_folder, path) = shell(
                "#!/bin/sh\necho hello from .profile\nexport A='one\ntwo'\nfor x; do :; done\neval \"$x\"\n",
            );
            let found = ask(&path, Duration::from_secs(5)).unwrap();
            assert!(
                found.contains(&("A".into(), "one\ntwo".into())),
                "the printed greeting is no part of it"
            );
            assert!(!found.iter().any(|(name, _)| name == "PWD" || name == "SHLVL"));
        }

        #[test]
        fn a_shell_that_hangs_is_ended_in_time_and_said_so() {
            let (_folder, path) = shell("#!/bin/sh\nsleep 60\n");
            let begin = Instant::now();
            let why = ask(&path, Duration::from_millis(200)).unwrap_err();
            assert!(begin.elapsed() < Duration::from_secs(3));
            assert!(why.contains("did not tell its environment within 0.2 s"), "{why}");
        }

        #[test]
        fn a_daemon_that_keeps_the_pipe_does_not_delay_the_answer() {
            let (_folder, path) = shell("#!/bin/sh\nsleep 5 &\nfor x; do :; done\neval \"$x\"\nexit\n");
            let begin = Instant::now();
            assert!(!ask(&path, Duration::from_secs(5)).unwrap().is_empty());
            assert!(begin.elapsed() < Duration::from_secs(4));
        }

        #[test]
        fn a_shell_that_is_not_there_or_says_nothing_is_named() {
            let why = ask(OsStr::new("/nowhere/sh"), Duration::from_secs(1)).unwrap_err();
            assert!(why.contains("/nowhere/sh"), "{why}");
            assert!(ask(OsStr::new("/bin/true"), Duration::from_secs(1)).is_err());
        }
    }
}
