//! The policy's table: what passes in an isolated worktree, and what people have tried to slip through.

mod table;

use super::*;
use table::{HARMLESS, HOSTILE};

const WORKTREE: &str = "/data/worktrees/any/3f2a-fix";

fn view(mode: ApproveMode) -> View<'static> {
    View {
        mode,
        worktree: Path::new(WORKTREE),
        planning: false,
        misleading: false,
        project_id: ProjectId::from_bytes([1; 16]),
        executor: "CLAUDE_CODE",
        rules: Vec::new(),
        session_rules: Vec::new(),
    }
}

fn request(kind: ToolKind, question: Question) -> ApprovalRequest {
    ApprovalRequest {
        key: "1".into(),
        entry: None,
        tool: "Tool".into(),
        kind,
        question,
        reason: None,
        takes_reason: true,
    }
}

fn command(line: &str) -> ApprovalRequest {
    request(
        ToolKind::Command,
        Question::Command {
            command: line.into(),
            cwd: None,
        },
    )
}

fn read(path: &str) -> ApprovalRequest {
    request(
        ToolKind::Read,
        Question::Read {
            paths: vec![path.into()],
        },
    )
}

fn edit(path: &str) -> ApprovalRequest {
    request(
        ToolKind::Edit,
        Question::Edit {
            paths: vec![path.into()],
        },
    )
}

fn rule(pattern: Option<&str>, allow: bool) -> Rule {
    Rule {
        id: RuleId::from_bytes([u8::from(allow); 16]),
        project_id: None,
        executor: None,
        kind: None,
        pattern: pattern.map(Into::into),
        allow,
        created_at: Timestamp::from_ms(0),
    }
}

fn passes(request: &ApprovalRequest, view: &View<'_>) -> bool {
    matches!(
        decide(request, view),
        Verdict::Answer {
            answer: ApprovalAnswer::Approved { .. },
            ..
        }
    )
}

fn is_denied(request: &ApprovalRequest, view: &View<'_>) -> bool {
    matches!(
        decide(request, view),
        Verdict::Answer {
            answer: ApprovalAnswer::Denied { .. },
            ..
        }
    )
}

#[test]
fn harmless_commands_pass_in_a_worktree() {
    for line in HARMLESS {
        assert!(
            passes(&command(line), &view(ApproveMode::Edits)),
            "should pass: {line:?}"
        );
    }
}

#[test]
fn hostile_commands_are_asked() {
    for line in HOSTILE {
        assert_eq!(
            decide(&command(line), &view(ApproveMode::Edits)),
            Verdict::Ask,
            "should ask: {line:?}"
        );
    }
    let long = format!("echo {}", "x".repeat(5_000));
    assert_eq!(decide(&command(&long), &view(ApproveMode::Edits)), Verdict::Ask);
}

#[test]
fn a_command_passes_only_where_it_runs_inside() {
    let run_in = |cwd: &str| {
        request(
            ToolKind::Command,
            Question::Command {
                command: "ls".into(),
                cwd: Some(cwd.into()),
            },
        )
    };
    let view = view(ApproveMode::Edits);
    assert!(passes(&run_in("/data/worktrees/any/3f2a-fix/src"), &view));
    assert!(passes(&run_in("src"), &view));
    for outside in ["/", "..", "/data/worktrees/any", "~"] {
        assert_eq!(decide(&run_in(outside), &view), Verdict::Ask, "{outside}");
    }
}

#[test]
fn files_inside_are_read_and_changed_without_asking() {
    let view = view(ApproveMode::Edits);
    for path in [
        "src/main.rs",
        "/data/worktrees/any/3f2a-fix/a/b",
        "./x",
        "환경.md",
        ".gitignore",
        "AGENTS.md",
    ] {
        assert!(passes(&read(path), &view), "read {path}");
        assert!(passes(&edit(path), &view), "edit {path}");
    }
    assert_eq!(
        decide(&request(ToolKind::Edit, Question::Edit { paths: vec![] }), &view),
        Verdict::Ask
    );
}

#[test]
fn files_outside_and_those_that_hold_power_are_asked() {
    let view = view(ApproveMode::Edits);
    let outside = [
        "/etc/passwd",
        "../x",
        "src/../../x",
        "~/x",
        "/data/worktrees/any/3f2a-fixed/x",
        "",
        "a\nb",
        "a\\b",
    ];
    for path in outside {
        assert_eq!(decide(&read(path), &view), Verdict::Ask, "read {path:?}");
        assert_eq!(decide(&edit(path), &view), Verdict::Ask, "edit {path:?}");
    }
    for path in [
        ".env",
        "sub/.env.production",
        ".git/config",
        ".GIT/config",
        "id_rsa",
        "x.PEM",
        ".g\u{200c}it/x",
    ] {
        assert_eq!(decide(&read(path), &view), Verdict::Ask, "read {path:?}");
    }
    let powerful = [
        ".git/hooks/pre-commit",
        ".Git/config",
        "sub/.git",
        ".git./config",
        ".git::$INDEX/x",
        "git~1/config",
        ".claude/settings.json",
        ".gemini/x",
        ".qwen/x",
        ".codex/config.toml",
        ".cursor/mcp.json",
        ".opencode/x",
        ".mcp.json",
        "sub/.mcp.json",
        ".husky/pre-commit",
        ".vscode/tasks.json",
        "/data/worktrees/any/3f2a-fix/.claude/settings.json",
        ".",
    ];
    for path in powerful {
        assert_eq!(decide(&edit(path), &view), Verdict::Ask, "edit {path:?}");
    }
    let mixed = Question::Edit {
        paths: vec!["src/a".into(), ".git/config".into()],
    };
    assert_eq!(decide(&request(ToolKind::Edit, mixed), &view), Verdict::Ask);
}

#[test]
fn the_mode_decides_how_much_is_asked() {
    assert_eq!(
        decide(&read("src/main.rs"), &view(ApproveMode::Ask)),
        Verdict::Ask
    );
    assert_eq!(decide(&command("ls"), &view(ApproveMode::Ask)), Verdict::Ask);
    assert!(passes(&command("rm -rf build"), &view(ApproveMode::All)));
    let fetch = request(
        ToolKind::Fetch,
        Question::Fetch {
            target: "https://example.com".into(),
        },
    );
    assert_eq!(decide(&fetch, &view(ApproveMode::Edits)), Verdict::Ask);
    assert!(passes(&fetch, &view(ApproveMode::All)));
    let choice = request(ToolKind::Question, Question::Choice { questions: vec![] });
    assert_eq!(decide(&choice, &view(ApproveMode::All)), Verdict::Ask);
}

#[test]
fn a_planning_agent_reads_and_may_not_write() {
    let planning = |mode| View {
        planning: true,
        ..view(mode)
    };
    let plan = request(
        ToolKind::Plan,
        Question::Plan {
            plan: "1. Do it".into(),
        },
    );
    for mode in [ApproveMode::Ask, ApproveMode::Edits, ApproveMode::All] {
        assert!(is_denied(&edit("src/main.rs"), &planning(mode)), "{mode:?}");
        assert!(is_denied(&command("cargo fix"), &planning(mode)), "{mode:?}");
    }
    assert!(passes(&command("ls"), &planning(ApproveMode::Edits)));
    assert!(passes(&read("src/main.rs"), &planning(ApproveMode::Edits)));
    assert_eq!(decide(&plan, &planning(ApproveMode::Edits)), Verdict::Ask);
    assert!(passes(&plan, &planning(ApproveMode::All)));
    let allow = rule(None, true);
    let with_rule = View {
        rules: vec![&allow],
        ..planning(ApproveMode::Edits)
    };
    assert!(
        is_denied(&edit("src/main.rs"), &with_rule),
        "a rule does not lift the plan"
    );
}

#[test]
fn a_rule_holds_for_exactly_its_command_unless_it_says_and_more() {
    let exact = rule(Some("rm -rf build"), true);
    let view = View {
        rules: vec![&exact],
        ..view(ApproveMode::Ask)
    };
    for line in ["rm -rf build", "rm -rf build && rm -rf 'build'"] {
        assert!(passes(&command(line), &view), "{line}");
    }
    for line in ["rm -rf build *", "rm -rf build src", "rm -rf"] {
        assert_eq!(decide(&command(line), &view), Verdict::Ask, "{line}");
    }
}

#[test]
fn what_lies_behind_a_link_is_asked_whatever_its_name() {
    let allow = rule(None, true);
    let view = View {
        misleading: true,
        rules: vec![&allow],
        ..view(ApproveMode::Edits)
    };
    for request in [
        edit("docs/link/x"),
        read("docs/link/x"),
        command("cat docs/link/x"),
    ] {
        assert_eq!(decide(&request, &view), Verdict::Ask);
    }
}

#[test]
fn a_rule_with_more_holds_for_its_first_words_and_nothing_joined_to_it() {
    let allow = rule(Some("cargo test *"), true);
    let view = View {
        rules: vec![&allow],
        ..view(ApproveMode::Ask)
    };
    for line in [
        "cargo test",
        "cargo test --all",
        "cargo test -- --nocapture",
        "cargo test && cargo test x",
        "cargo test | head",
    ] {
        assert!(passes(&command(line), &view), "{line}");
    }
    let others = [
        "cargo",
        "cargo testing",
        "cargo build",
        "cargo test; rm x",
        "cargo test && rm x",
        "cargo test $(id)",
        "cargo test > x",
        "cargo test\nrm x",
        "cargo test --manifest-path=/x",
        "cargo test ../x",
        "x cargo test",
    ];
    for line in others {
        assert_eq!(decide(&command(line), &view), Verdict::Ask, "{line}");
    }
}

#[test]
fn a_command_that_cannot_be_read_is_allowed_word_for_word_only() {
    let line = "for f in *; do cat \"$f\"; done";
    let allow = rule(Some(line), true);
    let view = View {
        rules: vec![&allow],
        ..view(ApproveMode::Ask)
    };
    assert!(passes(&command(line), &view));
    assert_eq!(decide(&command(&format!("{line}; rm x")), &view), Verdict::Ask);
}

#[test]
fn a_refusing_rule_wins_over_everything() {
    let (deny, allow) = (rule(Some("git push"), false), rule(None, true));
    let view = View {
        rules: vec![&allow, &deny],
        ..view(ApproveMode::All)
    };
    for line in [
        "git push",
        "git  push --force",
        "ls; git push",
        "$(git push)",
        "git 'push'",
        "sh -c \"git push\"",
    ] {
        assert!(is_denied(&command(line), &view), "{line}");
    }
    assert!(passes(&command("git pushy"), &view));
}

#[test]
fn a_rule_for_a_folder_holds_below_it() {
    let allow = rule(Some("docs"), true);
    let view = View {
        rules: vec![&allow],
        ..view(ApproveMode::Ask)
    };
    assert!(passes(&edit("docs/a.md"), &view));
    assert!(passes(&edit("/data/worktrees/any/3f2a-fix/docs/a.md"), &view));
    for path in ["docs2/a.md", "docs/../src/a.rs", "src/docs/a.md"] {
        assert_eq!(decide(&edit(path), &view), Verdict::Ask, "{path}");
    }
    let everything = rule(None, true);
    let wide = View {
        rules: vec![&everything],
        ..view
    };
    assert!(passes(&edit("src/a.rs"), &wide));
    assert_eq!(
        decide(&edit(".git/config"), &wide),
        Verdict::Ask,
        "a rule without a pattern gives no power"
    );
}

#[test]
fn a_rule_holds_only_for_whom_it_was_made() {
    let mut allow = rule(Some("cargo test"), true);
    allow.executor = Some("CODEX".into());
    assert_eq!(
        decide(
            &command("cargo test"),
            &View {
                rules: vec![&allow],
                ..view(ApproveMode::Ask)
            }
        ),
        Verdict::Ask
    );
    allow.executor = None;
    allow.project_id = Some(ProjectId::from_bytes([9; 16]));
    assert_eq!(
        decide(
            &command("cargo test"),
            &View {
                rules: vec![&allow],
                ..view(ApproveMode::Ask)
            }
        ),
        Verdict::Ask
    );
    allow.project_id = None;
    allow.kind = Some(ToolKind::Edit);
    assert_eq!(
        decide(
            &command("cargo test"),
            &View {
                rules: vec![&allow],
                ..view(ApproveMode::Ask)
            }
        ),
        Verdict::Ask
    );
}
