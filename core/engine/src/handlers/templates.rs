//! Makes, changes and removes templates.

use super::Handled;
use crate::{cx::Cx, problems, prompt};
use anyon_model::*;

/// Keeps a template under a name that no other one has.
pub fn put(cx: &mut Cx<'_>, template: Template) -> Handled {
    if template.name.is_empty() || !template.name.chars().all(prompt::is_name) {
        let title = format!("“{}” is not a template's name", template.name);
        return Err(problems::invalid(title).hint("Use letters, digits, dashes and underscores"));
    }
    let mut others = cx
        .state
        .templates
        .values()
        .filter(|other| other.id != template.id);
    if others.any(|other| other.name == template.name) {
        let title = format!("There is a template “{}” already", template.name);
        return Err(
            Problem::new(ProblemCode::AlreadyExists, title).hint("Change that one, or choose another name")
        );
    }
    cx.put(Template {
        updated_at: cx.now,
        ..template
    });
    Ok(Some(Outcome::Done))
}

/// Removes a template.
pub fn remove(cx: &mut Cx<'_>, template_id: TemplateId) -> Handled {
    if !cx.state.templates.contains_key(&template_id) {
        return Err(problems::not_found("template"));
    }
    cx.remove(EntityKey::Template(template_id));
    Ok(Some(Outcome::Done))
}
