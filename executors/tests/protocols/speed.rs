//! How long a line takes: `cargo test --release -p anyon-executors --test protocols -- --ignored --nocapture speed`.

use anyon_executors::{
    agents::replay_protocol,
    protocols::{LineUse, Output},
};
use anyon_model::{LogStream, Timestamp};
use std::{fs, time::Instant};

/// A typical line of a stream: 320 bytes.
fn delta(number: usize) -> Vec<u8> {
    format!(
        r#"{{"type":"stream_event","event":{{"type":"content_block_delta","index":0,"delta":{{"type":"text_delta","text":"word {number:06} and more"}}}},"session_id":"64644bd8-9af7-48aa-8b4b-29c550ea43d5","parent_tool_use_id":null,"uuid":"4839cbeb-8f97-4186-868b-e23811c4db3f","api_message_id":"msg_stub_a84aadcaa8a74269"}}"#
    )
    .into_bytes()
}

/// Nanoseconds of processor time of this thread, where the system tells: other work on the machine does not count.
fn processor_ns() -> Option<u128> {
    let told = fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    told.split_whitespace().next()?.parse().ok()
}

#[test]
#[ignore = "a measurement, in release"]
fn speed_of_a_line_of_claude_codes_stream() {
    let lines: Vec<Vec<u8>> = (0..500_000).map(delta).collect();
    let mut protocol = replay_protocol("CLAUDE_CODE").unwrap();
    let mut output = Output::default();
    let (began, worked) = (Instant::now(), processor_ns());
    for line in &lines {
        let used = protocol.on_line(LogStream::Out, line, Timestamp::from_ms(0), &mut output);
        assert_eq!(used, LineUse::Used);
        output.events.clear();
    }
    let count = lines.len() as u128;
    let wall = began.elapsed().as_nanos() / count;
    let busy = worked
        .zip(processor_ns())
        .map_or(wall, |(before, after)| (after - before) / count);
    println!(
        "{busy} ns of processor time, {wall} ns of wall time a line of {} bytes",
        lines[0].len()
    );
    assert!(busy < 1_500, "{busy} ns");
}
