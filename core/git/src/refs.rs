//! Refs, commits and who makes them. Everything moves with its expected old value.

use crate::{
    GitError,
    command::Checkout,
    hardening::{is_true, last_value},
    names::full_name,
};
use anyon_model::RefMove;

/// Author and committer of a commit that git makes.
pub(crate) enum Identity {
    /// The user's, from git's configuration.
    User,
    /// Ours: for snapshots, which nobody but Anyon ever shows.
    Anyon,
}

/// The commit that a full ref name or a hexadecimal name stands for.
pub(crate) fn resolve(checkout: &Checkout<'_>, name: &str) -> Result<Option<String>, GitError> {
    let output = checkout
        .command("look a commit up")
        .args(["rev-parse", "--verify", "--quiet", "--end-of-options"])
        .arg(format!("{name}^{{commit}}"))
        .accept(&[0, 1, 128])
        .run()?;
    Ok(Some(output.line()).filter(|line| output.status == 0 && !line.is_empty()))
}

/// The tip of a branch, or an error that names it.
pub(crate) fn tip(checkout: &Checkout<'_>, branch: &str) -> Result<String, GitError> {
    resolve(checkout, &full_name(branch))?.ok_or_else(|| GitError::NoSuchCommit { name: branch.into() })
}

/// The branch that a checkout stands on; `None`: detached.
pub(crate) fn current_branch(checkout: &Checkout<'_>) -> Result<Option<String>, GitError> {
    let output = checkout
        .command("read HEAD")
        .args(["symbolic-ref", "--quiet", "HEAD"])
        .accept(&[0, 1])
        .run()?;
    let line = output.line();
    Ok(line
        .strip_prefix("refs/heads/")
        .filter(|_| output.status == 0)
        .map(str::to_owned))
}

/// The best common ancestor.
pub(crate) fn merge_base(
    checkout: &Checkout<'_>,
    one: &str,
    other: &str,
) -> Result<Option<String>, GitError> {
    let output = checkout
        .command("find the merge base")
        .args(["merge-base", "--end-of-options", one, other])
        .accept(&[0, 1])
        .run()?;
    Ok(Some(output.line()).filter(|line| !line.is_empty()))
}

/// Whether `ancestor` is reachable from `commit`.
pub(crate) fn is_ancestor(checkout: &Checkout<'_>, ancestor: &str, commit: &str) -> Result<bool, GitError> {
    let output = checkout
        .command("compare commits")
        .args([
            "merge-base",
            "--is-ancestor",
            "--end-of-options",
            ancestor,
            commit,
        ])
        .accept(&[0, 1])
        .run()?;
    Ok(output.status == 0)
}

/// How many commits each side has that the other has not.
pub(crate) fn ahead_behind(
    checkout: &Checkout<'_>,
    ours: &str,
    theirs: &str,
) -> Result<(u32, u32), GitError> {
    let line = checkout
        .command("count commits")
        .args(["rev-list", "--left-right", "--count", "--end-of-options"])
        .arg(format!("{ours}...{theirs}"))
        .arg("--")
        .run()?
        .line();
    let mut counts = line
        .split_whitespace()
        .map(|count| count.parse::<u32>().unwrap_or(0));
    Ok((counts.next().unwrap_or(0), counts.next().unwrap_or(0)))
}

/// The tree of a commit.
pub(crate) fn tree_of(checkout: &Checkout<'_>, commit: &str) -> Result<String, GitError> {
    checkout
        .command("read a commit")
        .args(["rev-parse", "--verify", "--end-of-options"])
        .arg(format!("{commit}^{{tree}}"))
        .run()
        .map(|output| output.line())
}

/// Fails unless git knows who commits here. Nobody is ever invented.
pub(crate) fn check_identity(checkout: &Checkout<'_>) -> Result<(), GitError> {
    for ident in ["GIT_AUTHOR_IDENT", "GIT_COMMITTER_IDENT"] {
        let told = checkout
            .command("read who commits")
            .args(["var", ident])
            .accept(&[0, 128])
            .run()?;
        if told.status != 0 {
            let said = String::from_utf8_lossy(&told.stderr);
            let why = said.lines().rfind(|line| line.starts_with("fatal: "));
            return Err(GitError::NoIdentity {
                path: checkout.path.clone(),
                detail: why.unwrap_or("user.name or user.email is not set").into(),
            });
        }
    }
    Ok(())
}

/// Writes a commit; no ref moves. Signed where the user wants that, never when it is ours.
pub(crate) fn write_commit(
    checkout: &Checkout<'_>,
    tree: &str,
    parents: &[&str],
    message: &str,
    identity: Identity,
) -> Result<String, GitError> {
    let mut command = checkout
        .command("write a commit")
        .args(["commit-tree", "-F", "-"])
        .stdin(message.as_bytes().to_vec());
    let sign = matches!(identity, Identity::User) && is_true(&checkout.settings, b"commit.gpgsign");
    command = match identity {
        Identity::User if sign => command.arg("-S"),
        Identity::User => command,
        Identity::Anyon => command
            .env("GIT_AUTHOR_NAME", "Anyon")
            .env("GIT_AUTHOR_EMAIL", "anyon@localhost")
            .env("GIT_COMMITTER_NAME", "Anyon")
            .env("GIT_COMMITTER_EMAIL", "anyon@localhost"),
    };
    for parent in parents {
        command = command.args(["-p", parent]);
    }
    match command.arg(tree).run() {
        Err(GitError::Command { stderr, .. }) if sign => Err(GitError::Signing {
            detail: format!("{}: {stderr}", signer(checkout)),
        }),
        other => other.map(|output| output.line()),
    }
}

fn signer(checkout: &Checkout<'_>) -> String {
    let format = last_value(&checkout.settings, b"gpg.format").unwrap_or_else(|| b"openpgp".to_vec());
    String::from_utf8_lossy(&format).into_owned()
}

/// Moves a ref, or makes it (`before: None`), if it still stands where it was seen.
pub(crate) fn move_ref(
    checkout: &Checkout<'_>,
    name: &str,
    before: Option<&str>,
    after: &str,
    why: &str,
) -> Result<RefMove, GitError> {
    let moved = checkout
        .command("move a ref")
        .args(["update-ref", "-m", why, "--end-of-options"])
        .args([name, after, before.unwrap_or("")])
        .run();
    moved.map_err(|error| moved_meanwhile(checkout, error, name, before))?;
    Ok(RefMove {
        name: name.to_owned(),
        before: before.map(str::to_owned),
        after: Some(after.to_owned()),
    })
}

/// One ref of a move of several.
pub(crate) struct Step<'a> {
    name: &'a str,
    before: Option<&'a str>,
    after: Option<&'a str>,
}

impl<'a> Step<'a> {
    /// From where it was seen (`None`: it is not there) to where it goes (`None`: away).
    pub fn new(name: &'a str, before: Option<&'a str>, after: Option<&'a str>) -> Self {
        Self { name, before, after }
    }

    fn line(&self) -> String {
        let Self { name, before, after } = self;
        match (before, after) {
            (None, None) => String::new(),
            (None, Some(after)) => format!("create {name}\0{after}\0"),
            (Some(before), Some(after)) => format!("update {name}\0{after}\0{before}\0"),
            (Some(before), None) => format!("delete {name}\0{before}\0"),
        }
    }
}

/// Moves several refs, all or none of them, if each still stands where it was seen.
pub(crate) fn move_refs(checkout: &Checkout<'_>, steps: &[Step<'_>], why: &str) -> Result<(), GitError> {
    let lines: String = steps.iter().map(Step::line).collect();
    let moved = checkout
        .command("move refs")
        .args(["update-ref", "-m", why, "-z", "--stdin"])
        .stdin(format!("start\0{lines}prepare\0commit\0").into_bytes())
        .run();
    let Err(mut error) = moved else { return Ok(()) };
    for step in steps {
        error = moved_meanwhile(checkout, error, step.name, step.before);
    }
    Err(error)
}

/// Removes a ref if it still stands where it was seen.
pub(crate) fn delete_ref(checkout: &Checkout<'_>, name: &str, before: &str) -> Result<(), GitError> {
    checkout
        .command("remove a branch")
        .args(["update-ref", "-d", "--end-of-options", name, before])
        .run()
        .map_err(|error| moved_meanwhile(checkout, error, name, Some(before)))?;
    Ok(())
}

/// A refused move is told as one when the ref is really elsewhere.
fn moved_meanwhile(checkout: &Checkout<'_>, error: GitError, name: &str, before: Option<&str>) -> GitError {
    if matches!(error, GitError::Moved { .. }) {
        return error;
    }
    match resolve(checkout, name) {
        Ok(now) if now.as_deref() != before => GitError::Moved {
            name: name.strip_prefix("refs/heads/").unwrap_or(name).into(),
        },
        _ => error,
    }
}

/// Operations that leave a checkout in the middle of something.
pub(crate) fn in_progress(git_dir: &std::path::Path) -> Option<&'static str> {
    const MARKS: &[(&str, &str)] = &[
        ("rebase-merge", "rebase"),
        ("rebase-apply", "rebase"),
        ("MERGE_HEAD", "merge"),
        ("CHERRY_PICK_HEAD", "cherry-pick"),
        ("REVERT_HEAD", "revert"),
    ];
    MARKS
        .iter()
        .find(|(mark, _)| git_dir.join(mark).exists())
        .map(|(_, what)| *what)
}
