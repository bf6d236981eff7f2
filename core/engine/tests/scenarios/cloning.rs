//! A repository elsewhere becomes a project: cloned, told of, broken off, refused.

use crate::scenario::Scenario;
use anyon_model::*;
use anyon_testkit::World;
use insta::assert_snapshot;

const URL: &str = "https://example.com/ada/shop.git";

fn clone(url: &str, folder: &str) -> Command {
    Command::CloneProject {
        url: url.into(),
        folder: folder.into(),
        name: None,
    }
}

fn found(path: &str) -> RepositoryInfo {
    RepositoryInfo {
        path: path.into(),
        head_branch: Some("trunk".into()),
        git_reads: GitReads::Library,
    }
}

#[test]
fn a_clone_tells_how_far_it_is_and_becomes_a_project() {
    let mut s = Scenario::over(World::new());
    let command_id = s.sends(clone(URL, "/home/me/shop"));
    for percent in [40, 30, 40, 100] {
        s.input(Input::CloneProgress { command_id, percent });
    }
    let result = Ok(found("/home/me/shop"));
    s.input(Input::RepositoryCloned { command_id, result });
    assert_snapshot!(s.seen(), @r#"
    ▸ CloneProject
      clone /home/me/shop 0%
      → CloneRepository
    ▸ CloneProgress
      clone /home/me/shop 40%
    ▸ CloneProgress
    ▸ CloneProgress
    ▸ CloneProgress
      clone /home/me/shop 100%
    ▸ RepositoryCloned
      clone gone
      project SHO shop
      → reply Project
    "#);
    assert!(s.state().clones.is_empty());
}

#[test]
fn a_clone_can_be_broken_off_and_is_answered_when_nothing_of_it_is_left() {
    let mut s = Scenario::over(World::new());
    let clone_id = s.sends(clone(URL, "/home/me/shop"));
    let cancel = s.sends(Command::CancelClone { clone_id });
    assert_eq!(s.outcome(cancel), Outcome::Done);
    assert!(!s.is_answered(clone_id), "git still cleans up");
    let problem = Problem::new(ProblemCode::Cancelled, "Cancelled");
    s.input(Input::RepositoryCloned {
        command_id: clone_id,
        result: Err(problem),
    });
    assert_eq!(s.problem(clone_id).code, ProblemCode::Cancelled);
    assert_snapshot!(s.seen(), @r#"
    ▸ CloneProject
      clone /home/me/shop 0%
      → CloneRepository
    ▸ CancelClone
      clone /home/me/shop 0% cancelled
      → CancelClone
      → reply Done
    ▸ RepositoryCloned
      clone gone
      → reply Cancelled: Cancelled
    "#);
    assert_eq!(
        s.refused(Command::CancelClone { clone_id }).code,
        ProblemCode::NotFound
    );
    assert_eq!(s.state().projects.len(), 1, "only the one that was there");
}

#[test]
fn what_holds_a_secret_or_starts_a_program_reaches_no_driver_and_no_state() {
    let mut s = Scenario::over(World::new());
    for url in [
        "https://ada:hunter2@example.com/a/b",
        "https://hunter2@example.com/a/b",
        "--upload-pack=hunter2",
        "ext::sh -c hunter2",
        "",
    ] {
        let problem = s.refused(clone(url, "/home/me/b"));
        assert_eq!(problem.code, ProblemCode::InvalidRequest, "{url}");
        assert!(!problem.hint.is_empty(), "{url}");
    }
    assert_eq!(
        s.refused(clone(URL, "relative/folder")).code,
        ProblemCode::InvalidRequest
    );
    assert!(s.state().clones.is_empty());
    assert!(
        s.effects
            .iter()
            .all(|effect| matches!(effect, Effect::Reply { .. }))
    );
    let told = format!("{:?}{:?}", s.state(), s.effects);
    assert!(!told.contains("hunter2"), "{told}");
}

#[test]
fn two_clones_do_not_share_a_folder_and_agents_make_none() {
    let mut s = Scenario::in_turn();
    s.sends(clone(URL, "/home/me/shop"));
    assert_eq!(
        s.refused(clone(URL, "/home/me/shop")).code,
        ProblemCode::WrongState
    );
    let agent = Actor::Agent {
        attempt_id: s.attempt().id,
    };
    let problem = s.refused_to(agent, clone(URL, "/home/me/other"));
    assert_eq!(problem.code, ProblemCode::Forbidden);
}

#[test]
fn anyon_ends_its_clones_before_it_ends() {
    let mut s = Scenario::over(World::new());
    let clone_id = s.sends(clone(URL, "/home/me/shop"));
    s.sends(Command::Shutdown);
    assert!(s.effects.contains(&Effect::CancelClone { command_id: clone_id }));
    assert!(!s.effects.contains(&Effect::Exit));
    let result = Err(Problem::new(ProblemCode::Cancelled, "Cancelled"));
    s.input(Input::RepositoryCloned {
        command_id: clone_id,
        result,
    });
    assert!(s.effects.contains(&Effect::Exit));
}
