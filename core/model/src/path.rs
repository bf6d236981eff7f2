//! File paths as the operating system gave them: bytes until something shows them.

use crate::bytes;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::{
    ffi::OsString,
    fmt,
    path::{Path, PathBuf},
};

/// A path. In JSON it is a string when it is valid UTF-8 and an array of bytes when it is not, so nothing is lost.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct FilePath(PathBuf);

impl FilePath {
    /// The path for the file system.
    pub fn as_path(&self) -> &Path {
        &self.0
    }
    /// The bytes of the path (on Windows its UTF-8 form).
    pub fn to_bytes(&self) -> Vec<u8> {
        self.0.as_os_str().as_encoded_bytes().to_vec()
    }
    /// The path with these bytes. On Windows bytes that are not UTF-8 are replaced.
    pub fn from_bytes(bytes: Vec<u8>) -> Self {
        Self(PathBuf::from(os_string(bytes)))
    }
    /// The path on one line: as it is where nothing in it can mislead, else in quotes with escapes, as git writes it.
    pub fn quoted(&self) -> String {
        let bytes = self.0.as_os_str().as_encoded_bytes();
        match std::str::from_utf8(bytes) {
            Ok(text) if !text.chars().any(misleads) => text.to_owned(),
            _ => quote(bytes),
        }
    }
}

/// Ends or hides a line, or looks like a part of the quotes. A backslash only divides folders on Windows.
fn misleads(c: char) -> bool {
    c.is_control() || c == '"' || (c == '\\' && cfg!(unix))
}

fn quote(bytes: &[u8]) -> String {
    let mut quoted = String::from("\"");
    for part in bytes.utf8_chunks() {
        for c in part.valid().chars() {
            match c {
                '\n' => quoted.push_str("\\n"),
                '\t' => quoted.push_str("\\t"),
                '\r' => quoted.push_str("\\r"),
                '"' | '\\' => quoted.extend(['\\', c]),
                c if c.is_control() => octal(c.encode_utf8(&mut [0; 4]).as_bytes(), &mut quoted),
                c => quoted.push(c),
            }
        }
        octal(part.invalid(), &mut quoted);
    }
    quoted.push('"');
    quoted
}

fn octal(bytes: &[u8], into: &mut String) {
    bytes
        .iter()
        .for_each(|byte| into.push_str(&format!("\\{byte:03o}")));
}

#[cfg(unix)]
fn os_string(bytes: Vec<u8>) -> OsString {
    use std::os::unix::ffi::OsStringExt;
    OsString::from_vec(bytes)
}
#[cfg(not(unix))]
fn os_string(bytes: Vec<u8>) -> OsString {
    OsString::from(String::from_utf8_lossy(&bytes).into_owned())
}

impl From<PathBuf> for FilePath {
    fn from(path: PathBuf) -> Self {
        Self(path)
    }
}
impl From<&Path> for FilePath {
    fn from(path: &Path) -> Self {
        Self(path.to_path_buf())
    }
}
impl From<&str> for FilePath {
    fn from(path: &str) -> Self {
        Self(PathBuf::from(path))
    }
}
impl AsRef<Path> for FilePath {
    fn as_ref(&self) -> &Path {
        &self.0
    }
}
impl fmt::Display for FilePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.display().fmt(f)
    }
}
impl fmt::Debug for FilePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Serialize for FilePath {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        bytes::serialize(&self.to_bytes(), serializer)
    }
}
impl<'de> Deserialize<'de> for FilePath {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        bytes::deserialize(deserializer).map(Self::from_bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[cfg(unix)]
    fn a_name_stays_on_its_line_and_what_is_harmless_stays_readable() {
        let quoted = |bytes: &[u8]| FilePath::from_bytes(bytes.to_vec()).quoted();
        assert_eq!(quoted("src/새 파일.txt".as_bytes()), "src/새 파일.txt");
        assert_eq!(quoted(b"n\n2.txt"), r#""n\n2.txt""#);
        assert_eq!(quoted(b"a\\b\"\t\x1b\xff"), r#""a\\b\"\t\033\377""#);
    }

    #[test]
    fn a_path_that_is_not_utf8_survives_json() {
        let path = FilePath::from_bytes(vec![b'/', b'a', 0xff, b'b']);
        let json = serde_json::to_string(&path).unwrap();
        assert_eq!(json, "[47,97,255,98]");
        assert_eq!(serde_json::from_str::<FilePath>(&json).unwrap(), path);
        assert_eq!(
            serde_json::to_string(&FilePath::from("/a b")).unwrap(),
            "\"/a b\""
        );
    }
}
