//! One verb, one file. A handler checks what it was told, makes changes and asks for effects; what an execution goes
//! through afterwards is in `life`.

pub mod add_project;
pub mod agent;
pub mod answer;
pub mod approve_mode;
pub mod backup;
pub mod clone_project;
pub mod commit;
pub mod confirm;
pub mod create_task;
pub mod delete_task;
pub mod drop_attempt;
pub mod edit_agent_file;
pub mod edit_draft;
pub mod focus;
pub mod follow_up;
pub mod forbid;
pub mod interrupt;
pub mod labels;
pub mod mark_read;
pub mod merge;
pub mod move_draft;
pub mod remove_project;
pub mod restore;
pub mod resume;
pub mod rules;
pub mod set_up_mcp;
pub mod settings;
pub mod shutdown;
pub mod snapshots_found;
pub mod start_attempt;
pub mod start_now;
pub mod started;
pub mod stop;
pub mod store_failed;
pub mod templates;
pub mod timer;
pub mod undo_merge;
pub mod update_project;
pub mod update_task;
pub mod witness;

use anyon_model::{Actor, CommandId, Outcome, Problem};

/// Whose command is handled.
pub struct Order {
    /// Names its reply.
    pub command_id: CommandId,
    /// Who sent it.
    pub actor: Actor,
}

/// What a handler came to; `None`: the command is answered later.
pub type Handled = Result<Option<Outcome>, Problem>;
