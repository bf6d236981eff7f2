//! OpenCode, by the Agent Client Protocol.

use super::{
    AgentCommand, AgentSpec, LoginState, Probes, ProgramCandidate, Start, Surroundings, TestedVersions,
    Version, acp,
};
use crate::protocols::{Protocol, quirks};
use anyon_model::{ProfileConfig, StopTimes};
use serde_json::{Value, json};

pub(super) const SPEC: AgentSpec = AgentSpec {
    id: "OPENCODE",
    name: "OpenCode",
    program: &PROGRAMS,
    own_environment: &[
        "OPENCODE_API_KEY",
        "OPENCODE_AUTH_CONTENT",
        "ANTHROPIC_API_KEY",
        "OPENAI_API_KEY",
        "GEMINI_API_KEY",
        "GOOGLE_API_KEY",
        "GOOGLE_GENERATIVE_AI_API_KEY",
        "OPENROUTER_API_KEY",
        "GROQ_API_KEY",
        "MISTRAL_API_KEY",
        "DEEPSEEK_API_KEY",
        "XAI_API_KEY",
    ],
    probes: Probes {
        version_args: &["--version"],
        tested: Some(TestedVersions {
            first: Version(1, 18, 33),
            last: Version(1, 18, 33),
        }),
        login: None,
        look: Some(login),
    },
    install_hint: "Install it with `npm install -g opencode-ai`",
    login_hint: "Run `opencode auth login` in a terminal",
    capabilities: acp::CAPABILITIES,
    // A cancelled command is gone in 0.2 s; the end of its input ends it with its commands, signals leave those alive.
    stop: StopTimes {
        interrupt_ms: 600,
        close_stdin_ms: 1500,
        term_ms: 200,
    },
    variants,
    guides: &["AGENTS.md", "CLAUDE.md"],
    mend: None,
    command,
    protocol,
    protocol_for_replay,
};

const PROGRAMS: [ProgramCandidate; 2] = [
    ProgramCandidate::InPath("opencode"),
    ProgramCandidate::UnderHome(".opencode/bin/opencode"),
];

/// Nothing of the repository is run: no plugins, no MCP servers, no permissions that it gives itself. Nothing is
/// shared, nothing is fetched that was not asked for.
const ENV: [(&str, &str); 5] = [
    ("OPENCODE_DISABLE_PROJECT_CONFIG", "1"),
    ("OPENCODE_DISABLE_AUTOUPDATE", "1"),
    ("OPENCODE_DISABLE_LSP_DOWNLOAD", "1"),
    ("OPENCODE_DISABLE_SHARE", "1"),
    ("NO_COLOR", "1"),
];

fn variants() -> Vec<(&'static str, ProfileConfig)> {
    acp::variants(&[])
}

fn command(start: &Start<'_>) -> AgentCommand {
    let mut command = acp::command(&PROGRAMS, vec!["acp".into()], &ENV);
    let config = config(start.launch.config.model.as_deref());
    command
        .env
        .insert("OPENCODE_CONFIG_CONTENT".to_owned(), config.to_string());
    command
}

/// Laid over the person's own configuration. Of itself it asks nothing; what an agent of theirs is allowed counts more
/// than what all are, so both are said.
fn config(model: Option<&str>) -> Value {
    let asks = json!({"edit": "ask", "bash": "ask", "webfetch": "ask", "external_directory": "ask"});
    let agents = ["build", "plan", "general"].map(|agent| (agent.to_owned(), json!({"permission": asks})));
    let mut config = json!({
        "permission": asks, "agent": Value::Object(agents.into_iter().collect()), "share": "disabled",
    });
    if let Some(model) = model {
        config["model"] = json!(model);
    }
    config
}

fn protocol(start: &Start<'_>) -> Box<dyn Protocol> {
    acp::protocol(start, quirks::OPENCODE)
}

fn protocol_for_replay() -> Box<dyn Protocol> {
    acp::for_replay(quirks::OPENCODE)
}

/// The names of the providers that a person logged in with. Without one it may still have a provider in its
/// configuration.
fn login(seen: &dyn Surroundings) -> LoginState {
    let file = seen.file("XDG_DATA_HOME", ".local/share", "opencode/auth.json");
    let known: Value = file
        .and_then(|text| serde_json::from_str(&text).ok())
        .unwrap_or(Value::Null);
    let providers: Vec<&str> = known
        .as_object()
        .map(|known| known.keys().map(String::as_str).collect())
        .unwrap_or_default();
    if providers.is_empty() {
        return LoginState::Unknown;
    }
    LoginState::LoggedIn {
        method: providers.join(", "),
    }
}
