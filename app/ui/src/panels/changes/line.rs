//! Paints the lines of a diff: numbers, sign, and the text with its syntax and the words that changed.

use crate::{Theme, theme::measures::changes as sizes, widgets::shown};
use anyon_model::{CodeLine, CodeSpan, DiffLine, DiffLineKind, LineSpans, pieces};
use egui::{Color32, FontId, Rect, Stroke, TextFormat, Ui, pos2, text::LayoutJob, vec2};
use std::ops::Range;

/// Bytes of a line that are shown; a line of a minified file would take long to lay out.
const SHOWN_BYTES: usize = 4096;

/// What a line is made of.
pub(super) struct Text<'a> {
    pub text: &'a str,
    pub spans: &'a [CodeSpan],
    pub words: &'a [Range<u32>],
    pub kind: DiffLineKind,
}

impl<'a> Text<'a> {
    /// A line of a diff with its colours.
    pub fn of(line: &'a DiffLine, spans: Option<&'a LineSpans>) -> Self {
        Self {
            text: &line.text,
            spans: spans.map_or(&[], |spans| &spans.spans),
            words: spans.map_or(&[], |spans| &spans.words),
            kind: line.kind,
        }
    }
    /// An unchanged line that was opened.
    pub fn opened(line: &'a CodeLine) -> Self {
        Self {
            text: &line.text,
            spans: &line.spans,
            words: &[],
            kind: DiffLineKind::Context,
        }
    }
}

/// Widths of the parts of a line, the same for all lines of a file.
#[derive(Debug, Clone, Copy)]
pub(super) struct Columns {
    /// Of a number, with its margin.
    pub number: f32,
    /// How far long lines are moved to the left.
    pub sideways: f32,
    /// Room for a line's text, where it goes on below; none: it goes on to the right.
    pub wrap: Option<f32>,
    /// Of a Latin letter.
    letter: f32,
}

impl Columns {
    /// For numbers up to this one.
    pub fn for_lines(ui: &Ui, theme: &Theme, last: u32, sideways: f32) -> Self {
        let widest = last.max(10).to_string();
        let digits = widest.len() as f32;
        let galley = ui
            .painter()
            .layout_no_wrap(widest, theme.mono(), theme.colors.text_faint);
        Self {
            number: (galley.size().x + theme.space.l).ceil(),
            sideways,
            wrap: None,
            letter: galley.size().x / digits,
        }
    }

    /// The same with long lines going on below, in a list that is so wide.
    pub fn wrapped(self, theme: &Theme, width: f32, split: bool) -> Self {
        let (side, numbers) = if split {
            ((width / 2.0).floor(), 1.0)
        } else {
            (width, 2.0)
        };
        let room = side - numbers * self.number - sizes::SIGN - theme.space.s;
        Self {
            sideways: 0.0,
            wrap: Some(room.max(sizes::WRAP_LEAST)),
            ..self
        }
    }
}

/// How many lines a text takes.
pub(super) fn lines(ui: &Ui, theme: &Theme, columns: Columns, text: &Text<'_>) -> usize {
    let Some(room) = columns.wrap else { return 1 };
    // Most lines fit, and whether they do can be told without laying them out.
    let fits = text.text.len() as f32 * columns.letter <= room;
    if fits && text.text.bytes().all(|byte| (b' '..0x7f).contains(&byte)) {
        return 1;
    }
    let galley = ui.painter().layout_job(job(theme, text, columns.wrap));
    galley.rows.len().max(1)
}

/// Paints a line with its numbers. Gives how wide its text is.
pub(super) fn paint(
    ui: &Ui,
    theme: &Theme,
    rect: Rect,
    columns: Columns,
    (numbers, text): (&[u32], &Text<'_>),
) -> f32 {
    let painter = ui.painter();
    if let Some(fill) = behind(theme, text.kind) {
        painter.rect_filled(rect, 0.0, fill);
    }
    let mut x = rect.left();
    // Number and sign stand level with the first line of the text.
    let first = rect.top() + sizes::LINE / 2.0;
    for number in numbers {
        x += columns.number;
        if *number > 0 {
            let galley = painter.layout_no_wrap(number.to_string(), theme.mono(), theme.colors.text_faint);
            let at = pos2(x - theme.space.s - galley.size().x, first - galley.size().y / 2.0);
            painter.galley(at.round(), galley, theme.colors.text_faint);
        }
    }
    let (sign, color) = sign(theme, text.kind);
    let at = pos2(x + theme.space.xs, first);
    painter.text(at.round(), egui::Align2::LEFT_CENTER, sign, theme.mono(), color);
    x += sizes::SIGN;
    let code = Rect::from_min_max(pos2(x, rect.top()), rect.max);
    let galley = painter.layout_job(job(theme, text, columns.wrap));
    let width = galley.size().x;
    let at = pos2(x - columns.sideways, rect.top());
    let clipped = painter.with_clip_rect(code.intersect(ui.clip_rect()));
    clipped.galley(at.round(), galley, theme.colors.text);
    width
}

/// The line between the sides of the split view.
pub(super) fn between(ui: &Ui, theme: &Theme, rect: Rect, x: f32) {
    let stroke = Stroke::new(theme.space.hairline, theme.colors.line);
    ui.painter().vline(x.round(), rect.y_range(), stroke);
}

/// Half of a row of the split view.
pub(super) fn half(rect: Rect, right: bool) -> Rect {
    let size = vec2((rect.width() / 2.0).floor(), rect.height());
    let left = if right { rect.right() - size.x } else { rect.left() };
    Rect::from_min_size(pos2(left, rect.top()), size)
}

/// What a screen reader says of a line.
pub(super) fn said(text: &Text<'_>) -> String {
    let sign = match text.kind {
        DiffLineKind::Context => "",
        DiffLineKind::Added => "+ ",
        DiffLineKind::Removed => "− ",
    };
    format!("{sign}{}", clean(&text.text[..shown_len(text.text)]))
}

fn behind(theme: &Theme, kind: DiffLineKind) -> Option<Color32> {
    match kind {
        DiffLineKind::Context => None,
        DiffLineKind::Added => Some(theme.colors.diff_added),
        DiffLineKind::Removed => Some(theme.colors.diff_removed),
    }
}

fn sign(theme: &Theme, kind: DiffLineKind) -> (&'static str, Color32) {
    match kind {
        DiffLineKind::Context => ("", theme.colors.text),
        DiffLineKind::Added => ("+", theme.colors.green),
        DiffLineKind::Removed => ("−", theme.colors.red),
    }
}

fn shown_len(text: &str) -> usize {
    let mut end = text.len().min(SHOWN_BYTES);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    end
}

fn job(theme: &Theme, line: &Text<'_>, room: Option<f32>) -> LayoutJob {
    let mut job = LayoutJob::default();
    job.wrap.max_width = room.unwrap_or(f32::INFINITY);
    let end = shown_len(line.text);
    let word = match line.kind {
        DiffLineKind::Added => theme.colors.diff_added_word,
        DiffLineKind::Removed | DiffLineKind::Context => theme.colors.diff_removed_word,
    };
    let font = theme.mono();
    let mut at = 0;
    for (piece, class) in pieces(&line.text[..end], line.spans) {
        let color = theme.colors.code(class);
        for (part, changed) in by_words(piece, at, line.words) {
            // Words that changed stand on a stronger colour: only the first level of text is sure to be readable.
            let (color, back) = if changed {
                (theme.colors.text, word)
            } else {
                (color, Color32::TRANSPARENT)
            };
            job.append(&clean(part), 0.0, format(&font, color, back));
        }
        at += piece.len();
    }
    if end < line.text.len() {
        job.append(
            "…",
            0.0,
            format(&font, theme.colors.text_soft, Color32::TRANSPARENT),
        );
    }
    job
}

fn format(font: &FontId, color: Color32, background: Color32) -> TextFormat {
    TextFormat {
        font_id: font.clone(),
        color,
        background,
        line_height: Some(sizes::LINE),
        ..TextFormat::default()
    }
}

/// The parts of a piece that begins at a byte of its line, and whether each lies in a word that changed.
fn by_words<'t>(piece: &'t str, begins: usize, words: &[Range<u32>]) -> Vec<(&'t str, bool)> {
    let mut parts = Vec::new();
    let mut at = 0;
    for word in words {
        let inside = |edge: u32| {
            let mut edge = (edge as usize).saturating_sub(begins).clamp(at, piece.len());
            while !piece.is_char_boundary(edge) {
                edge += 1;
            }
            edge
        };
        let (from, to) = (inside(word.start), inside(word.end));
        if from < to {
            parts.extend([(&piece[at..from], false), (&piece[from..to], true)]);
            at = to;
        }
    }
    parts.push((&piece[at..], false));
    parts.retain(|(part, _)| !part.is_empty());
    parts
}

/// Text whose every character has a glyph: control characters are a dot.
fn clean(text: &str) -> String {
    let text = shown(text.trim_end_matches('\r'));
    if text.chars().any(|c| c.is_control() && c != '\t') {
        return text
            .chars()
            .map(|c| if c.is_control() && c != '\t' { '·' } else { c })
            .collect();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_changed_are_cut_out_of_the_pieces_they_cross() {
        let words = [2..5, 7..9];
        assert_eq!(by_words("abcd", 0, &words), [("ab", false), ("cd", true)]);
        assert_eq!(
            by_words("efgh", 4, &words),
            [("e", true), ("fg", false), ("h", true)]
        );
        assert_eq!(
            by_words("가나", 0, std::slice::from_ref(&(1..3))),
            [("가나", false)],
            "an edge inside a character cuts nothing"
        );
    }

    #[test]
    fn control_characters_are_shown_as_dots() {
        assert_eq!(clean("a\u{1b}[0m\tb\r"), "a·[0m\tb");
    }
}
