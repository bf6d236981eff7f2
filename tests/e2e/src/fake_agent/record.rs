//! What happened to the fake agent, for the test to look at: the file that `FAKE_AGENT_RECORD` names.
//!
//! One JSON object a line: `{"started":{…}}`, `{"heard":"line"}`, `{"ended":status}`.

use serde_json::{Map, Value, json};
use std::{fs::File, io::Write, path::Path, sync::Arc};

/// A record; without the variable, none is kept.
#[derive(Debug, Clone)]
pub struct Record(Option<Arc<File>>);

impl Record {
    /// Opens the record and notes with what this process was started.
    pub fn open() -> Self {
        let file = std::env::var_os("FAKE_AGENT_RECORD")
            .and_then(|path| File::options().create(true).append(true).open(path).ok());
        let record = Self(file.map(Arc::new));
        record.note("started", &circumstances());
        record
    }
    /// Notes something. One write a line, so that several agents can share a file.
    pub fn note(&self, what: &str, value: &Value) {
        if let Some(mut file) = self.0.as_deref() {
            let _ = file.write_all(format!("{}\n", json!({ what: value })).as_bytes());
        }
    }
}

fn circumstances() -> Value {
    let environment: Map<_, _> = std::env::vars_os()
        .map(|(name, value)| {
            (
                name.to_string_lossy().into_owned(),
                value.to_string_lossy().into(),
            )
        })
        .collect();
    json!({
        "process": std::process::id(),
        "arguments": std::env::args().skip(1).collect::<Vec<_>>(),
        "folder": std::env::current_dir().unwrap_or_default(),
        "environment": environment,
    })
}

/// Reads a record: one value a line. A file that is not there was never begun.
pub fn read(file: &Path) -> Vec<Value> {
    let text = std::fs::read_to_string(file).unwrap_or_default();
    text.lines()
        .filter_map(|line| serde_json::from_str(line).ok())
        .collect()
}
