//! The fonts, embedded, so that Hangul and icons show on every machine. What they lack the system's fonts give.

use egui::{FontData, FontDefinitions, FontFamily};
use std::{collections::BTreeMap, sync::Arc};

/// Family of the heavier weight.
pub const BOLD: &str = "bold";
/// Family of the icons.
pub const ICONS: &str = "icons";
/// Order in which a family looks for a glyph that its own font lacks.
pub const MISSING_FONTS_FALLBACK: [&str; 2] = ["emoji", "icons"];

const FILES: [(&str, &[u8]); 5] = [
    (
        "regular",
        include_bytes!("../../../../assets/fonts/AnyonSans-Regular.otf"),
    ),
    (
        "bold",
        include_bytes!("../../../../assets/fonts/AnyonSans-SemiBold.otf"),
    ),
    (
        "mono",
        include_bytes!("../../../../assets/fonts/JetBrainsMonoNL-Regular.ttf"),
    ),
    (
        "emoji",
        include_bytes!("../../../../assets/fonts/Twemoji-COLR.ttf"),
    ),
    (
        "icons",
        include_bytes!("../../../../assets/fonts/lucide-subset.ttf"),
    ),
];

/// The families and their fonts.
pub fn definitions() -> FontDefinitions {
    let font_data = FILES
        .iter()
        .map(|(name, bytes)| ((*name).to_owned(), Arc::new(FontData::from_static(bytes))))
        .collect();
    let family = |first: &[&str]| -> Vec<String> {
        let all = first.iter().chain(&MISSING_FONTS_FALLBACK);
        all.map(|name| (*name).to_owned()).collect()
    };
    FontDefinitions {
        font_data,
        families: BTreeMap::from([
            (FontFamily::Proportional, family(&["regular"])),
            (FontFamily::Name(BOLD.into()), family(&["bold", "regular"])),
            (FontFamily::Monospace, family(&["mono", "regular"])),
            (FontFamily::Name(ICONS.into()), vec!["icons".into()]),
        ]),
    }
}
