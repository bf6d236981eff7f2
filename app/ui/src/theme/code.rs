//! What the classes of code and terminal output look like.

use super::Colors;
use anyon_model::{AnsiColor, SpanClass};
use egui::Color32;

impl Colors {
    /// The colour of a piece of code.
    pub fn code(&self, class: SpanClass) -> Color32 {
        match class {
            SpanClass::Plain | SpanClass::Variable | SpanClass::Operator => self.text,
            SpanClass::Comment | SpanClass::Punctuation => self.text_soft,
            SpanClass::Keyword | SpanClass::Tag | SpanClass::Heading => self.violet,
            SpanClass::String | SpanClass::Inserted => self.green,
            SpanClass::Escape | SpanClass::Number | SpanClass::Constant => self.amber,
            SpanClass::Function => self.blue,
            SpanClass::Type | SpanClass::Attribute => self.accent_text,
            SpanClass::Deleted => self.red,
        }
    }

    /// The colour of a terminal's colour: by its role, so that it can be read in both themes.
    pub fn ansi(&self, color: AnsiColor) -> Color32 {
        match color.nearest() {
            AnsiColor::Black | AnsiColor::BrightBlack => self.text_soft,
            AnsiColor::Red | AnsiColor::BrightRed => self.red,
            AnsiColor::Green | AnsiColor::BrightGreen => self.green,
            AnsiColor::Yellow | AnsiColor::BrightYellow => self.amber,
            AnsiColor::Blue | AnsiColor::BrightBlue => self.blue,
            AnsiColor::Magenta | AnsiColor::BrightMagenta => self.violet,
            AnsiColor::Cyan | AnsiColor::BrightCyan => self.accent_text,
            AnsiColor::White | AnsiColor::BrightWhite | AnsiColor::Rgb(..) => self.text,
        }
    }
}
