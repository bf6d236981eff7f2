//! The whole shell on a headless context, with the fonts of the product.

use crate::measure;
use anyon_model::{Client, Timestamp};
use anyon_ui::{Kept, Pace, Place, Shell, ShellOptions, Theme};
use egui::{Context, Event, Pos2, RawInput, Rect, Shape, ViewportId, epaint::ClippedShape, vec2};
use std::time::{Duration, Instant};

/// Size of the window.
pub const SIZE: egui::Vec2 = vec2(1440.0, 900.0);

/// The window.
pub struct Scene {
    /// The toolkit's context.
    pub context: Context,
    shell: Shell,
    began: Instant,
    now: Timestamp,
    /// Seconds between frames as the window is told; none: those of the clock.
    step_s: Option<f64>,
    time_s: f64,
}

/// A frame.
pub struct Painted {
    /// What the shell and the tessellation took.
    pub took: Duration,
    /// Processor time of that.
    pub cpu: Duration,
    /// The next frame is wanted after this time.
    pub again: Duration,
    shapes: Vec<ClippedShape>,
}

impl Scene {
    /// A window at a place; notes are what a person set before. Time goes on by a sixtieth of a second a frame.
    pub fn at(place: Place, notes: &[(&str, &str)], now: Timestamp) -> Self {
        let context = Context::default();
        Theme::install_fonts(&context);
        let mut kept = Kept::at(place);
        kept.set_note(anyon_ui::shell::FIRST_START_DONE, "1");
        for (key, text) in notes {
            kept.set_note(key, text);
        }
        let options = ShellOptions {
            locale: "en".into(),
            kept,
            ..ShellOptions::default()
        };
        Self {
            context,
            shell: Shell::new(options),
            began: Instant::now(),
            now,
            step_s: Some(1.0 / 60.0),
            time_s: 0.0,
        }
    }
    /// The same with the time of the clock.
    pub fn live(mut self) -> Self {
        self.step_s = None;
        self
    }

    /// How soon news get a frame.
    pub fn pace(&self) -> Pace {
        Pace {
            awaited: self.shell.awaits(),
            unseen: false,
        }
    }

    /// Takes events and paints a frame: logic, panels, tessellation.
    pub fn frame(&mut self, client: &dyn Client, events: Vec<Event>) -> Painted {
        self.time_s = match self.step_s {
            Some(step_s) => self.time_s + step_s,
            None => self.began.elapsed().as_secs_f64(),
        };
        let now = self.now.plus_ms((self.time_s * 1e3) as i64);
        let input = RawInput {
            screen_rect: Some(Rect::from_min_size(Pos2::ZERO, SIZE)),
            time: Some(self.time_s),
            focused: true,
            events,
            ..RawInput::default()
        };
        let (began, cpu) = (Instant::now(), measure::cpu_of_thread());
        self.shell.logic(Some(client), &self.context, now);
        let shell = &mut self.shell;
        let output = self.context.run_ui(input, |ui| drop(shell.ui(Some(client), ui)));
        let shapes = output.shapes.clone();
        let triangles = self.context.tessellate(output.shapes, output.pixels_per_point);
        let took = began.elapsed();
        let cpu = measure::cpu_of_thread().saturating_sub(cpu);
        drop(triangles);
        let again = output.viewport_output.get(&ViewportId::ROOT);
        Painted {
            took,
            cpu,
            again: again.map_or(Duration::MAX, |output| output.repaint_delay),
            shapes,
        }
    }
}

impl Painted {
    /// A text that ends like this stands in the frame.
    pub fn shows(&self, end: &str) -> bool {
        self.shapes.iter().any(|clipped| has_text(&clipped.shape, end))
    }
    /// Where a text that begins like this stands.
    pub fn place_of(&self, begin: &str) -> Option<Pos2> {
        self.shapes
            .iter()
            .find_map(|clipped| place_of_text(&clipped.shape, begin))
    }
    /// Every text of the frame.
    pub fn texts(&self) -> String {
        let mut all = String::new();
        for clipped in &self.shapes {
            add_texts(&clipped.shape, &mut all);
        }
        all
    }
}

fn has_text(shape: &Shape, end: &str) -> bool {
    match shape {
        Shape::Text(text) => text.galley.text().ends_with(end),
        Shape::Vec(shapes) => shapes.iter().any(|shape| has_text(shape, end)),
        _ => false,
    }
}

fn place_of_text(shape: &Shape, begin: &str) -> Option<Pos2> {
    match shape {
        Shape::Text(text) if text.galley.text().starts_with(begin) => {
            Some(text.visual_bounding_rect().center())
        }
        Shape::Vec(shapes) => shapes.iter().find_map(|shape| place_of_text(shape, begin)),
        _ => None,
    }
}

fn add_texts(shape: &Shape, all: &mut String) {
    match shape {
        Shape::Text(text) => {
            all.push_str(text.galley.text());
            all.push('\n');
        }
        Shape::Vec(shapes) => shapes.iter().for_each(|shape| add_texts(shape, all)),
        _ => {}
    }
}
