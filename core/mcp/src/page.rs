//! Pages of what grows: a cursor is the key of the last thing that was shown.

use crate::text;
use anyon_model::{Problem, ProblemCode};
use rmcp::schemars::JsonSchema;
use serde::{Deserialize, Serialize};

const USUAL: usize = 50;
const MOST: usize = 200;

/// Which page is wanted.
#[derive(Debug, Default, Clone, Deserialize, JsonSchema)]
#[schemars(crate = "rmcp::schemars")]
pub struct Wanted {
    /// next_cursor of the page before
    pub cursor: Option<String>,
    /// 1–200, default 50
    pub limit: Option<u32>,
}

/// How much an answer shows, and where it goes on.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(crate = "rmcp::schemars")]
pub struct Shown {
    count: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_cursor: Option<String>,
}

/// A page.
#[derive(Debug, PartialEq)]
pub struct Page<T> {
    /// What is on it.
    pub items: Vec<T>,
    /// Where the next one begins; `None`: this is the last.
    pub next: Option<String>,
    /// How many there are on all pages.
    pub total: usize,
}

impl<T> Page<T> {
    /// How much it shows, and where it goes on.
    pub fn shown(&self) -> Shown {
        Shown {
            count: self.items.len(),
            next_cursor: self.next.clone(),
        }
    }
}

/// How many are wanted.
pub fn limit(asked: Option<u32>) -> usize {
    asked.map_or(USUAL, |limit| {
        usize::try_from(limit).unwrap_or(MOST).clamp(1, MOST)
    })
}

/// The page of things, each with its key, that comes after the cursor.
pub fn of<T>(all: Vec<(String, T)>, wanted: &Wanted) -> Result<Page<T>, Problem> {
    let total = all.len();
    let first = match &wanted.cursor {
        None => 0,
        Some(cursor) => match all.iter().position(|(key, _)| key == cursor) {
            Some(place) => place + 1,
            None => return Err(unknown(cursor)),
        },
    };
    let limit = limit(wanted.limit);
    let mut rest: Vec<_> = all.into_iter().skip(first).collect();
    let is_last = rest.len() <= limit;
    rest.truncate(limit);
    let next = rest.last().filter(|_| !is_last).map(|(key, _)| key.clone());
    Ok(Page {
        items: rest.into_iter().map(|(_, item)| item).collect(),
        next,
        total,
    })
}

/// A cursor that no page gave.
pub fn unknown(cursor: &str) -> Problem {
    let title = format!("The cursor “{}” leads nowhere", text::quoted(cursor));
    Problem::new(ProblemCode::InvalidRequest, title)
        .detail("what it pointed at may have been removed")
        .hint("Pass next_cursor of the last answer as it is, or begin again without a cursor")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn letters() -> Vec<(String, u8)> {
        (b'a'..=b'e')
            .map(|letter| (char::from(letter).to_string(), letter))
            .collect()
    }

    #[test]
    fn pages_follow_each_other_to_the_end() {
        let mut wanted = Wanted {
            cursor: None,
            limit: Some(2),
        };
        let mut seen = Vec::new();
        loop {
            let page = of(letters(), &wanted).unwrap();
            assert_eq!(page.total, 5);
            seen.push(page.items);
            match page.next {
                Some(next) => wanted.cursor = Some(next),
                None => break,
            }
        }
        assert_eq!(seen, [vec![b'a', b'b'], vec![b'c', b'd'], vec![b'e']]);
    }

    #[test]
    fn limits_are_kept_sane_and_strange_cursors_refused() {
        assert_eq!((limit(None), limit(Some(0)), limit(Some(u32::MAX))), (50, 1, 200));
        let wanted = Wanted {
            cursor: Some("x".repeat(1 << 20)),
            limit: None,
        };
        let problem = of(letters(), &wanted).unwrap_err();
        assert!(problem.title.len() < 300, "a huge cursor is not repeated");
    }
}
