//! Files of unusual size, found by sizes alone: no content is read.

use crate::{
    GitError,
    command::Checkout,
    work::{self, MODE_SUBMODULE, MODE_TYPE, RawRow},
};
use anyon_model::{FilePath, LargeFile};
use std::collections::{HashMap, HashSet};

/// The files that became large on the way from one tree to another, the largest first. One that was moved was large
/// before.
pub(crate) fn new_between(checkout: &Checkout<'_>, from: &str, to: &str) -> Result<Vec<LargeFile>, GitError> {
    let rows = work::between_trees(checkout, from, to)?;
    let known: HashSet<&str> = rows
        .iter()
        .filter_map(|row| row.old.as_ref().map(|(_, object)| object.as_str()))
        .collect();
    let is_new = |row: &&RawRow| {
        let new = row.new.as_ref();
        new.is_some_and(|(mode, object)| {
            mode & MODE_TYPE != MODE_SUBMODULE && !known.contains(object.as_str())
        })
    };
    let new: Vec<&RawRow> = rows.iter().filter(is_new).collect();
    let sides = new.iter().flat_map(|row| [&row.old, &row.new]).flatten();
    let sizes = sizes(checkout, sides.map(|(_, object)| object.as_str()))?;
    let size =
        |side: &Option<(u32, String)>| side.as_ref().and_then(|(_, object)| sizes.get(object)).copied();
    let mut large: Vec<LargeFile> = new
        .into_iter()
        .filter(|row| size(&row.old).is_none_or(|bytes| bytes <= LargeFile::FROM_BYTES))
        .filter_map(|row| {
            let bytes = size(&row.new).filter(|bytes| *bytes > LargeFile::FROM_BYTES)?;
            let path = FilePath::from(row.path.as_path());
            Some(LargeFile { path, bytes })
        })
        .collect();
    large.sort_by(|one, other| (other.bytes, &one.path).cmp(&(one.bytes, &other.path)));
    Ok(large)
}

fn sizes<'o>(
    checkout: &Checkout<'_>,
    objects: impl Iterator<Item = &'o str>,
) -> Result<HashMap<String, u64>, GitError> {
    let asked: String = objects.map(|object| format!("{object}\n")).collect();
    if asked.is_empty() {
        return Ok(HashMap::new());
    }
    let told = checkout
        .command("look at sizes")
        .args(["cat-file", "--batch-check=%(objectname) %(objectsize)"])
        .stdin(asked.into_bytes())
        .run()?;
    let text = String::from_utf8_lossy(&told.stdout);
    let size = |line: &str| {
        let (object, size) = line.split_once(' ')?;
        Some((object.to_owned(), size.parse().ok()?))
    };
    Ok(text.lines().filter_map(size).collect())
}
