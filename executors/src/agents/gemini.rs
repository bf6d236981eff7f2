//! Gemini CLI, by the Agent Client Protocol.
//!
//! The worktree is not trusted by it: it starts no hooks and no MCP servers of the repository, and none of ours.

use super::{
    AgentCommand, AgentSpec, Fix, LoginState, Mend, Probes, ProgramCandidate, SizedFile, Start, Surroundings,
    TestedVersions, Version, acp, probe,
};
use crate::protocols::{Protocol, quirks};
use anyon_model::{ProfileConfig, StopTimes};
use serde_json::Value;
use std::{collections::BTreeMap, ffi::OsString, path::Path};

pub(super) const SPEC: AgentSpec = AgentSpec {
    id: "GEMINI",
    name: "Gemini CLI",
    program: &PROGRAMS,
    own_environment: &[
        "GEMINI_API_KEY",
        "GOOGLE_API_KEY",
        "GOOGLE_APPLICATION_CREDENTIALS",
    ],
    probes: Probes {
        version_args: &["--version"],
        tested: Some(TestedVersions {
            first: Version(0, 61, 0),
            last: Version(0, 61, 0),
        }),
        login: None,
        look: Some(login),
    },
    install_hint: "Install it with `npm install -g @google/gemini-cli` (Node 20 or newer)",
    login_hint: "Run `gemini` in a terminal, or set GEMINI_API_KEY",
    capabilities: acp::CAPABILITIES,
    // A cancelled command is gone in 0.2 s and SIGTERM takes 0.15 s; the end of its input is nothing to it.
    stop: StopTimes {
        interrupt_ms: 700,
        close_stdin_ms: 100,
        term_ms: 1000,
    },
    variants,
    guides: &["GEMINI.md"],
    mend: Some(Mend {
        home_variable: "GEMINI_CLI_HOME",
        index: ".gemini/projects.json",
        folder: session_folder,
        plan: mend_sessions,
    }),
    command,
    protocol,
    protocol_for_replay,
};

const PROGRAMS: [ProgramCandidate; 1] = [ProgramCandidate::InPath("gemini")];

/// One process instead of two, of which the outer one ignores signals. Trust is not inherited.
const ENV: [(&str, &str); 3] = [
    ("GEMINI_CLI_NO_RELAUNCH", "true"),
    ("GEMINI_CLI_TRUST_WORKSPACE", ""),
    ("NO_COLOR", "1"),
];

fn variants() -> Vec<(&'static str, ProfileConfig)> {
    acp::variants(&[("PRO", "gemini-2.5-pro"), ("FLASH", "gemini-2.5-flash")])
}

fn command(start: &Start<'_>) -> AgentCommand {
    let mut args: Vec<OsString> = vec!["--acp".into()];
    if let Some(model) = &start.launch.config.model {
        args.extend(["-m".into(), model.into()]);
    }
    acp::command(&PROGRAMS, args, &ENV)
}

fn protocol(start: &Start<'_>) -> Box<dyn Protocol> {
    acp::protocol(start, quirks::GEMINI)
}

fn protocol_for_replay() -> Box<dyn Protocol> {
    acp::for_replay(quirks::GEMINI)
}

fn login(seen: &dyn Surroundings) -> LoginState {
    let by_variable = || {
        let names = [
            "GEMINI_API_KEY",
            "GOOGLE_GENAI_USE_VERTEXAI",
            "GOOGLE_GENAI_USE_GCA",
        ];
        probe::by_variable(seen, &names)
    };
    let settings = seen.file("GEMINI_CLI_HOME", "", ".gemini/settings.json");
    probe::chosen_login(settings.as_deref())
        .or_else(by_variable)
        .unwrap_or(LoginState::LoggedOut)
}

/// The folder of a worktree's sessions, by the list of known folders.
fn session_folder(index: &str, worktree: &Path) -> Option<String> {
    let index: Value = serde_json::from_str(index).ok()?;
    let short = index.get("projects")?.get(worktree.to_str()?)?.as_str()?;
    let plain = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_' | '.');
    let is_name = !short.is_empty() && !short.starts_with('.') && short.chars().all(plain);
    is_name.then(|| format!(".gemini/tmp/{short}/chats"))
}

/// A time before every other, at which a session can be gone on with whatever the clock says.
const LONG_AGO: &str = "2000-01-01T00-00";

/// Keeps the agent from losing sessions. It names the file of a session by the minute and the first eight characters
/// of its name. Going on with one in the minute of its start overwrites it; in a later minute it leaves an empty twin,
/// and the next start takes the twin for a broken session and removes both. So of twins only the fullest stays, and
/// the session to go on with is moved out of every minute to come.
fn mend_sessions(files: &[SizedFile], session: Option<&str>) -> Vec<Fix> {
    let mut sessions: BTreeMap<&str, Vec<(&str, u64)>> = BTreeMap::new();
    for (name, size) in files {
        if let Some(short) = short_name(name) {
            sessions.entry(short).or_default().push((name, *size));
        }
    }
    let mut fixes = Vec::new();
    for (short, mut twins) in sessions {
        twins.sort_by_key(|(name, size)| (std::cmp::Reverse(*size), *name));
        let remove = |(name, _): &(&str, u64)| Fix::Remove((*name).to_owned());
        fixes.extend(twins.iter().skip(1).map(remove));
        let wanted = session.is_some_and(|session| session.starts_with(short));
        let fullest = twins.first().map_or("", |(name, _)| *name);
        let to = format!("session-{LONG_AGO}-{short}.jsonl");
        if (wanted || twins.len() > 1) && fullest != to {
            let from = fullest.to_owned();
            fixes.push(Fix::Rename { from, to });
        }
    }
    fixes
}

/// `0a1b2c3d` of `session-2026-11-22T10-15-0a1b2c3d.jsonl`.
fn short_name(file: &str) -> Option<&str> {
    let stem = file.strip_prefix("session-")?.strip_suffix(".jsonl")?;
    let (time, short) = stem.rsplit_once('-')?;
    let is_short = short.len() == 8 && short.chars().all(|letter| letter.is_ascii_hexdigit());
    (is_short && time.len() == LONG_AGO.len()).then_some(short)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SESSION: &str = "0a1b2c3d-0000-4000-8000-000000000001";

    fn files(files: &[(&str, u64)]) -> Vec<SizedFile> {
        files
            .iter()
            .map(|(name, size)| ((*name).to_owned(), *size))
            .collect()
    }

    #[test]
    fn the_session_to_go_on_with_is_moved_out_of_its_minute() {
        let files = files(&[
            ("session-2026-11-22T10-15-0a1b2c3d.jsonl", 900),
            ("session-2026-11-22T10-14-99999999.jsonl", 90),
            ("notes.txt", 5),
        ]);
        let moved = Fix::Rename {
            from: "session-2026-11-22T10-15-0a1b2c3d.jsonl".into(),
            to: "session-2000-01-01T00-00-0a1b2c3d.jsonl".into(),
        };
        assert_eq!(mend_sessions(&files, Some(SESSION)), [moved]);
        assert_eq!(mend_sessions(&files, None), []);
    }

    #[test]
    fn of_twins_the_fullest_stays_even_of_a_session_that_is_not_gone_on_with() {
        let twins = files(&[
            ("session-2000-01-01T00-00-0a1b2c3d.jsonl", 900),
            ("session-2026-11-22T10-17-0a1b2c3d.jsonl", 120),
        ]);
        let gone = Fix::Remove("session-2026-11-22T10-17-0a1b2c3d.jsonl".into());
        assert_eq!(mend_sessions(&twins, None), [gone]);
        let twins = files(&[
            ("session-2000-01-01T00-00-0a1b2c3d.jsonl", 120),
            ("session-2026-11-22T10-17-0a1b2c3d.jsonl", 900),
        ]);
        let fixes = mend_sessions(&twins, Some(SESSION));
        assert_eq!(
            fixes[0],
            Fix::Remove("session-2000-01-01T00-00-0a1b2c3d.jsonl".into()),
            "it makes way first"
        );
        assert!(matches!(&fixes[1], Fix::Rename { from, .. } if from.contains("10-17")));
    }

    #[test]
    fn its_folder_is_named_by_the_worktree_and_leads_nowhere_else() {
        let index = r#"{"projects":{"/w/a":"a-1","/w/b":"../../.ssh"}}"#;
        assert_eq!(
            session_folder(index, Path::new("/w/a")).as_deref(),
            Some(".gemini/tmp/a-1/chats")
        );
        assert_eq!(session_folder(index, Path::new("/w/b")), None);
        assert_eq!(session_folder(index, Path::new("/w/c")), None);
        assert_eq!(session_folder("not json", Path::new("/w/a")), None);
    }
}
