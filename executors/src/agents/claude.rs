//! Claude Code, by its own stream-json protocol.

use super::{
    AgentCommand, AgentSpec, LoginProbe, Probes, ProgramCandidate, Start, TestedVersions, Version, probe,
};
use crate::{
    mcp_config::{self, Server},
    protocols::{ClaudeOptions, ClaudeStream, Protocol},
};
use anyon_model::{Capabilities, ProfileConfig, ResumeFrom, StopTimes};
use serde_json::json;
use std::{collections::BTreeMap, ffi::OsString};

pub(super) const SPEC: AgentSpec = AgentSpec {
    id: "CLAUDE_CODE",
    name: "Claude Code",
    program: &PROGRAMS,
    own_environment: &[
        "ANTHROPIC_API_KEY",
        "ANTHROPIC_AUTH_TOKEN",
        "ANTHROPIC_CUSTOM_HEADERS",
        "ANTHROPIC_FOUNDRY_API_KEY",
        "AWS_BEARER_TOKEN_BEDROCK",
        "CLAUDE_CODE_CLIENT_KEY_PASSPHRASE",
        "CLAUDE_CODE_OAUTH_TOKEN",
    ],
    probes: Probes {
        version_args: &["--version"],
        tested: Some(TestedVersions {
            first: Version(2, 1, 197),
            last: Version(2, 1, 330),
        }),
        login: Some(LoginProbe {
            args: &["auth", "status"],
            read: probe::claude_login,
        }),
        look: None,
    },
    install_hint: "Install it with `npm install -g @anthropic-ai/claude-code` (Node 22 or newer)",
    login_hint: "Run `claude auth login` in a terminal, or set ANTHROPIC_API_KEY",
    capabilities: Capabilities {
        asks: true,
        deny_reason: true,
        stays: true,
        resumes: true,
        forks: true,
        names_session: true,
        switches: true,
    },
    // After an interrupt its commands are gone in 0.05 s; SIGTERM takes 1.3 s while one runs.
    stop: StopTimes {
        interrupt_ms: 700,
        close_stdin_ms: 200,
        term_ms: 1300,
    },
    variants,
    guides: &["CLAUDE.md", ".claude/CLAUDE.md"],
    mend: None,
    command,
    protocol,
    protocol_for_replay,
};

const PROGRAMS: [ProgramCandidate; 3] = [
    ProgramCandidate::InPath("claude"),
    ProgramCandidate::UnderHome(".local/bin/claude"),
    ProgramCandidate::UnderHome(".claude/local/claude"),
];

/// Both ways JSON lines, with deltas, echoes and questions. Only the user's own settings, and no MCP servers but those
/// that we name: a repository's hooks and servers would run without being asked about.
const ARGS: [&str; 13] = [
    "-p",
    "--output-format",
    "stream-json",
    "--input-format",
    "stream-json",
    "--verbose",
    "--include-partial-messages",
    "--replay-user-messages",
    "--permission-prompt-tool",
    "stdio",
    "--setting-sources",
    "user",
    "--strict-mcp-config",
];

/// Quiet on the network, and with a to-do list.
const ENV: [(&str, &str); 3] = [
    ("CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC", "1"),
    ("CLAUDE_CODE_ENABLE_TODO_TOOLS", "1"),
    ("DISABLE_AUTOUPDATER", "1"),
];

fn variants() -> Vec<(&'static str, ProfileConfig)> {
    let plan = ProfileConfig {
        plan: true,
        ..ProfileConfig::default()
    };
    vec![
        ("DEFAULT", ProfileConfig::default()),
        ("PLAN", plan),
        // The predecessors' name for asking before acting, which here is up to each attempt.
        ("APPROVALS", ProfileConfig::default()),
    ]
}

fn command(start: &Start<'_>) -> AgentCommand {
    let launch = start.launch;
    let config = &launch.config;
    let mut args: Vec<OsString> = ARGS.map(OsString::from).into();
    if let Some(guide) = start.guide {
        args.extend(["--append-system-prompt-file".into(), guide.path.clone().into()]);
    }
    let mut option = |name: &str, value: &str| args.extend([name.into(), value.into()]);
    // Never a mode that approves by itself: every question is asked, and answered by us.
    option("--permission-mode", if config.plan { "plan" } else { "default" });
    if let Some(model) = &config.model {
        option("--model", model);
    }
    if let Some(effort) = &config.effort {
        option("--effort", effort);
    }
    if let Some(server) = start.mcp {
        option("--mcp-config", &servers(server));
    }
    match &launch.resume {
        Some(resume) => args.extend(resume_args(resume)),
        None if launch.session_name.is_empty() => {}
        None => option("--session-id", &launch.session_name),
    }
    AgentCommand {
        exact: None,
        program: &PROGRAMS,
        args,
        env: BTreeMap::from(ENV.map(|(name, value)| (name.to_owned(), value.to_owned()))),
    }
}

fn servers(server: &Server) -> String {
    let server = json!({"type": "stdio", "command": server.program(), "args": server.arguments()});
    json!({"mcpServers": {mcp_config::NAME: server}}).to_string()
}

fn resume_args(resume: &ResumeFrom) -> Vec<OsString> {
    let mut args = vec!["--resume".into(), OsString::from(&resume.agent_session)];
    if resume.fork {
        args.push("--fork-session".into());
    }
    if let Some(at) = &resume.at {
        args.extend(["--resume-session-at".into(), OsString::from(at)]);
    }
    args
}

fn protocol(start: &Start<'_>) -> Box<dyn Protocol> {
    let launch = start.launch;
    Box::new(ClaudeStream::new(ClaudeOptions {
        prompt: launch.prompt.clone(),
        images: launch.images.clone(),
        append_prompt: launch.config.append_prompt.clone(),
        worktree: Some(start.worktree.to_path_buf()),
        model: launch.config.model.clone(),
    }))
}

fn protocol_for_replay() -> Box<dyn Protocol> {
    Box::new(ClaudeStream::new(ClaudeOptions::default()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use anyon_model::{AgentLaunch, ApproveMode, ExecutorProfileId};
    use std::{ffi::OsStr, path::Path};

    fn launch() -> AgentLaunch {
        AgentLaunch {
            profile: ExecutorProfileId::new("CLAUDE_CODE"),
            config: ProfileConfig::default(),
            prompt: "fix the secret thing".into(),
            images: Vec::new(),
            approve: ApproveMode::Ask,
            resume: None,
            session_name: "00000000-0000-7000-8000-000000000001".into(),
            handover: None,
            mcp: true,
        }
    }

    fn args(launch: &AgentLaunch) -> String {
        args_with(launch, None)
    }

    fn args_with(launch: &AgentLaunch, mcp: Option<&Server>) -> String {
        let command = command(&Start {
            launch,
            exe: Path::new("/bin/anyon"),
            worktree: Path::new("/w"),
            mcp,
            guide: None,
        });
        command.args.join(OsStr::new(" ")).into_string().unwrap()
    }

    #[test]
    fn a_repository_is_never_trusted_and_the_prompt_is_no_argument() {
        for approve in [ApproveMode::Ask, ApproveMode::Edits, ApproveMode::All] {
            let args = args(&AgentLaunch { approve, ..launch() });
            assert!(args.contains("--setting-sources user --strict-mcp-config"));
            assert!(args.contains("--permission-mode default"));
            assert!(!args.contains("bypass") && !args.contains("skip-permissions"));
            assert!(!args.contains("secret"));
        }
    }

    #[test]
    fn the_only_mcp_server_is_ours() {
        let server = Server::new(Path::new("/bin/anyon"), &["--mcp"]).unwrap();
        let with = args_with(&launch(), Some(&server));
        assert!(with.contains("--strict-mcp-config"), "{with}");
        let (_, named) = with.split_once("--mcp-config {").unwrap();
        let (named, _) = named.split_once(" --session-id").unwrap();
        let named: serde_json::Value = serde_json::from_str(&format!("{{{named}")).unwrap();
        let anyon = serde_json::json!({"type": "stdio", "command": "/bin/anyon", "args": ["--mcp"]});
        assert_eq!(named, serde_json::json!({"mcpServers": {"anyon": anyon}}));
        assert!(!args(&launch()).contains("--mcp-config {"));
    }

    #[test]
    fn a_new_session_is_named_and_an_old_one_resumed_or_forked() {
        assert!(args(&launch()).ends_with("--session-id 00000000-0000-7000-8000-000000000001"));
        let resume = ResumeFrom {
            agent_session: "s1".into(),
            at: Some("m7".into()),
            fork: true,
        };
        let resumed = args(&AgentLaunch {
            resume: Some(resume),
            ..launch()
        });
        assert!(resumed.ends_with("--resume s1 --fork-session --resume-session-at m7"));
        assert!(!resumed.contains("--session-id"));
    }

    #[test]
    fn a_profile_chooses_model_effort_and_planning() {
        let config = ProfileConfig {
            model: Some("opus".into()),
            effort: Some("high".into()),
            plan: true,
            ..ProfileConfig::default()
        };
        let args = args(&AgentLaunch { config, ..launch() });
        assert!(args.contains("--permission-mode plan --model opus --effort high"));
    }
}
