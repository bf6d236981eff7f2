//! Asks a program a question and takes its answer: under a supervisor, with the environment of an attempt, and not for
//! longer than a moment.

use crate::cli::clock;
use anyon_executors::process::{Environment, ProcessPlan, Started, start};
use anyon_model::{ExitStatus, IdSource};
use std::{collections::BTreeMap, path::Path, time::Duration};
use tokio::{io::AsyncReadExt, time::timeout};

const LIMIT: Duration = Duration::from_secs(10);

/// What the program wrote on its standard output, and its status if it ended by itself. `None`: it did not answer.
pub fn ask(
    program: &Path,
    args: &[&str],
    environment: &Environment,
    own_names: &[&str],
) -> Option<(String, Option<i32>)> {
    let execution_id = IdSource::new(clock::now(), u64::from(std::process::id())).make();
    let plan = ProcessPlan {
        execution_id,
        program: program.to_path_buf(),
        args: args.iter().map(Into::into).collect(),
        folder: std::env::temp_dir(),
        environment: environment.for_agent(own_names, &[], &BTreeMap::new(), execution_id, "doctor"),
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .ok()?;
    runtime.block_on(async {
        let started = start(&std::env::current_exe().ok()?, plan).await.ok()?;
        answer(started).await
    })
}

async fn answer(started: Started) -> Option<(String, Option<i32>)> {
    let Started {
        stdin,
        mut stdout,
        stderr,
        control,
        exit,
        ..
    } = started;
    drop((stdin, stderr));
    let mut bytes = Vec::new();
    let read = timeout(LIMIT, stdout.read_to_end(&mut bytes)).await;
    if !matches!(read, Ok(Ok(_))) {
        control.kill();
    }
    let exit = timeout(LIMIT, exit.wait()).await.ok()?;
    read.ok()?.ok()?;
    let status = match exit.status {
        ExitStatus::Code { code } => Some(code),
        ExitStatus::Signal { .. } | ExitStatus::Unknown => None,
    };
    Some((String::from_utf8_lossy(&bytes).into_owned(), status))
}
