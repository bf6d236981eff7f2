//! The envelope around every stored row, and the only place that names bincode.
//!
//! `[magic u8][kind u8][schema u16 LE][checksum u32 LE][payload]`. The schema says which stored struct the payload
//! is, so bytes of one version are never read as another; all bytes must be consumed, and decoding has a limit, for
//! without one nine crafted bytes abort the process. This module knows nothing of tables and entities.

use crate::rows::Kind;
use serde::{Serialize, de::DeserializeOwned};
use thiserror::Error;
use xxhash_rust::xxh3::xxh3_64_with_seed;

/// First byte of every row.
const MAGIC: u8 = 0xA7;
/// Bytes before the payload.
const HEADER_BYTES: usize = 8;
/// Longest payload that is written.
pub(crate) const ROW_LIMIT_BYTES: usize = 8 << 20;
/// What decoding may claim: bincode counts up to nine bytes for a one-byte integer, so this is above nine rows.
const DECODE_LIMIT_BYTES: usize = 96 << 20;

/// Why a row could not be written or read.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub(crate) enum CodecError {
    /// Fewer bytes than a header, or another first byte.
    #[error("the row has no envelope")]
    NoEnvelope,
    /// A row of another table.
    #[error("the row is of kind {found}, not {wanted}")]
    OtherKind { found: u8, wanted: u8 },
    /// A bit flipped.
    #[error("the row's checksum is wrong")]
    Checksum,
    /// Written by a newer version.
    #[error("the row has schema {0}, which this version does not know")]
    UnknownSchema(u16),
    /// The row is of another entity than its key says.
    #[error("the row does not belong to its key")]
    OtherKey,
    /// Bytes are left over.
    #[error("{0} bytes are left over")]
    LeftOver(usize),
    /// The row would be longer than rows may be.
    #[error("the row has {0} bytes, more than the {ROW_LIMIT_BYTES} that a row may have")]
    TooLong(usize),
    /// In bincode's words.
    #[error("{0}")]
    Bincode(String),
}

/// A row in its envelope.
pub(crate) fn seal<T: Serialize>(kind: Kind, schema: u16, row: &T) -> Result<Vec<u8>, CodecError> {
    let payload = bincode::serde::encode_to_vec(row, bincode::config::standard())
        .map_err(|error| CodecError::Bincode(error.to_string()))?;
    if payload.len() > ROW_LIMIT_BYTES {
        return Err(CodecError::TooLong(payload.len()));
    }
    let mut bytes = Vec::with_capacity(HEADER_BYTES + payload.len());
    bytes.push(MAGIC);
    bytes.push(kind as u8);
    bytes.extend_from_slice(&schema.to_le_bytes());
    bytes.extend_from_slice(&checksum(kind as u8, schema, &payload).to_le_bytes());
    bytes.extend_from_slice(&payload);
    Ok(bytes)
}

/// Schema and payload of a row, checked.
pub(crate) fn unseal(kind: Kind, bytes: &[u8]) -> Result<(u16, &[u8]), CodecError> {
    let (&[MAGIC, found, schema_low, schema_high, sum_0, sum_1, sum_2, sum_3], payload) = bytes
        .split_first_chunk::<HEADER_BYTES>()
        .ok_or(CodecError::NoEnvelope)?
    else {
        return Err(CodecError::NoEnvelope);
    };
    let schema = u16::from_le_bytes([schema_low, schema_high]);
    if checksum(found, schema, payload) != u32::from_le_bytes([sum_0, sum_1, sum_2, sum_3]) {
        return Err(CodecError::Checksum);
    }
    if found != kind as u8 {
        return Err(CodecError::OtherKind {
            found,
            wanted: kind as u8,
        });
    }
    Ok((schema, payload))
}

/// The struct in a payload; every byte has to belong to it.
pub(crate) fn decode<T: DeserializeOwned>(payload: &[u8]) -> Result<T, CodecError> {
    let config = bincode::config::standard().with_limit::<DECODE_LIMIT_BYTES>();
    let (row, used) = bincode::serde::decode_from_slice(payload, config)
        .map_err(|error| CodecError::Bincode(error.to_string()))?;
    match payload.len() - used {
        0 => Ok(row),
        left => Err(CodecError::LeftOver(left)),
    }
}

/// Covers kind and schema too, so a row cannot be read as another kind's or version's.
fn checksum(kind: u8, schema: u16, payload: &[u8]) -> u32 {
    let seed = u64::from(kind) << 16 | u64::from(schema);
    (xxh3_64_with_seed(payload, seed) & u64::from(u32::MAX)) as u32
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_length_that_would_take_all_memory_is_an_error() {
        let bomb = [0xfd, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x0f];
        assert!(matches!(decode::<String>(&bomb), Err(CodecError::Bincode(_))));
        assert!(matches!(decode::<Vec<u64>>(&bomb), Err(CodecError::Bincode(_))));
    }

    #[test]
    fn a_row_of_the_longest_size_is_read_back_and_a_longer_one_refused() {
        let longest = vec![7u64; ROW_LIMIT_BYTES - 5];
        let bytes = seal(Kind::Task, 1, &longest).unwrap();
        let (_, payload) = unseal(Kind::Task, &bytes).unwrap();
        assert_eq!(payload.len(), ROW_LIMIT_BYTES);
        assert_eq!(decode::<Vec<u64>>(payload).unwrap(), longest);
        let longer = vec![7u64; ROW_LIMIT_BYTES - 4];
        assert_eq!(
            seal(Kind::Task, 1, &longer),
            Err(CodecError::TooLong(ROW_LIMIT_BYTES + 1))
        );
    }

    #[test]
    fn bytes_left_over_are_an_error_not_a_shorter_row() {
        assert_eq!(decode::<u8>(&[1, 2, 3]), Err(CodecError::LeftOver(2)));
    }

    #[test]
    fn a_row_cannot_pass_for_another_kinds_row() {
        let bytes = seal(Kind::Task, 1, &5u32).unwrap();
        assert_eq!(
            unseal(Kind::Label, &bytes),
            Err(CodecError::OtherKind {
                found: Kind::Task as u8,
                wanted: Kind::Label as u8
            })
        );
        let mut relabelled = bytes;
        relabelled[1] = Kind::Label as u8;
        assert_eq!(unseal(Kind::Label, &relabelled), Err(CodecError::Checksum));
    }

    proptest! {
        #[test]
        fn any_flipped_bit_is_noticed(text in ".{0,40}", at in any::<prop::sample::Index>(), bit in 0u8..8) {
            let mut bytes = seal(Kind::Task, 1, &text).unwrap();
            let at = at.index(bytes.len());
            bytes[at] ^= 1 << bit;
            prop_assert!(unseal(Kind::Task, &bytes).is_err());
        }
    }
}
