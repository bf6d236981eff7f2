//! Rules that the sources keep: looks and words live where they belong, the catalogues are whole, icons have glyphs.

#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a test that reads the sources"
)]

use anyon_model::{Problem, ProblemCode};
use anyon_ui::{
    Catalogue, Language,
    text::{files, keys},
};
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

fn src() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

fn sources(folder: &Path, found: &mut Vec<(String, String)>) {
    for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let path = entry.path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let name = path.strip_prefix(src()).unwrap().display().to_string();
            let text = fs::read_to_string(&path).unwrap();
            // Tests stand at the end of their file.
            let code = text.split("#[cfg(test)]").next().unwrap_or_default().to_owned();
            found.push((name, code));
        }
    }
}

fn all_sources() -> Vec<(String, String)> {
    let mut found = Vec::new();
    sources(&src(), &mut found);
    found
}

/// Lines of code outside of the theme, without comments, with their place.
fn code_lines() -> Vec<(String, String)> {
    let outside = |name: &str| !name.starts_with("theme") && !name.ends_with("tests.rs");
    all_sources()
        .into_iter()
        .filter(|(name, _)| outside(name))
        .flat_map(|(name, text)| {
            let lines: Vec<String> = text.lines().map(str::to_owned).collect();
            lines
                .into_iter()
                .enumerate()
                .map(move |(at, line)| (format!("{name}:{}", at + 1), line))
        })
        .filter(|(_, line)| !line.trim_start().starts_with("//"))
        .collect()
}

/// The string literals of a line.
fn literals(line: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut current: Option<String> = None;
    let mut escaped = false;
    for character in line.chars() {
        match (&mut current, character) {
            (Some(text), _) if escaped => {
                text.push(character);
                escaped = false;
            }
            (Some(_), '\\') => escaped = true,
            (Some(_), '"') => found.extend(current.take()),
            (Some(text), _) => text.push(character),
            (None, '"') => current = Some(String::new()),
            (None, _) => {}
        }
    }
    found
}

#[test]
fn colours_stand_in_the_theme_only() {
    let made = [
        "Color32::from_",
        "Color32::RED",
        "Color32::GREEN",
        "Color32::BLUE",
        "Color32::WHITE",
        "Color32::GRAY",
    ];
    let wrong: Vec<_> = code_lines()
        .into_iter()
        .filter(|(_, line)| made.iter().any(|word| line.contains(word)))
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn sizes_and_durations_stand_in_the_theme_only() {
    let wrong: Vec<_> = code_lines()
        .into_iter()
        .filter(|(_, line)| has_size(line))
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// A number of five or more with a fraction, or a duration made of a number. Multiples and shares of something else
/// are no sizes, nor is what turns one unit into another.
fn has_size(line: &str) -> bool {
    if ["from_millis(", "from_secs("].iter().any(|made| {
        line.split(made)
            .nth(1)
            .is_some_and(|rest| rest.starts_with(|first: char| first.is_ascii_digit()))
    }) {
        return true;
    }
    let is_part =
        |before: Option<char>| before.is_some_and(|c| c.is_ascii_alphanumeric() || c == '_' || c == '.');
    line.char_indices().any(|(at, first)| {
        let before = &line[..at];
        if !first.is_ascii_digit()
            || is_part(before.chars().next_back())
            || before.ends_with("* ")
            || before.ends_with("/ ")
        {
            return false;
        }
        let number: String = line[at..]
            .chars()
            .take_while(|c| c.is_ascii_digit() || *c == '_')
            .collect();
        let rest = line[at + number.len()..].strip_prefix('.');
        let fraction = rest.is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
        fraction
            && number
                .replace('_', "")
                .parse::<u64>()
                .is_ok_and(|number| (5..1_000).contains(&number))
    })
}

#[test]
fn visible_words_stand_in_the_catalogue() {
    let shown = [
        ".label(\"",
        "on_hover_text(\"",
        "RichText::new(\"",
        ".heading(\"",
        "hint_text(\"",
        "Button::new(\"",
    ];
    let wrong: Vec<_> = code_lines()
        .into_iter()
        .filter(|(_, line)| shown.iter().any(|word| line.contains(word) && says_words(line)))
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// A literal with a letter in it: signs and separators belong to no language.
fn says_words(line: &str) -> bool {
    literals(line)
        .iter()
        .any(|text| text.chars().any(char::is_alphabetic))
}

#[test]
fn each_file_has_the_same_keys_in_the_same_order_in_all_languages() {
    for (at, (name, english)) in files(Language::English).iter().enumerate() {
        let (_, korean) = files(Language::Korean)[at];
        let (english, korean): (Vec<_>, Vec<_>) = (keys(english).collect(), keys(korean).collect());
        assert_eq!(english, korean, "{name}.ftl");
    }
}

#[test]
fn no_key_is_there_twice() {
    let mut seen = BTreeMap::new();
    for (name, source) in files(Language::English) {
        for key in keys(source) {
            assert_eq!(seen.insert(key, name), None, "{key}");
        }
    }
}

#[test]
fn every_key_of_the_catalogue_is_used_and_every_used_key_is_there() {
    let used: BTreeSet<String> = code_lines().iter().flat_map(|(_, line)| literals(line)).collect();
    let there: BTreeSet<&str> = files(Language::English)
        .iter()
        .flat_map(|(_, source)| keys(source))
        .collect();
    let unused: Vec<_> = there.iter().filter(|key| !used.contains(**key)).collect();
    assert!(unused.is_empty(), "unused: {unused:#?}");
    let prefixes: BTreeSet<String> = files(Language::English)
        .iter()
        .map(|(name, _)| format!("{}-", name.replace('_', "-")))
        .collect();
    let asked = code_lines();
    let missing: Vec<_> = asked
        .iter()
        .filter(|(_, line)| line.contains(".get(\"") || line.contains(".with(\"") || line.contains("=> \""))
        .flat_map(|(place, line)| literals(line).into_iter().map(move |text| (place, text)))
        .filter(|(_, text)| {
            prefixes.iter().any(|prefix| text.starts_with(prefix.as_str()))
                && text.chars().all(|c| c.is_ascii_lowercase() || c == '-')
        })
        .filter(|(_, text)| !there.contains(text.as_str()))
        .collect();
    assert!(missing.is_empty(), "missing: {missing:#?}");
}

#[test]
fn every_problem_has_a_title_and_a_next_step_in_every_language() {
    for language in Language::ALL {
        let text = Catalogue::new(language);
        let mut titles = BTreeSet::new();
        for code in ProblemCode::ALL {
            let (title, next) = anyon_ui::problem::keys(code);
            for key in [title, next] {
                assert!(text.get(key) != key, "{key} in {language:?}");
            }
            assert!(
                titles.insert(text.get(title).to_owned()),
                "{code:?} is told apart"
            );
        }
    }
    let korean = Catalogue::new(Language::Korean);
    let fault = Problem::new(ProblemCode::Io, "It cannot be read")
        .detail("disk")
        .hint("look");
    let shown = anyon_ui::problem::shown(&korean, &fault);
    assert_eq!(shown.detail, "It cannot be read: disk (look)", "nothing is lost");
}

#[test]
fn what_is_met_often_has_words_of_its_own_and_is_said_so_somewhere() {
    let core = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../core");
    let mut code = Vec::new();
    for part in ["engine/src", "git/src"] {
        sources_of(&core.join(part), &mut code);
    }
    let korean = Catalogue::new(Language::Korean);
    for (end, (title, next)) in anyon_ui::problem::SAID {
        assert!(
            code.iter().any(|text| text.contains(end)),
            "nobody says “{end}” any more"
        );
        assert!(korean.get(title) != title && korean.get(next) != next, "{title}");
        let fault = Problem::new(ProblemCode::WrongState, end);
        assert_eq!(anyon_ui::problem::shown(&korean, &fault).title, korean.get(title));
    }
    let covered = Problem::new(
        ProblemCode::TargetMoved,
        "2 later commits on “main” stand on top of this landing",
    );
    let shown = anyon_ui::problem::shown(&korean, &covered);
    assert_ne!(shown.title, korean.get("problem-target-moved"));
    assert!(
        shown.hint.contains("git revert"),
        "to try again would not help: {}",
        shown.hint
    );
}

#[test]
fn sentences_of_our_own_are_said_in_every_language_and_what_others_say_stays() {
    let core = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../core");
    let mut code = Vec::new();
    for part in ["engine/src", "git/src", "runtime/src"] {
        sources_of(&core.join(part), &mut code);
    }
    let korean = Catalogue::new(Language::Korean);
    for (pattern, key) in anyon_ui::problem::OWN {
        let longest = pattern.split("{}").max_by_key(|part| part.len()).unwrap();
        assert!(
            code.iter().any(|text| text.contains(longest)),
            "nobody says “{pattern}” any more"
        );
        let said = anyon_ui::problem::own_lines(&korean, &pattern.replace("{}", "7"));
        assert!(!said.is_ascii(), "{key}: {said}");
        assert_eq!(said.contains('7'), pattern.contains("{}"), "{said}");
    }
    let told = "The setup script failed: The process ended with status 7\nnpm ERR! no network";
    let said = anyon_ui::problem::own_lines(&korean, told);
    assert!(!said.contains("process ended"), "{said}");
    assert!(said.ends_with("\nnpm ERR! no network"), "{said}");
    let fault =
        Problem::new(ProblemCode::InvalidRequest, "“a..b” is not a branch name").detail("fatal: a..b");
    let shown = anyon_ui::problem::shown(&korean, &fault);
    assert!(
        shown.title.contains("a..b") && !shown.title.contains("is not"),
        "{shown}"
    );
    assert_eq!(shown.detail, "fatal: a..b");
    let english = Catalogue::new(Language::English);
    assert_eq!(anyon_ui::problem::own_lines(&english, told), told);
}

fn sources_of(folder: &Path, found: &mut Vec<String>) {
    for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let path = entry.path();
        if path.is_dir() {
            sources_of(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(fs::read_to_string(&path).unwrap());
        }
    }
}

#[test]
fn texts_take_the_same_values_in_all_languages() {
    let values = |source: &str| -> BTreeMap<String, BTreeSet<String>> {
        let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        let mut key = String::new();
        for line in source.lines() {
            if let Some(new) = keys(line).next() {
                key = new.to_owned();
            }
            for part in line.split('$').skip(1) {
                let name = part
                    .chars()
                    .take_while(|c| c.is_ascii_alphanumeric() || *c == '-' || *c == '_')
                    .collect();
                found.entry(key.clone()).or_default().insert(name);
            }
        }
        found
    };
    for (at, (name, english)) in files(Language::English).iter().enumerate() {
        assert_eq!(
            values(english),
            values(files(Language::Korean)[at].1),
            "{name}.ftl"
        );
    }
}

#[test]
fn texts_are_read_without_damage() {
    for language in Language::ALL {
        let catalogue = Catalogue::new(language);
        for (name, source) in files(language) {
            assert!(!source.contains('\t'), "{name}.ftl: a tab");
            for key in keys(source) {
                let text = catalogue.with(key, &[]);
                assert!(!text.is_empty() && text != key, "{key} in {name}.ftl is not read");
            }
        }
    }
}

#[test]
fn every_icon_in_use_has_a_glyph_in_the_shipped_font() {
    let shipped =
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../assets/fonts/icons.txt"))
            .unwrap();
    let shipped: BTreeSet<u32> = shipped
        .lines()
        .filter_map(|line| u32::from_str_radix(line.split_whitespace().next()?, 16).ok())
        .collect();
    let missing: Vec<String> = used_icons()
        .into_iter()
        .filter(|name| {
            !shipped.contains(&u32::from(
                lucide_icons::Icon::try_from(kebab(name).as_str())
                    .unwrap()
                    .unicode(),
            ))
        })
        .collect();
    assert!(
        missing.is_empty(),
        "add them to assets/fonts/icons.txt and run make.sh: {missing:?}"
    );
}

fn used_icons() -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (_, line) in all_sources()
        .iter()
        .flat_map(|(name, text)| text.lines().map(move |line| (name, line)))
    {
        for (at, _) in line.match_indices("Icon::") {
            if line[..at].ends_with(|before: char| before.is_ascii_alphanumeric()) {
                continue;
            }
            let name: String = line[at + "Icon::".len()..]
                .chars()
                .take_while(char::is_ascii_alphanumeric)
                .collect();
            if name.starts_with(|first: char| first.is_ascii_uppercase()) {
                found.insert(name);
            }
        }
    }
    found
}

/// `CircleCheck` → `circle-check`, `Trash2` → `trash-2`.
fn kebab(name: &str) -> String {
    let mut text = String::new();
    let mut before = '-';
    for character in name.chars() {
        let apart =
            character.is_ascii_uppercase() || (character.is_ascii_digit() && !before.is_ascii_digit());
        if apart && !text.is_empty() {
            text.push('-');
        }
        text.push(character.to_ascii_lowercase());
        before = character;
    }
    text
}

#[test]
fn icons_are_written_out_for_the_font() {
    // `ANYON_ICONS=1` writes the list of the icons in use; then make.sh cuts the font.
    if std::env::var_os("ANYON_ICONS").is_some() {
        let lines: Vec<String> = used_icons()
            .iter()
            .map(|name| {
                let icon = lucide_icons::Icon::try_from(kebab(name).as_str()).unwrap();
                format!("{:04X} # {name}", u32::from(icon.unicode()))
            })
            .collect();
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../assets/fonts/icons.txt");
        fs::write(file, lines.join("\n") + "\n").unwrap();
    }
}
