//! Every screen in every look: nothing is cut, nothing lies on something else, everything can be read.

#[path = "support/host.rs"]
mod host;
#[path = "support/judge.rs"]
mod judge;
#[path = "support/screens.rs"]
mod screens;
mod support;
#[path = "support/talk.rs"]
mod talk;

use support::Look;

#[test]
fn every_screen_can_be_read_in_every_look() {
    // To look at some: ANYON_SCREENS=landing,changes ANYON_LOOKS=dark-ko-1024
    let wanted = |variable: &str, name: &str| {
        let only = std::env::var(variable).unwrap_or_default();
        only.split(',').any(|part| name.contains(part))
    };
    let mut faults = Vec::new();
    for (name, screen) in screens::all() {
        for look in Look::all() {
            if !wanted("ANYON_SCREENS", name) || !wanted("ANYON_LOOKS", &look.name()) {
                continue;
            }
            let mut window = screen(look);
            let name = format!("{name}-{}", look.name());
            window.picture(&name);
            faults.extend(
                judge::faults(&window)
                    .into_iter()
                    .map(|fault| format!("{name}: {fault}")),
            );
        }
    }
    assert!(
        faults.is_empty(),
        "{} faults:\n{}",
        faults.len(),
        faults.join("\n")
    );
}
