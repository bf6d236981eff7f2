//! A host without a window tells the desktop what needs a person: once per event, and only while no window is open
//! anywhere, since a window tells it better. Where there is no desktop, nobody is told, and nothing waits.

use crate::window::notices::{Notice, Notices};
use anyon_model::{Actor, Client, Event, State, WaitingClient};
use anyon_runtime::Entrance;
use anyon_ui::{Catalogue, Language, NoticeAbout, Overview, phrase};
use std::{thread, time::Duration};

/// How often it is seen whether the host is still there. Events wake it at once.
const LOOK: Duration = Duration::from_secs(60);

/// Tells the desktop from now on until the host ends, in the language of the settings or else of this locale.
pub fn herald(entrance: Entrance, locale: String) {
    let work = move || {
        let (client, ..) = entrance.join(Actor::System, false);
        let mut notices = Notices::new(|_| {});
        loop {
            client.wait(LOOK);
            for event in client.drain() {
                if event == Event::Ended {
                    return;
                }
                let state = client.state();
                if let Some(notice) = notice(&event, &state, &locale)
                    && !entrance.has_a_window()
                {
                    notices.show(notice);
                }
            }
        }
    };
    if let Err(error) = thread::Builder::new().name("anyon-herald".into()).spawn(work) {
        tracing::warn!(%error, "nobody is told on the desktop");
    }
}

/// What the desktop is told of an event: in the window's words, which hold none of an agent's.
fn notice(event: &Event, state: &State, locale: &str) -> Option<Notice> {
    let Event::Notify {
        title, attempt_id, ..
    } = event
    else {
        return None;
    };
    let language = state.settings.language.as_deref().unwrap_or(locale);
    let text = Catalogue::new(Language::of_locale(language));
    let mut overview = Overview::default();
    overview.follow(state);
    let (_, view) = overview.attempt(*attempt_id)?;
    Some(Notice {
        title: title.clone(),
        body: phrase::notice(&text, view),
        open: String::new(),
        about: NoticeAbout::Attempt(*attempt_id),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use anyon_model::{Activity, Approval, Change, Entity, ExecutionState};
    use anyon_testkit::{World, asks_command, fixed};
    use std::sync::Arc;

    #[test]
    fn a_question_is_told_in_the_persons_language_and_without_a_word_of_the_agents() {
        let activity = Activity::Waiting { approvals: 1 };
        let world = World::new().task("Shop", "").attempt(1, 1, |_| {}).execution(
            1,
            1,
            ExecutionState::Running { activity },
        );
        let mut state = world.state();
        let approval = Approval {
            id: fixed(1),
            project_id: fixed(1),
            attempt_id: fixed(1),
            execution_id: fixed(1),
            request: asks_command("q", "rm -rf secret"),
            state: anyon_model::ApprovalState::Pending,
            created_at: anyon_model::Timestamp::from_ms(1),
            resolved_at: None,
        };
        state.apply(&[Change::Put(Entity::Approval(Arc::new(approval)))]);
        let event = Event::Notify {
            title: "ANY-1 Shop".into(),
            body: "Claude Code asks: rm -rf secret".into(),
            attempt_id: fixed(1),
        };
        let told = notice(&event, &state, "en_GB.UTF-8").unwrap();
        assert_eq!((told.title.as_str(), told.open.as_str()), ("ANY-1 Shop", ""));
        assert!(
            told.body.contains("Claude Code asks") && !told.body.contains("secret"),
            "{}",
            told.body
        );
        let korean = notice(&event, &state, "ko_KR.UTF-8").unwrap();
        assert_ne!(korean.body, told.body);
        assert_eq!(notice(&Event::HostChanged, &state, "en"), None);
    }
}
