//! How high the rows of a diff are: where long lines go on below, as many lines as they take.

use super::{
    line::{self, Columns},
    reading::Reading,
    rows::Row,
};
use crate::theme::measures::changes as sizes;
use egui::Ui;
use std::collections::HashMap;

/// Heights that are known, of one diff in one layout.
#[derive(Default)]
pub(super) struct Heights {
    /// What they depend on: the room for a line's text.
    room: Option<f32>,
    known: HashMap<u64, f32>,
}

impl Heights {
    /// Forgets everything: the rows are others now.
    pub fn forget(&mut self) {
        self.known.clear();
    }

    /// The height of a row. Only rows in sight and next to them are asked for, each laid out once.
    pub fn of(&mut self, ui: &Ui, reading: &Reading<'_>, columns: Columns, at: u64) -> f32 {
        if self.room != columns.wrap {
            *self = Self {
                room: columns.wrap,
                ..Self::default()
            };
        }
        if let Some(known) = self.known.get(&at) {
            return *known;
        }
        let Some(row) = reading.row(at) else {
            return sizes::LINE;
        };
        if matches!(row, Row::Gap(_)) {
            return sizes::GAP;
        }
        if columns.wrap.is_none() {
            return sizes::LINE;
        }
        let mut most = None;
        reading.texts(row, |text| {
            let lines = line::lines(ui, reading.cx.theme, columns, text);
            most = most.max(Some(lines));
        });
        let height = most.unwrap_or(1) as f32 * sizes::LINE;
        if most.is_some() {
            self.known.insert(at, height);
        }
        height
    }
}
