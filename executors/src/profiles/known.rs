//! Agents that speak the Agent Client Protocol, with the commands that make them. Most were never run here, and say so.

use super::Configuration;
use anyon_model::{AgentFields, FieldValue, KnownAgent, Proof};

/// An agent of the table.
struct Row {
    id: &'static str,
    name: &'static str,
    /// Program and arguments.
    command: &'static [&'static str],
    env: &'static [(&'static str, &'static str)],
    /// Its mode that asks, where it may begin in another; empty: not known.
    ask_mode: &'static str,
    /// The package of npm that it is in; empty: none is known.
    package: &'static str,
    proof: Proof,
}

const fn row(
    proof: Proof,
    id: &'static str,
    name: &'static str,
    command: &'static [&'static str],
    package: &'static str,
) -> Row {
    Row {
        id,
        name,
        command,
        env: &[],
        ask_mode: "",
        package,
        proof,
    }
}

use Proof::{Hearsay, Published, Run};

/// By name.
const ROWS: [Row; 26] = [
    Row {
        env: &[("AUGMENT_DISABLE_AUTO_UPDATE", "1")],
        ..row(Published, "auggie", "Auggie", &["auggie", "--acp"], "")
    },
    Row {
        ask_mode: "default",
        ..row(
            Run,
            "claude-agent-acp",
            "Claude Code by its ACP adapter",
            &["claude-agent-acp"],
            "@agentclientprotocol/claude-agent-acp",
        )
    },
    row(Hearsay, "cline", "Cline", &["cline", "--acp"], "cline"),
    row(
        Published,
        "code-assistant",
        "code-assistant",
        &["code-assistant", "acp"],
        "",
    ),
    row(
        Run,
        "codex-acp",
        "Codex by its ACP adapter",
        &["codex-acp"],
        "@agentclientprotocol/codex-acp",
    ),
    row(Hearsay, "devin", "Devin", &["devin", "acp"], ""),
    row(Published, "cagent", "Docker cagent", &["cagent", "acp"], ""),
    row(
        Published,
        "droid",
        "Factory Droid",
        &["droid", "exec", "--output-format", "acp"],
        "",
    ),
    row(Hearsay, "fast-agent", "fast-agent", &["fast-agent-acp"], ""),
    row(Published, "goose", "Goose", &["goose", "acp"], ""),
    row(Hearsay, "hermes", "Hermes", &["hermes", "acp"], ""),
    row(Published, "iflow", "iFlow", &["iflow", "--experimental-acp"], ""),
    row(
        Published,
        "junie",
        "Junie",
        &["junie", "--acp=true"],
        "@jetbrains/junie",
    ),
    row(Published, "kilo", "Kilo", &["kilo", "acp"], "@kilocode/cli"),
    row(Published, "kimi", "Kimi CLI", &["kimi", "acp"], ""),
    row(Published, "kiro", "Kiro", &["kiro-cli", "acp"], ""),
    row(Published, "vibe", "Mistral Vibe", &["vibe-acp"], ""),
    row(Published, "openclaw", "OpenClaw", &["openclaw", "acp"], ""),
    row(Hearsay, "openhands", "OpenHands", &["openhands", "acp"], ""),
    row(Published, "pi", "pi", &["pi-acp"], "pi-acp"),
    row(Hearsay, "poolside", "Poolside", &["pool", "acp"], ""),
    row(Published, "qoder", "Qoder", &["qodercli", "--acp"], ""),
    row(Published, "raxol", "Raxol", &["raxol", "acp"], ""),
    row(Published, "stakpak", "Stakpak", &["stakpak", "acp"], ""),
    row(Published, "trae", "Trae", &["traecli", "acp", "serve"], ""),
    row(Hearsay, "vtcode", "VT Code", &["vtcode", "acp"], ""),
];

/// All of them.
pub fn known_agents() -> Vec<KnownAgent> {
    ROWS.iter().map(Row::known).collect()
}

impl Configuration {
    /// Those that are not configured yet.
    pub fn not_yet(&self) -> Vec<KnownAgent> {
        let mut known = known_agents();
        known.retain(|known| self.agents.iter().all(|own| own.id != known.agent_id));
        known
    }
}

impl Row {
    fn known(&self) -> KnownAgent {
        let text = |text: &str| FieldValue::Text(text.to_owned());
        let (program, args) = self.command.split_first().unwrap_or((&"", &[]));
        let args = args.iter().map(|word| (*word).to_owned()).collect();
        let env = self.env.iter();
        let env = env.map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        let mut fields = AgentFields::from([
            ("name".to_owned(), text(self.name)),
            ("command".to_owned(), text(program)),
            ("args".to_owned(), FieldValue::List(args)),
            ("ask_mode".to_owned(), text(self.ask_mode)),
            ("env".to_owned(), FieldValue::Variables(env.collect())),
        ]);
        if !self.package.is_empty() {
            let hint = format!("Install it with `npm install -g {}`", self.package);
            fields.insert("install".to_owned(), text(&hint));
        }
        fields.retain(|_, value| !value.is_nothing());
        KnownAgent {
            agent_id: self.id.to_owned(),
            fields,
            proof: self.proof,
        }
    }
}
