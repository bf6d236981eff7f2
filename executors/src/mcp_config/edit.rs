//! The edit of a file's text, whatever it is written in: finds out how it stands, changes it, and looks again.

use super::{
    Fault,
    entry::{Entry, Form},
    json, toml,
};
use serde_json::{Map, Value};

/// How a file stands to the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It starts this server.
    Present,
    /// It does not name it.
    Absent,
    /// Under its name it starts something else.
    Other,
}

/// A text and how it stood before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edited {
    /// How the text stood.
    pub standing: Standing,
    /// The text with the server in it; the same where it was there.
    pub text: String,
}

/// What stands under the server's name.
pub enum There {
    /// Nothing.
    Nothing,
    /// An entry.
    Entry(Map<String, Value>),
    /// Something that is none.
    Else,
}

impl There {
    /// What a value is as an entry.
    pub fn of(value: Option<Value>) -> Self {
        match value {
            None => Self::Nothing,
            Some(Value::Object(entry)) => Self::Entry(entry),
            Some(_) => Self::Else,
        }
    }

    /// How it stands to the entry that is wanted.
    pub fn standing(&self, entry: &Entry) -> Standing {
        match self {
            Self::Nothing => Standing::Absent,
            Self::Entry(there) if entry.is_in(there) && !Entry::is_remote(there) => Standing::Present,
            Self::Entry(_) | Self::Else => Standing::Other,
        }
    }
}

/// Puts the entry into a text.
pub fn edit(section: &str, form: &Form, entry: &Entry, text: &str) -> Result<Edited, Fault> {
    // Some editors of Windows begin a file with it; parsers do not know it.
    let (mark, body) = match text.strip_prefix('\u{feff}') {
        Some(body) => ("\u{feff}", body),
        None => ("", text),
    };
    let work = match form {
        Form::Toml => toml::put,
        _ => json::put,
    };
    let (standing, after) = work(section, entry, body)?;
    let Some(after) = after else {
        return Ok(Edited {
            standing,
            text: text.to_owned(),
        });
    };
    // What does not read back as meant is never written.
    match work(section, entry, &after) {
        Ok((Standing::Present, None)) => Ok(Edited {
            standing,
            text: format!("{mark}{after}"),
        }),
        _ => Err(Fault::Unfit),
    }
}
