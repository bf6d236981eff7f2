use super::{
    Picked,
    linux::{ask, path_of},
};
use crate::window::test_bus::{Program, TestBus};
use futures_lite::future::{block_on, zip};
use std::{collections::HashMap, path::Path};
use zbus::zvariant::{ObjectPath, Value};

const NAME: &str = "org.freedesktop.portal.Desktop";
const REQUEST: &str = "/org/freedesktop/portal/desktop/request/1_1/t";

async fn answer(portal: &Program, path: &str, how: u32, uris: &[&str]) {
    let found = HashMap::from([("uris", Value::from(uris.to_vec()))]);
    let interface = "org.freedesktop.portal.Request";
    let answer = (how, found);
    let told = portal
        .bus
        .emit_signal(None::<&str>, path, interface, "Response", &answer);
    told.await.unwrap();
}

/// A portal that answers like this, and what came of it.
fn asked(how: u32, uris: &[&str]) -> Option<Picked> {
    let test_bus = TestBus::start()?;
    block_on(async {
        let ours = test_bus.connect().await;
        let mut portal = test_bus.program().await;
        portal.bus.request_name(NAME).await.unwrap();
        let act = async {
            portal
                .answer("OpenFile", &ObjectPath::try_from(REQUEST).unwrap())
                .await;
            answer(&portal, "/somebody/elses", 0, &["file:///not/this"]).await;
            answer(&portal, REQUEST, how, uris).await;
        };
        let (picked, ()) = zip(ask(&ours, "Choose"), act).await;
        Some(picked.unwrap())
    })
}

#[test]
fn the_folder_comes_from_the_portal_byte_for_byte() {
    let Some(picked) = asked(0, &["file:///home/mina/%EB%AC%B8%EC%84%9C%20%25"]) else {
        return;
    };
    assert_eq!(picked, Picked::Folder("/home/mina/문서 %".into()));
    assert_eq!(asked(1, &[]), Some(Picked::Nothing), "left by the person");
    assert_eq!(
        asked(2, &[]),
        Some(Picked::NoDialog),
        "the portal could not show it"
    );
}

#[test]
fn without_a_portal_the_answer_comes_at_once() {
    let Some(test_bus) = TestBus::start() else {
        return;
    };
    let before = std::time::Instant::now();
    let picked = block_on(async { ask(&test_bus.connect().await, "Choose").await });
    assert_eq!(picked.unwrap(), Picked::NoDialog);
    assert!(before.elapsed().as_secs() < 2, "{:?}", before.elapsed());
}

#[test]
fn a_portal_that_shows_no_files_or_goes_away_is_none() {
    let Some(test_bus) = TestBus::start() else {
        return;
    };
    block_on(async {
        let ours = test_bus.connect().await;
        let mut portal = test_bus.program().await;
        portal.bus.request_name(NAME).await.unwrap();
        let refuse = async {
            let call = portal.called("OpenFile").await;
            let name = "org.freedesktop.DBus.Error.UnknownMethod";
            portal
                .bus
                .reply_error(&call.header(), name, &"no such interface")
                .await
                .unwrap();
        };
        let (picked, ()) = zip(ask(&ours, "Choose"), refuse).await;
        assert!(picked.is_err());
        let leave = async {
            portal
                .answer("OpenFile", &ObjectPath::try_from(REQUEST).unwrap())
                .await;
            portal.bus.release_name(NAME).await.unwrap();
        };
        let (picked, ()) = zip(ask(&ours, "Choose"), leave).await;
        assert_eq!(picked.unwrap(), Picked::NoDialog);
    });
}

#[test]
fn addresses_of_files_become_paths() {
    assert_eq!(path_of("file:///a%20b").as_deref(), Some(Path::new("/a b")));
    assert_eq!(path_of("file://host/a").as_deref(), Some(Path::new("/a")));
    assert_eq!(path_of("https://a/b"), None);
    assert_eq!(path_of("file:///a%2"), None);
}
