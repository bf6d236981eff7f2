//! Lines added and removed. The sign says what the colour says; zeros are left out.

use super::clipped;
use crate::{Theme, phrase::figure};
use egui::{Color32, Ui};

/// Paints them in a row of words.
pub fn figures(ui: &mut Ui, theme: &Theme, lines: (u64, u64)) {
    for (words, color) in words(theme, lines) {
        ui.label(theme.rich(words, theme.mono(), color));
    }
}

/// How much of a row they take.
pub fn figures_width(ui: &Ui, theme: &Theme, lines: (u64, u64)) -> f32 {
    let gap = ui.spacing().item_spacing.x;
    let wide = |(words, color): (String, Color32)| {
        clipped(ui, &words, theme.mono(), color, f32::INFINITY, 1)
            .size()
            .x
            + gap
    };
    words(theme, lines).map(wide).sum()
}

fn words(theme: &Theme, (added, removed): (u64, u64)) -> impl Iterator<Item = (String, Color32)> {
    let parts = [('+', added, theme.colors.green), ('−', removed, theme.colors.red)];
    let parts = parts.into_iter().filter(|(_, number, _)| *number > 0);
    parts.map(|(sign, number, color)| (format!("{sign}{}", figure(number)), color))
}
