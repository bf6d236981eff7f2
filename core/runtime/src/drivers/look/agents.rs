//! Which agents are on this computer. Each is asked under a supervisor, with the environment of an attempt, in the
//! folder for temporary files, and for no longer than a moment.

use crate::{clock, drivers::process::Shared};
use anyon_executors::{
    agents::{LoginState, Version},
    files,
    process::{ProcessPlan, Started, start},
    profiles::Agent,
};
use anyon_model::{AgentFinding, AgentLogin, ExitStatus};
use std::{
    collections::BTreeMap,
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

/// All agents, in the order they are offered. With `probe` each agent is started, all side by side.
pub async fn look(processes: Arc<Shared>, probe: bool) -> Vec<AgentFinding> {
    let known = processes.own_agents.now();
    let variants: BTreeMap<String, Vec<String>> = known
        .configuration
        .catalogue()
        .into_iter()
        .map(|info| (info.id, default_first(info.variants.into_keys())))
        .collect();
    let agents = known.configuration.agents().into_iter();
    let lookers: Vec<_> = agents
        .map(|agent| {
            let looker = tokio::spawn(look_at(agent.clone(), processes.clone(), probe));
            (agent, looker)
        })
        .collect();
    let mut findings = Vec::with_capacity(lookers.len());
    for (agent, looker) in lookers {
        // One that broke off is told as not found.
        let mut finding = looker.await.unwrap_or_else(|_| finding(&agent));
        finding.variants = variants.get(agent.id()).cloned().unwrap_or_default();
        findings.push(finding);
    }
    findings
}

async fn look_at(agent: Agent, processes: Arc<Shared>, probe: bool) -> AgentFinding {
    let mut finding = finding(&agent);
    if agent.is_built_in() {
        finding.found = true;
        return finding;
    }
    let (known, wanted) = (processes.clone(), agent.clone());
    // The first to ask for the environment waits for the login shell.
    let found = tokio::task::spawn_blocking(move || {
        let environment = known.environment();
        (
            wanted.find(environment),
            environment.withheld(wanted.own_environment(), wanted.pass_env()),
        )
    });
    let Ok((program, withheld)) = found.await else {
        return finding;
    };
    (finding.found, finding.withheld) = (program.is_some(), withheld);
    finding.program = program.as_deref().map(Into::into);
    if let Some(program) = program.filter(|_| probe) {
        let asked = Asked {
            agent,
            processes,
            program,
        };
        let (version, login) = tokio::join!(asked.version(), asked.login());
        tell(&mut finding, &asked.agent, version);
        finding.login = login;
    }
    finding
}

/// What is known of an agent without looking.
fn finding(agent: &Agent) -> AgentFinding {
    let has_login = agent.spec().is_none_or(|spec| !spec.login_hint.is_empty());
    AgentFinding {
        agent_id: agent.id().into(),
        name: agent.name().into(),
        variants: Vec::new(),
        found: false,
        program: None,
        version: None,
        notice: agent.spec().and_then(|spec| spec.notice()).map(Into::into),
        login: match has_login {
            true => AgentLogin::Unknown,
            false => AgentLogin::NotNeeded,
        },
        install_hint: agent.install_hint().into(),
        login_hint: agent.login_hint().into(),
        withheld: Vec::new(),
    }
}

/// The names of variants, `DEFAULT` first.
fn default_first(names: impl Iterator<Item = String>) -> Vec<String> {
    let others = names.filter(|name| name != DEFAULT);
    std::iter::once(DEFAULT.to_owned()).chain(others).collect()
}

fn tell(finding: &mut AgentFinding, agent: &Agent, version: Option<Version>) {
    finding.version = version.map(|version| version.to_string());
    let tested = agent.spec().and_then(|spec| spec.probes.tested);
    let of_version = version
        .zip(tested)
        .and_then(|(version, tested)| tested.notice(version));
    finding.notice = of_version.or(finding.notice.take());
}

/// An agent that can be started.
struct Asked {
    agent: Agent,
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
        let args = self.agent.spec()?.probes.version_args;
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
            None => finding(&self.agent).login,
        }
    }

    async fn login_state(&self) -> Option<LoginState> {
        let spec = self.agent.spec()?;
        if spec.probes.look.is_some() {
            let processes = self.processes.clone();
            let seen = tokio::task::spawn_blocking(move || files::login(spec, processes.environment()));
            return seen.await.ok()?;
        }
        let probe = spec.probes.login?;
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
                self.agent.own_environment(),
                self.agent.pass_env(),
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
    fn variants_are_told_with_the_default_first() {
        let names = ["AAA", DEFAULT, "PLAN"].map(str::to_owned);
        assert_eq!(default_first(names.into_iter()), [DEFAULT, "AAA", "PLAN"]);
    }
}
