//! Changes that nobody makes any more: what landed, and what the last snapshot of a removed worktree holds.

use super::kind::COMMIT;
use crate::{ViewContext, widgets::chip};
use anyon_model::{Attempt, AttemptId, MergeKind, Query, WorktreeState};
use egui::Ui;
use lucide_icons::Icon;

/// What is shown instead of a worktree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Kept {
    /// The commit that landed, in hexadecimal.
    Landed(String),
    /// The last snapshot.
    Snapshot,
}

impl Kept {
    /// `None`: the worktree counts.
    pub fn of(cx: &ViewContext<'_>, attempt: &Attempt) -> Option<Self> {
        let (project, view) = cx.overview.attempt(attempt.id)?;
        if let Some(MergeKind::Direct { commit, .. }) = view.merge.as_ref().map(|merge| &merge.kind) {
            return Some(Self::Landed(commit.clone()));
        }
        let is_removed = attempt.worktree.state == WorktreeState::Removed;
        let has_snapshot = is_removed && project.shard.snapshots_of(attempt.id).next().is_some();
        has_snapshot.then_some(Self::Snapshot)
    }

    /// Paints a word about it.
    pub fn chip(&self, cx: &ViewContext<'_>, ui: &mut Ui) {
        let (theme, text) = (cx.theme, cx.text);
        let (icon, said) = match self {
            Self::Landed(commit) => {
                let commit = commit.get(..COMMIT).unwrap_or(commit);
                let said = text.with("changes-landed", &[("commit", commit.into())]);
                (Icon::CircleCheck, said)
            }
            Self::Snapshot => (Icon::History, text.get("changes-kept").to_owned()),
        };
        chip(ui, theme, Some(icon), &said, theme.colors.text_soft);
    }
}

/// What was read of an attempt's files is asked for again.
pub(super) fn forget(cx: &ViewContext<'_>, attempt_id: AttemptId) {
    cx.forget(|query| match query {
        Query::DiffSummary { attempt_id: of, .. }
        | Query::DiffFile { attempt_id: of, .. }
        | Query::DiffSpans { attempt_id: of, .. }
        | Query::FileLines { attempt_id: of, .. } => *of == attempt_id,
        _ => false,
    });
}
