//! Panels, widgets and theme of the window.
