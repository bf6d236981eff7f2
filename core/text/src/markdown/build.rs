//! The parser's events into blocks.

use super::{HIGHLIGHTED_BYTES, entity::html_text, inline::Inline};
use crate::{Language, Stop, code_lines};
use anyon_model::{Block, CodeLine, ColumnAlign, ListItem, RichText};
use pulldown_cmark::{Alignment, CodeBlockKind, CowStr, Event, HeadingLevel, Tag, TagEnd};

/// Quotes and lists inside of each other. What is deeper stands at this depth.
const MAX_DEPTH: usize = 12;

/// Blocks that are being put together.
pub struct Builder<'a> {
    stop: Stop<'a>,
    blocks: Vec<Block>,
    open: Vec<Container>,
    /// Quotes and lists that were opened below [`MAX_DEPTH`].
    too_deep: usize,
    inline: Inline,
    code: Option<(String, String)>,
    table: Option<Table>,
    highlighted_bytes: usize,
}

enum Container {
    Quote(Vec<Block>),
    List {
        start: Option<u64>,
        items: Vec<ListItem>,
    },
}

struct Table {
    columns: Vec<ColumnAlign>,
    header: Vec<RichText>,
    rows: Vec<Vec<RichText>>,
    row: Vec<RichText>,
}

impl<'a> Builder<'a> {
    /// No blocks yet.
    pub fn new(stop: Stop<'a>) -> Self {
        Self {
            stop,
            blocks: Vec::new(),
            open: Vec::new(),
            too_deep: 0,
            inline: Inline::default(),
            code: None,
            table: None,
            highlighted_bytes: 0,
        }
    }

    /// All blocks.
    pub fn finish(mut self) -> Vec<Block> {
        self.end_paragraph();
        while !self.open.is_empty() {
            self.close();
        }
        self.blocks
    }

    /// The next event.
    pub fn take(&mut self, event: Event<'_>) {
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(tag),
            Event::Text(text) => self.text(&text),
            Event::Code(text) => self.inline.code(&text),
            Event::Html(text) => self.inline.text(&html_text(&text)),
            Event::InlineHtml(text) if is_break(&text) => self.inline.line_break(),
            Event::InlineHtml(text) => self.inline.text(&text),
            Event::SoftBreak | Event::HardBreak => self.inline.line_break(),
            Event::Rule => self.add(Block::Rule),
            Event::TaskListMarker(checked) => self.check(checked),
            // Not asked for; their text must not get lost if they come all the same.
            Event::InlineMath(text) | Event::DisplayMath(text) | Event::FootnoteReference(text) => {
                self.inline.text(&text);
            }
        }
    }

    fn start(&mut self, tag: Tag<'_>) {
        match tag {
            Tag::Emphasis => self.inline.emphasis(true),
            Tag::Strong => self.inline.strong(true),
            Tag::Strikethrough => self.inline.strike(true),
            Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. } => self.inline.open_link(&dest_url),
            Tag::BlockQuote(_) => self.open(Container::Quote(Vec::new())),
            Tag::List(start) => self.open(Container::List {
                start,
                items: Vec::new(),
            }),
            Tag::Item => self.start_item(),
            Tag::CodeBlock(kind) => self.start_code(&kind),
            Tag::Table(columns) => self.start_table(&columns),
            Tag::TableHead | Tag::TableRow | Tag::TableCell => {}
            _ => self.end_paragraph(),
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Emphasis => self.inline.emphasis(false),
            TagEnd::Strong => self.inline.strong(false),
            TagEnd::Strikethrough => self.inline.strike(false),
            TagEnd::Link | TagEnd::Image => self.inline.close_link(),
            TagEnd::Heading(level) => self.end_heading(level),
            TagEnd::BlockQuote(_) | TagEnd::List(_) => self.end_container(),
            TagEnd::CodeBlock => self.end_code(),
            TagEnd::TableCell => self.end_cell(),
            TagEnd::TableHead => self.end_row(|table, row| table.header = row),
            TagEnd::TableRow => self.end_row(|table, row| table.rows.push(row)),
            TagEnd::Table => self.end_table(),
            _ => self.end_paragraph(),
        }
    }

    fn text(&mut self, text: &str) {
        match &mut self.code {
            Some((_, code)) => code.push_str(text),
            None => self.inline.text(text),
        }
    }

    fn end_paragraph(&mut self) {
        if let Some(text) = self.inline.take() {
            self.push(Block::Paragraph {
                text: without_last_break(text),
            });
        }
    }

    fn end_heading(&mut self, level: HeadingLevel) {
        if let Some(text) = self.inline.take() {
            self.push(Block::Heading {
                level: level as u8,
                text,
            });
        }
    }

    /// A block, after the paragraph that it ends.
    fn add(&mut self, block: Block) {
        self.end_paragraph();
        self.push(block);
    }

    fn push(&mut self, block: Block) {
        match self.open.last_mut() {
            None => self.blocks.push(block),
            Some(Container::Quote(blocks)) => blocks.push(block),
            Some(Container::List { items, .. }) => {
                if items.is_empty() {
                    items.push(ListItem::default());
                }
                if let Some(item) = items.last_mut() {
                    item.blocks.push(block);
                }
            }
        }
    }

    fn open(&mut self, container: Container) {
        self.end_paragraph();
        if self.open.len() < MAX_DEPTH {
            self.open.push(container);
        } else {
            self.too_deep += 1;
        }
    }

    fn end_container(&mut self) {
        self.end_paragraph();
        if self.too_deep > 0 {
            self.too_deep -= 1;
        } else {
            self.close();
        }
    }

    fn close(&mut self) {
        match self.open.pop() {
            Some(Container::Quote(blocks)) => self.push(Block::Quote { blocks }),
            Some(Container::List { start, items }) => self.push(Block::List { start, items }),
            None => {}
        }
    }

    fn start_item(&mut self) {
        self.end_paragraph();
        if self.too_deep > 0 {
            return;
        }
        if let Some(Container::List { items, .. }) = self.open.last_mut() {
            items.push(ListItem::default());
        }
    }

    fn check(&mut self, checked: bool) {
        match self.open.last_mut() {
            Some(Container::List { items, .. }) if self.too_deep == 0 => {
                if let Some(item) = items.last_mut() {
                    item.checked = Some(checked);
                }
            }
            _ => self.inline.text(if checked { "[x] " } else { "[ ] " }),
        }
    }

    fn start_code(&mut self, kind: &CodeBlockKind<'_>) {
        self.end_paragraph();
        let language = match kind {
            CodeBlockKind::Indented => String::new(),
            CodeBlockKind::Fenced(told) => first_word(told),
        };
        self.code = Some((language, String::new()));
    }

    fn end_code(&mut self) {
        if let Some((language, code)) = self.code.take() {
            let lines = self.code_lines(&language, &code);
            self.push(Block::Code { language, lines });
        }
    }

    fn code_lines(&mut self, language: &str, code: &str) -> Vec<CodeLine> {
        self.highlighted_bytes = self.highlighted_bytes.saturating_add(code.len());
        let is_affordable = self.highlighted_bytes <= HIGHLIGHTED_BYTES;
        let language = is_affordable.then(|| Language::of_tag(language)).flatten();
        code_lines(code, language, self.stop)
    }

    fn start_table(&mut self, columns: &[Alignment]) {
        self.end_paragraph();
        self.table = Some(Table {
            columns: columns.iter().map(align).collect(),
            header: Vec::new(),
            rows: Vec::new(),
            row: Vec::new(),
        });
    }

    fn end_cell(&mut self) {
        let text = self.inline.take().unwrap_or_default();
        if let Some(table) = &mut self.table {
            table.row.push(text);
        }
    }

    fn end_row(&mut self, put: impl FnOnce(&mut Table, Vec<RichText>)) {
        if let Some(table) = &mut self.table {
            let mut row = std::mem::take(&mut table.row);
            row.resize_with(table.columns.len(), RichText::default);
            put(table, row);
        }
    }

    fn end_table(&mut self) {
        if let Some(Table {
            columns,
            header,
            rows,
            ..
        }) = self.table.take()
        {
            self.push(Block::Table {
                columns,
                header,
                rows,
            });
        }
    }
}

/// `<br>` is the one element that is understood: tables cannot be written without.
fn is_break(html: &str) -> bool {
    let name = html
        .trim_start_matches('<')
        .trim_end_matches('>')
        .trim_end_matches('/');
    name.trim().eq_ignore_ascii_case("br")
}

/// An HTML block ends with a line break of its own.
fn without_last_break(mut text: RichText) -> RichText {
    let kept = text.line.text.trim_end_matches('\n').len();
    text.line.text.truncate(kept);
    let mut left = u32::try_from(kept).unwrap_or(u32::MAX);
    for span in &mut text.line.spans {
        span.len = span.len.min(left);
        left -= span.len;
    }
    text.line.spans.retain(|span| span.len > 0);
    text
}

fn first_word(told: &CowStr<'_>) -> String {
    let word = told
        .split([' ', ',', '\t', '{', ':'])
        .find(|word| !word.is_empty());
    word.unwrap_or_default().chars().take(40).collect()
}

fn align(alignment: &Alignment) -> ColumnAlign {
    match alignment {
        Alignment::None | Alignment::Left => ColumnAlign::Start,
        Alignment::Center => ColumnAlign::Center,
        Alignment::Right => ColumnAlign::End,
    }
}
