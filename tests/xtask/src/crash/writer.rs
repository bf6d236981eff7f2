//! The process that is killed: commits changes and writes a log as fast as it can, and says what is durable.

use super::plan::{self, Plan};
use anyhow::Context;
use anyon_model::{Entry, EntryChange, EntryIndex, EntryKind, LogStream, StoreId, Timestamp};
use anyon_storage::{
    Store,
    logs::{LogFolder, LogHandle, LogWriter},
};
use clap::Args;
use std::{io::Write, path::PathBuf, process::ExitCode, thread, time::Duration};

/// What the writer is told.
#[derive(Args)]
pub(crate) struct WriterArguments {
    folder: PathBuf,
    seed: u64,
    round: u32,
    first_commit: u64,
}

/// Writes until it is killed.
pub(crate) fn write(arguments: &WriterArguments) -> anyhow::Result<ExitCode> {
    let plan = Plan {
        seed: arguments.seed,
        round: arguments.round,
        first_commit: arguments.first_commit,
    };
    let opened = Store::open(&arguments.folder, plan.now(), StoreId(uuid::Uuid::nil()))?;
    let logs = LogFolder::new(arguments.folder.join("logs"));
    let (writer, handle) = LogWriter::create(&logs, plan.execution_id()).context("creating the log")?;
    // Each ends only by an error, and the first one ends the process.
    thread::scope(|scope| {
        let ends = [
            scope.spawn(|| commit(&opened.store, &plan)),
            scope.spawn(|| log(writer, &plan)),
            scope.spawn(|| sync(&handle)),
        ];
        for end in ends {
            if let Ok(result) = end.join() {
                result?;
            }
        }
        Ok(ExitCode::FAILURE)
    })
}

fn commit(store: &Store, plan: &Plan) -> anyhow::Result<()> {
    for number in plan.first_commit.. {
        store.commit(&plan::changes(plan.seed, number))?;
        say(&format!("commit {number} .\n"))?;
    }
    Ok(())
}

fn log(mut writer: LogWriter, plan: &Plan) -> anyhow::Result<()> {
    for number in 0.. {
        let mut line = plan.line(number);
        line.push(b'\n');
        writer.append_raw(LogStream::Out, number, &line)?;
        writer.apply(entry(number, &line))?;
        let random = plan.random(number);
        if random.is_multiple_of(64) {
            writer.flush()?;
        }
        if random.is_multiple_of(512) {
            thread::sleep(Duration::from_millis(1));
        }
    }
    Ok(())
}

/// The entry of a line.
pub(crate) fn entry(number: u64, line: &[u8]) -> EntryChange {
    EntryChange::Put(Entry {
        index: EntryIndex(number),
        at: Timestamp::from_ms(0),
        parent: None,
        done: true,
        kind: EntryKind::Raw {
            stream: LogStream::Out,
            text: String::from_utf8_lossy(line).trim_end().to_string(),
        },
    })
}

fn sync(handle: &LogHandle) -> anyhow::Result<()> {
    loop {
        let lengths = handle.sync()?;
        say(&format!("log {} .\n", lengths.raw))?;
        thread::sleep(Duration::from_millis(3));
    }
}

/// One write, so that a kill cannot mix two.
fn say(line: &str) -> anyhow::Result<()> {
    let mut stdout = std::io::stdout().lock();
    stdout.write_all(line.as_bytes())?;
    Ok(stdout.flush()?)
}
