//! Edits the text table by table. What is not changed (comments, order, other tables) stays as it is.

use super::read::read;
use anyon_model::{AgentFields, AgentFileEdit, AgentFileFault, AgentTable, FieldValue, Problem, ProblemCode};
use std::collections::BTreeMap;
use toml_edit::{Array, DocumentMut, InlineTable, Item, Table, TableLike, Value};

/// The text after an edit, which reads without a fault.
pub fn edited(text: &str, edit: &AgentFileEdit) -> Result<String, Problem> {
    let changed = match edit {
        AgentFileEdit::Text { text: wanted, before } => {
            if before != text {
                return Err(problem("The file says something else by now")
                    .detail("it was changed meanwhile, and nothing was written")
                    .hint("look at it as it is now, and change it again"));
            }
            wanted.clone()
        }
        AgentFileEdit::Put { table, fields, new } => put(parsed(text)?, table, fields, *new)?,
        AgentFileEdit::Remove { table } => removed(parsed(text)?, table)?,
    };
    match read(&changed) {
        Ok(_) => Ok(changed),
        Err(fault) => Err(broken(&fault)),
    }
}

/// What to say of a text that would not count.
fn broken(fault: &AgentFileFault) -> Problem {
    problem("The file would be broken, so nothing was written").detail(fault.to_string())
}

fn problem(title: &str) -> Problem {
    Problem::new(ProblemCode::InvalidRequest, title)
}

/// Tables can be changed in a file that counts only: in a broken one nobody knows what is meant.
fn parsed(text: &str) -> Result<DocumentMut, Problem> {
    let fault = match (read(text), text.parse()) {
        (Ok(_), Ok(document)) => return Ok(document),
        (Err(fault), _) => fault.to_string(),
        (Ok(_), Err(_)) => String::new(),
    };
    Err(problem("The file is broken, so nothing was written")
        .detail(fault)
        .hint("mend it as text first"))
}

/// The names on the way to a table.
fn way(table: &AgentTable) -> Vec<&str> {
    match table {
        AgentTable::Agent { agent_id } => vec!["agents", agent_id],
        AgentTable::Profile(id) => vec!["profiles", &id.executor, id.variant_name()],
    }
}

fn put(
    mut document: DocumentMut,
    table: &AgentTable,
    fields: &AgentFields,
    new: bool,
) -> Result<String, Problem> {
    let preface = said_alone(&mut document);
    let way = way(table);
    let (last, groups) = way.split_last().ok_or_else(|| problem("No table is named"))?;
    let mut group: &mut dyn TableLike = document.as_table_mut();
    for name in groups {
        group = entered(group, name, true).ok_or_else(|| not_a_table(name))?;
    }
    if new && group.contains_key(last) {
        return Err(Problem::new(
            ProblemCode::AlreadyExists,
            format!("There is a “{last}” already"),
        ));
    }
    let said = entered(group, last, false).ok_or_else(|| not_a_table(last))?;
    for spec in table.fields() {
        match fields.get(spec.key).filter(|value| !value.is_nothing()) {
            Some(value) => set(said, spec.key, value),
            None => _ = said.remove(spec.key),
        }
    }
    Ok(format!("{preface}{document}"))
}

/// Comments of a file without tables stay above the first one.
fn said_alone(document: &mut DocumentMut) -> String {
    let said = document.trailing().as_str().unwrap_or_default();
    if !document.as_table().is_empty() || said.trim().is_empty() {
        return String::new();
    }
    let preface = format!("{}\n\n", said.trim_end());
    document.set_trailing("");
    preface
}

fn not_a_table(name: &str) -> Problem {
    problem(&format!("“{name}” is not a table there"))
}

/// The table with this name, made where there is none. One that only holds others gets no header.
fn entered<'t>(
    group: &'t mut dyn TableLike,
    name: &str,
    holds_others: bool,
) -> Option<&'t mut dyn TableLike> {
    if !group.contains_key(name) {
        let mut made = Table::new();
        made.set_implicit(holds_others);
        group.insert(name, Item::Table(made));
    }
    group.get_mut(name)?.as_table_like_mut()
}

/// Says it, with the comments beside it. What says it already stays as it is written.
fn set(said: &mut dyn TableLike, key: &str, wanted: &FieldValue) {
    if let FieldValue::Variables(variables) = wanted
        && let Some(there) = said.get_mut(key).and_then(Item::as_table_like_mut)
    {
        return set_variables(there, variables);
    }
    let wanted = value(wanted);
    match said.get_mut(key) {
        Some(Item::Value(there)) => replace(there, wanted),
        _ => _ = said.insert(key, Item::Value(wanted)),
    }
}

fn set_variables(there: &mut dyn TableLike, variables: &BTreeMap<String, String>) {
    let old: Vec<String> = there.iter().map(|(name, _)| name.to_owned()).collect();
    for name in old.iter().filter(|name| !variables.contains_key(*name)) {
        there.remove(name);
    }
    for (name, text) in variables {
        match there.get_mut(name) {
            Some(Item::Value(there)) => replace(there, Value::from(text.as_str())),
            _ => _ = there.insert(name, Item::Value(Value::from(text.as_str()))),
        }
    }
}

fn replace(there: &mut Value, wanted: Value) {
    if !says_the_same(there, &wanted) {
        let beside = there.decor().clone();
        *there = wanted;
        *there.decor_mut() = beside;
    }
}

fn says_the_same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::String(a), Value::String(b)) => a.value() == b.value(),
        (Value::Boolean(a), Value::Boolean(b)) => a.value() == b.value(),
        (Value::Array(a), Value::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b.iter()).all(|(a, b)| says_the_same(a, b))
        }
        _ => false,
    }
}

fn value(wanted: &FieldValue) -> Value {
    match wanted {
        FieldValue::Text(text) => Value::from(text.as_str()),
        FieldValue::Flag(on) => Value::from(*on),
        FieldValue::List(texts) => texts.iter().map(String::as_str).collect::<Array>().into(),
        FieldValue::Variables(variables) => {
            let pairs = variables
                .iter()
                .map(|(name, text)| (name.as_str(), text.as_str()));
            pairs.collect::<InlineTable>().into()
        }
    }
}

/// An agent goes with its profiles.
fn removed(mut document: DocumentMut, table: &AgentTable) -> Result<String, Problem> {
    let mut ways = vec![way(table)];
    if let AgentTable::Agent { agent_id } = table {
        ways.push(vec!["profiles", agent_id]);
    }
    let mut found = false;
    for way in ways {
        found |= remove(&mut document, &way);
    }
    if !found {
        let title = "It is not in the file any more";
        return Err(Problem::new(ProblemCode::NotFound, title));
    }
    Ok(document.to_string())
}

fn remove(document: &mut DocumentMut, way: &[&str]) -> bool {
    let Some((last, groups)) = way.split_last() else {
        return false;
    };
    let mut group: &mut dyn TableLike = document.as_table_mut();
    for name in groups {
        match group.get_mut(name).and_then(Item::as_table_like_mut) {
            Some(inner) => group = inner,
            None => return false,
        }
    }
    let Some(gone) = group.remove(last) else {
        return false;
    };
    if let Item::Table(gone) = gone {
        keep_what_was_said_before(document, &gone);
    }
    true
}

/// The comments above a table come with it, but for those that an empty line sets apart: they are of the file.
fn keep_what_was_said_before(document: &mut DocumentMut, gone: &Table) {
    let above = gone.decor().prefix().and_then(|above| above.as_str());
    let Some(kept) = above.and_then(|above| Some(&above[..above.rfind("\n\n")? + 1])) else {
        return;
    };
    if !kept.contains('#') {
        return;
    }
    let kept = kept.to_owned();
    let after = gone.position().unwrap_or(0);
    match next_position(document.as_table(), after).and_then(|next| at(document.as_table_mut(), next)) {
        Some(next) => {
            let own = next
                .decor()
                .prefix()
                .and_then(|own| own.as_str())
                .unwrap_or_default();
            let both = format!("{kept}{own}");
            next.decor_mut().set_prefix(both);
        }
        None => {
            let own = document.trailing().as_str().unwrap_or_default();
            let both = format!("{kept}{own}");
            document.set_trailing(both);
        }
    }
}

fn next_position(table: &Table, after: isize) -> Option<isize> {
    let below = table.iter().filter_map(|(_, item)| item.as_table());
    let own = |table: &Table| table.position().filter(|at| *at > after && !table.is_implicit());
    below
        .filter_map(|table| {
            let inner = next_position(table, after);
            own(table).into_iter().chain(inner).min()
        })
        .min()
}

fn at(table: &mut Table, position: isize) -> Option<&mut Table> {
    if table.position() == Some(position) && !table.is_implicit() {
        return Some(table);
    }
    let mut below = table.iter_mut().filter_map(|(_, item)| item.as_table_mut());
    below.find_map(|table| at(table, position))
}
