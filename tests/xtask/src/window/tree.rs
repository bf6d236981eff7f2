//! What an assistive program sees of the window, and what it can do there: find by role and name, press.

use anyhow::Context;
use zbus::{
    Connection,
    connection::Builder,
    zvariant::{OwnedObjectPath, Type},
};

/// Roles by their number in AT-SPI.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// A list.
    List = 31,
    /// A button.
    Button = 43,
    /// One of several choices.
    Choice = 44,
    /// A tab.
    Tab = 37,
    /// A row of a tree.
    Row = 91,
}

/// A widget as it was when the tree was read.
#[derive(Debug, Clone)]
pub struct Node {
    path: OwnedObjectPath,
    role: u32,
    /// What it is called.
    pub name: String,
    states: Vec<u32>,
}

const CHECKED: u32 = 4;
const ENABLED: u32 = 8;
const FOCUSED: u32 = 12;
const SELECTED: u32 = 23;

impl Node {
    fn has(&self, state: u32) -> bool {
        self.states
            .get((state / 32) as usize)
            .is_some_and(|word| word >> (state % 32) & 1 == 1)
    }
    /// It is of this kind.
    pub fn is(&self, role: Role) -> bool {
        self.role == role as u32
    }
    /// It can be used.
    pub fn is_enabled(&self) -> bool {
        self.has(ENABLED)
    }
    /// It is the choice that holds.
    pub fn is_chosen(&self) -> bool {
        self.has(CHECKED)
    }
    /// It is the tab that is shown.
    pub fn is_selected(&self) -> bool {
        self.has(SELECTED)
    }
    /// It has the keyboard.
    pub fn is_focused(&self) -> bool {
        self.has(FOCUSED)
    }
}

/// The tree of one process.
pub struct Tree {
    bus: Connection,
    owner: String,
}

type Object = (String, OwnedObjectPath);
/// A widget as the cache tells it: itself, application, parent, place, children, interfaces, name, role, description,
/// states.
type Item = (
    Object,
    Object,
    Object,
    i32,
    i32,
    Vec<String>,
    String,
    u32,
    String,
    Vec<u32>,
);

impl Tree {
    /// The tree of a process, once it is there.
    pub fn of_process(address: &str, process: u32) -> anyhow::Result<Option<Self>> {
        async_io::block_on(async {
            let bus = Builder::address(address)?.build().await?;
            let registry = ("org.a11y.atspi.Registry", "/org/a11y/atspi/accessible/root");
            let accessible = Some("org.a11y.atspi.Accessible");
            let answer = bus
                .call_method(Some(registry.0), registry.1, accessible, "GetChildren", &())
                .await?;
            let applications: Vec<Object> = answer.body().deserialize()?;
            for (owner, _) in applications {
                let proxy = zbus::fdo::DBusProxy::new(&bus).await?;
                let name = zbus::names::BusName::try_from(owner.as_str())?.to_owned();
                if proxy.get_connection_unix_process_id(name).await? == process {
                    return Ok(Some(Self {
                        bus: bus.clone(),
                        owner,
                    }));
                }
            }
            Ok(None)
        })
    }

    /// Every widget that is shown.
    pub fn nodes(&self) -> anyhow::Result<Vec<Node>> {
        let at = ("/org/a11y/atspi/cache", "org.a11y.atspi.Cache");
        let items: Vec<Item> = self.call(at, "GetItems", &()).context("reading the tree")?;
        let node = |item: Item| Node {
            path: item.0.1,
            role: item.7,
            name: item.6,
            states: item.9,
        };
        Ok(items.into_iter().map(node).collect())
    }

    /// Presses it.
    pub fn press(&self, node: &Node) -> anyhow::Result<bool> {
        self.call((&node.path, "org.a11y.atspi.Action"), "DoAction", &(0i32))
            .with_context(|| format!("pressing “{}”", node.name))
    }

    /// Gives it the keyboard.
    pub fn focus(&self, node: &Node) -> anyhow::Result<bool> {
        self.call((&node.path, "org.a11y.atspi.Component"), "GrabFocus", &())
            .with_context(|| format!("going to “{}”", node.name))
    }

    fn call<R>(
        &self,
        (path, interface): (&str, &str),
        method: &str,
        body: &(impl serde::Serialize + zbus::zvariant::DynamicType),
    ) -> anyhow::Result<R>
    where
        R: serde::de::DeserializeOwned + Type,
    {
        async_io::block_on(async {
            let answer = self
                .bus
                .call_method(Some(self.owner.as_str()), path, Some(interface), method, body)
                .await?;
            Ok(answer.body().deserialize()?)
        })
    }
}
