//! Requests of the agent that a person or our policy answers.

use super::{
    Codex, command_line, elicitation,
    forms::{Form, Said},
    tools,
    wire::{self, Envelope},
};
use crate::protocols::{LineUse, Step, json};
use anyon_model::{
    AgentEvent, ApprovalAnswer, ApprovalRequest, ChoiceOption, ChoiceQuestion, FilePath, Question,
    ToolDetail, ToolKind, ToolStatus, ToolUse,
};
use serde_json::{Value, json, value::RawValue};

/// A question that waits for its answer.
#[derive(Debug)]
pub(super) struct Pending {
    id: Box<RawValue>,
    call_id: String,
    /// The turn that the question is of.
    turn: String,
    form: Form,
    /// The entry is the question's own: nothing else will end it.
    stands_alone: bool,
}

/// A question before it is asked.
struct Asked {
    call_id: String,
    tool: String,
    kind: ToolKind,
    question: Question,
    form: Form,
    reason: Option<String>,
}

impl Codex {
    /// A request of the agent; `None`: one that is not served.
    pub(super) fn agent_request(
        &mut self,
        id: &RawValue,
        line: &Envelope,
        step: &mut Step,
    ) -> Option<LineUse> {
        let params = line.params()?;
        let asked = match &*line.method {
            "item/commandExecution/requestApproval" => self.command_asked(&params),
            "item/fileChange/requestApproval" => self.change_asked(&params),
            "item/permissions/requestApproval" => permissions_asked(&params),
            "item/tool/requestUserInput" => input_asked(&params),
            "mcpServer/elicitation/request" => self.elicited(id, &params)?,
            _ => return None,
        };
        self.ask(id, asked, &params, step);
        Some(LineUse::Used)
    }

    fn ask(&mut self, id: &RawValue, asked: Asked, params: &Value, step: &mut Step) {
        let stands_alone = !self.book.is_open(&asked.call_id);
        if stands_alone {
            let parent = self.parent(params, step);
            self.book.open_tool(own_entry(&asked), parent, step);
        }
        let key = id.get().to_owned();
        let pending = Pending {
            id: id.to_owned(),
            call_id: asked.call_id.clone(),
            turn: json::text(params, "turnId").to_owned(),
            form: asked.form,
            stands_alone,
        };
        self.pending.insert(key.clone(), pending);
        let request = ApprovalRequest {
            key,
            entry: None,
            tool: asked.tool,
            kind: asked.kind,
            question: asked.question,
            reason: asked.reason,
            takes_reason: true,
        };
        self.book.ask(&asked.call_id, request, step);
    }

    fn command_asked(&self, params: &Value) -> Asked {
        let network = params
            .get("networkApprovalContext")
            .filter(|network| network.is_object());
        let command = json::text(params, "command");
        let question = match (network, json::text(params, "kind"), command) {
            (Some(network), _, _) => Question::Fetch {
                target: format!(
                    "{}://{}",
                    json::text(network, "protocol"),
                    json::text(network, "host")
                ),
            },
            (None, "" | "command", command) if !command.is_empty() => Question::Command {
                command: command_line::inner(command),
                cwd: self.elsewhere(json::text(params, "cwd")),
            },
            _ => Question::Tool {
                input: params.to_string(),
            },
        };
        let kind = match question {
            Question::Command { .. } => ToolKind::Command,
            Question::Fetch { .. } => ToolKind::Fetch,
            _ => ToolKind::Other,
        };
        Asked {
            call_id: json::text(params, "itemId").to_owned(),
            tool: "exec_command".into(),
            kind,
            question,
            form: Form::Decision,
            reason: json::some(json::text(params, "reason")),
        }
    }

    /// The folder, unless it is the worktree.
    fn elsewhere(&self, cwd: &str) -> Option<FilePath> {
        let worktree = self
            .options
            .worktree
            .as_ref()
            .map(|path| FilePath::from(path.as_path()));
        let cwd = json::some(cwd).map(|cwd| FilePath::from(cwd.as_str()));
        cwd.filter(|cwd| worktree.as_ref() != Some(cwd))
    }

    /// The request names the item only: the files stand in its beginning.
    fn change_asked(&self, params: &Value) -> Asked {
        let call_id = json::text(params, "itemId");
        let mut paths = self
            .calls
            .get(call_id)
            .map(|call| call.paths.clone())
            .unwrap_or_default();
        let root = json::some(json::text(params, "grantRoot"));
        paths.extend(root.map(|root| FilePath::from(root.as_str())));
        let told = self.book.tool(call_id).map(|tool| tool.tool_kind);
        let question = match paths.is_empty() {
            false => Question::Edit { paths },
            true => Question::Tool {
                input: params.to_string(),
            },
        };
        Asked {
            call_id: call_id.to_owned(),
            tool: "apply_patch".into(),
            kind: told.unwrap_or(ToolKind::Edit),
            question,
            form: Form::Decision,
            reason: json::some(json::text(params, "reason")),
        }
    }

    fn elicited(&self, id: &RawValue, params: &Value) -> Option<Asked> {
        let (question, form) = elicitation::read(params)?;
        let server = json::text(params, "serverName");
        let tool = params
            .pointer("/_meta/tool_name")
            .and_then(Value::as_str)
            .unwrap_or("");
        let name = (server.to_owned(), tool.to_owned());
        let calls = self.calls.iter().filter(|(call_id, call)| {
            call.mcp.as_ref() == Some(&name)
                && !self.pending.values().any(|pending| pending.call_id == **call_id)
        });
        let call_id = calls.map(|(call_id, _)| call_id.clone()).next();
        let kind = match question {
            Question::Choice { .. } => ToolKind::Question,
            Question::Fetch { .. } => ToolKind::Fetch,
            _ => ToolKind::Mcp,
        };
        Some(Asked {
            call_id: call_id.unwrap_or_else(|| format!("request {}", id.get())),
            tool: tools::mcp_tool(server, tool),
            kind,
            question,
            form,
            reason: json::some(json::text(params, "message")),
        })
    }

    /// Writes the answer to a question that is still open, and the reason of a refusal after it.
    pub(super) fn write_answer(&mut self, key: &str, answer: &ApprovalAnswer, stdin: &mut Vec<u8>) {
        let Some(pending) = self.pending.get(key) else {
            return;
        };
        let (call_id, turn) = (pending.call_id.clone(), pending.turn.clone());
        json::line(&wire::result(&pending.id, &pending.form.result(answer)), stdin);
        if let ApprovalAnswer::Denied { reason: Some(reason) } = answer
            && !reason.is_empty()
            && self.turn.running
            && turn == self.turn.name
        {
            self.write_reason(&call_id, &turn, reason, stdin);
        }
    }

    /// An answer of ours was written.
    pub(super) fn answer_written(&mut self, key: &str, line: &Envelope, step: &mut Step) -> LineUse {
        let Some(pending) = self.pending.remove(key) else {
            return LineUse::Control;
        };
        let call_id = &pending.call_id;
        self.book.unask(call_id, step);
        let status = match pending.form.said(&json::value(line.result)) {
            Said::No => {
                let denied = ToolStatus::Denied { reason: None };
                self.book
                    .change_tool(call_id, step, |tool| tool.status = denied.clone());
                denied
            }
            Said::Yes(told) => {
                self.book.change_tool(call_id, step, |tool| {
                    if let ToolDetail::Questions { answers, .. } = &mut tool.detail {
                        *answers = told;
                    }
                });
                ToolStatus::Success
            }
        };
        if pending.stands_alone {
            self.book.end_tool(call_id, status, None, step);
        }
        LineUse::Used
    }

    /// The agent needs no answer any more: it has one, or its turn is over.
    pub(super) fn taken_back(&mut self, key: &str, step: &mut Step) -> LineUse {
        let Some(pending) = self.pending.remove(key) else {
            return LineUse::Control;
        };
        self.book.unask(&pending.call_id, step);
        if pending.stands_alone {
            self.book
                .end_tool(&pending.call_id, ToolStatus::Failed, None, step);
        }
        step.event(AgentEvent::ApprovalVoid { key: key.to_owned() });
        LineUse::Used
    }

    /// A call ended although its question was not answered here.
    pub(super) fn overtaken(&mut self, call_id: &str, step: &mut Step) {
        let open = self
            .pending
            .iter()
            .find(|(_, pending)| pending.call_id == call_id);
        if let Some(key) = open.map(|(key, _)| key.clone()) {
            self.taken_back(&key, step);
        }
    }

    /// All questions are void: their turn or their process is over.
    pub(super) fn void_pending(&mut self, step: &mut Step) {
        let keys: Vec<String> = self.pending.keys().cloned().collect();
        for key in keys {
            self.taken_back(&key, step);
        }
    }
}

/// An entry for a question that is about no call.
fn own_entry(asked: &Asked) -> ToolUse {
    let (title, detail) = match &asked.question {
        Question::Command { command, .. } => {
            let command = command.clone();
            (
                command.clone(),
                ToolDetail::Command {
                    command,
                    description: None,
                },
            )
        }
        Question::Choice { questions } => {
            let title = questions.first().map(|question| question.question.clone());
            let questions = questions.clone();
            let answers = Default::default();
            (
                title.unwrap_or_default(),
                ToolDetail::Questions { questions, answers },
            )
        }
        Question::Fetch { target } => (
            target.clone(),
            ToolDetail::Fetch {
                target: target.clone(),
            },
        ),
        Question::Tool { input } => (
            asked.reason.clone().unwrap_or_default(),
            ToolDetail::Other { input: input.clone() },
        ),
        _ => (String::new(), ToolDetail::Other { input: String::new() }),
    };
    let title = crate::protocols::words::one_line(&title);
    ToolUse {
        call_id: asked.call_id.clone(),
        title: if title.is_empty() {
            asked.tool.clone()
        } else {
            title
        },
        tool: asked.tool.clone(),
        tool_kind: asked.kind,
        status: ToolStatus::Created,
        detail,
        output: None,
        ended_at: None,
    }
}

fn permissions_asked(params: &Value) -> Asked {
    let permissions = params.get("permissions").cloned().unwrap_or_else(|| json!({}));
    Asked {
        call_id: json::text(params, "itemId").to_owned(),
        tool: "request_permissions".into(),
        kind: ToolKind::Other,
        question: Question::Tool {
            input: permissions.to_string(),
        },
        form: Form::Permissions(permissions),
        reason: json::some(json::text(params, "reason")),
    }
}

fn input_asked(params: &Value) -> Asked {
    let questions = json::items(params, "questions");
    let names = questions.iter().map(|question| {
        let of = |key: &str| json::text(question, key).to_owned();
        (of("id"), of("question"))
    });
    Asked {
        call_id: json::text(params, "itemId").to_owned(),
        tool: "request_user_input".into(),
        kind: ToolKind::Question,
        form: Form::Input(names.collect()),
        question: Question::Choice {
            questions: questions.iter().map(choice).collect(),
        },
        reason: None,
    }
}

fn choice(question: &Value) -> ChoiceQuestion {
    let options = json::items(question, "options").iter();
    ChoiceQuestion {
        question: json::text(question, "question").into(),
        header: json::text(question, "header").into(),
        options: options
            .map(|option| ChoiceOption {
                label: json::text(option, "label").into(),
                description: json::text(option, "description").into(),
            })
            .collect(),
        multi_select: false,
    }
}
