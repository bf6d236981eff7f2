//! A file that is read and never written: what is written lies over it in memory and is forgotten.
//!
//! redb repairs and commits while it opens a file. Over an overlay it may, and the file stays as it was found.

use redb::{BackendError, StorageBackend, backends::FileBackend};
use std::{
    collections::BTreeMap,
    io,
    ops::Bound,
    sync::{Mutex, PoisonError},
};

const BLOCK_BYTES: u64 = 4096;
type Block = Box<[u8; BLOCK_BYTES as usize]>;

/// A file with what was written over it.
#[derive(Debug)]
pub(crate) struct Overlay {
    file: FileBackend,
    /// Take redb's locks on the file. A backup on a read-only disk cannot be locked, and need not be.
    locks: bool,
    written: Mutex<Written>,
}

#[derive(Debug)]
struct Written {
    len: u64,
    /// The file counts up to here; past it there are zeros.
    file_len: u64,
    blocks: BTreeMap<u64, Block>,
}

impl Overlay {
    /// Over a file.
    pub(crate) fn new(file: FileBackend, locks: bool) -> io::Result<Self> {
        let len = file.len()?;
        let written = Written {
            len,
            file_len: len,
            blocks: BTreeMap::new(),
        };
        Ok(Self {
            file,
            locks,
            written: Mutex::new(written),
        })
    }

    fn with<T>(&self, work: impl FnOnce(&mut Written) -> T) -> T {
        work(&mut self.written.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// The file's part of a block, zeros after its end.
    fn file_block(&self, index: u64, file_len: u64) -> io::Result<Block> {
        let mut block: Block = Box::new([0; BLOCK_BYTES as usize]);
        let start = index * BLOCK_BYTES;
        let there = file_len.saturating_sub(start).min(BLOCK_BYTES) as usize;
        if there > 0 {
            self.file.read(start, &mut block[..there])?;
        }
        Ok(block)
    }
}

/// The pieces of `len` bytes at `offset`, block by block: block, start in it, start in the bytes, length.
fn pieces(offset: u64, len: usize) -> impl Iterator<Item = (u64, usize, usize, usize)> {
    let mut done = 0usize;
    std::iter::from_fn(move || {
        let at = offset + done as u64;
        let inside = (at % BLOCK_BYTES) as usize;
        let count = (len - done).min(BLOCK_BYTES as usize - inside);
        let piece = (at / BLOCK_BYTES, inside, done, count);
        done += count;
        (count > 0).then_some(piece)
    })
}

impl StorageBackend for Overlay {
    fn len(&self) -> io::Result<u64> {
        Ok(self.with(|written| written.len))
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        self.with(|written| {
            if offset.saturating_add(out.len() as u64) > written.len {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            if written.blocks.is_empty() && offset + out.len() as u64 <= written.file_len {
                return self.file.read(offset, out);
            }
            for (index, inside, done, count) in pieces(offset, out.len()) {
                let target = &mut out[done..done + count];
                match written.blocks.get(&index) {
                    Some(block) => target.copy_from_slice(&block[inside..inside + count]),
                    None => {
                        let block = self.file_block(index, written.file_len)?;
                        target.copy_from_slice(&block[inside..inside + count]);
                    }
                }
            }
            Ok(())
        })
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        self.with(|written| {
            if len < written.len {
                cut(self, written, len)?;
            }
            written.len = len;
            Ok(())
        })
    }

    fn sync_data(&self) -> io::Result<()> {
        Ok(())
    }

    fn write(&self, offset: u64, bytes: &[u8]) -> io::Result<()> {
        self.with(|written| {
            for (index, inside, done, count) in pieces(offset, bytes.len()) {
                let block = match written.blocks.remove(&index) {
                    Some(block) => block,
                    None => self.file_block(index, written.file_len)?,
                };
                let block = written.blocks.entry(index).or_insert(block);
                block[inside..inside + count].copy_from_slice(&bytes[done..done + count]);
            }
            written.len = written.len.max(offset + bytes.len() as u64);
            Ok(())
        })
    }

    fn close(&self) -> io::Result<()> {
        self.file.close()
    }

    fn try_lock_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<bool, BackendError> {
        self.lockable()?.try_lock_range(start, end)
    }
    fn try_lock_shared_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<bool, BackendError> {
        self.lockable()?.try_lock_shared_range(start, end)
    }
    fn lock_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<(), BackendError> {
        self.lockable()?.lock_range(start, end)
    }
    fn lock_shared_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<(), BackendError> {
        self.lockable()?.lock_shared_range(start, end)
    }
    fn unlock_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<(), BackendError> {
        self.lockable()?.unlock_range(start, end)
    }
    fn query_lock_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<bool, BackendError> {
        self.lockable()?.query_lock_range(start, end)
    }
}

impl Overlay {
    fn lockable(&self) -> Result<&FileBackend, BackendError> {
        self.locks.then_some(&self.file).ok_or(BackendError::Unsupported)
    }
}

/// Forgets everything past `len`, so that growing again gives zeros.
fn cut(overlay: &Overlay, written: &mut Written, len: u64) -> io::Result<()> {
    let index = len / BLOCK_BYTES;
    let inside = (len % BLOCK_BYTES) as usize;
    if inside > 0 && !written.blocks.contains_key(&index) {
        written
            .blocks
            .insert(index, overlay.file_block(index, written.file_len)?);
    }
    written.blocks.split_off(&(index + u64::from(inside > 0)));
    if inside > 0
        && let Some(block) = written.blocks.get_mut(&index)
    {
        block[inside..].fill(0);
    }
    written.file_len = written.file_len.min(len);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::io::Write;

    #[derive(Debug, Clone)]
    enum Step {
        Write(u64, Vec<u8>),
        SetLen(u64),
    }

    fn steps() -> impl Strategy<Value = Vec<Step>> {
        let write =
            (0..20_000u64, prop::collection::vec(1u8.., 1..9000)).prop_map(|(at, b)| Step::Write(at, b));
        prop::collection::vec(prop_oneof![write, (0..20_000u64).prop_map(Step::SetLen)], 0..12)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn it_reads_like_a_file_that_was_written_and_leaves_the_file_alone(
            found in prop::collection::vec(any::<u8>(), 0..15_000), steps in steps()
        ) {
            let mut file = tempfile::tempfile().unwrap();
            file.write_all(&found).unwrap();
            let overlay = Overlay::new(FileBackend::new(file.try_clone().unwrap()).unwrap(), false).unwrap();
            let mut plain = found.clone();
            for step in steps {
                match step {
                    Step::Write(at, bytes) => {
                        plain.resize(plain.len().max(at as usize + bytes.len()), 0);
                        plain[at as usize..at as usize + bytes.len()].copy_from_slice(&bytes);
                        overlay.write(at, &bytes).unwrap();
                    }
                    Step::SetLen(len) => {
                        plain.resize(len as usize, 0);
                        overlay.set_len(len).unwrap();
                    }
                }
                let mut read = vec![0; plain.len()];
                prop_assert_eq!(overlay.len().unwrap(), plain.len() as u64);
                overlay.read(0, &mut read).unwrap();
                prop_assert!(read == plain);
            }
            let mut read = vec![0; found.len()];
            std::os::unix::fs::FileExt::read_exact_at(&file, &mut read, 0).unwrap();
            prop_assert!(read == found && file.metadata().unwrap().len() == found.len() as u64);
        }
    }
}
