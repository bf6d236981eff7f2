//! Frames: four bytes of length, least first, then so many bytes of JSON. What the host tells may be longer than a frame:
//! then it comes in several, and all but the last one say so in the highest bit of their length.

use serde::{Serialize, de::DeserializeOwned};
use std::io::{self, Read, Write};

/// Longest frame, in bytes. Whatever claims to be longer ends the connection.
pub(crate) const LONGEST: usize = 8 * 1024 * 1024;
/// The most that is told in several frames.
pub(crate) const LONGEST_TOLD: usize = 256 * 1024 * 1024;
/// This frame is not the last one of what it tells.
const MORE: u32 = 1 << 31;

/// JSON of a value; `None`: too long for a frame.
pub(crate) fn encode(value: &impl Serialize) -> io::Result<Option<Vec<u8>>> {
    let mut bytes = vec![0; 4];
    serde_json::to_writer(&mut bytes, value)?;
    let length = bytes.len() - 4;
    if length > LONGEST {
        return Ok(None);
    }
    let prefix = u32::try_from(length).map_err(io::Error::other)?.to_le_bytes();
    bytes[..4].copy_from_slice(&prefix);
    Ok(Some(bytes))
}

/// Writes a value as one frame.
pub(crate) fn write(to: &mut impl Write, value: &impl Serialize) -> io::Result<()> {
    let frame = encode(value)?.ok_or_else(|| io::Error::other("the message is too long"))?;
    to.write_all(&frame)
}

/// Writes a value as so many frames as it takes; `false`: it is too long for that too, and nothing was written.
pub(crate) fn tell(to: &mut impl Write, value: &impl Serialize) -> io::Result<bool> {
    let bytes = serde_json::to_vec(value)?;
    if bytes.len() > LONGEST_TOLD {
        return Ok(false);
    }
    let mut pieces = bytes.chunks(LONGEST).peekable();
    while let Some(piece) = pieces.next() {
        let length = u32::try_from(piece.len()).map_err(io::Error::other)?;
        let more = if pieces.peek().is_some() { MORE } else { 0 };
        to.write_all(&(length | more).to_le_bytes())?;
        to.write_all(piece)?;
    }
    Ok(true)
}

/// Reads the bytes of one frame; `None`: the other side ended in order.
pub(crate) fn read_bytes(from: &mut impl Read) -> io::Result<Option<Vec<u8>>> {
    read_told(from, LONGEST)
}

/// Reads the bytes of so many frames as belong together, but not more than this.
pub(crate) fn read_told(from: &mut impl Read, most: usize) -> io::Result<Option<Vec<u8>>> {
    let mut bytes = Vec::new();
    loop {
        let mut prefix = [0; 4];
        match from.read(&mut prefix)? {
            0 if bytes.is_empty() => return Ok(None),
            read => from.read_exact(&mut prefix[read..])?,
        }
        let prefix = u32::from_le_bytes(prefix);
        let length = (prefix & !MORE) as usize;
        let end = bytes.len() + length;
        if length > LONGEST || end > most {
            let what = format!("a frame of {length} bytes after {}", bytes.len());
            return Err(io::Error::new(io::ErrorKind::InvalidData, what));
        }
        // Memory follows what really comes, not what is announced.
        from.by_ref().take(length as u64).read_to_end(&mut bytes)?;
        if bytes.len() < end {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        if prefix & MORE == 0 {
            return Ok(Some(bytes));
        }
    }
}

/// Reads one frame.
pub(crate) fn read<T: DeserializeOwned>(from: &mut impl Read) -> io::Result<Option<T>> {
    match read_bytes(from)? {
        Some(bytes) => Ok(Some(serde_json::from_slice(&bytes)?)),
        None => Ok(None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let mut bytes = Vec::new();
        write(&mut bytes, &"안녕").unwrap();
        write(&mut bytes, &7).unwrap();
        let mut from = bytes.as_slice();
        assert_eq!(read::<String>(&mut from).unwrap().as_deref(), Some("안녕"));
        assert_eq!(read::<u8>(&mut from).unwrap(), Some(7));
        assert_eq!(read::<u8>(&mut from).unwrap(), None);
    }

    #[test]
    fn a_frame_that_is_too_long_or_broken_off_is_an_error() {
        let huge = u32::MAX.to_le_bytes();
        assert!(read_bytes(&mut huge.as_slice()).is_err());
        let mut broken = Vec::new();
        write(&mut broken, &"broken").unwrap();
        broken.pop();
        assert!(read_bytes(&mut broken.as_slice()).is_err());
        assert!(read_bytes(&mut [1u8, 0].as_slice()).is_err());
        assert!(encode(&"x".repeat(LONGEST)).unwrap().is_none());
    }

    #[test]
    fn what_is_longer_than_a_frame_comes_in_several_to_those_who_take_them() {
        let long = "x".repeat(LONGEST + 5);
        let mut bytes = Vec::new();
        assert!(tell(&mut bytes, &long).unwrap() && tell(&mut bytes, &7).unwrap());
        let mut from = bytes.as_slice();
        let told = read_told(&mut from, LONGEST_TOLD).unwrap().unwrap();
        assert_eq!(serde_json::from_slice::<String>(&told).unwrap(), long);
        assert_eq!(read_told(&mut from, LONGEST_TOLD).unwrap().unwrap(), b"7");
        assert!(read_told(&mut from, LONGEST_TOLD).unwrap().is_none());
        assert!(read_bytes(&mut bytes.as_slice()).is_err(), "more than was wanted");
        assert!(
            read_told(&mut &bytes[..LONGEST + 4], LONGEST_TOLD).is_err(),
            "broken off"
        );
    }
}
