//! The files of an attempt, found by a part of their path.

use super::{Nature, Verb};
use crate::{
    call::{Call, unexpected},
    page,
};
use anyon_model::{Answer, Problem, ProblemCode, Query};
use rmcp::schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Bytes of what is searched for. No path is longer, and each letter costs work on every file.
const LONGEST: usize = 4_096;

/// Finds files.
pub struct SearchFiles;

#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(crate = "rmcp::schemars")]
pub struct Sought {
    attempt_id: String,
    /// Part of the path, or letters of it in order
    query: String,
    /// 1–200, default 50
    limit: Option<u32>,
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(crate = "rmcp::schemars")]
pub struct Found {
    paths: Vec<String>,
    count: usize,
}

impl Verb for SearchFiles {
    type Input = Sought;
    type Output = Found;
    const NAME: &'static str = "search_files";
    const ABOUT: &'static str = "Find files of an attempt by path, best match first";
    const NATURE: Nature = Nature::Reads;

    async fn run(sought: Sought, call: &Call) -> Result<Found, Problem> {
        if sought.query.len() > LONGEST {
            let title = "This is longer than any path";
            return Err(Problem::new(ProblemCode::InvalidRequest, title).hint("Give a part of the path"));
        }
        let query = Query::Files {
            attempt_id: call.attempt_id(&sought.attempt_id).await?,
            typed: sought.query,
            limit: u32::try_from(page::limit(sought.limit)).unwrap_or(u32::MAX),
        };
        let Answer::Files(paths) = call.query(query).await? else {
            return Err(unexpected());
        };
        Ok(Found {
            count: paths.len(),
            paths: paths.to_vec(),
        })
    }
}
