//! Who wants to know when a resource changes, and telling them.

use crate::{
    call::{Call, Sight},
    link::News,
    resources::{Address, json},
    shape, tools,
};
use anyon_model::{AttemptId, Problem, lock};
use rmcp::{Peer, RoleServer, model::ResourceUpdatedNotificationParam, service::SubscriptionContext};
use std::{
    collections::{BTreeMap, BTreeSet, HashSet},
    hash::{DefaultHasher, Hash, Hasher},
    sync::{Arc, Mutex},
    time::Duration,
};
use tokio::sync::broadcast::{
    Receiver,
    error::{RecvError, TryRecvError},
};

/// News come in bursts: what comes within this time is told once.
const BURST: Duration = Duration::from_millis(150);
/// Until a host is looked for again that could not be reached.
const PAUSE: Duration = Duration::from_secs(5);

/// The addresses that a session subscribed to, and how each looked last.
#[derive(Default)]
pub struct Watched(Mutex<Prints>);

/// How things look, as numbers, by their addresses.
type Prints = BTreeMap<String, u64>;

impl Watched {
    /// Watches one more.
    pub async fn add(&self, uri: String, call: &Call) -> Result<(), Problem> {
        begin(&uri, call).await?;
        let print = print(&uri, &call.sight().await?);
        lock(&self.0).insert(uri, print);
        Ok(())
    }
    /// Watches one less.
    pub fn remove(&self, uri: &str) {
        lock(&self.0).remove(uri);
    }
}

/// Sees that there is such a thing, and has changes of files told from now on.
async fn begin(uri: &str, call: &Call) -> Result<(), Problem> {
    let sight = call.sight().await?;
    match Address::read(uri)? {
        Address::Project(name) => sight.project(name).map(drop),
        Address::Task(name) => sight.task(name).map(drop),
        Address::Attempt(name) | Address::Log(name) => sight.attempt(name).map(drop),
        Address::Diff(name) => {
            let attempt_id = sight.attempt(name)?.1.id;
            tools::diff_summary(attempt_id, true, call).await.map(drop)
        }
    }
}

/// Tells a session that began with `initialize` what changes, until it is over.
pub async fn tell_session(peer: Peer<RoleServer>, call: Call, watched: Arc<Watched>) {
    let mut news = call.news();
    let mut list = None;
    let mut heard = Heard::default();
    while !peer.is_transport_closed() {
        match call.sight().await {
            Ok(sight) => {
                let changed = compare(&mut list, &mut lock(&watched.0), &sight, &heard);
                tell(&peer, changed).await;
                heard = hear(&mut news).await;
            }
            Err(_) => tokio::time::sleep(PAUSE).await,
        }
    }
}

async fn tell(peer: &Peer<RoleServer>, changed: Changed) {
    // A peer that is gone is noticed by the loop.
    if changed.list {
        let _ = peer.notify_resource_list_changed().await;
    }
    for uri in changed.uris {
        let _ = peer
            .notify_resource_updated(ResourceUpdatedNotificationParam::new(uri))
            .await;
    }
}

/// Tells one subscription of a session without `initialize` what changes. Ends only by an error.
pub async fn tell_subscription(context: &SubscriptionContext, call: &Call) -> Result<(), Problem> {
    let accepted = context.accepted();
    let wants_list = accepted.resources_list_changed == Some(true);
    let uris: BTreeSet<String> = accepted
        .resource_subscriptions
        .iter()
        .flatten()
        .cloned()
        .collect();
    for uri in &uris {
        begin(uri, call).await?;
    }
    let mut news = call.news();
    let sight = call.sight().await?;
    let mut prints: Prints = uris.iter().map(|uri| (uri.clone(), print(uri, &sight))).collect();
    let mut list = Some(list_print(&sight));
    loop {
        let heard = hear(&mut news).await;
        let Ok(sight) = call.sight().await else {
            tokio::time::sleep(PAUSE).await;
            continue;
        };
        let changed = compare(&mut list, &mut prints, &sight, &heard);
        let sink = context.sink();
        if changed.list && wants_list && sink.notify_resource_list_changed().await.is_err() {
            return Ok(());
        }
        for uri in changed.uris {
            if sink.notify_resource_updated(uri).await.is_err() {
                return Ok(());
            }
        }
    }
}

/// What was told meanwhile that the state does not show.
#[derive(Debug, Default)]
struct Heard {
    executions: HashSet<anyon_model::ExecutionId>,
    diffs: HashSet<AttemptId>,
    /// Some was missed: anything may have changed.
    missed: bool,
}

/// Waits for news and takes those that come right after.
async fn hear(news: &mut Receiver<News>) -> Heard {
    let mut heard = Heard::default();
    let first = news.recv().await;
    heard.note(first);
    tokio::time::sleep(BURST).await;
    loop {
        match news.try_recv() {
            Ok(next) => heard.note(Ok(next)),
            Err(TryRecvError::Lagged(missed)) => heard.note(Err(RecvError::Lagged(missed))),
            Err(TryRecvError::Empty | TryRecvError::Closed) => return heard,
        }
    }
}

impl Heard {
    fn note(&mut self, news: Result<News, RecvError>) {
        match news {
            Ok(News::State) => {}
            Ok(News::Entries(execution_id)) => {
                self.executions.insert(execution_id);
            }
            Ok(News::Diff(attempt_id)) => {
                self.diffs.insert(attempt_id);
            }
            Ok(News::Over) | Err(_) => self.missed = true,
        }
    }
}

/// What is different.
#[derive(Debug, Default, PartialEq)]
struct Changed {
    list: bool,
    uris: Vec<String>,
}

/// What is different from before, which is forgotten.
fn compare(list: &mut Option<u64>, prints: &mut Prints, sight: &Sight, heard: &Heard) -> Changed {
    let now = list_print(sight);
    let mut changed = Changed {
        list: list.replace(now).is_some_and(|was| was != now),
        uris: Vec::new(),
    };
    for (uri, was) in prints {
        let now = print(uri, sight);
        if std::mem::replace(was, now) != now || is_heard(uri, sight, heard) {
            changed.uris.push(uri.clone());
        }
    }
    changed
}

/// Which resources there are, as a number.
fn list_print(sight: &Sight) -> u64 {
    let mut hasher = DefaultHasher::new();
    for shard in sight.projects() {
        shard.project.id.hash(&mut hasher);
        shard.tasks.keys().for_each(|id| id.hash(&mut hasher));
        shard.attempts.keys().for_each(|id| id.hash(&mut hasher));
    }
    hasher.finish()
}

/// How the thing at an address looks, as a number. Logs and diffs are told otherwise, but for how the attempt stands.
fn print(uri: &str, sight: &Sight) -> u64 {
    let looks = match Address::read(uri) {
        Ok(Address::Project(name)) => sight
            .project(name)
            .map(|shard| json(&shape::ProjectCard::of(&shard.project))),
        Ok(Address::Task(name)) => sight
            .task(name)
            .map(|(shard, task)| json(&shape::TaskCard::of(shard, task))),
        Ok(Address::Attempt(name)) => sight
            .attempt(name)
            .map(|(shard, attempt)| json(&shape::AttemptCard::of(&sight.state, shard, attempt))),
        Ok(Address::Log(_) | Address::Diff(_)) | Err(_) => return 0,
    };
    let mut hasher = DefaultHasher::new();
    looks.and_then(|json| json).ok().hash(&mut hasher);
    hasher.finish()
}

fn is_heard(uri: &str, sight: &Sight, heard: &Heard) -> bool {
    let (name, is_log) = match Address::read(uri) {
        Ok(Address::Log(name)) => (name, true),
        Ok(Address::Diff(name)) => (name, false),
        _ => return false,
    };
    let Ok((shard, attempt)) = sight.attempt(name) else {
        return false;
    };
    let grew = || {
        shard
            .executions_of(attempt.id)
            .any(|execution| heard.executions.contains(&execution.id))
    };
    heard.missed
        || if is_log {
            grew()
        } else {
            heard.diffs.contains(&attempt.id)
        }
}
