//! Stored parts that several entities have.

use anyon_model::*;

stored_struct! {
    /// Agent and variant.
    ExecutorProfileIdV1 for ExecutorProfileId {
        executor: String,
        variant: Option<String>,
    }
}
stored_struct! {
    /// A picture; its content is in the blob store.
    ImageV1 for Image {
        hash: String,
        label: String,
        media_type: String,
        source: Option<Vec<u8>>,
    }
}
stored_enum! {
    /// Who did something.
    ActorV1 for Actor {
        Person,
        Agent { attempt_id: [u8; 16] },
        Mcp { client: String },
        System,
    }
}
stored_enum! {
    /// What a tool does.
    ToolKindV1 for ToolKind {
        Read,
        Edit,
        Delete,
        Move,
        Search,
        Command,
        Fetch,
        Think,
        Task,
        Plan,
        Todo,
        Question,
        Mcp,
        Other,
    }
}
