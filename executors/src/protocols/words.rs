//! Texts about tools: titles, activities, and what their outputs say; the same for every agent.

use anyon_model::{ToolKind, ToolOutput};
use std::path::Path;

/// Characters of a title or an activity.
const WIDTH: usize = 80;

/// The first line of a text that says something, cut to a title's width.
pub(super) fn one_line(text: &str) -> String {
    let line = text
        .lines()
        .map(str::trim)
        .find(|line| !line.is_empty())
        .unwrap_or("");
    let mut chars = line.char_indices();
    match chars.nth(WIDTH) {
        Some((at, _)) => format!("{}…", &line[..at]),
        None => line.to_owned(),
    }
}

/// A path as a title: inside the worktree without the way to it.
pub(super) fn shown_path(path: &str, worktree: Option<&Path>) -> String {
    let inside = worktree.and_then(|worktree| Path::new(path).strip_prefix(worktree).ok());
    match inside {
        Some(inside) if !inside.as_os_str().is_empty() => inside.display().to_string(),
        _ => path.to_owned(),
    }
}

/// What an agent does while a tool call runs: `editing main.rs`.
pub(super) fn activity(kind: ToolKind, tool: &str, title: &str) -> String {
    let (verb, object) = match kind {
        ToolKind::Read => ("reading", file_name(title)),
        ToolKind::Edit => ("editing", file_name(title)),
        ToolKind::Delete => ("deleting", file_name(title)),
        ToolKind::Move => ("moving", file_name(title)),
        ToolKind::Search => ("searching", title),
        ToolKind::Command => ("running", title),
        ToolKind::Fetch => ("fetching", title),
        ToolKind::Task => ("delegating:", title),
        ToolKind::Think => return "thinking".into(),
        ToolKind::Plan => return "presenting a plan".into(),
        ToolKind::Todo => return "updating its to-do list".into(),
        ToolKind::Question => return "asking a question".into(),
        ToolKind::Mcp | ToolKind::Other => ("using", tool),
    };
    one_line(&format!("{verb} {object}"))
}

fn file_name(title: &str) -> &str {
    title.rsplit(['/', '\\']).next().unwrap_or(title)
}

/// A text of a change, left out where it is too long to be shown: git is the truth.
pub(super) fn kept_text(text: Option<&str>) -> Option<String> {
    text.filter(|text| text.len() <= ToolOutput::KEPT_BYTES)
        .map(str::to_owned)
}

/// The exit status that a failed command's result begins with, and the rest.
pub(super) fn exit_code(said: &str) -> (Option<i32>, &str) {
    let Some(after) = said.strip_prefix("Exit code ") else {
        return (None, said);
    };
    let (code, rest) = after.split_once('\n').unwrap_or((after, ""));
    match code.trim().parse() {
        Ok(code) => (Some(code), rest),
        Err(_) => (None, said),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_is_one_line_and_not_long() {
        assert_eq!(one_line("\n  npm test \nmore"), "npm test");
        let long = one_line(&"가".repeat(200));
        assert_eq!(long.chars().count(), WIDTH + 1);
    }

    #[test]
    fn a_path_in_the_worktree_loses_the_way_to_it() {
        let worktree = Some(Path::new("/w"));
        assert_eq!(shown_path("/w/src/main.rs", worktree), "src/main.rs");
        assert_eq!(shown_path("/etc/hosts", worktree), "/etc/hosts");
        assert_eq!(shown_path("/w", worktree), "/w");
        assert_eq!(activity(ToolKind::Edit, "Edit", "src/main.rs"), "editing main.rs");
    }

    #[test]
    fn a_failed_command_tells_its_exit_status_first() {
        assert_eq!(exit_code("Exit code 3\nout\nerr"), (Some(3), "out\nerr"));
        assert_eq!(exit_code("Exit code none"), (None, "Exit code none"));
        assert_eq!(exit_code("out"), (None, "out"));
    }
}
