//! The window that is open comes to the front, and there may be none.

use crate::scenario::Scenario;
use anyon_model::*;
use anyon_testkit::World;

#[test]
fn a_window_is_asked_and_the_command_ends_when_it_was_told() {
    let mut s = Scenario::over(World::new().task("Sort the shelves", ""));
    let task_id = *s
        .state()
        .projects
        .values()
        .next()
        .unwrap()
        .tasks
        .keys()
        .next()
        .unwrap();
    let on = Some(FocusOn::Task { task_id });
    let command_id = s.sends(Command::Focus { on });
    assert!(!s.is_answered(command_id));
    assert!(s.effects.contains(&Effect::Focus { command_id, on }));
    s.input(Input::Focused {
        command_id,
        told: true,
    });
    assert_eq!(s.outcome(command_id), Outcome::Done);
}

#[test]
fn without_a_window_or_without_what_it_is_to_show_it_is_refused() {
    let mut s = Scenario::over(World::new());
    let command_id = s.sends(Command::Focus { on: None });
    s.input(Input::Focused {
        command_id,
        told: false,
    });
    assert_eq!(s.problem(command_id).code, ProblemCode::WrongState);
    let nowhere = IdSource::new(Timestamp::from_ms(1), 7).make();
    let on = Some(FocusOn::Attempt { attempt_id: nowhere });
    assert_eq!(s.refused(Command::Focus { on }).code, ProblemCode::NotFound);
}
