use super::linux::{Found, follow_portal, gtk_look_of, look_of};
use crate::window::test_bus::TestBus;
use anyon_ui::DesktopLook;
use futures_lite::future::{block_on, or};
use std::{cell::RefCell, collections::HashMap};
use zbus::zvariant::{OwnedValue, Value};

fn found(settings: &[(&str, &str, Value<'_>)]) -> Found {
    let mut found: Found = HashMap::new();
    for (group, name, value) in settings {
        let value = OwnedValue::try_from(value.try_clone().unwrap()).unwrap();
        found
            .entry((*group).to_owned())
            .or_default()
            .insert((*name).to_owned(), value);
    }
    found
}

fn look(dark: Option<bool>, reduced_motion: Option<bool>) -> DesktopLook {
    DesktopLook { dark, reduced_motion }
}

#[test]
fn each_desktop_tells_in_its_own_words() {
    let of = |settings: &[(&str, &str, Value<'_>)]| look_of(&found(settings));
    let any = "org.freedesktop.appearance";
    let gnome = "org.gnome.desktop.interface";
    assert_eq!(of(&[]), look(None, None));
    assert_eq!(of(&[(any, "color-scheme", 0u32.into())]), look(None, None));
    assert_eq!(of(&[(any, "color-scheme", 1u32.into())]), look(Some(true), None));
    assert_eq!(of(&[(any, "color-scheme", 2u32.into())]), look(Some(false), None));
    assert_eq!(
        of(&[(any, "color-scheme", "dark".into())]),
        look(None, None),
        "not a number"
    );
    assert_eq!(
        of(&[(any, "reduced-motion", 1u32.into())]),
        look(None, Some(true))
    );
    assert_eq!(
        of(&[(gnome, "enable-animations", false.into())]),
        look(None, Some(true))
    );
    assert_eq!(
        of(&[(gnome, "enable-animations", true.into())]),
        look(None, Some(false))
    );
    let kde = "org.kde.kdeglobals.KDE";
    assert_eq!(
        of(&[(kde, "AnimationDurationFactor", "0".into())]),
        look(None, Some(true))
    );
    assert_eq!(
        of(&[(kde, "AnimationDurationFactor", "0.5".into())]),
        look(None, Some(false))
    );
}

#[test]
fn a_desktop_without_a_portal_tells_by_the_settings_of_gtk() {
    let text = "[Settings]\ngtk-theme-name = Adwaita-dark\ngtk-enable-animations=0\n";
    assert_eq!(gtk_look_of(text), look(Some(true), Some(true)));
    let text = "gtk-application-prefer-dark-theme=false\ngtk-theme-name=Adwaita";
    assert_eq!(gtk_look_of(text), look(Some(false), None));
    assert_eq!(gtk_look_of("no settings at all"), look(None, None));
}

/// A portal that comes, changes its mind, and goes; nobody starts it.
#[test]
fn the_window_follows_the_portal_while_it_is_open() {
    let Some(test_bus) = TestBus::start() else {
        return;
    };
    let told = RefCell::new(Vec::new());
    block_on(async {
        let ours = test_bus.connect().await;
        let mut portal = test_bus.program().await;
        let follow = async {
            let otherwise = look(None, Some(false));
            follow_portal(&ours, otherwise, |look| told.borrow_mut().push(look))
                .await
                .unwrap();
        };
        let act = async {
            until(|| told.borrow().len() == 1).await;
            let settings =
                |scheme: u32| found(&[("org.freedesktop.appearance", "color-scheme", scheme.into())]);
            portal
                .bus
                .request_name("org.freedesktop.portal.Desktop")
                .await
                .unwrap();
            portal.answer("ReadAll", &settings(2)).await;
            until(|| told.borrow().len() == 2).await;
            let changed = ("org.freedesktop.appearance", "color-scheme", Value::from(1u32));
            let path = "/org/freedesktop/portal/desktop";
            let interface = "org.freedesktop.portal.Settings";
            portal
                .bus
                .emit_signal(None::<&str>, path, interface, "SettingChanged", &changed)
                .await
                .unwrap();
            portal.answer("ReadAll", &settings(1)).await;
            until(|| told.borrow().len() == 3).await;
            portal
                .bus
                .release_name("org.freedesktop.portal.Desktop")
                .await
                .unwrap();
            until(|| told.borrow().len() == 4).await;
        };
        or(follow, act).await;
    });
    let moves = Some(false);
    let wanted = [
        look(None, moves),
        look(Some(false), moves),
        look(Some(true), moves),
        look(None, moves),
    ];
    assert_eq!(told.into_inner(), wanted);
}

async fn until(done: impl Fn() -> bool) {
    while !done() {
        futures_lite::future::yield_now().await;
    }
}
