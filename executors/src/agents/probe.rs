//! Probes: what to run or to look at to learn of an agent's version and login, and what the answers mean.

use serde_json::Value;
use std::{fmt, str::FromStr};

/// How to find out about an agent's program.
#[derive(Debug, Clone, Copy)]
pub struct Probes {
    /// Arguments that make it print its version. Empty: it has none of its own.
    pub version_args: &'static [&'static str],
    /// The versions this adapter was tested with.
    pub tested: Option<TestedVersions>,
    /// How to find out whether it is logged in.
    pub login: Option<LoginProbe>,
    /// The same without running it, for agents that cannot be asked or take seconds to answer.
    pub look: Option<fn(&dyn Surroundings) -> LoginState>,
}

/// What a look at a login may see: variables and small files. Values of secrets are not among it.
pub trait Surroundings {
    /// The agent will have this variable, and it is not empty.
    fn is_set(&self, name: &str) -> bool;
    /// The text of a file: below the folder that `variable` names, else below `folder` in the home folder.
    fn file(&self, variable: &str, folder: &str, name: &str) -> Option<String>;
}

/// The first and the last version that were tested.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TestedVersions {
    /// The first.
    pub first: Version,
    /// The last.
    pub last: Version,
}

impl TestedVersions {
    /// What to tell a person about a version outside of the range.
    pub fn notice(&self, version: Version) -> Option<String> {
        let Self { first, last } = self;
        if version < *first {
            Some(format!(
                "version {version} is older than {first}, the first that was tested; it may not work"
            ))
        } else if version > *last {
            Some(format!(
                "version {version} is newer than {last}, the last that was tested"
            ))
        } else {
            None
        }
    }
}

/// How to find out whether an agent is logged in.
#[derive(Debug, Clone, Copy)]
pub struct LoginProbe {
    /// Arguments that make it tell.
    pub args: &'static [&'static str],
    /// Reads its standard output and its exit status, if it ended by itself.
    pub read: fn(&str, Option<i32>) -> LoginState,
}

/// Whether an agent is logged in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LoginState {
    /// It is.
    LoggedIn {
        /// By which method, in the agent's words. Never a name or an address.
        method: String,
    },
    /// It is not.
    LoggedOut,
    /// It is not, and would wait for a person if it was started.
    MustLogIn,
    /// It did not tell.
    Unknown,
}

/// A version of three numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version(pub u32, pub u32, pub u32);

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.0, self.1, self.2)
    }
}

impl FromStr for Version {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, ()> {
        let core = text.trim_start_matches('v');
        let core = core.split(['-', '+']).next().unwrap_or(core);
        let mut numbers = core
            .split('.')
            .map(|number| number.parse::<u32>().map_err(|_| ()));
        let mut next = || numbers.next().unwrap_or(Err(()));
        let version = Self(next()?, next()?, next()?);
        if numbers.next().is_some() {
            Err(())
        } else {
            Ok(version)
        }
    }
}

impl Version {
    /// The version in what a program prints about it.
    pub fn in_output(output: &str) -> Option<Self> {
        output.split_whitespace().find_map(|word| word.parse().ok())
    }
}

/// Logged in by the first of these variables that is set.
pub(super) fn by_variable(seen: &dyn Surroundings, names: &[&str]) -> Option<LoginState> {
    let found = names.iter().find(|name| seen.is_set(name))?;
    Some(LoginState::LoggedIn {
        method: (*found).to_owned(),
    })
}

/// What a file of settings says of the login: the kind that was chosen in the agent's own words.
pub(super) fn chosen_login(settings: Option<&str>) -> Option<LoginState> {
    let settings: Value = serde_json::from_str(settings?).ok()?;
    let method = settings.pointer("/security/auth/selectedType")?.as_str()?;
    (!method.is_empty()).then(|| LoginState::LoggedIn {
        method: method.to_owned(),
    })
}

/// Reads the status of Claude Code's login.
pub(super) fn claude_login(stdout: &str, code: Option<i32>) -> LoginState {
    let told: Value = serde_json::from_str(stdout.trim()).unwrap_or(Value::Null);
    let method = told.get("authMethod").and_then(Value::as_str).unwrap_or("");
    match (told.get("loggedIn").and_then(Value::as_bool), code) {
        (Some(true), _) => LoginState::LoggedIn {
            method: method.into(),
        },
        (Some(false), _) => LoginState::LoggedOut,
        // Older versions tell by their exit status only.
        (None, Some(0)) => LoginState::LoggedIn {
            method: method.into(),
        },
        (None, Some(1)) if told.is_object() => LoginState::LoggedOut,
        (None, _) => LoginState::Unknown,
    }
}

/// Reads the status of Codex's login, which its exit status tells. Of the words only the method is kept: a part of
/// the key may stand among them.
pub(super) fn codex_login(stdout: &str, code: Option<i32>) -> LoginState {
    let method = match stdout.to_lowercase() {
        said if said.contains("chatgpt") => "ChatGPT",
        said if said.contains("api key") => "API key",
        _ => "",
    };
    match code {
        Some(0) => LoginState::LoggedIn {
            method: method.into(),
        },
        Some(1) => LoginState::LoggedOut,
        _ => LoginState::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_found_in_what_a_program_prints() {
        assert_eq!(
            Version::in_output("2.1.330 (Claude Code)\n"),
            Some(Version(2, 1, 330))
        );
        assert_eq!(Version::in_output("agent v1.0.2-beta.1"), Some(Version(1, 0, 2)));
        assert_eq!(Version::in_output("command not found"), None);
        assert_eq!(Version::in_output("1.2.3.4"), None);
    }

    #[test]
    fn a_version_outside_of_the_tested_range_gets_a_notice() {
        let tested = TestedVersions {
            first: Version(2, 1, 197),
            last: Version(2, 1, 330),
        };
        assert_eq!(tested.notice(Version(2, 1, 200)), None);
        assert!(tested.notice(Version(2, 0, 999)).unwrap().contains("older"));
        assert!(tested.notice(Version(2, 2, 0)).unwrap().contains("newer"));
    }

    #[test]
    fn a_login_is_chosen_in_the_settings() {
        let told = r#"{"security":{"auth":{"selectedType":"oauth-personal"}}}"#;
        let method = "oauth-personal".to_owned();
        assert_eq!(chosen_login(Some(told)), Some(LoginState::LoggedIn { method }));
        assert_eq!(chosen_login(Some("{}")), None);
        assert_eq!(chosen_login(Some("// half")), None);
        assert_eq!(chosen_login(None), None);
    }

    #[test]
    fn a_login_is_read_from_the_agents_words_and_no_address_is_kept() {
        let told = r#"{"loggedIn":true,"authMethod":"claude.ai","email":"me@example.org"}"#;
        let method = "claude.ai".to_owned();
        assert_eq!(claude_login(told, Some(0)), LoginState::LoggedIn { method });
        let told = r#"{"loggedIn":false,"authMethod":"none"}"#;
        assert_eq!(claude_login(told, Some(1)), LoginState::LoggedOut);
        assert_eq!(
            claude_login("error: unknown command", Some(1)),
            LoginState::Unknown
        );
        assert_eq!(claude_login("", None), LoginState::Unknown);
    }

    #[test]
    fn the_login_of_codex_is_its_exit_status_and_no_key_is_kept() {
        let told = "Logged in using an API key - sk-proj-***abc";
        let method = "API key".to_owned();
        assert_eq!(codex_login(told, Some(0)), LoginState::LoggedIn { method });
        assert_eq!(codex_login("", Some(1)), LoginState::LoggedOut);
        assert_eq!(
            codex_login("error: unknown command", Some(2)),
            LoginState::Unknown
        );
        assert_eq!(codex_login("", None), LoginState::Unknown);
    }
}
