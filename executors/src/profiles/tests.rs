//! The file as a person writes it, and as the settings change it.

use super::*;
use anyon_model::{
    AGENT_FIELDS, AgentFileEdit, FieldKind, FieldSpec, FieldValue, PROFILE_FIELDS, ProblemCode, Proof,
};

const FILE: &str = r#"# My agents. Do not lose this.

# A nice one.
[agents.goose]
name = "Goose"
command = "goose" # from brew
args = ["acp"]
env = { GOOSE_TOKEN = "s3cret" }
ask_mode = "approve"
resume = "none"

# Fast and cheap.
[profiles.CLAUDE_CODE.FAST]
model = "haiku"   # the small one
plan = true

[profiles.goose.LOUD]
extra_args = ["--loud"]
"#;

fn agent(agent_id: &str) -> AgentTable {
    AgentTable::Agent {
        agent_id: agent_id.into(),
    }
}

fn text(text: &str) -> FieldValue {
    FieldValue::Text(text.into())
}

#[test]
fn agents_and_profiles_are_what_the_file_says() {
    let read = read(FILE).unwrap();
    let goose = &read.agents[0];
    assert_eq!((goose.id.as_str(), goose.name.as_str()), ("goose", "Goose"));
    assert_eq!(goose.manners.ask_mode.as_deref(), Some("approve"));
    assert!(!goose.resumes && !goose.info().capabilities.resumes);
    assert!(!format!("{goose:?} {:?}", read.tables).contains("s3cret"));
    let catalogue = read.catalogue();
    let of = |agent_id: &str| catalogue.iter().find(|info| info.id == agent_id).unwrap();
    assert_eq!(of("CLAUDE_CODE").variants["FAST"].model.as_deref(), Some("haiku"));
    assert!(of("CLAUDE_CODE").variants["FAST"].plan);
    let names: Vec<_> = of("goose").variants.keys().map(String::as_str).collect();
    assert_eq!(names, ["APPROVALS", "DEFAULT", "LOUD", "PLAN"]);
    assert_eq!(catalogue.last().unwrap().id, "DEMO", "the demo agent stays last");
}

#[test]
fn a_fault_names_its_line_and_no_value() {
    for (text, line, said) in [
        ("[agents.goose]\nname = \"x\"\n", 1, "“command” is missing"),
        ("\n[agents.Goose]\ncommand = \"x\"\n", 2, "lower-case"),
        (
            "[agents.gemini]\ncommand = \"x\"\n",
            1,
            "an agent that Anyon knows",
        ),
        (
            "[agents.g]\ncommand = \"x\"\nargs = \"acp\"\n",
            3,
            "“args” has to be a list",
        ),
        (
            "[agents.g]\ncommand = \"x\"\ncolour = 1\n",
            3,
            "unknown key “colour”; there are name",
        ),
        ("[agents.g]\ncommand = \"bin/x\"\n", 2, "a name or a whole path"),
        (
            "[agents.g]\ncommand = \"x\"\nresume = \"s3cret\"\n",
            3,
            "has to be one of load, resume, none",
        ),
        (
            "[agents.g]\ncommand = \"x\"\n[agents.g.env]\nKEY = 5\n",
            3,
            "“env” has to be a table of texts",
        ),
        (
            "[profiles.claude-code.X]\n",
            1,
            "Anyon's agent is written CLAUDE_CODE",
        ),
        (
            "[profiles.CLAUDE_CODE.X]\nplan = \"yes\"\n",
            2,
            "has to be true or false",
        ),
        ("[profiles.CLAUDE_CODE.\"a b\"]\n", 1, "a variant's name"),
        ("# hello\n\n[agent.g]\n", 3, "unknown table “agent”"),
        ("[agents.g]\ncommand = s3cret\n", 2, ""),
        ("[agents.g]\ncommand = \"x\"\nenv = { A = \"s3cret }\n", 3, ""),
    ] {
        let fault = read(text).unwrap_err();
        assert_eq!(fault.line, line, "{text}: {fault}");
        assert!(fault.reason.contains(said), "{text}: {fault}");
        assert!(!fault.to_string().contains("s3cret"), "{text}: {fault}");
    }
}

#[test]
fn a_change_of_one_field_leaves_every_other_byte() {
    let mut fields = read(FILE).unwrap().tables[0].1.clone();
    let put = |fields: &AgentFields| AgentFileEdit::Put {
        table: agent("goose"),
        fields: fields.clone(),
        new: false,
    };
    assert_eq!(
        edited(FILE, &put(&fields)).unwrap(),
        FILE,
        "it says all that already"
    );
    fields.insert("command".into(), text("/opt/goose"));
    fields.remove("resume");
    let variables = [("GOOSE_TOKEN".into(), "other".into())].into();
    fields.insert("env".into(), FieldValue::Variables(variables));
    let wanted = FILE
        .replace(
            "command = \"goose\" # from brew",
            "command = \"/opt/goose\" # from brew",
        )
        .replace("s3cret", "other")
        .replace("resume = \"none\"\n", "");
    assert_eq!(edited(FILE, &put(&fields)).unwrap(), wanted);
}

#[test]
fn a_new_table_comes_with_a_header_of_its_own_and_nothing_else() {
    let known = known_agents()
        .into_iter()
        .find(|known| known.agent_id == "auggie")
        .unwrap();
    let put = AgentFileEdit::Put {
        table: agent("auggie"),
        fields: known.fields,
        new: true,
    };
    let first = edited("", &put).unwrap();
    assert_eq!(
        first,
        "[agents.auggie]\nname = \"Auggie\"\ncommand = \"auggie\"\nargs = [\"--acp\"]\nenv = { AUGMENT_DISABLE_AUTO_UPDATE = \"1\" }\n"
    );
    assert_eq!(edited(&first, &put).unwrap_err().code, ProblemCode::AlreadyExists);
    let both = edited(FILE, &put).unwrap();
    let without = both.replacen(&format!("\n{first}"), "", 1);
    assert_eq!(without, FILE, "{both}");
    let variant = AgentFileEdit::Put {
        table: AgentTable::Profile("auggie:FAST".parse().unwrap()),
        fields: AgentFields::from([("model".into(), text("small"))]),
        new: true,
    };
    let with_variant = edited(&first, &variant).unwrap();
    assert!(
        with_variant.ends_with("\n[profiles.auggie.FAST]\nmodel = \"small\"\n"),
        "{with_variant}"
    );
}

#[test]
fn a_removed_agent_takes_its_profiles_and_its_own_comment_with_it_and_leaves_the_rest() {
    let remove = AgentFileEdit::Remove {
        table: agent("goose"),
    };
    let left = edited(FILE, &remove).unwrap();
    assert!(left.starts_with("# My agents. Do not lose this.\n"), "{left}");
    assert!(!left.contains("goose") && !left.contains("A nice one"), "{left}");
    assert!(
        left.contains("# Fast and cheap.\n[profiles.CLAUDE_CODE.FAST]"),
        "{left}"
    );
    assert_eq!(edited(&left, &remove).unwrap_err().code, ProblemCode::NotFound);
    let only = "# Keep me.\n\n[agents.goose]\ncommand = \"goose\"\n";
    assert!(edited(only, &remove).unwrap().contains("# Keep me."));
}

#[test]
fn nothing_is_written_that_would_not_count() {
    let text_edit = |text: &str, before: &str| AgentFileEdit::Text {
        text: text.into(),
        before: before.into(),
    };
    let broken = edited(FILE, &text_edit("[agents.x]\n", FILE)).unwrap_err();
    assert!(broken.detail.contains("line 1"), "{broken:?}");
    let late = edited(FILE, &text_edit("", "what it was")).unwrap_err();
    assert!(late.title.contains("something else"), "{late:?}");
    let put = AgentFileEdit::Put {
        table: agent("new"),
        fields: AgentFields::new(),
        new: true,
    };
    let missing = edited(FILE, &put).unwrap_err();
    assert!(missing.detail.contains("“command” is missing"), "{missing:?}");
    let in_a_broken_one = edited("[agents.x]\n", &put).unwrap_err();
    assert!(in_a_broken_one.hint.contains("as text"), "{in_a_broken_one:?}");
}

#[test]
fn the_last_good_file_stays_in_force_even_after_a_new_start() {
    let folder = tempfile::tempdir().unwrap();
    let file = AgentsFile::in_folder(folder.path());
    assert_eq!(file.read(), Reading::default(), "no file says nothing");
    std::fs::write(file.path(), FILE).unwrap();
    file.keep(&file.read());
    std::fs::write(file.path(), "[agents.goose]\ncommand = 5\n").unwrap();
    let reading = AgentsFile::in_folder(folder.path()).read();
    assert_eq!(reading.fault.as_ref().unwrap().line, 2);
    assert_eq!(reading.configuration, read(FILE).unwrap());
    file.keep(&reading);
    assert_eq!(file.read().configuration.agents.len(), 1);
    assert!(!format!("{reading:?}").contains("s3cret"));
}

#[cfg(unix)]
#[test]
fn what_is_written_is_for_the_person_alone() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let file = AgentsFile::in_folder(folder.path());
    let put = AgentFileEdit::Put {
        table: agent("goose"),
        fields: AgentFields::from([("command".into(), text("goose"))]),
        new: true,
    };
    std::fs::write(file.path(), "# mine\n").unwrap();
    file.edit(&put).unwrap();
    assert_eq!(
        file.read().text,
        "# mine\n\n[agents.goose]\ncommand = \"goose\"\n"
    );
    for entry in std::fs::read_dir(folder.path()).unwrap() {
        let mode = entry.unwrap().metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 2);
}

#[test]
fn every_known_agent_can_be_added_and_says_whether_it_was_run() {
    let known = known_agents();
    assert!(known.len() >= 20);
    let mut file = String::new();
    for known in &known {
        let put = AgentFileEdit::Put {
            table: agent(&known.agent_id),
            fields: known.fields.clone(),
            new: true,
        };
        file = edited(&file, &put).unwrap();
    }
    let all = read(&file).unwrap();
    assert_eq!(all.agents.len(), known.len());
    assert!(all.not_yet().is_empty());
    let run: Vec<_> = known.iter().filter(|known| known.proof == Proof::Run).collect();
    assert_eq!(run.len(), 2);
    let docs = include_str!("../../../docs/agents.md");
    for known in &known {
        let id = format!("| `{}` |", known.agent_id);
        let row = docs.lines().find(|line| line.starts_with(&id));
        let row = row.unwrap_or_else(|| panic!("{id} is not in docs/agents.md"));
        let sure = match known.proof {
            Proof::Run => "| run |",
            Proof::Published => "| not run; published |",
            Proof::Hearsay => "| not run; hearsay |",
        };
        assert!(row.ends_with(sure), "{row}");
    }
}

#[test]
fn the_documentation_tells_of_every_field() {
    let docs = include_str!("../../../docs/agents.md");
    let kind = |spec: &FieldSpec| match spec.kind {
        FieldKind::Line | FieldKind::Text => "text".to_owned(),
        FieldKind::Flag => "true or false".to_owned(),
        FieldKind::List => "list of texts".to_owned(),
        FieldKind::Variables => "table of texts".to_owned(),
        FieldKind::Choice(words) => words.map_words(),
    };
    for (title, fields) in [
        ("### `[agents.ID]`", &AGENT_FIELDS[..]),
        ("### `[profiles.AGENT.VARIANT]`", &PROFILE_FIELDS[..]),
    ] {
        let section = docs.split(title).nth(1).expect(title);
        for spec in fields {
            let required = if spec.required { " (required)" } else { "" };
            let row = format!("| `{}`{required} | {} | {} |", spec.key, kind(spec), spec.about);
            assert!(section.contains(&row), "missing in docs/agents.md: {row}");
        }
    }
}

trait Words {
    fn map_words(&self) -> String;
}

impl Words for &[&str] {
    fn map_words(&self) -> String {
        let quoted: Vec<String> = self.iter().map(|word| format!("`{word}`")).collect();
        quoted.join(", ")
    }
}
