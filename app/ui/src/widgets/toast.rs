//! Toasts: short messages at the lower right, newest below. Problems that an act led to stay long
//! enough to be read twice, those that came by themselves until they are closed.

use super::{Button, clipped, icon_button};
use crate::{
    Catalogue, Theme, Toast,
    desk::{News, ToastDoes, ToastKind},
    problem,
    theme::measures::widgets,
};
use anyon_model::AttemptId;
use egui::{Align2, Area, Context, Frame, Id, Order, Rect, Ui, Vec2, pos2};
use lucide_icons::Icon;
use std::time::Duration;

/// The toasts that are shown.
#[derive(Debug, Default)]
pub struct Toasts {
    shown: Vec<(u64, Toast, f64)>,
    next: u64,
}

/// Toasts at once; beyond, the oldest go.
const AT_ONCE: usize = 4;

impl Toasts {
    /// Shows a toast. The same one again only stays longer.
    pub fn add(&mut self, toast: Toast, now_s: f64) {
        self.shown.retain(|(_, other, _)| *other != toast);
        if self.shown.len() == AT_ONCE {
            self.shown.remove(0);
        }
        self.next += 1;
        self.shown.push((self.next, toast, now_s));
    }
    /// Keeps those whose button still does something.
    pub fn keep(&mut self, still: impl Fn(&ToastDoes) -> bool) {
        self.shown
            .retain(|(_, toast, _)| toast.action.as_ref().is_none_or(|action| still(&action.does)));
    }
    /// Keeps to what is still cut off: somebody may have gone on with it elsewhere.
    pub fn follow_interrupted(&mut self, is_cut_off: impl Fn(AttemptId) -> bool) {
        for (_, toast, _) in &mut self.shown {
            let does = toast.action.as_ref().map(|action| &action.does);
            if let Some(ToastDoes::Resume(attempts)) = does {
                let left = attempts.iter().copied().filter(|id| is_cut_off(*id)).collect();
                *toast = Toast::interrupted(left);
            }
        }
        self.keep(|does| !matches!(does, ToastDoes::Resume(attempts) if attempts.is_empty()));
    }
    /// One is shown that takes back what it tells of.
    pub fn can_take_back(&self) -> bool {
        self.shown.iter().any(|(_, toast, _)| takes_back(toast))
    }
    /// Takes back what the newest toast tells of, if it can: it is shown no more.
    pub fn take_back(&mut self) -> Option<ToastDoes> {
        let takes_back = |(_, toast, _): &(u64, Toast, f64)| takes_back(toast);
        let at = self.shown.iter().rposition(takes_back)?;
        let (_, toast, _) = self.shown.remove(at);
        toast.action.map(|action| action.does)
    }
    /// Paints them. Gives what a pressed button does. `undo_key`: the key that takes the newest one back, where it does.
    pub fn show(
        &mut self,
        ctx: &Context,
        (theme, text): (&Theme, &Catalogue),
        undo_key: Option<&str>,
    ) -> Option<ToastDoes> {
        let now_s = ctx.input(|input| input.time);
        self.shown
            .retain(|(_, toast, since)| now_s < ends(theme, toast, *since));
        if self.shown.is_empty() {
            return None;
        }
        let (mut does, mut closed) = (None, None);
        let newest = self.shown.iter().rfind(|(_, toast, _)| takes_back(toast));
        let newest = newest.map(|(number, ..)| *number);
        let area = Id::unique("toasts");
        let above = above(ctx, theme, area);
        Area::new(area)
            .order(Order::Foreground)
            .anchor(Align2::RIGHT_BOTTOM, -Vec2::new(theme.space.xl, above))
            .show(ctx, |ui| {
                for (number, toast, since) in &mut self.shown {
                    let key = undo_key.filter(|_| newest == Some(*number)).unwrap_or_default();
                    let inner = ui
                        .push_id(*number, |ui| paint(ui, (theme, text), toast, key))
                        .inner;
                    if inner.hovered {
                        *since = now_s;
                    }
                    if inner.pressed {
                        does = toast.action.as_ref().map(|action| action.does.clone());
                    }
                    if inner.pressed || inner.closed {
                        closed = Some(*number);
                    }
                }
            });
        self.shown.retain(|(number, ..)| Some(*number) != closed);
        self.wake(ctx, theme, now_s);
        does
    }

    /// The next frame is due when the first toast ends; until then nothing moves.
    fn wake(&self, ctx: &Context, theme: &Theme, now_s: f64) {
        let next = self
            .shown
            .iter()
            .map(|(_, toast, since)| ends(theme, toast, *since))
            .fold(f64::INFINITY, f64::min);
        if next.is_finite() {
            ctx.request_repaint_after(Duration::from_secs_f64((next - now_s).max(0.0)));
        }
    }
}

/// What toasts must not cover: buttons that are pressed while a toast stands there.
#[derive(Clone, Default)]
struct KeptClear {
    pass: u64,
    parts: Vec<Rect>,
}

const KEPT_CLEAR: &str = "kept clear of toasts";

/// Keeps toasts off this part of the window. To be said in each pass.
pub fn keep_clear(ui: &Ui, rect: Rect) {
    let (pass, rect) = (ui.ctx().cumulative_pass_nr(), rect.intersect(ui.clip_rect()));
    ui.data_mut(|kept| {
        let kept: &mut KeptClear = kept.get_temp_mut_or_default(Id::unique(KEPT_CLEAR));
        if kept.pass != pass {
            *kept = KeptClear {
                pass,
                parts: Vec::new(),
            };
        }
        kept.parts.push(rect);
    });
}

/// How far above the lower edge toasts stand: as low as they can without covering what is kept clear.
fn above(ctx: &Context, theme: &Theme, area: Id) -> f32 {
    let (window, gap) = (ctx.content_rect(), theme.space.xl);
    let kept: Option<KeptClear> = ctx.data(|kept| kept.get_temp(Id::unique(KEPT_CLEAR)));
    let kept = kept.filter(|kept| kept.pass == ctx.cumulative_pass_nr());
    let clear = kept.map_or_else(Vec::new, |kept| kept.parts);
    let size = ctx
        .memory(|memory| memory.area_rect(area))
        .map_or(Vec2::ZERO, |rect| rect.size());
    let place = |bottom: f32| {
        let corner = pos2(window.right() - gap, bottom);
        Rect::from_min_max(corner - size, corner)
    };
    let is_free = |bottom: &f32| {
        let place = place(*bottom);
        place.top() >= theme.space.top_bar && clear.iter().all(|rect| !rect.intersects(place))
    };
    let lowest = window.bottom() - gap;
    let over = clear.iter().map(|rect| rect.top() - theme.space.s);
    let bottoms = std::iter::once(lowest).chain(over.filter(|bottom| *bottom < lowest));
    let bottom = bottoms.filter(is_free).fold(f32::NEG_INFINITY, f32::max);
    window.bottom() - if bottom.is_finite() { bottom } else { lowest }
}

fn ends(theme: &Theme, toast: &Toast, since: f64) -> f64 {
    match (toast.kind, &toast.action) {
        _ if toast.stays => f64::INFINITY,
        (ToastKind::Problem, _) => since + f64::from(theme.motion.toast_problem_s),
        (_, Some(action)) if matches!(action.does, ToastDoes::Resume(_)) => f64::INFINITY,
        (_, Some(_)) => since + f64::from(theme.motion.toast_action_s),
        (_, None) => since + f64::from(theme.motion.toast_s),
    }
}

struct Shown {
    hovered: bool,
    pressed: bool,
    closed: bool,
}

/// Its button takes something back.
/// It takes back what it tells of.
pub fn takes_back(toast: &Toast) -> bool {
    let does = toast.action.as_ref().map(|action| &action.does);
    matches!(does, Some(ToastDoes::Send(_) | ToastDoes::Undo(_)))
}

/// Title and more of a toast, in the language of this frame.
fn words(text: &Catalogue, news: &News) -> (String, String) {
    let told = match news {
        News::Said(title, more) => {
            let more = more.as_ref().map(|more| more.worded(text));
            return (title.worded(text), more.unwrap_or_default());
        }
        News::Problem(told) => problem::shown(text, told),
    };
    let more = [told.detail, told.hint];
    let more: Vec<String> = more.into_iter().filter(|part| !part.is_empty()).collect();
    (told.title, more.join("\n"))
}

fn paint(ui: &mut Ui, (theme, text): (&Theme, &Catalogue), toast: &Toast, key: &str) -> Shown {
    let (title, body) = words(text, &toast.news);
    let action = toast.action.as_ref().map(|action| action.label.worded(text));
    let frame = Frame::window(ui.style()).inner_margin(theme.space.l);
    let (mut pressed, mut closed, mut beside) = (false, false, true);
    let response = frame.show(ui, |ui| {
        ui.set_width(widgets::TOAST);
        ui.horizontal(|ui| {
            let (icon, color) = mark(theme, toast.kind);
            super::mark(ui, theme, icon, color);
            ui.with_layout(egui::Layout::right_to_left(egui::Align::Min), |ui| {
                closed = icon_button(ui, theme, Icon::X, text.get("common-close"), "").clicked();
                if let Some(action) = &action {
                    let words = format!("{action} {key}");
                    let label = clipped(ui, &words, theme.title(), theme.colors.text, f32::INFINITY, 1);
                    beside =
                        ui.available_width() - label.size().x - 2.0 * theme.space.l >= widgets::TOAST_TEXT;
                    let button = Button::quiet(action).key(key);
                    pressed |= beside && button.show(ui, theme).clicked();
                }
                ui.with_layout(egui::Layout::top_down(egui::Align::Min), |ui| {
                    // Level with the buttons beside it.
                    ui.add_space((theme.space.control - theme.size.body * theme.size.line) / 2.0);
                    ui.add(egui::Label::new(theme.strong(&title)).wrap());
                    if !body.is_empty() {
                        ui.add(egui::Label::new(theme.soft(&body)).wrap());
                    }
                    // Beside a long word for it the text would have no room.
                    if let Some(action) = action.as_ref().filter(|_| !beside) {
                        pressed |= Button::quiet(action).key(key).show(ui, theme).clicked();
                    }
                });
            });
        });
    });
    let announced = format!("{title} {body}");
    ui.ctx().accesskit_node_builder(response.response.id, |node| {
        node.set_role(egui::accesskit::Role::Status);
        node.set_live(egui::accesskit::Live::Polite);
        node.set_label(announced.trim_end());
    });
    Shown {
        hovered: response.response.contains_pointer(),
        pressed,
        closed,
    }
}

fn mark(theme: &Theme, kind: ToastKind) -> (Icon, egui::Color32) {
    match kind {
        ToastKind::Done => (Icon::CircleCheck, theme.colors.green),
        ToastKind::Note => (Icon::Info, theme.colors.blue),
        ToastKind::Problem => (Icon::CircleAlert, theme.colors.red),
    }
}
