//! The shipped safe list: programs that only read, with the flags that keep them so. A flag that is not named here
//! is asked, because abbreviations and new versions make lists of bad flags incomplete.

/// What the arguments of a program that are no flags name.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Operands {
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
pub struct Program {
    /// Its name.
    pub name: &'static str,
    /// Letters that may stand after one dash, together.
    pub letters: &'static str,
    /// Letters that take a value.
    pub value_letters: &'static str,
    /// Words that may stand after two dashes, with or without `=value`.
    pub words: &'static str,
    /// What its other arguments are.
    pub operands: Operands,
    /// A file named like a flag must not become one: no glob at the start of an argument.
    pub guards_globs: bool,
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

/// The programs.
pub const PROGRAMS: &[Program] = &[
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

/// Subcommands of git that only read.
pub const GIT: &[Program] = &[
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
pub const FIND_PLAIN: &[&str] = &[
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
pub const FIND_VALUE: &[&str] = &[
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
