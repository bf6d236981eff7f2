//! Blocks of Markdown, laid out.

use super::lay::{Layouter, Piece, Press};
use crate::{theme::measures::conversation as measures, widgets};
use anyon_model::{Block, CodeLine, ColumnAlign, ListItem, RichText};
use egui::{Color32, FontId, Rect, pos2, text::LayoutJob, vec2};
use lucide_icons::Icon;

/// Deeper than this nothing stands in any further.
const DEPTH: usize = 6;

/// Blocks one below the other.
pub fn blocks(lay: &mut Layouter<'_>, blocks: &[Block], color: Color32) {
    nested(lay, blocks, color, 0);
}

fn nested(lay: &mut Layouter<'_>, blocks: &[Block], color: Color32, depth: usize) {
    for (at, block) in blocks.iter().enumerate() {
        if at > 0 {
            lay.gap(lay.theme.space.m);
        }
        one(lay, block, color, depth);
    }
}

fn one(lay: &mut Layouter<'_>, block: &Block, color: Color32, depth: usize) {
    match block {
        Block::Heading { level, text } => {
            let font = if *level < 3 {
                lay.theme.heading()
            } else {
                lay.theme.title()
            };
            lay.rich(text, font, color);
        }
        Block::Paragraph { text } => lay.rich(text, lay.theme.body(), color),
        Block::List { start, items } => list(lay, *start, items, color, depth),
        Block::Code { lines, .. } => code(lay, lines),
        Block::Quote { blocks } => quote(lay, blocks, depth),
        Block::Table {
            columns,
            header,
            rows,
        } => table(lay, columns, header, rows, color),
        Block::Rule => {
            let line = lay.theme.space.hairline;
            let rect = Rect::from_min_size(pos2(lay.left, lay.y), vec2(lay.room(), line));
            let fill = lay.theme.colors.line_strong;
            lay.pieces.push(Piece::Fill {
                rect,
                fill,
                radius: 0,
            });
            lay.gap(line);
        }
    }
}

fn list(lay: &mut Layouter<'_>, start: Option<u64>, items: &[ListItem], color: Color32, depth: usize) {
    let height = (lay.theme.size.body * lay.theme.size.line).round();
    let by = if depth < DEPTH { measures::BULLET } else { 0.0 };
    for (at, item) in items.iter().enumerate() {
        if at > 0 {
            lay.gap(lay.theme.space.xs);
        }
        let soft = lay.theme.colors.text_soft;
        match (item.checked, start) {
            (Some(true), _) => lay.icon(Icon::SquareCheck, lay.theme.colors.green, lay.left, height),
            (Some(false), _) => lay.icon(Icon::Square, soft, lay.left, height),
            (None, Some(first)) => {
                let number = format!("{}.", first.saturating_add(at as u64));
                lay.mark(&number, lay.theme.body(), soft, (lay.left, by, height));
            }
            (None, None) => {
                lay.mark(
                    "•",
                    lay.theme.body(),
                    soft,
                    (lay.left + lay.theme.space.xs, by, height),
                );
            }
        }
        lay.left += by;
        let before = lay.y;
        nested(lay, &item.blocks, color, depth + 1);
        lay.y = lay.y.max(before + height);
        lay.left -= by;
    }
}

fn quote(lay: &mut Layouter<'_>, blocks: &[Block], depth: usize) {
    let (top, from) = (lay.y, lay.pieces.len());
    let left = lay.left;
    if depth < DEPTH {
        lay.left += lay.theme.space.l;
    }
    nested(lay, blocks, lay.theme.colors.text_soft, depth + 1);
    lay.left = left;
    let rect = Rect::from_min_max(pos2(left, top), pos2(left + measures::BAR, lay.y));
    let fill = lay.theme.colors.line_strong;
    lay.pieces.insert(
        from,
        Piece::Fill {
            rect,
            fill,
            radius: 0,
        },
    );
}

/// Lines of code on a ground of their own, with a way to copy them.
pub fn code(lay: &mut Layouter<'_>, lines: &[CodeLine]) {
    let (top, from, outer) = (lay.y, lay.pieces.len(), (lay.left, lay.right));
    let (theme, pad) = (lay.theme, lay.theme.space.m);
    lay.y += pad;
    lay.left += pad;
    lay.right -= pad + theme.space.control;
    let mut job = LayoutJob::default();
    job.wrap.max_width = lay.room();
    job.wrap.break_anywhere = true;
    for (at, line) in lines.iter().enumerate() {
        if at > 0 {
            job.append("\n", 0.0, lay.format(theme.mono(), theme.colors.text));
        }
        for (piece, class) in line.pieces() {
            let format = lay.format(theme.mono(), theme.colors.code(class));
            job.append(&widgets::shown(piece), 0.0, format);
        }
    }
    let copied = job.text.clone();
    lay.job_here(job, Vec::new());
    lay.y += pad;
    (lay.left, lay.right) = outer;
    lay.backdrop(from, (outer.0, top), theme.colors.column, theme.radius.control);
    copy_button(lay, top, copied);
}

fn copy_button(lay: &mut Layouter<'_>, top: f32, copied: String) {
    let size = lay.theme.space.control;
    let below = std::mem::replace(&mut lay.y, top);
    lay.icon(
        Icon::Copy,
        lay.theme.colors.text_faint,
        lay.right - size + (size - lay.theme.space.icon) / 2.0,
        size,
    );
    lay.y = below;
    let rect = Rect::from_min_size(pos2(lay.right - size, top), vec2(size, size));
    let label = lay.text.get("conversation-copy").to_owned();
    let does = Press::Copy(copied);
    lay.pieces.push(Piece::Press { rect, label, does });
}

fn table(
    lay: &mut Layouter<'_>,
    columns: &[ColumnAlign],
    header: &[RichText],
    rows: &[Vec<RichText>],
    color: Color32,
) {
    if columns.is_empty() {
        return;
    }
    let widths = widths(lay, columns.len(), header, rows);
    row(lay, &widths, columns, header, (lay.theme.title(), color));
    for cells in rows {
        let line = lay.theme.space.hairline;
        let width = widths.iter().sum::<f32>().min(lay.room());
        let rect = Rect::from_min_size(pos2(lay.left, lay.y), vec2(width, line));
        let fill = lay.theme.colors.line;
        lay.pieces.push(Piece::Fill {
            rect,
            fill,
            radius: 0,
        });
        lay.gap(line);
        row(lay, &widths, columns, cells, (lay.theme.body(), color));
    }
}

/// As wide as their widest cell where that fits, else shares of the room.
fn widths(lay: &Layouter<'_>, count: usize, header: &[RichText], rows: &[Vec<RichText>]) -> Vec<f32> {
    let pad = lay.theme.space.xl;
    let mut widths = vec![measures::CELL_MIN; count];
    let all = rows.iter().map(Vec::as_slice).chain([header]);
    for cells in all {
        for (width, cell) in widths.iter_mut().zip(cells) {
            let line = cell.line.text.as_str();
            *width = width.max(lay.width_of(line, lay.theme.title()) + pad);
        }
    }
    let sum: f32 = widths.iter().sum();
    if sum > lay.room() {
        let share = lay.room() / count as f32;
        let spare: f32 = widths.iter().map(|width| (share - width).max(0.0)).sum();
        let over: f32 = widths.iter().map(|width| (width - share).max(0.0)).sum();
        for width in &mut widths {
            if *width > share {
                *width = share + (*width - share) / over.max(1.0) * spare;
            }
        }
    }
    widths
}

fn row(
    lay: &mut Layouter<'_>,
    widths: &[f32],
    columns: &[ColumnAlign],
    cells: &[RichText],
    (font, color): (FontId, Color32),
) {
    let pad = lay.theme.space.xs;
    let mut tallest = (lay.theme.size.body * lay.theme.size.line).round();
    let mut left = lay.left;
    for ((width, align), cell) in widths.iter().zip(columns).zip(cells) {
        let room = (width - lay.theme.space.xl).max(1.0);
        let (job, links) = lay.rich_job(cell, &font, color, room);
        let galley = lay.ui.painter().layout_job(job);
        let spare = room - galley.size().x;
        let by = match align {
            ColumnAlign::Start => 0.0,
            ColumnAlign::Center => spare / 2.0,
            ColumnAlign::End => spare,
        };
        tallest = tallest.max(galley.size().y);
        let at = vec2(left + by, lay.y + pad);
        lay.pieces.push(Piece::Text { at, galley, links });
        left += width;
    }
    lay.gap((tallest + 2.0 * pad).ceil());
}
