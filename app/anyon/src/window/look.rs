//! What the desktop wants every program to look like: dark or light, with or without motion. Followed while the
//! window is open, on a thread of its own; no program is started for it.

use super::messages::Outbox;

/// Tells the window now and whenever it changes. Other systems' themes come through the window toolkit.
#[cfg(not(target_os = "linux"))]
pub fn follow(_outbox: Outbox) {}

/// Tells the window now and whenever it changes.
#[cfg(target_os = "linux")]
pub fn follow(outbox: Outbox) {
    let work = move || futures_lite::future::block_on(linux::follow(&outbox));
    if let Err(error) = std::thread::Builder::new()
        .name("desktop's look".into())
        .spawn(work)
    {
        tracing::debug!(%error, "no thread for the desktop's look");
    }
}

#[cfg(target_os = "linux")]
mod linux {
    use super::super::{
        bus::{self, Peer},
        messages::{Message, Outbox},
    };
    use anyon_ui::DesktopLook;
    use futures_lite::future::or;
    use std::{collections::HashMap, path::PathBuf};
    use zbus::{Connection, zvariant::OwnedValue};

    /// The desktop's portal, which every larger desktop has.
    const PORTAL: Peer = Peer {
        name: "org.freedesktop.portal.Desktop",
        path: "/org/freedesktop/portal/desktop",
        interface: "org.freedesktop.portal.Settings",
    };
    const ANY: &str = "org.freedesktop.appearance";
    const GNOME: &str = "org.gnome.desktop.interface";
    const KDE: &str = "org.kde.kdeglobals.KDE";

    /// Settings by group and name.
    pub type Found = HashMap<String, HashMap<String, OwnedValue>>;

    pub async fn follow(outbox: &Outbox) {
        let gtk = gtk_look();
        match bus::session().await {
            Ok(bus) => {
                if let Err(error) = follow_portal(&bus, gtk, |look| outbox.send(Message::Desktop(look))).await
                {
                    tracing::debug!(%error, "the desktop's look is not followed");
                }
            }
            Err(error) => {
                tracing::debug!(%error, "no session bus");
                outbox.send(Message::Desktop(gtk));
            }
        }
    }

    /// Returns when the bus is gone. `otherwise`: what holds for what the portal does not tell.
    pub async fn follow_portal(
        bus: &Connection,
        otherwise: DesktopLook,
        mut tell: impl FnMut(DesktopLook),
    ) -> zbus::Result<()> {
        let mut changes = PORTAL.signals(bus).await?;
        let mut owners = PORTAL.comings_and_goings(bus).await?;
        let mut told = None;
        loop {
            let look = look_of(&read(bus).await).or(otherwise);
            if told != Some(look) {
                told = Some(look);
                tell(look);
            }
            if or(bus::next(&mut changes), bus::next(&mut owners))
                .await
                .is_none()
            {
                return Ok(());
            }
        }
    }

    /// Nothing if the portal does not run: a look is no reason to start a program.
    async fn read(bus: &Connection) -> Found {
        if !PORTAL.runs(bus).await {
            return Found::default();
        }
        let answer = PORTAL.call(bus, "ReadAll", &(&[ANY, GNOME, KDE][..],)).await;
        let found = answer.and_then(|answer| answer.body().deserialize());
        found.unwrap_or_else(|error| {
            tracing::debug!(%error, "the portal does not tell its settings");
            Found::default()
        })
    }

    /// What the portal's settings mean.
    pub fn look_of(found: &Found) -> DesktopLook {
        let value = |group: &str, name: &str| found.get(group).and_then(|group| group.get(name));
        let number = |group, name| value(group, name).and_then(|value| u32::try_from(value).ok());
        let truth = |group, name| value(group, name).and_then(|value| bool::try_from(value).ok());
        let words = |group, name| value(group, name).and_then(|value| <&str>::try_from(value).ok());
        DesktopLook {
            // 0 is no preference: a desktop that does not care.
            dark: match number(ANY, "color-scheme") {
                Some(1) => Some(true),
                Some(2) => Some(false),
                _ => None,
            },
            reduced_motion: number(ANY, "reduced-motion")
                .map(|asks| asks == 1)
                .filter(|asks| *asks)
                .or(truth(GNOME, "enable-animations").map(|moves| !moves))
                .or(words(KDE, "AnimationDurationFactor")
                    .and_then(|factor| factor.parse::<f32>().ok())
                    .map(|factor| factor == 0.0)),
        }
    }

    /// What GTK's own settings say, for desktops without a portal.
    fn gtk_look() -> DesktopLook {
        let home = || std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".config"));
        let Some(folder) = std::env::var_os("XDG_CONFIG_HOME")
            .map(PathBuf::from)
            .or_else(home)
        else {
            return DesktopLook::default();
        };
        let text = |version| std::fs::read_to_string(folder.join(version).join("settings.ini"));
        let of = |version| text(version).map(|text| gtk_look_of(&text)).unwrap_or_default();
        of("gtk-4.0").or(of("gtk-3.0"))
    }

    /// What a `settings.ini` of GTK says.
    pub fn gtk_look_of(text: &str) -> DesktopLook {
        let value = |name: &str| {
            let lines = text.lines().filter_map(|line| line.split_once('='));
            let mut found = lines.filter(|(key, _)| key.trim() == name);
            found.next().map(|(_, value)| value.trim().to_ascii_lowercase())
        };
        let truth = |name| value(name).map(|value| value == "1" || value == "true" || value == "yes");
        let dark_theme = value("gtk-theme-name").filter(|theme| theme.ends_with("-dark"));
        DesktopLook {
            dark: truth("gtk-application-prefer-dark-theme").or(dark_theme.map(|_| true)),
            reduced_motion: truth("gtk-enable-animations").map(|moves| !moves),
        }
    }
}

#[cfg(test)]
#[cfg(target_os = "linux")]
mod tests;
