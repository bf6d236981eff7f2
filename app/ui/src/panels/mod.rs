//! The panels, one a file, and the list of them. A new one is a file, a line here, and its place in the shell.

pub mod about;
pub mod add_repository;
pub mod agents;
pub mod approvals;
pub mod board;
pub mod changes;
pub mod chooser;
pub mod classify;
pub mod composer;
pub mod conversation;
pub mod edit_task;
pub mod first_start;
pub mod keys;
pub mod landing;
pub mod needs_you;
pub mod palette;
pub mod settings;
pub mod sidebar;
pub mod start_dialog;
pub mod task;
pub mod top_bar;

use crate::{Panel, Place};

/// All panels that the shell paints itself; parts of an attempt belong to [`task::TaskPanel`].
#[derive(Default)]
#[allow(missing_docs, reason = "each field is the panel it is named after")]
pub struct Panels {
    pub sidebar: sidebar::Sidebar,
    pub top_bar: top_bar::TopBar,
    pub board: board::Board,
    pub task: task::TaskPanel,
    pub needs_you: needs_you::NeedsYou,
    pub settings: settings::SettingsPanel,
    pub first_start: first_start::FirstStart,
    pub keys: keys::KeysPanel,
    pub about: about::AboutPanel,
    pub start_dialog: start_dialog::StartDialog,
    pub classify: classify::Classify,
    pub edit_task: edit_task::EditTask,
    pub landing: landing::LandingSheet,
    pub palette: palette::Palette,
    pub chooser: chooser::Chooser,
}

impl Panels {
    /// The panel of a place.
    pub fn at(&mut self, place: &Place) -> &mut dyn Panel {
        match place {
            Place::Board { .. } => &mut self.board,
            Place::Task { .. } => &mut self.task,
            Place::NeedsYou => &mut self.needs_you,
            Place::Settings { .. } => &mut self.settings,
            Place::FirstStart => &mut self.first_start,
            Place::Keys => &mut self.keys,
            Place::About => &mut self.about,
        }
    }
}
