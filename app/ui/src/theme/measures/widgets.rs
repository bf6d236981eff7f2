//! Sizes of single widgets.

/// Width of a dialog.
pub const DIALOG: f32 = 520.0;
/// Least width of a menu's rows.
pub const MENU: f32 = 240.0;
/// Width of a toast.
pub const TOAST: f32 = 340.0;
/// Least width of its words beside its button.
pub const TOAST_TEXT: f32 = 180.0;
/// Width of an empty state's text.
pub const EMPTY_TEXT: f32 = 420.0;
/// Size of an empty state's icon.
pub const EMPTY_ICON: f32 = 28.0;
/// The focus ring's width and its distance from the widget.
pub const RING: f32 = 2.0;
/// Width of the line between two views that can be dragged.
pub const SPLIT: f32 = 6.0;
/// Width of a virtual list's scroll bar and least height of its handle.
pub const BAR: f32 = 8.0;
/// Least height of a scroll bar's handle.
pub const HANDLE: f32 = 28.0;
/// Greatest height of a field of several lines, as a share of the window's.
pub const AREA_SHARE: f32 = 0.3;
/// Rows beyond which a field of several lines scrolls, where nothing else is said.
pub const AREA_ROWS: usize = 12;
