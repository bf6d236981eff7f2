//! Many lines at full speed, each of 313 to 327 bytes, as a busy agent streams them.
//!
//! Twenty lines make one message: its head, fourteen words, the whole, its end. The words are numbered, so that a
//! reader can tell whether one is missing.

use super::mouth::Mouth;
use std::io::{self, Write};

/// Lines of one message.
pub const LINES_PER_MESSAGE: u64 = 20;
/// Words of one message.
pub const WORDS_PER_MESSAGE: u64 = 14;
/// The shortest line with its end.
pub const SHORTEST_BYTES: usize = 313;
/// The longest line with its end.
pub const LONGEST_BYTES: usize = 327;

/// The word with this number, as it stands in the conversation.
pub fn word(number: u64) -> String {
    format!("w{number:06} ")
}

/// How many words a burst of so many lines has.
pub fn words_in(lines: u64) -> u64 {
    let (whole, rest) = (lines / LINES_PER_MESSAGE, lines % LINES_PER_MESSAGE);
    whole * WORDS_PER_MESSAGE + rest.saturating_sub(2).min(WORDS_PER_MESSAGE)
}

/// Writes the lines. `heard` is asked after each message whether to go on.
pub fn write(mouth: &mut Mouth, lines: u64, mut goes_on: impl FnMut() -> bool) -> io::Result<()> {
    let session = mouth.session().to_owned();
    let mut line = Vec::with_capacity(LONGEST_BYTES);
    for number in 0..lines {
        if number % LINES_PER_MESSAGE == 0 && !goes_on() {
            break;
        }
        fill(&mut line, number, &session)?;
        mouth.bytes(&line)?;
    }
    mouth.flush()
}

/// Line `number` of a burst, padded in a field that no reader knows.
fn fill(line: &mut Vec<u8>, number: u64, session: &str) -> io::Result<()> {
    const PADDING: [u8; LONGEST_BYTES] = [b'.'; LONGEST_BYTES];
    let length = SHORTEST_BYTES + (number % (LONGEST_BYTES - SHORTEST_BYTES + 1) as u64) as usize;
    line.clear();
    content(line, number)?;
    write!(line, r#","session_id":"{session}","#)?;
    write!(
        line,
        r#""uuid":"{number:08x}-0000-4000-9000-000000000000","pad":""#
    )?;
    let padding = length.saturating_sub(line.len() + 3).min(PADDING.len());
    line.extend_from_slice(&PADDING[..padding]);
    line.extend_from_slice(b"\"}\n");
    Ok(())
}

fn content(line: &mut Vec<u8>, number: u64) -> io::Result<()> {
    let message = number / LINES_PER_MESSAGE;
    let event = br#"{"type":"stream_event","event":{"type":"#;
    match number % LINES_PER_MESSAGE {
        0 => {
            line.extend_from_slice(event);
            write!(
                line,
                r#""message_start","message":{{"id":"m{message}","role":"assistant","model":"claude-fake-1","content":[]}}}}"#
            )
        }
        1 => {
            line.extend_from_slice(event);
            write!(
                line,
                r#""content_block_start","index":0,"content_block":{{"type":"text","text":""}}}}"#
            )
        }
        place @ 2..16 => {
            line.extend_from_slice(event);
            let word = message * WORDS_PER_MESSAGE + place - 2;
            write!(
                line,
                r#""content_block_delta","index":0,"delta":{{"type":"text_delta","text":"w{word:06} "}}}}"#
            )
        }
        16 => whole(line, message),
        17 => {
            line.extend_from_slice(event);
            write!(line, r#""content_block_stop","index":0}}"#)
        }
        18 => {
            line.extend_from_slice(event);
            write!(
                line,
                r#""message_delta","delta":{{"stop_reason":"end_turn"}},"usage":{{"output_tokens":42}}}}"#
            )
        }
        _ => {
            line.extend_from_slice(event);
            write!(line, r#""message_stop"}}"#)
        }
    }
}

fn whole(line: &mut Vec<u8>, message: u64) -> io::Result<()> {
    write!(
        line,
        r#"{{"type":"assistant","message":{{"id":"m{message}","content":[{{"type":"text","text":""#
    )?;
    for word in message * WORDS_PER_MESSAGE..(message + 1) * WORDS_PER_MESSAGE {
        write!(line, "w{word:06} ")?;
    }
    write!(line, r#""}}]}}"#)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;

    #[test]
    fn every_line_is_json_of_the_agreed_length_and_the_words_add_up() {
        let session = "11111111-0000-4000-8000-000000000000";
        let (mut line, mut streamed, mut whole) = (Vec::new(), String::new(), String::new());
        for number in 0..2000 {
            fill(&mut line, number + 499_000, session).unwrap();
            assert!(
                (SHORTEST_BYTES..=LONGEST_BYTES).contains(&line.len()),
                "{}",
                line.len()
            );
            let json: Value = serde_json::from_slice(&line).unwrap();
            streamed += json["event"]["delta"]["text"].as_str().unwrap_or("");
            whole += json["message"]["content"][0]["text"].as_str().unwrap_or("");
        }
        let words: String = (349_300..349_300 + words_in(2000)).map(word).collect();
        assert_eq!(streamed, words);
        assert_eq!(whole, words);
    }
}
