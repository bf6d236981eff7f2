//! The lines' envelope, and the lines we write. JSON-RPC without its version member.

use crate::protocols::json::Text;
use serde::Deserialize;
use serde_json::{Value, json, value::RawValue};

/// Any line. Parts stay as they came.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Envelope<'a> {
    #[serde(borrow)]
    pub(super) id: Option<&'a RawValue>,
    #[serde(borrow)]
    pub(super) method: Text<'a>,
    #[serde(borrow)]
    pub(super) params: Option<&'a RawValue>,
    #[serde(borrow)]
    pub(super) result: Option<&'a RawValue>,
    #[serde(borrow)]
    pub(super) error: Option<&'a RawValue>,
}

impl Envelope<'_> {
    /// The parameters; `None` when they are there and cannot be read.
    pub(super) fn params(&self) -> Option<Value> {
        match self.params {
            Some(params) => serde_json::from_str(params.get()).ok(),
            None => Some(Value::Null),
        }
    }
}

pub(super) fn request(id: u64, method: &str, params: &Value) -> Value {
    json!({"id": id, "method": method, "params": params})
}

pub(super) fn notification(method: &str) -> Value {
    json!({"method": method})
}

pub(super) fn result(id: &RawValue, result: &Value) -> Value {
    json!({"id": id, "result": result})
}

/// The answer to a request that we do not serve. Without one the turn would wait for ever.
pub(super) fn not_served(id: &RawValue) -> Value {
    json!({"id": id, "error": {"code": -32601, "message": "Anyon does not serve this request"}})
}
