//! Changes of files as Codex tells them: whole texts of new and removed files, hunks of changed ones.

use crate::protocols::{json, words};
use anyon_model::{FileChange, FilePath};
use serde_json::Value;

/// The changes of an item, one per new or removed file and one per hunk of a changed one.
pub(super) fn changes(item: &Value) -> Vec<FileChange> {
    json::items(item, "changes").iter().flat_map(of_file).collect()
}

/// Every file that an item touches: where it was and where it is after.
pub(super) fn paths(item: &Value) -> Vec<FilePath> {
    let mut paths: Vec<FilePath> = Vec::new();
    for change in json::items(item, "changes") {
        let places = [json::text(change, "path"), moved_to(change)];
        for place in places.into_iter().filter(|place| !place.is_empty()) {
            let path = FilePath::from(place);
            if !paths.contains(&path) {
                paths.push(path);
            }
        }
    }
    paths
}

/// What all changes of an item are.
pub(super) fn all_are(item: &Value, kind: &str) -> bool {
    let mut changes = json::items(item, "changes").iter().peekable();
    changes.peek().is_some() && changes.all(|change| kind_of(change) == kind)
}

/// All files of an item are moved and nothing else.
pub(super) fn all_move(item: &Value) -> bool {
    let mut changes = json::items(item, "changes").iter().peekable();
    changes.peek().is_some() && changes.all(|change| !moved_to(change).is_empty())
}

fn kind_of(change: &Value) -> &str {
    change.get("kind").map_or("", |kind| json::text(kind, "type"))
}

fn moved_to(change: &Value) -> &str {
    change
        .get("kind")
        .map_or("", |kind| json::text(kind, "move_path"))
}

fn of_file(change: &Value) -> Vec<FileChange> {
    let diff = json::text(change, "diff");
    let path = match moved_to(change) {
        "" => json::text(change, "path"),
        moved_to => moved_to,
    };
    let whole = |old: Option<&str>, new: Option<&str>| FileChange {
        path: path.into(),
        old_text: words::kept_text(old),
        new_text: words::kept_text(new),
        partial: false,
    };
    match kind_of(change) {
        "add" => vec![whole(None, Some(diff))],
        "delete" => vec![whole(Some(diff), None)],
        _ => {
            let hunks = hunks(diff);
            let pieces = hunks.iter().map(|(old, new)| FileChange {
                partial: true,
                ..whole(Some(old), Some(new))
            });
            let pieces: Vec<FileChange> = pieces.collect();
            match pieces.is_empty() {
                true => vec![FileChange {
                    partial: true,
                    ..whole(None, None)
                }],
                false => pieces,
            }
        }
    }
}

/// Before and after of each hunk.
fn hunks(diff: &str) -> Vec<(String, String)> {
    let mut hunks: Vec<(String, String)> = Vec::new();
    for line in diff.split_inclusive('\n') {
        if line.starts_with("@@") {
            hunks.push(Default::default());
        }
        let Some((old, new)) = hunks.last_mut() else {
            continue;
        };
        // Anything else is a remark: a missing newline at the end, or where the file went.
        match line.as_bytes().first() {
            Some(b' ') => {
                old.push_str(&line[1..]);
                new.push_str(&line[1..]);
            }
            Some(b'-') => old.push_str(&line[1..]),
            Some(b'+') => new.push_str(&line[1..]),
            _ => {}
        }
    }
    hunks
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_changed_file_is_told_hunk_by_hunk() {
        let diff = "@@ -1,2 +1,2 @@\n def add(a, b):\n-    return a - b\n+    return a + b\n@@ -9 +9 @@\n-x\n+y\n\n\nMoved to: /w/m.py";
        let item = json!({"changes": [{"path": "/w/n.py", "kind": {"type": "update", "move_path": "/w/m.py"}, "diff": diff}]});
        let changes = changes(&item);
        assert_eq!(changes.len(), 2);
        assert_eq!(changes[0].path, FilePath::from("/w/m.py"));
        assert_eq!(
            changes[0].old_text.as_deref(),
            Some("def add(a, b):\n    return a - b\n")
        );
        assert_eq!(
            changes[0].new_text.as_deref(),
            Some("def add(a, b):\n    return a + b\n")
        );
        assert_eq!(
            (changes[1].old_text.as_deref(), changes[1].new_text.as_deref()),
            (Some("x\n"), Some("y\n"))
        );
        assert_eq!(
            paths(&item),
            [FilePath::from("/w/n.py"), FilePath::from("/w/m.py")]
        );
        assert!(all_move(&item) && !all_are(&item, "delete"));
    }

    #[test]
    fn new_and_removed_files_are_told_whole() {
        let item = json!({"changes": [
            {"path": "/w/a", "kind": {"type": "add"}, "diff": "one\n"},
            {"path": "/w/b", "kind": {"type": "delete"}, "diff": "two\n"},
            {"path": "/w/c", "kind": {"type": "update"}, "diff": ""},
        ]});
        let changes = changes(&item);
        assert_eq!(
            (changes[0].old_text.as_deref(), changes[0].new_text.as_deref()),
            (None, Some("one\n"))
        );
        assert_eq!(
            (changes[1].old_text.as_deref(), changes[1].new_text.as_deref()),
            (Some("two\n"), None)
        );
        assert!(changes[2].partial && changes[2].new_text.is_none());
    }
}
