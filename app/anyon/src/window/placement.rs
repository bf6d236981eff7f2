//! What the window keeps over a restart beside its place on the screen, and a place that can be reached: a screen that
//! was there at the last start may be gone.

use anyon_ui::Kept;
use eframe::egui::{Context, Memory, Pos2, Rect, Vec2, pos2, vec2};
use winit::{dpi::PhysicalPosition, window::Window};

/// Under this key eframe keeps what egui remembers: how wide the panels are, how far things are scrolled.
const MEMORY: &str = "egui";
/// So much of the title bar has to be on a screen for a hand to reach it.
const GRIP: Vec2 = vec2(120.0, 24.0);
const ZOOM: std::ops::RangeInclusive<f32> = 0.5..=3.0;

/// Before the window is opened: its size is in points of this zoom.
pub fn zoom_as_kept(context: &Context, kept: &Kept) {
    let zoom = kept.zoom.filter(|zoom| zoom.is_finite()).unwrap_or(1.0);
    context.memory_mut(|memory| memory.options.zoom_factor = zoom.clamp(*ZOOM.start(), *ZOOM.end()));
}

/// eframe restores what egui remembers only into a context that it made itself.
pub fn remember(context: &Context, storage: Option<&dyn eframe::Storage>) {
    let Some(mut memory) = storage.and_then(|storage| eframe::get_value::<Memory>(storage, MEMORY)) else {
        return;
    };
    context.memory_mut(|now| {
        memory.options = now.options.clone();
        *now = memory;
    });
}

/// Moves a window that nobody can reach to a screen.
pub fn bring_to_a_screen(window: &Window) {
    let Ok(place) = window.outer_position() else {
        // Wayland does not tell; there the desktop places windows.
        return;
    };
    let size = window.outer_size();
    let window_rect = rect((place.x, place.y), (size.width, size.height));
    let screens: Vec<Rect> = window
        .available_monitors()
        .map(|monitor| {
            let (place, size) = (monitor.position(), monitor.size());
            rect((place.x, place.y), (size.width, size.height))
        })
        .collect();
    if let Some(place) = reachable(window_rect, &screens) {
        window.set_outer_position(PhysicalPosition::new(place.x as i32, place.y as i32));
    }
}

fn rect((x, y): (i32, i32), (width, height): (u32, u32)) -> Rect {
    Rect::from_min_size(pos2(x as f32, y as f32), vec2(width as f32, height as f32))
}

/// Where a window has to go that is on no screen; `None`: it can stay.
fn reachable(window: Rect, screens: &[Rect]) -> Option<Pos2> {
    let bar = Rect::from_min_size(window.min, vec2(window.width(), GRIP.y));
    let shows = |screen: &Rect| {
        let seen = screen.intersect(bar);
        seen.width() >= GRIP.x.min(window.width()) && seen.height() >= GRIP.y / 2.0
    };
    if screens.iter().any(shows) {
        return None;
    }
    let screen = screens.first()?;
    let spare = (screen.size() - window.size()).max(Vec2::ZERO);
    Some((screen.min + spare / 2.0).round())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(x: i32, y: i32) -> Rect {
        rect((x, y), (1000, 600))
    }

    #[test]
    fn a_window_stays_where_a_hand_reaches_its_bar() {
        let screens = [rect((0, 0), (1920, 1080)), rect((1920, 0), (1280, 1024))];
        for place in [at(0, 0), at(-800, 30), at(1800, 900), at(2900, 10), at(100, -10)] {
            assert_eq!(reachable(place, &screens), None, "{place:?}");
        }
    }

    #[test]
    fn a_window_on_a_screen_that_is_gone_comes_to_one_that_is_there() {
        let screens = [rect((0, 0), (1920, 1080))];
        for place in [
            at(1920, 0),
            at(-990, 0),
            at(100, -300),
            at(100, 1075),
            at(5000, 4000),
        ] {
            assert_eq!(reachable(place, &screens), Some(pos2(460.0, 240.0)), "{place:?}");
        }
        assert_eq!(reachable(at(5000, 0), &[]), None, "nothing is known of screens");
        let small = [rect((0, 0), (800, 480))];
        assert_eq!(reachable(at(5000, 0), &small), Some(pos2(0.0, 0.0)));
    }

    #[test]
    fn a_zoom_that_makes_no_sense_does_not_hide_the_window() {
        let zoomed = |zoom: Option<f32>| {
            let context = Context::default();
            let mut kept = Kept::default();
            kept.zoom = zoom;
            zoom_as_kept(&context, &kept);
            context.zoom_factor()
        };
        assert_eq!(zoomed(None), 1.0);
        assert_eq!(zoomed(Some(1.2)), 1.2);
        assert_eq!(zoomed(Some(90.0)), 3.0);
        assert_eq!(zoomed(Some(f32::NAN)), 1.0);
    }
}
