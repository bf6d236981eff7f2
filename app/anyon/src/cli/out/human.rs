//! Text for a person: results on standard output, the rest on standard error.

use super::{
    Landing, TurnEnd,
    approval_lines::{question_lines, state_words},
    conversation::Conversation,
    diff_lines::{file_lines, summary_lines},
    reader::Reader,
    style::Style,
};
use crate::cli::{
    cards::{AttemptCard, RuleCard, TaskCard, actor_name},
    clock,
};
use anyon_model::{
    Actor, Approval, ApprovalState, AttemptStatus, DiffSummary, Entry, ExecutionId, FileDiff, LogLine,
    LogStream, Priority, Problem, ProjectShard, WorktreeState,
};
use anyon_text::{first_line, sanitize, sanitize_bytes, width};
use serde_json::Value;
use std::io::{IsTerminal, Write, stderr, stdout};

/// Writes text on standard output and standard error.
pub struct Human {
    style: Style,
    aside: Style,
    reader: Reader,
    conversation: Conversation,
}

impl Human {
    /// On this process's streams.
    pub fn new() -> Self {
        Self {
            style: Style::for_stream(&stdout()),
            aside: Style::for_stream(&stderr()),
            reader: Reader::default(),
            conversation: Conversation::default(),
        }
    }
    /// Who reads what is written.
    pub fn reader(&self) -> &Reader {
        &self.reader
    }
    fn write(&mut self, text: &str) {
        self.write_bytes(text.as_bytes());
    }
    fn write_bytes(&mut self, bytes: &[u8]) {
        let mut stdout = stdout().lock();
        let written = stdout.write_all(bytes).and_then(|()| stdout.flush());
        self.reader.take(written);
    }
    fn line(&mut self, text: &str) {
        let end = self.conversation.close();
        self.write(&format!("{end}{text}\n"));
    }
    fn lines(&mut self, lines: &[String]) {
        self.line(&lines.join("\n"));
    }
    /// On standard error, where nobody may be listening either.
    fn say(&mut self, text: &str) {
        let end = self.conversation.close();
        if !end.is_empty() {
            self.write(end);
        }
        let _ = writeln!(stderr().lock(), "{text}");
    }

    /// Something that is going on.
    pub fn note(&mut self, text: &str) {
        let text = self.aside.dim(&sanitize(text));
        self.say(&text);
    }
    /// Something that could not be done.
    pub fn problem(&mut self, problem: &Problem) {
        let mut text = format!("{} {}", self.aside.red("error:"), sanitize(&problem.title));
        for line in sanitize(&problem.detail).lines() {
            text.push_str(&format!("\n  {line}"));
        }
        if !problem.hint.is_empty() {
            text.push_str(&format!(
                "\n{} {}",
                self.aside.cyan("hint:"),
                sanitize(&problem.hint)
            ));
        }
        self.say(&text);
    }
    /// A question on the terminal.
    pub fn prompt(&mut self, text: &str) {
        let end = self.conversation.close();
        self.write(end);
        let text = self.aside.bold(text);
        let mut stderr = stderr().lock();
        let _ = write!(stderr, "{text}").and_then(|()| stderr.flush());
    }

    /// Projects as a table.
    pub fn projects(&mut self, shards: &[&ProjectShard]) {
        if shards.is_empty() {
            self.note("no projects yet: add one with `anyon project add DIR`");
        }
        let rows = shards.iter().map(|shard| {
            let project = &shard.project;
            let tasks = format!("{} tasks", shard.tasks.len());
            vec![
                project.short_prefix.clone(),
                project.name.clone(),
                tasks,
                project.repo_path.to_string(),
            ]
        });
        self.table(rows.collect());
    }
    /// One project.
    pub fn project(&mut self, shard: &ProjectShard) {
        let project = &shard.project;
        let mut lines = vec![self.style.bold(&sanitize(&project.name))];
        lines.push(format!("  folder   {}", sanitize(&project.repo_path.to_string())));
        lines.push(format!(
            "  tasks    {} ({}-…)",
            shard.tasks.len(),
            project.short_prefix
        ));
        lines.push(format!(
            "  target   {}",
            project
                .default_target
                .as_deref()
                .unwrap_or("the branch checked out")
        ));
        for (name, script) in [
            ("setup", &project.setup_script),
            ("cleanup", &project.cleanup_script),
            ("dev", &project.dev_script),
        ] {
            if !script.is_empty() {
                lines.push(format!("  {name:<8} {}", first_line(&sanitize(script), 80)));
            }
        }
        if !project.copy_files.is_empty() {
            lines.push(format!("  copies   {}", project.copy_files.join(", ")));
        }
        self.lines(&lines);
    }
    /// Tasks as a table.
    pub fn tasks(&mut self, cards: &[TaskCard]) {
        if cards.is_empty() {
            self.note("no tasks: add one with `anyon task add TITLE`");
        }
        let has_priorities = cards.iter().any(|card| card.task.priority != Priority::None);
        let rows = cards.iter().map(|card| {
            let attempts = match card.attempts.last() {
                Some(last) => format!("attempt {} {}", last.attempt.number, last.status.as_str()),
                None => String::new(),
            };
            let mut row = vec![card.name.clone(), card.task.status.to_string()];
            if has_priorities {
                row.push(card.priority().unwrap_or_default().to_owned());
            }
            row.extend([first_line(&card.task.title, 60), attempts]);
            row
        });
        self.table(rows.collect());
    }
    /// One task.
    pub fn task(&mut self, card: &TaskCard) {
        let title = self
            .style
            .bold(&format!("{}  {}", card.name, sanitize(&card.task.title)));
        let mut standing = format!("  {} · {}", card.task.status, sanitize(&card.project));
        if let Some(priority) = card.priority() {
            standing.push_str(&format!(" · priority {priority}"));
        }
        if !card.labels.is_empty() {
            standing.push_str(&format!(" · {}", sanitize(&card.labels.join(", "))));
        }
        let mut lines = vec![title, standing];
        if card.created_by != Actor::Person {
            lines.push(format!(
                "  created by {}",
                sanitize(&actor_name(&card.created_by))
            ));
        }
        if !card.task.description.is_empty() {
            lines.push(String::new());
            lines.extend(
                sanitize(&card.task.description)
                    .lines()
                    .map(|line| format!("  {line}")),
            );
        }
        self.lines(&lines);
        if !card.attempts.is_empty() {
            self.line("");
            self.attempts(&card.attempts);
        }
    }
    /// Attempts as a table.
    pub fn attempts(&mut self, cards: &[AttemptCard]) {
        if cards.is_empty() {
            self.note("no attempts: start one with `anyon run --project DIR --agent ID PROMPT` or `anyon run --task TASK`");
        }
        let rows = cards.iter().map(|card| {
            let status = card.status.as_str().to_owned();
            vec![
                card.name.clone(),
                status,
                card.agent.clone(),
                card.attempt.branch.clone(),
                first_line(&card.title, 50),
            ]
        });
        self.table(rows.collect());
    }
    /// One attempt.
    pub fn attempt(&mut self, card: &AttemptCard) {
        let attempt = &card.attempt;
        let mut lines = vec![
            self.style
                .bold(&format!("{}  {}", card.name, sanitize(&card.title))),
        ];
        lines.push(format!("  status    {}", card.status.as_str()));
        lines.push(format!("  agent     {}", card.agent));
        lines.push(format!(
            "  branch    {} → {}",
            sanitize(&attempt.branch),
            sanitize(&attempt.target)
        ));
        if attempt.worktree.state == WorktreeState::Ready {
            lines.push(format!(
                "  worktree  {}",
                sanitize(&attempt.worktree.path.to_string())
            ));
        }
        let mut started = format!("  started   {}", clock::local_time(attempt.created_at));
        if card.started_by != Actor::Person {
            started.push_str(&format!(" by {}", sanitize(&actor_name(&card.started_by))));
        }
        lines.push(started);
        if let Some(by) = card.landed_by.as_ref().filter(|by| **by != Actor::Person) {
            lines.push(format!("  landed    by {}", sanitize(&actor_name(by))));
        }
        self.lines(&lines);
        for approval in &card.approvals {
            let question = question_lines(approval, &attempt.worktree.path.to_string(), self.style);
            self.lines(&question);
        }
    }
    /// An attempt stands otherwise than before: told while nothing else is to be seen of it.
    pub fn attempt_moved(&mut self, card: &AttemptCard) {
        if matches!(card.status, AttemptStatus::Queued | AttemptStatus::Starting) {
            self.note(&format!(
                "{}  {}  {}",
                card.name,
                card.status.as_str(),
                card.agent
            ));
        }
    }
    /// An entry, or what is new of it.
    pub fn entry(&mut self, _attempt: &str, execution_id: ExecutionId, entry: &Entry) {
        let text = self.conversation.entry(execution_id, entry, self.style);
        if !text.is_empty() {
            self.write(&text);
        }
    }
    /// Ends a line that is not ended.
    pub fn entries_end(&mut self, _attempt: &str) {
        let end = self.conversation.close();
        self.write(end);
    }
    /// A line of a raw log.
    pub fn raw_line(&mut self, _execution_id: ExecutionId, line: &LogLine) {
        let mark = match line.stream {
            LogStream::Out => "o",
            LogStream::Err => "e",
            LogStream::In => "i",
        };
        let text = sanitize_bytes(&line.bytes).replace('\n', " ");
        self.line(&format!("{mark} {:>8} {text}", line.after_ms));
    }
    /// An agent asks.
    pub fn approval(&mut self, card: &AttemptCard, approval: &Approval) {
        let question = question_lines(approval, &card.attempt.worktree.path.to_string(), self.style);
        self.lines(&question);
    }
    /// A question needs no answer any more. An answer itself shows at the tool call.
    pub fn approval_resolved(&mut self, _attempt: &str, approval: &Approval) {
        if !matches!(approval.state, ApprovalState::Answered { .. }) {
            self.note(&format!("  {}", state_words(approval)));
        }
    }
    /// A turn or a run ended.
    pub fn turn(&mut self, end: &TurnEnd) {
        let text = match end.message.is_empty() {
            true => format!("{} {}", end.attempt, end.outcome),
            false => format!("{} {}: {}", end.attempt, end.outcome, sanitize(&end.message)),
        };
        let text = match end.outcome {
            "completed" => self.aside.green(&text),
            _ => self.aside.red(&text),
        };
        self.say(&text);
    }
    /// The files that differ.
    pub fn diff(&mut self, _attempt: &str, summary: &DiffSummary) {
        self.lines(&summary_lines(summary, self.style));
    }
    /// The lines that differ.
    pub fn diff_files(&mut self, _attempt: &str, files: &[FileDiff]) {
        for file in files {
            self.lines(&file_lines(file, self.style));
        }
    }
    /// A patch: byte by byte, but on a terminal, where nothing in it may act.
    pub fn patch(&mut self, _attempt: &str, patch: &[u8]) {
        match stdout().is_terminal() {
            true => self.write(&sanitize_bytes(patch)),
            false => self.write_bytes(patch),
        }
    }
    /// Open work was committed, or there was none.
    pub fn committed(&mut self, attempt: &str, commit: Option<&str>) {
        match commit {
            Some(commit) => self.line(&format!("{attempt} committed as {commit}")),
            None => self.note(&format!("{attempt} has nothing to commit")),
        }
    }
    /// An attempt landed.
    pub fn merged(&mut self, landing: &Landing) {
        let text = format!(
            "{} landed on {} as {}",
            landing.attempt, landing.target, landing.commit
        );
        self.line(&self.style.green(&text));
    }
    /// Standing answers as a table.
    pub fn rules(&mut self, cards: &[RuleCard]) {
        if cards.is_empty() {
            self.note("no rules: answering a question of an agent with “always” makes one");
        }
        let rows = cards.iter().map(|card| {
            let answer = if card.rule.allow { "allow" } else { "forbid" };
            vec![
                card.name.clone(),
                answer.to_owned(),
                card.kind().to_owned(),
                card.place(),
                card.pattern().replace('\n', "␊"),
            ]
        });
        self.table(rows.collect());
    }
    /// A finding of the doctor.
    pub fn finding(&mut self, level: &str, what: &str, text: &str, _facts: &Value) {
        let mark = match level {
            "ok" => self.style.green("✓"),
            "problem" => self.style.red("✗"),
            _ => self.style.yellow("·"),
        };
        self.line(&format!(
            "{mark} {what:<14} {}",
            sanitize(text).replace('\n', "\n                 ")
        ));
    }
    /// Something is done.
    pub fn done(&mut self, _what: &str, text: &str) {
        self.line(&sanitize(text));
    }
    /// What to do next.
    pub fn next(&mut self, commands: &[String]) {
        for command in commands {
            let text = self.aside.cyan(&format!("  {command}"));
            self.say(&text);
        }
    }

    fn table(&mut self, rows: Vec<Vec<String>>) {
        for line in table_lines(rows) {
            self.line(&line);
        }
    }
}

/// Columns as wide as their widest cell; the last one is left as it is.
fn table_lines(rows: Vec<Vec<String>>) -> Vec<String> {
    let rows: Vec<Vec<String>> = rows
        .into_iter()
        .map(|row| row.iter().map(|cell| sanitize(cell).replace('\n', " ")).collect())
        .collect();
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let widest = |column: usize| {
        rows.iter()
            .filter_map(|row| row.get(column))
            .map(|cell| width(cell))
            .max()
    };
    let widths: Vec<usize> = (0..columns).map(|column| widest(column).unwrap_or(0)).collect();
    let pad = |(cell, wide): (&String, &usize)| format!("{cell}{}  ", " ".repeat(wide - width(cell)));
    rows.iter()
        .map(|row| {
            row.iter()
                .zip(&widths)
                .map(pad)
                .collect::<String>()
                .trim_end()
                .to_owned()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::table_lines;

    #[test]
    fn columns_line_up_with_wide_characters() {
        let row = |cells: [&str; 3]| cells.map(String::from).to_vec();
        let lines = table_lines(vec![row(["ANY-1", "로그인", "x"]), row(["ANY-12", "login", ""])]);
        assert_eq!(lines, ["ANY-1   로그인  x", "ANY-12  login"]);
    }
}
