//! A conservative reader of shell command lines. It understands simple commands joined by `&&`, `||`, `|` and `;`,
//! quotes, globs, and redirections to nowhere. Anything else is not understood, and what is not understood is asked.

/// Longest command line that is looked at, in bytes.
const MAX_BYTES: usize = 4096;

/// A word of a simple command, as the program would get it (globs unexpanded).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Word {
    /// Its text without quotes.
    pub text: String,
    /// It has a glob that the shell expands.
    pub has_glob: bool,
}

/// The words of each simple command; `None`: not understood.
pub fn parse(line: &str) -> Option<Vec<Vec<Word>>> {
    if line.len() > MAX_BYTES || line.chars().any(|c| c.is_control() && c != '\t') {
        return None;
    }
    let mut reader = Reader {
        chars: line.trim_matches([' ', '\t']).chars().collect(),
        ..Reader::default()
    };
    while let Some(c) = reader.next() {
        reader.step(c)?;
    }
    reader.end_command()?;
    Some(reader.commands)
}

#[derive(Default)]
struct Reader {
    chars: Vec<char>,
    at: usize,
    word: Option<Word>,
    /// Part of the word was quoted, so it is no number of a redirection.
    quoted: bool,
    words: Vec<Word>,
    commands: Vec<Vec<Word>>,
}

impl Reader {
    fn next(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.at += 1;
        Some(c)
    }

    fn peek(&self) -> Option<char> {
        self.chars.get(self.at).copied()
    }

    fn step(&mut self, c: char) -> Option<()> {
        match c {
            ' ' | '\t' => self.end_word(),
            '\'' => self.single_quoted()?,
            '"' => self.double_quoted()?,
            '|' => self.joint('|', true)?,
            '&' if self.peek() == Some('>') => {
                self.at += 1;
                self.end_word();
                self.skip_dev_null()?;
            }
            '&' => self.joint('&', false)?,
            ';' => self.end_command()?,
            '>' => self.redirection()?,
            '*' | '?' | '[' | ']' => {
                self.push(c);
                self.word.get_or_insert_default().has_glob = true;
            }
            '~' | '^' if self.follows_a_name() => self.push(c),
            c if is_plain(c) => self.push(c),
            _ => return None,
        }
        Some(())
    }

    /// In `HEAD~1` and `HEAD^` the sign is plain; at the start of a word and behind `=` or `:` it is not.
    fn follows_a_name(&self) -> bool {
        let last = self.word.as_ref().and_then(|word| word.text.chars().next_back());
        last.is_some_and(|last| last.is_ascii_alphanumeric() || "~^".contains(last))
    }

    fn push(&mut self, c: char) {
        self.word.get_or_insert_default().text.push(c);
    }

    /// `||`, `|` (when `single` is meant too) or `&&`.
    fn joint(&mut self, sign: char, single: bool) -> Option<()> {
        let is_double = self.peek() == Some(sign);
        if is_double {
            self.at += 1;
        }
        if !is_double && (!single || self.peek() == Some('&')) {
            return None;
        }
        self.end_command()
    }

    fn single_quoted(&mut self) -> Option<()> {
        self.begin_quote();
        loop {
            match self.next()? {
                '\'' => return Some(()),
                c => self.push_quoted(c)?,
            }
        }
    }

    fn double_quoted(&mut self) -> Option<()> {
        self.begin_quote();
        loop {
            match self.next()? {
                '"' => return Some(()),
                '$' | '`' => return None,
                '\\' => match self.peek() {
                    Some(c @ ('"' | '\\' | '$' | '`')) => {
                        self.at += 1;
                        self.push(c);
                    }
                    _ => self.push('\\'),
                },
                c => self.push_quoted(c)?,
            }
        }
    }

    fn begin_quote(&mut self) {
        self.word.get_or_insert_default();
        self.quoted = true;
    }

    /// Letters of every language may be quoted; signs that look like others or like nothing may not.
    fn push_quoted(&mut self, c: char) -> Option<()> {
        if !c.is_ascii() && !c.is_alphanumeric() {
            return None;
        }
        self.push(c);
        Some(())
    }

    fn redirection(&mut self) -> Option<()> {
        let number = self
            .word
            .as_ref()
            .filter(|_| !self.quoted)
            .map(|word| word.text.as_str());
        match number {
            Some("1" | "2") => self.word = None,
            Some(number) if number.bytes().all(|b| b.is_ascii_digit()) => return None,
            _ => {}
        }
        self.end_word();
        match self.peek() {
            Some('&') => {
                self.at += 1;
                let to = self.next()?;
                (matches!(to, '1' | '2') && self.is_at_end_of_word()).then_some(())
            }
            Some('>') => {
                self.at += 1;
                self.skip_dev_null()
            }
            _ => self.skip_dev_null(),
        }
    }

    /// `/dev/null` and nothing else.
    fn skip_dev_null(&mut self) -> Option<()> {
        while matches!(self.peek(), Some(' ' | '\t')) {
            self.at += 1;
        }
        for expected in "/dev/null".chars() {
            if self.next()? != expected {
                return None;
            }
        }
        self.is_at_end_of_word().then_some(())
    }

    fn is_at_end_of_word(&self) -> bool {
        self.peek().is_none_or(|c| " \t;|&".contains(c))
    }

    fn end_word(&mut self) {
        self.quoted = false;
        self.words.extend(self.word.take());
    }

    fn end_command(&mut self) -> Option<()> {
        self.end_word();
        if self.words.is_empty() {
            return None;
        }
        self.commands.push(std::mem::take(&mut self.words));
        Some(())
    }
}

/// Means itself outside of quotes. Left out: `$`, backticks, `( ) < { } ! # ~ \ ^`, and all that is not ASCII.
fn is_plain(c: char) -> bool {
    c.is_ascii_alphanumeric() || "-_=./,:+@%".contains(c)
}
