//! The window that is open.

use super::{Nature, Verb};
use crate::call::Call;
use anyon_model::{Command, FocusOn, Problem, ProblemCode};
use rmcp::schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Brings the window to the front.
pub struct OpenInWindow;

#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(crate = "rmcp::schemars")]
pub struct What {
    project_id: Option<String>,
    task_id: Option<String>,
    attempt_id: Option<String>,
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(crate = "rmcp::schemars")]
pub struct Shown {
    shown: bool,
}

impl Verb for OpenInWindow {
    type Input = What;
    type Output = Shown;
    const NAME: &'static str = "open_in_window";
    const ABOUT: &'static str = "Show the person one of these in Anyon's window, if one is open";
    const NATURE: Nature = Nature::Sets;

    async fn run(what: What, call: &Call) -> Result<Shown, Problem> {
        let sight = call.sight().await?;
        let on = match (what.project_id, what.task_id, what.attempt_id) {
            (None, None, None) => None,
            (Some(named), None, None) => Some(FocusOn::Project {
                project_id: sight.project(&named)?.project.id,
            }),
            (None, Some(named), None) => Some(FocusOn::Task {
                task_id: sight.task(&named)?.1.id,
            }),
            (None, None, Some(named)) => Some(FocusOn::Attempt {
                attempt_id: sight.attempt(&named)?.1.id,
            }),
            _ => {
                let title = "A window shows one thing at a time";
                return Err(Problem::new(ProblemCode::InvalidRequest, title)
                    .hint("Give one of project_id, task_id and attempt_id, or none"));
            }
        };
        call.command(Command::Focus { on }).await?;
        Ok(Shown { shown: true })
    }
}
