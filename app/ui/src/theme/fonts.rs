//! The fonts, embedded, so that Hangul and icons show on every machine. What they lack the system's fonts give.

use egui::{Color32, Context, FontData, FontDefinitions, FontFamily, FontId, Galley, Id};
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

/// Which glyphs texts are made of now. Another number means that whoever keeps laid out text has to lay it out again:
/// egui throws its glyphs away on another theme, another scale, and when there are too many of them.
pub fn glyphs(ctx: &Context) -> u64 {
    let slot = Id::unique("glyphs");
    let known: Option<Glyphs> = ctx.data(|data| data.get_temp(slot));
    // egui keeps a text that is asked for in each frame, so it is the same one for as long as its glyphs are.
    let font = FontId::new(PROBE_SIZE, FontFamily::Proportional);
    let probe = ctx.fonts_mut(|fonts| fonts.layout_no_wrap("a".into(), font, Color32::PLACEHOLDER));
    let number = known.map_or(0, |known| {
        known.number + u64::from(!Arc::ptr_eq(&known.probe, &probe))
    });
    ctx.data_mut(|data| data.insert_temp(slot, Glyphs { number, probe }));
    number
}

const PROBE_SIZE: f32 = 13.0;

#[derive(Clone)]
struct Glyphs {
    number: u64,
    probe: Arc<Galley>,
}
