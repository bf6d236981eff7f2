//! What is kept of a question that is too long. The log has all of it; nothing is decided on what was cut.

use anyon_model::*;

/// Bytes of each text that are kept.
const TEXT_BYTES: usize = 256 * 1024;
/// Paths that are kept.
const PATHS: usize = 1_000;

/// Choices are answered by their own words, so they cannot be cut.
pub fn can_be_shown(question: &Question) -> bool {
    match question {
        Question::Choice { questions } => questions.iter().map(choice_bytes).sum::<usize>() <= TEXT_BYTES,
        _ => true,
    }
}

fn choice_bytes(choice: &ChoiceQuestion) -> usize {
    let options = choice
        .options
        .iter()
        .map(|option| option.label.len() + option.description.len() + 1);
    choice.question.len() + choice.header.len() + options.sum::<usize>() + 1
}

/// The request as it is kept, and whether anything of it was cut.
pub fn for_record(mut request: ApprovalRequest) -> (ApprovalRequest, bool) {
    let mut is_cut = cut_text(&mut request.tool);
    if let Some(reason) = &mut request.reason {
        is_cut |= cut_text(reason);
    }
    is_cut |= match &mut request.question {
        Question::Command { command, cwd } => cut_text(command) | cwd.as_mut().is_some_and(cut_path),
        Question::Edit { paths } | Question::Read { paths } => cut_paths(paths),
        Question::Fetch { target } => cut_text(target),
        Question::Tool { input } => cut_text(input),
        Question::Plan { plan } => cut_text(plan),
        Question::Choice { questions } => cut_choices(questions),
    };
    (request, is_cut)
}

fn cut_text(text: &mut String) -> bool {
    if text.len() <= TEXT_BYTES {
        return false;
    }
    let kept = text.floor_char_boundary(TEXT_BYTES);
    let rest = text.len() - kept;
    text.truncate(kept);
    text.push_str(&format!(" … [cut: {rest} more bytes]"));
    true
}

fn cut_path(path: &mut FilePath) -> bool {
    let mut text = path.to_string();
    let is_cut = cut_text(&mut text);
    if is_cut {
        *path = FilePath::from(text.as_str());
    }
    is_cut
}

fn cut_paths(paths: &mut Vec<FilePath>) -> bool {
    let mut bytes = 0;
    let fits = paths.iter().take(PATHS).take_while(|path| {
        bytes += path.as_path().as_os_str().len();
        bytes <= TEXT_BYTES
    });
    let kept = fits.count();
    if kept == paths.len() {
        return false;
    }
    let rest = paths.len() - kept;
    paths.truncate(kept);
    paths.push(FilePath::from(format!("… [cut: {rest} more paths]").as_str()));
    true
}

fn cut_choices(questions: &mut Vec<ChoiceQuestion>) -> bool {
    let bytes: usize = questions.iter().map(choice_bytes).sum();
    if bytes <= TEXT_BYTES {
        return false;
    }
    *questions = vec![ChoiceQuestion {
        question: format!("… [cut: {} questions of {bytes} bytes]", questions.len()),
        header: String::new(),
        options: Vec::new(),
        multi_select: false,
    }];
    true
}
