//! What the app and its supervisor say to each other. The plan goes through the socket, never through arguments or the
//! environment of the supervisor: those can be seen by others.

use anyon_model::ExitStatus;
use std::{
    ffi::{OsStr, OsString},
    os::unix::ffi::{OsStrExt, OsStringExt},
};

/// One of these bytes asks the supervisor for something.
pub(super) const TERM: u8 = b't';
pub(super) const KILL: u8 = b'k';

/// The first message: the length of the plan. The three pipes ride on it.
pub(super) const HEAD_LENGTH: usize = 4;

/// A plan longer than this is damage: the system takes at most a few MiB of arguments and environment.
pub(super) const MAX_PLAN: usize = 64 << 20;

/// What the supervisor starts.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Order {
    /// Value of the mark.
    pub(super) execution: OsString,
    pub(super) program: OsString,
    pub(super) folder: OsString,
    pub(super) args: Vec<OsString>,
    pub(super) environment: Vec<(OsString, OsString)>,
}

impl Order {
    pub(super) fn encode(&self) -> Vec<u8> {
        let mut out = Vec::new();
        for text in [&self.execution, &self.program, &self.folder] {
            put(&mut out, text);
        }
        put_length(&mut out, self.args.len());
        self.args.iter().for_each(|text| put(&mut out, text));
        put_length(&mut out, self.environment.len());
        for (name, value) in &self.environment {
            put(&mut out, name);
            put(&mut out, value);
        }
        out
    }

    pub(super) fn decode(mut bytes: &[u8]) -> Option<Self> {
        let from = &mut bytes;
        let (execution, program, folder) = (take(from)?, take(from)?, take(from)?);
        let args = (0..take_length(from)?)
            .map(|_| take(from))
            .collect::<Option<_>>()?;
        let pairs = 0..take_length(from)?;
        let environment = pairs
            .map(|_| Some((take(from)?, take(from)?)))
            .collect::<Option<_>>()?;
        from.is_empty().then_some(Self {
            execution,
            program,
            folder,
            args,
            environment,
        })
    }
}

fn put_length(out: &mut Vec<u8>, length: usize) {
    out.extend(u32::try_from(length).unwrap_or(u32::MAX).to_le_bytes());
}

fn put(out: &mut Vec<u8>, text: &OsStr) {
    put_length(out, text.len());
    out.extend(text.as_bytes());
}

fn take_length(from: &mut &[u8]) -> Option<u32> {
    let (head, rest) = from.split_first_chunk()?;
    *from = rest;
    Some(u32::from_le_bytes(*head))
}

fn take(from: &mut &[u8]) -> Option<OsString> {
    let length = usize::try_from(take_length(from)?).ok()?;
    let (text, rest) = from.split_at_checked(length)?;
    *from = rest;
    Some(OsString::from_vec(text.to_vec()))
}

/// What the supervisor tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Report {
    /// The agent runs.
    Started { pid: u32, start_time: u64 },
    /// It could not be started: the system's error number.
    Refused { errno: i32 },
    /// The agent itself has ended.
    Exited(ExitStatus),
    /// Everything has ended but `left` processes. The last report.
    Gone { left: u32 },
}

/// Every report has this length.
pub(super) const REPORT_LENGTH: usize = 13;

impl Report {
    pub(super) fn encode(self) -> [u8; REPORT_LENGTH] {
        let (tag, first, second) = match self {
            Self::Started { pid, start_time } => (1, pid, start_time),
            Self::Refused { errno } => (2, errno.cast_unsigned(), 0),
            Self::Exited(ExitStatus::Code { code }) => (3, code.cast_unsigned(), 0),
            Self::Exited(ExitStatus::Signal { signal }) => (4, signal.cast_unsigned(), 0),
            Self::Exited(ExitStatus::Unknown) => (5, 0, 0),
            Self::Gone { left } => (6, left, 0),
        };
        let mut out = [0; REPORT_LENGTH];
        out[0] = tag;
        out[1..5].copy_from_slice(&first.to_le_bytes());
        out[5..].copy_from_slice(&second.to_le_bytes());
        out
    }

    pub(super) fn decode(bytes: &[u8; REPORT_LENGTH]) -> Option<Self> {
        let (tag, rest) = bytes.split_first()?;
        let (first, second) = rest.split_first_chunk()?;
        let first = u32::from_le_bytes(*first);
        let start_time = u64::from_le_bytes(second.try_into().ok()?);
        Some(match tag {
            1 => Self::Started {
                pid: first,
                start_time,
            },
            2 => Self::Refused {
                errno: first.cast_signed(),
            },
            3 => Self::Exited(ExitStatus::Code {
                code: first.cast_signed(),
            }),
            4 => Self::Exited(ExitStatus::Signal {
                signal: first.cast_signed(),
            }),
            5 => Self::Exited(ExitStatus::Unknown),
            6 => Self::Gone { left: first },
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_order_comes_out_as_it_went_in() {
        let order = Order {
            execution: "x".into(),
            program: "/bin/agent".into(),
            folder: OsString::from_vec(vec![b'/', 0xff]),
            args: vec!["--flag".into(), "".into(), "line\nline".into()],
            environment: vec![("A".into(), "1".into()), ("B".into(), "".into())],
        };
        let bytes = order.encode();
        assert_eq!(Order::decode(&bytes), Some(order));
        for cut in 0..bytes.len() {
            assert_eq!(Order::decode(&bytes[..cut]), None, "cut after {cut} bytes");
        }
    }

    #[test]
    fn reports_come_out_as_they_went_in() {
        for report in [
            Report::Started {
                pid: 7,
                start_time: u64::MAX - 3,
            },
            Report::Refused { errno: 2 },
            Report::Exited(ExitStatus::Code { code: -1 }),
            Report::Exited(ExitStatus::Signal { signal: 9 }),
            Report::Exited(ExitStatus::Unknown),
            Report::Gone { left: 3 },
        ] {
            assert_eq!(Report::decode(&report.encode()), Some(report));
        }
        assert_eq!(Report::decode(&[9; REPORT_LENGTH]), None);
    }
}
