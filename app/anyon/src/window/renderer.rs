//! Which renderer opens the window: the system's order, the next one after a failure, `ANYON_RENDERER` over all.

use super::{app::App, hosting::Hosting, placement};
use anyon_model::{Problem, ProblemCode};
use anyon_ui::ShellOptions;
use eframe::{NativeOptions, Renderer, egui};
use std::{path::Path, sync::Arc};

const VARIABLE: &str = "ANYON_RENDERER";
const SIZE: [f32; 2] = [1240.0, 740.0];
const LEAST: [f32; 2] = [720.0, 480.0];

/// Opens the window and returns when it is closed.
pub fn run(shell: &ShellOptions, hosting: &Hosting, data_folder: &Path) -> Result<(), Problem> {
    let order = order(std::env::var(VARIABLE).ok().as_deref())?;
    // One context for all tries: threads that wake the window hold it already.
    let context = egui::Context::default();
    hosting.outbox.window(&context);
    placement::zoom_as_kept(&context, &shell.kept);
    let mut causes = Vec::new();
    for renderer in order {
        let mut shell = shell.clone();
        shell.surroundings.renderer = renderer.to_string();
        let creator = Box::new(|cc: &eframe::CreationContext<'_>| {
            placement::remember(&cc.egui_ctx, cc.storage);
            if let Some(window) = cc.winit_window() {
                placement::bring_to_a_screen(window);
            }
            Ok(Box::new(App::new(shell, hosting, data_folder, &cc.egui_ctx)) as Box<dyn eframe::App>)
        });
        let options = native_options(renderer, data_folder);
        match eframe::run_native_ext("anyon", options, Some(context.clone()), creator) {
            Ok(()) => return Ok(()),
            // There is one event loop in a process, and another renderer would not reach the display either.
            Err(eframe::Error::WinitEventLoop(error)) => return Err(no_display(&error)),
            Err(error) => {
                tracing::warn!(%error, %renderer, "the window could not be opened");
                causes.push(format!("{renderer}: {error}"));
            }
        }
    }
    Err(Problem::new(ProblemCode::NotInstalled, "No window could be opened")
        .detail(causes.join("; "))
        .hint("on Debian or Ubuntu: sudo apt install libgl1 libegl1; everything also works in the terminal: anyon --help"))
}

fn no_display(error: &dyn std::error::Error) -> Problem {
    tracing::debug!(%error, "no event loop");
    Problem::new(ProblemCode::NotInstalled, "The display cannot be reached")
        .detail("DISPLAY or WAYLAND_DISPLAY names one that does not answer")
        .hint("everything also works in the terminal: anyon --help")
}

fn order(wanted: Option<&str>) -> Result<Vec<Renderer>, Problem> {
    match wanted {
        None | Some("") => Ok(system_order()),
        Some("glow") => Ok(vec![Renderer::Glow]),
        Some("wgpu") => Ok(vec![Renderer::Wgpu]),
        Some(other) => Err(Problem::new(
            ProblemCode::InvalidRequest,
            format!("“{other}” is not a renderer"),
        )
        .hint(format!("{VARIABLE} is glow or wgpu"))),
    }
}

fn system_order() -> Vec<Renderer> {
    if cfg!(target_os = "macos") {
        vec![Renderer::Wgpu]
    } else if cfg!(target_os = "windows") {
        vec![Renderer::Wgpu, Renderer::Glow]
    } else {
        // Without a graphics card glow is six times as fast.
        vec![Renderer::Glow, Renderer::Wgpu]
    }
}

fn native_options(renderer: Renderer, data_folder: &Path) -> NativeOptions {
    let viewport = egui::ViewportBuilder::default()
        .with_title("Anyon")
        .with_app_id("anyon")
        .with_icon(Arc::new(icon()))
        .with_inner_size(SIZE)
        .with_min_inner_size(LEAST);
    NativeOptions {
        viewport,
        renderer,
        persist_window: true,
        persistence_path: Some(data_folder.join("window.ron")),
        ..NativeOptions::default()
    }
}

/// The mark of Anyon, drawn: a rounded square with an A.
fn icon() -> egui::IconData {
    const SIDE: u32 = 64;
    let pixel = |at: u32| {
        let (x, y) = ((at % SIDE) as f32 + 0.5, (at / SIDE) as f32 + 0.5);
        let side = SIDE as f32;
        let inset = |v: f32| (v - side / 2.0).abs() - (side / 2.0 - 14.0);
        let corner = inset(x).max(0.0).hypot(inset(y).max(0.0));
        let inside = corner <= 13.0;
        let arm = (x - side / 2.0).abs() - (y - 14.0) * 0.42;
        let letter =
            (14.0..50.0).contains(&y) && (arm.abs() < 4.0 || ((34.0..40.0).contains(&y) && arm < 0.0));
        match (inside, letter) {
            (false, _) => [0, 0, 0, 0],
            (true, false) => [0x58, 0x62, 0xD8, 0xFF],
            (true, true) => [0xFF; 4],
        }
    };
    egui::IconData {
        rgba: (0..SIDE * SIDE).flat_map(pixel).collect(),
        width: SIDE,
        height: SIDE,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wanted_renderer_is_tried_alone_and_a_typing_error_is_told() {
        assert_eq!(order(Some("wgpu")).unwrap(), [Renderer::Wgpu]);
        assert!(order(None).unwrap().len() <= 2);
        assert!(order(Some("vulkan")).unwrap_err().hint.contains("glow or wgpu"));
    }

    #[test]
    fn the_icon_is_whole() {
        let icon = icon();
        assert_eq!(icon.rgba.len() as u32, icon.width * icon.height * 4);
    }
}
