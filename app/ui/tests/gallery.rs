//! Every screen in every look: nothing is cut, nothing lies on something else, everything can be read.
//!
//! To look at some: `ANYON_SHOTS=/tmp/shots ANYON_SCREENS=landing,changes ANYON_LOOKS=dark-ko-1024`.

#[path = "support/host.rs"]
mod host;
#[path = "support/judge.rs"]
mod judge;
#[path = "support/screens.rs"]
mod screens;
mod support;
#[path = "support/talk.rs"]
mod talk;

use screens::Screen;
use support::Look;

/// Each theme, and each language in each size: colours do not depend on the words, nor the layout on the colours.
const LOOKS: [&str; 4] = ["dark-en-1024", "light-ko-1024", "light-en-1440", "dark-ko-1440"];

fn judge(screens: Vec<Screen>) {
    #[expect(clippy::disallowed_methods, reason = "a person chooses what to look at")]
    let wanted = |variable: &str, name: &str| {
        let only = std::env::var(variable).ok()?;
        Some(only.split(',').any(|part| name.contains(part)))
    };
    let mut faults = Vec::new();
    for (name, screen) in screens {
        for look in Look::all() {
            let seen = wanted("ANYON_LOOKS", &look.name()).unwrap_or(LOOKS.contains(&look.name().as_str()));
            if !seen || wanted("ANYON_SCREENS", name) == Some(false) {
                continue;
            }
            let mut window = screen(look);
            let name = format!("{name}-{}", look.name());
            window.picture(&name);
            let found = judge::faults(&window);
            faults.extend(found.into_iter().map(|fault| format!("{name}: {fault}")));
        }
    }
    assert!(
        faults.is_empty(),
        "{} faults:\n{}",
        faults.len(),
        faults.join("\n")
    );
}

#[test]
fn the_board_can_be_read() {
    judge(screens::board());
}

#[test]
fn tasks_can_be_read() {
    judge(screens::tasks());
}

#[test]
fn questions_can_be_read() {
    judge(screens::asking());
}

#[test]
fn changes_can_be_read() {
    judge(screens::changes());
}

#[test]
fn landing_can_be_read() {
    judge(screens::landing());
}

#[test]
fn pages_can_be_read() {
    judge(screens::pages());
}

#[test]
fn dialogs_can_be_read() {
    judge(screens::dialogs());
}

#[test]
fn the_window_itself_can_be_read() {
    judge(screens::shell());
}
