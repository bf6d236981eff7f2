//! Just enough HTTP/1.1: requests from a connection, responses whole or in chunks, keep-alive.
//!
//! Owns the wire. Knows no routes.

use std::io::{self, BufRead, Read, Write};

const MAX_HEAD_BYTES: u64 = 1024 * 1024;
const MAX_BODY_BYTES: u64 = 256 * 1024 * 1024;

/// A request.
#[derive(Debug)]
pub struct Request {
    /// `GET`, `POST` …
    pub method: String,
    /// With its query.
    pub path: String,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
    /// The whole body.
    pub body: Vec<u8>,
}

impl Request {
    /// Reads the next request of a connection; `None` when the other side closed it.
    pub fn read(from: &mut (impl BufRead + Peer)) -> io::Result<Option<Self>> {
        let Some(first) = read_line(from)? else {
            return Ok(None);
        };
        let mut words = first.split_whitespace();
        let (Some(method), Some(path)) = (words.next(), words.next()) else {
            return Err(broken("not a request line"));
        };
        let mut request = Self {
            method: method.to_owned(),
            path: path.to_owned(),
            headers: read_headers(from)?,
            body: Vec::new(),
        };
        if request.header("expect").is_some() {
            from.write_to_peer(b"HTTP/1.1 100 Continue\r\n\r\n")?;
        }
        request.body = read_body(from, &request)?;
        Ok(Some(request))
    }
    /// A header by its name in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(found, _)| found == name)
            .map(|(_, value)| value.as_str())
    }
    /// The path without its query.
    pub fn route(&self) -> &str {
        self.path.split('?').next().unwrap_or_default()
    }
    /// The other side closes the connection after the response.
    pub fn closes(&self) -> bool {
        self.header("connection")
            .is_some_and(|value| value.eq_ignore_ascii_case("close"))
    }
}

/// A reader whose other direction can be written, for `100 Continue`.
pub trait Peer {
    /// Writes to the peer.
    fn write_to_peer(&mut self, bytes: &[u8]) -> io::Result<()>;
}
impl Peer for io::BufReader<std::net::TcpStream> {
    fn write_to_peer(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.get_mut().write_all(bytes)
    }
}

fn broken(why: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, why)
}

fn read_line(from: &mut impl BufRead) -> io::Result<Option<String>> {
    let mut line = Vec::new();
    from.take(MAX_HEAD_BYTES).read_until(b'\n', &mut line)?;
    if line.is_empty() {
        return Ok(None);
    }
    let line = String::from_utf8_lossy(&line);
    Ok(Some(line.trim_end_matches(['\r', '\n']).to_owned()))
}

fn read_headers(from: &mut impl BufRead) -> io::Result<Vec<(String, String)>> {
    let mut headers = Vec::new();
    loop {
        let line = read_line(from)?.ok_or_else(|| broken("the head is cut"))?;
        if line.is_empty() {
            return Ok(headers);
        }
        if let Some((name, value)) = line.split_once(':') {
            headers.push((name.trim().to_ascii_lowercase(), value.trim().to_owned()));
        }
    }
}

fn read_body(from: &mut impl BufRead, request: &Request) -> io::Result<Vec<u8>> {
    let mut body = Vec::new();
    let chunked = request
        .header("transfer-encoding")
        .is_some_and(|value| value.to_ascii_lowercase().contains("chunked"));
    if !chunked {
        let length = request
            .header("content-length")
            .map_or(Ok(0), str::parse)
            .map_err(|_| broken("content-length is not a number"))?;
        read_exactly(from, length, &mut body)?;
        return Ok(body);
    }
    loop {
        let size = read_line(from)?.ok_or_else(|| broken("a chunk is cut"))?;
        let size = size.split(';').next().unwrap_or_default().trim();
        let size = u64::from_str_radix(size, 16).map_err(|_| broken("a chunk has no size"))?;
        if size == 0 {
            read_headers(from)?;
            return Ok(body);
        }
        read_exactly(from, size, &mut body)?;
        read_line(from)?;
    }
}

fn read_exactly(from: &mut impl BufRead, length: u64, body: &mut Vec<u8>) -> io::Result<()> {
    if length > MAX_BODY_BYTES {
        return Err(broken("the body is too large"));
    }
    let read = from.take(length).read_to_end(body)?;
    if (read as u64) < length {
        return Err(broken("the body is cut"));
    }
    Ok(())
}

/// Writes a head: `headers` end up after the usual ones.
pub fn write_head(to: &mut impl Write, status: u16, headers: &[(String, String)]) -> io::Result<()> {
    let mut head = format!("HTTP/1.1 {status} {}\r\n", reason(status));
    for (name, value) in headers {
        head += &format!("{name}: {value}\r\n");
    }
    to.write_all(format!("{head}\r\n").as_bytes())?;
    to.flush()
}

/// Writes one chunk of a chunked body; an empty one ends it.
pub fn write_chunk(to: &mut impl Write, bytes: &[u8]) -> io::Result<()> {
    let mut chunk = format!("{:x}\r\n", bytes.len()).into_bytes();
    chunk.extend_from_slice(bytes);
    chunk.extend_from_slice(b"\r\n");
    to.write_all(&chunk)?;
    to.flush()
}

fn reason(status: u16) -> &'static str {
    match status {
        200 => "OK",
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        429 => "Too Many Requests",
        _ => "Scripted",
    }
}
