//! Stored approvals.

use super::{
    keep::Id,
    shared::{ActorV1, ToolKindV1},
};
use anyon_model::*;
use std::collections::BTreeMap;

stored_struct! {
    /// An approval.
    ApprovalV1 for Approval {
        id: Id,
        project_id: Id,
        attempt_id: Id,
        execution_id: Id,
        request: ApprovalRequestV1,
        state: ApprovalStateV1,
        created_at: i64,
        resolved_at: Option<i64>,
    }
}
stored_struct! {
    /// What an agent asks.
    ApprovalRequestV1 for ApprovalRequest {
        key: String,
        entry: Option<u64>,
        tool: String,
        kind: ToolKindV1,
        question: QuestionV1,
        reason: Option<String>,
        takes_reason: bool,
    }
}
stored_enum! {
    /// What exactly is to be decided.
    QuestionV1 for Question {
        Command { command: String, cwd: Option<Vec<u8>> },
        Edit { paths: Vec<Vec<u8>> },
        Read { paths: Vec<Vec<u8>> },
        Fetch { target: String },
        Tool { input: String },
        Plan { plan: String },
        Choice { questions: Vec<ChoiceQuestionV1> },
    }
}
stored_struct! {
    /// One question with options.
    ChoiceQuestionV1 for ChoiceQuestion {
        question: String,
        header: String,
        options: Vec<ChoiceOptionV1>,
        multi_select: bool,
    }
}
stored_struct! {
    /// An option of a question.
    ChoiceOptionV1 for ChoiceOption {
        label: String,
        description: String,
    }
}
stored_enum! {
    /// How an approval stands.
    ApprovalStateV1 for ApprovalState {
        Pending,
        Answered { answer: ApprovalAnswerV1, by: AnsweredByV1 },
        TimedOut,
        Void,
    }
}
stored_enum! {
    /// An answer.
    ApprovalAnswerV1 for ApprovalAnswer {
        Approved { scope: ApprovalScopeV1 },
        Denied { reason: Option<String> },
        Answered { answers: BTreeMap<String, String> },
    }
}
stored_enum! {
    /// How long a yes holds.
    ApprovalScopeV1 for ApprovalScope {
        Once,
        Session,
        Always,
    }
}
stored_enum! {
    /// Who or what answered.
    AnsweredByV1 for AnsweredBy {
        Actor { actor: ActorV1 },
        Mode,
        Rule { rule: Id },
    }
}
