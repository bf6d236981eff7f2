use super::{
    Notice,
    linux::{escaped, show_on},
};
use crate::window::test_bus::TestBus;
use anyon_model::AttemptId;
use anyon_ui::NoticeAbout;
use futures_lite::future::{block_on, or};
use std::cell::RefCell;
use tokio::sync::mpsc::unbounded_channel;
use zbus::Connection;

const NAME: &str = "org.freedesktop.Notifications";
const PATH: &str = "/org/freedesktop/Notifications";

fn about(attempt: u8) -> NoticeAbout {
    NoticeAbout::Attempt(AttemptId::from_bytes([attempt; 16]))
}

fn notice(attempt: u8, body: &str) -> Notice {
    Notice {
        title: "ANY-1 <Fix>".into(),
        body: body.into(),
        open: "Open".into(),
        about: about(attempt),
    }
}

async fn tell(
    daemon: &Connection,
    signal: &str,
    body: &(impl serde::Serialize + zbus::zvariant::DynamicType),
) {
    daemon
        .emit_signal(None::<&str>, PATH, NAME, signal, body)
        .await
        .unwrap();
}

type Asked = (
    String,
    u32,
    String,
    String,
    String,
    Vec<String>,
    std::collections::HashMap<String, zbus::zvariant::OwnedValue>,
    i32,
);

#[test]
fn one_call_a_notice_the_newest_of_an_attempt_stays_and_a_click_leads_there() {
    let Some(test_bus) = TestBus::start() else {
        return;
    };
    let clicks = RefCell::new(Vec::new());
    block_on(async {
        let ours = test_bus.connect().await;
        let mut daemon = test_bus.program().await;
        daemon.bus.request_name(NAME).await.unwrap();
        let (sender, mut notices) = unbounded_channel();
        let show = async {
            let clicked = |about| clicks.borrow_mut().push(about);
            show_on(&ours, notice(1, "a < b & c"), &mut notices, clicked)
                .await
                .unwrap();
        };
        let act = async {
            let able = ["actions", "body-markup"].map(String::from).to_vec();
            daemon.answer("GetCapabilities", &able).await;
            let call = daemon.answer("Notify", &7u32).await;
            let asked: Asked = call.body().deserialize().unwrap();
            assert_eq!(
                (asked.1, asked.3.as_str(), asked.4.as_str()),
                (0, "ANY-1 <Fix>", "a &lt; b &amp; c")
            );
            assert_eq!(asked.5, ["default", "Open"]);
            sender.send(notice(1, "again")).unwrap();
            daemon.answer("GetCapabilities", &Vec::<String>::new()).await;
            let call = daemon.answer("Notify", &7u32).await;
            let asked: Asked = call.body().deserialize().unwrap();
            assert_eq!(
                (asked.1, asked.5.len()),
                (7, 0),
                "takes its place; a daemon without buttons gets none"
            );
            tell(&daemon.bus, "ActionInvoked", &(99u32, "default")).await;
            tell(&daemon.bus, "ActionInvoked", &(7u32, "default")).await;
            tell(&daemon.bus, "NotificationClosed", &(7u32, 2u32)).await;
            tell(&daemon.bus, "ActionInvoked", &(7u32, "default")).await;
            while clicks.borrow().is_empty() {
                futures_lite::future::yield_now().await;
            }
            sender.send(notice(2, "other")).unwrap();
            daemon.answer("GetCapabilities", &Vec::<String>::new()).await;
            let call = daemon.answer("Notify", &8u32).await;
            assert_eq!(call.body().deserialize::<Asked>().unwrap().1, 0);
            drop(sender);
            std::future::pending::<()>().await;
        };
        or(show, act).await;
    });
    assert_eq!(clicks.into_inner(), [about(1)]);
}

#[test]
fn without_a_daemon_nothing_waits_and_the_next_notice_is_tried_again() {
    let Some(test_bus) = TestBus::start() else {
        return;
    };
    block_on(async {
        let ours = test_bus.connect().await;
        let (sender, mut notices) = unbounded_channel();
        sender.send(notice(2, "b")).unwrap();
        drop(sender);
        show_on(&ours, notice(1, "a"), &mut notices, |_| {})
            .await
            .unwrap();
    });
}

#[test]
fn markup_is_shown_as_it_was_written() {
    assert_eq!(escaped("<b>&</b>"), "&lt;b&gt;&amp;&lt;/b&gt;");
}
