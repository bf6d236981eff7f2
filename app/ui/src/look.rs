//! What the desktop wants programs to look like, and what the person wants of this window instead.

use serde::{Deserialize, Serialize};

/// What the desktop wants; `None`: it does not say.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct DesktopLook {
    /// Dark or light.
    pub dark: Option<bool>,
    /// Nothing should move.
    pub reduced_motion: Option<bool>,
}

impl DesktopLook {
    /// The other one where this does not say.
    pub fn or(self, other: Self) -> Self {
        Self {
            dark: self.dark.or(other.dark),
            reduced_motion: self.reduced_motion.or(other.reduced_motion),
        }
    }
}

/// Whether things move in this window.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Motion {
    /// As the desktop wants it.
    #[default]
    System,
    /// Nothing moves.
    Reduced,
    /// Things move, whatever the desktop wants.
    Full,
}

impl Motion {
    /// All of them, in the order they are offered.
    pub const ALL: [Self; 3] = [Self::System, Self::Reduced, Self::Full];

    /// Nothing moves, if the desktop wants this.
    pub fn is_reduced(self, desktop: bool) -> bool {
        match self {
            Self::System => desktop,
            Self::Reduced => true,
            Self::Full => false,
        }
    }
}
