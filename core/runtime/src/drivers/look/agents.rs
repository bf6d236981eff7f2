//! Which agents are on this computer. Each is asked under a supervisor, with the environment of an attempt, in the
//! folder for temporary files, and for no longer than a moment.

use crate::{clock, drivers::process::Shared};
use anyon_executors::{
    agents::{self, AgentSpec, LoginState, Version},
    files,
    process::{ProcessPlan, Started, start},
};
use anyon_model::{AgentFinding, AgentLogin, ExecutorProfileId, ExitStatus};
use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};
use tokio::{io::AsyncReadExt, time::timeout};

/// How long an agent may take to answer a question.
const LIMIT: Duration = Duration::from_secs(10);
/// How much of an answer is read.
const ANSWER_BYTES: u64 = 64 * 1024;
/// The variant that every agent has.
const DEFAULT: &str = "DEFAULT";

/// All agents, in the order they are offered. `own` are the profiles that the person made. With `probe` each agent is
/// started, all side by side.
pub async fn look(processes: Arc<Shared>, own: Vec<ExecutorProfileId>, probe: bool) -> Vec<AgentFinding> {
    let lookers: Vec<_> = agents::agents()
        .iter()
        .map(|spec| (spec, tokio::spawn(look_at(spec, processes.clone(), probe))))
        .collect();
    let mut findings = Vec::with_capacity(lookers.len());
    for (spec, looker) in lookers {
        // One that broke off is told as not found.
        let mut finding = looker.await.unwrap_or_else(|_| finding(spec));
        finding.variants = variants(spec, &own);
        findings.push(finding);
    }
    findings
}

async fn look_at(spec: &'static AgentSpec, processes: Arc<Shared>, probe: bool) -> AgentFinding {
    let mut finding = finding(spec);
    if spec.program.is_empty() {
        finding.found = true;
        return finding;
    }
    let known = processes.clone();
    // The first to ask for the environment waits for the login shell.
    let found = tokio::task::spawn_blocking(move || {
        let environment = known.environment();
        (
            environment.find_program(spec.program),
            environment.withheld(spec.own_environment, &[]),
        )
    });
    let Ok((program, withheld)) = found.await else {
        return finding;
    };
    (finding.found, finding.withheld) = (program.is_some(), withheld);
    finding.program = program.as_deref().map(Into::into);
    if let Some(program) = program.filter(|_| probe) {
        let asked = Asked {
            spec,
            processes,
            program,
        };
        let (version, login) = tokio::join!(asked.version(), asked.login());
        tell(&mut finding, spec, version);
        finding.login = login;
    }
    finding
}

/// What is known of an agent without looking.
fn finding(spec: &AgentSpec) -> AgentFinding {
    AgentFinding {
        agent_id: spec.id.into(),
        name: spec.name.into(),
        variants: Vec::new(),
        found: false,
        program: None,
        version: None,
        notice: spec.notice().map(Into::into),
        login: if spec.login_hint.is_empty() {
            AgentLogin::NotNeeded
        } else {
            AgentLogin::Unknown
        },
        install_hint: spec.install_hint.into(),
        login_hint: spec.login_hint.into(),
        withheld: Vec::new(),
    }
}

/// The names of its variants, `DEFAULT` first.
fn variants(spec: &AgentSpec, own: &[ExecutorProfileId]) -> Vec<String> {
    let shipped = spec.info().variants.into_keys();
    let own = own.iter().filter(|profile| profile.executor == spec.id);
    let names: BTreeSet<String> = shipped
        .chain(own.filter_map(|profile| profile.variant.clone()))
        .collect();
    let others = names.into_iter().filter(|name| name != DEFAULT);
    std::iter::once(DEFAULT.to_owned()).chain(others).collect()
}

fn tell(finding: &mut AgentFinding, spec: &AgentSpec, version: Option<Version>) {
    finding.version = version.map(|version| version.to_string());
    let of_version = version
        .zip(spec.probes.tested)
        .and_then(|(version, tested)| tested.notice(version));
    finding.notice = of_version.or(finding.notice.take());
}

/// An agent that can be started.
struct Asked {
    spec: &'static AgentSpec,
    processes: Arc<Shared>,
    program: PathBuf,
}

impl Asked {
    async fn version(&self) -> Option<Version> {
        let program = self.program.clone();
        let known = tokio::task::spawn_blocking(move || files::package_version(&program));
        if let Ok(Some(version)) = known.await {
            return Some(version);
        }
        let args = self.spec.probes.version_args;
        if args.is_empty() {
            return None;
        }
        let (output, _) = self.ask(args).await?;
        Version::in_output(&output)
    }

    async fn login(&self) -> AgentLogin {
        match self.login_state().await {
            Some(LoginState::LoggedIn { method }) => AgentLogin::LoggedIn { method },
            Some(LoginState::LoggedOut | LoginState::MustLogIn) => AgentLogin::LoggedOut,
            Some(LoginState::Unknown) => AgentLogin::Unknown,
            None => finding(self.spec).login,
        }
    }

    async fn login_state(&self) -> Option<LoginState> {
        if self.spec.probes.look.is_some() {
            let (spec, processes) = (self.spec, self.processes.clone());
            let seen = tokio::task::spawn_blocking(move || files::login(spec, processes.environment()));
            return seen.await.ok()?;
        }
        let probe = self.spec.probes.login?;
        let (output, status) = self.ask(probe.args).await?;
        Some((probe.read)(&output, status))
    }

    /// What it wrote on its standard output, and its status if it ended by itself. `None`: it did not answer.
    async fn ask(&self, args: &[&str]) -> Option<(String, Option<i32>)> {
        let execution_id = clock::probe_id();
        let environment = self.processes.environment();
        let plan = ProcessPlan {
            execution_id,
            program: self.program.clone(),
            args: args.iter().map(Into::into).collect(),
            folder: std::env::temp_dir(),
            environment: environment.for_agent(
                self.spec.own_environment,
                &[],
                &BTreeMap::new(),
                execution_id,
                "probe",
            ),
        };
        ask(&self.processes.exe, plan, LIMIT).await
    }
}

async fn ask(exe: &Path, plan: ProcessPlan, limit: Duration) -> Option<(String, Option<i32>)> {
    let Started {
        stdin,
        stdout,
        stderr,
        control,
        exit,
        ..
    } = start(exe, plan).await.ok()?;
    drop((stdin, stderr));
    let mut bytes = Vec::new();
    let read = timeout(limit, stdout.take(ANSWER_BYTES).read_to_end(&mut bytes)).await;
    if !matches!(read, Ok(Ok(_))) {
        control.kill();
    }
    let Ok(exit) = timeout(limit, exit.wait()).await else {
        control.kill();
        return None;
    };
    read.ok()?.ok()?;
    let status = match exit.status {
        ExitStatus::Code { code } => Some(code),
        ExitStatus::Signal { .. } | ExitStatus::Unknown => None,
    };
    Some((String::from_utf8_lossy(&bytes).into_owned(), status))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variants_are_the_agents_and_the_persons_with_the_default_first() {
        let spec = agents::agent("CLAUDE_CODE").unwrap();
        let own = |executor: &str, variant: &str| ExecutorProfileId {
            executor: executor.into(),
            variant: Some(variant.into()),
        };
        let variants = variants(
            spec,
            &[
                own("CLAUDE_CODE", "AAA"),
                own("DEMO", "OTHER"),
                own("CLAUDE_CODE", DEFAULT),
            ],
        );
        assert_eq!(variants[..2], [DEFAULT, "AAA"]);
        assert!(!variants.contains(&"OTHER".to_owned()));
        assert_eq!(variants.iter().filter(|name| *name == DEFAULT).count(), 1);
    }
}
