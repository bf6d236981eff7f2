//! Opens the host for as long as a verb takes, and closes it again.

use crate::cli::{exchange::Exchange, out::Out};
use anyon_model::{Actor, Problem, ProblemCode};
use anyon_runtime::{EnvironmentSource, Host, HostOptions};
use std::path::{Path, PathBuf};

/// Does some work with a client of a host that lives as long as the work.
pub fn with_host<T>(
    data_folder: &Path,
    out: &mut Out,
    work: impl FnOnce(&mut Exchange<'_>, &mut Out) -> Result<T, Problem>,
) -> Result<T, Problem> {
    let host = Host::start(HostOptions {
        data_folder: data_folder.to_path_buf(),
        exe: this_program()?,
        environment: EnvironmentSource::Inherit,
    })?;
    for notice in host.notices() {
        out.problem(notice);
    }
    let client = host.client(Actor::Person);
    let done = work(&mut Exchange::new(&client), out);
    host.shutdown();
    done
}

/// This program, to be started again as supervisor or demo agent.
pub fn this_program() -> Result<PathBuf, Problem> {
    std::env::current_exe().map_err(|error| {
        Problem::new(ProblemCode::Internal, "Anyon cannot find its own program").detail(error.to_string())
    })
}

/// Where data lives unless somebody says otherwise.
pub fn default_data_folder() -> Result<PathBuf, Problem> {
    match directories::ProjectDirs::from("", "", "anyon") {
        Some(folders) => Ok(folders.data_dir().to_path_buf()),
        None => Err(
            Problem::new(ProblemCode::InvalidRequest, "There is no home folder")
                .hint("name a folder with --data-dir or ANYON_DATA_DIR"),
        ),
    }
}
