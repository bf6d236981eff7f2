//! State machines that decide every change.
//!
//! The engine owns the [`State`] and a little volatile bookkeeping. An input comes in, changes and effects go out.
//! It does no I/O, reads no clock and makes no random ids: the same inputs give the same state.

mod book;
mod cx;
mod dispatch;
mod handlers;
mod life;
mod limits;
mod names;
mod policy;
mod problems;
mod prompt;
mod queue;
mod sight;
mod wording;

use anyon_model::{AgentInfo, Change, Effect, Entity, IdSource, Input, Stamped, State};
use book::Book;
use cx::Cx;
pub use sight::AgentSight;
use std::collections::BTreeMap;
pub use wording::landing_message;

/// Decides what every input comes to.
#[derive(Debug)]
pub struct Engine {
    state: State,
    agents: BTreeMap<String, AgentInfo>,
    book: Book,
}

/// What an input came to.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Step {
    /// What is different now; the engine's own state has it already.
    pub changes: Vec<Change>,
    /// What drivers shall do, in this order.
    pub effects: Vec<Effect>,
}

impl Engine {
    /// An engine over what the store holds, with the agents there are. The first input has to be
    /// [`anyon_model::Input::Started`].
    pub fn new(entities: Vec<Entity>, agents: Vec<AgentInfo>) -> Self {
        let mut state = State::default();
        let (projects, others): (Vec<_>, Vec<_>) = entities
            .into_iter()
            .map(Change::Put)
            .partition(|change| matches!(change, Change::Put(Entity::Project(_))));
        state.apply(&projects);
        state.apply(&others);
        Self {
            state,
            agents: by_id(agents),
            book: Book::default(),
        }
    }

    /// The state after all inputs so far. Its revision is for whoever publishes it to count.
    pub fn state(&self) -> &State {
        &self.state
    }

    /// Decides what an input comes to.
    pub fn handle(&mut self, stamped: Stamped) -> Step {
        let Stamped { now, id_seed, input } = stamped;
        let ids = IdSource::new(now, id_seed);
        self.take_agents(&input);
        let mut cx = Cx::new(now, ids, &mut self.state, &self.agents, &mut self.book);
        dispatch::input(&mut cx, input);
        queue::pump(&mut cx);
        handlers::shutdown::end_when_quiet(&mut cx);
        cx.into_step()
    }

    /// The agents that an input tells of count from its own step on.
    fn take_agents(&mut self, input: &Input) {
        if let Input::AgentsRead { agents, .. }
        | Input::AgentFileEdited {
            result: Ok(agents), ..
        } = input
        {
            self.agents = by_id(agents.clone());
        }
    }
}

fn by_id(agents: Vec<AgentInfo>) -> BTreeMap<String, AgentInfo> {
    let with_id = |agent: AgentInfo| (agent.id.clone(), agent);
    agents.into_iter().map(with_id).collect()
}
