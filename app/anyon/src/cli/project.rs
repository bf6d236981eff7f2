//! `anyon project`: the registered repositories.

use super::{
    ending::Ending,
    exchange::Exchange,
    name,
    out::Out,
    run::{tell_submodules, unexpected},
};
use anyon_model::{Command, Outcome, Problem, ProblemCode, ProjectId, ProjectPatch, RemoteUrl};
use clap::{Args, Subcommand};
use std::{
    ffi::OsString,
    path::{Path, PathBuf},
};

/// Add, list, change and remove projects
#[derive(Debug, Args)]
pub struct ProjectArgs {
    #[command(subcommand)]
    verb: ProjectVerb,
}

#[derive(Debug, Subcommand)]
enum ProjectVerb {
    /// List projects
    List {
        /// One JSON object a line
        #[arg(long)]
        json: bool,
    },
    /// Register a git repository; one with a URL is cloned first
    #[command(
        after_help = "Passwords and tokens do not belong into a URL: git's credential helper or your ssh key log you in."
    )]
    Add {
        /// A folder in it, or its URL
        #[arg(value_name = "DIR|URL")]
        repository: OsString,
        /// The folder that a clone becomes; one named after the repository, here, by default
        #[arg(value_name = "FOLDER")]
        into: Option<PathBuf>,
        /// The name shown; the folder's by default
        #[arg(long)]
        name: Option<String>,
        /// Make an empty first commit if it has none
        #[arg(long)]
        initial_commit: bool,
        /// One JSON object a line
        #[arg(long)]
        json: bool,
    },
    /// Forget a project and its tasks; the repository stays as it is
    Remove {
        /// The project: name, folder or id
        project: String,
        /// One JSON object a line
        #[arg(long)]
        json: bool,
    },
    /// Change a project's settings, or show them
    Set(Box<SetArgs>),
}

#[derive(Debug, Args)]
struct SetArgs {
    /// The project: name, folder or id
    project: String,
    /// The name shown
    #[arg(long)]
    name: Option<String>,
    /// Branch that attempts start from and land on; an empty one means the branch checked out
    #[arg(long, value_name = "BRANCH")]
    target: Option<String>,
    /// Shell script run in a new worktree before the agent
    #[arg(long, value_name = "SCRIPT")]
    setup: Option<String>,
    /// Shell script run after a turn that changed something
    #[arg(long, value_name = "SCRIPT")]
    cleanup: Option<String>,
    /// Shell script of the dev server
    #[arg(long, value_name = "SCRIPT")]
    dev: Option<String>,
    /// Ignored files that a new worktree gets a copy of, such as `.env`; may be repeated, an empty one clears the list
    #[arg(long, value_name = "GLOB")]
    copy: Vec<String>,
    /// One JSON object a line
    #[arg(long)]
    json: bool,
}

impl ProjectArgs {
    /// JSON is wanted.
    pub fn json(&self) -> bool {
        match &self.verb {
            ProjectVerb::List { json } | ProjectVerb::Add { json, .. } | ProjectVerb::Remove { json, .. } => {
                *json
            }
            ProjectVerb::Set(args) => args.json,
        }
    }
}

/// Runs it.
pub fn run(args: &ProjectArgs, exchange: &mut Exchange<'_>, out: &mut Out) -> Result<Ending, Problem> {
    match &args.verb {
        ProjectVerb::List { .. } => {
            let state = exchange.state();
            let shards: Vec<_> = state.projects.values().map(AsRef::as_ref).collect();
            out.projects(&shards);
        }
        ProjectVerb::Add {
            repository,
            into,
            name,
            initial_commit,
            ..
        } => {
            let url = repository.to_str().filter(|text| RemoteUrl::is_meant(text));
            let outcome = match url {
                Some(url) => clone(url, into.as_deref(), name.clone(), exchange, out)?,
                None if into.is_some() => return Err(not_a_url()),
                None => exchange.command(Command::AddProject {
                    path: name::folder(Path::new(repository))?,
                    name: name.clone(),
                    initial_commit: *initial_commit,
                })?,
            };
            match outcome {
                Outcome::Project { project_id } => show(project_id, exchange, out),
                _ => return Err(unexpected()),
            }
        }
        ProjectVerb::Remove { project, .. } => {
            let state = exchange.state();
            let project = &name::project(&state, project)?.project;
            exchange.command(Command::RemoveProject {
                project_id: project.id,
            })?;
            out.done(
                "removed",
                &format!(
                    "{} is no longer a project; {} is untouched",
                    project.name, project.repo_path
                ),
            );
        }
        ProjectVerb::Set(args) => set(args, exchange, out)?,
    }
    Ok(Ending::Done)
}

/// Clones, telling how far it is at each quarter.
fn clone(
    url: &str,
    into: Option<&Path>,
    name: Option<String>,
    exchange: &mut Exchange<'_>,
    out: &mut Out,
) -> Result<Outcome, Problem> {
    let checked = RemoteUrl::parse(url).map_err(|fault| fault.problem())?;
    let own = PathBuf::from(checked.folder_name());
    let folder = name::absolute(into.unwrap_or(&own))?;
    out.note(&format!("cloning {checked} into {folder}"));
    let command = Command::CloneProject {
        url: checked.to_string(),
        folder,
        name,
    };
    let mut told = 0;
    exchange.command_seen(command, &mut |clone_id, state| {
        let percent = state.clones.get(&clone_id).map_or(0, |clone| clone.percent);
        if percent / 25 > told / 25 {
            told = percent;
            out.note(&format!("{percent} %"));
        }
    })
}

fn not_a_url() -> Problem {
    Problem::new(ProblemCode::InvalidRequest, "Only a clone has a second folder")
        .hint("Give a URL first: anyon project add https://host/owner/name.git FOLDER")
}

fn set(args: &SetArgs, exchange: &mut Exchange<'_>, out: &mut Out) -> Result<(), Problem> {
    let project_id = name::project(&exchange.state(), &args.project)?.project.id;
    let patch = ProjectPatch {
        name: args.name.clone(),
        default_target: args
            .target
            .clone()
            .map(|target| (!target.is_empty()).then_some(target)),
        setup_script: args.setup.clone(),
        cleanup_script: args.cleanup.clone(),
        dev_script: args.dev.clone(),
        copy_files: (!args.copy.is_empty()).then(|| {
            args.copy
                .iter()
                .filter(|glob| !glob.is_empty())
                .cloned()
                .collect()
        }),
    };
    if patch != ProjectPatch::default() {
        exchange.command(Command::UpdateProject { project_id, patch })?;
    }
    show(project_id, exchange, out);
    Ok(())
}

fn show(project_id: ProjectId, exchange: &Exchange<'_>, out: &mut Out) {
    if let Some(shard) = exchange.state().projects.get(&project_id) {
        out.project(shard);
        tell_submodules(shard, out);
    }
}
