//! The words of each field of `agents.toml`: what it is called, and what it is for.

use crate::Catalogue;
use anyon_model::{AgentFileFault, FieldSpec, Proof};

/// The keys of a field's name and of what it is for.
pub fn of(spec: &FieldSpec) -> (&'static str, &'static str) {
    match spec.key {
        "name" => ("own-agents-name", "own-agents-name-about"),
        "command" => ("own-agents-command", "own-agents-command-about"),
        "args" => ("own-agents-args", "own-agents-args-about"),
        "env" => ("own-agents-env", "own-agents-env-about"),
        "pass_env" => ("own-agents-pass-env", "own-agents-pass-env-about"),
        "ask_mode" => ("own-agents-ask-mode", "own-agents-ask-mode-about"),
        "plan_mode" => ("own-agents-plan-mode", "own-agents-plan-mode-about"),
        "resume" => ("own-agents-resume", "own-agents-resume-about"),
        "authenticate" => ("own-agents-authenticate", "own-agents-authenticate-about"),
        "without_mcp" => ("own-agents-without-mcp", "own-agents-without-mcp-about"),
        "install" => ("own-agents-install", "own-agents-install-about"),
        "login" => ("own-agents-login", "own-agents-login-about"),
        "program" => ("own-agents-program", "own-agents-program-about"),
        "extra_args" => ("own-agents-extra-args", "own-agents-extra-args-about"),
        "model" => ("own-agents-model", "own-agents-model-about"),
        "effort" => ("own-agents-effort", "own-agents-effort-about"),
        "plan" => ("own-agents-plan", "own-agents-plan-about"),
        _ => ("own-agents-append-prompt", "own-agents-append-prompt-about"),
    }
}

/// How sure a command is.
pub fn of_proof(proof: Proof) -> &'static str {
    match proof {
        Proof::Run => "own-agents-proof-run",
        Proof::Published => "own-agents-proof-published",
        Proof::Hearsay => "own-agents-proof-hearsay",
    }
}

/// What is wrong with the file, and where.
pub fn of_fault(text: &Catalogue, fault: &AgentFileFault) -> String {
    match fault.line {
        0 => fault.reason.clone(),
        line => {
            let values = [
                ("line", u64::from(line).into()),
                ("reason", fault.reason.as_str().into()),
            ];
            text.with("own-agents-line", &values)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Language;
    use anyon_model::{AGENT_FIELDS, PROFILE_FIELDS};

    #[test]
    fn the_forms_say_what_the_description_of_the_file_says() {
        let text = Catalogue::new(Language::English);
        for spec in AGENT_FIELDS.iter().chain(&PROFILE_FIELDS) {
            assert_eq!(text.get(of(spec).1), spec.about, "{}", spec.key);
        }
    }
}
