//! Files in JSON, also with comments and trailing commas: changed where they have to be, byte for byte the same
//! elsewhere.

use super::{
    Fault, NAME, Syntax,
    edit::{Standing, There},
    entry::Entry,
};
use jsonc_parser::{
    ParseOptions,
    cst::{CstInputValue, CstObject, CstObjectProp, CstRootNode},
    errors::ParseError,
};
use serde_json::Value;

/// What the agents' own parsers take or repair; nothing looser, or a mistake would be taken for a file.
const OPTIONS: ParseOptions = ParseOptions {
    allow_comments: true,
    allow_loose_object_property_names: false,
    allow_trailing_commas: true,
    allow_missing_commas: false,
    allow_single_quoted_strings: false,
    allow_hexadecimal_numbers: false,
    allow_unary_plus_numbers: false,
    allow_bare_decimal_point_numbers: false,
    allow_non_finite_numbers: false,
    allow_extended_string_escapes: false,
};

/// What is to stand in a file that has nothing else.
#[expect(clippy::unwrap_used, reason = "two braces are an object")]
pub fn snippet(section: &str, entry: &Entry) -> String {
    let root = CstRootNode::parse("{}", &OPTIONS).unwrap();
    root.object_value_or_set().append(section, group(entry));
    format!("{root}\n")
}

/// The text with the entry in it; `None`: it is there.
pub fn put(section: &str, entry: &Entry, text: &str) -> Result<(Standing, Option<String>), Fault> {
    let root = CstRootNode::parse(text, &OPTIONS).map_err(|error| broken(&error))?;
    let Some(value) = root.value() else {
        let whole = snippet(section, entry);
        return Ok((Standing::Absent, Some(below(text, &whole))));
    };
    let object = value.as_object().ok_or_else(|| Fault::Kind("the file".into()))?;
    let Some(servers) = last(&object, section) else {
        object.append(section, group(entry));
        return Ok((Standing::Absent, Some(root.to_string())));
    };
    let Some(group) = servers.object_value() else {
        return beside_nothing(&servers, section, entry, &root);
    };
    let named = last(&group, NAME);
    let there = There::of(named.as_ref().map(|named| {
        let value = named.value().and_then(|value| value.to_serde_value());
        value.unwrap_or(Value::Null)
    }));
    let standing = there.standing(entry);
    if standing == Standing::Present {
        return Ok((standing, None));
    }
    match named {
        None => _ = group.append(NAME, whole(entry)),
        Some(named) => match named.object_value() {
            Some(object) => correct(&object, entry),
            None => named.set_value(whole(entry)),
        },
    }
    Ok((standing, Some(root.to_string())))
}

/// `"mcpServers": null` holds nothing that could be lost; anything else is not what it should be.
fn beside_nothing(
    servers: &CstObjectProp,
    section: &str,
    entry: &Entry,
    root: &CstRootNode,
) -> Result<(Standing, Option<String>), Fault> {
    let is_null = servers
        .value()
        .is_some_and(|value| value.as_null_keyword().is_some());
    if !is_null {
        return Err(Fault::Kind(section.into()));
    }
    servers.set_value(group(entry));
    Ok((Standing::Absent, Some(root.to_string())))
}

/// Sets what has to be so and leaves the rest.
fn correct(object: &CstObject, entry: &Entry) {
    let of_the_network = |member: &CstObjectProp| {
        let name = member.decoded_name();
        name.is_some_and(|name| Entry::REMOTE.contains(&name.as_str()))
    };
    for member in object.properties().into_iter().filter(of_the_network) {
        member.remove();
    }
    for (key, wanted) in &entry.must {
        match last(object, key) {
            None => _ = object.append(key, input(wanted)),
            Some(there) => {
                if there.value().and_then(|value| value.to_serde_value()).as_ref() != Some(wanted) {
                    there.set_value(input(wanted));
                }
            }
        }
    }
}

/// Of several members of one name the last one counts.
fn last(object: &CstObject, name: &str) -> Option<CstObjectProp> {
    let mut members = object.properties().into_iter().rev();
    members.find(|member| member.decoded_name().as_deref() == Some(name))
}

fn group(entry: &Entry) -> CstInputValue {
    CstInputValue::Object(vec![(NAME.into(), whole(entry))])
}

fn whole(entry: &Entry) -> CstInputValue {
    let members = entry.whole().into_iter();
    CstInputValue::Object(members.map(|(key, value)| (key.into(), input(&value))).collect())
}

fn input(value: &Value) -> CstInputValue {
    match value {
        Value::Null => CstInputValue::Null,
        Value::Bool(flag) => CstInputValue::Bool(*flag),
        Value::Number(number) => CstInputValue::Number(number.to_string()),
        Value::String(text) => CstInputValue::String(text.clone()),
        Value::Array(values) => CstInputValue::Array(values.iter().map(input).collect()),
        Value::Object(members) => CstInputValue::Object(
            members
                .iter()
                .map(|(key, value)| (key.clone(), input(value)))
                .collect(),
        ),
    }
}

/// A text of comments and blank lines, and what follows it.
fn below(text: &str, whole: &str) -> String {
    match text.trim().is_empty() {
        true => whole.to_owned(),
        false if text.ends_with('\n') => format!("{text}{whole}"),
        false => format!("{text}\n{whole}"),
    }
}

fn broken(error: &ParseError) -> Fault {
    Fault::Syntax(Syntax {
        line: error.line_display(),
        what: error.kind().to_string(),
    })
}
