//! Lays entries out once, as pieces at places, so that a frame only paints what is in sight.

use crate::{Catalogue, Theme, theme::Colors, theme::measures::conversation as measures, widgets};
use anyon_model::{AnsiLine, DiffLineKind, InlineStyle, LinkTarget, RichText, StyledDiff};
use egui::{
    Color32, FontId, Galley, Rect, Stroke, Ui, Vec2,
    text::{LayoutJob, TextFormat},
    vec2,
};
use lucide_icons::Icon;
use std::{ops::Range, sync::Arc};

/// Something laid out: its height and what is painted where.
#[derive(Default)]
pub struct Laid {
    /// Its height.
    pub height: f32,
    /// What is painted, in this order.
    pub pieces: Vec<Piece>,
}

/// A piece of a laid out entry. Places are from its upper left corner.
pub enum Piece {
    /// Text that can be selected.
    Text {
        /// Where.
        at: Vec2,
        /// What.
        galley: Arc<Galley>,
        /// Links, by the characters they cover.
        links: Vec<(Range<usize>, LinkTarget)>,
    },
    /// Marks and words that cannot be selected; what they say is said by what they stand in.
    Mark {
        /// Where.
        at: Vec2,
        /// What.
        galley: Arc<Galley>,
    },
    /// A filled rectangle.
    Fill {
        /// Where.
        rect: Rect,
        /// With what.
        fill: Color32,
        /// Its corners.
        radius: u8,
    },
    /// Lines of one height, laid out only when they are in sight.
    Lines {
        /// Where.
        rect: Rect,
        /// Which.
        lines: Lines,
    },
    /// A place to press.
    Press {
        /// Where.
        rect: Rect,
        /// What it is called.
        label: String,
        /// What it does.
        does: Press,
    },
}

/// Lines of one height.
#[derive(Clone)]
pub enum Lines {
    /// Terminal output.
    Ansi(Arc<Vec<AnsiLine>>),
    /// The first lines of changes: file and hunk and line of each.
    Diff(Arc<Vec<StyledDiff>>, Arc<Vec<(usize, usize, usize)>>),
}

/// What pressing a place does.
#[derive(Debug, Clone, PartialEq)]
pub enum Press {
    /// Opens or folds the entry.
    Toggle {
        /// It is open now.
        open: bool,
    },
    /// Shows all lines of it, or fewer again.
    More,
    /// Puts text on the clipboard.
    Copy(String),
}

/// Lays out from top to bottom.
pub struct Layouter<'a> {
    /// Measures text.
    pub ui: &'a Ui,
    /// The look.
    pub theme: &'a Theme,
    /// The words.
    pub text: &'a Catalogue,
    /// Left edge of what comes next.
    pub left: f32,
    /// Right edge.
    pub right: f32,
    /// Upper edge of what comes next.
    pub y: f32,
    /// What was laid out.
    pub pieces: Vec<Piece>,
}

impl<'a> Layouter<'a> {
    /// Begins at the upper left corner of a row of this width.
    pub fn new(ui: &'a Ui, theme: &'a Theme, text: &'a Catalogue, width: f32) -> Self {
        Self {
            ui,
            theme,
            text,
            left: 0.0,
            right: width,
            y: 0.0,
            pieces: Vec::new(),
        }
    }
    /// What was laid out.
    pub fn done(self) -> Laid {
        Laid {
            height: self.y.ceil(),
            pieces: self.pieces,
        }
    }
    /// Room from the left to the right edge.
    pub fn room(&self) -> f32 {
        (self.right - self.left).max(1.0)
    }
    /// Leaves room.
    pub fn gap(&mut self, by: f32) {
        self.y += by;
    }
    /// Text in one font and colour over as many lines as it needs.
    pub fn plain(&mut self, text: &str, font: FontId, color: Color32) {
        let job = self.job(&[(text, self.format(font, color))]);
        self.job_here(job, Vec::new());
    }
    /// Text of Markdown.
    pub fn rich(&mut self, text: &RichText, font: FontId, color: Color32) {
        let (job, links) = self.rich_job(text, &font, color, self.room());
        self.job_here(job, links);
    }
    /// A laid out text here; the next comes below it.
    pub fn job_here(&mut self, job: LayoutJob, links: Vec<(Range<usize>, LinkTarget)>) {
        let galley = self.ui.painter().layout_job(job);
        let height = galley.size().y.ceil();
        let at = vec2(self.left, self.y);
        self.pieces.push(Piece::Text { at, galley, links });
        self.y += height;
    }
    /// The layout of Markdown text and its links.
    pub fn rich_job(
        &self,
        text: &RichText,
        font: &FontId,
        color: Color32,
        width: f32,
    ) -> (LayoutJob, Vec<(Range<usize>, LinkTarget)>) {
        let mut job = LayoutJob::default();
        job.wrap.max_width = width;
        let (mut links, mut at) = (Vec::new(), 0);
        for (piece, style) in text.line.pieces() {
            let piece = widgets::shown(piece);
            let count = piece.chars().count();
            if let Some(target) = text.target(style) {
                links.push((at..at + count, target.clone()));
            }
            job.append(&piece, 0.0, self.inline(style, font, color));
            at += count;
        }
        (job, links)
    }
    /// A text format with the theme's line height.
    pub fn format(&self, font: FontId, color: Color32) -> TextFormat {
        let line_height = Some((font.size * self.theme.size.line).round());
        TextFormat {
            line_height,
            ..TextFormat::simple(font, color)
        }
    }
    /// A job of pieces over the room there is.
    pub fn job(&self, pieces: &[(&str, TextFormat)]) -> LayoutJob {
        let mut job = LayoutJob::default();
        job.wrap.max_width = self.room();
        for (text, format) in pieces {
            job.append(&widgets::shown(text), 0.0, format.clone());
        }
        job
    }
    /// An icon, in the middle of a line of this height. Moves nothing.
    pub fn icon(&mut self, icon: Icon, color: Color32, x: f32, height: f32) {
        let galley = self
            .ui
            .painter()
            .layout_no_wrap(char::from(icon).to_string(), self.theme.icon(), color);
        let at = vec2(x, self.y + (height - galley.size().y) / 2.0);
        self.pieces.push(Piece::Mark { at, galley });
    }
    /// One line of text, cut at a width, in the middle of a line of this height. Moves nothing; gives its width.
    pub fn mark(
        &mut self,
        text: &str,
        font: FontId,
        color: Color32,
        (x, width, height): (f32, f32, f32),
    ) -> f32 {
        let galley = widgets::clipped(self.ui, text, font, color, width.max(0.0), 1);
        let (wide, at) = (
            galley.size().x,
            vec2(x, self.y + (height - galley.size().y) / 2.0),
        );
        self.pieces.push(Piece::Mark { at, galley });
        wide
    }
    /// How wide a line of text is.
    pub fn width_of(&self, text: &str, font: FontId) -> f32 {
        let color = self.theme.colors.text;
        widgets::clipped(self.ui, text, font, color, f32::INFINITY, 1)
            .size()
            .x
    }
    /// Puts a filled rectangle below what was laid out since `from` pieces and `top`.
    pub fn backdrop(&mut self, from: usize, (left, top): (f32, f32), fill: Color32, radius: u8) {
        let rect = Rect::from_min_max(egui::pos2(left, top), egui::pos2(self.right, self.y));
        self.pieces.insert(from, Piece::Fill { rect, fill, radius });
    }
    /// Lines of output or of a diff.
    pub fn lines(&mut self, lines: Lines) {
        let height = lines.count() as f32 * measures::LINE;
        let rect = Rect::from_min_size(egui::pos2(self.left, self.y), vec2(self.room(), height));
        self.pieces.push(Piece::Lines { rect, lines });
        self.y += height;
    }

    fn inline(&self, style: InlineStyle, font: &FontId, color: Color32) -> TextFormat {
        let colors = &self.theme.colors;
        let mut font = font.clone();
        if style.strong {
            font.family = self.theme.title().family;
        }
        let mut format = self.format(font, color);
        if style.code {
            format.font_id = self.theme.mono();
            format.background = colors.hover;
        }
        format.italics = style.emphasis;
        if style.strike {
            format.strikethrough = Stroke::new(self.theme.space.hairline, color);
        }
        if style.link.is_some() {
            format.color = colors.accent_text;
            format.underline = Stroke::new(self.theme.space.hairline, colors.accent_text);
        }
        format
    }
}

impl Lines {
    /// How many.
    pub fn count(&self) -> usize {
        match self {
            Self::Ansi(lines) => lines.len(),
            Self::Diff(_, rows) => rows.len(),
        }
    }
    /// Lays one line out, cut at a width, and tells what is behind it.
    pub fn line(&self, theme: &Theme, row: usize, width: f32) -> (LayoutJob, Option<Color32>) {
        let mut job = LayoutJob::default();
        job.wrap.max_width = width;
        job.wrap.max_rows = 1;
        job.wrap.break_anywhere = true;
        let behind = match self {
            Self::Ansi(lines) => {
                if let Some(line) = lines.get(row) {
                    ansi_line(&mut job, theme, line);
                }
                None
            }
            Self::Diff(diffs, rows) => diff_line(&mut job, theme, diffs, rows.get(row).copied()),
        };
        (job, behind)
    }
}

/// Terminal output in the theme's colours.
pub fn ansi_line(job: &mut LayoutJob, theme: &Theme, line: &AnsiLine) {
    let colors = &theme.colors;
    for (piece, style) in line.pieces() {
        let usual = if style.dim { colors.text_soft } else { colors.text };
        let color = style.color.map_or(usual, |color| colors.ansi(color));
        let mut format = TextFormat::simple(theme.mono(), color);
        if style.inverse {
            format.background = colors.hover;
        } else if let Some(color) = style.background {
            format.background = Colors::tint(colors.ansi(color));
        }
        if style.underline {
            format.underline = Stroke::new(theme.space.hairline, color);
        }
        if style.strike {
            format.strikethrough = Stroke::new(theme.space.hairline, color);
        }
        format.italics = style.italic;
        job.append(&widgets::shown(piece), 0.0, format);
    }
}

fn diff_line(
    job: &mut LayoutJob,
    theme: &Theme,
    diffs: &[StyledDiff],
    place: Option<(usize, usize, usize)>,
) -> Option<Color32> {
    let (file, hunk, row) = place?;
    let diff = diffs.get(file)?;
    let line = diff.diff.hunks.get(hunk)?.lines.get(row)?;
    let colors = &theme.colors;
    let (sign, behind, color) = match line.kind {
        DiffLineKind::Context => ("  ", None, colors.text_soft),
        DiffLineKind::Added => ("+ ", Some(colors.diff_added), colors.green),
        DiffLineKind::Removed => ("− ", Some(colors.diff_removed), colors.red),
    };
    job.append(sign, 0.0, TextFormat::simple(theme.mono(), color));
    let spans = diff.hunks.get(hunk).and_then(|lines| lines.get(row));
    let spans = spans.map_or(&[][..], |spans| &spans.spans);
    for (piece, class) in anyon_model::pieces(&line.text, spans) {
        let format = TextFormat::simple(theme.mono(), colors.code(class));
        job.append(&widgets::shown(piece), 0.0, format);
    }
    behind
}

/// The first lines of changes.
pub fn diff_rows(diffs: &[StyledDiff], most: usize) -> (Vec<(usize, usize, usize)>, usize) {
    let all = diffs.iter().enumerate().flat_map(|(file, diff)| {
        diff.diff
            .hunks
            .iter()
            .enumerate()
            .flat_map(move |(hunk, lines)| (0..lines.lines.len()).map(move |row| (file, hunk, row)))
    });
    let total = diffs
        .iter()
        .flat_map(|diff| &diff.diff.hunks)
        .map(|hunk| hunk.lines.len())
        .sum();
    (all.take(most).collect(), total)
}
