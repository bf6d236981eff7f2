//! What the scopes of a syntax mean: each scope that a syntax opens is one class, or that of the scope around it.

use anyon_model::SpanClass::{self, *};
use std::{
    collections::HashMap,
    sync::{Mutex, OnceLock, PoisonError},
};
use syntect::parsing::Scope;

/// Starts of scopes; the longest that fits counts.
const STARTS: [(&str, SpanClass); 58] = [
    ("comment", Comment),
    ("constant", Constant),
    ("constant.character.escape", Escape),
    ("constant.numeric", Number),
    ("constant.other.placeholder", Escape),
    ("entity.name", Type),
    ("entity.name.constant", Constant),
    ("entity.name.function", Function),
    ("entity.name.label", Variable),
    ("entity.name.macro", Function),
    ("entity.name.section", Heading),
    ("entity.name.tag", Tag),
    ("entity.name.variable", Variable),
    ("entity.other.attribute-name", Attribute),
    ("entity.other.inherited-class", Type),
    ("keyword", Keyword),
    ("keyword.operator", Operator),
    ("keyword.operator.word", Keyword),
    ("keyword.operator.logical.python", Keyword),
    ("markup.bold", Keyword),
    ("markup.deleted", Deleted),
    ("markup.heading", Heading),
    ("markup.inserted", Inserted),
    ("markup.italic", Keyword),
    ("markup.quote", Comment),
    ("markup.raw", String),
    ("markup.underline.link", String),
    ("meta.annotation", Attribute),
    ("meta.diff.header", Comment),
    ("meta.diff.range", Comment),
    ("meta.interpolation", Plain),
    ("meta.mapping.key", Attribute),
    ("meta.object-literal.key", Attribute),
    ("meta.template.expression", Plain),
    ("punctuation", Punctuation),
    ("punctuation.accessor", Operator),
    ("punctuation.definition.comment", Comment),
    ("punctuation.definition.deleted", Deleted),
    ("punctuation.definition.heading", Heading),
    ("punctuation.definition.inserted", Inserted),
    ("punctuation.definition.string", String),
    ("punctuation.section.interpolation", Escape),
    ("source.embedded", Plain),
    ("storage", Keyword),
    ("string", String),
    ("string.unquoted.argument", Plain),
    ("string.unquoted.plain", Plain),
    ("support", Function),
    ("support.class", Type),
    ("support.constant", Constant),
    ("support.type", Type),
    ("support.type.property-name", Attribute),
    ("support.variable", Variable),
    ("variable", Variable),
    ("variable.annotation", Attribute),
    ("variable.function", Function),
    ("variable.language", Keyword),
    ("variable.other.key", Attribute),
];

/// The class inside of a scope that opens inside of another class.
pub fn class_inside(outer: SpanClass, scope: Scope) -> SpanClass {
    match class_of(scope) {
        None => outer,
        // The string of a key is a key.
        Some(String) if outer == Attribute => Attribute,
        Some(class) => class,
    }
}

fn class_of(scope: Scope) -> Option<SpanClass> {
    static KNOWN: OnceLock<Mutex<HashMap<Scope, Option<SpanClass>>>> = OnceLock::new();
    let known = KNOWN.get_or_init(Mutex::default);
    let mut known = known.lock().unwrap_or_else(PoisonError::into_inner);
    *known.entry(scope).or_insert_with(|| look_up(scope))
}

fn look_up(scope: Scope) -> Option<SpanClass> {
    let fitting = starts().iter().filter(|(start, _)| start.is_prefix_of(scope));
    fitting
        .max_by_key(|(start, _)| start.len())
        .map(|(_, class)| *class)
}

fn starts() -> &'static [(Scope, SpanClass)] {
    static BUILT: OnceLock<Vec<(Scope, SpanClass)>> = OnceLock::new();
    BUILT.get_or_init(|| {
        let built = STARTS.iter();
        built
            .filter_map(|(start, class)| Some((Scope::new(start).ok()?, *class)))
            .collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_start_counts() {
        let class = |scope: &str| class_inside(Plain, Scope::new(scope).unwrap());
        assert_eq!(class("keyword.control.rust"), Keyword);
        assert_eq!(class("keyword.operator.arithmetic.rust"), Operator);
        assert_eq!(class("constant.numeric.integer.decimal.rust"), Number);
        assert_eq!(class("meta.function.rust"), Plain);
        assert_eq!(starts().len(), STARTS.len());
    }

    #[test]
    fn the_string_of_a_key_is_a_key() {
        let string = Scope::new("string.quoted.double.json").unwrap();
        assert_eq!(class_inside(Plain, string), String);
        assert_eq!(class_inside(Attribute, string), Attribute);
    }
}
