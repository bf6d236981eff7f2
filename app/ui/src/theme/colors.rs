//! Colours of the two themes. A test computes their contrasts; a colour that fails gives way.

use anyon_model::Label;
use egui::Color32;

/// Colours by what they are for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names say what each is for")]
pub struct Colors {
    /// Behind everything.
    pub bg: Color32,
    pub side_bar: Color32,
    pub column: Color32,
    pub card: Color32,
    /// Menus, dialogs and toasts.
    pub floating: Color32,
    /// Below the pointer, and the chosen row.
    pub hover: Color32,
    pub line: Color32,
    pub line_strong: Color32,
    /// First, second and third level.
    pub text: Color32,
    pub text_soft: Color32,
    pub text_faint: Color32,
    /// Rings, marks and icons; not text.
    pub accent: Color32,
    /// Links and chosen words.
    pub accent_text: Color32,
    /// Filled buttons, with [`Self::on_fill`] on them.
    pub accent_fill: Color32,
    pub danger_fill: Color32,
    pub on_fill: Color32,
    pub green: Color32,
    pub red: Color32,
    pub amber: Color32,
    pub blue: Color32,
    pub violet: Color32,
    /// Behind added and removed lines, and behind the words in them that changed.
    pub diff_added: Color32,
    pub diff_removed: Color32,
    pub diff_added_word: Color32,
    pub diff_removed_word: Color32,
    /// Behind selected text.
    pub selection: Color32,
    /// Over the window, below a dialog.
    pub veil: Color32,
    pub shadow: Color32,
}

const fn rgb(hex: u32) -> Color32 {
    let [_, r, g, b] = hex.to_be_bytes();
    Color32::from_rgb(r, g, b)
}

impl Colors {
    /// How much of a colour is left below the pointer, and of a card that is being carried away.
    pub const HALF: f32 = 0.5;

    /// The colour of a label in this theme.
    pub fn label(&self, label: &Label) -> Color32 {
        let tones = [self.blue, self.green, self.amber, self.red, self.violet];
        let at = Label::COLORS.iter().position(|color| *color == label.color);
        at.and_then(|at| tones.get(at)).copied().unwrap_or(self.violet)
    }

    /// The dark theme.
    pub const DARK: Self = Self {
        bg: rgb(0x0E_0F_11),
        side_bar: rgb(0x13_14_17),
        column: rgb(0x16_18_1B),
        card: rgb(0x1C_1E_22),
        floating: rgb(0x16_18_1B),
        hover: rgb(0x22_25_2A),
        line: rgb(0x24_27_2C),
        line_strong: rgb(0x31_35_3C),
        text: rgb(0xE8_EA_ED),
        text_soft: rgb(0xA3_A8_B0),
        text_faint: rgb(0x6E_74_7D),
        accent: rgb(0x6E_7B_F2),
        accent_text: rgb(0x8C_96_F6),
        accent_fill: rgb(0x58_62_D8),
        danger_fill: rgb(0xC9_3C_3C),
        on_fill: rgb(0xFF_FF_FF),
        green: rgb(0x4C_B7_82),
        red: rgb(0xEE_65_65),
        amber: rgb(0xF2_B5_44),
        blue: rgb(0x5A_A9_E6),
        violet: rgb(0xB4_8E_F0),
        diff_added: rgb(0x14_26_1C),
        diff_removed: rgb(0x2C_17_19),
        diff_added_word: rgb(0x1F_48_33),
        diff_removed_word: rgb(0x58_27_2B),
        selection: rgb(0x2C_33_66),
        veil: Color32::from_black_alpha(140),
        shadow: Color32::from_black_alpha(120),
    };

    /// The light theme.
    pub const LIGHT: Self = Self {
        bg: rgb(0xFF_FF_FF),
        side_bar: rgb(0xF7_F7_F8),
        column: rgb(0xF4_F5_F6),
        card: rgb(0xFF_FF_FF),
        floating: rgb(0xFF_FF_FF),
        hover: rgb(0xED_EE_F0),
        line: rgb(0xE6_E7_EA),
        line_strong: rgb(0xD3_D5_DA),
        text: rgb(0x1B_1D_21),
        text_soft: rgb(0x5C_62_6B),
        text_faint: rgb(0x7F_85_8E),
        accent: rgb(0x55_60_DC),
        accent_text: rgb(0x4C_56_CF),
        accent_fill: rgb(0x55_60_DC),
        danger_fill: rgb(0xC9_3C_3C),
        on_fill: rgb(0xFF_FF_FF),
        green: rgb(0x1A_75_46),
        red: rgb(0xC0_34_34),
        amber: rgb(0x8A_5C_00),
        blue: rgb(0x1F_68_A5),
        violet: rgb(0x73_47_C8),
        diff_added: rgb(0xE9_F7_EF),
        diff_removed: rgb(0xFC_EB_EB),
        diff_added_word: rgb(0xBF_E8_D0),
        diff_removed_word: rgb(0xF7_CB_CB),
        selection: rgb(0xD5_D9_FA),
        veil: Color32::from_black_alpha(70),
        shadow: Color32::from_black_alpha(36),
    };

    /// A colour thin enough to stand behind its own text: chips and marked rows.
    pub fn tint(color: Color32) -> Color32 {
        color.gamma_multiply(0.14)
    }

    /// Surfaces that text stands on.
    pub fn surfaces(&self) -> [Color32; 7] {
        [
            self.bg,
            self.side_bar,
            self.column,
            self.card,
            self.hover,
            self.diff_added,
            self.diff_removed,
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn luminance(color: Color32) -> f64 {
        let linear = |channel: u8| {
            let c = f64::from(channel) / 255.0;
            if c <= 0.039_28 {
                c / 12.92
            } else {
                ((c + 0.055) / 1.055).powf(2.4)
            }
        };
        0.2126 * linear(color.r()) + 0.7152 * linear(color.g()) + 0.0722 * linear(color.b())
    }

    fn contrast(a: Color32, b: Color32) -> f64 {
        let (a, b) = (luminance(a), luminance(b));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    #[test]
    fn text_can_be_read_on_every_surface() {
        for colors in [Colors::DARK, Colors::LIGHT] {
            for surface in colors.surfaces() {
                let readable = [
                    colors.text,
                    colors.text_soft,
                    colors.accent_text,
                    colors.green,
                    colors.red,
                    colors.amber,
                    colors.blue,
                    colors.violet,
                ];
                for text in readable {
                    let is = contrast(text, surface);
                    assert!(is >= 4.5, "{text:?} on {surface:?}: {is:.2}");
                }
                for mark in [colors.text_faint, colors.accent] {
                    let is = contrast(mark, surface);
                    assert!(is >= 3.0, "{mark:?} on {surface:?}: {is:.2}");
                }
            }
        }
    }

    #[test]
    fn filled_buttons_can_be_read() {
        for colors in [Colors::DARK, Colors::LIGHT] {
            for fill in [colors.accent_fill, colors.danger_fill] {
                assert!(contrast(colors.on_fill, fill) >= 4.5);
            }
        }
    }

    #[test]
    fn changed_words_and_selected_text_can_be_read() {
        for colors in [Colors::DARK, Colors::LIGHT] {
            for behind in [colors.diff_added_word, colors.diff_removed_word, colors.selection] {
                assert!(contrast(colors.text, behind) >= 4.5);
            }
        }
    }
}
