//! The languages of models: which one a request speaks, and what a turn is in it.
//!
//! One language a file; here is the list. Writes to no socket.

use super::{
    chat, gemini,
    http::Request,
    message, responses,
    scenario::{HttpError, RequestKind, Turn},
};
use serde_json::{Value, json};

/// The language of a request to a model.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Api {
    /// Anthropic's Messages.
    Messages,
    /// OpenAI's Chat Completions.
    Chat,
    /// OpenAI's Responses.
    Responses,
    /// Google's `generateContent`.
    Gemini,
}

/// One event of a stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frame {
    /// As it goes over the wire.
    pub text: String,
    /// What it is to the script.
    pub part: Part,
}

/// What an event is to the script.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Something before or between the deltas.
    Other,
    /// A piece of the answer, after which there may be a pause.
    Delta,
    /// The last one, before which there may be a silence.
    End,
}

impl Frame {
    /// An event without a name, as most languages have them.
    pub fn plain(fields: &Value, part: Part) -> Self {
        let text = format!("data: {fields}\n\n");
        Self { text, part }
    }
}

impl Api {
    /// The language of a request; `None`: it asks no model.
    pub fn of(request: &Request) -> Option<Self> {
        let route = request.route();
        if request.method != "POST" {
            None
        } else if route.ends_with("/v1/messages") {
            Some(Self::Messages)
        } else if route.ends_with("/chat/completions") {
            Some(Self::Chat)
        } else if route.ends_with("/responses") {
            Some(Self::Responses)
        } else if gemini::asked_model(route).is_some() {
            Some(Self::Gemini)
        } else {
            None
        }
    }

    /// The body with the name of the model in it, wherever it was told.
    pub fn body(self, request: &Request, mut body: Value) -> Value {
        if let (Self::Gemini, Some(model)) = (self, gemini::asked_model(request.route()))
            && body.is_object()
        {
            body["model"] = json!(model);
        }
        body
    }

    /// Who asks.
    pub fn kind(self, request: &Request, body: &Value) -> RequestKind {
        let beside = match self {
            Self::Messages | Self::Responses => false,
            Self::Chat => body.get("response_format").is_some(),
            Self::Gemini => gemini::wanted_form(body).is_some() || !gemini::offers_tools(body),
        };
        if beside {
            return RequestKind::Side;
        }
        RequestKind::of(body, request.header("x-claude-code-agent-id").is_some())
    }

    /// What is said beside the conversation where the script says nothing.
    pub fn side_text(self, body: &Value) -> Option<String> {
        match self {
            Self::Gemini => {
                Some(gemini::wanted_form(body).map_or("ok".to_owned(), gemini::smallest_instance))
            }
            Self::Messages | Self::Chat | Self::Responses => None,
        }
    }

    /// The answer is to be a stream.
    pub fn streams(self, request: &Request, body: &Value) -> bool {
        match self {
            Self::Gemini => request.route().ends_with(":streamGenerateContent"),
            Self::Messages | Self::Chat | Self::Responses => body["stream"] == Value::Bool(true),
        }
    }

    /// A turn in one piece.
    pub fn whole(self, turn: &Turn, model: &str) -> Value {
        match self {
            Self::Messages => message::message(turn, model),
            Self::Chat => chat::completion(turn, model),
            Self::Responses => responses::response(turn, model),
            Self::Gemini => gemini::content(turn, model),
        }
    }

    /// A turn as a stream.
    pub fn frames(self, turn: &Turn, model: &str) -> Vec<Frame> {
        match self {
            Self::Messages => message::frames(turn, model),
            Self::Chat => chat::frames(turn, model),
            Self::Responses => responses::frames(turn, model),
            Self::Gemini => gemini::frames(turn, model),
        }
    }

    /// A refusal.
    pub fn error(self, error: &HttpError) -> Value {
        let HttpError {
            status,
            kind,
            message,
            ..
        } = error;
        match self {
            Self::Messages => json!({"type": "error", "error": {"type": kind, "message": message}}),
            Self::Chat | Self::Responses => {
                json!({"error": {"message": message, "type": kind, "code": kind, "param": null}})
            }
            Self::Gemini => json!({"error": {"code": status, "message": message, "status": kind}}),
        }
    }
}

/// The last message of a conversation in any language: the prompt, or the results of tools.
pub fn last_message(body: &Value) -> String {
    let messages = ["messages", "contents", "input"].map(|name| body[name].as_array());
    let messages = messages.into_iter().flatten().next();
    messages
        .and_then(|messages| messages.last())
        .map_or_else(String::new, Value::to_string)
}
