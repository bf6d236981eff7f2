//! Schemas as small as they can be, since each costs every agent tokens; and arguments checked against them in words.

use crate::text;
use anyon_model::{Problem, ProblemCode};
use rmcp::schemars::{JsonSchema, generate::SchemaSettings};
use serde_json::{Map, Value};
use std::sync::Arc;

/// A JSON object.
pub type Object = Map<String, Value>;

/// What a tool takes.
pub fn input<T: JsonSchema>() -> Arc<Object> {
    let mut schema = object(
        SchemaSettings::draft2020_12().for_deserialize(),
        T::json_schema_root,
    );
    schema.remove("description");
    schema
        .entry("properties")
        .or_insert_with(|| Value::Object(Map::new()));
    Arc::new(schema)
}

/// What a tool gives.
pub fn output<T: JsonSchema>() -> Arc<Object> {
    let mut schema = object(
        SchemaSettings::draft2020_12().for_serialize(),
        T::json_schema_root,
    );
    schema.remove("description");
    Arc::new(schema)
}

/// The root schema of a type under some settings.
trait Root: JsonSchema {
    fn json_schema_root(settings: SchemaSettings) -> Value;
}

impl<T: JsonSchema> Root for T {
    fn json_schema_root(settings: SchemaSettings) -> Value {
        settings.into_generator().into_root_schema_for::<T>().to_value()
    }
}

fn object(settings: SchemaSettings, root: impl Fn(SchemaSettings) -> Value) -> Object {
    let settings = settings.with(|settings| {
        settings.inline_subschemas = true;
        settings.meta_schema = None;
    });
    match slim(root(settings)) {
        Value::Object(object) => object,
        _ => Map::new(),
    }
}

/// Leaves out what says nothing: titles, formats, bounds of the number types, and that what may be absent may be null.
fn slim(schema: Value) -> Value {
    let Value::Object(mut schema) = schema else {
        return schema;
    };
    if let Some(only) = one_or_null(&mut schema) {
        return only;
    }
    for key in ["$schema", "title", "format", "minimum", "maximum", "default"] {
        schema.remove(key);
    }
    if schema.get("additionalProperties") == Some(&Value::Bool(false)) {
        schema.remove("additionalProperties");
    }
    if let Some(Value::Array(kinds)) = schema.get("type") {
        let real = kinds.iter().find(|kind| kind.as_str() != Some("null")).cloned();
        real.map(|kind| schema.insert("type".into(), kind));
    }
    if let Some(Value::Array(values)) = schema.get_mut("enum") {
        values.retain(|value| !value.is_null());
    }
    for key in ["items", "additionalProperties"] {
        if let Some(inner) = schema.remove(key) {
            schema.insert(key.into(), slim(inner));
        }
    }
    if let Some(Value::Object(properties)) = schema.get_mut("properties") {
        for inner in properties.values_mut() {
            *inner = slim(inner.take());
        }
    }
    Value::Object(schema)
}

/// `anyOf` of something and null is that something, with the description of the whole.
fn one_or_null(schema: &mut Object) -> Option<Value> {
    let Some(Value::Array(choices)) = schema.get("anyOf") else {
        return None;
    };
    let is_null = |choice: &&Value| choice.get("type").and_then(Value::as_str) == Some("null");
    if choices.len() != 2 || !choices.iter().any(|choice| is_null(&choice)) {
        return None;
    }
    let mut only = slim(choices.iter().find(|choice| !is_null(choice))?.clone());
    if let (Some(description), Some(only)) = (schema.remove("description"), only.as_object_mut()) {
        only.insert("description".into(), description);
    }
    Some(only)
}

/// Says in words what is wrong with arguments: which is missing, which is unknown, which is of another type.
pub fn check(schema: &Object, arguments: &Object) -> Result<(), Problem> {
    let empty = Map::new();
    let known = schema
        .get("properties")
        .and_then(Value::as_object)
        .unwrap_or(&empty);
    let required = schema.get("required").and_then(Value::as_array);
    for name in required.into_iter().flatten().filter_map(Value::as_str) {
        if arguments.get(name).is_none_or(Value::is_null) {
            return Err(wrong(format!("The argument “{name}” is missing"), schema));
        }
    }
    for (name, value) in arguments {
        let Some(property) = known.get(name) else {
            return Err(wrong(
                format!("There is no argument “{}”", text::quoted(name)),
                schema,
            ));
        };
        if !value.is_null() && !fits(property, value) {
            let title = format!("The argument “{name}” has to be {}", expected(property));
            return Err(wrong(title, schema));
        }
    }
    Ok(())
}

fn fits(property: &Value, value: &Value) -> bool {
    let is_of_type = match property.get("type").and_then(Value::as_str) {
        Some("string") => value.is_string(),
        Some("integer") => value.is_u64(),
        Some("boolean") => value.is_boolean(),
        Some("object") => value.is_object(),
        Some("array") => value.is_array(),
        _ => true,
    };
    let choices = property.get("enum").and_then(Value::as_array);
    is_of_type && choices.is_none_or(|choices| choices.contains(value))
}

fn expected(property: &Value) -> String {
    if let Some(choices) = property.get("enum").and_then(Value::as_array) {
        let words: Vec<_> = choices.iter().filter_map(Value::as_str).collect();
        return format!("one of {}", words.join(", "));
    }
    match property.get("type").and_then(Value::as_str) {
        Some("integer") => "a whole number, 0 or more".into(),
        Some("boolean") => "true or false".into(),
        Some("object") => "an object".into(),
        Some("array") => "a list".into(),
        _ => "a text".into(),
    }
}

fn wrong(title: String, schema: &Object) -> Problem {
    let names = |key: &str| -> Vec<String> {
        match schema.get(key) {
            Some(Value::Object(properties)) => properties.keys().cloned().collect(),
            Some(Value::Array(names)) => names
                .iter()
                .filter_map(|name| name.as_str().map(str::to_owned))
                .collect(),
            _ => Vec::new(),
        }
    };
    let required = names("required");
    let words: Vec<String> = names("properties")
        .into_iter()
        .map(|name| {
            if required.contains(&name) {
                name
            } else {
                format!("{name}?")
            }
        })
        .collect();
    let takes = if words.is_empty() {
        "no arguments".to_owned()
    } else {
        words.join(", ")
    };
    Problem::new(ProblemCode::InvalidRequest, title).hint(format!("It takes {takes}"))
}
