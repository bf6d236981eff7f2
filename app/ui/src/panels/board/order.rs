//! Where a moved card gets its place: between its new neighbours, and anew for a column without room.

use anyon_model::BoardOrder;

/// An order between two neighbours; `None`: there is no number between them any more.
pub fn between(above: Option<BoardOrder>, below: Option<BoardOrder>) -> Option<BoardOrder> {
    match (above, below) {
        (None, None) => Some(BoardOrder(0.0)),
        (Some(above), None) => finite(above.0 + 1.0),
        (None, Some(below)) => finite(below.0 - 1.0),
        (Some(above), Some(below)) => {
            let middle = above.0 / 2.0 + below.0 / 2.0;
            (above.0 < middle && middle < below.0).then_some(BoardOrder(middle))
        }
    }
}

fn finite(order: f64) -> Option<BoardOrder> {
    order.is_finite().then_some(BoardOrder(order))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(above: Option<f64>, below: Option<f64>) -> Option<f64> {
        between(above.map(BoardOrder), below.map(BoardOrder)).map(|order| order.0)
    }

    #[test]
    fn a_card_gets_a_place_between_its_neighbours() {
        assert_eq!(at(None, None), Some(0.0));
        assert_eq!(at(Some(3.0), None), Some(4.0));
        assert_eq!(at(None, Some(3.0)), Some(2.0));
        assert_eq!(at(Some(1.0), Some(2.0)), Some(1.5));
    }

    #[test]
    fn a_column_without_room_is_told() {
        assert_eq!(at(Some(1.0), Some(1.0)), None);
        assert_eq!(at(Some(1.0), Some(1.0 + f64::EPSILON)), None);
        assert_eq!(at(Some(f64::MAX), Some(f64::MAX)), None);
    }
}
