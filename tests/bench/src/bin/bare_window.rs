//! A window of the toolkit with one word in it: what the product's first frame is compared with.

use eframe::{NativeOptions, Renderer, egui};

fn main() -> eframe::Result {
    let options = NativeOptions {
        viewport: egui::ViewportBuilder::default().with_inner_size([1280.0, 820.0]),
        renderer: Renderer::Glow,
        ..NativeOptions::default()
    };
    eframe::run_ui_native("bare", options, |ui, _frame| {
        egui::CentralPanel::default().show(ui, |ui| ui.label("Bare"));
    })
}
