//! A world with a real agent, a model that follows a script, and a repository.

use anyon_e2e::{
    model_server::ModelServer,
    world::{Invocation, Repository, World},
};
use serde_json::{Value, json};
use std::{
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

/// How long a single step of an agent may take on a machine that is busy.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// An agent as it is installed in a world.
pub struct Installed {
    /// Its id, such as `CLAUDE_CODE`.
    pub agent: &'static str,
    /// Programs to put in front of PATH: the name, and the file below the folder of installed agents.
    pub programs: &'static [(&'static str, &'static str)],
    /// Points it at the model and keeps it from the network.
    pub prepare: fn(&mut World, &ModelServer),
}

/// A world with a real agent.
pub struct Real {
    pub agent: &'static str,
    pub world: World,
    pub model: ModelServer,
    pub repository: Repository,
}

/// `None`, and a word about it, when no real agents are installed.
pub fn real(installed: &Installed, scenario: Value) -> Option<Real> {
    let Some(folder) = std::env::var_os("ANYON_REAL_AGENTS") else {
        println!("skipped: ANYON_REAL_AGENTS does not name a folder with installed agents");
        return None;
    };
    let model = ModelServer::start(scenario, &[]).expect("a model");
    let mut world = World::without_agent();
    for (name, file) in installed.programs {
        world.install(name, &program(Path::new(&folder), file));
    }
    (installed.prepare)(&mut world, &model);
    let repository = world.repository("shop");
    Some(Real {
        agent: installed.agent,
        world,
        model,
        repository,
    })
}

fn program(folder: &Path, file: &str) -> PathBuf {
    let program = folder.join("node_modules").join(file);
    assert!(
        program.is_file(),
        "{} is not there: see .ci/run",
        program.display()
    );
    program
}

impl Real {
    /// `anyon run --json`: a new attempt of the agent. `more` goes before the prompt.
    pub fn run(&self, more: &[&str], prompt: &str) -> Invocation {
        let run = self.world.run_of(self.agent, &self.repository, more, prompt);
        run.limit(2 * PATIENCE)
    }

    /// `anyon attempt VERB NAME --json`.
    pub fn attempt(&self, verb: &str, name: &str, more: &[&str]) -> Invocation {
        self.world.attempt(verb, name, more).limit(2 * PATIENCE)
    }

    /// Waits until a process of this world has this command line.
    #[track_caller]
    pub fn wait_for_process(&self, command_line: &str) {
        let begun = Instant::now();
        let lives = || {
            let living = self.world.living();
            living.iter().any(|one| one.command_line == command_line)
        };
        while !lives() {
            assert!(begun.elapsed() < PATIENCE, "“{command_line}” does not start");
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

/// A turn of the model that calls a tool.
pub fn tool(name: &str, input: Value) -> Value {
    json!({"tool_use": [{"name": name, "input": input}]})
}
