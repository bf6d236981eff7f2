//! Projects and their branches.

use super::{Nature, Verb};
use crate::{
    call::{Call, unexpected},
    page::{self, Wanted},
    shape::ProjectCard,
    text,
};
use anyon_model::{Answer, Command, FilePath, Outcome, Problem, ProblemCode, Query};
use rmcp::schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::path::Path;

/// Lists projects.
pub struct ListProjects;

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(crate = "rmcp::schemars")]
pub struct Projects {
    projects: Vec<ProjectCard>,
    #[serde(flatten)]
    page: page::Shown,
}

impl Verb for ListProjects {
    type Input = Wanted;
    type Output = Projects;
    const NAME: &'static str = "list_projects";
    const ABOUT: &'static str = "List the registered git repositories";
    const NATURE: Nature = Nature::Reads;

    async fn run(wanted: Wanted, call: &Call) -> Result<Projects, Problem> {
        let sight = call.sight().await?;
        let all = sight
            .projects()
            .map(|shard| (shard.project.id.to_string(), shard.project.clone()))
            .collect();
        let page = page::of(all, &wanted)?;
        Ok(Projects {
            page: page.shown(),
            projects: page
                .items
                .iter()
                .map(|project| ProjectCard::of(project))
                .collect(),
        })
    }
}

/// Registers a repository.
pub struct CreateProject;

#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(crate = "rmcp::schemars")]
pub struct NewProject {
    /// Absolute path of an existing repository
    git_repo_path: String,
    /// Default: the folder's name
    name: Option<String>,
    /// Make a first commit if there is none
    #[serde(default)]
    initial_commit: Option<bool>,
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(crate = "rmcp::schemars")]
pub struct Created {
    project_id: String,
    name: String,
    short_prefix: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    default_branch: Option<String>,
}

impl Verb for CreateProject {
    type Input = NewProject;
    type Output = Created;
    const NAME: &'static str = "create_project";
    const ABOUT: &'static str = "Register a git repository as a project";
    const NATURE: Nature = Nature::Adds;

    async fn run(wish: NewProject, call: &Call) -> Result<Created, Problem> {
        if !Path::new(&wish.git_repo_path).is_absolute() {
            let title = format!("“{}” is not an absolute path", text::quoted(&wish.git_repo_path));
            return Err(Problem::new(ProblemCode::InvalidRequest, title)
                .hint("Give the whole path of the repository's folder"));
        }
        let command = Command::AddProject {
            path: FilePath::from(wish.git_repo_path.as_str()),
            name: wish.name,
            initial_commit: wish.initial_commit.unwrap_or(false),
        };
        let Outcome::Project { project_id } = call.command(command).await? else {
            return Err(unexpected());
        };
        let sight = call.sight().await?;
        let project = &sight.project(&project_id.to_string())?.project;
        Ok(Created {
            project_id: project_id.to_string(),
            name: project.name.clone(),
            short_prefix: project.short_prefix.clone(),
            default_branch: project.default_target.clone(),
        })
    }
}

/// Lists branches.
pub struct ListBranches;

#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(crate = "rmcp::schemars")]
pub struct OfProject {
    project_id: String,
    #[serde(flatten)]
    wanted: Wanted,
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(crate = "rmcp::schemars")]
pub struct Branches {
    branches: Vec<String>,
    #[serde(flatten)]
    page: page::Shown,
}

impl Verb for ListBranches {
    type Input = OfProject;
    type Output = Branches;
    const NAME: &'static str = "list_branches";
    const ABOUT: &'static str = "List a project's local branches, the one checked out first";
    const NATURE: Nature = Nature::Reads;

    async fn run(asked: OfProject, call: &Call) -> Result<Branches, Problem> {
        let sight = call.sight().await?;
        let project_id = sight.project(&asked.project_id)?.project.id;
        let Answer::Branches(branches) = call.query(Query::Branches { project_id }).await? else {
            return Err(unexpected());
        };
        let all = branches
            .into_iter()
            .map(|branch| (branch.clone(), branch))
            .collect();
        let page = page::of(all, &asked.wanted)?;
        Ok(Branches {
            page: page.shown(),
            branches: page.items,
        })
    }
}
