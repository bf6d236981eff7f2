//! Parts of the window whose widgets stay the same ones, whatever comes or goes beside them.

use egui::{AsIdSalt, Ui, UiBuilder};

/// A part whose widgets keep their ids when something above it comes or goes: a press that has begun still counts, the
/// keyboard stays where it is, and assistive programs go on with the widget that they know. egui numbers widgets in the
/// order of the frame, so without this one line more renames all that follow.
pub fn steady<R>(ui: &mut Ui, name: impl AsIdSalt, paint: impl FnOnce(&mut Ui) -> R) -> R {
    let builder = steadily(ui, name);
    ui.scope_builder(builder, paint).inner
}

/// The same for a part that is built in another way. The name is one of its kind in the part around it.
pub fn steadily(ui: &Ui, name: impl AsIdSalt) -> UiBuilder {
    UiBuilder::new().scope_id(ui.scope_id().with(name))
}
