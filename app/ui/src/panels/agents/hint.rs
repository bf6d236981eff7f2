//! Hints of agents in the person's language. An agent's own words are English and hold its commands; what they mean
//! (install, log in, variables, a version of Node) is said in the words of the catalogue. A hint that holds nothing of
//! this stays as it is.

use crate::Catalogue;

/// What a hint is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum About {
    /// How to install the agent.
    Install,
    /// How to log in to it.
    Login,
}

/// The hint as a person reads it. The commands in it stand below, to be copied: here they are not said again.
pub(super) fn words(text: &Catalogue, hint: &str, about: About) -> String {
    let variables = variables(hint);
    let names = || [("names", variables.join(", ").into())];
    let mut said = match (about, commands(hint).count(), variables.as_slice()) {
        (_, 0, []) => return hint.to_owned(),
        (About::Login, 0, _) => return text.with("agents-hint-variables", &names()),
        (About::Install, ..) => text.get("agents-hint-install").to_owned(),
        (About::Login, _, []) => text.get("agents-hint-login").to_owned(),
        (About::Login, ..) => text.with("agents-hint-login-or", &names()),
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
    use crate::text::Language;

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
    fn the_words_leave_the_commands_to_the_lines_below() {
        let korean = Catalogue::new(Language::Korean);
        let said = words(&korean, INSTALL, About::Install);
        assert_eq!(said, "터미널에서 다음 명령으로 설치하십시오. (Node 22 이상)");
        let said = words(&korean, LOGIN, About::Login);
        assert_eq!(
            said,
            "환경 변수 ANTHROPIC_API_KEY를 설정하거나 터미널에서 다음 명령으로 로그인하십시오."
        );
        let said = words(&korean, "Set OPENAI_API_KEY", About::Login);
        assert_eq!(said, "환경 변수 OPENAI_API_KEY를 설정하십시오.");
        let english = Catalogue::new(Language::English);
        let said = words(&english, INSTALL, About::Install);
        assert_eq!(said, "To install it, run this in a terminal (Node 22 or newer)");
        let said = words(&english, LOGIN, About::Login);
        assert_eq!(said, "Set ANTHROPIC_API_KEY, or log in with this in a terminal");
        for text in [korean, english] {
            let own = "It is part of Anyon";
            assert_eq!(words(&text, own, About::Install), own);
        }
    }
}
