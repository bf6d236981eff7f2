//! The shipped safe list: programs that only read, with the flags that keep them so. A flag that is not named here
//! is asked, because abbreviations and new versions make lists of bad flags incomplete.

use super::{paths, shell::Word};
use std::path::Path;

/// What the arguments of a program that are no flags name.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Operands {
    /// There may be none.
    None,
    /// Text that it prints or looks up.
    Text,
    /// Files, at most so many.
    Files(usize),
    /// A pattern, then files; only files when a flag brings the pattern.
    PatternAndFiles,
}

/// A program on the list.
struct Program {
    name: &'static str,
    /// Letters that may stand after one dash, together.
    letters: &'static str,
    /// Letters that take a value.
    value_letters: &'static str,
    /// Words that may stand after two dashes, with or without `=value`.
    words: &'static str,
    operands: Operands,
    /// A file named like a flag must not become one: no glob at the start of an argument.
    guards_globs: bool,
}

const MANY: usize = usize::MAX;

const fn program(
    name: &'static str,
    letters: &'static str,
    value_letters: &'static str,
    words: &'static str,
    operands: Operands,
) -> Program {
    Program {
        name,
        letters,
        value_letters,
        words,
        operands,
        guards_globs: false,
    }
}

const fn guarded(
    name: &'static str,
    letters: &'static str,
    value_letters: &'static str,
    words: &'static str,
    operands: Operands,
) -> Program {
    Program {
        name,
        letters,
        value_letters,
        words,
        operands,
        guards_globs: true,
    }
}

const PROGRAMS: &[Program] = &[
    program(
        "ls",
        "aAbcCdfFghHiklLmnNopqQrRsStuUvxX1ZB",
        "",
        "all almost-all color human-readable recursive full-time group-directories-first sort time reverse size directory",
        Operands::Files(MANY),
    ),
    program(
        "cat",
        "AbeEnstTuv",
        "",
        "number show-all show-ends show-tabs squeeze-blank number-nonblank",
        Operands::Files(MANY),
    ),
    program(
        "head",
        "qvz",
        "nc",
        "lines bytes quiet silent verbose",
        Operands::Files(MANY),
    ),
    program(
        "tail",
        "qvz",
        "nc",
        "lines bytes quiet silent verbose",
        Operands::Files(MANY),
    ),
    program(
        "wc",
        "clmwL",
        "",
        "bytes chars lines words max-line-length",
        Operands::Files(MANY),
    ),
    program("pwd", "LP", "", "", Operands::None),
    program("echo", "neE", "", "", Operands::Text),
    guarded("printf", "", "", "", Operands::Text),
    program("true", "", "", "", Operands::Text),
    program("false", "", "", "", Operands::Text),
    program("which", "a", "", "", Operands::Text),
    program(
        "grep",
        "EFGPabcHhiILlnoqrsTUvwxyzZ",
        "ABCmedD",
        "extended-regexp fixed-strings basic-regexp perl-regexp ignore-case no-ignore-case invert-match word-regexp line-regexp count color colour files-with-matches files-without-match max-count only-matching quiet silent no-messages byte-offset with-filename no-filename line-number after-context before-context context text binary-files exclude exclude-dir include recursive regexp null",
        Operands::PatternAndFiles,
    ),
    guarded(
        "rg",
        "iSswvnNoclFUPxHIhpq0a",
        "eABCgtTmMrjd",
        "ignore-case smart-case case-sensitive word-regexp invert-match line-number no-line-number only-matching count count-matches files-with-matches files-without-match fixed-strings multiline pcre2 line-regexp with-filename no-filename no-heading heading pretty quiet after-context before-context context glob iglob type type-not max-count max-columns max-depth color sort sortr stats json vimgrep trim column files regexp replace null text",
        Operands::PatternAndFiles,
    ),
    guarded(
        "sort",
        "bdfghiMnRrVcCmsuz",
        "kt",
        "numeric-sort reverse unique ignore-case key field-separator human-numeric-sort version-sort stable check general-numeric-sort",
        Operands::Files(MANY),
    ),
    guarded(
        "uniq",
        "cdDiuz",
        "fsw",
        "count repeated unique ignore-case skip-fields skip-chars check-chars",
        Operands::Files(1),
    ),
    program(
        "cut",
        "nsz",
        "bcdf",
        "bytes characters delimiter fields only-delimited complement output-delimiter",
        Operands::Files(MANY),
    ),
    program(
        "diff",
        "abBcdeiNpqrstTuwyE",
        "UCWIx",
        "brief unified context recursive ignore-case ignore-all-space ignore-blank-lines side-by-side report-identical-files new-file color exclude minimal width",
        Operands::Files(MANY),
    ),
    program(
        "stat",
        "Ltf",
        "c",
        "format printf dereference terse",
        Operands::Files(MANY),
    ),
    guarded(
        "file",
        "biLhkNprs0",
        "",
        "brief mime mime-type mime-encoding dereference",
        Operands::Files(MANY),
    ),
    program(
        "du",
        "abchHkmsSxL0",
        "dBt",
        "all apparent-size human-readable max-depth summarize total bytes exclude time si",
        Operands::Files(MANY),
    ),
    guarded(
        "tree",
        "adfipsugDFChrtn",
        "LIP",
        "noreport dirsfirst gitignore filelimit prune charset du si",
        Operands::Files(MANY),
    ),
];

const GIT_DIFF: &str = "stat numstat shortstat name-only name-status summary cached staged patch no-patch unified color no-color color-words word-diff check exit-code quiet no-ext-diff no-textconv ignore-all-space ignore-space-change ignore-blank-lines find-renames find-copies diff-filter minimal patience histogram function-context dirstat raw full-index abbrev no-renames merge-base relative";
const GIT_LOG: &str = "oneline graph decorate no-decorate all stat numstat shortstat name-only name-status patch no-patch format pretty author committer since until after before grep max-count skip date reverse follow first-parent merges no-merges abbrev-commit no-abbrev-commit abbrev branches tags remotes color no-color topo-order date-order diff-filter find-renames left-right cherry-pick cherry unified summary no-ext-diff no-textconv invert-grep ancestry-path simplify-by-decoration boundary";

const GIT: &[Program] = &[
    guarded(
        "status",
        "sbuvz",
        "",
        "short branch porcelain long ignored untracked-files verbose show-stash ahead-behind no-ahead-behind renames no-renames",
        Operands::Files(MANY),
    ),
    guarded("diff", "puwbMCRWz", "U", GIT_DIFF, Operands::Files(MANY)),
    guarded("log", "pizgwbMCcmE", "nUSG", GIT_LOG, Operands::Files(MANY)),
    guarded(
        "show",
        "pszwbMCm",
        "U",
        "stat numstat shortstat name-only name-status format pretty oneline patch no-patch color no-color abbrev-commit unified summary no-ext-diff no-textconv date decorate word-diff diff-filter",
        Operands::Files(MANY),
    ),
    guarded(
        "branch",
        "arv",
        "",
        "all remotes list show-current verbose merged no-merged contains no-contains sort format color no-color points-at",
        Operands::None,
    ),
    guarded(
        "rev-parse",
        "q",
        "",
        "abbrev-ref short verify quiet show-toplevel show-prefix show-cdup is-inside-work-tree is-bare-repository git-dir git-common-dir absolute-git-dir symbolic symbolic-full-name all branches tags",
        Operands::Files(MANY),
    ),
    guarded(
        "ls-files",
        "comdstvz",
        "",
        "cached others modified deleted stage exclude-standard ignored full-name error-unmatch unmerged directory deduplicate",
        Operands::Files(MANY),
    ),
    guarded(
        "blame",
        "bcefglnpstwMC",
        "L",
        "porcelain line-porcelain root show-email show-name show-number date abbrev",
        Operands::Files(MANY),
    ),
];

/// `find` has its own grammar: these tests and actions take no value …
const FIND_PLAIN: &[&str] = &[
    "-a",
    "-and",
    "-o",
    "-or",
    "-not",
    "-print",
    "-print0",
    "-prune",
    "-empty",
    "-ls",
    "-true",
    "-false",
    "-depth",
    "-xdev",
    "-mount",
    "-readable",
    "-writable",
    "-executable",
    "(",
    ")",
    "!",
    "-quit",
    "-noleaf",
];
/// … and these take one, which names no file that is opened.
const FIND_VALUE: &[&str] = &[
    "-name",
    "-iname",
    "-path",
    "-ipath",
    "-wholename",
    "-iwholename",
    "-type",
    "-maxdepth",
    "-mindepth",
    "-size",
    "-mtime",
    "-mmin",
    "-atime",
    "-amin",
    "-ctime",
    "-cmin",
    "-perm",
    "-regex",
    "-iregex",
    "-regextype",
    "-user",
    "-group",
    "-uid",
    "-gid",
    "-links",
    "-printf",
    "-lname",
    "-ilname",
];

/// A simple command only reads, and only inside the worktree.
pub fn is_safe(words: &[Word], worktree: &Path) -> bool {
    let Some((first, rest)) = words.split_first() else {
        return false;
    };
    if first.has_glob {
        return false;
    }
    match first.text.as_str() {
        "find" => is_safe_find(rest, worktree),
        "sed" => is_safe_sed(rest, worktree),
        "git" => is_safe_git(rest, worktree),
        name => PROGRAMS
            .iter()
            .find(|program| program.name == name)
            .is_some_and(|program| program.allows(rest, worktree)),
    }
}

/// `git [--no-pager] <reading subcommand> …`
fn is_safe_git(words: &[Word], worktree: &Path) -> bool {
    let words = match words.split_first() {
        Some((first, rest)) if first.text == "--no-pager" => rest,
        _ => words,
    };
    let Some((subcommand, rest)) = words.split_first() else {
        return false;
    };
    GIT.iter()
        .find(|program| program.name == subcommand.text)
        .is_some_and(|program| program.allows(rest, worktree))
}

/// `sed -n 'A,Bp' files`: prints lines, nothing else.
fn is_safe_sed(words: &[Word], worktree: &Path) -> bool {
    let [flag, script, files @ ..] = words else {
        return false;
    };
    let prints = |command: &str| {
        let range = command.strip_suffix('p').unwrap_or("x");
        range.split(',').count() <= 2
            && range
                .split(',')
                .all(|line| line == "$" || (!line.is_empty() && line.bytes().all(|b| b.is_ascii_digit())))
    };
    flag.text == "-n"
        && !script.has_glob
        && script.text.split(';').all(|command| prints(command.trim()))
        && files
            .iter()
            .all(|word| !word.text.starts_with('-') && is_file(word, true, worktree))
}

fn is_safe_find(words: &[Word], worktree: &Path) -> bool {
    let is_expression = |word: &Word| word.text.starts_with(['-', '(', '!']);
    let start = words.iter().position(is_expression).unwrap_or(words.len());
    let (files, expression) = words.split_at(start);
    let mut expression = expression.iter();
    while let Some(word) = expression.next() {
        let text = word.text.as_str();
        let is_known = if FIND_VALUE.contains(&text) {
            expression.next().is_some_and(|value| !guards_against(value))
        } else {
            FIND_PLAIN.contains(&text)
        };
        if !is_known || word.has_glob {
            return false;
        }
    }
    files.iter().all(|word| is_file(word, true, worktree))
}

impl Program {
    /// Its flags are on the list and its files inside the worktree.
    fn allows(&self, words: &[Word], worktree: &Path) -> bool {
        let mut operands = Vec::new();
        let mut has_pattern = false;
        let mut words = words.iter();
        while let Some(word) = words.next() {
            match word.text.as_str() {
                "--" if !word.has_glob => {
                    operands.extend(words.by_ref());
                }
                "-" => operands.push(word),
                text if text.starts_with('-') => match self.flag(text, word.has_glob, worktree) {
                    Flag::Alone { brings_pattern } => has_pattern |= brings_pattern,
                    Flag::WithNext { letter } => {
                        has_pattern |= letter == 'e';
                        if words
                            .next()
                            .is_none_or(|value| !is_value(letter, value, worktree))
                        {
                            return false;
                        }
                    }
                    Flag::Unknown => return false,
                },
                _ => operands.push(word),
            }
        }
        self.allows_operands(&operands, has_pattern, worktree)
    }

    fn allows_operands(&self, operands: &[&Word], has_pattern: bool, worktree: &Path) -> bool {
        let are_files = |words: &[&Word]| {
            words
                .iter()
                .all(|word| is_file(word, self.guards_globs, worktree))
        };
        match self.operands {
            Operands::None => operands.is_empty(),
            Operands::Text => !self.guards_globs || !operands.iter().any(|word| guards_against(word)),
            Operands::Files(1) => {
                operands.len() <= 1 && !operands.iter().any(|word| word.has_glob) && are_files(operands)
            }
            Operands::Files(most) => operands.len() <= most && are_files(operands),
            Operands::PatternAndFiles if has_pattern => are_files(operands),
            Operands::PatternAndFiles => match operands.split_first() {
                Some((pattern, files)) => !guards_against(pattern) && are_files(files),
                None => false,
            },
        }
    }

    fn flag(&self, text: &str, has_glob: bool, worktree: &Path) -> Flag {
        match text.strip_prefix("--") {
            _ if has_glob => Flag::Unknown,
            Some(word) => self.word_flag(word, worktree),
            None => self.letter_flags(&text[1..]),
        }
    }

    fn word_flag(&self, word: &str, worktree: &Path) -> Flag {
        let (name, value) = word
            .split_once('=')
            .map_or((word, ""), |(name, value)| (name, value));
        let is_known = self.words.split(' ').any(|known| known == name);
        if is_known && paths::may_read_argument(value, true, worktree) {
            Flag::Alone {
                brings_pattern: matches!(name, "regexp" | "files"),
            }
        } else {
            Flag::Unknown
        }
    }

    /// `-la`, `-n5`, `-nA 3`, `-20`. A value behind its letter must not be a path.
    fn letter_flags(&self, letters: &str) -> Flag {
        let counts = matches!(self.name, "head" | "tail" | "log" | "show" | "grep");
        if counts && letters.bytes().all(|b| b.is_ascii_digit()) {
            return Flag::Alone {
                brings_pattern: false,
            };
        }
        for (at, letter) in letters.char_indices() {
            if self.value_letters.contains(letter) {
                let value = &letters[at + letter.len_utf8()..];
                return match value {
                    "" => Flag::WithNext { letter },
                    value if value.contains('/') => Flag::Unknown,
                    value if letter == 'g' && value.starts_with('.') => Flag::Unknown,
                    _ => Flag::Alone {
                        brings_pattern: letter == 'e',
                    },
                };
            }
            if !self.letters.contains(letter) {
                return Flag::Unknown;
            }
        }
        Flag::Alone {
            brings_pattern: false,
        }
    }
}

/// What a flag is.
enum Flag {
    /// Known, and complete in itself.
    Alone { brings_pattern: bool },
    /// Known; the next word is the value of this letter.
    WithNext { letter: char },
    /// Not on the list.
    Unknown,
}

/// A value is one word; one that chooses files must not choose secrets.
fn is_value(letter: char, value: &Word, worktree: &Path) -> bool {
    let may_choose = letter != 'g' || paths::may_read_argument(&value.text, true, worktree);
    may_choose && !value.has_glob && !value.text.starts_with('-')
}

/// A glob at the start of a word can become a flag when a file is named like one.
fn guards_against(word: &Word) -> bool {
    word.has_glob && word.text.starts_with(['*', '?', '['])
}

fn is_file(word: &Word, guards_globs: bool, worktree: &Path) -> bool {
    word.text == "-"
        || (!(guards_globs && guards_against(word))
            && paths::may_read_argument(&word.text, word.has_glob, worktree))
}
