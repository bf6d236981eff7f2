//! The tools, and what they have in common. One file an area; a new tool is a type with [`Verb`] and one line in
//! [`all`].

mod agents;
mod answers;
mod attempts;
mod boards;
mod changes;
mod diffs;
mod files;
mod logs;
mod projects;
mod status;
mod waiting;
mod window;

pub use status::{card_with_summaries, diff_summary, diff_text, log_text};

use crate::{call::Call, schema};
use anyon_model::{Problem, ProblemCode};
use rmcp::{
    model::{Tool, ToolAnnotations},
    schemars::JsonSchema,
};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;
use std::{pin::Pin, sync::Arc};

/// One tool.
pub trait Verb: 'static {
    /// What it takes.
    type Input: DeserializeOwned + JsonSchema + Send;
    /// What it gives.
    type Output: Serialize + JsonSchema;
    /// Its name on the wire.
    const NAME: &'static str;
    /// What it does, for whoever chooses a tool.
    const ABOUT: &'static str;
    /// What it does to the world.
    const NATURE: Nature;
    /// Does it.
    fn run(input: Self::Input, call: &Call) -> impl Future<Output = Result<Self::Output, Problem>> + Send;
}

/// What a tool does to the world.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Nature {
    /// Nothing.
    Reads,
    /// Makes something new each time.
    Adds,
    /// Makes it so, however often.
    Sets,
    /// Takes something away, or cannot be taken back.
    Destroys,
}

impl Nature {
    fn annotations(self) -> ToolAnnotations {
        let annotations = ToolAnnotations::new();
        match self {
            Self::Reads => annotations.read_only(true),
            Self::Adds => annotations.read_only(false).destructive(false),
            Self::Sets => annotations.read_only(false).destructive(false).idempotent(true),
            Self::Destroys => annotations.read_only(false).destructive(true),
        }
    }
}

type Running<'c> = Pin<Box<dyn Future<Output = Result<Value, Problem>> + Send + 'c>>;

/// A tool as it is listed and called.
pub struct Entry {
    /// What is listed.
    pub tool: Tool,
    run: for<'c> fn(&'c schema::Object, schema::Object, &'c Call) -> Running<'c>,
}

impl Entry {
    fn of<V: Verb>() -> Self {
        let tool = Tool::new(V::NAME, V::ABOUT, schema::input::<V::Input>())
            .with_raw_output_schema(schema::output::<V::Output>())
            .with_annotations(V::NATURE.annotations());
        Self {
            tool,
            run: |schema, arguments, call| Box::pin(run::<V>(schema, arguments, call)),
        }
    }

    /// The same under another name.
    fn again<V: Verb>(name: &'static str) -> Self {
        let mut entry = Self::of::<V>();
        entry.tool.name = name.into();
        entry.tool.description = Some(format!("The same as {}", V::NAME).into());
        entry
    }

    /// Checks the arguments and does it.
    pub async fn call(&self, arguments: schema::Object, call: &Call) -> Result<Value, Problem> {
        (self.run)(&self.tool.input_schema, arguments, call).await
    }
}

async fn run<V: Verb>(
    schema: &schema::Object,
    arguments: schema::Object,
    call: &Call,
) -> Result<Value, Problem> {
    schema::check(schema, &arguments)?;
    let input = serde_json::from_value(Value::Object(arguments)).map_err(|error| {
        Problem::new(ProblemCode::InvalidRequest, "The arguments do not fit the tool")
            .detail(error.to_string())
    })?;
    let output = V::run(input, call).await?;
    serde_json::to_value(output).map_err(|error| {
        Problem::new(ProblemCode::Internal, "The answer could not be written").detail(error.to_string())
    })
}

/// All tools, in the order they are listed.
pub fn all() -> Arc<Vec<Entry>> {
    Arc::new(vec![
        Entry::of::<projects::ListProjects>(),
        Entry::of::<projects::CreateProject>(),
        Entry::of::<projects::ListBranches>(),
        Entry::of::<boards::ListTasks>(),
        Entry::of::<boards::GetTask>(),
        Entry::of::<boards::CreateTask>(),
        Entry::of::<boards::UpdateTask>(),
        Entry::of::<boards::UpdateTaskStatus>(),
        Entry::of::<boards::DeleteTask>(),
        Entry::of::<agents::ListAgents>(),
        Entry::of::<agents::ListTemplates>(),
        Entry::of::<attempts::CreateTaskAttempt>(),
        // The predecessors' clients know it by either name.
        Entry::again::<attempts::CreateTaskAttempt>("start_task_attempt"),
        Entry::of::<status::GetAttemptStatus>(),
        Entry::of::<waiting::WaitForAttempt>(),
        Entry::of::<logs::GetAttemptLog>(),
        Entry::of::<diffs::GetAttemptDiff>(),
        Entry::of::<files::SearchFiles>(),
        Entry::of::<attempts::SendFollowUp>(),
        Entry::of::<answers::ListApprovals>(),
        Entry::of::<answers::AnswerApproval>(),
        Entry::of::<attempts::StopAttempt>(),
        Entry::of::<changes::CommitAttempt>(),
        Entry::of::<changes::MergeAttempt>(),
        Entry::of::<changes::DropAttempt>(),
        Entry::of::<window::OpenInWindow>(),
    ])
}
