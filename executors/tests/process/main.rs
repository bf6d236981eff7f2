//! Real processes under real supervisors: this executable is both, as the app's is. Started with `--supervise` it is a
//! supervisor, with `--app` an app to be killed, otherwise it runs the tests.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "tests, though without the harness that clippy knows them by"
)]

#[cfg(target_os = "linux")]
mod ending;
#[cfg(target_os = "linux")]
mod starting;
#[cfg(target_os = "linux")]
mod surviving;
#[cfg(target_os = "linux")]
mod world;

#[cfg(not(target_os = "linux"))]
fn main() {}

#[cfg(target_os = "linux")]
fn main() -> std::process::ExitCode {
    let mut args = std::env::args_os();
    let _ = args.next();
    let first = args.next().unwrap_or_default();
    match first.to_str() {
        Some("--supervise") => {
            let code = anyon_executors::process::supervise(args);
            u8::try_from(code).unwrap_or(1).into()
        }
        Some("--app") => surviving::be_an_app(args),
        Some("--sweep") => surviving::be_a_sweep(args),
        filter => run_all(
            filter
                .filter(|filter| !filter.starts_with('-'))
                .unwrap_or_default(),
        ),
    }
}

/// Runs the tests whose names contain `filter`, one after the other: several of them measure.
#[cfg(target_os = "linux")]
fn run_all(filter: &str) -> std::process::ExitCode {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap();
    let mut failed = 0;
    for story in [starting::stories(), ending::stories(), surviving::stories()].concat() {
        if !story.name.contains(filter) {
            continue;
        }
        let result = runtime.block_on(async { tokio::spawn((story.run)()).await });
        println!(
            "process::{} … {}",
            story.name,
            if result.is_ok() { "ok" } else { "FAILED" }
        );
        failed += u8::from(result.is_err());
    }
    world::clean_up();
    runtime.shutdown_background();
    failed.into()
}
