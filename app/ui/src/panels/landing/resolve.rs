//! The ways out of conflicts: the agent is asked to bring in the target and to resolve them, or the person does.

use crate::{
    EditorTarget, Place, Request, Tab, Toast, ViewContext,
    widgets::{self, Button},
};
use anyon_model::{Attempt, Command, FilePath};
use egui::Ui;

/// Tells the agent which files conflict and goes to its conversation.
pub fn ask_agent(cx: &ViewContext<'_>, attempt: &Attempt, conflicts: &[FilePath]) {
    let paths: Vec<String> = conflicts.iter().map(|path| format!("- {path}")).collect();
    let values = [
        ("target", attempt.target.as_str().into()),
        ("files", paths.join("\n").into()),
    ];
    let attempt_id = attempt.id;
    let text = cx.text.with("landing-ask-agent-prompt", &values);
    cx.send(Command::FollowUp { attempt_id, text });
    cx.go(Place::Task {
        task_id: attempt.task_id,
        attempt_id: Some(attempt_id),
        tab: Tab::Auto,
    });
}

/// What a person does who resolves them alone: the command, and the place to run it in.
pub(super) fn by_hand(cx: &ViewContext<'_>, ui: &mut Ui, attempt: &Attempt) {
    let (theme, text) = (cx.theme, cx.text);
    let command = merge_command(&attempt.target);
    ui.add_space(theme.space.s);
    ui.label(theme.small(text.get("landing-by-hand")));
    let copy = text.with("agents-copy", &[("command", command.as_str().into())]);
    if widgets::code_line(ui, theme, &command, &copy) {
        cx.ask(Request::CopyText(command));
        cx.toast(Toast::done("agents-copied"));
    }
    let open = Button::bare(text.get("board-open-worktree"));
    if open.show(ui, theme).clicked() {
        let (path, line) = (attempt.worktree.path.clone(), None);
        cx.ask(Request::OpenEditor(EditorTarget { path, line }));
    }
}

/// Brings the target into the branch, as a shell takes it.
fn merge_command(target: &str) -> String {
    let plain = |letter: char| letter.is_ascii_alphanumeric() || "._/-".contains(letter);
    match target.chars().all(plain) {
        true => format!("git merge {target}"),
        false => format!("git merge '{}'", target.replace('\'', "'\\''")),
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_branch_is_named_so_that_a_shell_reads_it_as_one_word() {
        assert_eq!(super::merge_command("release/2.0"), "git merge release/2.0");
        assert_eq!(super::merge_command("it's$(x)"), "git merge 'it'\\''s$(x)'");
    }
}
