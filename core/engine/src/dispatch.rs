//! Which handler an input and a command go to. One line per arm, no decisions.

use crate::{cx::Cx, handlers::*, life, limits, problems, queue};
use anyon_model::{Actor, Command, CommandId, Effect, Input, Outcome, Problem, Recipient};

/// Hands an input to its handler.
pub fn input(cx: &mut Cx<'_>, input: Input) {
    match input {
        Input::Started { recovered, unswept } => started::run(cx, &recovered, unswept),
        Input::Command {
            command_id,
            actor,
            command: order,
        } => command(cx, command_id, actor, order),
        Input::RepositoryInspected { command_id, result } => add_project::inspected(cx, command_id, result),
        Input::WindowFound { command_id, found } => {
            if let Some((order, command)) = confirm::window_found(cx, command_id, found) {
                perform(cx, order, command);
            }
        }
        Input::Focused { command_id, told } => focus::done(cx, command_id, told),
        Input::CloneProgress { command_id, percent } => clone_project::progress(cx, command_id, percent),
        Input::RepositoryCloned { command_id, result } => clone_project::cloned(cx, command_id, result),
        Input::ConflictsPredicted { attempt_id, result } => {
            life::conflicts::predicted(cx, attempt_id, result)
        }
        Input::TargetsMoved { project_id, branches } => {
            life::conflicts::targets_moved(cx, project_id, &branches)
        }
        Input::Resources {
            free_memory_mib,
            free_disk_mib,
        } => queue::measured(cx, free_memory_mib, free_disk_mib),
        Input::WorktreeProgress { attempt_id, percent } => agent::worktree_progress(cx, attempt_id, percent),
        Input::WorktreeCreated { attempt_id, result } => {
            life::start::worktree_created(cx, attempt_id, result)
        }
        Input::Spawned { execution_id, result } => life::start::spawned(cx, execution_id, result),
        Input::Agent { execution_id, events } => agent::said(cx, execution_id, events),
        Input::LogGrew { execution_id, log } => agent::log_grew(cx, execution_id, log),
        Input::Exited {
            execution_id,
            status,
            left,
            log,
            stderr_tail,
            head,
        } => {
            let exit = life::finish::Exit {
                status,
                left,
                log,
                stderr_tail,
                head,
            };
            life::finish::exited(cx, execution_id, exit);
        }
        Input::TimerFired { key } => timer::fired(cx, key),
        Input::SnapshotsFound { attempt_id, found } => snapshots_found::run(cx, attempt_id, found),
        Input::WorkCommitted {
            command_id,
            attempt_id,
            result,
        } => commit::done(cx, command_id, attempt_id, result),
        Input::Landed {
            command_id,
            attempt_id,
            result,
        } => merge::landed(cx, command_id, attempt_id, result),
        Input::MergeUndone {
            command_id,
            attempt_id,
            result,
        } => undo_merge::undone(cx, command_id, attempt_id, result),
        Input::WorktreeRemoved { attempt_id, result } => life::operation::removed(cx, attempt_id, result),
        Input::Restored {
            command_id,
            attempt_id,
            snapshot_id,
            result,
        } => {
            restore::done(cx, command_id, attempt_id, snapshot_id, result);
        }
        Input::StoreFailed { problem } => store_failed::run(cx, problem),
        input => errand(cx, input),
    }
}

/// What a driver did alone.
fn errand(cx: &mut Cx<'_>, input: Input) {
    match input {
        Input::BackedUp { command_id, result } => backup::done(cx, command_id, result),
        Input::McpSetUp { command_id, result } => set_up_mcp::done(cx, command_id, result),
        Input::AgentFileEdited { command_id, result } => {
            edit_agent_file::done(cx, command_id, result.map(|_| ()));
        }
        // The engine took them before anything else.
        Input::AgentsRead { reading, .. } => cx.effect(Effect::AgentsTaken { reading }),
        _ => {}
    }
}

/// Hands a command to its handler and answers it, unless the handler answers later.
fn command(cx: &mut Cx<'_>, command_id: CommandId, actor: Actor, command: Command) {
    let order = Order { command_id, actor };
    if confirm::is_asked(cx, &order.actor, &command) {
        match gate(cx, &order, &command) {
            Ok(()) => confirm::hold(cx, order, command),
            Err(problem) => cx.reply(command_id, Err(problem)),
        }
        return;
    }
    perform(cx, order, command);
}

/// Does a command that nobody has to be asked about any more.
fn perform(cx: &mut Cx<'_>, order: Order, command: Command) {
    let command_id = order.command_id;
    let note = witness::note(cx, &order.actor, &command);
    let handled = gate(cx, &order, &command).and_then(|()| handle(cx, order, command));
    if let (Ok(outcome), Some(note)) = (&handled, note) {
        witness::write(cx, note, outcome.as_ref());
    }
    match handled {
        Ok(Some(outcome)) => cx.reply(command_id, Ok(outcome)),
        Ok(None) => {}
        Err(problem) => cx.reply(command_id, Err(problem)),
    }
}

/// What is refused whatever it says.
fn gate(cx: &Cx<'_>, order: &Order, command: &Command) -> Result<(), Problem> {
    let ends = matches!(
        command,
        Command::StopAttempt { .. }
            | Command::InterruptAttempt { .. }
            | Command::AnswerApproval { .. }
            | Command::CancelClone { .. }
            | Command::Shutdown
    );
    if cx.book.shutdown.is_some() && !ends {
        return Err(problems::ending());
    }
    if let Some(problem) = cx.book.store_failed.as_ref().filter(|_| !ends) {
        return Err(problems::store_failed(problem));
    }
    forbid::check(cx, &order.actor, command)?;
    limits::check(command)
}

fn handle(cx: &mut Cx<'_>, order: Order, command: Command) -> Result<Option<Outcome>, Problem> {
    match command {
        Command::AddProject {
            path,
            name,
            initial_commit,
        } => add_project::run(cx, &order, path, name, initial_commit),
        Command::CloneProject { url, folder, name } => clone_project::run(cx, &order, &url, folder, name),
        Command::CancelClone { clone_id } => clone_project::cancel(cx, clone_id),
        Command::Focus { on } => focus::run(cx, &order, on),
        Command::UpdateProject { project_id, patch } => update_project::run(cx, project_id, patch),
        Command::RemoveProject { project_id } => remove_project::run(cx, project_id),
        Command::CreateTask {
            project_id,
            title,
            description,
        } => create_task::run(cx, &order, project_id, &title, description),
        Command::UpdateTask { task_id, patch } => update_task::run(cx, task_id, patch),
        Command::DeleteTask { task_id } => delete_task::run(cx, task_id),
        Command::StartAttempt {
            task_id,
            profile,
            base,
            target,
            approve,
        } => start_attempt::run(
            cx,
            task_id,
            start_attempt::Wish {
                profile,
                base,
                target,
                approve,
            },
        ),
        Command::FollowUp { attempt_id, text } => follow_up::run(cx, attempt_id, &text, Recipient::default()),
        Command::SendTo { attempt_id, to, text } => follow_up::run(cx, attempt_id, &text, to),
        Command::ResumeAttempt { attempt_id, text } => resume::run(cx, attempt_id, text.as_deref()),
        Command::StartNow { attempt_id } => start_now::run(cx, attempt_id),
        Command::EditDraft { draft_id, text } => edit_draft::run(cx, draft_id, &text),
        Command::MoveDraft { draft_id, before } => move_draft::run(cx, draft_id, before),
        Command::InterruptAttempt { attempt_id } => interrupt::run(cx, &order, attempt_id),
        Command::StopAttempt { attempt_id } => stop::run(cx, &order, attempt_id),
        Command::AnswerApproval { approval_id, answer } => answer::run(cx, &order, approval_id, answer),
        Command::SetApproveMode { attempt_id, approve } => approve_mode::run(cx, attempt_id, approve),
        Command::CommitAttempt { attempt_id, message } => commit::run(cx, order, attempt_id, message),
        Command::MergeAttempt {
            attempt_id,
            message,
            keep_worktree,
        } => merge::run(cx, order, attempt_id, message, keep_worktree),
        Command::UndoMerge { merge_id } => undo_merge::run(cx, order, merge_id),
        Command::DropAttempt { attempt_id } => drop_attempt::run(cx, order, attempt_id),
        Command::RestoreSnapshot { snapshot_id } => restore::run(cx, order, snapshot_id),
        Command::MarkRead { task_id } => mark_read::run(cx, task_id),
        Command::PutTemplate { template } => templates::put(cx, template),
        Command::RemoveTemplate { template_id } => templates::remove(cx, template_id),
        Command::PutRule { rule } => rules::put(cx, rule),
        Command::RemoveRule { rule_id } => rules::remove(cx, rule_id),
        Command::SetSettings { settings } => settings::run(cx, settings),
        Command::Backup { path } => backup::run(cx, &order, path),
        Command::SetUpMcp { agent_id } => set_up_mcp::run(cx, &order, agent_id),
        Command::EditAgentFile { edit } => edit_agent_file::run(cx, &order, edit),
        Command::Confirm { asked, allow } => {
            if let Some((held, command)) = confirm::answer(cx, &order, asked, allow)? {
                perform(cx, held, command);
            }
            Ok(Some(Outcome::Done))
        }
        Command::Shutdown => shutdown::run(cx, &order),
    }
}
