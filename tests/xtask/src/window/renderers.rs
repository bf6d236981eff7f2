//! The window opens without OpenGL, by the second renderer; and where neither works, it says what to install.

use super::{
    desk::Desk,
    display::Server,
    product::{self, LIMIT_S, Product},
    tree::Role,
    wait::until,
};
use anyhow::ensure;
use std::{path::Path, process::Command};

const SIZE: (u32, u32) = (1280, 820);
const NO_OPENGL: &[(&str, &str)] = &[("__EGL_VENDOR_LIBRARY_FILENAMES", "/dev/null")];
const NO_VULKAN: &[(&str, &str)] = &[
    ("VK_ICD_FILENAMES", "/dev/null"),
    ("VK_DRIVER_FILES", "/dev/null"),
];

/// Tells it.
pub fn tell(program: &Path, shots: &Path) -> anyhow::Result<()> {
    let desk = Desk::new("renderers", shots, Server::WithoutGlx)?;
    second_renderer(&desk, program)?;
    no_renderer(&desk, program)
}

fn without(command: &mut Command, what: &[(&str, &str)]) {
    command.envs(what.iter().copied());
}

fn second_renderer(desk: &Desk, program: &Path) -> anyhow::Result<()> {
    let mut command = product::command(desk, program)?;
    without(&mut command, NO_OPENGL);
    let product = Product::attach(desk, command.spawn()?, SIZE)?;
    product.sees("Welcome to Anyon")?;
    let said = product::said(desk);
    ensure!(
        said.contains("renderer=glow"),
        "glow was expected to fail: {said}"
    );
    product.press(Role::Button, "Skip for now")?;
    desk.picture("1-second")?;
    product.quit()
}

fn no_renderer(desk: &Desk, program: &Path) -> anyhow::Result<()> {
    let mut command = product::command(desk, program)?;
    without(&mut command, NO_OPENGL);
    without(&mut command, NO_VULKAN);
    let mut child = command.spawn()?;
    let status = until("its end", LIMIT_S, || Ok(child.try_wait()?));
    let _ = child.kill();
    let status = status?;
    let said = product::said(desk);
    ensure!(status.code() == Some(3), "it ended with {status}: {said}");
    for words in ["No window could be opened", "libgl1", "libegl1"] {
        ensure!(said.contains(words), "no word of {words}: {said}");
    }
    Ok(())
}
