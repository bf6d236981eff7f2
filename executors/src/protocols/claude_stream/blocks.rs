//! The content blocks that a stream is filling, by thread and number.

use anyon_model::EntryIndex;

/// What a block is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum BlockKind {
    Text,
    Thinking,
    Tool,
}

/// A block between its start and its stop.
#[derive(Debug)]
pub(super) struct OpenBlock {
    pub(super) parent: Option<EntryIndex>,
    pub(super) number: u64,
    pub(super) kind: BlockKind,
    /// Its entry, once it has text.
    pub(super) entry: Option<EntryIndex>,
    /// The final line of the block has come.
    pub(super) settled: bool,
}

/// All open blocks, in the order they began. There are rarely more than two.
#[derive(Debug, Default)]
pub(super) struct Blocks(Vec<OpenBlock>);

impl Blocks {
    pub(super) fn begin(&mut self, parent: Option<EntryIndex>, number: u64, kind: BlockKind) {
        self.end(parent, number);
        self.0.push(OpenBlock {
            parent,
            number,
            kind,
            entry: None,
            settled: false,
        });
    }

    pub(super) fn get(&mut self, parent: Option<EntryIndex>, number: u64) -> Option<&mut OpenBlock> {
        self.0
            .iter_mut()
            .find(|block| block.number == number && block.parent == parent)
    }

    /// The block that a final line of this kind completes.
    pub(super) fn unsettled(
        &mut self,
        parent: Option<EntryIndex>,
        kind: BlockKind,
    ) -> Option<&mut OpenBlock> {
        self.0
            .iter_mut()
            .find(|block| block.parent == parent && block.kind == kind && !block.settled)
    }

    pub(super) fn end(&mut self, parent: Option<EntryIndex>, number: u64) -> Option<OpenBlock> {
        let at = self
            .0
            .iter()
            .position(|block| block.number == number && block.parent == parent)?;
        Some(self.0.remove(at))
    }

    /// Forgets the blocks of a thread and says which of their entries are still open.
    pub(super) fn end_all(&mut self, parent: Option<EntryIndex>) -> Vec<EntryIndex> {
        let mut open = Vec::new();
        self.0.retain(|block| {
            let of_thread = block.parent == parent;
            if of_thread && !block.settled {
                open.extend(block.entry);
            }
            !of_thread
        });
        open
    }

    pub(super) fn clear(&mut self) {
        self.0.clear();
    }
}
