//! Tries a task with an agent.

use super::Handled;
use crate::{cx::Cx, life::start, names, problems, prompt};
use anyon_model::*;

/// How the task is to be tried.
pub struct Wish {
    /// Agent and variant.
    pub profile: ExecutorProfileId,
    /// Branch to start from.
    pub base: Option<String>,
    /// Branch to land on.
    pub target: Option<String>,
    /// What it may do without asking.
    pub approve: ApproveMode,
}

/// Makes attempt, session and execution, and queues the execution.
pub fn run(cx: &mut Cx<'_>, task_id: TaskId, wish: Wish) -> Handled {
    let task = cx.find_task(task_id)?;
    let shard = cx.find_shard(task.project_id)?;
    let config = known_config(cx, &wish.profile)?;
    check_dependencies(&shard, &task)?;
    let (base, target) = branches(&shard.project, &wish)?;
    let attempt = make(cx, &shard, &task, base, target, wish.approve);
    cx.put(attempt.clone());
    let session_id = start::put_session(cx, &attempt, wish.profile, None);
    let text = prompt::finished(cx, &prompt::of_task(&task), &config);
    start::enqueue(cx, &attempt, session_id, text);
    Ok(Some(Outcome::Attempt {
        attempt_id: attempt.id,
    }))
}

fn make(
    cx: &mut Cx<'_>,
    shard: &ProjectShard,
    task: &Task,
    base: String,
    target: String,
    approve: ApproveMode,
) -> Attempt {
    let project = &shard.project;
    let (name, branch) = free_name(cx, shard, task);
    let last_number = shard
        .attempts_of(task.id)
        .map(|attempt| attempt.number)
        .max()
        .unwrap_or(0);
    Attempt {
        id: cx.ids.make(),
        project_id: project.id,
        task_id: task.id,
        number: last_number + 1,
        branch,
        base,
        base_commit: String::new(),
        target,
        worktree: Worktree {
            path: FilePath::from(format!("{}/{name}", project.short_prefix.to_lowercase()).as_str()),
            state: WorktreeState::Planned,
            keep: false,
        },
        approve,
        dropped: false,
        created_at: cx.now,
        updated_at: cx.now,
    }
}

/// A name whose branch no other attempt of the project has.
fn free_name(cx: &mut Cx<'_>, shard: &ProjectShard, task: &Task) -> (String, String) {
    let short_id = format!("{}-{}", shard.project.short_prefix, task.number);
    loop {
        let name = names::attempt_name(&cx.ids.next_short_hex(), &task.title, &short_id);
        let branch = names::branch(&cx.state.settings.branch_prefix, &name);
        if !shard.attempts.values().any(|attempt| attempt.branch == branch) {
            return (name, branch);
        }
    }
}

fn branches(project: &Project, wish: &Wish) -> Result<(String, String), Problem> {
    let base = wish
        .base
        .clone()
        .or_else(|| project.default_target.clone())
        .ok_or_else(|| {
            problems::invalid("There is no branch to start from")
                .detail("The repository has no branch checked out and the project has no default target")
                .hint("Name a base branch (--base BRANCH), or set the project's default target (anyon project set PROJECT --target BRANCH)")
        })?;
    let target = wish.target.clone().unwrap_or_else(|| base.clone());
    for name in [&base, &target] {
        if let Some(fault) = names::branch_fault(name) {
            return Err(problems::invalid(format!("“{name}” is not a branch name")).detail(fault));
        }
    }
    Ok((base, target))
}

fn check_dependencies(shard: &ProjectShard, task: &Task) -> Result<(), Problem> {
    let needed = task
        .depends_on
        .iter()
        .filter_map(|task_id| shard.tasks.get(task_id));
    let open: Vec<String> = needed
        .filter(|needed| needed.status != TaskStatus::Done)
        .map(|needed| {
            format!(
                "{}-{} {}",
                shard.project.short_prefix, needed.number, needed.title
            )
        })
        .collect();
    if open.is_empty() {
        return Ok(());
    }
    let title = "Other tasks have to land before this one starts";
    Err(problems::wrong_state(title)
        .detail(open.join(", "))
        .hint("Land them first, or take the dependency away"))
}

/// The configuration of a variant that there is.
pub fn known_config(cx: &Cx<'_>, profile: &ExecutorProfileId) -> Result<ProfileConfig, Problem> {
    let config = cx
        .config_of(profile)
        .filter(|_| cx.agents.contains_key(&profile.executor));
    config.ok_or_else(|| unknown_profile(cx, profile))
}

/// Says which agents or variants there are.
pub fn unknown_profile(cx: &Cx<'_>, profile: &ExecutorProfileId) -> Problem {
    let (what, named, known) = match cx.agents.get(&profile.executor) {
        None => (
            "agent",
            profile.executor.as_str(),
            cx.agents.keys().map(String::as_str).collect(),
        ),
        Some(agent) => ("variant", profile.variant_name(), variants(cx, agent)),
    };
    let known: Vec<&str> = known;
    Problem::new(ProblemCode::NotFound, format!("There is no {what} “{named}”"))
        .hint(format!("There are: {}", known.join(", ")))
}

fn variants<'a>(cx: &'a Cx<'_>, agent: &'a AgentInfo) -> Vec<&'a str> {
    let own = cx
        .state
        .profiles
        .keys()
        .filter(|profile| profile.executor == agent.id);
    let mut names: Vec<&str> = agent.variants.keys().map(String::as_str).collect();
    names.extend(own.map(ExecutorProfileId::variant_name));
    names.sort_unstable();
    names.dedup();
    names
}
