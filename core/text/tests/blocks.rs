//! What becomes of Markdown and code, told line by line.

use anyon_model::{Block, CodeLine, InlineStyle, LinkTarget, RichText, SpanClass};
use anyon_text::{Language, code_lines, markdown, plain_blocks};

fn told(text: &str) -> String {
    let mut out = String::new();
    tell(&markdown(text, &|| false), "", &mut out);
    out
}

fn tell(blocks: &[Block], indent: &str, out: &mut String) {
    for block in blocks {
        let told = match block {
            Block::Heading { level, text } => format!("h{level} {}", rich(text)),
            Block::Paragraph { text } => format!("p {}", rich(text)),
            Block::List { start, .. } => start.map_or("list".into(), |start| format!("list from {start}")),
            Block::Code { language, lines } => {
                let lines: Vec<String> = lines.iter().map(code).collect();
                format!("code {language}: {}", lines.join("⏎"))
            }
            Block::Quote { .. } => "quote".into(),
            Block::Table {
                columns,
                header,
                rows,
            } => {
                let row = |row: &Vec<RichText>| row.iter().map(rich).collect::<Vec<_>>().join(" | ");
                let rows: Vec<String> = rows.iter().map(row).collect();
                format!("table {columns:?}: {} ‖ {}", row(header), rows.join(" ‖ "))
            }
            Block::Rule => "rule".into(),
        };
        out.push_str(&format!("{indent}{told}\n"));
        let deeper = format!("{indent}  ");
        match block {
            Block::Quote { blocks } => tell(blocks, &deeper, out),
            Block::List { items, .. } => {
                for item in items {
                    let mark = item
                        .checked
                        .map_or("-", |checked| if checked { "[x]" } else { "[ ]" });
                    out.push_str(&format!("{indent}{mark}\n"));
                    tell(&item.blocks, &deeper, out);
                }
            }
            _ => {}
        }
    }
}

fn rich(text: &RichText) -> String {
    let piece = |(piece, style): (&str, InlineStyle)| {
        let mut told = piece.replace('\n', "⏎");
        if style.code {
            told = format!("`{told}`");
        }
        if style.emphasis {
            told = format!("_{told}_");
        }
        if style.strong {
            told = format!("*{told}*");
        }
        if style.strike {
            told = format!("~{told}~");
        }
        match text.target(style) {
            Some(LinkTarget::Web { url }) => format!("[{told}→{url}]"),
            Some(LinkTarget::File { path, line }) => format!("[{told}→{path}@{line:?}]"),
            None => told,
        }
    };
    text.line.pieces().map(piece).collect()
}

fn code(line: &CodeLine) -> String {
    let piece = |(piece, class): (&str, SpanClass)| match class {
        SpanClass::Plain => piece.to_owned(),
        class => format!("{class:?}⟨{piece}⟩"),
    };
    line.pieces().map(piece).collect()
}

#[test]
fn an_agents_answer() {
    let text = "\
# Done: **fixed** the `login`

I changed [auth.rs](src/auth.rs:42) and ~~removed~~ *kept* the rest,
see https://docs.rs/axum. ***Both***!

1. first
2. second
   - [x] nested
   - [ ] open

> quoted
> > twice

| a | b |
|:-:|--:|
| `x` | 1<br>2 |
| only |

```rust title=x
fn main() {}
```

---
";
    insta::assert_snapshot!(told(text), @r"
    h1 Done: *fixed* the `login`
    p I changed [auth.rs→src/auth.rs@Some(42)] and ~removed~ _kept_ the rest,⏎see [https://docs.rs/axum→https://docs.rs/axum]. *_Both_*!
    list from 1
    -
      p first
    -
      p second
      list
      [x]
        p nested
      [ ]
        p open
    quote
      p quoted
      quote
        p twice
    table [Center, End]: a | b ‖ `x` | 1⏎2 ‖ only | 
    code rust: Keyword⟨fn⟩ Function⟨main⟩Punctuation⟨()⟩ Punctuation⟨{}⟩
    rule
    ");
}

#[test]
fn what_is_no_markdown_stays_readable() {
    let text = "Vec<String> and a < b & c\n<details><summary>More</summary>\n\n안녕 **세상**에서 <!-- note --> &amp; end\n\nsnake_case_name [broken](link";
    insta::assert_snapshot!(told(text), @r"
    p Vec<String> and a < b & c
    p <details><summary>More</summary>
    p 안녕 *세상*에서 <!-- note --> & end
    p snake_case_name [broken](link
    ");
}

#[test]
fn links_that_must_not_be_opened_are_text() {
    let text = "[a](javascript:x) [b](file:///etc/passwd) ![pic](https://a.b/c.png) [**bold** one](https://x.y) <https://auto.link> [https://good.example](https://evil.example)";
    insta::assert_snapshot!(told(text), @"p a b [pic→https://a.b/c.png] [*bold*→https://x.y][ one→https://x.y] [https://auto.link→https://auto.link] [https://good.example→https://evil.example]");
}

#[test]
fn what_a_terminal_would_obey_and_what_reorders_text_is_made_harmless() {
    assert_eq!(told("a\u{1b}[31mb\u{202e}c"), "p ab<U+202E>c\n");
}

#[test]
fn a_message_that_is_still_being_written_is_shown_as_far_as_it_goes() {
    assert_eq!(
        told("text\n\n```rust\nlet x"),
        "p text\ncode rust: Keyword⟨let⟩ Variable⟨x⟩\n".replace("Variable⟨x⟩", "x")
    );
    assert_eq!(told("**bol"), "p **bol\n");
    assert_eq!(told("| a | b |\n|--"), "p | a | b |⏎|--\n");
    assert_eq!(told(""), "");
}

#[test]
fn text_that_is_not_markdown_is_one_paragraph() {
    let blocks = plain_blocks("# not *one*\n  second\n");
    let mut out = String::new();
    tell(&blocks, "", &mut out);
    assert_eq!(out, "p # not *one*⏎  second\n");
    assert!(plain_blocks("\n").is_empty());
}

fn styled(language: &str, text: &str) -> String {
    let language = Language::of_tag(language);
    assert!(language.is_some());
    code_lines(text, language, &|| false)
        .iter()
        .map(code)
        .collect::<Vec<_>>()
        .join("\n")
}

#[test]
fn rust() {
    let text = "#[derive(Debug)]\npub fn add<T>(a: &'a str, n: u32) -> Self {\n    let x = \"a\\n{n}\"; // why 왜\n    foo(1.5, MAX, self.y)?;\n}\n";
    insta::assert_snapshot!(styled("rust", text));
}

#[test]
fn typescript() {
    let text = "import { a } from './b';\nexport const f = async (x: number): Promise<void> => {\n  return `n ${x + 1}`; /* c */\n};\n";
    insta::assert_snapshot!(styled("tsx", text));
}

#[test]
fn python() {
    insta::assert_snapshot!(styled(
        "python",
        "@cache\ndef f(self, x=1):\n    \"\"\"doc\"\"\"\n    return not None and f\"{x!r}\"\n"
    ));
}

#[test]
fn data_and_markup() {
    let told: Vec<String> = [
        ("json", "{\"key\": [1, true, \"v\"]}\n"),
        ("toml", "[a.b]\nkey = \"v\" # c\n"),
        ("yaml", "key: value\nlist:\n  - 1\n"),
        ("html", "<a href=\"x\">t</a>\n"),
        ("css", ".a { color: #fff; }\n"),
        ("diff", "@@ -1 +1 @@\n-a\n+b\n"),
        ("sh", "for f in *.txt; do echo \"$f\" | grep -v x; done\n"),
        (
            "go",
            "func (s *S) Run(n int) error { return fmt.Errorf(\"%d\", n) }\n",
        ),
        (
            "java",
            "@Override public final int f(String a) { return new A().b(1L); }\n",
        ),
        ("sql", "SELECT a, count(*) FROM t WHERE b = 'x' -- c\n"),
    ]
    .map(|(language, text)| format!("{language}\n{}", styled(language, text)))
    .into();
    insta::assert_snapshot!(told.join("\n"));
}

#[test]
fn character_references_are_text_wherever_text_stands_and_code_keeps_them() {
    let text = "# Q&amp;A\n\na &lt;b&gt; &#9829; &copy; [R&amp;D](https://x.test/?a=1&amp;b=2)\n\n- one &amp; two\n\n\
                | h&amp;h |\n|---|\n| c&amp;c |\n\n`x &amp;&amp; y`\n\n    if a &amp;&amp; b\n\n\
                <details title=\"a &amp; b\">\nfish &amp; chips &unknown; &\n</details>\n";
    insta::assert_snapshot!(told(text), @r#"
    h1 Q&A
    p a <b> ♥ © [R&D→https://x.test/?a=1&b=2]
    list
    -
      p one & two
    table [Start]: h&h ‖ c&c
    p `x &amp;&amp; y`
    code : if a &amp;&amp; b
    p <details title="a &amp; b">⏎fish & chips &unknown; &⏎</details>
    "#);
}
