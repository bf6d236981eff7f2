//! Files in TOML: a new table is put at the end, one that is there is corrected key by key. Comments and order stay.

use super::{
    Fault, NAME, Syntax,
    edit::{Standing, There},
    entry::Entry,
};
use serde_json::{Map, Value as Json};
use toml_edit::{Array, DocumentMut, InlineTable, Item, TableLike, TomlError, Value};

/// What is to stand in a file.
pub fn snippet(section: &str, entry: &Entry) -> String {
    let mut text = format!("[{section}.{NAME}]\n");
    for (key, wanted) in entry.whole() {
        text.push_str(&format!("{key} = {}\n", value(&wanted)));
    }
    text
}

/// The text with the entry in it; `None`: it is there.
pub fn put(section: &str, entry: &Entry, text: &str) -> Result<(Standing, Option<String>), Fault> {
    let mut document: DocumentMut = text.parse().map_err(|error| broken(&error, text))?;
    let Some(servers) = document.get_mut(section) else {
        return Ok((Standing::Absent, Some(at_the_end(text, &snippet(section, entry)))));
    };
    let is_inline = servers.is_inline_table();
    let Some(group) = servers.as_table_like_mut() else {
        return Err(Fault::Kind(section.into()));
    };
    let there = There::of(group.get(NAME).map(json));
    let standing = there.standing(entry);
    match standing {
        Standing::Present => return Ok((standing, None)),
        Standing::Absent if !is_inline => {
            return Ok((standing, Some(at_the_end(text, &snippet(section, entry)))));
        }
        Standing::Absent | Standing::Other => {}
    }
    match group.get_mut(NAME).and_then(Item::as_table_like_mut) {
        Some(table) => correct(table, entry),
        None => _ = group.insert(NAME, Item::Value(Value::InlineTable(inline(entry)))),
    }
    Ok((standing, Some(with_ends_of(text, document.to_string()))))
}

/// Sets what has to be so, with the comments beside it, and leaves the rest.
fn correct(table: &mut dyn TableLike, entry: &Entry) {
    for key in Entry::REMOTE {
        table.remove(key);
    }
    for (key, wanted) in &entry.must {
        match table.get_mut(key) {
            Some(there) if json(there) == *wanted => {}
            Some(Item::Value(there)) => {
                let beside = there.decor().clone();
                *there = value(wanted);
                *there.decor_mut() = beside;
            }
            _ => _ = table.insert(key, Item::Value(value(wanted))),
        }
    }
}

fn inline(entry: &Entry) -> InlineTable {
    let members = entry.whole().into_iter();
    members.map(|(key, wanted)| (key, value(&wanted))).collect()
}

/// Entries hold texts, lists of texts and switches only.
fn value(wanted: &Json) -> Value {
    match wanted {
        Json::Bool(flag) => Value::from(*flag),
        Json::Array(words) => words.iter().map(value).collect::<Array>().into(),
        Json::String(text) => Value::from(text.as_str()),
        other => Value::from(other.to_string()),
    }
}

fn json(item: &Item) -> Json {
    match item {
        Item::Value(Value::String(text)) => Json::String(text.value().clone()),
        Item::Value(Value::Boolean(flag)) => Json::Bool(*flag.value()),
        Item::Value(Value::Array(words)) => {
            let words = words.iter().cloned();
            Json::Array(words.map(|word| json(&Item::Value(word))).collect())
        }
        other => match other.as_table_like() {
            Some(table) => {
                let members = table.iter();
                Json::Object(
                    members
                        .map(|(key, item)| (key.to_owned(), json(item)))
                        .collect::<Map<_, _>>(),
                )
            }
            None => Json::Null,
        },
    }
}

fn at_the_end(text: &str, addition: &str) -> String {
    let gap = match text {
        "" => "",
        text if text.ends_with("\n\n") || text.ends_with("\n\r\n") => "",
        text if text.ends_with('\n') => "\n",
        _ => "\n\n",
    };
    format!("{text}{}", with_ends_of(text, format!("{gap}{addition}")))
}

/// The same text with the line ends of another one.
fn with_ends_of(like: &str, text: String) -> String {
    match like.contains("\r\n") {
        true => text.replace("\r\n", "\n").replace('\n', "\r\n"),
        false => text,
    }
}

fn broken(error: &TomlError, text: &str) -> Fault {
    let at = error.span().map_or(0, |span| span.start).min(text.len());
    let before = &text.as_bytes()[..at];
    Fault::Syntax(Syntax {
        line: before.iter().filter(|byte| **byte == b'\n').count() + 1,
        // Its first line says what, the others quote.
        what: error.message().lines().next().unwrap_or_default().to_owned(),
    })
}
