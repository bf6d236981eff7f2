//! Frames: four bytes of length, least first, then so many bytes of JSON.

use serde::{Serialize, de::DeserializeOwned};
use std::io::{self, Read, Write};

/// Longest frame, in bytes. Whatever claims to be longer ends the connection.
pub(crate) const LONGEST: usize = 8 * 1024 * 1024;

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

/// Reads the bytes of one frame; `None`: the other side ended in order.
pub(crate) fn read_bytes(from: &mut impl Read) -> io::Result<Option<Vec<u8>>> {
    let mut prefix = [0; 4];
    match from.read(&mut prefix)? {
        0 => return Ok(None),
        read => from.read_exact(&mut prefix[read..])?,
    }
    let length = u32::from_le_bytes(prefix) as usize;
    if length > LONGEST {
        return Err(io::Error::new(
            io::ErrorKind::InvalidData,
            format!("a frame of {length} bytes"),
        ));
    }
    let mut bytes = Vec::new();
    // Memory follows what really comes, not what is announced.
    from.take(length as u64).read_to_end(&mut bytes)?;
    if bytes.len() < length {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    Ok(Some(bytes))
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
}
