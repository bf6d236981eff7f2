//! How long the texts of commands may be. What a person writes is far below; a program's mistake must not fill the
//! store, every snapshot and every client.

use crate::problems;
use anyon_model::*;

/// Characters of what is shown in one line.
const LINE_CHARS: usize = 1_000;
/// Bytes of everything else.
const TEXT_BYTES: usize = 1 << 20;

type Check = Result<(), Problem>;

/// Refuses a command that holds more than anything needs.
pub fn check(command: &Command) -> Check {
    match command {
        Command::AddProject { path, name, .. } => {
            text("folder", &path.to_string())?;
            maybe(line, "name", name.as_ref())
        }
        Command::CloneProject { url, folder, name } => {
            line("address", url)?;
            text("folder", &folder.to_string())?;
            maybe(line, "name", name.as_ref())
        }
        Command::UpdateProject { patch, .. } => check_project(patch),
        Command::CreateTask {
            title, description, ..
        } => {
            line("title", title)?;
            text("description", description)
        }
        Command::UpdateTask { patch, .. } => {
            maybe(line, "title", patch.title.as_ref())?;
            maybe(text, "description", patch.description.as_ref())
        }
        Command::StartAttempt {
            profile,
            base,
            target,
            ..
        } => {
            line("agent's id", &profile.executor)?;
            maybe(line, "variant's name", profile.variant.as_ref())?;
            maybe(line, "base branch", base.as_ref())?;
            maybe(line, "target branch", target.as_ref())
        }
        Command::FollowUp { text: prompt, .. } => text("follow-up", prompt),
        Command::SendTo { to, text: prompt, .. } => {
            check_recipient(to)?;
            text("follow-up", prompt)
        }
        Command::ResumeAttempt { text: prompt, .. } => maybe(text, "prompt", prompt.as_ref()),
        Command::EditDraft { text: draft, .. } => text("draft", draft),
        Command::AnswerApproval { answer, .. } => check_answer(answer),
        Command::CommitAttempt { message, .. } | Command::MergeAttempt { message, .. } => {
            maybe(text, "message", message.as_ref())
        }
        Command::PutTemplate { template } => {
            line("template's name", &template.name)?;
            text("template", &template.text)
        }
        Command::PutRule { rule } => {
            maybe(line, "agent's id", rule.executor.as_ref())?;
            maybe(text, "pattern", rule.pattern.as_ref())
        }
        Command::SetSettings { settings } => check_settings(settings),
        Command::Backup { path } => text("file", &path.to_string()),
        Command::SetUpMcp { agent_id } => line("agent's id", agent_id),
        Command::EditAgentFile { edit } => check_agent_file(edit),
        Command::RemoveProject { .. }
        | Command::CancelClone { .. }
        | Command::Focus { .. }
        | Command::Confirm { .. }
        | Command::DeleteTask { .. }
        | Command::MoveDraft { .. }
        | Command::InterruptAttempt { .. }
        | Command::StopAttempt { .. }
        | Command::StartNow { .. }
        | Command::SetApproveMode { .. }
        | Command::UndoMerge { .. }
        | Command::DropAttempt { .. }
        | Command::RestoreSnapshot { .. }
        | Command::MarkRead { .. }
        | Command::RemoveTemplate { .. }
        | Command::RemoveRule { .. }
        | Command::Shutdown => Ok(()),
    }
}

fn check_agent_file(edit: &AgentFileEdit) -> Check {
    match edit {
        AgentFileEdit::Put { fields, .. } => sum("table", fields.values().map(bytes_of).sum()),
        AgentFileEdit::Remove { .. } => Ok(()),
        AgentFileEdit::Text { text: wanted, before } => {
            text("file", wanted)?;
            text("file", before)
        }
    }
}

fn bytes_of(value: &FieldValue) -> usize {
    match value {
        FieldValue::Text(text) => text.len(),
        FieldValue::Flag(_) => 1,
        FieldValue::List(texts) => texts.iter().map(|text| text.len() + 1).sum(),
        FieldValue::Variables(variables) => {
            let pairs = variables.iter();
            pairs.map(|(name, value)| name.len() + value.len()).sum()
        }
    }
}

fn check_recipient(to: &Recipient) -> Check {
    let profile = to.profile.as_ref();
    maybe(line, "agent's id", profile.map(|profile| &profile.executor))?;
    maybe(
        line,
        "variant's name",
        profile.and_then(|profile| profile.variant.as_ref()),
    )?;
    maybe(line, "model", to.model.as_ref())
}

fn check_project(patch: &ProjectPatch) -> Check {
    maybe(line, "name", patch.name.as_ref())?;
    maybe(
        line,
        "default target",
        patch.default_target.iter().flatten().next(),
    )?;
    maybe(text, "setup script", patch.setup_script.as_ref())?;
    maybe(text, "cleanup script", patch.cleanup_script.as_ref())?;
    maybe(text, "dev script", patch.dev_script.as_ref())?;
    let globs = patch.copy_files.iter().flatten();
    sum("list of copied files", globs.map(|glob| glob.len() + 1).sum())
}

fn check_answer(answer: &ApprovalAnswer) -> Check {
    match answer {
        ApprovalAnswer::Approved { .. } => Ok(()),
        ApprovalAnswer::Denied { reason } => maybe(text, "reason", reason.as_ref()),
        ApprovalAnswer::Answered { answers } => {
            let bytes = answers.iter().map(|(asked, chosen)| asked.len() + chosen.len());
            sum("answer", bytes.sum())
        }
    }
}

fn check_settings(settings: &Settings) -> Check {
    line("branch prefix", &settings.branch_prefix)?;
    maybe(line, "language", settings.language.as_ref())?;
    maybe(line, "theme", settings.theme.as_ref())?;
    let profile = settings.default_profile.as_ref();
    maybe(line, "agent's id", profile.map(|profile| &profile.executor))?;
    maybe(
        line,
        "variant's name",
        profile.and_then(|profile| profile.variant.as_ref()),
    )
}

fn maybe(check: impl Fn(&str, &str) -> Check, what: &str, text: Option<&String>) -> Check {
    text.map_or(Ok(()), |text| check(what, text))
}

fn line(what: &str, text: &str) -> Check {
    // Counting is only needed where it could be too much.
    if text.len() > LINE_CHARS && text.chars().count() > LINE_CHARS {
        return Err(too_long(what, format!("at most {LINE_CHARS} characters")));
    }
    Ok(())
}

fn text(what: &str, text: &str) -> Check {
    sum(what, text.len())
}

fn sum(what: &str, bytes: usize) -> Check {
    if bytes > TEXT_BYTES {
        return Err(too_long(what, format!("at most {} KiB", TEXT_BYTES / 1024)));
    }
    Ok(())
}

fn too_long(what: &str, limit: String) -> Problem {
    problems::invalid(format!("The {what} is too long"))
        .detail(format!("It may have {limit}"))
        .hint("Put the rest into a file of the repository and name that")
}
