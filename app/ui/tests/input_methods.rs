//! Every field that takes words takes Hangul: what input methods send, in the order they really send it, ends up as
//! text, and no key of a composition does anything else.

mod support;
#[path = "support/talk.rs"]
mod talk;

use anyon_model::*;
use anyon_ui::{Choose, Dialog, Place, SettingsPage, Tab, panels::approvals::Approvals};
use egui::{Event, ImeEvent, Key, Modifiers, accesskit::Role};
use egui_kittest::kittest::{NodeT, Queryable};
use std::sync::Arc;
use support::{Look, Window, fixed, typical_world};

/// What happens in one frame, as it was seen under X11 and as egui's authors saw it elsewhere.
type Frame = Vec<Event>;

fn preedit(text: &str) -> Event {
    let end = text.chars().count();
    Event::Ime(ImeEvent::Preedit {
        text: text.into(),
        active_range_chars: (end > 0).then_some(end..end),
    })
}

fn cleared() -> Event {
    Event::Ime(ImeEvent::Preedit {
        text: String::new(),
        active_range_chars: Some(0..0),
    })
}

fn commit(text: &str) -> Event {
    Event::Ime(ImeEvent::Commit(text.into()))
}

fn key(key: Key, modifiers: Modifiers) -> Event {
    Event::Key {
        key,
        physical_key: Some(key),
        pressed: true,
        repeat: false,
        modifiers,
    }
}

/// `갑시` of `값` and a vowel, and then a key: each method in its own words. In the end the key is in the last frame.
fn methods(last: &Event) -> [(&'static str, Vec<Frame>); 5] {
    [
        (
            "ibus on X11",
            vec![
                vec![preedit(""), preedit("ㄱ")],
                vec![preedit("가")],
                vec![preedit("값")],
                vec![
                    cleared(),
                    preedit(""),
                    preedit(""),
                    commit("갑"),
                    preedit(""),
                    preedit("시"),
                ],
                vec![cleared(), preedit(""), preedit(""), commit("시"), last.clone()],
            ],
        ),
        (
            "fcitx5 on X11, on the spot: the second syllable is not told before it is whole",
            vec![
                vec![preedit(""), preedit("ㄱ")],
                vec![preedit("값")],
                vec![preedit(""), commit("갑")],
                vec![preedit(""), commit("시"), preedit(""), last.clone()],
            ],
        ),
        (
            "fcitx5 on X11 with its own panel: nothing is told before it is whole",
            vec![
                vec![preedit(""), commit("갑")],
                vec![preedit(""), commit("시"), last.clone()],
            ],
        ),
        (
            "Wayland",
            vec![
                vec![preedit("ㄱ")],
                vec![preedit("값")],
                vec![preedit(""), commit("갑"), preedit("시")],
                vec![preedit(""), commit("시"), cleared(), preedit(""), last.clone()],
            ],
        ),
        (
            "Windows",
            vec![
                vec![preedit("값")],
                vec![preedit("갑"), preedit(""), commit("갑")],
                vec![preedit("시")],
                vec![preedit("시"), preedit(""), commit("시"), last.clone()],
            ],
        ),
    ]
}

fn play(window: &mut Window, frames: &[Frame]) {
    for frame in frames {
        window.harness.input_mut().events.extend(frame.iter().cloned());
        window.harness.run_steps(1);
    }
}

fn task(number: u8, tab: Tab) -> Place {
    Place::Task {
        task_id: fixed(number),
        attempt_id: None,
        tab,
    }
}

fn at(place: Place) -> Window {
    let mut window = Window::looking(Place::Keys, typical_world().state(), Look::default());
    let entries = talk::entries();
    window.client.reply(move |query| reply(&entries, query));
    window.harness.state_mut().shell.go(place);
    window.run();
    window
}

fn reply(entries: &[Arc<Entry>], query: &Query) -> Option<QueryResult> {
    match query {
        Query::LandingCheck { .. } => Some(Ok(Answer::LandingCheck(LandingCheck {
            conflicts: Vec::new(),
            open_files: 0,
            behind: 0,
            ahead: 3,
            dirty_checkout: None,
            message: "Move".into(),
            large_files: Vec::new(),
            nothing_new: false,
        }))),
        Query::Branches { .. } => Some(Ok(Answer::Branches(vec!["main".into()]))),
        Query::FindRepositories { .. } => Some(Ok(Answer::Repositories(Arc::default()))),
        Query::ListDirectory { path, .. } => Some(Ok(Answer::Directory(Arc::new(DirectoryList {
            path: path.clone().unwrap_or_default(),
            ..DirectoryList::default()
        })))),
        _ => talk::answer(entries, query),
    }
}

fn pressed(mut window: Window, labels: &[&str]) -> Window {
    for label in labels {
        window.harness.get_by_label(label).click();
        window.run();
    }
    window
}

fn typed(mut window: Window, shortcut: Key, modifiers: Modifiers) -> Window {
    window.harness.key_press_modifiers(modifiers, shortcut);
    window.run();
    window
}

fn with_draft() -> Window {
    let window = at(task(3, Tab::Conversation));
    window.client.change(|state| {
        let draft = Draft {
            id: fixed(81),
            project_id: fixed(1),
            attempt_id: fixed(31),
            kind: DraftKind::FollowUp,
            text: String::new(),
            images: Vec::new(),
            queued: true,
            order: 1,
            created_at: support::NOW,
            updated_at: support::NOW,
            to: Recipient::default(),
        };
        state.apply(&[draft.into()]);
    });
    let mut window = window;
    window.run();
    pressed(window, &["Edit message 1"])
}

fn always() -> Window {
    pressed(at(task(4, Tab::Conversation)), &["Always…"])
}

fn denying() -> Window {
    let mut window = at(task(4, Tab::Conversation));
    window.harness.run_steps(8);
    let card = Approvals::card_id(fixed(51));
    window.harness.ctx.memory_mut(|memory| memory.request_focus(card));
    window.harness.run_steps(2);
    typed(window, Key::D, Modifiers::NONE)
}

type Scene = (&'static str, fn() -> Window);

/// Every place and dialog with fields.
const SCENES: [Scene; 16] = [
    ("composer", || at(task(3, Tab::Conversation))),
    ("queued message", with_draft),
    ("new task", || {
        typed(at(Place::Board { project: None }), Key::C, Modifiers::NONE)
    }),
    ("filter", || {
        typed(at(Place::Board { project: None }), Key::Slash, Modifiers::NONE)
    }),
    ("title in its place", || {
        let board = at(Place::Board { project: None });
        typed(
            typed(board, Key::ArrowDown, Modifiers::NONE),
            Key::F2,
            Modifiers::NONE,
        )
    }),
    ("task in a dialog", || {
        let board = at(Place::Board { project: None });
        typed(
            typed(board, Key::ArrowDown, Modifiers::NONE),
            Key::E,
            Modifiers::NONE,
        )
    }),
    ("log", || {
        let mut window = at(task(3, Tab::Log));
        window.run();
        window
    }),
    ("title and description", || {
        pressed(at(task(5, Tab::Conversation)), &["Edit title and description"])
    }),
    ("reason to deny", denying),
    ("rule", always),
    ("palette", || typed(at(Place::About), Key::K, Modifiers::COMMAND)),
    ("landing", || {
        typed(at(task(5, Tab::Changes)), Key::M, Modifiers::NONE)
    }),
    ("projects", || {
        at(Place::Settings {
            page: SettingsPage::Projects,
        })
    }),
    ("rules", || {
        pressed(
            at(Place::Settings {
                page: SettingsPage::Rules,
            }),
            &["New rule…"],
        )
    }),
    ("templates", || {
        pressed(
            at(Place::Settings {
                page: SettingsPage::Templates,
            }),
            &["New template…"],
        )
    }),
    ("chooser", || {
        let mut window = at(Place::About);
        let choose = Choose {
            key: "test".into(),
            files: false,
            start: Some("/x".into()),
        };
        window.harness.state_mut().shell.open(Dialog::Chooser(choose));
        window.run();
        window
    }),
];

fn is_field(role: Role) -> bool {
    matches!(
        role,
        Role::TextInput | Role::MultilineTextInput | Role::SearchInput
    )
}

/// Labels of the fields that take words.
fn fields(window: &Window) -> Vec<String> {
    let root = window.harness.root();
    let all = root.children_recursive();
    let takes =
        all.filter(|node| is_field(node.accesskit_node().role()) && !node.accesskit_node().is_disabled());
    takes.filter_map(|node| node.accesskit_node().label()).collect()
}

fn value(window: &Window, label: &str) -> Option<String> {
    let root = window.harness.root();
    let mut all = root.children_recursive();
    let field = all.find(|node| {
        let node = node.accesskit_node();
        is_field(node.role()) && node.label().as_deref() == Some(label)
    });
    field.and_then(|field| field.accesskit_node().value())
}

/// Gives a field the keyboard.
fn focus(window: &mut Window, label: &str) {
    let found = {
        let root = window.harness.root();
        let mut all = root.children_recursive();
        let field = all.find(|node| {
            let node = node.accesskit_node();
            is_field(node.role()) && node.label().as_deref() == Some(label)
        });
        field.map(|field| field.focus()).is_some()
    };
    assert!(found, "{label}");
    window.run();
}

/// A window with the keyboard in the message to the agent.
fn in_composer() -> Window {
    let mut window = SCENES[0].1();
    focus(&mut window, "Message to the agent");
    window
}

/// The field takes what is composed, and neither that nor the keys of it do anything else.
fn takes_hangul(window: &mut Window, label: &str, compositions: &[(&Event, &str, Vec<Frame>)], scene: &str) {
    let before = (window.place(), window.client.commands().len());
    for (written, (last, method, frames)) in compositions.iter().enumerate() {
        play(window, frames);
        window.harness.run_steps(1);
        let at = format!("{scene}, {label}: {method}, {last:?}");
        let text = value(window, label).unwrap_or_else(|| panic!("the field is gone: {at}"));
        assert_eq!(text.matches("갑시").count(), written + 1, "{text:?}: {at}");
        assert_eq!(before, (window.place(), window.client.commands().len()), "{at}");
        let focused = window.harness.ctx.text_edit_focused();
        assert!(focused, "the field has lost the keyboard: {at}");
    }
}

/// The keys that end a composition in a field.
fn lasts() -> [Event; 3] {
    [
        key(Key::Enter, Modifiers::NONE),
        key(Key::Enter, Modifiers::COMMAND),
        key(Key::Escape, Modifiers::NONE),
    ]
}

/// Each field with each of the keys, by one method after the other; all methods in one field of each kind is the next
/// test.
#[test]
fn every_field_takes_hangul_and_the_keys_of_a_composition_do_nothing_else() {
    let lasts = lasts();
    let mut turn = 0;
    for (name, scene) in SCENES {
        let first = scene();
        let labels = fields(&first);
        assert!(!labels.is_empty(), "{name}: no field was found");
        let mut made = Some(first);
        for label in labels {
            let mut window = made.take().unwrap_or_else(scene);
            focus(&mut window, &label);
            let compositions: Vec<_> = lasts
                .iter()
                .map(|last| {
                    turn += 1;
                    let (method, frames) = methods(last).into_iter().nth(turn % 5).unwrap();
                    (last, method, frames)
                })
                .collect();
            takes_hangul(&mut window, &label, &compositions, name);
        }
    }
}

#[test]
fn every_method_is_understood_in_one_line_and_in_many() {
    let lasts = lasts();
    for (scene, label) in [(0, "Message to the agent"), (2, "New task")] {
        let (name, scene) = SCENES[scene];
        let mut window = scene();
        focus(&mut window, label);
        let compositions: Vec<_> = lasts
            .iter()
            .flat_map(|last| methods(last).map(|(method, frames)| (last, method, frames)))
            .collect();
        takes_hangul(&mut window, label, &compositions, name);
    }
}

#[test]
fn shortcuts_do_nothing_while_something_is_composed() {
    for (name, scene) in SCENES {
        let mut window = scene();
        let Some(label) = fields(&window).first().cloned() else {
            continue;
        };
        focus(&mut window, &label);
        let before = (window.place(), window.client.commands().len(), fields(&window));
        play(&mut window, &[vec![preedit("하")]]);
        for shortcut in [Key::C, Key::J, Key::K, Key::A, Key::D, Key::M, Key::Slash] {
            play(
                &mut window,
                &[vec![preedit("하"), key(shortcut, Modifiers::NONE)]],
            );
        }
        for shortcut in [Key::K, Key::Comma, Key::Z, Key::Enter] {
            play(&mut window, &[vec![key(shortcut, Modifiers::COMMAND)]]);
        }
        let after = (window.place(), window.client.commands().len(), fields(&window));
        assert_eq!(before, after, "{name}");
    }
}

/// With ibus on X11, Escape arrives as its control character, before the syllable that it ends.
#[test]
fn escape_ends_the_composition_only_and_leaves_no_trace() {
    let mut window = in_composer();
    let frames = [
        vec![preedit(""), preedit("ㅅ")],
        vec![preedit(""), commit("\u{1b}")],
        vec![preedit(""), commit("ㅅ")],
        vec![preedit("")],
    ];
    play(&mut window, &frames);
    assert_eq!(value(&window, "Message to the agent").as_deref(), Some("ㅅ"));
    play(&mut window, &[vec![key(Key::Escape, Modifiers::NONE)]]);
    window.run();
    assert!(
        !window.harness.ctx.text_edit_focused(),
        "the next Escape leaves the field"
    );
}

#[test]
fn backspace_takes_a_letter_of_the_syllable_and_no_more() {
    let mut window = in_composer();
    let frames = [
        vec![commit("안")],
        vec![preedit("녕")],
        vec![preedit("녀")],
        vec![preedit("ㄴ")],
        vec![cleared(), preedit("")],
    ];
    play(&mut window, &frames);
    assert_eq!(value(&window, "Message to the agent").as_deref(), Some("안"));
}

/// The system throws the composition away when a frame says that nothing takes text.
#[test]
fn what_arrives_while_something_is_composed_does_not_end_it() {
    let mut window = in_composer();
    play(&mut window, &[vec![preedit("하")]]);
    for number in 0..3u8 {
        let asks = support::approval(90 + number, 31, 41, "npm test");
        window
            .client
            .change(|state| state.apply(&[Change::Put(Entity::Approval(Arc::new(asks)))]));
        for _ in 0..6 {
            window.harness.run_steps(1);
            let ime = window.harness.output().platform_output.ime;
            let ime = ime.expect("the field still takes text");
            assert!(!ime.should_interrupt_composition);
        }
    }
    play(&mut window, &[vec![preedit(""), commit("하")]]);
    assert_eq!(value(&window, "Message to the agent").as_deref(), Some("하"));
}

/// Not every system tells the end of a composition whose field was left.
#[test]
fn a_composition_that_was_left_does_not_silence_the_keys() {
    let mut window = in_composer();
    play(&mut window, &[vec![preedit("하")]]);
    window
        .harness
        .ctx
        .memory_mut(|memory| memory.focused().map(|field| memory.surrender_focus(field)));
    window.harness.run_steps(2);
    window.harness.key_press_modifiers(Modifiers::COMMAND, Key::Comma);
    window.run();
    assert!(matches!(window.place(), Place::Settings { .. }));
}
