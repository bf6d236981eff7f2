//! Stays with an attempt while its agent works: shows the conversation, has its questions answered, passes further
//! prompts and interrupts on, and ends when the work does.

mod end;

use self::end::{End, shortage, unanswered, wait_words, words};
use super::{
    answer::{self, Instruction, Reply},
    cards::{AttemptCard, RuleCard},
    clock,
    ending::Ending,
    exchange::Exchange,
    follow::Follow,
    interrupts::Interrupts,
    lines::Lines,
    out::{Out, TurnEnd},
    recipient::Names,
};
use anyon_model::{
    Activity, Actor, AnsweredBy, Approval, ApprovalAnswer, ApprovalId, ApprovalScope, ApprovalState,
    AttemptId, Command, Event, Execution, ExecutionState, Problem, ProblemCode, QueueReason, RuleId, State,
};
use std::{
    collections::BTreeSet,
    sync::Arc,
    time::{Duration, Instant},
};

const BEAT: Duration = Duration::from_millis(100);
/// Memory comes back when others end; a full disk stays full until somebody tidies up.
const MEMORY_PATIENCE: Duration = Duration::from_secs(30);

/// A limit that ends sooner is worth the wait.
const LIMIT_PATIENCE: Duration = Duration::from_secs(60);

/// Who answers the agent's questions and says more.
pub enum Voice {
    /// A person at the terminal.
    Person(Lines),
    /// A program that writes JSON lines on standard input.
    Program(Lines),
    /// Nobody is needed: everything is allowed, and said.
    Yes,
    /// Nobody is there.
    Nobody,
}

/// Stays with one attempt.
pub struct Drive<'d, 'c> {
    exchange: &'d mut Exchange<'c>,
    out: &'d mut Out,
    interrupts: Interrupts,
    voice: Voice,
    attempt_id: AttemptId,
    name: String,
    follow: Follow,
    /// Interrupts that were passed on.
    passed_on: u32,
    /// Questions that were shown, and those whose end was told.
    shown: BTreeSet<ApprovalId>,
    told: BTreeSet<ApprovalId>,
    /// The question that the next typed line answers.
    open: Option<Arc<Approval>>,
    last_status: String,
    last_wait: Option<QueueReason>,
    /// Since when the start waits for the same thing.
    waits_since: Instant,
}

impl<'d, 'c> Drive<'d, 'c> {
    /// Over an attempt whose work just began.
    pub fn new(
        exchange: &'d mut Exchange<'c>,
        out: &'d mut Out,
        interrupts: Interrupts,
        voice: Voice,
        attempt_id: AttemptId,
    ) -> Result<Self, Problem> {
        let state = exchange.state();
        let card = card(&state, attempt_id)?;
        Ok(Self {
            exchange,
            out,
            interrupts,
            voice,
            attempt_id,
            follow: Follow::new(&card),
            name: card.name,
            passed_on: 0,
            shown: BTreeSet::new(),
            told: settled(&state, attempt_id).map(|approval| approval.id).collect(),
            open: None,
            last_status: String::new(),
            last_wait: None,
            waits_since: Instant::now(),
        })
    }

    /// Stays until the agent is done and nobody has more to say; then its process is ended.
    pub fn work(mut self) -> Result<Ending, Problem> {
        let end = loop {
            let end = self.until_end()?;
            let can_go_on = end.is_of_a_turn() || (end == End::Interrupted && self.is_alive());
            if !can_go_on || !self.wants_more(&end)? {
                break end;
            }
        };
        self.finish(end)
    }

    fn until_end(&mut self) -> Result<End, Problem> {
        loop {
            self.beat()?;
            let state = self.exchange.state();
            if self.show_questions(&state)? {
                return Ok(End::Unanswered);
            }
            self.take_lines()?;
            if let Some(problem) = self.shortage() {
                return Ok(End::Short(problem));
            }
            if let Some(end) = self.end(&self.exchange.state()) {
                return Ok(end);
            }
        }
    }

    /// One look at what happened.
    fn beat(&mut self) -> Result<(), Problem> {
        let events = self.exchange.events(BEAT);
        self.follow.take(self.exchange, self.out, &events);
        for event in &events {
            match event {
                Event::Failed(problem) => self.out.problem(problem),
                // What its own agent or an MCP client is refused is theirs to hear.
                Event::CommandDone {
                    actor: Actor::Agent { attempt_id },
                    ..
                } if *attempt_id == self.attempt_id => {}
                Event::CommandDone {
                    actor: Actor::Mcp { .. },
                    ..
                } => {}
                Event::CommandDone {
                    result: Err(problem), ..
                } => self.out.problem(problem),
                Event::Ended => {
                    return Err(Problem::new(
                        ProblemCode::Cancelled,
                        "Anyon ended while the agent worked",
                    ));
                }
                _ => {}
            }
        }
        self.show_status();
        self.pass_interrupts_on();
        Ok(())
    }

    fn show_status(&mut self) {
        let state = self.exchange.state();
        let Some(card) = AttemptCard::of(&state, self.attempt_id) else {
            return;
        };
        if self.last_status != card.status.as_str() {
            self.last_status = card.status.as_str().to_owned();
            self.out.attempt_moved(&card);
        }
        let wait = match execution(&state, self.attempt_id).map(|execution| &execution.state) {
            Some(ExecutionState::Queued { why }) => *why,
            _ => None,
        };
        if wait.map(|wait| std::mem::discriminant(&wait))
            != self.last_wait.map(|wait| std::mem::discriminant(&wait))
        {
            self.waits_since = Instant::now();
        }
        if wait != self.last_wait {
            self.last_wait = wait;
            if let Some(words) = wait.and_then(wait_words) {
                self.out.note(&words);
            }
        }
    }

    /// Too little is free for a start, and nobody is there who could wait or tidy up.
    fn shortage(&self) -> Option<Problem> {
        let wait = self.last_wait?;
        let is_over = match wait {
            QueueReason::Disk { .. } => true,
            QueueReason::Memory { .. } => self.waits_since.elapsed() > MEMORY_PATIENCE,
            QueueReason::RateLimit { until } => {
                until.ms_since(clock::now()) > i64::try_from(LIMIT_PATIENCE.as_millis()).unwrap_or(0)
            }
            QueueReason::Cap { .. } | QueueReason::Worktree => false,
        };
        let is_alone = !matches!(self.voice, Voice::Person(_));
        (is_over && is_alone && self.passed_on == 0).then(|| shortage(&self.name, wait))?
    }

    fn pass_interrupts_on(&mut self) {
        let attempt_id = self.attempt_id;
        if self.out.is_closed() && self.passed_on < 2 {
            self.out.note("stopping the agent: nobody reads what it says");
            self.exchange.send(Command::StopAttempt { attempt_id });
            self.passed_on = 2;
        }
        let wanted = self.interrupts.count();
        if wanted <= self.passed_on {
            return;
        }
        if wanted >= 2 {
            self.out
                .note("stopping the agent; Ctrl+C once more ends everything at once");
            self.exchange.send(Command::StopAttempt { attempt_id });
        } else {
            self.out
                .note("interrupting the turn; Ctrl+C again stops the agent");
            self.exchange.send(Command::InterruptAttempt { attempt_id });
        }
        self.passed_on = wanted;
    }

    /// Shows new questions and has them answered; true when nobody can.
    fn show_questions(&mut self, state: &State) -> Result<bool, Problem> {
        self.tell_settled(state);
        let Some(shard) = state.shard_of_attempt(self.attempt_id) else {
            return Ok(false);
        };
        let pending: Vec<_> = shard.pending_approvals(self.attempt_id).cloned().collect();
        for approval in &pending {
            if self.shown.insert(approval.id) {
                self.follow.catch_up(self.exchange, self.out);
                self.show_question(state, approval)?;
            }
        }
        self.open = self
            .open
            .take()
            .filter(|open| pending.iter().any(|approval| approval.id == open.id));
        if self.open.is_none() && matches!(self.voice, Voice::Person(_)) {
            self.open = pending.first().cloned();
            if let Some(open) = &self.open {
                self.out.prompt(answer::prompt_for(&open.request));
            }
        }
        let nobody = match &self.voice {
            Voice::Nobody => true,
            Voice::Program(lines) | Voice::Person(lines) => lines.is_ended(),
            Voice::Yes => false,
        };
        Ok(nobody && !pending.is_empty() && self.passed_on == 0)
    }

    fn show_question(&mut self, state: &State, approval: &Arc<Approval>) -> Result<(), Problem> {
        let card = card(state, self.attempt_id)?;
        self.out.approval(&card, approval);
        if matches!(self.voice, Voice::Yes) {
            self.out.note("the demo allows this by itself");
            let scope = ApprovalScope::Once;
            self.answer(approval.id, ApprovalAnswer::Approved { scope })?;
        }
        Ok(())
    }

    /// Tells how questions ended: those shown, and for programs those that a rule or the mode answered.
    fn tell_settled(&mut self, state: &State) {
        for approval in settled(state, self.attempt_id) {
            let is_news = self.told.insert(approval.id);
            if is_news && (self.out.is_json() || self.shown.contains(&approval.id)) {
                self.out.approval_resolved(&self.name, &approval);
            } else if is_news {
                self.tell_rule(state, &approval);
            }
        }
    }

    /// A rule that answers is told: what passes unasked by an old “always” is easily forgotten.
    fn tell_rule(&mut self, state: &State, approval: &Approval) {
        if let ApprovalState::Answered {
            by: AnsweredBy::Rule { rule },
            ..
        } = &approval.state
            && let Some(card) = RuleCard::find(state, *rule)
        {
            let answers = if card.rule.allow { "allows" } else { "forbids" };
            self.out
                .note(&format!("  rule {} {answers}: {}", card.name, card.pattern()));
        }
    }

    /// The rules that an answer made, and how they are taken back.
    fn tell_new_rules(&mut self, before: &BTreeSet<RuleId>) {
        let state = self.exchange.state();
        for card in RuleCard::all(&state) {
            if !before.contains(&card.rule.id) {
                self.out.note(&format!(
                    "always allowed in {}: {} (take it back: anyon rule remove {})",
                    card.place(),
                    card.pattern(),
                    card.name
                ));
            }
        }
    }

    fn answer(&mut self, approval_id: ApprovalId, answer: ApprovalAnswer) -> Result<(), Problem> {
        let rules: BTreeSet<RuleId> = self.exchange.state().rules.keys().copied().collect();
        let answered = self.pass_answer_on(approval_id, answer);
        self.tell_new_rules(&rules);
        answered
    }

    fn pass_answer_on(&mut self, approval_id: ApprovalId, answer: ApprovalAnswer) -> Result<(), Problem> {
        match self
            .exchange
            .command(Command::AnswerApproval { approval_id, answer })
        {
            Ok(_) => Ok(()),
            Err(problem) => {
                self.out.problem(&problem);
                Ok(())
            }
        }
    }

    fn take_lines(&mut self) -> Result<(), Problem> {
        loop {
            let line = match &mut self.voice {
                Voice::Person(lines) | Voice::Program(lines) => lines.take(),
                Voice::Yes | Voice::Nobody => None,
            };
            let Some(line) = line else {
                return Ok(());
            };
            match &self.voice {
                Voice::Program(_) => self.take_instruction(&line)?,
                _ => self.take_typed(&line)?,
            }
        }
    }

    fn take_typed(&mut self, line: &str) -> Result<(), Problem> {
        let Some(open) = self.open.clone() else {
            return self.say_more(line);
        };
        match answer::from_person(line, &open.request.question) {
            Reply::Answer(answer) => {
                self.open = None;
                let untold = untold_reason(&open, &answer);
                self.answer(open.id, answer)?;
                return untold.map_or(Ok(()), |reason| self.say_untold(&reason));
            }
            Reply::ShowDiff => match self.exchange.diff_all(self.attempt_id) {
                Ok(files) => self.out.diff_files(&self.name, &files),
                Err(problem) => self.out.problem(&problem),
            },
            Reply::FollowUp(text) => self.say_more(&text)?,
            Reply::Unclear if line.trim().is_empty() => {}
            Reply::Unclear => self.out.note(&format!("“{}” is no answer here", line.trim())),
        }
        self.out.prompt(answer::prompt_for(&open.request));
        Ok(())
    }

    /// The agent only takes a no: why not is its next prompt.
    fn say_untold(&mut self, reason: &str) -> Result<(), Problem> {
        self.out
            .note("this agent takes no reason with a no: it gets it as a follow-up");
        self.say_more(reason)
    }

    fn take_instruction(&mut self, line: &str) -> Result<(), Problem> {
        let attempt_id = self.attempt_id;
        match answer::from_program(line) {
            Ok(Instruction::Answer(approval_id, answer)) => {
                match approval_id.or_else(|| self.only_question()) {
                    Some(approval_id) => self.answer(approval_id, answer),
                    None => {
                        self.out.problem(&Problem::new(
                            ProblemCode::NotFound,
                            "There is not exactly one open question",
                        ));
                        Ok(())
                    }
                }
            }
            Ok(Instruction::Send(text, names)) => self.say_to(&text, &names),
            Ok(Instruction::Interrupt) => {
                self.exchange.send(Command::InterruptAttempt { attempt_id });
                self.passed_on = self.passed_on.max(1);
                Ok(())
            }
            Ok(Instruction::Stop) => {
                self.exchange.send(Command::StopAttempt { attempt_id });
                self.passed_on = self.passed_on.max(2);
                Ok(())
            }
            Err(why) => {
                self.out.problem(&Problem::new(ProblemCode::InvalidRequest, why));
                Ok(())
            }
        }
    }

    fn only_question(&self) -> Option<ApprovalId> {
        let state = self.exchange.state();
        let shard = state.shard_of_attempt(self.attempt_id)?;
        let mut pending = shard.pending_approvals(self.attempt_id);
        let only = pending.next()?.id;
        pending.next().is_none().then_some(only)
    }

    fn say_more(&mut self, text: &str) -> Result<(), Problem> {
        self.say_to(text, &Names::default())
    }

    fn say_to(&mut self, text: &str, names: &Names) -> Result<(), Problem> {
        if text.trim().is_empty() {
            return Ok(());
        }
        let command = Command::SendTo {
            attempt_id: self.attempt_id,
            to: names.recipient(&self.exchange.state(), self.attempt_id),
            text: text.trim().to_owned(),
        };
        match self.exchange.command(command) {
            Ok(anyon_model::Outcome::Queued { .. }) => self.out.note("queued: sent when the turn is done"),
            // Nobody is there any more to say it to.
            Err(problem) if problem.code == ProblemCode::Cancelled => return Err(problem),
            Err(problem) => self.out.problem(&problem),
            Ok(_) => {
                self.interrupts.forget();
                self.passed_on = 0;
            }
        }
        Ok(())
    }

    /// The end that the state shows, if it is one.
    fn end(&self, state: &State) -> Option<End> {
        let execution = execution(state, self.attempt_id)?;
        let shard = state.shard_of_attempt(self.attempt_id)?;
        let waits = shard.drafts_of(self.attempt_id).iter().any(|draft| draft.queued);
        match &execution.state {
            ended if ended.is_final() && self.passed_on > 0 => Some(End::Interrupted),
            ended if ended.is_final() => Some(End::Process(ended.clone())),
            ExecutionState::Running {
                activity: Activity::Idle { .. },
            } if self.passed_on > 0 => Some(End::Interrupted),
            ExecutionState::Running {
                activity: Activity::Idle { .. },
            } if !waits => Some(End::Turn),
            _ => None,
        }
    }

    /// Asks the person for a further prompt; true when there is one.
    fn wants_more(&mut self, end: &End) -> Result<bool, Problem> {
        self.follow.catch_up(self.exchange, self.out);
        if !matches!(self.voice, Voice::Person(_)) {
            return Ok(false);
        }
        self.out.prompt(match end {
            End::Interrupted => "what instead? (Enter to stop here)> ",
            _ => "follow-up (Enter to finish)> ",
        });
        loop {
            let (line, ended) = match &mut self.voice {
                Voice::Person(lines) => (lines.wait(BEAT), lines.is_ended()),
                _ => (None, true),
            };
            if let Some(line) = line {
                self.say_more(&line)?;
                return Ok(!line.trim().is_empty());
            }
            let is_interrupted = self.interrupts.count() > self.passed_on;
            if ended || is_interrupted || self.out.is_closed() || self.has_failed() {
                return Ok(false);
            }
        }
    }

    /// The agent's process is there, or will be.
    fn is_alive(&self) -> bool {
        execution(&self.exchange.state(), self.attempt_id)
            .is_some_and(|execution| !execution.state.is_final())
    }

    /// The process ended otherwise than by having nothing to do.
    fn has_failed(&self) -> bool {
        let state = self.exchange.state();
        execution(&state, self.attempt_id)
            .map(|execution| &execution.state)
            .is_some_and(|state| state.is_final() && !End::Process(state.clone()).is_of_a_turn())
    }

    /// Ends the process if there is one, and tells how it went.
    fn finish(mut self, end: End) -> Result<Ending, Problem> {
        self.follow.catch_up(self.exchange, self.out);
        let state = self.exchange.state();
        let is_alive =
            execution(&state, self.attempt_id).is_some_and(|execution| !execution.state.is_final());
        if is_alive {
            match self.exchange.command(Command::StopAttempt {
                attempt_id: self.attempt_id,
            }) {
                Ok(_) => {}
                // It ended by itself in between.
                Err(problem) if problem.code == ProblemCode::WrongState => {}
                Err(problem) => return Err(problem),
            }
            self.follow.catch_up(self.exchange, self.out);
        }
        self.tell_settled(&self.exchange.state());
        let end = match end {
            End::Interrupted if self.out.is_closed() && self.interrupts.count() == 0 => End::Unread,
            end => end,
        };
        let (outcome, message, ending) = words(&end);
        self.out.turn(&TurnEnd {
            attempt: self.name.clone(),
            outcome,
            message,
        });
        match &end {
            End::Unanswered => self.out.problem(&unanswered(&self.name)),
            End::Short(problem) => self.out.problem(problem),
            _ => {}
        }
        Ok(ending)
    }
}

/// The reason of a no that the agent cannot be told with it.
fn untold_reason(approval: &Approval, answer: &ApprovalAnswer) -> Option<String> {
    match answer {
        ApprovalAnswer::Denied { reason } if !approval.request.takes_reason => reason.clone(),
        _ => None,
    }
}

fn card(state: &State, attempt_id: AttemptId) -> Result<AttemptCard, Problem> {
    AttemptCard::of(state, attempt_id)
        .ok_or_else(|| Problem::new(ProblemCode::NotFound, "The attempt is gone"))
}

fn execution(state: &State, attempt_id: AttemptId) -> Option<&Arc<Execution>> {
    state
        .shard_of_attempt(attempt_id)?
        .last_agent_execution(attempt_id)
}

fn settled(state: &State, attempt_id: AttemptId) -> impl Iterator<Item = Arc<Approval>> {
    let shard = state.shard_of_attempt(attempt_id).cloned();
    let approvals: Vec<_> = shard
        .iter()
        .flat_map(|shard| shard.approvals.values().cloned())
        .collect();
    approvals
        .into_iter()
        .filter(move |approval| approval.attempt_id == attempt_id && approval.state != ApprovalState::Pending)
}
