//! The server: what the protocol asks, handed to tools, resources and prompts.

use crate::{
    call::{Call, Sight},
    link::{Connect, Link},
    prompts, resources,
    subscriptions::{self, Watched},
    text,
    tools::{self, Entry},
};
use anyon_model::{Problem, ProblemCode};
use rmcp::{
    ErrorData, RoleServer, ServerHandler,
    model::{
        CallToolRequestParams, CallToolResponse, CallToolResult, ContentBlock, GetPromptRequestParams,
        GetPromptResponse, Implementation, ListPromptsResult, ListResourceTemplatesResult,
        ListResourcesResult, ListToolsResult, PaginatedRequestParams, ReadResourceRequestParams,
        ReadResourceResponse, ServerCapabilities, ServerConfig, SubscribeRequestParams, SubscriptionFilter,
        Tool, UnsubscribeRequestParams,
    },
    service::{
        NotificationContext, QuitReason, RequestContext, ServerInitializeError, SubscriptionContext,
        serve_server,
    },
};
use serde_json::json;
use std::sync::Arc;
use tokio::io::{AsyncRead, AsyncWrite};

/// What every client reads first.
const INSTRUCTIONS: &str = "Anyon runs coding agents side by side, each in its own git worktree. The main job: \
     list_projects (or create_project), create_task, create_task_attempt, wait_for_attempt; while it is waiting: \
     answer_approval and wait again; when it is idle: get_attempt_diff, then send_follow_up or merge_attempt. Tasks \
     and attempts are named by id or short id (ANY-12, ANY-12.1).";

/// Why a server could not serve.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The client did not begin as the protocol says.
    #[error("the MCP client did not begin a session: {0}")]
    Begin(String),
    /// The server broke.
    #[error("the MCP server broke: {0}")]
    Broken(String),
}

/// An MCP server.
#[derive(Clone)]
pub struct Server {
    link: Arc<Link>,
    tools: Arc<Vec<Entry>>,
    watched: Arc<Watched>,
    version: &'static str,
}

impl Server {
    /// A server that gets its client from here.
    pub fn new(connect: Arc<Connect>, version: &'static str) -> Self {
        Self {
            link: Arc::new(Link::new(connect)),
            tools: tools::all(),
            watched: Arc::default(),
            version,
        }
    }

    /// Serves a client over standard input and output until it leaves.
    pub async fn serve_stdio(self) -> Result<(), ServeError> {
        let (input, output) = rmcp::transport::stdio();
        self.serve(input, output).await
    }

    /// Serves a client over these until it leaves.
    pub async fn serve<R, W>(self, input: R, output: W) -> Result<(), ServeError>
    where
        R: AsyncRead + Send + Unpin + 'static,
        W: AsyncWrite + Send + Unpin + 'static,
    {
        let running = match serve_server(self, (input, output)).await {
            Ok(running) => running,
            // One that leaves before it said anything is no fault of anybody's.
            Err(ServerInitializeError::ConnectionClosed(_)) => return Ok(()),
            Err(error) => return Err(ServeError::Begin(error.to_string())),
        };
        match running.waiting().await {
            Ok(QuitReason::JoinError(error)) | Err(error) => Err(ServeError::Broken(error.to_string())),
            Ok(_) => Ok(()),
        }
    }

    fn call(&self, context: &RequestContext<RoleServer>) -> Call {
        let token = context.meta.get_progress_token();
        Call::new(
            self.link.clone(),
            client_name(context.client_info()),
            token.map(|token| (context.peer.clone(), token)),
        )
    }

    async fn sight(&self, context: &RequestContext<RoleServer>) -> Result<Sight, ErrorData> {
        self.call(context)
            .sight()
            .await
            .map_err(|problem| refusal(&problem))
    }
}

/// How the client introduced itself, fit to be shown.
fn client_name(info: Option<Implementation>) -> String {
    let name = info
        .map(|info| info.title.unwrap_or(info.name))
        .unwrap_or_default();
    match text::quoted(name.trim()) {
        name if name.is_empty() => "unknown".into(),
        name => name,
    }
}

/// A problem where the protocol has no place for one of a tool.
fn refusal(problem: &Problem) -> ErrorData {
    let said = text::told(&problem.to_string());
    match problem.code {
        ProblemCode::NotFound => ErrorData::resource_not_found(said, None),
        ProblemCode::Internal => ErrorData::internal_error(said, None),
        _ => ErrorData::invalid_params(said, None),
    }
}

/// What a tool could not do, for the model that called it: what was tried, why it failed, what to do.
fn tool_error(problem: &Problem) -> CallToolResult {
    let mut said = json!({"success": false, "error": text::told(&problem.title), "code": problem.code});
    for (key, words) in [("details", &problem.detail), ("hint", &problem.hint)] {
        if !words.is_empty() {
            said[key] = json!(text::told(words));
        }
    }
    CallToolResult::error(vec![ContentBlock::text(said.to_string())])
}

fn cancelled() -> Problem {
    Problem::new(ProblemCode::Cancelled, "The call was cancelled")
        .detail("what it had asked for by then may still be done")
}

impl ServerHandler for Server {
    fn get_info(&self) -> ServerConfig {
        let capabilities = ServerCapabilities::builder()
            .enable_tools()
            .enable_prompts()
            .enable_resources()
            .enable_resources_subscribe()
            .enable_resources_list_changed()
            .build();
        ServerConfig::new(capabilities)
            .with_server_info(Implementation::new("anyon", self.version).with_title("Anyon"))
            .with_instructions(INSTRUCTIONS)
    }

    async fn list_tools(
        &self,
        _request: Option<PaginatedRequestParams>,
        _context: RequestContext<RoleServer>,
    ) -> Result<ListToolsResult, ErrorData> {
        let tools = self.tools.iter().map(|entry| entry.tool.clone()).collect();
        Ok(ListToolsResult::with_all_items(tools))
    }

    fn get_tool(&self, name: &str) -> Option<Tool> {
        let entry = self.tools.iter().find(|entry| entry.tool.name == name);
        entry.map(|entry| entry.tool.clone())
    }

    async fn call_tool(
        &self,
        request: CallToolRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        let Some(entry) = self.tools.iter().find(|entry| entry.tool.name == request.name) else {
            let said = format!(
                "There is no tool “{}”; tools/list names those there are",
                text::quoted(&request.name)
            );
            return Err(ErrorData::invalid_params(said, None));
        };
        let call = self.call(&context);
        let arguments = request.arguments.unwrap_or_default();
        let result = tokio::select! {
            result = entry.call(arguments, &call) => result,
            () = context.ct.cancelled() => Err(cancelled()),
        };
        let result = match result {
            Ok(value) => CallToolResult::structured(value),
            Err(problem) => tool_error(&problem),
        };
        Ok(result.into())
    }

    async fn list_resources(
        &self,
        request: Option<PaginatedRequestParams>,
        context: RequestContext<RoleServer>,
    ) -> Result<ListResourcesResult, ErrorData> {
        let sight = self.sight(&context).await?;
        let cursor = request.and_then(|request| request.cursor);
        resources::list(&sight, cursor).map_err(|problem| refusal(&problem))
    }

    async fn list_resource_templates(
        &self,
        _request: Option<PaginatedRequestParams>,
        _context: RequestContext<RoleServer>,
    ) -> Result<ListResourceTemplatesResult, ErrorData> {
        Ok(ListResourceTemplatesResult::with_all_items(resources::templates()))
    }

    async fn read_resource(
        &self,
        request: ReadResourceRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<ReadResourceResponse, ErrorData> {
        let read = resources::read(&request.uri, &self.call(&context)).await;
        read.map(Into::into).map_err(|problem| refusal(&problem))
    }

    async fn subscribe(
        &self,
        request: SubscribeRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<(), ErrorData> {
        let subscribed = self.watched.add(request.uri, &self.call(&context)).await;
        subscribed.map_err(|problem| refusal(&problem))
    }

    async fn unsubscribe(
        &self,
        request: UnsubscribeRequestParams,
        _context: RequestContext<RoleServer>,
    ) -> Result<(), ErrorData> {
        self.watched.remove(&request.uri);
        Ok(())
    }

    async fn on_initialized(&self, context: NotificationContext<RoleServer>) {
        let name = client_name(context.peer.peer_info().map(|info| info.client_info.clone()));
        let call = Call::new(self.link.clone(), name, None);
        let watched = self.watched.clone();
        tokio::spawn(subscriptions::tell_session(context.peer, call, watched));
    }

    fn accepted_subscription_filter(&self, requested: &SubscriptionFilter) -> Option<SubscriptionFilter> {
        Some(requested.clone())
    }

    async fn listen(&self, context: SubscriptionContext) -> Result<(), ErrorData> {
        let call = self.call(context.request_context());
        tokio::select! {
            told = subscriptions::tell_subscription(&context, &call) => told.map_err(|problem| refusal(&problem)),
            () = context.cancelled() => Ok(()),
        }
    }

    async fn list_prompts(
        &self,
        _request: Option<PaginatedRequestParams>,
        _context: RequestContext<RoleServer>,
    ) -> Result<ListPromptsResult, ErrorData> {
        Ok(ListPromptsResult::with_all_items(prompts::all()))
    }

    async fn get_prompt(
        &self,
        request: GetPromptRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<GetPromptResponse, ErrorData> {
        let arguments = request.arguments.unwrap_or_default();
        let prompt = prompts::get(&request.name, &arguments, &self.call(&context)).await;
        prompt
            .map(Into::into)
            .map_err(|problem| ErrorData::invalid_params(problem.to_string(), None))
    }
}
