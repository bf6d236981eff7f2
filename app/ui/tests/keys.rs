//! The page of keys agrees with the keys that the panels really take; about tells what runs.

#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "a test reads the sources; no frame does"
)]

mod support;

use anyon_ui::{
    Place, Request,
    panels::keys::{Press, TABLE},
};
use egui_kittest::kittest::Queryable;
use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};
use support::{Look, Window, typical_world};

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else {
            found.push(path);
        }
    }
}

/// The names of keys in a text: `Key::K` gives `K`.
fn named(text: &str) -> BTreeSet<String> {
    let code = text.split("#[cfg(test)]").next().unwrap_or_default();
    let parts = code.split("Key::").skip(1);
    let names = parts.map(|part| {
        part.chars()
            .take_while(char::is_ascii_alphanumeric)
            .collect::<String>()
    });
    names.filter(|name| !name.is_empty()).collect()
}

/// The keys of the table by file.
fn in_table() -> BTreeMap<String, BTreeSet<String>> {
    let mut table: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for shortcut in TABLE.iter().flat_map(|(_, shortcuts)| *shortcuts) {
        for file in shortcut.taken_in {
            let keys = table.entry((*file).to_owned()).or_default();
            for press in shortcut.presses {
                if let Press::Key(key) | Press::Command(key) | Press::Alt(key) | Press::Shift(key) = press {
                    keys.insert(format!("{key:?}"));
                }
            }
        }
    }
    table
}

#[test]
fn every_key_that_is_taken_is_on_the_page_and_every_key_on_the_page_is_taken() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = vec![src.join("shell.rs")];
    sources(&src.join("panels"), &mut files);
    let mut taken: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for file in files.iter().filter(|file| !file.ends_with("panels/keys.rs")) {
        let keys = named(&std::fs::read_to_string(file).unwrap());
        if !keys.is_empty() {
            let name = file.strip_prefix(&src).unwrap().with_extension("");
            taken.insert(name.to_string_lossy().replace('\\', "/"), keys);
        }
    }
    assert_eq!(
        taken,
        in_table(),
        "left: taken by the panels; right: the table in panels/keys.rs"
    );
}

#[test]
fn both_pages_paint_in_every_look() {
    for look in Look::all() {
        for (name, place) in [("keys", Place::Keys), ("about", Place::About)] {
            Window::looking(place, typical_world().state(), look).picture(&format!("{name}-{}", look.name()));
        }
    }
}

#[test]
fn about_tells_what_runs_and_opens_the_folder_of_logs() {
    let mut window = Window::at(Place::Keys, typical_world().state());
    let around = window.harness.state_mut().shell.surroundings_mut();
    around.version = "1.2.3".into();
    around.renderer = "glow".into();
    around.data_folder = "/data/anyon".into();
    around.frame_ms = 2.25;
    window.harness.state_mut().shell.go(Place::About);
    window.run();
    window.harness.get_by_label("1.2.3");
    window.harness.get_by_label("glow");
    window.harness.get_by_label("Open log folder").click();
    window.run();
    assert!(
        window
            .harness
            .state()
            .requests
            .contains(&Request::OpenFolder("/data/anyon/logs".into()))
    );
    window.harness.get_by_label("Copy for a bug report").click();
    window.run();
    let told = window
        .harness
        .state()
        .requests
        .iter()
        .any(|request| match request {
            Request::CopyText(text) => text.contains("Version: 1.2.3") && text.contains("Renderer: glow"),
            _ => false,
        });
    assert!(told);
}

#[test]
fn keys_are_named_by_what_stands_on_them() {
    let window = Window::at(Place::Keys, typical_world().state());
    window.harness.get_by_label("Ctrl+,");
    assert!(window.harness.query_by_label("Ctrl+Comma").is_none());
}
