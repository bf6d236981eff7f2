//! What the server's entry says, in the words of each agent. No agent's file is read here.

use super::Fault;
use serde_json::{Map, Value, json};
use std::{ffi::OsStr, path::Path};

/// How the server is started.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Server {
    program: String,
    arguments: Vec<String>,
}

impl Server {
    /// A program and its arguments. Configuration files hold text, so a path that is none is refused.
    pub fn new<S: AsRef<OsStr>>(program: &Path, arguments: &[S]) -> Result<Self, Fault> {
        let text = |word: &OsStr| {
            word.to_str()
                .map(str::to_owned)
                .ok_or_else(|| Fault::NotText(word.into()))
        };
        Ok(Self {
            program: text(program.as_os_str())?,
            arguments: arguments
                .iter()
                .map(|argument| text(argument.as_ref()))
                .collect::<Result<_, _>>()?,
        })
    }
}

impl Server {
    /// The program.
    pub fn program(&self) -> &str {
        &self.program
    }
    /// Its arguments.
    pub fn arguments(&self) -> &[String] {
        &self.arguments
    }
}

/// The forms that entries have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// A program and its arguments.
    Plain,
    /// That, and the kind of transport.
    Stdio,
    /// That, and which of its tools are offered.
    Copilot,
    /// Program and arguments in one list.
    OpenCode,
    /// A table of TOML.
    Toml,
}

/// An entry, key by key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// What has to be so.
    pub must: Vec<(&'static str, Value)>,
    /// What a new entry says too. In one that is there it is the person's choice.
    pub fresh: Vec<(&'static str, Value)>,
}

impl Form {
    /// The entry of a server.
    pub fn entry(self, server: &Server) -> Entry {
        let Server { program, arguments } = server;
        let start = [("command", json!(program)), ("args", json!(arguments))];
        let (mut must, mut fresh) = (Vec::new(), Vec::new());
        match self {
            Self::Plain | Self::Toml => must.extend(start),
            Self::Stdio => {
                must.push(("type", json!("stdio")));
                must.extend(start);
                fresh.push(("env", json!({})));
            }
            Self::Copilot => {
                must.push(("type", json!("local")));
                must.extend(start);
                fresh.push(("tools", json!(["*"])));
            }
            Self::OpenCode => {
                let line: Vec<&String> = std::iter::once(program).chain(arguments).collect();
                must.extend([
                    ("type", json!("local")),
                    ("command", json!(line)),
                    ("enabled", json!(true)),
                ]);
            }
        }
        Entry { must, fresh }
    }
}

impl Entry {
    /// The whole of a new one.
    pub fn whole(&self) -> Vec<(&'static str, Value)> {
        self.must.iter().chain(&self.fresh).cloned().collect()
    }
    /// What stands there says all that has to be said.
    pub fn is_in(&self, there: &Map<String, Value>) -> bool {
        self.must
            .iter()
            .all(|(key, value)| there.get(*key) == Some(value))
    }
    /// Keys of a server on the network: beside a program they make no sense, and some agents refuse both.
    pub const REMOTE: [&str; 8] = [
        "url",
        "httpUrl",
        "serverUrl",
        "headers",
        "http_headers",
        "env_http_headers",
        "bearer_token_env_var",
        "transport",
    ];
    /// What stands there is a server on the network.
    pub fn is_remote(there: &Map<String, Value>) -> bool {
        Self::REMOTE.iter().any(|key| there.contains_key(*key))
    }
}
