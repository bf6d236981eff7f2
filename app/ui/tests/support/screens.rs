//! Every screen, panel and dialog there is, each in a world that fills it, and one that overflows it.

#![allow(dead_code, reason = "each test file uses its part")]

use super::{
    host::{self, Host},
    support::*,
};
use anyon_model::*;
use anyon_testkit::{asks_choice, asks_command, asks_edit, asks_plan};
use anyon_ui::{FoundEditor, Place, SettingsPage, Tab, Toast};
use egui::{Key, Modifiers};
use egui_kittest::kittest::Queryable;
use std::sync::Arc;

/// A screen by name, and the way to it.
pub type Screen = (&'static str, fn(Look) -> Window);

fn open(look: Look, state: State, place: Place, host: Host) -> Window {
    let mut window = Window::looking(Place::Keys, state, look);
    window.client.reply(move |query| host::answer(&host, query));
    window.harness.state_mut().shell.go(place);
    settle(&mut window);
    window
}

/// Frames until answers have led to further questions, and these to answers.
fn settle(window: &mut Window) {
    for _ in 0..4 {
        window.run();
    }
}

/// A text of the catalogue, in the window's language.
fn say(window: &Window, key: &str) -> String {
    window.harness.state().shell.text().get(key).to_owned()
}

/// Presses what is called so.
fn press(mut window: Window, key: &str) -> Window {
    let label = say(&window, key);
    let mut found: Vec<_> = window.harness.get_all_by_label(&label).collect();
    found.remove(0).click();
    settle(&mut window);
    window
}

fn press_containing(mut window: Window, part: &str) -> Window {
    let mut found: Vec<_> = window.harness.get_all_by_label_contains(part).collect();
    found.remove(0).click();
    settle(&mut window);
    window
}

/// Turns the wheel over the page to its end.
fn to_the_end(mut window: Window) -> Window {
    let middle = window.harness.ctx.content_rect().center();
    window.harness.hover_at(middle);
    window.run();
    window.harness.event(egui::Event::MouseWheel {
        unit: egui::MouseWheelUnit::Point,
        delta: egui::vec2(0.0, -20_000.0),
        phase: egui::TouchPhase::Move,
        source: egui::MouseWheelSource::Unknown,
        modifiers: Modifiers::NONE,
    });
    settle(&mut window);
    window
}

fn key(mut window: Window, key: Key) -> Window {
    window.harness.key_press(key);
    settle(&mut window);
    window
}

fn keys(mut window: Window, modifiers: Modifiers, key: Key) -> Window {
    window.harness.key_press_modifiers(modifiers, key);
    settle(&mut window);
    window
}

fn write(mut window: Window, text: &str) -> Window {
    window.harness.event(egui::Event::Text(text.into()));
    settle(&mut window);
    window
}

fn all_projects() -> Place {
    Place::Board { project: None }
}

fn of_task(task: u8, tab: Tab) -> Place {
    Place::Task {
        task_id: fixed(task),
        attempt_id: None,
        tab,
    }
}

fn day(look: Look, place: Place) -> Window {
    open(look, host::day().state(), place, Host::default())
}

fn full(look: Look, place: Place) -> Window {
    open(look, host::full().state(), place, Host::full())
}

/// A day on which another program did something.
fn others(look: Look, place: Place) -> Window {
    let mut state = host::day().state();
    landed_by_others(&mut state);
    open(look, state, place, Host::default())
}

fn asked(look: Look, place: Place) -> Window {
    let mut state = host::day().state();
    state.apply(&[asked_by_editor()]);
    open(look, state, place, Host::default())
}

/// The board.
pub fn board() -> Vec<Screen> {
    vec![
        ("board-none", |look| {
            open(look, State::default(), all_projects(), Host::default())
        }),
        ("board-empty", |look| {
            open(look, empty_world().state(), all_projects(), Host::default())
        }),
        ("board", |look| day(look, all_projects())),
        ("board-full", |look| full(look, all_projects())),
        ("board-new-task", |look| {
            write(key(day(look, all_projects()), Key::C), "새 작업 in one line")
        }),
        ("board-filter", |look| {
            write(key(day(look, all_projects()), Key::Slash), "fix")
        }),
        ("board-filter-nothing", |look| {
            write(key(day(look, all_projects()), Key::Slash), "zzz")
        }),
        ("board-peek", |look| {
            key(key(day(look, all_projects()), Key::ArrowRight), Key::Space)
        }),
        ("board-peek-full", |look| {
            key(key(full(look, all_projects()), Key::ArrowRight), Key::Space)
        }),
        ("board-menu", |look| {
            let mut window = day(look, all_projects());
            window.harness.get_by_label_contains("ANY-1 ").click_secondary();
            settle(&mut window);
            window
        }),
        ("board-menu-review", |look| {
            let mut window = day(look, all_projects());
            window.harness.get_by_label_contains("ANY-5 ").click_secondary();
            settle(&mut window);
            window
        }),
        ("board-menu-move", |look| {
            let mut window = day(look, all_projects());
            window.harness.get_by_label_contains("ANY-1 ").click_secondary();
            settle(&mut window);
            press(window, "board-move")
        }),
        ("board-peek-review", |look| {
            let mut window = day(look, all_projects());
            window.harness.get_by_label_contains("ANY-5 ").click_secondary();
            settle(&mut window);
            press(window, "board-peek")
        }),
        ("board-rename", |look| {
            key(key(day(look, all_projects()), Key::ArrowRight), Key::F2)
        }),
        ("board-edit", |look| {
            key(key(day(look, all_projects()), Key::ArrowRight), Key::E)
        }),
        ("board-edit-full", |look| {
            key(key(full(look, all_projects()), Key::ArrowRight), Key::E)
        }),
        ("board-deleted", |look| {
            key(key(day(look, all_projects()), Key::ArrowRight), Key::Delete)
        }),
    ]
}

/// A task with its conversation, composer and log.
pub fn tasks() -> Vec<Screen> {
    vec![
        ("task-none", |look| day(look, of_task(1, Tab::Auto))),
        ("task-gone", |look| day(look, of_task(200, Tab::Auto))),
        ("task-running", |look| day(look, of_task(3, Tab::Auto))),
        ("task-review", |look| day(look, of_task(5, Tab::Auto))),
        ("task-conversation", |look| {
            day(look, of_task(5, Tab::Conversation))
        }),
        ("task-failed", |look| day(look, of_task(6, Tab::Auto))),
        ("task-landed", |look| day(look, of_task(7, Tab::Conversation))),
        ("task-dropped", |look| day(look, of_task(8, Tab::Conversation))),
        ("task-worktree", |look| day(look, of_task(9, Tab::Auto))),
        ("task-queued", |look| day(look, of_task(10, Tab::Auto))),
        ("task-log", |look| day(look, of_task(3, Tab::Log))),
        ("task-silent", |look| {
            let host = Host {
                silent: true,
                ..Host::default()
            };
            open(look, host::day().state(), of_task(3, Tab::Conversation), host)
        }),
        ("task-loading", |look| {
            let host = Host {
                mute: true,
                ..Host::default()
            };
            open(look, host::day().state(), of_task(5, Tab::Auto), host)
        }),
        ("task-edit", |look| {
            press(day(look, of_task(3, Tab::Conversation)), "task-edit")
        }),
        ("task-menu", |look| {
            press(day(look, of_task(3, Tab::Conversation)), "task-more")
        }),
        ("task-mode", |look| {
            press(day(look, of_task(3, Tab::Conversation)), "composer-mode-edits")
        }),
        ("task-drafts", |look| {
            let mut state = host::day().state();
            state.apply(&[host::draft(82, "그다음 npm test를 실행하고 결과를 알려 주세요").into()]);
            state.apply(&[host::draft(81, &host::LONG.repeat(2)).into()]);
            open(look, state, of_task(3, Tab::Conversation), Host::default())
        }),
        ("task-others", |look| others(look, of_task(7, Tab::Conversation))),
        ("task-history", |look| {
            let window = others(look, of_task(7, Tab::Conversation));
            press(press(window, "task-more"), "actor-history")
        }),
        ("board-peek-others", |look| {
            key(key(others(look, all_projects()), Key::ArrowRight), Key::Space)
        }),
        ("task-full", |look| full(look, of_task(2, Tab::Conversation))),
        ("task-full-log", |look| full(look, of_task(2, Tab::Log))),
    ]
}

/// Questions of agents, there and in Needs you.
pub fn asking() -> Vec<Screen> {
    vec![
        ("asks-command", |look| day(look, of_task(4, Tab::Conversation))),
        ("asks-always", |look| {
            press(day(look, of_task(4, Tab::Conversation)), "approvals-always")
        }),
        ("asks-deny", |look| {
            press(day(look, of_task(4, Tab::Conversation)), "approvals-deny-because")
        }),
        ("asks-edit", |look| {
            let request = ApprovalRequest {
                entry: Some(EntryIndex(6)),
                ..asks_edit("q", "src/rebase.rs")
            };
            asks(look, request)
        }),
        ("asks-plan", |look| asks(look, asks_plan("q", "# Plan"))),
        ("asks-choice", |look| {
            asks(
                look,
                asks_choice("q", "어느 브랜치에서 시작할까요?", &["main", "release/2", "개발"]),
            )
        }),
        ("asks-full-command", |look| {
            asks(
                look,
                asks_command(
                    "q",
                    &format!("{}\n{}", host::LONG.repeat(3), "echo done\n".repeat(30)),
                ),
            )
        }),
        ("asks-full-choice", |look| {
            let long = host::LONG;
            asks(
                look,
                asks_choice("q", &long.repeat(2), &[long, "short", &long.repeat(2)]),
            )
        }),
        ("asks-many", |look| {
            let mut state = host::day().state();
            for number in 0..5 {
                let again = approval(90 + number, 32, 42, &format!("npm run step-{number}"));
                state.apply(&[Change::Put(Entity::Approval(Arc::new(again)))]);
            }
            open(look, state, of_task(4, Tab::Conversation), Host::default())
        }),
        ("asked", |look| asked(look, all_projects())),
        ("needs-you-asked", |look| asked(look, Place::NeedsYou)),
        ("needs-you-empty", |look| {
            open(look, empty_world().state(), Place::NeedsYou, Host::default())
        }),
        ("needs-you", |look| day(look, Place::NeedsYou)),
        ("needs-you-review", |look| key(day(look, Place::NeedsYou), Key::J)),
        ("needs-you-full", |look| full(look, Place::NeedsYou)),
    ]
}

fn asks(look: Look, request: ApprovalRequest) -> Window {
    let mut state = host::day().state();
    let asked = Approval {
        request,
        ..approval(51, 32, 42, "")
    };
    state.apply(&[Change::Put(Entity::Approval(Arc::new(asked)))]);
    open(look, state, of_task(4, Tab::Conversation), Host::default())
}

/// What differs.
pub fn changes() -> Vec<Screen> {
    vec![
        ("changes", |look| day(look, of_task(5, Tab::Changes))),
        ("changes-split", |look| {
            key(day(look, of_task(5, Tab::Changes)), Key::V)
        }),
        ("changes-large", |look| {
            press_containing(day(look, of_task(5, Tab::Changes)), "table.csv")
        }),
        ("changes-binary", |look| {
            press_containing(day(look, of_task(5, Tab::Changes)), "logo.png")
        }),
        ("changes-none", |look| {
            let host = Host {
                files: Vec::new(),
                ..Host::default()
            };
            open(look, host::day().state(), of_task(5, Tab::Changes), host)
        }),
        ("changes-removed", |look| day(look, of_task(7, Tab::Changes))),
        ("changes-problem", |look| {
            let host = Host {
                broken: true,
                ..Host::default()
            };
            open(look, host::day().state(), of_task(5, Tab::Changes), host)
        }),
        ("changes-full", |look| full(look, of_task(3, Tab::Changes))),
        ("changes-full-split", |look| {
            key(full(look, of_task(3, Tab::Changes)), Key::V)
        }),
    ]
}

/// The strip of checks, the sheet, snapshots and drops.
pub fn landing() -> Vec<Screen> {
    vec![
        ("landing", |look| key(day(look, of_task(5, Tab::Changes)), Key::M)),
        ("landing-conflicts", |look| {
            checked(look, |check| {
                check.conflicts = vec!["storage/src/tables.rs".into(), "문서/읽어보기.md".into()]
            })
        }),
        ("landing-dirty", |look| {
            checked(look, |check| {
                check.dirty_checkout = Some("/home/mina/code/any-on".into())
            })
        }),
        ("landing-behind", |look| {
            checked(look, |check| {
                (check.behind, check.open_files, check.ahead) = (12, 0, 1)
            })
        }),
        ("landing-nothing", |look| {
            checked(look, |check| {
                (check.behind, check.open_files, check.ahead) = (0, 0, 0)
            })
        }),
        ("landing-failed", |look| {
            let window = checked(look, |_| {});
            let mut window = keys(window, Modifiers::COMMAND, Key::Enter);
            window.client.finish(Err(host::problem()));
            settle(&mut window);
            window
        }),
        ("landing-menu", |look| {
            press(day(look, of_task(5, Tab::Changes)), "landing-more")
        }),
        ("landing-drop", |look| {
            press(
                press(day(look, of_task(5, Tab::Changes)), "landing-more"),
                "landing-drop",
            )
        }),
        ("landing-snapshots", |look| {
            press(
                press(day(look, of_task(5, Tab::Changes)), "landing-more"),
                "landing-snapshots",
            )
        }),
        ("landing-full", |look| {
            key(full(look, of_task(3, Tab::Changes)), Key::M)
        }),
        ("landing-full-strip", |look| full(look, of_task(3, Tab::Changes))),
        ("landing-full-drop", |look| {
            press(
                press(full(look, of_task(3, Tab::Changes)), "landing-more"),
                "landing-drop",
            )
        }),
    ]
}

fn checked(look: Look, change: impl FnOnce(&mut LandingCheck)) -> Window {
    let mut host = Host::default();
    change(&mut host.check);
    key(
        open(look, host::day().state(), of_task(5, Tab::Changes), host),
        Key::M,
    )
}

/// Settings, first start, keys, about.
pub fn pages() -> Vec<Screen> {
    const fn at(page: SettingsPage) -> Place {
        Place::Settings { page }
    }
    use SettingsPage as P;
    vec![
        ("settings-general", |look| day(look, at(P::General))),
        ("settings-agents", |look| day(look, at(P::Agents))),
        ("settings-own-agents", |look| {
            let window = to_the_end(day(look, at(P::Agents)));
            press(window, "own-agents-add")
        }),
        ("settings-own-form", |look| {
            let window = to_the_end(day(look, at(P::Agents)));
            press_containing(window, "Goose,")
        }),
        ("settings-own-text", |look| {
            let window = to_the_end(day(look, at(P::Agents)));
            press(window, "own-agents-as-text")
        }),
        ("settings-own-broken", |look| {
            to_the_end(full(look, at(P::Agents)))
        }),
        ("settings-mcp", |look| {
            let window = to_the_end(day(look, at(P::Agents)));
            to_the_end(press_containing(window, ".codex"))
        }),
        ("settings-mcp-full", |look| {
            let window = to_the_end(full(look, at(P::Agents)));
            to_the_end(press_containing(window, "Cursor,"))
        }),
        ("settings-projects", |look| day(look, at(P::Projects))),
        ("settings-projects-none", |look| {
            open(look, State::default(), at(P::Projects), Host::default())
        }),
        ("settings-rules", |look| day(look, at(P::Rules))),
        ("settings-rules-none", |look| {
            open(look, empty_world().state(), at(P::Rules), Host::default())
        }),
        ("settings-rule-new", |look| {
            press(day(look, at(P::Rules)), "settings-rule-new")
        }),
        ("settings-templates", |look| day(look, at(P::Templates))),
        ("settings-templates-none", |look| {
            open(look, empty_world().state(), at(P::Templates), Host::default())
        }),
        ("settings-template-new", |look| {
            press(day(look, at(P::Templates)), "settings-template-new")
        }),
        ("settings-storage", |look| day(look, at(P::Storage))),
        ("settings-agents-full", |look| full(look, at(P::Agents))),
        ("settings-projects-full", |look| full(look, at(P::Projects))),
        ("settings-rules-full", |look| full(look, at(P::Rules))),
        ("settings-templates-full", |look| full(look, at(P::Templates))),
        ("first-start", |look| {
            open(look, State::default(), Place::FirstStart, Host::default())
        }),
        ("first-start-full", |look| {
            open(look, State::default(), Place::FirstStart, Host::full())
        }),
        ("first-start-nothing", |look| {
            let host = Host {
                nothing: true,
                ..Host::default()
            };
            open(look, State::default(), Place::FirstStart, host)
        }),
        ("first-start-searching", |look| {
            let host = Host {
                mute: true,
                ..Host::default()
            };
            open(look, State::default(), Place::FirstStart, host)
        }),
        ("keys", |look| day(look, Place::Keys)),
        ("settings-editor", settings_editor),
        ("about", about),
    ]
}

/// Palette, start, repositories, chooser, and what asks before something is lost.
pub fn dialogs() -> Vec<Screen> {
    vec![
        ("palette", |look| {
            keys(day(look, all_projects()), Modifiers::COMMAND, Key::K)
        }),
        ("palette-found", |look| {
            write(keys(day(look, all_projects()), Modifiers::COMMAND, Key::K), "re")
        }),
        ("palette-nothing", |look| {
            write(
                keys(day(look, all_projects()), Modifiers::COMMAND, Key::K),
                "zzzzzz",
            )
        }),
        ("classify", |look| {
            let window = keys(day(look, all_projects()), Modifiers::NONE, Key::ArrowDown);
            keys(window, Modifiers::NONE, Key::T)
        }),
        ("classify-full", |look| {
            let window = keys(full(look, all_projects()), Modifiers::NONE, Key::ArrowDown);
            keys(window, Modifiers::NONE, Key::T)
        }),
        ("palette-full", |look| {
            write(keys(full(look, all_projects()), Modifiers::COMMAND, Key::K), "a")
        }),
        ("start", |look| {
            press(day(look, of_task(1, Tab::Auto)), "task-start")
        }),
        ("start-full", |look| {
            press(full(look, of_task(6, Tab::Auto)), "task-start")
        }),
        ("add-repository", |look| {
            press(day(look, all_projects()), "sidebar-add-project")
        }),
        ("add-repository-full", |look| {
            press(full(look, all_projects()), "sidebar-add-project")
        }),
        ("chooser", |look| {
            let window = open(look, State::default(), Place::FirstStart, Host::default());
            press(window, "add-repository-browse")
        }),
        ("chooser-full", |look| {
            let window = open(look, State::default(), Place::FirstStart, Host::full());
            press(window, "add-repository-browse")
        }),
        ("remove-project", |look| {
            let window = day(
                look,
                Place::Settings {
                    page: SettingsPage::Projects,
                },
            );
            press(window, "settings-forget")
        }),
        ("remove-project-full", |look| {
            let window = full(
                look,
                Place::Settings {
                    page: SettingsPage::Projects,
                },
            );
            press(window, "settings-forget")
        }),
        ("closing", |look| {
            let mut window = day(look, all_projects());
            assert!(!window.harness.state_mut().shell.may_close());
            settle(&mut window);
            window
        }),
    ]
}

/// The window before there is a store, without one, and its toasts.
pub fn shell() -> Vec<Screen> {
    vec![
        ("opening", |look| {
            let mut window = day(look, all_projects());
            window.harness.state_mut().wait_for_host(look);
            settle(&mut window);
            window
        }),
        ("store-locked", |look| {
            failed(
                look,
                Problem::new(ProblemCode::StoreLocked, "Another Anyon has this store open")
                    .detail("/home/mina/.local/share/anyon/store.redb, process 4711")
                    .hint("Close the other window, or start this one with another data folder"),
            )
        }),
        ("store-damaged", |look| {
            failed(look, Problem::new(ProblemCode::StoreDamaged, "The store is damaged")
                .detail("/home/mina/.local/share/anyon/store.redb: checksum of table “executions” does not match; expected 9f1c2a77e0, found 0000000000")
                .hint("Restore the last backup with “anyon restore FILE”; backups are in /home/mina/.local/share/anyon/backups"))
        }),
        ("toasts", |look| {
            let mut window = day(look, all_projects());
            let shell = &mut window.harness.state_mut().shell;
            shell.toast(Toast::done("main에 반영됨").action("실행 취소", all_projects()));
            shell.toast(Toast::problem(&host::problem()));
            shell.toast(Toast::done(host::LONG).action("A rather long action", all_projects()));
            settle(&mut window);
            window
        }),
        ("focus", |look| {
            let mut window = day(look, all_projects());
            for _ in 0..3 {
                window.harness.key_press(Key::Tab);
            }
            settle(&mut window);
            window
        }),
    ]
}

fn failed(look: Look, problem: Problem) -> Window {
    let mut window = day(look, all_projects());
    window.harness.state_mut().shell.failed(problem);
    settle(&mut window);
    window
}

fn settings_editor(look: Look) -> Window {
    let page = SettingsPage::General;
    let mut window = day(look, Place::Settings { page });
    let own = say(&window, "settings-editor-custom");
    let names = [
        "VS Code",
        "Cursor",
        "Zed",
        "Sublime Text",
        "IntelliJ IDEA",
        "Neovim",
        "Vim",
    ];
    let found = names.map(|name| FoundEditor { id: name, name });
    window.harness.state_mut().shell.surroundings_mut().editors = found.into();
    settle(&mut window);
    press_containing(window, &own)
}

fn about(look: Look) -> Window {
    let mut window = day(look, Place::Keys);
    *window.harness.state_mut().shell.surroundings_mut() = anyon_ui::Surroundings {
        version: "0.1.0".into(),
        renderer: "glow · llvmpipe (LLVM 15.0.6, 256 bits)".into(),
        system: "linux x86_64".into(),
        data_folder: "/home/mina/.local/share/anyon".into(),
        demo: false,
        editors: Vec::new(),
        frame_ms: 1.4,
    };
    window.harness.state_mut().shell.go(Place::About);
    settle(&mut window);
    window
}
