//! Terminal output into lines with classes. Colours and weights are read; everything else that a terminal would obey
//! is removed, as in [`crate::sanitize`].
//!
//! A carriage return begins its line anew, so a progress bar is one line; the raw log has the rest. Text is never
//! concealed.

use crate::{
    sanitize::{
        ESCAPE, begins_string, is_direction_mark, is_special, skip_control_sequence, skip_escape,
        skip_string, written_out,
    },
    spans::SpanWriter,
};
use anyon_model::{AnsiColor, AnsiLine, AnsiStyle};
use std::{iter::Peekable, str::Chars};

/// Parameters of one sequence that are read.
const PARAMETERS: usize = 32;

/// The lines of terminal output. A newline at the end begins no further line.
pub fn ansi(text: &str) -> Vec<AnsiLine> {
    let mut screen = Screen::default();
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        screen.take(c, &mut chars);
    }
    screen.finish()
}

/// As [`ansi`], for bytes: what is not UTF-8 is replaced.
pub fn ansi_bytes(bytes: &[u8]) -> Vec<AnsiLine> {
    ansi(&String::from_utf8_lossy(bytes))
}

#[derive(Default)]
struct Screen {
    lines: Vec<AnsiLine>,
    text: String,
    spans: SpanWriter<AnsiStyle>,
    style: AnsiStyle,
    /// A carriage return was read: the next character begins the line anew.
    returned: bool,
}

impl Screen {
    fn take(&mut self, c: char, chars: &mut Peekable<Chars<'_>>) {
        match c {
            '\n' => self.end_line(),
            '\r' => self.returned = true,
            ESCAPE if chars.next_if_eq(&'[').is_some() => self.control_sequence(chars),
            ESCAPE => skip_escape(chars),
            '\u{9b}' => self.control_sequence(chars),
            c if begins_string(c) => skip_string(chars),
            c if is_direction_mark(c) => self.print(&written_out(c)),
            c if is_special(c) => {}
            c => self.print(c.encode_utf8(&mut [0; 4])),
        }
    }

    fn print(&mut self, piece: &str) {
        if std::mem::take(&mut self.returned) {
            self.text.clear();
            self.spans = SpanWriter::default();
        }
        self.text.push_str(piece);
        self.spans.up_to(self.text.len(), self.style);
    }

    fn end_line(&mut self) {
        self.returned = false;
        self.lines.push(AnsiLine {
            text: std::mem::take(&mut self.text),
            spans: std::mem::take(&mut self.spans).finish(),
        });
    }

    fn finish(mut self) -> Vec<AnsiLine> {
        if !self.text.is_empty() {
            self.end_line();
        }
        self.lines
    }

    fn control_sequence(&mut self, chars: &mut Peekable<Chars<'_>>) {
        let mut parameters = Parameters::default();
        while let Some(c) = chars.next_if(|c| c.is_ascii_digit() || matches!(c, ';' | ':')) {
            parameters.take(c);
        }
        match chars.next_if_eq(&'m') {
            Some(_) => set(&mut self.style, parameters.numbers()),
            None => skip_control_sequence(chars),
        }
    }
}

/// The numbers of a sequence. One that is left out is 0.
#[derive(Default)]
struct Parameters {
    numbers: [u16; PARAMETERS],
    last: usize,
}

impl Parameters {
    fn take(&mut self, c: char) {
        match (c.to_digit(10), self.numbers.get_mut(self.last)) {
            (Some(digit), Some(number)) => {
                *number = number
                    .saturating_mul(10)
                    .saturating_add(u16::try_from(digit).unwrap_or(0));
            }
            (None, _) => self.last += 1,
            (Some(_), None) => {}
        }
    }

    fn numbers(&self) -> &[u16] {
        &self.numbers[..=self.last.min(PARAMETERS - 1)]
    }
}

fn set(style: &mut AnsiStyle, mut numbers: &[u16]) {
    while let Some((number, rest)) = numbers.split_first() {
        numbers = rest;
        match number {
            0 => *style = AnsiStyle::default(),
            1 => style.bold = true,
            2 => style.dim = true,
            3 => style.italic = true,
            4 | 21 => style.underline = true,
            7 => style.inverse = true,
            9 => style.strike = true,
            22 => (style.bold, style.dim) = (false, false),
            23 => style.italic = false,
            24 => style.underline = false,
            27 => style.inverse = false,
            29 => style.strike = false,
            38 | 48 => {
                let Some((color, rest)) = exact(numbers) else {
                    return;
                };
                numbers = rest;
                match number {
                    38 => style.color = Some(color),
                    _ => style.background = Some(color),
                }
            }
            39 => style.color = None,
            49 => style.background = None,
            number => set_color(style, *number),
        }
    }
}

fn set_color(style: &mut AnsiStyle, number: u16) {
    match number {
        30..=37 => style.color = one_of_16(number - 30),
        90..=97 => style.color = one_of_16(number - 90 + 8),
        40..=47 => style.background = one_of_16(number - 40),
        100..=107 => style.background = one_of_16(number - 100 + 8),
        _ => {}
    }
}

fn one_of_16(place: u16) -> Option<AnsiColor> {
    AnsiColor::ALL.get(usize::from(place)).copied()
}

/// What follows 38 or 48: `5;n`, `2;r;g;b` or, of the newer form with colons, `2::r:g:b`.
fn exact(numbers: &[u16]) -> Option<(AnsiColor, &[u16])> {
    match numbers {
        [5, place, rest @ ..] => Some((one_of_256(u8::try_from(*place).ok()?), rest)),
        [2, 0, red, green, blue] => Some((rgb(*red, *green, *blue)?, &[])),
        [2, red, green, blue, rest @ ..] => Some((rgb(*red, *green, *blue)?, rest)),
        _ => None,
    }
}

fn rgb(red: u16, green: u16, blue: u16) -> Option<AnsiColor> {
    let part = |part: u16| u8::try_from(part).ok();
    Some(AnsiColor::Rgb(part(red)?, part(green)?, part(blue)?))
}

fn one_of_256(place: u8) -> AnsiColor {
    let level = |step: u8| if step == 0 { 0 } else { 55 + 40 * step };
    match place {
        0..=15 => AnsiColor::ALL[usize::from(place)],
        16..=231 => {
            let cube = place - 16;
            AnsiColor::Rgb(level(cube / 36), level(cube / 6 % 6), level(cube % 6))
        }
        232..=255 => {
            let gray = 8 + 10 * (place - 232);
            AnsiColor::Rgb(gray, gray, gray)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `text` with the pieces that are not plain in brackets: their style in short, then the piece.
    fn told(text: &str) -> Vec<String> {
        ansi(text)
            .iter()
            .map(|line| {
                line.pieces()
                    .map(|(piece, style)| told_piece(piece, style))
                    .collect()
            })
            .collect()
    }

    fn told_piece(piece: &str, style: AnsiStyle) -> String {
        if style == AnsiStyle::default() {
            return piece.to_owned();
        }
        let color = |color: Option<AnsiColor>| color.map(|color| format!("{color:?}")).unwrap_or_default();
        let flags = [
            (style.bold, "b"),
            (style.dim, "d"),
            (style.italic, "i"),
            (style.underline, "u"),
            (style.strike, "s"),
            (style.inverse, "r"),
        ];
        let flags: String = flags
            .iter()
            .filter(|(set, _)| *set)
            .map(|(_, flag)| *flag)
            .collect();
        format!(
            "[{}/{}/{flags} {piece}]",
            color(style.color),
            color(style.background)
        )
    }

    #[test]
    fn colours_and_weights_become_classes() {
        for (text, lines) in [
            ("plain", "plain"),
            (
                "\u{1b}[31mred\u{1b}[0m, \u{1b}[1;32mgreen\u{1b}[m.",
                "[Red// red], [Green//b green].",
            ),
            ("\u{1b}[91;44mx\u{1b}[39;49my", "[BrightRed/Blue/ x]y"),
            ("\u{1b}[2;3;4;7;9mx\u{1b}[22;23;24;27;29my", "[//diusr x]y"),
            (
                "\u{1b}[38;5;9mx\u{1b}[38;5;208my\u{1b}[48;5;244mz",
                "[BrightRed// x][Rgb(255, 135, 0)// y][Rgb(255, 135, 0)/Rgb(128, 128, 128)/ z]",
            ),
            ("\u{1b}[38;2;1;2;3;1mx", "[Rgb(1, 2, 3)//b x]"),
            ("\u{1b}[38:2::1:2:3mx", "[Rgb(1, 2, 3)// x]"),
            ("\u{9b}31mx", "[Red// x]"),
            ("\u{1b}[8mconcealed", "concealed"),
        ] {
            assert_eq!(told(text), [lines], "{text:?}");
        }
    }

    #[test]
    fn what_is_no_colour_is_gone() {
        for (text, clean) in [
            ("\u{1b}[2J\u{1b}[Hx", "x"),
            ("\u{1b}[?25lx", "x"),
            ("\u{1b}[38;5mx", "x"),
            ("\u{1b}[38;2;999;0;0mx", "x"),
            ("\u{1b}]8;;http://evil\u{7}link\u{1b}]8;;\u{7}", "link"),
            ("\u{1b}[99999999999999999999mx", "x"),
            ("\u{1b}[>4;2mx", "x"),
            ("a\u{8}b\u{7}", "ab"),
            ("ends in \u{1b}[3", "ends in "),
            ("\u{202e}x", "<U+202E>x"),
            ("안녕\ta", "안녕\ta"),
        ] {
            assert_eq!(told(text), [clean], "{text:?}");
        }
        let many = format!("\u{1b}[{}31mx", "1;".repeat(10_000));
        assert_eq!(told(&many), ["[//b x]"], "no more than 32 parameters are read");
    }

    #[test]
    fn a_progress_bar_is_one_line() {
        assert_eq!(
            told("10 %\r20 %\r\u{1b}[32mdone\u{1b}[0m\r\nnext\r\n"),
            ["[Green// done]", "next"]
        );
        assert_eq!(told("kept\r"), ["kept"]);
        assert_eq!(told("a\n\nb\n"), ["a", "", "b"]);
        assert!(told("").is_empty());
    }

    #[test]
    fn a_style_holds_over_the_end_of_its_line() {
        assert_eq!(
            told("\u{1b}[31ma\nb\u{1b}[0m\nc"),
            ["[Red// a]", "[Red// b]", "c"]
        );
    }
}
