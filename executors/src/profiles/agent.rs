//! An agent, whoever described it: Anyon or the person.

use crate::{
    agents::{AgentCommand, AgentSpec, LoginState, Mend, OwnAgent, Start},
    files,
    process::Environment,
    protocols::Protocol,
};
use anyon_model::AgentInfo;
use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

/// An agent that can be started.
#[derive(Debug, Clone)]
pub enum Agent {
    /// One of Anyon's list.
    Listed(&'static AgentSpec),
    /// One of the person's own.
    Own(Arc<OwnAgent>),
}

impl Agent {
    /// Its id.
    pub fn id(&self) -> &str {
        match self {
            Self::Listed(spec) => spec.id,
            Self::Own(own) => &own.id,
        }
    }
    /// Its name.
    pub fn name(&self) -> &str {
        match self {
            Self::Listed(spec) => spec.name,
            Self::Own(own) => &own.name,
        }
    }
    /// How to install it, one line. May be empty.
    pub fn install_hint(&self) -> &str {
        match self {
            Self::Listed(spec) => spec.install_hint,
            Self::Own(own) => &own.install_hint,
        }
    }
    /// How to log in, one line. May be empty.
    pub fn login_hint(&self) -> &str {
        match self {
            Self::Listed(spec) => spec.login_hint,
            Self::Own(own) => &own.login_hint,
        }
    }
    /// What the engine and the panels know of it, without profiles.
    pub fn info(&self) -> AgentInfo {
        match self {
            Self::Listed(spec) => spec.info(),
            Self::Own(own) => own.info(),
        }
    }
    /// What is known of it by code; `None`: nothing but how it is started.
    pub fn spec(&self) -> Option<&'static AgentSpec> {
        match self {
            Self::Listed(spec) => Some(spec),
            Self::Own(_) => None,
        }
    }
    /// It is part of Anyon.
    pub fn is_built_in(&self) -> bool {
        self.spec().is_some_and(|spec| spec.program.is_empty())
    }
    /// Secrets in the environment that are its own.
    pub fn own_environment(&self) -> &'static [&'static str] {
        self.spec().map_or(&[], |spec| spec.own_environment)
    }
    /// Those that the person says are its own.
    pub fn pass_env(&self) -> &[String] {
        match self {
            Self::Listed(_) => &[],
            Self::Own(own) => &own.pass_env,
        }
    }
    /// What has to be put right in its files.
    pub fn mend(&self) -> Option<&'static Mend> {
        self.spec().and_then(|spec| spec.mend.as_ref())
    }
    /// Its program, wherever it is.
    pub fn find(&self, environment: &Environment) -> Option<PathBuf> {
        match self {
            Self::Listed(spec) => environment.find_program(spec.program),
            Self::Own(own) => environment.find_named(Path::new(&own.command)),
        }
    }
    /// Whether it is logged in, as far as that can be seen.
    pub fn login(&self, environment: &Environment) -> Option<LoginState> {
        self.spec().and_then(|spec| files::login(spec, environment))
    }
    /// What starts it.
    pub fn command(&self, start: &Start<'_>) -> AgentCommand {
        match self {
            Self::Listed(spec) => (spec.command)(start),
            Self::Own(own) => own.start(),
        }
    }
    /// The conversation with a process of it.
    pub fn protocol(&self, start: &Start<'_>) -> Box<dyn Protocol> {
        match self {
            Self::Listed(spec) => (spec.protocol)(start),
            Self::Own(own) => own.protocol(start),
        }
    }
}
