//! The environment that agents and scripts see: the user's, without secrets that are not theirs. Values never reach a
//! log, an error or a list; only names do.

use super::{
    ProcessPlan, login_shell,
    names::{self, Fate},
};
use anyon_model::ExecutionId;
use std::{
    collections::BTreeMap,
    ffi::{OsStr, OsString},
    fmt,
    path::PathBuf,
    time::Duration,
};

/// The variable that marks every process of an execution, however far it got from its parents. Its value is the
/// execution's id.
pub const MARK: &str = "ANYON_EXECUTION_ID";

/// Tells the programs in an attempt which attempt they are in.
const ATTEMPT: &str = "ANYON_ATTEMPT";

/// An environment to make agents' environments from.
#[derive(Clone)]
pub struct Environment {
    variables: BTreeMap<OsString, OsString>,
    note: Option<String>,
}

impl Environment {
    /// The environment with these variables.
    pub fn of(variables: impl IntoIterator<Item = (OsString, OsString)>) -> Self {
        Self {
            variables: variables.into_iter().collect(),
            note: None,
        }
    }

    /// This process's environment: right when Anyon was started from a terminal.
    pub fn of_this_process() -> Self {
        Self::of(std::env::vars_os())
    }

    /// The login shell's environment: what a terminal would have, although Anyon was started by a double click.
    /// Starts the shell, blocks until it answers, at most `limit`; falls back to this process's, with a [`Self::note`].
    /// Folders of this process's `PATH` that the shell does not have come last: who started Anyon from a terminal finds
    /// there what that terminal finds.
    pub fn of_login_shell(limit: Duration) -> Self {
        match login_shell::read(limit) {
            Ok(variables) => Self::of(variables).with_folders_of(&Self::of_this_process()),
            Err(why) => Self {
                note: Some(why),
                ..Self::of_this_process()
            },
        }
    }

    fn with_folders_of(mut self, other: &Self) -> Self {
        let mut folders: Vec<PathBuf> = Vec::new();
        for path in [self.variable("PATH"), other.variable("PATH")]
            .into_iter()
            .flatten()
        {
            for folder in std::env::split_paths(path) {
                if !folders.contains(&folder) {
                    folders.push(folder);
                }
            }
        }
        if let Ok(path) = std::env::join_paths(folders) {
            self.variables.insert("PATH".into(), path);
        }
        self
    }

    /// Why this is not the login shell's environment, though it was asked for.
    pub fn note(&self) -> Option<&str> {
        self.note.as_deref()
    }

    /// The value of a variable.
    pub fn variable(&self, name: &str) -> Option<&OsStr> {
        self.variables.get(OsStr::new(name)).map(OsString::as_os_str)
    }

    /// What an agent sees. `own_names` are the agent's own secrets and `pass` what the user lets through; in both a
    /// final `*` stands for anything. `set` adds, or removes where the value is empty.
    pub fn for_agent(
        &self,
        own_names: &[&str],
        pass: &[String],
        set: &BTreeMap<String, String>,
        execution_id: ExecutionId,
        attempt: &str,
    ) -> Vec<(OsString, OsString)> {
        let mut seen = self.variables.clone();
        seen.retain(|name, value| admits(own_names, pass, name, value));
        for (name, value) in set.iter().filter(|(name, value)| is_settable(name, value)) {
            if value.is_empty() {
                seen.remove(OsStr::new(name));
            } else {
                seen.insert(name.into(), value.into());
            }
        }
        seen.insert(MARK.into(), execution_id.to_string().into());
        seen.insert(ATTEMPT.into(), attempt.into());
        seen.into_iter().collect()
    }

    /// Names of the secrets in this environment that an agent does not see.
    pub fn withheld(&self, own_names: &[&str], pass: &[String]) -> Vec<String> {
        let hidden = |(name, value): &(&OsString, &OsString)| {
            names::fate(name, value) == Fate::Secret && !admits(own_names, pass, name, value)
        };
        self.variables
            .iter()
            .filter(hidden)
            .map(|(name, _)| name.to_string_lossy().into_owned())
            .collect()
    }
}

/// Names only: the values are nobody's business.
impl fmt::Debug for Environment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.variables.keys()).finish()
    }
}

fn admits(own_names: &[&str], pass: &[String], name: &OsStr, value: &OsStr) -> bool {
    let passed = || pass.iter().any(|pattern| names::matches(pattern, name));
    match names::fate(name, value) {
        Fate::Kept => true,
        Fate::Secret => own_names.iter().any(|pattern| names::matches(pattern, name)) || passed(),
        Fate::Misleading => passed(),
        Fate::Internal => false,
    }
}

/// The system can hold it.
fn is_settable(name: &str, value: &str) -> bool {
    !name.is_empty() && !name.contains(['=', '\0']) && !value.contains('\0')
}

/// A plan's environment, with the mark whatever else it holds.
pub(super) fn with_mark(plan: &ProcessPlan) -> Vec<(OsString, OsString)> {
    let others = plan.environment.iter().filter(|(name, _)| name != MARK).cloned();
    others
        .chain([(MARK.into(), plan.execution_id.to_string().into())])
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn users() -> Environment {
        let pairs = [
            ("PATH", "/usr/bin"),
            ("ANTHROPIC_API_KEY", "canary-1"),
            ("OPENAI_API_KEY", "canary-2"),
            ("GH_TOKEN", "canary-3"),
            ("GIT_DIR", "/elsewhere/.git"),
            ("CLAUDECODE", "1"),
            ("ANYON_EXECUTION_ID", "of an outer agent"),
            ("ANYON_DATA_DIR", "/data"),
        ];
        Environment::of(pairs.map(|(name, value)| (name.into(), value.into())))
    }

    fn seen(own_names: &[&str], pass: &[&str], set: &[(&str, &str)]) -> Vec<String> {
        let pass: Vec<String> = pass.iter().map(ToString::to_string).collect();
        let set = set
            .iter()
            .map(|(name, value)| (name.to_string(), value.to_string()))
            .collect();
        let execution_id = ExecutionId::from_bytes([7; 16]);
        let seen = users().for_agent(own_names, &pass, &set, execution_id, "ANY-1/1");
        let pairs = seen
            .iter()
            .map(|(name, value)| format!("{}={}", name.display(), value.display()));
        pairs
            .filter(|pair| !pair.starts_with("ANYON_") && !pair.starts_with("PATH="))
            .collect()
    }

    #[test]
    fn programs_are_found_where_the_login_shell_looks_and_then_where_the_terminal_does() {
        let of = |path: &str| Environment::of([("PATH".into(), path.into())]);
        let both = of("/usr/bin:/bin").with_folders_of(&of("/opt/agents:/bin"));
        let path = both.variable("PATH").and_then(OsStr::to_str);
        assert_eq!(path, Some("/usr/bin:/bin:/opt/agents"));
        let without = Environment::of([]).with_folders_of(&of("/bin"));
        assert_eq!(without.variable("PATH").and_then(OsStr::to_str), Some("/bin"));
    }

    #[test]
    fn an_agent_sees_its_own_secrets_only() {
        assert_eq!(seen(&["ANTHROPIC_*"], &[], &[]), ["ANTHROPIC_API_KEY=canary-1"]);
        assert_eq!(seen(&[], &[], &[]), [""; 0]);
        assert_eq!(
            users().withheld(&["ANTHROPIC_API_KEY"], &[]),
            ["GH_TOKEN", "OPENAI_API_KEY"],
            "names, and only of secrets"
        );
    }

    #[test]
    fn the_user_lets_through_and_sets_and_removes() {
        assert_eq!(
            seen(&[], &["GH_TOKEN", "GIT_DIR"], &[]),
            ["GH_TOKEN=canary-3", "GIT_DIR=/elsewhere/.git"]
        );
        assert_eq!(
            seen(
                &["OPENAI_API_KEY"],
                &[],
                &[
                    ("OPENAI_API_KEY", ""),
                    ("EXTRA", "1"),
                    ("a=b", "1"),
                    ("", "1"),
                    ("N", "\0")
                ]
            ),
            ["EXTRA=1"]
        );
    }

    #[test]
    fn the_marks_are_ours_whatever_is_asked() {
        let set = BTreeMap::from([(MARK.to_owned(), "forged".to_owned())]);
        let execution_id = ExecutionId::from_bytes([7; 16]);
        let seen = users().for_agent(&["ANYON_*"], &["ANYON_*".into()], &set, execution_id, "ANY-1/1");
        let ours: Vec<_> = seen
            .iter()
            .filter(|(name, _)| name.to_string_lossy().starts_with("ANYON_"))
            .collect();
        assert_eq!(
            ours,
            [
                &(ATTEMPT.into(), "ANY-1/1".into()),
                &(MARK.into(), execution_id.to_string().into())
            ]
        );
    }

    #[test]
    fn no_value_is_ever_printed() {
        assert!(!format!("{:?}", users()).contains("canary"));
        assert!(format!("{:?}", users()).contains("GH_TOKEN"));
    }
}
