//! The checks before a landing, as lines for the strip and the sheet: target, conflicts, open work, the way in.

use crate::{
    Page, Theme, ViewContext,
    overview::AttemptView,
    phrase,
    widgets::{Tone, clipped, mark, shown},
};
use anyon_model::{Answer, Attempt, AttemptStatus, LandingCheck, Query, WorktreeState};
use egui::{Response, Ui, WidgetInfo, accesskit::Role};
use lucide_icons::Icon;

/// One check.
pub(super) struct Check {
    /// Its mark.
    pub icon: Icon,
    /// How it went.
    pub tone: Tone,
    /// A few words.
    pub text: String,
    /// What it means, where the words do not say it.
    pub more: String,
    /// The attempt cannot land because of it.
    pub blocks: bool,
}

impl Check {
    fn new(icon: Icon, tone: Tone, text: impl Into<String>) -> Self {
        Self {
            icon,
            tone,
            text: text.into(),
            more: String::new(),
            blocks: false,
        }
    }
    fn more(mut self, more: impl Into<String>) -> Self {
        self.more = more.into();
        self
    }
    fn blocks(mut self) -> Self {
        self.blocks = true;
        self
    }

    /// How wide it is with its words.
    pub fn width(&self, ui: &Ui, theme: &Theme) -> f32 {
        let words = clipped(ui, &self.text, theme.body(), theme.colors.text, f32::INFINITY, 1);
        theme.space.icon + theme.space.s + words.size().x.ceil()
    }

    /// Paints its mark alone; the words are its tooltip.
    pub fn mark(&self, ui: &mut Ui, theme: &Theme) -> Response {
        let response = mark(ui, theme, self.icon, self.tone.color(theme));
        response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &self.text));
        let more = [self.text.as_str(), self.more.as_str()].join("\n");
        response.on_hover_text(shown(more.trim_end()))
    }

    /// Paints it in a row of others.
    pub fn show(&self, ui: &mut Ui, theme: &Theme) -> Response {
        let color = self.tone.color(theme);
        let response = ui
            .scope(|ui| {
                ui.spacing_mut().item_spacing.x = theme.space.s;
                ui.spacing_mut().interact_size.y = (theme.size.body * theme.size.line).ceil();
                ui.horizontal(|ui| {
                    mark(ui, theme, self.icon, color);
                    let label =
                        egui::Label::new(theme.rich(shown(&self.text), theme.body(), theme.colors.text));
                    ui.add(label.selectable(false).truncate())
                })
                .inner
            })
            .inner;
        response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &self.text));
        // The words themselves as well: they may be cut.
        let more = [self.text.as_str(), self.more.as_str()].join("\n");
        response.on_hover_text(shown(more.trim_end()))
    }
}

/// The checks of an attempt that has not landed, the most urgent first. Nothing can land while one blocks.
pub(super) fn checks(cx: &ViewContext<'_>, attempt: &Attempt, view: &AttemptView) -> Vec<Check> {
    let text = cx.text;
    if attempt.worktree.state != WorktreeState::Ready {
        let key = match attempt.worktree.state {
            WorktreeState::Removed => "landing-check-no-worktree",
            _ => "landing-check-worktree-soon",
        };
        return vec![Check::new(Icon::FolderX, Tone::Quiet, text.get(key)).blocks()];
    }
    let mut checks = Vec::new();
    if view.status.is_active() {
        let key = match view.status {
            AttemptStatus::Waiting => "landing-check-asks",
            _ => "landing-check-at-work",
        };
        let (icon, tone) = match view.status {
            AttemptStatus::Waiting => phrase::mark(view.status),
            _ => (Icon::CirclePlay, Tone::Busy),
        };
        checks.push(Check::new(icon, tone, text.get(key)).blocks());
    }
    match page(cx, attempt) {
        Page::Loading => {
            checks.push(
                Check::new(Icon::CircleDashed, Tone::Quiet, text.get("landing-check-loading")).blocks(),
            );
        }
        Page::Failed(problem) => {
            let more = [problem.detail.as_str(), problem.hint.as_str()].join("\n");
            checks.push(
                Check::new(Icon::CircleX, Tone::Bad, &problem.title)
                    .more(more.trim())
                    .blocks(),
            );
        }
        Page::Ready(answer) => {
            if let Answer::LandingCheck(check) = &*answer {
                of_check(cx, attempt, check, &mut checks);
            }
        }
    }
    checks
}

/// Files of unusual size: said, and nothing more.
fn large(cx: &ViewContext<'_>, check: &LandingCheck) -> Option<Check> {
    let largest = check.large_files.first()?;
    let values = [
        ("n", check.large_files.len().into()),
        ("path", largest.path.to_string().into()),
        ("size", mebibytes(largest.bytes).into()),
    ];
    let lines = check.large_files.iter().map(|file| {
        let values = [
            ("path", file.path.to_string().into()),
            ("size", mebibytes(file.bytes).into()),
        ];
        cx.text.with("landing-check-large-file", &values)
    });
    let said = cx.text.with("landing-check-large", &values);
    let more: Vec<String> = lines.collect();
    Some(Check::new(Icon::TriangleAlert, Tone::Busy, said).more(more.join("\n")))
}

fn mebibytes(bytes: u64) -> String {
    format!("{:.0}", bytes as f64 / (1024.0 * 1024.0))
}

/// How a landing would go, as far as it is known.
pub(super) fn page(cx: &ViewContext<'_>, attempt: &Attempt) -> Page {
    cx.page(Query::LandingCheck {
        attempt_id: attempt.id,
    })
}

fn of_check(cx: &ViewContext<'_>, attempt: &Attempt, check: &LandingCheck, to: &mut Vec<Check>) {
    let text = cx.text;
    let count = |key: &'static str, n: usize| {
        text.with(
            key,
            &[("n", n.into()), ("target", attempt.target.as_str().into())],
        )
    };
    if check.ahead == 0 && check.open_files == 0 {
        to.push(Check::new(Icon::CircleDashed, Tone::Quiet, text.get("landing-check-nothing")).blocks());
        return;
    }
    if check.nothing_new {
        let said = count("landing-check-there-already", 0);
        let more = text.get("landing-check-there-already-more");
        to.push(
            Check::new(Icon::CircleCheck, Tone::Look, said)
                .more(more)
                .blocks(),
        );
        return;
    }
    if let Some(path) = &check.dirty_checkout {
        let said = text.with(
            "landing-check-dirty",
            &[("target", attempt.target.as_str().into())],
        );
        let more = text.with("landing-check-dirty-more", &[("path", path.to_string().into())]);
        to.push(Check::new(Icon::CircleX, Tone::Bad, said).more(more).blocks());
    }
    to.push(if check.conflicts.is_empty() {
        Check::new(
            Icon::CircleCheck,
            Tone::Good,
            text.get("landing-check-no-conflicts"),
        )
    } else {
        let paths: Vec<String> = check.conflicts.iter().map(ToString::to_string).collect();
        let said = count("landing-check-conflicts", paths.len());
        Check::new(Icon::GitMerge, Tone::Bad, said)
            .more(paths.join("\n"))
            .blocks()
    });
    to.push(match check.open_files {
        0 => Check::new(Icon::CircleCheck, Tone::Good, text.get("landing-check-committed")),
        n => Check::new(
            Icon::CircleDot,
            Tone::Look,
            count("landing-check-open", n as usize),
        )
        .more(text.get("landing-check-open-more")),
    });
    to.extend(large(cx, check));
    if check.ahead > 0 {
        to.push(Check::new(
            Icon::GitCommitHorizontal,
            Tone::Quiet,
            count("landing-check-ahead", check.ahead as usize),
        ));
    }
    if check.behind > 0 {
        to.push(Check::new(
            Icon::History,
            Tone::Quiet,
            count("landing-check-behind", check.behind as usize),
        ));
    }
}
