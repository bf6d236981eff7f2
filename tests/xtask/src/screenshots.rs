//! `cargo xtask screenshots`: the README's pictures, painted by the tests of the window without a display, and packed
//! as small as they get without losing anything.

use anyhow::{Context, ensure};
use std::{
    fs::{self, File},
    io::{BufReader, BufWriter},
    path::{Path, PathBuf},
    process::{Command, ExitCode},
};

/// Paints the README's pictures.
#[derive(clap::Args)]
pub struct Arguments {
    /// Where they go
    #[arg(long, default_value = "docs/pictures")]
    folder: PathBuf,
}

/// All of them together must not weigh more.
const MOST_BYTES: u64 = 1_500_000;

/// Paints and packs them.
#[expect(clippy::print_stdout, reason = "a chore tells how it went")]
pub fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let painted = tempfile::tempdir()?;
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let status = Command::new(cargo)
        // The selection of the checks: nothing that they built is built again.
        .args([
            "test",
            "--quiet",
            "--workspace",
            "--bin",
            "anyon",
            "--test",
            "pictures",
        ])
        .env("ANYON_PICTURES", painted.path())
        .status()?;
    ensure!(status.success(), "the pictures could not be painted");
    fs::create_dir_all(&arguments.folder)?;
    let mut sum = 0;
    for entry in fs::read_dir(painted.path())? {
        let from = entry?.path();
        let name = from.file_name().context("a file without a name")?;
        let to = arguments.folder.join(name);
        pack(&from, &to).with_context(|| to.display().to_string())?;
        let bytes = fs::metadata(&to)?.len();
        println!("{:>7} bytes  {}", bytes, to.display());
        sum += bytes;
    }
    println!("{sum:>7} bytes  in all");
    ensure!(
        sum > 0 && sum <= MOST_BYTES,
        "{sum} bytes, and {MOST_BYTES} are the most"
    );
    Ok(ExitCode::SUCCESS)
}

/// The test's frame around the window.
const MARGIN: usize = 8;

/// Writes a picture again: the window alone, without transparency, and with every effort.
fn pack(from: &Path, to: &Path) -> anyhow::Result<()> {
    let mut reader = png::Decoder::new(BufReader::new(File::open(from)?)).read_info()?;
    let mut pixels = vec![0; reader.output_buffer_size().context("too large")?];
    let frame = reader.next_frame(&mut pixels)?;
    ensure!(
        frame.width as usize > 2 * MARGIN && frame.height as usize > 2 * MARGIN,
        "a picture without a window"
    );
    ensure!(
        frame.color_type == png::ColorType::Rgba && frame.bit_depth == png::BitDepth::Eight,
        "a picture of another kind"
    );
    let (width, height) = (frame.width as usize, frame.height as usize);
    let inside = (width - 2 * MARGIN, height - 2 * MARGIN);
    let row = |y: usize| &pixels[(y * width + MARGIN) * 4..][..inside.0 * 4];
    let opaque: Vec<u8> = (MARGIN..MARGIN + inside.1)
        .flat_map(|y| row(y).chunks_exact(4))
        .flat_map(|rgba| [rgba[0], rgba[1], rgba[2]])
        .collect();
    let (width, height) = (u32::try_from(inside.0)?, u32::try_from(inside.1)?);
    let mut encoder = png::Encoder::new(BufWriter::new(File::create(to)?), width, height);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_compression(png::Compression::High);
    encoder.set_filter(png::Filter::Adaptive);
    encoder.write_header()?.write_image_data(&opaque)?;
    Ok(())
}
