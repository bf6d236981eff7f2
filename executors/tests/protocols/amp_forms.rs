//! What Amp is told and what it may say.

use crate::support::Conversation;
use anyon_executors::{
    agents::{Start, agent},
    mcp_config::Server,
    protocols::{Amp, AmpOptions, Protocol},
};
use anyon_model::{
    AgentEvent, AgentLaunch, AgentRequest, ApproveMode, EntryKind, ExecutorProfileId, FailureKind, LogStream,
    ProfileConfig, ResumeFrom, TurnOutcome,
};
use std::path::Path;

fn launch() -> AgentLaunch {
    AgentLaunch {
        profile: ExecutorProfileId::new("AMP"),
        config: ProfileConfig::default(),
        prompt: "the secret thing".into(),
        images: Vec::new(),
        approve: ApproveMode::All,
        resume: None,
        session_name: String::new(),
        handover: None,
        mcp: true,
    }
}

fn args(launch: &AgentLaunch, mcp: Option<&Server>) -> String {
    let command = (agent("AMP").unwrap().command)(&Start {
        launch,
        exe: Path::new("/bin/anyon"),
        worktree: Path::new("/w"),
        mcp,
        guide: None,
    });
    let words = command.args.iter().map(|word| word.to_string_lossy());
    words.collect::<Vec<_>>().join(" ")
}

#[test]
fn it_is_started_for_one_prompt_and_never_allowed_everything() {
    let said = args(&launch(), None);
    assert!(said.starts_with("--execute --stream-json"), "{said}");
    assert!(
        !said.contains("allow-all") && !said.contains("secret") && !said.contains("mcp"),
        "{said}"
    );
    let server = Server::new(Path::new("/bin/anyon"), &["--mcp"]).unwrap();
    let said = args(&launch(), Some(&server));
    let (_, servers) = said.split_once("--mcp-config ").unwrap();
    let servers: serde_json::Value = serde_json::from_str(servers).unwrap();
    let anyon = serde_json::json!({"command": "/bin/anyon", "args": ["--mcp"]});
    assert_eq!(servers, serde_json::json!({"anyon": anyon}));
    let resume = Some(ResumeFrom {
        agent_session: "T-1".into(),
        at: None,
        fork: false,
    });
    let config = ProfileConfig {
        effort: Some("high".into()),
        ..ProfileConfig::default()
    };
    let said = args(
        &AgentLaunch {
            resume,
            config,
            ..launch()
        },
        None,
    );
    assert!(said.starts_with("threads continue T-1 --execute"), "{said}");
    assert!(said.ends_with("--mode high"), "{said}");
}

#[test]
fn the_prompt_is_all_that_it_is_told() {
    let mut amp = Amp::new(AmpOptions {
        prompt: "Fix it\n\nand test it\n".into(),
        append_prompt: Some("Be brief.".into()),
        ..AmpOptions::default()
    });
    let mut stdin = Vec::new();
    amp.start(&mut stdin);
    assert_eq!(stdin, b"Fix it\n\nand test it\n\n\nBe brief.\n");
    assert!(amp.speaks_once(), "it begins when its input ends");
    let mut conversation = Conversation::default();
    for line in stdin.split(|byte| *byte == b'\n').take(6) {
        conversation.line(&mut amp, LogStream::In, line);
    }
    let mut more = Vec::new();
    amp.request(&AgentRequest::Interrupt, &mut more);
    assert!(more.is_empty());
    conversation.exit(&mut amp);
    let shown = conversation.texts(|entry| match &entry.kind {
        EntryKind::UserMessage { text } => Some(text.clone()),
        _ => None,
    });
    assert_eq!(shown, ["Fix it\n\nand test it\n\n\nBe brief."]);
}

#[test]
fn waiting_for_a_login_in_a_browser_is_a_failure() {
    let mut amp = Amp::new(AmpOptions::default());
    let mut conversation = Conversation::default();
    conversation.line(&mut amp, LogStream::In, b"go");
    let told = b"No API key found. Opening https://ampcode.com/auth/cli-login in your browser";
    conversation.line(&mut amp, LogStream::Err, told);
    let outcome = conversation.events.iter().find_map(|event| match event {
        AgentEvent::TurnEnded(TurnOutcome::Failed { kind, .. }) => Some(kind.clone()),
        _ => None,
    });
    assert_eq!(outcome, Some(FailureKind::Auth));
}
