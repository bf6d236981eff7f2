//! Colours and emphasis, only where a terminal shows them.

use std::io::IsTerminal;

/// Whether escape sequences may be written.
#[derive(Debug, Clone, Copy)]
pub struct Style {
    colours: bool,
}

impl Style {
    /// For a stream: colours only on a terminal, and not when `NO_COLOR` or a dumb terminal forbids them.
    pub fn for_stream(stream: &impl IsTerminal) -> Self {
        let forbidden = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty())
            || std::env::var_os("TERM").is_some_and(|term| term == "dumb");
        Self {
            colours: stream.is_terminal() && !forbidden,
        }
    }
    /// Without colours.
    #[cfg(test)]
    pub fn plain() -> Self {
        Self { colours: false }
    }
    /// Less important.
    pub fn dim(self, text: &str) -> String {
        self.wrap("2", text)
    }
    /// More important.
    pub fn bold(self, text: &str) -> String {
        self.wrap("1", text)
    }
    /// Went well, or was added.
    pub fn green(self, text: &str) -> String {
        self.wrap("32", text)
    }
    /// Went wrong, or was removed.
    pub fn red(self, text: &str) -> String {
        self.wrap("31", text)
    }
    /// Wants attention.
    pub fn yellow(self, text: &str) -> String {
        self.wrap("33", text)
    }
    /// A place or a name.
    pub fn cyan(self, text: &str) -> String {
        self.wrap("36", text)
    }
    fn wrap(self, code: &str, text: &str) -> String {
        match self.colours {
            true => format!("\u{1b}[{code}m{text}\u{1b}[0m"),
            false => text.to_owned(),
        }
    }
}
