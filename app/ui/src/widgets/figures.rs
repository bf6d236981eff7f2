//! Lines added and removed. The sign says what the colour says; zeros are left out.

use crate::{Theme, phrase::figure};
use egui::Ui;

/// Paints them in a row of words.
pub fn figures(ui: &mut Ui, theme: &Theme, (added, removed): (u64, u64)) {
    let colors = &theme.colors;
    for (sign, number, color) in [('+', added, colors.green), ('−', removed, colors.red)] {
        if number > 0 {
            ui.label(theme.rich(format!("{sign}{}", figure(number)), theme.mono(), color));
        }
    }
}
