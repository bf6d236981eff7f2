//! The texts, one file a panel and language, embedded. What is missing in a language is a failing test.

use fluent_bundle::{FluentArgs, FluentBundle, FluentResource, FluentValue};
use std::collections::HashMap;

/// A number or text that goes into a text.
pub type Value<'a> = FluentValue<'a>;

/// What is said, in no language yet: it is worded when it is painted, since the language may change meanwhile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    key: &'static str,
    values: Vec<(&'static str, SaidValue)>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum SaidValue {
    Number(usize),
    Text(String),
}

impl Said {
    /// A text of the catalogue without values.
    pub fn new(key: &'static str) -> Self {
        Self {
            key,
            values: Vec::new(),
        }
    }
    /// The same with a number in it.
    pub fn number(mut self, name: &'static str, number: usize) -> Self {
        self.values.push((name, SaidValue::Number(number)));
        self
    }
    /// The same with a name or path in it, which is the same in all languages.
    pub fn text(mut self, name: &'static str, text: impl Into<String>) -> Self {
        self.values.push((name, SaidValue::Text(text.into())));
        self
    }
    /// In a language.
    pub fn worded(&self, text: &Catalogue) -> String {
        let value = |value: &SaidValue| match value {
            SaidValue::Number(number) => (*number).into(),
            SaidValue::Text(text) => text.clone().into(),
        };
        let values: Vec<(&str, Value<'_>)> = self
            .values
            .iter()
            .map(|(name, said)| (*name, value(said)))
            .collect();
        text.with(self.key, &values)
    }
}
impl From<&'static str> for Said {
    fn from(key: &'static str) -> Self {
        Self::new(key)
    }
}

/// A language of the window.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Language {
    /// English.
    English,
    /// Korean.
    Korean,
}

impl Language {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::English, Self::Korean];

    /// The language of a locale's name (`ko_KR.UTF-8`); English if it is another.
    pub fn of_locale(locale: &str) -> Self {
        if locale.to_ascii_lowercase().starts_with("ko") {
            Self::Korean
        } else {
            Self::English
        }
    }
    /// Its code in the settings.
    pub fn code(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Korean => "ko",
        }
    }
    /// Its name in itself.
    pub fn name(self) -> &'static str {
        match self {
            Self::English => "English",
            Self::Korean => "한국어",
        }
    }
}

macro_rules! catalogue_files {
    ($language:literal: $($file:literal),* $(,)?) => {
        &[$(($file, include_str!(concat!("../../../assets/locales/", $language, "/", $file, ".ftl")))),*]
    };
}

macro_rules! catalogues {
    ($($file:literal),* $(,)?) => {
        const ENGLISH: &[(&str, &str)] = catalogue_files!("en": $($file),*);
        const KOREAN: &[(&str, &str)] = catalogue_files!("ko": $($file),*);
    };
}

catalogues!(
    "common",
    "state",
    "actor",
    "sidebar",
    "top_bar",
    "board",
    "task",
    "conversation",
    "approvals",
    "composer",
    "changes",
    "landing",
    "start_dialog",
    "classify",
    "needs_you",
    "settings",
    "first_start",
    "keys",
    "palette",
    "about",
    "chooser",
    "agents",
    "own_agents",
    "add_repository",
    "problem",
);

/// The texts of one language.
pub struct Catalogue {
    language: Language,
    bundle: FluentBundle<FluentResource>,
    plain: HashMap<String, String>,
}

impl Catalogue {
    /// Reads the embedded files of a language.
    pub fn new(language: Language) -> Self {
        // Both codes are valid; the default would only cost the plural forms.
        let mut bundle = FluentBundle::new(vec![language.code().parse().unwrap_or_default()]);
        // Isolation marks are for right-to-left languages; here they only make tests and copies harder to read.
        bundle.set_use_isolating(false);
        for (_, source) in files(language) {
            let resource = FluentResource::try_new((*source).to_owned()).unwrap_or_else(|(rest, _)| rest);
            bundle.add_resource_overriding(resource);
        }
        let plain = plain_texts(language, &bundle);
        Self {
            language,
            bundle,
            plain,
        }
    }
    /// Which language it is.
    pub fn language(&self) -> Language {
        self.language
    }
    /// A text without values. The key itself if there is none.
    pub fn get<'a>(&'a self, key: &'a str) -> &'a str {
        self.plain.get(key).map_or(key, String::as_str)
    }
    /// A text with values: `with("age-minutes", &[("n", 4.into())])`.
    pub fn with(&self, key: &str, values: &[(&str, Value<'_>)]) -> String {
        let args: FluentArgs<'_> = values
            .iter()
            .map(|(name, value)| (*name, value.clone()))
            .collect();
        let pattern = self.bundle.get_message(key).and_then(|message| message.value());
        match pattern {
            Some(pattern) => self
                .bundle
                .format_pattern(pattern, Some(&args), &mut Vec::new())
                .into_owned(),
            None => key.to_owned(),
        }
    }
}

/// The files of a language by name.
pub fn files(language: Language) -> &'static [(&'static str, &'static str)] {
    match language {
        Language::English => ENGLISH,
        Language::Korean => KOREAN,
    }
}

/// The keys of a file, in order.
pub fn keys(source: &str) -> impl Iterator<Item = &str> {
    source.lines().filter_map(|line| {
        let starts = line
            .chars()
            .next()
            .is_some_and(|first| first.is_ascii_lowercase());
        starts
            .then(|| line.split_once(" =").map(|(key, _)| key))
            .flatten()
    })
}

fn plain_texts(language: Language, bundle: &FluentBundle<FluentResource>) -> HashMap<String, String> {
    let all = files(language).iter().flat_map(|(_, source)| keys(source));
    all.filter_map(|key| {
        let pattern = bundle.get_message(key)?.value()?;
        let mut errors = Vec::new();
        let text = bundle.format_pattern(pattern, None, &mut errors).into_owned();
        errors.is_empty().then(|| (key.to_owned(), text))
    })
    .collect()
}
