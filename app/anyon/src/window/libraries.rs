//! Looks whether the libraries that a window needs are there, before one is opened: without `libxkbcommon-x11` the
//! toolkit does not fail but panics.

use anyon_model::Problem;

/// The libraries are there; else what to install.
#[cfg(target_os = "linux")]
pub fn probe() -> Result<(), Problem> {
    let wayland = std::env::var_os("WAYLAND_DISPLAY").is_some_and(|name| !name.is_empty());
    let missing = if wayland {
        missing_for_wayland()
    } else {
        missing_for_x11()
    };
    match missing.as_slice() {
        [] => Ok(()),
        packages => Err(Problem::new(
            anyon_model::ProblemCode::NotInstalled,
            "The window needs libraries that are not installed",
        )
        .detail(packages.join(", "))
        .hint(format!(
            "on Debian or Ubuntu: sudo apt install {}",
            packages.join(" ")
        ))),
    }
}

/// Other systems bring them.
#[cfg(not(target_os = "linux"))]
pub fn probe() -> Result<(), Problem> {
    Ok(())
}

#[cfg(target_os = "linux")]
fn missing_for_wayland() -> Vec<&'static str> {
    let found = [("libxkbcommon0", xkbcommon_dl::xkbcommon_option().is_some())];
    missing(&found)
}

#[cfg(target_os = "linux")]
fn missing_for_x11() -> Vec<&'static str> {
    use x11_dl::{xcursor::Xcursor, xinput2::XInput2, xlib::Xlib, xlib_xcb::Xlib_xcb};
    missing(&[
        ("libx11-6", Xlib::open().is_ok()),
        ("libxcursor1", Xcursor::open().is_ok()),
        ("libxi6", XInput2::open().is_ok()),
        ("libx11-xcb1", Xlib_xcb::open().is_ok()),
        ("libxkbcommon0", xkbcommon_dl::xkbcommon_option().is_some()),
        (
            "libxkbcommon-x11-0",
            xkbcommon_dl::x11::xkbcommon_x11_option().is_some(),
        ),
    ])
}

#[cfg(target_os = "linux")]
fn missing(found: &[(&'static str, bool)]) -> Vec<&'static str> {
    found
        .iter()
        .filter(|(_, there)| !there)
        .map(|(package, _)| *package)
        .collect()
}
