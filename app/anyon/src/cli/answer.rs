//! What a typed line or a JSON line means: an answer to an agent's question, a further prompt, or a stop.
//!
//! Pure: text in, meaning out.

use super::recipient::Names;
use anyon_model::{ApprovalAnswer, ApprovalId, ApprovalRequest, ApprovalScope, ChoiceQuestion, Question};
use serde::Deserialize;
use std::collections::BTreeMap;

/// What a person's line means while a question is open.
#[derive(Debug, PartialEq, Eq)]
pub enum Reply {
    /// It answers.
    Answer(ApprovalAnswer),
    /// The person wants to see the diff first.
    ShowDiff,
    /// It answers nothing: it is for the agent, once the turn is done.
    FollowUp(String),
    /// It is not understood; the prompt says what there is.
    Unclear,
}

/// A line with fewer characters that answers nothing is a slip of the keyboard.
const SHORTEST_FOLLOW_UP: usize = 4;

/// What is typed to answer a question.
pub fn prompt_for(request: &ApprovalRequest) -> &'static str {
    match &request.question {
        Question::Choice { questions } if questions.len() > 1 => {
            "number or text for each question, separated by ; · n no > "
        }
        Question::Choice { .. } => "number (several with ,) or text · n no > ",
        _ if request.takes_reason => {
            "y once · s this session · a always in this project · n [reason] · d diff · or a follow-up > "
        }
        _ => "y once · s this session · a always in this project · n no · d diff · or a follow-up > ",
    }
}

/// A person's line while a question is open.
pub fn from_person(line: &str, question: &Question) -> Reply {
    let line = line.trim();
    let (word, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
    let choices = match question {
        Question::Choice { questions } => Some(questions),
        _ => None,
    };
    match (word.to_ascii_lowercase().as_str(), choices) {
        ("", _) => Reply::Unclear,
        ("n" | "no", _) => Reply::Answer(denied(rest)),
        (_, Some(questions)) => choose(line, questions),
        // With more behind it, it is a sentence: “a test, please” allows nothing for good.
        ("y" | "yes", None) if rest.is_empty() => approved(ApprovalScope::Once),
        ("s", None) if rest.is_empty() => approved(ApprovalScope::Session),
        ("a", None) if rest.is_empty() => approved(ApprovalScope::Always),
        ("d", None) if rest.is_empty() => Reply::ShowDiff,
        (_, None) if line.chars().count() >= SHORTEST_FOLLOW_UP => Reply::FollowUp(line.to_owned()),
        _ => Reply::Unclear,
    }
}

fn approved(scope: ApprovalScope) -> Reply {
    Reply::Answer(ApprovalAnswer::Approved { scope })
}

fn denied(reason: &str) -> ApprovalAnswer {
    let reason = reason.trim();
    ApprovalAnswer::Denied {
        reason: (!reason.is_empty()).then(|| reason.to_owned()),
    }
}

fn choose(line: &str, questions: &[ChoiceQuestion]) -> Reply {
    let parts: Vec<&str> = match questions.len() {
        1 => vec![line],
        _ => line.split(';').map(str::trim).collect(),
    };
    if parts.len() != questions.len() || parts.iter().any(|part| part.is_empty()) {
        return Reply::Unclear;
    }
    let mut answers = BTreeMap::new();
    for (part, question) in parts.into_iter().zip(questions) {
        match chosen(part, question) {
            Some(answer) => answers.insert(question.question.clone(), answer),
            None => return Reply::Unclear,
        };
    }
    Reply::Answer(ApprovalAnswer::Answered { answers })
}

/// Numbers name options; anything else is the person's own answer.
fn chosen(part: &str, question: &ChoiceQuestion) -> Option<String> {
    let numbers: Option<Vec<usize>> = part.split(',').map(|number| number.trim().parse().ok()).collect();
    let Some(numbers) = numbers else {
        return Some(part.to_owned());
    };
    if numbers.len() > 1 && !question.multi_select {
        return None;
    }
    let labels: Option<Vec<&str>> = numbers
        .iter()
        .map(|number| {
            question
                .options
                .get(number.checked_sub(1)?)
                .map(|option| option.label.as_str())
        })
        .collect();
    labels.map(|labels| labels.join(", "))
}

/// What a program's line means.
#[derive(Debug, PartialEq, Eq)]
pub enum Instruction {
    /// It answers a question; without a name the only one that is open.
    Answer(Option<ApprovalId>, ApprovalAnswer),
    /// A further prompt, and whom it goes to.
    Send(String, Names),
    /// End the turn.
    Interrupt,
    /// Stop the agent.
    Stop,
}

#[derive(Deserialize)]
struct Line {
    approve: Option<ApprovalId>,
    deny: Option<ApprovalId>,
    approval: Option<ApprovalId>,
    answers: Option<BTreeMap<String, String>>,
    #[serde(default)]
    scope: ApprovalScope,
    reason: Option<String>,
    send: Option<String>,
    agent: Option<String>,
    variant: Option<String>,
    model: Option<String>,
    #[serde(default)]
    interrupt: bool,
    #[serde(default)]
    stop: bool,
}

/// A program's line.
pub fn from_program(line: &str) -> Result<Instruction, String> {
    let line: Line =
        serde_json::from_str(line).map_err(|error| format!("the line is not understood: {error}"))?;
    Ok(match line {
        Line {
            approve: Some(approval_id),
            scope,
            ..
        } => Instruction::Answer(Some(approval_id), ApprovalAnswer::Approved { scope }),
        Line {
            deny: Some(approval_id),
            reason,
            ..
        } => Instruction::Answer(Some(approval_id), ApprovalAnswer::Denied { reason }),
        Line {
            answers: Some(answers),
            approval,
            ..
        } => Instruction::Answer(approval, ApprovalAnswer::Answered { answers }),
        Line {
            send: Some(text),
            agent,
            variant,
            model,
            ..
        } => {
            let names = Names {
                agent,
                variant,
                model,
            };
            Instruction::Send(text, names)
        }
        Line { interrupt: true, .. } => Instruction::Interrupt,
        Line { stop: true, .. } => Instruction::Stop,
        _ => return Err("the line says none of approve, deny, answers, send, interrupt, stop".to_owned()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use anyon_model::ChoiceOption;

    fn command() -> Question {
        Question::Command {
            command: "rm -rf build".into(),
            cwd: None,
        }
    }
    fn choice(multi_select: bool) -> ChoiceQuestion {
        let option = |label: &str| ChoiceOption {
            label: label.into(),
            description: String::new(),
        };
        ChoiceQuestion {
            question: "Which?".into(),
            header: String::new(),
            options: vec![option("Red"), option("Blue")],
            multi_select,
        }
    }
    fn answered(pairs: &[(&str, &str)]) -> Reply {
        let answers = pairs
            .iter()
            .map(|(q, a)| ((*q).to_owned(), (*a).to_owned()))
            .collect();
        Reply::Answer(ApprovalAnswer::Answered { answers })
    }

    #[test]
    fn only_a_clear_yes_is_a_yes() {
        let yes = |scope| Reply::Answer(ApprovalAnswer::Approved { scope });
        assert_eq!(from_person("y", &command()), yes(ApprovalScope::Once));
        assert_eq!(from_person(" S ", &command()), yes(ApprovalScope::Session));
        assert_eq!(from_person("a", &command()), yes(ApprovalScope::Always));
        assert_eq!(from_person("d", &command()), Reply::ShowDiff);
        for unclear in ["", "  ", "ye", "ok"] {
            assert_eq!(from_person(unclear, &command()), Reply::Unclear, "{unclear:?}");
        }
    }

    #[test]
    fn what_answers_nothing_is_kept_for_the_agent() {
        for text in [
            "please add tests too",
            "why?",
            "a test too",
            "yes, but later",
            "그만 하자",
        ] {
            assert_eq!(from_person(text, &command()), Reply::FollowUp(text.into()));
        }
    }

    #[test]
    fn a_no_carries_its_reason() {
        let reason = Some("use the Makefile".to_owned());
        let denied = |reason| Reply::Answer(ApprovalAnswer::Denied { reason });
        assert_eq!(from_person("n use the Makefile", &command()), denied(reason));
        assert_eq!(from_person("no", &command()), denied(None));
    }

    #[test]
    fn options_are_chosen_by_number_or_in_own_words() {
        let one = Question::Choice {
            questions: vec![choice(false)],
        };
        assert_eq!(from_person("2", &one), answered(&[("Which?", "Blue")]));
        assert_eq!(from_person("y", &one), answered(&[("Which?", "y")]));
        assert_eq!(
            from_person("green, please", &one),
            answered(&[("Which?", "green, please")])
        );
        assert_eq!(from_person("3", &one), Reply::Unclear);
        assert_eq!(from_person("0", &one), Reply::Unclear);
        assert_eq!(from_person("1,2", &one), Reply::Unclear);
        let several = Question::Choice {
            questions: vec![choice(true)],
        };
        assert_eq!(from_person("1,2", &several), answered(&[("Which?", "Red, Blue")]));
        let mut second = choice(false);
        second.question = "And?".into();
        let two = Question::Choice {
            questions: vec![choice(true), second],
        };
        assert_eq!(
            from_person("1; 2", &two),
            answered(&[("Which?", "Red"), ("And?", "Blue")])
        );
        assert_eq!(from_person("1", &two), Reply::Unclear);
    }

    #[test]
    fn a_program_says_what_it_means_in_one_object() {
        let approval_id = ApprovalId::from_bytes([7; 16]);
        let parse = |text: String| from_program(&text).unwrap();
        assert_eq!(
            parse(format!(r#"{{"approve":"{approval_id}","scope":"session"}}"#)),
            Instruction::Answer(
                Some(approval_id),
                ApprovalAnswer::Approved {
                    scope: ApprovalScope::Session
                }
            )
        );
        assert_eq!(
            parse(format!(r#"{{"deny":"{approval_id}","reason":"no"}}"#)),
            Instruction::Answer(
                Some(approval_id),
                ApprovalAnswer::Denied {
                    reason: Some("no".into())
                }
            )
        );
        assert_eq!(
            parse(r#"{"send":"go on"}"#.into()),
            Instruction::Send("go on".into(), Names::default())
        );
        let names = Names {
            agent: Some("DEMO".into()),
            variant: None,
            model: Some("big".into()),
        };
        assert_eq!(
            parse(r#"{"send":"go on","agent":"DEMO","model":"big"}"#.into()),
            Instruction::Send("go on".into(), names)
        );
        assert_eq!(parse(r#"{"stop":true}"#.into()), Instruction::Stop);
        for wrong in [
            "",
            "yes",
            "{}",
            r#"{"approve":"all of them"}"#,
            r#"{"interrupt":false}"#,
        ] {
            assert!(from_program(wrong).is_err(), "{wrong}");
        }
    }
}
