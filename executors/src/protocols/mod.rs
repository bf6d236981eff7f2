//! The protocols that agents speak, as pure state machines.
//!
//! Everything an execution's conversation shows is a function of its raw log: the lines that the agent wrote and the
//! lines that we wrote to it, in order. A protocol therefore learns what was sent from [`Protocol::on_line`] with
//! [`LogStream::In`], not from having been asked to make it, and re-reading a stored log gives the same entries.

pub mod acp;
pub mod amp;
mod book;
pub mod claude_stream;
pub mod codex;
mod failure;
mod json;
mod words;

pub use acp::{Acp, AcpOptions, Manners, Quirks, ResumeBy, quirks};
pub use amp::{Amp, AmpOptions};
pub use claude_stream::{ClaudeOptions, ClaudeStream};
pub use codex::{Codex, CodexOptions};

use anyon_model::{AgentEvent, AgentRequest, ExitStatus, LogStream, Timestamp};

/// A protocol: turns an agent's lines into events, and requests into lines.
pub trait Protocol: Send + Sync {
    /// Appends the lines to be written first: the handshake, and the first prompt where the protocol needs no answer
    /// before it. Each line ends with a newline.
    fn start(&mut self, stdin: &mut Vec<u8>);

    /// Everything is said with the first lines: the agent begins when its standard input ends.
    fn speaks_once(&self) -> bool {
        false
    }

    /// Takes one line without its newline, of any of the three streams. Lines that we sent come here too, before
    /// anything the agent says to them. Never panics, whatever the bytes.
    fn on_line(&mut self, stream: LogStream, line: &[u8], now: Timestamp, output: &mut Output) -> LineUse;

    /// Appends the lines that tell the agent something. Nothing is appended when there is nothing to say (an
    /// interrupt without a turn, an answer to a question that is void).
    fn request(&mut self, request: &AgentRequest, stdin: &mut Vec<u8>);

    /// The process is gone: close what is still open.
    fn on_exit(&mut self, status: ExitStatus, now: Timestamp, output: &mut Output);
}

/// What a line led to.
#[derive(Debug, Default)]
pub struct Output {
    /// What the agent said, in order.
    pub events: Vec<AgentEvent>,
    /// Lines to be written to the agent. Ignored when a stored log is re-read: they are in it.
    pub stdin: Vec<u8>,
}

/// What became of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LineUse {
    /// It changed the conversation or the state of the agent.
    Used,
    /// It is known and has nothing to show: an acknowledgement, a ping, an echo.
    Control,
    /// It is not known: it became an [`anyon_model::EntryKind::Raw`] entry, or a message with its text.
    Raw,
}

/// One line's worth of time and output, as the parts of a protocol pass it on.
struct Step<'o> {
    now: Timestamp,
    output: &'o mut Output,
}

impl Step<'_> {
    fn event(&mut self, event: AgentEvent) {
        self.output.events.push(event);
    }
}

/// A prompt as text: pictures are named by their files, which agents read themselves.
fn prompt_text(text: &str, images: &[anyon_model::Image], append: Option<&str>) -> String {
    let mut prompt = text.to_owned();
    for image in images {
        if let Some(source) = &image.source {
            prompt.push_str(&format!("\n\nImage “{}”: {source}", image.label));
        }
    }
    if let Some(append) = append.filter(|append| !append.is_empty()) {
        prompt.push_str("\n\n");
        prompt.push_str(append);
    }
    prompt
}
