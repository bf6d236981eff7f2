//! Prompts: work that people ask for often, put into words for an agent.

use crate::{call::Call, schema::Object, shape};
use anyon_model::{Problem, ProblemCode};
use rmcp::model::{GetPromptResult, Prompt, PromptArgument, PromptMessage, Role};

/// All prompts.
pub fn all() -> Vec<Prompt> {
    let argument = |name: &str, about: &str| {
        vec![
            PromptArgument::new(name)
                .with_description(about)
                .with_required(true),
        ]
    };
    vec![
        Prompt::new(
            "split_task",
            Some("Split a task into smaller ones that agents can work on side by side"),
            Some(argument("task_id", "Id or short id of the task")),
        )
        .with_title("Split a task"),
        Prompt::new(
            "review_attempt",
            Some("Review what an attempt changed and say whether it should land"),
            Some(argument("attempt_id", "Id or short id of the attempt")),
        )
        .with_title("Review an attempt"),
    ]
}

/// A prompt about what is named.
pub async fn get(name: &str, arguments: &Object, call: &Call) -> Result<GetPromptResult, Problem> {
    match name {
        "split_task" => split_task(argument(arguments, "task_id")?, call).await,
        "review_attempt" => review_attempt(argument(arguments, "attempt_id")?, call).await,
        _ => Err(Problem::new(ProblemCode::NotFound, "There is no such prompt")
            .hint("There are split_task and review_attempt")),
    }
}

fn argument<'a>(arguments: &'a Object, name: &str) -> Result<&'a str, Problem> {
    let given = arguments.get(name).and_then(|value| value.as_str());
    given.ok_or_else(|| {
        Problem::new(
            ProblemCode::InvalidRequest,
            format!("The argument “{name}” is missing"),
        )
        .hint("Give the id or short id")
    })
}

async fn split_task(named: &str, call: &Call) -> Result<GetPromptResult, Problem> {
    let sight = call.sight().await?;
    let (shard, task) = sight.task(named)?;
    let name = shape::task_name(shard, task);
    let text = format!(
        "Split the task {name} of the project {} into smaller ones.\n\n\
         # {}\n\n{}\n\n\
         Read the code in {} first. Each new task has to be of use by itself, small enough to be reviewed in one go, \
         and must not touch the files of another one where that can be avoided, since agents work on them side by \
         side. Say in each description what is to be done, where, and how one sees that it is done. Where one has to \
         land before another, say so in both.\n\n\
         Show the list before you write anything. Then write each with create_task (project_id {}), and mention \
         {name} in its description.",
        shard.project.name, task.title, task.description, shard.project.repo_path, shard.project.id,
    );
    Ok(message(format!("Split {name}"), text))
}

async fn review_attempt(named: &str, call: &Call) -> Result<GetPromptResult, Problem> {
    let sight = call.sight().await?;
    let (shard, attempt) = sight.attempt(named)?;
    let name = shape::attempt_name(shard, attempt);
    let task = shard.tasks.get(&attempt.task_id);
    let (title, description) = task.map_or(("", ""), |task| (task.title.as_str(), task.description.as_str()));
    let text = format!(
        "Review the attempt {name}, made by {} on the branch {} for {}.\n\n\
         # The task: {title}\n\n{description}\n\n\
         Read what changed (get_attempt_diff with attempt_id {}, format patch) and what the agent says about it \
         (get_attempt_log, tail 20). Look for: what the task asks for and the change does not do; faults and cases \
         that are not covered; changes that nobody asked for; secrets; missing tests.\n\n\
         Name each finding with its file and line and how much it matters. End with one of: land it, send it back \
         (with the text of the follow-up), give it up. Neither merge nor drop it, and send nothing, before the person \
         agreed.",
        shape::executor(shard, attempt),
        attempt.branch,
        attempt.target,
        attempt.id,
    );
    Ok(message(format!("Review {name}"), text))
}

fn message(about: String, text: String) -> GetPromptResult {
    GetPromptResult::new(vec![PromptMessage::new_text(Role::User, text)]).with_description(about)
}
