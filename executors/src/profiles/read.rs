//! Reads the text: every table by the description of its fields. A fault names its line and never a value.

use super::{Configuration, typed};
use crate::agents::{self, is_slug};
use anyon_model::{
    AgentFields, AgentFileFault, AgentTable, ExecutorProfileId, FieldKind, FieldSpec, FieldValue,
};
use std::{collections::BTreeMap, ops::Range};
use toml_edit::{Document, Item, Key, TableLike, Value};

/// Longer lines are a mistake.
const LINE_CHARS: usize = 1_000;
/// Longer names of variants are too.
const VARIANT_CHARS: usize = 40;

type Read<T> = Result<T, AgentFileFault>;

/// What a text comes to.
pub fn read(text: &str) -> Read<Configuration> {
    let lines = Lines(text);
    let document = Document::parse(text).map_err(|error| {
        // Its first line says what, the others quote.
        let what = error.message().lines().next().unwrap_or_default();
        lines.fault(error.span(), what)
    })?;
    let mut tables = Vec::new();
    for (key, item) in keyed(document.as_table()) {
        match key.get() {
            "agents" => lines.agents(key, item, &mut tables)?,
            "profiles" => lines.profiles(key, item, &mut tables)?,
            other => {
                let what = format!("unknown table “{other}”; there are agents and profiles");
                return Err(lines.at(key, item, what));
            }
        }
    }
    for (key, item) in keyed(document.as_table()).filter(|(key, _)| key.get() == "profiles") {
        lines.owners(key, item, &tables)?;
    }
    Ok(typed::configuration(tables))
}

fn keyed(table: &dyn TableLike) -> impl Iterator<Item = (&Key, &Item)> {
    let keys: Vec<String> = table.iter().map(|(key, _)| key.to_owned()).collect();
    keys.into_iter().filter_map(|key| table.get_key_value(&key))
}

/// A text by its lines.
struct Lines<'t>(&'t str);

impl Lines<'_> {
    fn fault(&self, span: Option<Range<usize>>, reason: impl Into<String>) -> AgentFileFault {
        let at = span.map_or(0, |span| span.start).min(self.0.len());
        let before = &self.0.as_bytes()[..at];
        let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
        AgentFileFault {
            line: u32::try_from(line).unwrap_or(u32::MAX),
            reason: reason.into(),
        }
    }

    fn at(&self, key: &Key, item: &Item, reason: impl Into<String>) -> AgentFileFault {
        self.fault(key.span().or_else(|| item.span()), reason)
    }

    fn group<'i>(&self, key: &Key, item: &'i Item) -> Read<&'i dyn TableLike> {
        let what = || format!("“{}” has to be a table", key.get());
        item.as_table_like().ok_or_else(|| self.at(key, item, what()))
    }

    fn agents(&self, key: &Key, item: &Item, tables: &mut Vec<(AgentTable, AgentFields)>) -> Read<()> {
        for (key, item) in keyed(self.group(key, item)?) {
            let agent_id = key.get().to_owned();
            if agents::named(&agent_id).is_some() {
                let what = format!("“{agent_id}” is an agent that Anyon knows; choose another id");
                return Err(self.at(key, item, what));
            }
            if !is_slug(&agent_id) {
                let what = "an agent's id has lower-case letters, digits and -, 40 of them at most";
                return Err(self.at(key, item, what));
            }
            let table = AgentTable::Agent { agent_id };
            let fields = self.fields(key, item, table.fields())?;
            tables.push((table, fields));
        }
        Ok(())
    }

    fn profiles(&self, key: &Key, item: &Item, tables: &mut Vec<(AgentTable, AgentFields)>) -> Read<()> {
        for (agent, variants) in keyed(self.group(key, item)?) {
            for (key, item) in keyed(self.group(agent, variants)?) {
                let plain = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_');
                let variant = key.get();
                if variant.is_empty() || variant.len() > VARIANT_CHARS || !variant.chars().all(plain) {
                    let what = "a variant's name has letters, digits, - and _, 40 of them at most";
                    return Err(self.at(key, item, what));
                }
                let table = AgentTable::Profile(ExecutorProfileId {
                    executor: agent.get().to_owned(),
                    variant: Some(variant.to_owned()),
                });
                let fields = self.fields(key, item, table.fields())?;
                tables.push((table, fields));
            }
        }
        Ok(())
    }

    /// Each profile is of an agent that there is.
    fn owners(&self, key: &Key, item: &Item, tables: &[(AgentTable, AgentFields)]) -> Read<()> {
        for (key, item) in keyed(self.group(key, item)?) {
            let of =
                |table: &AgentTable| matches!(table, AgentTable::Agent { agent_id } if agent_id == key.get());
            let own = tables.iter().any(|(table, _)| of(table));
            if !own && agents::agent(key.get()).is_none() {
                let meant = agents::named(key.get()).map_or_else(String::new, |spec| {
                    format!("; Anyon's agent is written {}", spec.id)
                });
                let what = format!("there is no agent “{}”{meant}", key.get());
                return Err(self.at(key, item, what));
            }
        }
        Ok(())
    }

    fn fields(&self, key: &Key, item: &Item, specs: &[FieldSpec]) -> Read<AgentFields> {
        let mut fields = AgentFields::new();
        for (key, item) in keyed(self.group(key, item)?) {
            let Some(spec) = specs.iter().find(|spec| spec.key == key.get()) else {
                let known: Vec<&str> = specs.iter().map(|spec| spec.key).collect();
                let what = format!("unknown key “{}”; there are {}", key.get(), known.join(", "));
                return Err(self.at(key, item, what));
            };
            let value = value(spec, item).and_then(|value| checked(spec, value));
            let value = value.map_err(|what| self.at(key, item, format!("“{}” {what}", spec.key)))?;
            fields.insert(spec.key.to_owned(), value);
        }
        let missing = specs
            .iter()
            .find(|spec| spec.required && !fields.contains_key(spec.key));
        match missing {
            Some(spec) => Err(self.at(key, item, format!("“{}” is missing", spec.key))),
            None => Ok(fields),
        }
    }
}

fn value(spec: &FieldSpec, item: &Item) -> Result<FieldValue, String> {
    let text = |item: &Item| item.as_str().map(str::to_owned);
    match spec.kind {
        FieldKind::Line | FieldKind::Text | FieldKind::Choice(_) => text(item)
            .map(FieldValue::Text)
            .ok_or_else(|| "has to be a text in quotes".to_owned()),
        FieldKind::Flag => item
            .as_bool()
            .map(FieldValue::Flag)
            .ok_or_else(|| "has to be true or false".to_owned()),
        FieldKind::List => item
            .as_array()
            .and_then(|texts| texts.iter().map(as_text).collect::<Option<_>>())
            .map(FieldValue::List)
            .ok_or_else(|| "has to be a list of texts in quotes".to_owned()),
        FieldKind::Variables => item
            .as_table_like()
            .and_then(|table| {
                let texts = table
                    .iter()
                    .map(|(key, item)| Some((key.to_owned(), text(item)?)));
                texts.collect::<Option<BTreeMap<_, _>>>()
            })
            .map(FieldValue::Variables)
            .ok_or_else(|| "has to be a table of texts in quotes".to_owned()),
    }
}

fn as_text(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned)
}

/// What a kind alone does not tell.
fn checked(spec: &FieldSpec, value: FieldValue) -> Result<FieldValue, String> {
    match (&value, spec.kind) {
        (FieldValue::Text(text), FieldKind::Choice(words)) if !words.contains(&text.as_str()) => {
            return Err(format!("has to be one of {}", words.join(", ")));
        }
        (FieldValue::Text(text), FieldKind::Line) => {
            if text.chars().count() > LINE_CHARS || text.chars().any(char::is_control) {
                return Err(format!("has to be one line of at most {LINE_CHARS} characters"));
            }
            if spec.required && text.is_empty() {
                return Err("may not be empty".to_owned());
            }
            check_program(spec, text)?;
        }
        (FieldValue::Text(text), _) if text.contains('\0') => return Err("holds a zero byte".to_owned()),
        (FieldValue::List(texts), _) if texts.iter().any(|text| text.contains('\0')) => {
            return Err("holds a zero byte".to_owned());
        }
        (FieldValue::Variables(variables), _) => {
            let named = |name: &String| !name.is_empty() && !name.contains(['=', '\0']);
            if !variables.keys().all(named) || variables.values().any(|value| value.contains('\0')) {
                return Err("names no variable, or holds a zero byte".to_owned());
            }
        }
        _ => {}
    }
    Ok(value)
}

/// A path that begins nowhere would be one of the repository.
fn check_program(spec: &FieldSpec, text: &str) -> Result<(), String> {
    let path = std::path::Path::new(text);
    let is_program = matches!(spec.key, "command" | "program");
    if is_program && path.components().count() > 1 && !path.is_absolute() {
        return Err("has to be a name or a whole path".to_owned());
    }
    Ok(())
}
