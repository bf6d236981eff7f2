//! Makes, changes and removes standing answers.

use super::Handled;
use crate::{cx::Cx, life::approvals, problems};
use anyon_model::*;

/// Keeps a rule and asks the policy again about what is pending.
pub fn put(cx: &mut Cx<'_>, rule: Rule) -> Handled {
    if rule
        .pattern
        .as_ref()
        .is_some_and(|pattern| pattern.trim().is_empty())
    {
        let title = "A rule's pattern is blank";
        return Err(problems::invalid(title).hint("Leave the pattern out to match everything"));
    }
    if let Some(project_id) = rule.project_id {
        cx.find_shard(project_id)?;
    }
    cx.put(rule);
    approvals::decide_again(cx, |_| true);
    Ok(Some(Outcome::Done))
}

/// Removes a rule.
pub fn remove(cx: &mut Cx<'_>, rule_id: RuleId) -> Handled {
    if !cx.state.rules.contains_key(&rule_id) {
        return Err(problems::not_found("rule"));
    }
    cx.remove(EntityKey::Rule(rule_id));
    Ok(Some(Outcome::Done))
}
