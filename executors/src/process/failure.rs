//! Why a process did not start, in words for a person. Names programs and folders, never values of the environment or
//! arguments.

use super::{ProcessPlan, programs};
use anyon_model::{FailureKind, LaunchFailure};
use std::{
    fs,
    io::{self, Read},
    path::Path,
};

/// The plan with its program found, where it was only a name.
pub(super) fn with_found_program(mut plan: ProcessPlan) -> Result<ProcessPlan, LaunchFailure> {
    if plan.program.components().count() == 1 && !plan.program.is_absolute() {
        let path = programs::variable(&plan.environment, "PATH");
        plan.program =
            programs::in_path(path, plan.program.as_os_str()).ok_or_else(|| not_installed(&plan.program))?;
    }
    programs::see_own_folder(&mut plan);
    Ok(plan)
}

fn not_installed(program: &Path) -> LaunchFailure {
    LaunchFailure {
        kind: FailureKind::NotInstalled,
        message: format!(
            "“{}” is not installed, or not in a folder that Anyon looks in",
            program.display()
        ),
    }
}

fn spawn(message: String) -> LaunchFailure {
    LaunchFailure {
        kind: FailureKind::Spawn,
        message,
    }
}

/// The supervisor itself did not start, or is not one.
pub(super) fn no_supervisor(why: &str) -> LaunchFailure {
    spawn(format!(
        "Anyon could not start its supervisor ({why}); was Anyon moved or updated while it ran?"
    ))
}

/// The system refused to start the program. What it says is looked at closer: “not found” may mean the program, its
/// interpreter or the folder.
pub(super) fn not_started(plan: &ProcessPlan, error: &io::Error) -> LaunchFailure {
    let program = plan.program.display();
    if !plan.folder.is_dir() {
        return spawn(format!(
            "{program} could not be started: its folder {} is missing",
            plan.folder.display()
        ));
    }
    match fs::metadata(&plan.program) {
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => return not_installed(&plan.program),
        Ok(found) if found.is_dir() => return spawn(format!("{program} is a folder, not a program")),
        _ => {}
    }
    let why = match error.kind() {
        io::ErrorKind::NotFound => match interpreter(&plan.program) {
            Some(interpreter) => format!("its interpreter {interpreter} is missing"),
            None => "something that it needs to start is missing (is it made for this system?)".to_owned(),
        },
        io::ErrorKind::PermissionDenied => {
            "it is not executable, or its folder may not be entered (try `chmod +x`)".to_owned()
        }
        io::ErrorKind::ArgumentListTooLong => {
            "its arguments and environment are longer than the system takes".to_owned()
        }
        // “Exec format error”: the standard library has no word for it.
        _ if error.raw_os_error() == Some(8) => "it is not a program for this machine".to_owned(),
        _ => error.to_string(),
    };
    spawn(format!("{program} could not be started: {why}"))
}

/// What a script's first line names.
fn interpreter(program: &Path) -> Option<String> {
    let mut head = [0; 256];
    let length = fs::File::open(program).ok()?.read(&mut head).ok()?;
    let line = head
        .get(..length)?
        .strip_prefix(b"#!")?
        .split(|byte| *byte == b'\n')
        .next()?;
    Some(String::from_utf8_lossy(line).trim().to_owned())
}
