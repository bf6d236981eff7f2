//! Standing answers: which rule holds for which question. A rule for a command holds for a simple command, never for
//! what is joined to it.

use super::{View, paths, programs, shell};
use anyon_model::*;
use std::path::Path;

/// The first rule that forbids it. Looks generously: a refusal that is too wide costs a question.
pub fn denying(request: &ApprovalRequest, view: &View<'_>) -> Option<RuleId> {
    let mut rules = view
        .rules
        .iter()
        .filter(|rule| !rule.allow && is_for(rule, request, view));
    rules
        .find(|rule| {
            rule.pattern
                .as_deref()
                .is_none_or(|pattern| touches(pattern, request, view))
        })
        .map(|rule| rule.id)
}

/// The first rule that allows it. Looks narrowly.
pub fn allowing(request: &ApprovalRequest, view: &View<'_>) -> Option<RuleId> {
    let same = view.session_rules.iter().find(|rule| {
        rule.question == request.question && rule.kind == request.kind && rule.tool == request.tool
    });
    if let Some(rule) = same {
        return Some(rule.rule_id);
    }
    let rules = view
        .rules
        .iter()
        .filter(|rule| rule.allow && is_for(rule, request, view));
    let rules: Vec<&Rule> = rules.copied().collect();
    match &request.question {
        Question::Command { command, cwd } => {
            let inside = cwd
                .as_ref()
                .is_none_or(|cwd| paths::is_inside(cwd, view.worktree));
            allowing_command(command, &rules, view.worktree).filter(|_| inside)
        }
        Question::Edit { paths } => {
            allowing_paths(paths, &rules, |path| paths::may_edit(path, view.worktree), view)
        }
        Question::Read { paths } => {
            allowing_paths(paths, &rules, |path| paths::may_read(path, view.worktree), view)
        }
        Question::Fetch { target } => named(&rules, target),
        Question::Tool { .. } => named(&rules, &request.tool),
        Question::Plan { .. } | Question::Choice { .. } => None,
    }
}

fn is_for(rule: &Rule, request: &ApprovalRequest, view: &View<'_>) -> bool {
    rule.project_id
        .is_none_or(|project_id| project_id == view.project_id)
        && rule
            .executor
            .as_deref()
            .is_none_or(|executor| executor == view.executor)
        && rule.kind.is_none_or(|kind| kind == request.kind)
}

/// What a person writes behind a pattern that shall hold for what begins with it. Without it a pattern holds for
/// exactly what it says: further arguments can turn any command into another.
const AND_MORE: &str = " *";

/// A rule without a pattern, or with exactly this text.
fn named(rules: &[&Rule], text: &str) -> Option<RuleId> {
    let holds = |pattern: &str| match pattern.trim().strip_suffix(AND_MORE) {
        Some(first) => {
            let rest = text.strip_prefix(first);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(char::is_whitespace))
        }
        None => pattern.trim() == text.trim(),
    };
    rules
        .iter()
        .find(|rule| rule.pattern.as_deref().is_none_or(holds))
        .map(|rule| rule.id)
}

/// Every simple command is allowed by a rule or safe by itself. What cannot be read is allowed only word for word.
fn allowing_command(command: &str, rules: &[&Rule], worktree: &Path) -> Option<RuleId> {
    let whole = rules.iter().find(|rule| {
        rule.pattern
            .as_deref()
            .is_none_or(|pattern| pattern.trim() == command.trim())
    });
    if let Some(rule) = whole {
        return Some(rule.id);
    }
    let mut first = None;
    for words in shell::parse(command)? {
        match rules.iter().find(|rule| begins(&words, rule, worktree)) {
            Some(rule) => first = first.or(Some(rule.id)),
            None if programs::is_safe(&words, worktree) => {}
            None => return None,
        }
    }
    first
}

/// The rule's words are these; or the first ones, if it says so, and what follows does not leave the worktree.
fn begins(words: &[shell::Word], rule: &Rule, worktree: &Path) -> bool {
    let Some(text) = rule.pattern.as_deref().map(str::trim) else {
        return false;
    };
    let (text, and_more) = match text.strip_suffix(AND_MORE) {
        Some(first) => (first, true),
        None => (text, false),
    };
    let pattern = shell::parse(text);
    let Some([pattern]) = pattern.as_deref() else {
        return false;
    };
    if !and_more {
        return words == &pattern[..];
    }
    let stays = |word: &shell::Word| {
        let value = word
            .text
            .split_once('=')
            .map_or(word.text.as_str(), |(_, value)| value);
        paths::may_read_argument(value, word.has_glob, worktree) && !word.text.starts_with("-/")
    };
    words.len() >= pattern.len()
        && words.iter().zip(pattern).all(|(word, expected)| word == expected)
        && words[pattern.len()..].iter().all(stays)
}

/// Every path is allowed by a rule. A rule without a pattern holds for what is harmless to touch.
fn allowing_paths(
    paths: &[FilePath],
    rules: &[&Rule],
    is_harmless: impl Fn(&FilePath) -> bool,
    view: &View<'_>,
) -> Option<RuleId> {
    let mut first = None;
    for path in paths {
        let rule = rules.iter().find(|rule| match &rule.pattern {
            None => is_harmless(path),
            Some(pattern) => is_below(path, pattern, view.worktree),
        });
        first = first.or(Some(rule?.id));
    }
    first
}

/// The path is the pattern's or lies below it; neither climbs.
fn is_below(path: &FilePath, pattern: &str, worktree: &Path) -> bool {
    let climbs = |path: &Path| {
        path.components()
            .any(|part| part == std::path::Component::ParentDir)
    };
    let pattern = worktree.join(pattern);
    let path = worktree.join(path.as_path());
    !climbs(&path) && !climbs(&pattern) && path.starts_with(&pattern)
}

/// A forbidding pattern has to do with a question.
fn touches(pattern: &str, request: &ApprovalRequest, view: &View<'_>) -> bool {
    let pattern = pattern.trim();
    let any_path = |paths: &[FilePath]| {
        paths
            .iter()
            .any(|path| is_below(path, pattern, view.worktree) || path.to_string().contains(pattern))
    };
    match &request.question {
        Question::Command { command, .. } => {
            let squeezed = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
            let plain: String = squeezed(command)
                .chars()
                .filter(|c| !"'\"\\".contains(*c))
                .collect();
            has_words(&plain, &squeezed(pattern)) || has_words(&squeezed(command), &squeezed(pattern))
        }
        Question::Edit { paths } | Question::Read { paths } => any_path(paths),
        Question::Fetch { target } => target.contains(pattern),
        Question::Tool { .. } => request.tool == pattern,
        Question::Plan { .. } | Question::Choice { .. } => false,
    }
}

/// The words occur in the text, not as a part of longer words.
fn has_words(text: &str, words: &str) -> bool {
    let is_word = |c: char| c.is_alphanumeric() || c == '_' || c == '-';
    text.match_indices(words).any(|(at, found)| {
        let before = text[..at].chars().next_back();
        let after = text[at + found.len()..].chars().next();
        !before.is_some_and(is_word) && !after.is_some_and(is_word)
    })
}
