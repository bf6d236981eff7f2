//! What there is of agents: where the program is, its version, whether it is logged in, and what of the environment it
//! will not be given.

use super::probe;
use crate::cli::out::Out;
use anyon_executors::{
    agents::{LoginState, Version},
    files,
    process::Environment,
    profiles::{Agent, AgentsFile, Configuration, Reading},
};
use anyon_model::AGENT_FILE;
use serde_json::json;
use std::path::{Path, PathBuf};

/// Looks at every agent: Anyon's, and the person's own in this data folder.
pub fn look(data_folder: &Path, out: &mut Out) {
    let environment = Environment::of_this_process();
    let file = AgentsFile::in_folder(data_folder);
    let reading = file.read();
    tell_file(&file, &reading, out);
    for agent in reading.configuration.agents() {
        look_at(&agent, &environment, out);
    }
}

/// The file of the person's own agents and profiles, where there is one.
fn tell_file(file: &AgentsFile, reading: &Reading, out: &mut Out) {
    let path = file.path().display().to_string();
    let Configuration { agents, profiles, .. } = &reading.configuration;
    let facts = json!({
        "file": path, "agents": agents.len(), "profiles": profiles.len(),
        "line": reading.fault.as_ref().map(|fault| fault.line).filter(|line| *line > 0),
        "fault": reading.fault.as_ref().map(|fault| &fault.reason),
    });
    match &reading.fault {
        Some(fault) => {
            let text = format!("{path}\n{fault}\nwhat it said before stays in force");
            out.finding("note", AGENT_FILE, &text, &facts);
        }
        None if reading.text.is_empty() => {}
        None => {
            let said = format!("{path}, {} agents, {} profiles", agents.len(), profiles.len());
            out.finding("ok", AGENT_FILE, &said, &facts);
        }
    }
}

fn look_at(agent: &Agent, environment: &Environment, out: &mut Out) {
    if agent.is_built_in() {
        let facts = json!({"agent": agent.id(), "found": true});
        let text = format!("{}: {}", agent.name(), agent.install_hint());
        out.finding("ok", agent.id(), &text, &facts);
        return;
    }
    let withheld = environment.withheld(agent.own_environment(), agent.pass_env());
    let Some(program) = agent.find(environment) else {
        let text = format!("{}: not installed. {}", agent.name(), agent.install_hint());
        let facts = json!({"agent": agent.id(), "found": false, "withheld": withheld});
        out.finding("note", agent.id(), text.trim_end(), &facts);
        return;
    };
    let found = Found {
        agent,
        environment,
        program,
    };
    found.tell(&withheld, out);
}

struct Found<'a> {
    agent: &'a Agent,
    environment: &'a Environment,
    program: PathBuf,
}

impl Found<'_> {
    fn tell(&self, withheld: &[String], out: &mut Out) {
        let agent = self.agent;
        let version = self.version();
        let tested = agent.spec().and_then(|spec| spec.probes.tested);
        let notice = match (version, tested) {
            (Some(version), Some(tested)) => tested.notice(version),
            (None, Some(_)) => Some("its version is unknown".to_owned()),
            _ => None,
        };
        let notice = notice.or_else(|| agent.spec().and_then(|spec| spec.notice()).map(str::to_owned));
        let login = self.login();
        let (level, login_text) = match &login {
            LoginState::LoggedIn { method } if method.is_empty() => ("ok", "logged in".to_owned()),
            LoginState::LoggedIn { method } => ("ok", format!("logged in ({method})")),
            LoginState::LoggedOut | LoginState::MustLogIn => {
                ("note", format!("not logged in. {}", agent.login_hint()))
            }
            LoginState::Unknown => ("ok", "login unknown".to_owned()),
        };
        let version_text =
            version.map_or_else(|| "unknown version".to_owned(), |version| version.to_string());
        let mut text = format!(
            "{} {version_text}, {login_text}\n{}",
            agent.name(),
            self.program.display()
        );
        if let Some(notice) = &notice {
            text.push_str(&format!("\n{notice}"));
        }
        if !withheld.is_empty() {
            text.push_str(&format!("\nnot given to it: {}", withheld.join(", ")));
        }
        let facts = json!({
            "agent": agent.id(), "found": true, "program": self.program.to_string_lossy(),
            "version": version.map(|version| version.to_string()), "notice": notice,
            "tested": tested.map(|tested| [tested.first.to_string(), tested.last.to_string()]),
            "logged_in": match login {
                LoginState::LoggedIn { .. } => Some(true),
                LoginState::LoggedOut | LoginState::MustLogIn => Some(false),
                LoginState::Unknown => None,
            },
            "withheld": withheld,
        });
        out.finding(
            if notice.is_some() { "note" } else { level },
            agent.id(),
            &text,
            &facts,
        );
    }

    fn version(&self) -> Option<Version> {
        if let Some(version) = files::package_version(&self.program) {
            return Some(version);
        }
        let args = self.agent.spec()?.probes.version_args;
        let (output, _) = (!args.is_empty()).then(|| self.ask(args))??;
        Version::in_output(&output)
    }

    fn login(&self) -> LoginState {
        if let Some(seen) = self.agent.login(self.environment) {
            return seen;
        }
        let Some(probe) = self.agent.spec().and_then(|spec| spec.probes.login) else {
            return LoginState::Unknown;
        };
        match self.ask(probe.args) {
            Some((output, status)) => (probe.read)(&output, status),
            None => LoginState::Unknown,
        }
    }

    fn ask(&self, args: &[&str]) -> Option<(String, Option<i32>)> {
        probe::ask(
            &self.program,
            args,
            self.environment,
            self.agent.own_environment(),
        )
    }
}
