//! JSON text laid out for reading. Works on characters: numbers and the order of keys stay as they were written.

/// Deeper lines are indented no further.
const MAX_INDENT: usize = 24;

/// The same JSON with one member a line. Text that is not JSON comes back with its words intact.
pub fn pretty_json(text: &str) -> String {
    let mut layout = Layout::default();
    let mut chars = text.trim().chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' => {
                layout.put(c);
                while let Some(c) = chars.next() {
                    layout.put(c);
                    match c {
                        '"' => break,
                        '\\' => chars.next().into_iter().for_each(|c| layout.put(c)),
                        _ => {}
                    }
                }
            }
            '{' | '[' => {
                while chars.next_if(|c| c.is_ascii_whitespace()).is_some() {}
                match chars.next_if(|c| matches!(c, '}' | ']')) {
                    Some(end) => [c, end].into_iter().for_each(|c| layout.put(c)),
                    None => layout.open(c),
                }
            }
            '}' | ']' => layout.close(c),
            ',' => {
                layout.put(c);
                layout.new_line();
            }
            ':' => [c, ' '].into_iter().for_each(|c| layout.put(c)),
            c if c.is_ascii_whitespace() => {}
            c => layout.put(c),
        }
    }
    layout.text
}

#[derive(Default)]
struct Layout {
    text: String,
    depth: usize,
}

impl Layout {
    fn put(&mut self, c: char) {
        self.text.push(c);
    }

    fn open(&mut self, c: char) {
        self.text.push(c);
        self.depth += 1;
        self.new_line();
    }

    fn close(&mut self, c: char) {
        self.depth = self.depth.saturating_sub(1);
        self.new_line();
        self.text.push(c);
    }

    fn new_line(&mut self) {
        self.text.push('\n');
        (0..self.depth.min(MAX_INDENT)).for_each(|_| self.text.push_str("  "));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_stand_on_lines_of_their_own_and_nothing_is_rewritten() {
        let text = r#"{"b":1.50,"a":[ 1,{"x":"a,{\"b\\"}],"e":{ },"n":12345678901234567890}"#;
        let laid_out = "{\n  \"b\": 1.50,\n  \"a\": [\n    1,\n    {\n      \"x\": \"a,{\\\"b\\\\\"\n    }\n  ],\n  \"e\": {},\n  \"n\": 12345678901234567890\n}";
        assert_eq!(pretty_json(text), laid_out);
        assert_eq!(pretty_json(laid_out), laid_out);
    }

    #[test]
    fn what_is_no_json_and_what_is_cut_off_stays_readable() {
        assert_eq!(pretty_json(r#"{"a":"not closed"#), "{\n  \"a\": \"not closed");
        assert_eq!(pretty_json("}}]"), "\n}\n}\n]");
        assert_eq!(pretty_json(""), "");
        assert!(pretty_json(&"[".repeat(100_000)).len() < 10_000_000);
    }
}
