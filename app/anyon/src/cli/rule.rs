//! `anyon rule`: the standing answers that “always” makes.

use super::{cards::RuleCard, ending::Ending, exchange::Exchange, name, out::Out};
use anyon_model::{Command, Problem};
use clap::{Args, Subcommand};

/// List and remove rules: the standing answers to what agents ask
#[derive(Debug, Args)]
pub struct RuleArgs {
    #[command(subcommand)]
    verb: RuleVerb,
}

#[derive(Debug, Subcommand)]
enum RuleVerb {
    /// List rules
    List {
        /// Only those that hold in this project: name, folder or id
        #[arg(long, value_name = "PROJECT")]
        project: Option<String>,
        /// One JSON object a line
        #[arg(long)]
        json: bool,
    },
    /// Remove a rule: what it answered is asked again
    Remove {
        /// The rule: its name in the list, or its id
        rule: String,
        /// One JSON object a line
        #[arg(long)]
        json: bool,
    },
}

impl RuleArgs {
    /// JSON is wanted.
    pub fn json(&self) -> bool {
        match &self.verb {
            RuleVerb::List { json, .. } | RuleVerb::Remove { json, .. } => *json,
        }
    }
}

/// Runs it.
pub fn run(args: &RuleArgs, exchange: &mut Exchange<'_>, out: &mut Out) -> Result<Ending, Problem> {
    match &args.verb {
        RuleVerb::List { project, .. } => list(project.as_deref(), exchange, out),
        RuleVerb::Remove { rule, .. } => remove(rule, exchange, out),
    }
}

fn list(project: Option<&str>, exchange: &Exchange<'_>, out: &mut Out) -> Result<Ending, Problem> {
    let state = exchange.state();
    let mut cards = RuleCard::all(&state);
    if let Some(project) = project {
        let project_id = name::project(&state, project)?.project.id;
        cards.retain(|card| card.rule.project_id.is_none_or(|of| of == project_id));
    }
    out.rules(&cards);
    Ok(Ending::Done)
}

fn remove(rule: &str, exchange: &mut Exchange<'_>, out: &mut Out) -> Result<Ending, Problem> {
    let card = name::rule(&exchange.state(), rule)?;
    let rule_id = card.rule.id;
    exchange.command(Command::RemoveRule { rule_id })?;
    out.done(
        "removed",
        &format!("“{}” is asked again in {}", card.pattern(), card.place()),
    );
    Ok(Ending::Done)
}
