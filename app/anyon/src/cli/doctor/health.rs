//! What Anyon itself needs: its data folder, its store, git, memory and disk space.

use crate::cli::{clock, out::Out};
use anyon_git::Git;
use anyon_model::{Entity, IdSource, Problem, ProblemCode, Settings};
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
    let mut settings = Settings::default();
    let checks = [
        check_data(data_folder, &mut settings, out),
        check_git(out),
        check_room(data_folder, &settings, out),
    ];
    checks.iter().all(|is_fine| *is_fine)
}

/// A folder that is not there yet is not made: looking leaves no trace.
fn check_data(data_folder: &Path, settings: &mut Settings, out: &mut Out) -> bool {
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
    check_store(data_folder, settings, out)
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

/// Leaves the person's settings in `settings` where the store can be read.
fn check_store(data_folder: &Path, settings: &mut Settings, out: &mut Out) -> bool {
    let now = clock::now();
    let opened = Store::open(data_folder, now, IdSource::new(now, 0).make());
    match opened.map_err(Problem::from) {
        Ok(opened) => {
            for notice in &opened.notices {
                out.finding("note", "store", &notice.to_string(), &json!(notice));
            }
            for entity in &opened.entities {
                if let Entity::Settings(stored) = entity {
                    *settings = Settings::clone(stored);
                }
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

/// Below its floors Anyon starts no agent, so too little is a problem of its own health.
fn check_room(data_folder: &Path, settings: &Settings, out: &mut Out) -> bool {
    let place = data_folder
        .ancestors()
        .find(|folder| folder.exists())
        .unwrap_or(data_folder);
    let memory = Room {
        what: "memory",
        free_mib: free_memory_mib(),
        floor_mib: settings.memory_floor_mib,
        way_out: "end other programs",
    };
    let disk = Room {
        what: "disk",
        free_mib: free_disk_mib(place),
        floor_mib: settings.disk_floor_mib,
        way_out: "make room there, or name a folder on another disk with --data-dir",
    };
    let checks = [memory.check(out), disk.check(out)];
    checks.iter().all(|is_enough| *is_enough)
}

/// What a start needs of something.
struct Room {
    what: &'static str,
    /// `None`: it cannot be measured, which stops nobody.
    free_mib: Option<u64>,
    floor_mib: u64,
    way_out: &'static str,
}

impl Room {
    fn check(&self, out: &mut Out) -> bool {
        let Some(free) = self.free_mib else { return true };
        let is_enough = free >= self.floor_mib;
        let facts = json!({"free_mib": free, "floor_mib": self.floor_mib});
        if is_enough {
            out.finding("ok", self.what, &format!("{free} MiB free"), &facts);
        } else {
            let text = format!(
                "{free} MiB free, {} have to be: no agent is started\n{}",
                self.floor_mib, self.way_out
            );
            out.finding("problem", self.what, &text, &facts);
        }
        is_enough
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
