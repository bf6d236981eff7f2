//! What the rows of a diff say: lines of the diff itself, and unchanged ones read from the file by pages.

use super::{
    line::Text,
    rows::{Place, Row, Rows},
};
use crate::{Page, ViewContext};
use anyon_model::{Answer, AttemptId, FilePath, PageRange, Query, StyledDiff};

/// Lines of a file that are asked for at once.
pub(super) const LINES: u32 = 200;

/// What the rows of a diff say.
pub(super) struct Reading<'a> {
    pub cx: &'a ViewContext<'a>,
    pub attempt_id: AttemptId,
    pub diff: &'a StyledDiff,
    pub rows: &'a Rows,
}

impl<'a> Reading<'a> {
    pub fn row(&self, at: u64) -> Option<&'a Row> {
        self.rows.rows.get(at as usize)
    }

    /// Hands out the texts of a row: of its only side, or of both. One that is not there yet is left out.
    pub fn texts(&self, row: &Row, mut each: impl FnMut(&Text<'_>)) {
        let mut place = |place: &Place| self.text(place).iter().for_each(&mut each);
        match row {
            Row::Gap(_) => {}
            Row::Open { new, .. } => self.opened(*new, |text| text.into_iter().for_each(each)),
            Row::Line(of) => place(of),
            Row::Pair { left, right } => [left, right].into_iter().flatten().for_each(place),
        }
    }

    pub fn text(&self, place: &Place) -> Option<Text<'a>> {
        let (diff, hunk, of) = (self.diff, place.hunk as usize, place.line as usize);
        let line = diff.diff.hunks.get(hunk)?.lines.get(of)?;
        let spans = diff.hunks.get(hunk).and_then(|hunk| hunk.get(of));
        Some(Text::of(line, spans))
    }

    /// Hands out an unchanged line, read from the file by pages. None: it is not there yet.
    pub fn opened<R>(&self, new: u32, with: impl FnOnce(Option<&Text<'_>>) -> R) -> R {
        let page = lines(self.cx, self.attempt_id, &self.diff.diff.stat.path, new / LINES);
        let found = match page.ready() {
            Some(Answer::FileLines(lines)) => {
                let at = u64::from(new).checked_sub(lines.first);
                at.and_then(|at| lines.lines.get(usize::try_from(at).ok()?))
            }
            _ => None,
        };
        with(found.map(Text::opened).as_ref())
    }
}

/// A page of a file's lines.
pub(super) fn lines(cx: &ViewContext<'_>, attempt_id: AttemptId, path: &FilePath, page: u32) -> Page {
    let range = PageRange::From {
        first: u64::from(page * LINES),
        count: LINES,
    };
    let path = path.clone();
    cx.page(Query::FileLines {
        attempt_id,
        path,
        range,
    })
}
