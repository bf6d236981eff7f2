//! One connection: its requests in order, each routed and answered.

use super::{
    SeenRequest, Shared,
    api::{Api, Part},
    http::{self, Request},
    lock, message,
    scenario::{DropAt, HttpError, RequestKind, Turn},
};
use serde_json::{Value, json};
use std::{
    io::{self, BufReader},
    net::{Shutdown, TcpStream},
    sync::Arc,
    time::Duration,
};

pub(super) struct Connection {
    reader: BufReader<TcpStream>,
    stream: TcpStream,
    shared: Arc<Shared>,
}

impl Connection {
    pub(super) fn new(stream: TcpStream, shared: Arc<Shared>) -> io::Result<Self> {
        stream.set_nodelay(true)?;
        Ok(Self {
            reader: BufReader::new(stream.try_clone()?),
            stream,
            shared,
        })
    }

    /// Answers until the client goes away. The socket is shut down in any case: the server keeps a copy of it.
    pub(super) fn serve(mut self) -> io::Result<()> {
        let served = self.answer_all();
        let _ = self.stream.shutdown(Shutdown::Both);
        served
    }

    fn answer_all(&mut self) -> io::Result<()> {
        while let Some(request) = Request::read(&mut self.reader)? {
            self.answer(&request)?;
            if request.closes() {
                break;
            }
        }
        Ok(())
    }

    fn answer(&mut self, request: &Request) -> io::Result<()> {
        let body: Value = serde_json::from_slice(&request.body).unwrap_or_default();
        let api = Api::of(request);
        let body = api.map_or_else(|| body.clone(), |api| api.body(request, body.clone()));
        let kind = api.map(|api| api.kind(request, &body));
        self.shared
            .note(seen(request, &body, kind, self.shared.started.elapsed()));
        if let (Some(api), Some(kind)) = (api, kind) {
            return self.answer_turn(api, request, &body, kind);
        }
        let route = request.route();
        let tokens = (request.body.len() / 4).max(1);
        match request.method.as_str() {
            "POST" if route.ends_with("/v1/messages/count_tokens") => {
                self.json(200, &json!({"input_tokens": tokens}), &[])
            }
            "POST" if route.ends_with(":countTokens") => self.json(200, &json!({"totalTokens": tokens}), &[]),
            "HEAD" => self.head_only(),
            "GET" if route.ends_with("/models") => self.json(200, &models(), &[]),
            "GET" if route == "/" => self.json(200, &json!({"ok": true}), &[]),
            _ => self.json(404, &api_error("not_found_error", route), &[]),
        }
    }

    fn answer_turn(
        &mut self,
        api: Api,
        request: &Request,
        body: &Value,
        kind: RequestKind,
    ) -> io::Result<()> {
        let side = api.side_text(body);
        let picked = lock(&self.shared.play).pick(body, kind, side.as_deref());
        let turn = match picked {
            Ok(turn) => turn,
            Err(why) => return self.json(400, &api_error("invalid_request_error", &why), &[]),
        };
        self.shared.sleep(turn.delay_ms);
        if turn.drop == Some(DropAt::Place("before".into())) {
            return self.cut();
        }
        if let Some(error) = &turn.error {
            return self.http_error(api, error);
        }
        let model = body["model"].as_str().unwrap_or("scripted");
        if api.streams(request, body) {
            return self.stream(api, &turn, model);
        }
        self.json(200, &api.whole(&turn, model), &[])
    }

    fn stream(&mut self, api: Api, turn: &Turn, model: &str) -> io::Result<()> {
        let head = [
            ("content-type", "text/event-stream; charset=utf-8"),
            ("cache-control", "no-cache"),
            ("request-id", &message::fresh_name("req_")),
            ("transfer-encoding", "chunked"),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()));
        http::write_head(&mut self.stream, 200, &head)?;
        if turn.drop == Some(DropAt::Place("after_head".into())) {
            return self.cut();
        }
        for (number, frame) in api.frames(turn, model).into_iter().enumerate() {
            if turn.drop == Some(DropAt::Events(number)) {
                return self.cut();
            }
            if frame.part == Part::End {
                self.shared.sleep(turn.hang_ms);
            }
            http::write_chunk(&mut self.stream, frame.text.as_bytes())?;
            if frame.part == Part::Delta {
                self.shared.sleep(turn.chunk_delay_ms);
            }
        }
        http::write_chunk(&mut self.stream, b"")
    }

    fn http_error(&mut self, api: Api, error: &HttpError) -> io::Result<()> {
        let headers: Vec<_> = error
            .headers
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        self.json(error.status, &api.error(error), &headers)
    }

    fn json(&mut self, status: u16, body: &Value, headers: &[(&str, &str)]) -> io::Result<()> {
        let body = body.to_string();
        let mut head = vec![
            ("content-type".to_owned(), "application/json".to_owned()),
            ("content-length".to_owned(), body.len().to_string()),
            ("request-id".to_owned(), message::fresh_name("req_")),
        ];
        head.extend(
            headers
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned())),
        );
        http::write_head(&mut self.stream, status, &head)?;
        io::Write::write_all(&mut self.stream, body.as_bytes())
    }

    fn head_only(&mut self) -> io::Result<()> {
        let head = [("content-length".to_owned(), "0".to_owned())];
        http::write_head(&mut self.stream, 200, &head)
    }

    /// Closes without a clean end: a reset where the system allows it.
    fn cut(&mut self) -> io::Result<()> {
        let _ = rustix::net::sockopt::set_socket_linger(&self.stream, Some(Duration::ZERO));
        self.stream.shutdown(Shutdown::Both)?;
        Err(io::Error::new(
            io::ErrorKind::ConnectionAborted,
            "cut by the script",
        ))
    }
}

fn seen(request: &Request, body: &Value, kind: Option<RequestKind>, after: Duration) -> SeenRequest {
    let credentials = ["x-api-key", "authorization", "x-goog-api-key"]
        .into_iter()
        .filter(|name| request.header(name).is_some());
    SeenRequest {
        method: request.method.clone(),
        path: request.path.clone(),
        kind,
        body: body.clone(),
        credentials: credentials.map(str::to_owned).collect(),
        after,
    }
}

fn api_error(kind: &str, message: &str) -> Value {
    json!({"type": "error", "error": {"type": kind, "message": message}})
}

fn models() -> Value {
    let names = [
        "claude-opus-scripted",
        "claude-sonnet-scripted",
        "claude-haiku-scripted",
    ];
    let models = names
        .map(|name| json!({"type": "model", "object": "model", "id": name, "display_name": name, "created_at": "2026-01-01T00:00:00Z"}));
    json!({"object": "list", "data": models, "has_more": false, "first_id": names[0], "last_id": names[2]})
}
