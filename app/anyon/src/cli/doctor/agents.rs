//! What there is of agents: where the program is, its version, whether it is logged in, and what of the environment it
//! will not be given.

use super::probe;
use crate::cli::out::Out;
use anyon_executors::{
    agents::{self, AgentSpec, LoginState, Version},
    files,
    process::Environment,
};
use serde_json::json;
use std::path::PathBuf;

/// Looks at every agent.
pub fn look(out: &mut Out) {
    let environment = Environment::of_this_process();
    for spec in agents::agents() {
        look_at(spec, &environment, out);
    }
}

fn look_at(spec: &AgentSpec, environment: &Environment, out: &mut Out) {
    if spec.program.is_empty() {
        let facts = json!({"agent": spec.id, "found": true});
        out.finding(
            "ok",
            spec.id,
            &format!("{}: {}", spec.name, spec.install_hint),
            &facts,
        );
        return;
    }
    let withheld = environment.withheld(spec.own_environment, &[]);
    let Some(program) = environment.find_program(spec.program) else {
        let text = format!("{}: not installed. {}", spec.name, spec.install_hint);
        out.finding(
            "note",
            spec.id,
            &text,
            &json!({"agent": spec.id, "found": false, "withheld": withheld}),
        );
        return;
    };
    let found = Found {
        spec,
        environment,
        program,
    };
    found.tell(&withheld, out);
}

struct Found<'a> {
    spec: &'a AgentSpec,
    environment: &'a Environment,
    program: PathBuf,
}

impl Found<'_> {
    fn tell(&self, withheld: &[String], out: &mut Out) {
        let spec = self.spec;
        let version = self.version();
        let notice = match (version, spec.probes.tested) {
            (Some(version), Some(tested)) => tested.notice(version),
            (None, Some(_)) => Some("its version is unknown".to_owned()),
            _ => None,
        };
        let notice = notice.or_else(|| spec.notice().map(str::to_owned));
        let login = self.login();
        let (level, login_text) = match &login {
            LoginState::LoggedIn { method } if method.is_empty() => ("ok", "logged in".to_owned()),
            LoginState::LoggedIn { method } => ("ok", format!("logged in ({method})")),
            LoginState::LoggedOut | LoginState::MustLogIn => {
                ("note", format!("not logged in. {}", spec.login_hint))
            }
            LoginState::Unknown => ("ok", "login unknown".to_owned()),
        };
        let version_text =
            version.map_or_else(|| "unknown version".to_owned(), |version| version.to_string());
        let mut text = format!(
            "{} {version_text}, {login_text}\n{}",
            spec.name,
            self.program.display()
        );
        if let Some(notice) = &notice {
            text.push_str(&format!("\n{notice}"));
        }
        if !withheld.is_empty() {
            text.push_str(&format!("\nnot given to it: {}", withheld.join(", ")));
        }
        let facts = json!({
            "agent": spec.id, "found": true, "program": self.program.to_string_lossy(),
            "version": version.map(|version| version.to_string()), "notice": notice,
            "tested": spec.probes.tested.map(|tested| [tested.first.to_string(), tested.last.to_string()]),
            "logged_in": match login {
                LoginState::LoggedIn { .. } => Some(true),
                LoginState::LoggedOut | LoginState::MustLogIn => Some(false),
                LoginState::Unknown => None,
            },
            "withheld": withheld,
        });
        out.finding(
            if notice.is_some() { "note" } else { level },
            spec.id,
            &text,
            &facts,
        );
    }

    fn version(&self) -> Option<Version> {
        if let Some(version) = files::package_version(&self.program) {
            return Some(version);
        }
        let args = self.spec.probes.version_args;
        let (output, _) = (!args.is_empty()).then(|| self.ask(args))??;
        Version::in_output(&output)
    }

    fn login(&self) -> LoginState {
        if let Some(seen) = files::login(self.spec, self.environment) {
            return seen;
        }
        let Some(probe) = self.spec.probes.login else {
            return LoginState::Unknown;
        };
        match self.ask(probe.args) {
            Some((output, status)) => (probe.read)(&output, status),
            None => LoginState::Unknown,
        }
    }

    fn ask(&self, args: &[&str]) -> Option<(String, Option<i32>)> {
        probe::ask(&self.program, args, self.environment, self.spec.own_environment)
    }
}
