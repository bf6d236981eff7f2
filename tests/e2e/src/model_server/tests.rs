//! The model server over real sockets.

use super::ModelServer;
use serde_json::{Value, json};
use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    time::{Duration, Instant},
};

fn connect(server: &ModelServer) -> BufReader<TcpStream> {
    let stream = TcpStream::connect(("127.0.0.1", server.port())).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
    BufReader::new(stream)
}

fn ask(client: &mut BufReader<TcpStream>, path: &str, body: &Value) {
    let body = body.to_string();
    let head = format!(
        "POST {path} HTTP/1.1\r\nHost: x\r\nx-api-key: sk-secret\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    client.get_mut().write_all((head + &body).as_bytes()).unwrap();
}

fn prompt(text: &str, stream: bool) -> Value {
    json!({"model": "m", "stream": stream, "tools": [{"name": "Bash"}],
        "messages": [{"role": "user", "content": text}]})
}

/// The status and the body of the next response.
fn answer(client: &mut BufReader<TcpStream>) -> (u16, String) {
    let mut line = String::new();
    client.read_line(&mut line).unwrap();
    let status = line.split(' ').nth(1).unwrap().parse().unwrap();
    let (mut length, mut chunked) = (0, false);
    loop {
        let mut header = String::new();
        client.read_line(&mut header).unwrap();
        match header.trim_end().split_once(": ") {
            None => break,
            Some(("content-length", value)) => length = value.parse().unwrap(),
            Some(("transfer-encoding", _)) => chunked = true,
            Some(_) => {}
        }
    }
    let mut body = Vec::new();
    if !chunked {
        client.take(length).read_to_end(&mut body).unwrap();
    }
    while chunked {
        let mut size = String::new();
        client.read_line(&mut size).unwrap();
        let size = u64::from_str_radix(size.trim_end(), 16).unwrap();
        client.take(size).read_to_end(&mut body).unwrap();
        client.read_line(&mut String::new()).unwrap();
        chunked = size > 0;
    }
    (status, String::from_utf8(body).unwrap())
}

#[test]
fn one_connection_takes_several_requests_whole_streamed_and_refused() {
    let scenario = json!({"turns": [
        {"text": "whole"},
        {"text": "streamed", "chunk": 2},
        {"error": {"status": 429, "type": "rate_limit_error", "headers": {"retry-after": "1"}}},
    ]});
    let server = ModelServer::start(scenario, &[]).unwrap();
    let mut client = connect(&server);
    ask(&mut client, "/v1/messages?beta=true", &prompt("one", false));
    let (status, body) = answer(&mut client);
    assert!(status == 200 && body.contains(r#""text":"whole""#), "{body}");
    ask(&mut client, "/v1/messages", &prompt("two", true));
    let (_, body) = answer(&mut client);
    assert!(
        body.contains("event: message_start") && body.contains(r#""text":"st""#),
        "{body}"
    );
    assert!(body.trim_end().ends_with(r#"{"type":"message_stop"}"#), "{body}");
    ask(&mut client, "/v1/messages", &prompt("three", true));
    let (status, body) = answer(&mut client);
    assert!(status == 429 && body.contains("rate_limit_error"), "{body}");
    ask(&mut client, "/v1/messages/count_tokens", &prompt("four", false));
    assert!(answer(&mut client).1.contains("input_tokens"));
}

#[test]
fn requests_are_kept_without_their_keys() {
    let server = ModelServer::start(json!({"turns": [{"text": "hi"}]}), &[]).unwrap();
    let mut client = connect(&server);
    ask(&mut client, "/v1/messages", &prompt("the reason", false));
    let seen = server.wait_for(Duration::from_secs(5), |r| {
        r.last_message().contains("the reason")
    });
    let seen = seen.unwrap();
    assert_eq!(seen.credentials, ["x-api-key"]);
    assert!(!format!("{seen:?}").contains("sk-secret"));
    assert!(
        server
            .wait_for(Duration::from_millis(20), |r| r.path == "/no")
            .is_none()
    );
}

#[test]
fn a_connection_is_cut_where_the_script_says() {
    let server = ModelServer::start(
        json!({"turns": [{"drop": "before"}, {"drop": 3, "text": "long"}]}),
        &[],
    );
    let server = server.unwrap();
    let mut client = connect(&server);
    ask(&mut client, "/v1/messages", &prompt("one", true));
    let mut nothing = Vec::new();
    let _ = client.read_to_end(&mut nothing);
    assert!(nothing.is_empty());
    let mut client = connect(&server);
    ask(&mut client, "/v1/messages", &prompt("two", true));
    let mut cut = Vec::new();
    let _ = client.read_to_end(&mut cut);
    assert_eq!(String::from_utf8(cut).unwrap().matches("event: ").count(), 3);
}

#[test]
fn a_server_that_is_dropped_ends_a_scripted_silence() {
    let server = ModelServer::start(json!({"turns": [{"text": "x", "hang_ms": 60_000}]}), &[]).unwrap();
    let mut client = connect(&server);
    ask(&mut client, "/v1/messages", &prompt("one", true));
    assert!(server.wait_for(Duration::from_secs(5), |_| true).is_some());
    let begun = Instant::now();
    drop(server);
    let _ = client.read_to_end(&mut Vec::new());
    assert!(begun.elapsed() < Duration::from_secs(5));
}
