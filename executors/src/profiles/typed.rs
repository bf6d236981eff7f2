//! From tables to agents and profiles.

use super::Configuration;
use crate::{
    agents::OwnAgent,
    protocols::{Manners, ResumeBy},
};
use anyon_model::{AgentFields, AgentTable, FieldValue, ProfileConfig};
use std::{collections::BTreeMap, sync::Arc};

/// What tables that were checked come to.
pub(super) fn configuration(tables: Vec<(AgentTable, AgentFields)>) -> Configuration {
    let mut made = Configuration::default();
    for (table, fields) in &tables {
        let said = Said(fields);
        match table {
            AgentTable::Agent { agent_id } => made.agents.push(Arc::new(said.agent(agent_id))),
            AgentTable::Profile(id) => made.profiles.push((id.clone(), said.profile())),
        }
    }
    made.tables = tables;
    made
}

/// What a table says.
struct Said<'f>(&'f AgentFields);

impl Said<'_> {
    fn agent(&self, agent_id: &str) -> OwnAgent {
        let resume = self.text("resume");
        OwnAgent {
            id: agent_id.to_owned(),
            name: self.text("name").unwrap_or_else(|| agent_id.to_owned()),
            command: self.text("command").unwrap_or_default(),
            args: self.list("args"),
            env: self.variables("env"),
            pass_env: self.list("pass_env"),
            manners: Manners {
                ask_mode: self.text("ask_mode"),
                plan_mode: self.text("plan_mode"),
                resume_by: match resume.as_deref() {
                    Some("load") => ResumeBy::Load,
                    Some("resume") => ResumeBy::Resume,
                    _ => ResumeBy::Announced,
                },
                authenticate: self.text("authenticate"),
                without_mcp: self.flag("without_mcp"),
            },
            resumes: resume.as_deref() != Some("none"),
            install_hint: self.text("install").unwrap_or_default(),
            login_hint: self.text("login").unwrap_or_default(),
        }
    }

    fn profile(&self) -> ProfileConfig {
        ProfileConfig {
            program: self.text("program"),
            extra_args: self.list("extra_args"),
            env: self.variables("env"),
            pass_env: self.list("pass_env"),
            model: self.text("model"),
            effort: self.text("effort"),
            plan: self.flag("plan"),
            append_prompt: self.text("append_prompt"),
        }
    }

    fn text(&self, key: &str) -> Option<String> {
        match self.0.get(key) {
            Some(FieldValue::Text(text)) if !text.is_empty() => Some(text.clone()),
            _ => None,
        }
    }
    fn flag(&self, key: &str) -> bool {
        self.0.get(key) == Some(&FieldValue::Flag(true))
    }
    fn list(&self, key: &str) -> Vec<String> {
        match self.0.get(key) {
            Some(FieldValue::List(texts)) => texts.clone(),
            _ => Vec::new(),
        }
    }
    fn variables(&self, key: &str) -> BTreeMap<String, String> {
        match self.0.get(key) {
            Some(FieldValue::Variables(variables)) => variables.clone(),
            _ => BTreeMap::new(),
        }
    }
}
