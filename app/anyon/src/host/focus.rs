//! A second start of the window: the first one comes to the front instead.

use super::connect;
use crate::cli::exchange::Exchange;
use anyon_model::Command;
use anyon_remote::ClientKind;
use anyon_storage::Holder;
use std::{path::Path, sync::mpsc, thread, time::Duration};

/// A host that takes longer to answer is not waited for: the window opens, and says what there is to say.
const LIMIT: Duration = Duration::from_secs(1);

/// Brings the window of another process to the front; `false`: there is none.
pub fn focus_open_window(data_folder: &Path) -> bool {
    if Holder::of(data_folder).is_none_or(|holder| holder.socket.is_none()) {
        return false;
    }
    let (tell, told) = mpsc::channel();
    let folder = data_folder.to_path_buf();
    let work = move || {
        // Nobody waits any more where the receiver is gone.
        let _ = tell.send(ask(&folder));
    };
    let asking = thread::Builder::new().name("anyon-focus".into()).spawn(work);
    asking.is_ok() && told.recv_timeout(LIMIT).unwrap_or(false)
}

fn ask(data_folder: &Path) -> bool {
    connect(data_folder, &ClientKind::Terminal).is_ok_and(|client| {
        let focused = Exchange::new(&client).command(Command::Focus { on: None });
        focused.is_ok()
    })
}
