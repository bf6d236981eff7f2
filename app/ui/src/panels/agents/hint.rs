//! Hints of agents in the person's language. An agent's own words are English; what they hold (commands, variables, a
//! version of Node) is said again in the words of the catalogue. A hint that holds nothing of this stays as it is.

use crate::{Catalogue, text::Language};

/// What a hint is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum About {
    /// How to install the agent.
    Install,
    /// How to log in to it.
    Login,
}

/// The hint as a person reads it.
pub(super) fn words(text: &Catalogue, hint: &str, about: About) -> String {
    let own = || hint.replace('`', "");
    if text.language() == Language::English {
        return own();
    }
    let commands: Vec<&str> = commands(hint).collect();
    let variables = variables(hint);
    let list = |words: &[&str]| words.join(", ");
    let mut said = match (about, commands.as_slice(), variables.as_slice()) {
        (_, [], []) => return own(),
        (About::Login, [], _) => {
            return text.with("agents-hint-variables", &[("names", list(&variables).into())]);
        }
        (About::Install, ..) => text.with("agents-hint-install", &[("commands", list(&commands).into())]),
        (About::Login, _, []) => text.with("agents-hint-login", &[("commands", list(&commands).into())]),
        (About::Login, ..) => text.with(
            "agents-hint-login-or",
            &[
                ("commands", list(&commands).into()),
                ("names", list(&variables).into()),
            ],
        ),
    };
    if let Some(version) = node(hint) {
        said.push(' ');
        said.push_str(&text.with("agents-hint-node", &[("version", version.into())]));
    }
    said
}

/// The parts of a text between backticks.
pub(super) fn commands(hint: &str) -> impl Iterator<Item = &str> {
    let parts = hint.split('`').skip(1).step_by(2);
    parts.filter(|command| !command.trim().is_empty())
}

/// Names of environment variables outside of commands.
fn variables(hint: &str) -> Vec<&str> {
    let is_name = |word: &&str| {
        word.contains('_')
            && word
                .chars()
                .all(|char| char.is_ascii_uppercase() || char.is_ascii_digit() || char == '_')
    };
    let outside = hint.split('`').step_by(2);
    outside
        .flat_map(|part| part.split(|char: char| !(char.is_ascii_alphanumeric() || char == '_')))
        .filter(is_name)
        .collect()
}

/// `22` of “Node 22 or newer”.
fn node(hint: &str) -> Option<&str> {
    let (_, rest) = hint.split_once("Node ")?;
    let version = rest.split_once(" or newer")?.0;
    version
        .chars()
        .all(|char| char.is_ascii_digit() || char == '.')
        .then_some(version)
}

#[cfg(test)]
mod tests {
    use super::*;

    const INSTALL: &str = "Install it with `npm install -g @anthropic-ai/claude-code` (Node 22 or newer)";
    const LOGIN: &str = "Run `claude auth login` in a terminal, or set ANTHROPIC_API_KEY";

    #[test]
    fn the_commands_of_a_hint_can_be_copied() {
        let hint = "Install it with `npm install -g x` (Node 22 or newer), then `x login`";
        assert_eq!(
            commands(hint).collect::<Vec<_>>(),
            ["npm install -g x", "x login"]
        );
        assert_eq!(commands("It is part of Anyon").count(), 0);
    }

    #[test]
    fn a_korean_person_reads_korean() {
        let korean = Catalogue::new(Language::Korean);
        let said = words(&korean, INSTALL, About::Install);
        assert_eq!(
            said,
            "터미널에서 npm install -g @anthropic-ai/claude-code 명령으로 설치하십시오. (Node 22 이상)"
        );
        let said = words(&korean, LOGIN, About::Login);
        assert_eq!(
            said,
            "터미널에서 claude auth login 명령으로 로그인하거나 환경 변수 ANTHROPIC_API_KEY를 설정하십시오."
        );
        let said = words(&korean, "Set OPENAI_API_KEY", About::Login);
        assert_eq!(said, "환경 변수 OPENAI_API_KEY를 설정하십시오.");
        assert_eq!(
            words(&korean, "It is part of Anyon", About::Install),
            "It is part of Anyon"
        );
    }

    #[test]
    fn an_english_person_reads_the_agents_own_words() {
        let english = Catalogue::new(Language::English);
        let said = words(&english, LOGIN, About::Login);
        assert_eq!(
            said,
            "Run claude auth login in a terminal, or set ANTHROPIC_API_KEY"
        );
    }
}
