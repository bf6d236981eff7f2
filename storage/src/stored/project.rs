//! Stored projects.

use super::keep::Id;
use anyon_model::*;

stored_struct! {
    /// A project.
    ProjectV1 for Project {
        id: Id,
        name: String,
        repo_path: Vec<u8>,
        short_prefix: String,
        next_task_number: u32,
        default_target: Option<String>,
        setup_script: String,
        cleanup_script: String,
        dev_script: String,
        copy_files: Vec<String>,
        git_reads: GitReadsV1,
        trusted: Option<String>,
        created_at: i64,
        updated_at: i64,
    }
}
stored_enum! {
    /// Which implementation reads a repository right.
    GitReadsV1 for GitReads {
        Library,
        Command,
    }
}
