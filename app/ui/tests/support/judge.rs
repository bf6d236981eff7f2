//! Judges a painted frame as an eye would: words that are cut off at the side, that lie on other words, that leave the
//! window, or that cannot be told from what they stand on.

#![allow(dead_code, reason = "each test file uses its part")]

use super::support::Window;
use egui::{
    Color32, FontFamily, Rect, Shape, Vec2,
    accesskit::Role,
    epaint::{RectShape, TextShape},
};
use egui_kittest::kittest::{NodeT, Queryable, by};

/// A row of text that is in sight.
struct Word {
    text: String,
    /// What it takes up.
    ink: Rect,
    /// What of that is in sight.
    seen: Rect,
    code: bool,
    contrast: f32,
    /// How many shapes were painted before it.
    at: usize,
}

/// A filled rectangle.
struct Ground {
    rect: Rect,
    fill: Color32,
}

#[derive(Default)]
struct Sight {
    /// The window.
    window: Option<Rect>,
    /// What floats and leaves the window.
    beyond: Vec<String>,
    /// Fields scroll what is longer than they are.
    fields: Vec<Rect>,
    /// A shadow was painted: what follows floats.
    shadow: bool,
    /// Lists keep their height, however few rows there are.
    lists: Vec<Rect>,
    /// What floats on top.
    floating: Option<Rect>,
    grounds: Vec<Ground>,
    words: Vec<Word>,
    painted: usize,
}

/// Least contrast of anything that is read.
const LEAST: f32 = 3.0;
/// What two words may lie over each other by, and a word over its edge: the rounding of glyphs.
const SLACK: f32 = 1.5;

/// Most room between two parts of what floats: a place that keeps its height may say in its middle that it is empty.
const HOLLOW: f32 = 100.0;

/// Everything that is wrong with the frame that the window shows.
pub fn faults(window: &Window) -> Vec<String> {
    let size = window.harness.ctx.content_rect();
    let fields = window.harness.query_all_by_role(Role::TextInput);
    let lists = window.harness.query_all_by_role(Role::List);
    let mut sight = Sight {
        window: Some(size),
        fields: fields.map(|field| field.rect()).collect(),
        lists: lists.map(|list| list.rect()).collect(),
        ..Sight::default()
    };
    for clipped in &window.harness.output().shapes {
        sight.add(&clipped.shape, clipped.clip_rect.intersect(size));
    }
    let mut faults = glyphs_that_are_spoken(window);
    for word in &sight.words {
        let text = &word.text;
        // Code has a way to be moved sideways.
        let cut = word.ink.left() < word.seen.left() - SLACK || word.ink.right() > word.seen.right() + SLACK;
        let in_field = sight
            .fields
            .iter()
            .any(|field| field.contains(word.seen.center()));
        if cut && !word.code && !in_field {
            faults.push(format!("cut: {text:?} {:?} of {:?}", word.seen, word.ink));
        }
        if word.contrast < LEAST {
            faults.push(format!("contrast {:.2}: {text:?} {:?}", word.contrast, word.ink));
        }
        if text.trim() == "…" {
            faults.push(format!("nothing left of a word {:?}", word.ink));
        }
    }
    faults.extend(sight.collisions());
    faults.extend(sight.hollow());
    faults.extend(sight.beyond);
    faults
}

impl Sight {
    /// What floats has no empty room in it.
    fn hollow(&self) -> Option<String> {
        let floating = self.floating?;
        let inside = |rect: &Rect| floating.contains_rect(*rect) && rect.height() < floating.height() * 0.9;
        let words = self.words.iter().map(|word| word.seen);
        let grounds = self.grounds.iter().map(|ground| ground.rect);
        let mut parts: Vec<Rect> = words
            .chain(grounds)
            .chain(self.lists.iter().copied())
            .filter(inside)
            .collect();
        parts.sort_by(|a, b| a.top().total_cmp(&b.top()));
        let (mut down_to, mut gap) = (floating.top(), 0.0_f32);
        for part in parts {
            gap = gap.max(part.top() - down_to);
            down_to = down_to.max(part.bottom());
        }
        gap = gap.max(floating.bottom() - down_to);
        (gap > HOLLOW).then(|| format!("{gap} points of nothing in what floats at {floating:?}"))
    }

    fn add(&mut self, shape: &Shape, clip: Rect) {
        self.painted += 1;
        match shape {
            Shape::Vec(shapes) => shapes.iter().for_each(|shape| self.add(shape, clip)),
            Shape::Rect(rect) => self.ground(rect, clip),
            Shape::Text(text) => self.text(text, clip),
            _ => {}
        }
    }

    fn ground(&mut self, shape: &RectShape, clip: Rect) {
        let rect = shape.rect.intersect(clip);
        self.shadow |= shape.blur_width > 0.0;
        if shape.fill.a() == 0 || shape.blur_width > 0.0 || !rect.is_positive() {
            return;
        }
        // What is covered, or behind a veil, is not judged.
        let veil = shape.fill.a() > 40 && rect.area() > 500_000.0;
        if veil || shape.fill.a() > 250 {
            let floats = std::mem::take(&mut self.shadow);
            let inside = self.window.is_none_or(|window| window.contains_rect(shape.rect));
            if floats {
                self.floating = Some(rect);
            }
            if floats && !inside {
                self.beyond
                    .push(format!("larger than the window: {:?}", shape.rect));
            }
            let hidden = |word: &Word| {
                rect.expand(SLACK).contains_rect(word.seen) || floats && rect.intersects(word.seen)
            };
            self.words.retain(|word| !hidden(word));
        }
        self.grounds.push(Ground {
            rect,
            fill: shape.fill,
        });
    }

    fn text(&mut self, shape: &TextShape, clip: Rect) {
        if shape.angle != 0.0 || shape.opacity_factor < 0.9 {
            return;
        }
        let code = shape
            .galley
            .job
            .sections
            .iter()
            .any(|section| section.format.font_id.family == FontFamily::Monospace);
        for row in &shape.galley.rows {
            let ink = row
                .visuals
                .mesh_bounds
                .translate(shape.pos.to_vec2() + row.pos.to_vec2());
            let seen = ink.intersect(clip);
            // A pixel at the edge of what scrolls is not read.
            if !ink.is_positive() || seen.width() < 1.0 || seen.height() < ink.height() * 0.4 {
                continue;
            }
            let text: String = row.glyphs.iter().map(|glyph| glyph.chr).collect();
            let contrast = self.contrast(shape, seen);
            self.words.push(Word {
                text,
                ink,
                seen,
                code,
                contrast,
                at: self.painted,
            });
        }
    }

    /// The least contrast of a text's colours with what lies below its middle.
    fn contrast(&self, shape: &TextShape, seen: Rect) -> f32 {
        let below = self
            .grounds
            .iter()
            .filter(|ground| ground.rect.contains(seen.center()));
        let ground = below.fold(Color32::BLACK, |ground, over| ground.blend(over.fill));
        let sections = shape.galley.job.sections.iter();
        let colors = sections.map(|section| match section.format.color {
            Color32::PLACEHOLDER => (shape.fallback_color, section.format.background),
            color => (color, section.format.background),
        });
        let colors = colors.map(|(color, behind)| {
            let ground = ground.blend(behind);
            contrast(ground.blend(shape.override_text_color.unwrap_or(color)), ground)
        });
        colors.fold(f32::INFINITY, f32::min)
    }

    fn collisions(&self) -> Vec<String> {
        let mut found = Vec::new();
        for (index, word) in self.words.iter().enumerate() {
            for other in &self.words[index + 1..] {
                let both = word.seen.shrink2(Vec2::splat(SLACK / 2.0)).intersect(other.seen);
                if word.at != other.at && both.width() > SLACK && both.height() > SLACK {
                    found.push(format!(
                        "on each other: {:?} and {:?} {both:?}",
                        word.text, other.text
                    ));
                }
            }
        }
        found
    }
}

fn contrast(one: Color32, other: Color32) -> f32 {
    let light = |color: Color32| {
        let [r, g, b, _] = egui::Rgba::from(color.to_opaque()).to_array();
        0.2126 * r + 0.7152 * g + 0.0722 * b
    };
    let (one, other) = (light(one), light(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

/// Icons are glyphs of the private use area: a screen reader would spell them out.
fn glyphs_that_are_spoken(window: &Window) -> Vec<String> {
    let is_glyph = |text: &String| text.chars().any(|c| ('\u{e000}'..='\u{f8ff}').contains(&c));
    let nodes = window.harness.query_all(by());
    let said = nodes.flat_map(|node| {
        let node = node.accesskit_node();
        [node.label(), node.value()].into_iter().flatten()
    });
    said.filter(is_glyph)
        .map(|text| format!("spoken: {text:?}"))
        .collect()
}
