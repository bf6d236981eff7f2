//! One line that says how something stands: a mark and words. The colour never speaks alone.

use super::{button::paint_icon, clipped};
use crate::Theme;
use egui::{Color32, Rect, Response, Sense, Ui, Vec2, WidgetInfo, accesskit::Role, pos2};
use lucide_icons::Icon;

/// How urgent a state is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tone {
    /// Nothing to see.
    Quiet,
    /// It goes well.
    Good,
    /// It is at work.
    Busy,
    /// There is something to look at.
    Look,
    /// It waits for a person.
    Asks,
    /// It failed.
    Bad,
}

impl Tone {
    /// Its colour.
    pub fn color(self, theme: &Theme) -> Color32 {
        let c = &theme.colors;
        match self {
            Self::Quiet => c.text_soft,
            Self::Good => c.green,
            Self::Busy => c.amber,
            Self::Look => c.blue,
            Self::Asks => c.violet,
            Self::Bad => c.red,
        }
    }
}

/// Paints the line over the whole width, cut with an ellipsis.
pub fn state_line(ui: &mut Ui, theme: &Theme, icon: Icon, tone: Tone, text: &str) -> Response {
    let height = (theme.size.caption * theme.size.line).ceil();
    let (rect, response) = ui.allocate_exact_size(Vec2::new(ui.available_width(), height), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, text));
    let color = tone.color(theme);
    let mark = Rect::from_min_size(rect.min, Vec2::new(theme.space.icon, height));
    paint_icon(ui, theme, icon, mark, color);
    let left = mark.right() + theme.space.s;
    let words = clipped(ui, text, theme.caption(), color, rect.right() - left, 1);
    let at = pos2(left, rect.center().y - words.size().y / 2.0);
    let cut = words.elided;
    ui.painter().galley(at.round(), words, color);
    if cut {
        return response.on_hover_text(super::shown(text));
    }
    response
}
