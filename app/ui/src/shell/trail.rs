//! Where the person was: back and forward through it, and what lies above a place.

use crate::Place;
use anyon_model::State;

/// Places that are remembered.
const MOST: usize = 32;

/// Where the person was before, and where they came back from.
#[derive(Debug, Default)]
pub(super) struct Trail {
    back: Vec<Place>,
    forward: Vec<Place>,
}

impl Trail {
    /// The person left a place for a new one.
    pub fn left(&mut self, place: Place) {
        self.forward.clear();
        push(&mut self.back, place);
    }

    /// The place before, where this one is left for it.
    pub fn back(&mut self, here: &Place) -> Option<Place> {
        let before = self.back.pop()?;
        push(&mut self.forward, here.clone());
        Some(before)
    }

    /// The place that was come back from.
    pub fn forward(&mut self, here: &Place) -> Option<Place> {
        let next = self.forward.pop()?;
        push(&mut self.back, here.clone());
        Some(next)
    }

    /// What lies above a place: the board that a task was opened from, the task or board that a page was opened over.
    pub fn above(&self, here: &Place, state: &State) -> Option<Place> {
        let lately =
            |wanted: &dyn Fn(&&Place) -> bool| self.back.iter().rfind(|place| wanted(place)).cloned();
        match here {
            Place::Board { .. } | Place::FirstStart => None,
            Place::Task { task_id, .. } => {
                let own = state.shard_of_task(*task_id).map(|shard| shard.project.id);
                let shows = |place: &&Place| match place {
                    Place::Board { project } => project.is_none() || *project == own,
                    _ => false,
                };
                Some(lately(&shows).unwrap_or(Place::Board { project: own }))
            }
            Place::NeedsYou | Place::Settings { .. } | Place::Keys | Place::About => {
                let below = |place: &&Place| matches!(place, Place::Board { .. } | Place::Task { .. });
                Some(lately(&below).unwrap_or_default())
            }
        }
    }
}

fn push(places: &mut Vec<Place>, place: Place) {
    if places.len() == MOST {
        places.remove(0);
    }
    places.push(place);
}

#[cfg(test)]
mod tests {
    use super::*;
    use anyon_testkit::{World, fixed};

    fn board(project: u8) -> Place {
        Place::Board {
            project: Some(fixed(project)),
        }
    }

    #[test]
    fn above_a_task_lies_the_board_it_was_opened_from_or_that_of_its_project() {
        let state = World::new().task("one", "").state();
        let mut trail = Trail::default();
        let task = Place::task(fixed(1));
        assert_eq!(trail.above(&task, &state), Some(board(1)));
        trail.left(Place::default());
        trail.left(Place::NeedsYou);
        assert_eq!(trail.above(&task, &state), Some(Place::default()));
        trail.left(board(9));
        assert_eq!(
            trail.above(&task, &state),
            Some(Place::default()),
            "another project's board does not show it"
        );
        assert_eq!(trail.above(&Place::default(), &state), None);
    }

    #[test]
    fn a_page_is_left_for_what_it_was_opened_over() {
        let state = World::new().task("one", "").state();
        let mut trail = Trail::default();
        trail.left(Place::task(fixed(1)));
        trail.left(Place::NeedsYou);
        assert_eq!(trail.above(&Place::Keys, &state), Some(Place::task(fixed(1))));
    }

    #[test]
    fn forward_undoes_back_until_the_person_goes_elsewhere() {
        let mut trail = Trail::default();
        trail.left(board(1));
        assert_eq!(trail.back(&board(2)), Some(board(1)));
        assert_eq!(trail.forward(&board(1)), Some(board(2)));
        assert_eq!(trail.back(&board(2)), Some(board(1)));
        trail.left(board(1));
        assert_eq!(trail.forward(&board(3)), None);
    }
}
