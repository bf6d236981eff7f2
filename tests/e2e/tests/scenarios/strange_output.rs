//! What agents say that no protocol has: nothing is lost, nothing breaks, everything can be read again.

use anyon_e2e::{
    fake_agent::{Script, Step, burst},
    world::{Finished, World},
};

/// Runs a script in a world and tells the run, the world and the attempt's name.
fn played(steps: Vec<Step>, status: i32) -> (World, Finished, String) {
    let world = World::with_agent(&Script::of([steps]));
    let repository = world.repository("shop");
    let run = world.run(&repository, &[], "go").finish().expect(status);
    let name = run.attempt_name();
    world.expect_nothing_lives();
    (world, run, name)
}

fn logged(world: &World, name: &str) -> Finished {
    world.attempt("log", name, &[]).finish().expect(0)
}

#[test]
fn a_line_that_is_not_json_is_shown_as_it_came() {
    let garbage = "Segmentation fault? {not json";
    let (world, run, name) = played(vec![Step::Line(garbage.into()), Step::say("still here")], 0);
    assert!(
        run.texts("raw").iter().any(|text| text.contains(garbage)),
        "{run}"
    );
    assert_eq!(run.texts("assistant_message"), ["still here"]);
    let log = logged(&world, &name);
    assert!(
        log.texts("raw").iter().any(|text| text.contains(garbage)),
        "{log}"
    );
}

#[test]
fn an_unknown_kind_of_message_is_shown_raw() {
    let line = r#"{"type":"hologram","content":"new in version 9"}"#;
    let (_, run, _) = played(vec![Step::Line(line.into()), Step::say("fine")], 0);
    assert!(
        run.texts("raw").iter().any(|text| text.contains("hologram")),
        "{run}"
    );
}

#[test]
fn bytes_that_are_not_utf8_are_replaced_and_kept_in_the_log() {
    let (world, run, name) = played(vec![Step::InvalidUtf8, Step::say("fine")], 0);
    assert!(
        run.texts("raw").iter().any(|text| text.contains("is not UTF-8")),
        "{run}"
    );
    assert!(run.said().contains("after all"), "{run}");
    assert!(
        !world
            .files_with(&world.data_folder(), b"caf\xe9 \xff\xfe is not")
            .is_empty()
    );
    logged(&world, &name);
}

#[test]
fn a_line_of_four_megabytes_arrives_whole() {
    const BYTES: usize = 4 * 1024 * 1024;
    let (world, _, name) = played(vec![Step::LongLine(BYTES), Step::say("fine")], 0);
    let log = logged(&world, &name);
    let texts = log.texts("assistant_message");
    let long = texts
        .iter()
        .find(|text| text.starts_with("START"))
        .expect("the long message");
    assert_eq!(long.len(), BYTES + "START".len() + "END".len());
    assert!(long.ends_with("END"));
}

#[test]
fn every_word_of_a_burst_is_kept() {
    const LINES: u64 = 20_000;
    let (world, _, name) = played(vec![Step::Burst(LINES)], 0);
    let log = logged(&world, &name);
    let said = log.texts("assistant_message").concat();
    let words: String = (0..burst::words_in(LINES)).map(burst::word).collect();
    assert!(said == words, "{} of {} bytes", said.len(), words.len());
}

#[test]
fn an_agent_that_fails_is_told_with_what_it_said_last() {
    let steps = vec![
        Step::say("trying"),
        Step::Complain("panicked at 'no disk'".into()),
        Step::Exit(7),
    ];
    let (world, run, name) = played(steps, 1);
    assert_eq!(run.outcome(), "failed");
    assert!(
        run.said().contains('7') && run.said().contains("no disk"),
        "{run}"
    );
    assert_eq!(world.attempt_now(&name)["status"], "failed");
}

#[test]
fn an_agent_that_dies_in_the_middle_of_a_line_loses_only_that_line() {
    let steps = vec![
        Step::say("first"),
        Step::Partial(r#"{"type":"assistant","mess"#.into()),
        Step::Die(9),
    ];
    let (world, run, name) = played(steps, 1);
    assert_eq!(run.outcome(), "failed");
    assert!(
        logged(&world, &name)
            .texts("assistant_message")
            .contains(&"first".to_owned())
    );
}

#[test]
fn what_an_agent_leaves_behind_is_ended_with_it() {
    let (_, run, _) = played(vec![Step::LeaveChildren, Step::say("done")], 0);
    assert_eq!(run.outcome(), "completed");
}

#[test]
fn escape_sequences_of_an_agent_never_reach_the_terminal() {
    let evil = "\u{1b}]0;owned\u{7}\u{1b}[2J\u{202e}txt";
    let world = World::with_agent(&Script::of([vec![Step::say(evil)]]));
    let repository = world.repository("shop");
    let run = world
        .anyon(
            ["run", "--agent", "CLAUDE_CODE", "--project"]
                .map(Into::into)
                .into_iter()
                .chain([repository.folder().as_os_str().to_owned(), "go".into()]),
        )
        .finish()
        .expect(0);
    assert!(
        !run.said().contains('\u{1b}') && !run.said().contains('\u{7}'),
        "{run}"
    );
    assert!(!run.said().contains('\u{202e}'), "{run}");
}
