//! The tree of files that differ: folders with one child are one row, each row tells what was added and removed.

use anyon_model::{DiffSummary, FilePath, FileStat};
use std::collections::{BTreeMap, BTreeSet};

/// A row of the tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct TreeRow {
    /// How deep it stands.
    pub depth: u16,
    /// What is shown of its path.
    pub name: String,
    /// Lines added in it.
    pub additions: u64,
    /// Lines removed in it.
    pub deletions: u64,
    /// What it is.
    pub node: Node,
}

/// What a row of the tree is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Node {
    /// A folder by its whole path.
    Folder { path: String, open: bool },
    /// A file by its place in the summary.
    File(usize),
}

#[derive(Default)]
struct Folder {
    folders: BTreeMap<String, Folder>,
    files: Vec<(String, usize)>,
}

/// The rows of a tree whose folders are open but for those that were folded.
pub(super) fn rows(summary: &DiffSummary, folded: &BTreeSet<String>) -> Vec<TreeRow> {
    let mut root = Folder::default();
    for (index, file) in summary.files.iter().enumerate() {
        root.insert(file, index);
    }
    let mut rows = Vec::new();
    root.list(summary, folded, (0, ""), &mut rows);
    rows
}

/// The files in the order of the tree, whatever is folded.
pub(super) fn order(summary: &DiffSummary) -> Vec<usize> {
    let rows = rows(summary, &BTreeSet::new());
    let files = rows.into_iter().filter_map(|row| match row.node {
        Node::File(index) => Some(index),
        Node::Folder { .. } => None,
    });
    files.collect()
}

/// The parts of a path as they are shown.
fn parts(path: &FilePath) -> Vec<String> {
    let parts = path.as_path().components();
    parts
        .map(|part| part.as_os_str().to_string_lossy().into_owned())
        .collect()
}

impl Folder {
    fn insert(&mut self, file: &FileStat, index: usize) {
        let mut parts = parts(&file.path);
        let Some(name) = parts.pop() else {
            return;
        };
        let mut folder = self;
        for part in parts {
            folder = folder.folders.entry(part).or_default();
        }
        folder.files.push((name, index));
    }

    fn list(
        &self,
        summary: &DiffSummary,
        folded: &BTreeSet<String>,
        (depth, above): (u16, &str),
        rows: &mut Vec<TreeRow>,
    ) {
        for (name, folder) in &self.folders {
            let (mut name, mut folder) = (name.clone(), folder);
            while let (true, Some((only, inner))) =
                (folder.files.is_empty(), folder.folders.first_key_value())
            {
                if folder.folders.len() > 1 {
                    break;
                }
                name = format!("{name}/{only}");
                folder = inner;
            }
            let path = format!("{above}{name}/");
            let open = !folded.contains(&path);
            let (additions, deletions) = folder.sum(summary);
            let node = Node::Folder {
                path: path.clone(),
                open,
            };
            rows.push(TreeRow {
                depth,
                name,
                additions,
                deletions,
                node,
            });
            if open {
                folder.list(summary, folded, (depth + 1, &path), rows);
            }
        }
        for (name, index) in &self.files {
            let Some(file) = summary.files.get(*index) else {
                continue;
            };
            rows.push(TreeRow {
                depth,
                name: name.clone(),
                additions: file.additions.into(),
                deletions: file.deletions.into(),
                node: Node::File(*index),
            });
        }
    }

    fn sum(&self, summary: &DiffSummary) -> (u64, u64) {
        let files = self
            .files
            .iter()
            .filter_map(|(_, index)| summary.files.get(*index));
        let own = files.map(|file| (u64::from(file.additions), u64::from(file.deletions)));
        let inner = self.folders.values().map(|folder| folder.sum(summary));
        own.chain(inner)
            .fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use anyon_model::FileStatus;

    fn summary(paths: &[&str]) -> DiffSummary {
        let file = |path: &&str| FileStat {
            path: (*path).into(),
            old_path: None,
            status: FileStatus::Modified,
            additions: 2,
            deletions: 1,
            omitted: None,
            before: None,
            after: None,
        };
        DiffSummary {
            files: paths.iter().map(file).collect(),
            ..DiffSummary::default()
        }
    }

    fn shown(rows: &[TreeRow]) -> Vec<String> {
        let line = |row: &TreeRow| {
            format!(
                "{}{} +{} −{}",
                "  ".repeat(row.depth.into()),
                row.name,
                row.additions,
                row.deletions
            )
        };
        rows.iter().map(line).collect()
    }

    #[test]
    fn folders_come_first_and_those_with_one_child_are_one_row() {
        let summary = summary(&[
            "Cargo.toml",
            "core/model/src/a.rs",
            "core/model/src/b.rs",
            "core/x.rs",
        ]);
        assert_eq!(
            shown(&rows(&summary, &BTreeSet::new())),
            [
                "core +6 −3",
                "  model/src +4 −2",
                "    a.rs +2 −1",
                "    b.rs +2 −1",
                "  x.rs +2 −1",
                "Cargo.toml +2 −1",
            ]
        );
        assert_eq!(order(&summary), [1, 2, 3, 0]);
    }

    #[test]
    fn a_folded_folder_hides_its_files_and_keeps_its_sum() {
        let summary = summary(&["core/model/src/a.rs", "core/model/src/b.rs"]);
        let folded = BTreeSet::from(["core/model/src/".to_owned()]);
        assert_eq!(shown(&rows(&summary, &folded)), ["core/model/src +4 −2"]);
        assert_eq!(order(&summary).len(), 2, "the order of files knows no folds");
    }
}
