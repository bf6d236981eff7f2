//! From a launch request to a process plan and a protocol.

use super::{Shared, handover, script::ScriptOutput};
use anyon_executors::{
    agents::{LoginState, Start},
    files,
    mcp_config::Server,
    process::{Environment, ProcessPlan},
    profiles::Agent,
    protocols::Protocol,
};
use anyon_model::{AgentLaunch, FailureKind, Launch, LaunchFailure, LaunchRequest};
use std::{
    collections::BTreeMap,
    ffi::OsString,
    path::{Path, PathBuf},
};

/// What to start and how to talk to it.
pub struct Prepared {
    /// The process.
    pub plan: ProcessPlan,
    /// Its protocol.
    pub protocol: Box<dyn Protocol>,
}

/// Finds the program and puts its arguments and environment together. Blocks: it looks at the file system, and asks
/// the login shell the first time.
pub fn prepare(shared: &Shared, request: &LaunchRequest) -> Result<Prepared, LaunchFailure> {
    match &request.launch {
        Launch::Agent(launch) => match &launch.handover {
            Some(told) => {
                let launch = AgentLaunch {
                    prompt: handover::prompt(shared, &launch.prompt, told),
                    ..AgentLaunch::clone(launch)
                };
                prepare_agent(shared, request, &launch)
            }
            None => prepare_agent(shared, request, launch),
        },
        Launch::Script { script } => Ok(prepare_script(shared, request, script)),
    }
}

fn prepare_agent(
    shared: &Shared,
    request: &LaunchRequest,
    launch: &AgentLaunch,
) -> Result<Prepared, LaunchFailure> {
    let known = shared.own_agents.now();
    let agent = known
        .configuration
        .agent(&launch.profile.executor)
        .ok_or_else(|| LaunchFailure {
            kind: FailureKind::NotInstalled,
            message: format!("Anyon knows no agent “{}”", launch.profile.executor),
        })?;
    let environment = shared.environment();
    let mcp = own_server(shared).filter(|_| launch.mcp);
    let spec = agent.spec();
    let guide = spec.and_then(|spec| files::guide(spec, request.worktree.as_path()));
    let start = Start {
        launch,
        exe: &shared.exe,
        worktree: request.worktree.as_path(),
        mcp: mcp.as_ref(),
        guide: guide.as_ref(),
    };
    let command = agent.command(&start);
    let program = match (&launch.config.program, command.exact) {
        (Some(named), _) => environment.find_named(Path::new(named)),
        (None, Some(exact)) => Some(exact),
        (None, None) if command.program.is_empty() => agent.find(environment),
        (None, None) => environment.find_program(command.program),
    };
    let program = program.ok_or_else(|| not_installed(&agent, launch))?;
    if must_log_in(&agent, launch, environment) {
        return Err(LaunchFailure {
            kind: FailureKind::Auth,
            message: format!("{} is not logged in. {}", agent.name(), agent.login_hint()),
        });
    }
    let mut set = command.env;
    set.extend(launch.config.env.clone());
    mend(&agent, environment, &set, request, launch);
    let mut args = command.args;
    args.extend(launch.config.extra_args.iter().map(OsString::from));
    let pass = [agent.pass_env(), &launch.config.pass_env].concat();
    let plan = ProcessPlan {
        execution_id: request.execution_id,
        program,
        args,
        folder: request.worktree.as_path().to_path_buf(),
        environment: environment.for_agent(
            agent.own_environment(),
            &pass,
            &set,
            request.execution_id,
            &request.attempt_id.to_string(),
        ),
    };
    Ok(Prepared {
        plan,
        protocol: agent.protocol(&start),
    })
}

/// It would wait for a person in a browser, for ever. A key that the profile names is one too.
fn must_log_in(agent: &Agent, launch: &AgentLaunch, environment: &Environment) -> bool {
    let has_key = |name: &&str| launch.config.env.get(*name).is_some_and(|key| !key.is_empty());
    let by_profile = agent.own_environment().iter().any(has_key);
    !by_profile && agent.login(environment) == Some(LoginState::MustLogIn)
}

/// Puts the agent's own files right. What cannot be, is no reason not to start it.
fn mend(
    agent: &Agent,
    environment: &Environment,
    set: &BTreeMap<String, String>,
    request: &LaunchRequest,
    launch: &AgentLaunch,
) {
    let Some(needed) = agent.mend() else { return };
    let session = launch.resume.as_ref().map(|resume| resume.agent_session.as_str());
    let done = files::mend(needed, environment, set, request.worktree.as_path(), session);
    if let Err(fault) = done {
        tracing::warn!(%fault, agent = agent.id(), "the agent's own files could not be put right");
    }
}

/// Anyon as an MCP server. What cannot be named in text is left out: an agent works without.
fn own_server(shared: &Shared) -> Option<Server> {
    Server::new(&shared.exe, &shared.mcp_arguments)
        .inspect_err(|fault| tracing::warn!(%fault, "attempts go without Anyon's MCP server"))
        .ok()
}

fn not_installed(agent: &Agent, launch: &AgentLaunch) -> LaunchFailure {
    let message = match &launch.config.program {
        Some(program) => format!("{}: there is no program “{program}”", agent.name()),
        None => format!("{} is not installed. {}", agent.name(), agent.install_hint()),
    };
    LaunchFailure {
        kind: FailureKind::NotInstalled,
        message,
    }
}

fn prepare_script(shared: &Shared, request: &LaunchRequest, script: &str) -> Prepared {
    let environment = shared.environment().for_agent(
        &[],
        &[],
        &BTreeMap::new(),
        request.execution_id,
        &request.attempt_id.to_string(),
    );
    let (program, flag) = if cfg!(windows) {
        ("cmd.exe", "/C")
    } else {
        ("/bin/sh", "-c")
    };
    let plan = ProcessPlan {
        execution_id: request.execution_id,
        program: PathBuf::from(program),
        args: vec![flag.into(), script.into()],
        folder: request.worktree.as_path().to_path_buf(),
        environment,
    };
    Prepared {
        plan,
        protocol: Box::new(ScriptOutput::new(script.to_owned())),
    }
}
