//! The look: colours, spaces, type, radii and motion, and how they reach egui. The only place for such literals.

mod apply;
mod code;
mod colors;
mod fonts;
pub mod measures;

pub use colors::Colors;
pub use fonts::{BOLD, ICONS, MISSING_FONTS_FALLBACK, definitions, glyphs};

use egui::{Color32, FontFamily, FontId, RichText};

/// Everything that a widget needs to know about the look.
#[derive(Debug, Clone, PartialEq)]
pub struct Theme {
    /// Dark or light.
    pub dark: bool,
    /// Colours.
    pub colors: Colors,
    /// Spaces and sizes.
    pub space: Space,
    /// Type sizes.
    pub size: TypeSize,
    /// Corner radii.
    pub radius: Radius,
    /// Times.
    pub motion: Motion,
}

/// Spaces and sizes, on a grid of four points.
#[derive(Debug, Clone, Copy, PartialEq)]
#[allow(missing_docs, reason = "the names say what each is for")]
pub struct Space {
    pub xxs: f32,
    pub xs: f32,
    pub s: f32,
    pub m: f32,
    pub l: f32,
    pub xl: f32,
    pub xxl: f32,
    pub column_gap: f32,
    pub card_x: f32,
    pub card_y: f32,
    pub row: f32,
    pub control: f32,
    pub icon: f32,
    pub hairline: f32,
    pub top_bar: f32,
    pub side_bar: f32,
}

/// Type sizes in points.
#[derive(Debug, Clone, Copy, PartialEq)]
#[allow(missing_docs, reason = "the names say what each is for")]
pub struct TypeSize {
    pub caption: f32,
    pub mono: f32,
    pub body: f32,
    pub heading: f32,
    pub large: f32,
    /// Line height as a multiple of the size.
    pub line: f32,
}

/// Corner radii.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names say what each is for")]
pub struct Radius {
    pub chip: u8,
    pub control: u8,
    pub card: u8,
    pub column: u8,
}

/// Times in seconds, as egui takes them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Motion {
    /// Of anything that moves; 0 when the system asks for reduced motion.
    pub move_s: f32,
    /// Before a tooltip shows.
    pub tooltip_s: f32,
    /// That a toast stays.
    pub toast_s: f32,
    /// That a toast with a button stays.
    pub toast_action_s: f32,
    /// Seconds that a toast with a problem stays while nobody points at it.
    pub toast_problem_s: f32,
    /// In which an approval takes no key after it appeared.
    pub approval_guard_ms: i64,
    /// Between two frames from time alone, while something runs.
    pub tick_ms: u64,
    /// Between two frames of something that turns.
    pub spinner_ms: u64,
}

impl Theme {
    /// The dark theme.
    pub fn dark(reduced_motion: bool) -> Self {
        Self::with(true, Colors::DARK, reduced_motion)
    }
    /// The light theme.
    pub fn light(reduced_motion: bool) -> Self {
        Self::with(false, Colors::LIGHT, reduced_motion)
    }

    /// Sets egui's fonts. Once, before the first frame.
    pub fn install_fonts(ctx: &egui::Context) {
        ctx.set_fonts(definitions());
    }
    /// Sets egui's style. Once, and whenever the theme changes.
    pub fn apply(&self, ctx: &egui::Context) {
        apply::apply(self, ctx);
    }

    /// Body text.
    pub fn body(&self) -> FontId {
        FontId::new(self.size.body, FontFamily::Proportional)
    }
    /// Titles and headers, in the heavier weight.
    pub fn title(&self) -> FontId {
        FontId::new(self.size.body, FontFamily::Name(BOLD.into()))
    }
    /// Small print.
    pub fn caption(&self) -> FontId {
        FontId::new(self.size.caption, FontFamily::Proportional)
    }
    /// Small print in the heavier weight.
    pub fn caption_bold(&self) -> FontId {
        FontId::new(self.size.caption, FontFamily::Name(BOLD.into()))
    }
    /// Code, paths and figures.
    pub fn mono(&self) -> FontId {
        FontId::new(self.size.mono, FontFamily::Monospace)
    }
    /// Headings of pages and dialogs.
    pub fn heading(&self) -> FontId {
        FontId::new(self.size.heading, FontFamily::Name(BOLD.into()))
    }
    /// Headings of empty states.
    pub fn large(&self) -> FontId {
        FontId::new(self.size.large, FontFamily::Name(BOLD.into()))
    }
    /// The icon font in the size of icons.
    pub fn icon(&self) -> FontId {
        FontId::new(self.space.icon, FontFamily::Name(ICONS.into()))
    }
    /// The icon font in another size.
    pub fn icon_sized(&self, size: f32) -> FontId {
        FontId::new(size, FontFamily::Name(ICONS.into()))
    }

    /// Text of the first level, in body size.
    pub fn text(&self, text: impl Into<String>) -> RichText {
        self.rich(text, self.body(), self.colors.text)
    }
    /// Text of the second level.
    pub fn soft(&self, text: impl Into<String>) -> RichText {
        self.rich(text, self.body(), self.colors.text_soft)
    }
    /// Text of the third level.
    pub fn faint(&self, text: impl Into<String>) -> RichText {
        self.rich(text, self.body(), self.colors.text_faint)
    }
    /// Small print of the second level.
    pub fn small(&self, text: impl Into<String>) -> RichText {
        self.rich(text, self.caption(), self.colors.text_soft)
    }
    /// A title in the heavier weight.
    pub fn strong(&self, text: impl Into<String>) -> RichText {
        self.rich(text, self.title(), self.colors.text)
    }
    /// Code.
    pub fn code(&self, text: impl Into<String>) -> RichText {
        self.rich(text, self.mono(), self.colors.text)
    }
    /// An icon as text.
    pub fn icon_text(&self, icon: lucide_icons::Icon, color: Color32) -> RichText {
        self.rich(char::from(icon).to_string(), self.icon(), color)
    }
    /// Text in a font and colour.
    pub fn rich(&self, text: impl Into<String>, font: FontId, color: Color32) -> RichText {
        RichText::new(text).font(font).color(color)
    }

    fn with(dark: bool, colors: Colors, reduced_motion: bool) -> Self {
        Self {
            dark,
            colors,
            space: Space {
                xxs: 2.0,
                xs: 4.0,
                s: 6.0,
                m: 8.0,
                l: 12.0,
                xl: 16.0,
                xxl: 24.0,
                column_gap: 12.0,
                card_x: 12.0,
                card_y: 10.0,
                row: 28.0,
                control: 28.0,
                icon: 14.0,
                hairline: 1.0,
                top_bar: 48.0,
                side_bar: 220.0,
            },
            size: TypeSize {
                caption: 11.0,
                mono: 12.0,
                body: 13.0,
                heading: 15.0,
                large: 20.0,
                line: 1.4,
            },
            radius: Radius {
                chip: 5,
                control: 6,
                card: 8,
                column: 10,
            },
            motion: Motion {
                move_s: if reduced_motion { 0.0 } else { 0.12 },
                tooltip_s: 0.4,
                toast_s: 4.0,
                toast_action_s: 10.0,
                toast_problem_s: 60.0,
                approval_guard_ms: 400,
                tick_ms: 1_000,
                spinner_ms: 100,
            },
        }
    }
}
