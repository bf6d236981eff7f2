//! Agents and templates.

use super::{Nature, Verb};
use crate::{
    call::{Call, unexpected},
    page::{self, Wanted},
};
use anyon_model::{AgentFinding, AgentLogin, Answer, Problem, Query, Template};
use rmcp::schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Lists agents.
pub struct ListAgents;

/// Nothing.
#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(crate = "rmcp::schemars")]
pub struct Nothing {}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(crate = "rmcp::schemars")]
pub struct Agents {
    agents: Vec<AgentCard>,
    count: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    default_executor: Option<String>,
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(crate = "rmcp::schemars")]
pub struct AgentCard {
    executor: String,
    name: String,
    variants: Vec<String>,
    available: bool,
    /// What to do where it is not available
    #[serde(skip_serializing_if = "Option::is_none")]
    hint: Option<String>,
}

impl AgentCard {
    fn of(finding: &AgentFinding) -> Self {
        let hint = match (finding.found, &finding.login) {
            (false, _) => Some(finding.install_hint.clone()),
            (true, AgentLogin::LoggedOut) => Some(finding.login_hint.clone()),
            (true, _) => None,
        };
        Self {
            executor: finding.agent_id.clone(),
            name: finding.name.clone(),
            variants: finding.variants.clone(),
            available: finding.found && finding.login != AgentLogin::LoggedOut,
            hint,
        }
    }
}

/// The agents that this computer has.
pub async fn findings(call: &Call) -> Result<Arc<Vec<AgentFinding>>, Problem> {
    match call.query(Query::Agents { probe: false }).await? {
        Answer::Agents(agents) => Ok(agents),
        _ => Err(unexpected()),
    }
}

impl Verb for ListAgents {
    type Input = Nothing;
    type Output = Agents;
    const NAME: &'static str = "list_agents";
    const ABOUT: &'static str = "List the coding agents (executors) and their variants";
    const NATURE: Nature = Nature::Reads;

    async fn run(_: Nothing, call: &Call) -> Result<Agents, Problem> {
        let agents: Vec<_> = findings(call).await?.iter().map(AgentCard::of).collect();
        let default = &call.sight().await?.state.settings.default_profile;
        Ok(Agents {
            count: agents.len(),
            agents,
            default_executor: default.as_ref().map(ToString::to_string),
        })
    }
}

/// Lists templates.
pub struct ListTemplates;

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(crate = "rmcp::schemars")]
pub struct Templates {
    templates: Vec<TemplateCard>,
    #[serde(flatten)]
    page: page::Shown,
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(crate = "rmcp::schemars")]
pub struct TemplateCard {
    name: String,
    text: String,
}

impl Verb for ListTemplates {
    type Input = Wanted;
    type Output = Templates;
    const NAME: &'static str = "list_templates";
    const ABOUT: &'static str = "List the texts that @name in a description or follow-up expands to";
    const NATURE: Nature = Nature::Reads;

    async fn run(wanted: Wanted, call: &Call) -> Result<Templates, Problem> {
        let sight = call.sight().await?;
        let all = sight.state.templates.values();
        let all = all
            .map(|template| (template.name.clone(), template.clone()))
            .collect();
        let page = page::of(all, &wanted)?;
        let card = |template: &Arc<Template>| TemplateCard {
            name: template.name.clone(),
            text: template.text.clone(),
        };
        Ok(Templates {
            page: page.shown(),
            templates: page.items.iter().map(card).collect(),
        })
    }
}
