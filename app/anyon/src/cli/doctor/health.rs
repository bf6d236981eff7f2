//! What Anyon itself needs: its data folder, its store, git, memory and disk space.

use crate::cli::{clock, out::Out};
use anyon_git::Git;
use anyon_model::{IdSource, Problem, ProblemCode, Settings};
use anyon_storage::Store;
use serde_json::{Value, json};
use std::{fs, path::Path};

/// Checks all of it; true when nothing is missing.
pub fn check(data_folder: &Path, out: &mut Out) -> bool {
    out.finding(
        "ok",
        "anyon",
        env!("CARGO_PKG_VERSION"),
        &json!({"version": env!("CARGO_PKG_VERSION")}),
    );
    let checks = [check_data(data_folder, out), check_git(out)];
    measure(data_folder, out);
    checks.iter().all(|is_fine| *is_fine)
}

/// A folder that is not there yet is not made: looking leaves no trace.
fn check_data(data_folder: &Path, out: &mut Out) -> bool {
    let facts = json!({"folder": data_folder});
    if !data_folder.exists() {
        out.finding(
            "ok",
            "data folder",
            &format!("{} (made at the first start)", data_folder.display()),
            &facts,
        );
        return true;
    }
    if let Err(problem) = check_writable(data_folder) {
        tell(out, "data folder", &problem);
        return false;
    }
    out.finding("ok", "data folder", &data_folder.display().to_string(), &facts);
    if !data_folder.join("anyon.redb").exists() {
        out.finding("ok", "store", "made at the first start", &Value::Null);
        return true;
    }
    check_store(data_folder, out)
}

fn check_writable(folder: &Path) -> Result<(), Problem> {
    let probe = folder.join(format!(".doctor-{}", std::process::id()));
    fs::write(&probe, b"")
        .and_then(|()| fs::remove_file(&probe))
        .map_err(|error| {
            Problem::new(
                ProblemCode::StoreUnwritable,
                format!("{} cannot be written", folder.display()),
            )
            .detail(error.to_string())
            .hint("choose another folder with --data-dir, or make this one writable")
        })
}

fn check_store(data_folder: &Path, out: &mut Out) -> bool {
    let now = clock::now();
    let opened = Store::open(data_folder, now, IdSource::new(now, 0).make());
    match opened.map_err(Problem::from) {
        Ok(opened) => {
            for notice in &opened.notices {
                out.finding("note", "store", &notice.to_string(), &json!(notice));
            }
            let rows = opened.entities.len();
            out.finding(
                "ok",
                "store",
                &format!("opens, {rows} rows"),
                &json!({"rows": rows}),
            );
            true
        }
        // Somebody works with it: that is what it is for.
        Err(problem) if problem.code == ProblemCode::StoreLocked => {
            out.finding("note", "store", &problem.to_string(), &json!(problem));
            true
        }
        Err(problem) => {
            tell(out, "store", &problem);
            false
        }
    }
}

fn check_git(out: &mut Out) -> bool {
    let private = std::env::temp_dir().join(format!("anyon-doctor-{}", std::process::id()));
    let found = Git::find(&private).and_then(|git| git.version());
    // What git was looked up with; the folder holds nothing of value.
    let _ = fs::remove_dir_all(&private);
    match found.map_err(Problem::from) {
        Ok(version) => {
            out.finding("ok", "git", &version, &json!({"version": version}));
            true
        }
        Err(problem) => {
            tell(out, "git", &problem);
            false
        }
    }
}

/// Too little is a note: it only delays starts.
fn measure(data_folder: &Path, out: &mut Out) {
    let settings = Settings::default();
    if let Some(free) = free_memory_mib() {
        let level = if free < settings.memory_floor_mib {
            "note"
        } else {
            "ok"
        };
        out.finding(
            level,
            "memory",
            &format!("{free} MiB free"),
            &json!({"free_mib": free}),
        );
    }
    let place = data_folder
        .ancestors()
        .find(|folder| folder.exists())
        .unwrap_or(data_folder);
    if let Some(free) = free_disk_mib(place) {
        let level = if free < settings.disk_floor_mib {
            "note"
        } else {
            "ok"
        };
        out.finding(
            level,
            "disk",
            &format!("{free} MiB free"),
            &json!({"free_mib": free}),
        );
    }
}

#[cfg(target_os = "linux")]
fn free_memory_mib() -> Option<u64> {
    let text = fs::read_to_string("/proc/meminfo").ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("MemAvailable:"))?;
    line.trim()
        .trim_end_matches("kB")
        .trim()
        .parse::<u64>()
        .ok()
        .map(|kib| kib / 1024)
}
#[cfg(not(target_os = "linux"))]
fn free_memory_mib() -> Option<u64> {
    None
}

#[cfg(unix)]
fn free_disk_mib(folder: &Path) -> Option<u64> {
    let disk = rustix::fs::statvfs(folder).ok()?;
    Some(disk.f_bavail.saturating_mul(disk.f_frsize) >> 20)
}
#[cfg(not(unix))]
fn free_disk_mib(_: &Path) -> Option<u64> {
    None
}

fn tell(out: &mut Out, what: &str, problem: &Problem) {
    let text = [&problem.title, &problem.detail, &problem.hint];
    let text: Vec<&str> = text
        .into_iter()
        .map(String::as_str)
        .filter(|part| !part.is_empty())
        .collect();
    out.finding("problem", what, &text.join("\n"), &json!(problem));
}
