//! The settings: each has its effect at once, and a fault is told beside it.

#[path = "settings/fields.rs"]
mod fields;
mod support;

use anyon_model::*;
use anyon_ui::{EditorChoice, FoundEditor, Place, Request, SettingsPage};
use egui::{Key, Modifiers, accesskit::Role};
use egui_kittest::kittest::Queryable;
use std::sync::Arc;
use support::{Look, NOW, Window, World, empty_world, fixed, overflowing_world, typical_world};

const PAGES: [SettingsPage; 6] = [
    SettingsPage::General,
    SettingsPage::Agents,
    SettingsPage::Projects,
    SettingsPage::Rules,
    SettingsPage::Templates,
    SettingsPage::Storage,
];

fn finding(agent_id: &str, name: &str) -> AgentFinding {
    AgentFinding {
        agent_id: agent_id.into(),
        name: name.into(),
        variants: vec!["DEFAULT".into(), "PLAN".into()],
        found: true,
        program: None,
        version: Some("2.1.330".into()),
        notice: Some("A newer version is known to work better".into()),
        login: AgentLogin::LoggedIn {
            method: String::new(),
        },
        install_hint: "Install it".into(),
        login_hint: "Log in".into(),
        withheld: vec!["GH_TOKEN".into(), "AWS_SECRET_ACCESS_KEY".into()],
    }
}

fn answered(query: &Query) -> Option<QueryResult> {
    match query {
        Query::Agents { .. } => Some(Ok(Answer::Agents(Arc::new(vec![
            finding("CLAUDE_CODE", "Claude Code"),
            finding("CODEX", "Codex"),
        ])))),
        Query::McpSetups => Some(Ok(Answer::McpSetups(Arc::new(support::setups::mcp_setups(
            false, "",
        ))))),
        Query::AgentFile => Some(Ok(Answer::AgentFile(Arc::new(support::setups::agent_file(
            false,
        ))))),
        Query::CheckAgentFile { .. } => Some(Ok(Answer::AgentFileFault(Some(AgentFileFault {
            line: 3,
            reason: "“args” has to be a list of texts in quotes".into(),
        })))),
        Query::FindRepositories { .. } => Some(Ok(Answer::Repositories(Arc::default()))),
        Query::Branches { .. } => Some(Ok(Answer::Branches(vec!["main".into(), "release/2".into()]))),
        Query::ListDirectory { path, .. } => {
            let path = path.clone().unwrap_or_default();
            let file = |name: &str| DirectoryEntry {
                name: name.into(),
                path: path.as_path().join(name).into(),
                is_folder: false,
                is_hidden: true,
                is_repository: false,
            };
            let entries = vec![file(".env"), file("keys[1].json")];
            Some(Ok(Answer::Directory(Arc::new(DirectoryList {
                path: path.clone(),
                entries,
                ..DirectoryList::default()
            }))))
        }
        _ => None,
    }
}

fn looking(page: SettingsPage, world: &World, look: Look) -> Window {
    let mut window = Window::looking(Place::Keys, world.state(), look);
    window.client.reply(answered);
    window.harness.state_mut().shell.go(Place::Settings { page });
    window.run();
    window.run();
    window
}

fn window(page: SettingsPage, world: &World) -> Window {
    looking(page, world, Look::default())
}

fn rule(number: u8, pattern: &str) -> Rule {
    Rule {
        id: fixed(number),
        project_id: Some(fixed(1)),
        executor: Some("CLAUDE_CODE".into()),
        kind: Some(ToolKind::Command),
        pattern: Some(pattern.into()),
        allow: number.is_multiple_of(2),
        created_at: NOW,
    }
}

fn template(number: u8, name: &str) -> Template {
    Template {
        id: fixed(number),
        name: name.into(),
        text: "Look for 누락된 tests\nand say so".into(),
        updated_at: NOW,
    }
}

fn with_more(world: World, count: u8) -> World {
    let long =
        "npm run a-script-with-a-name-that-goes-on-and-on-and-on --and -a --lot --of --arguments --to --it";
    (0..count).fold(world, |world, n| {
        world
            .with(Entity::Rule(Arc::new(rule(
                150 + n,
                if n.is_multiple_of(3) { long } else { "npm test" },
            ))))
            .with(Entity::Template(Arc::new(template(
                200 + n,
                &format!("review-{n}"),
            ))))
    })
}

/// Replaces what stands in a field.
fn retype(window: &mut Window, label: &str, text: &str) {
    window
        .harness
        .get_by_role_and_label(Role::TextInput, label)
        .focus();
    window.run();
    window.harness.key_press_modifiers(Modifiers::COMMAND, Key::A);
    window.run();
    window
        .harness
        .get_by_role_and_label(Role::TextInput, label)
        .type_text(text);
    window.run();
}

fn last_settings(window: &Window) -> Option<Settings> {
    window
        .client
        .commands()
        .into_iter()
        .rev()
        .find_map(|command| match command {
            Command::SetSettings { settings } => Some(settings),
            _ => None,
        })
}

fn last_patch(window: &Window) -> Option<ProjectPatch> {
    window
        .client
        .commands()
        .into_iter()
        .rev()
        .find_map(|command| match command {
            Command::UpdateProject { patch, .. } => Some(patch),
            _ => None,
        })
}

#[test]
fn every_page_paints_in_every_look_and_world() {
    let worlds = [
        ("empty", empty_world()),
        ("typical", with_more(typical_world(), 3)),
        ("overflowing", with_more(overflowing_world(), 30)),
    ];
    for look in Look::all() {
        for (name, world) in &worlds {
            let mut window = looking(SettingsPage::General, world, look);
            for page in PAGES {
                window.harness.state_mut().shell.go(Place::Settings { page });
                window.run();
                window.picture(&format!("settings-{page:?}-{name}-{}", look.name()));
            }
        }
    }
}

#[test]
fn language_and_theme_change_at_once() {
    let mut window = window(SettingsPage::General, &typical_world());
    window.harness.get_by_label("Language: 한국어").click();
    window.run();
    assert_eq!(last_settings(&window).unwrap().language.as_deref(), Some("ko"));
    let settings = last_settings(&window).unwrap();
    window.client.change(|state| state.settings = Arc::new(settings));
    window.run();
    window.harness.get_by_label("테마: 시스템").click();
    window.run();
    assert_eq!(last_settings(&window).unwrap().theme, None);
    assert_eq!(
        last_settings(&window).unwrap().language.as_deref(),
        Some("ko"),
        "the rest stays"
    );
}

#[test]
fn zoom_is_asked_of_the_desktop() {
    let mut window = window(SettingsPage::General, &typical_world());
    window.harness.get_by_label("Larger").click();
    window.run();
    assert!(window.harness.state().requests.contains(&Request::Zoom(Some(1))));
}

#[test]
fn a_number_is_written_by_enter_and_a_wrong_one_says_why() {
    let mut window = window(SettingsPage::Agents, &typical_world());
    retype(&mut window, "Agents at once", "12");
    assert_eq!(last_settings(&window), None, "still being typed");
    window.harness.key_press(Key::Enter);
    window.run();
    assert_eq!(last_settings(&window).unwrap().max_running, 12);
    window.client.finish(Ok(Outcome::Done));
    window.run();
    retype(&mut window, "Agents at once", "65");
    window.harness.key_press(Key::Enter);
    window.run();
    window.harness.get_by_label("Enter a whole number from 1 to 64");
    assert_eq!(
        last_settings(&window).unwrap().max_running,
        12,
        "nothing wrong is sent"
    );
}

#[test]
fn escape_puts_a_field_back() {
    let mut window = window(SettingsPage::Agents, &typical_world());
    retype(&mut window, "Agents at once", "9");
    window.harness.key_press(Key::Escape);
    window.run();
    window.run();
    assert_eq!(last_settings(&window), None);
    let field = window
        .harness
        .get_by_role_and_label(Role::TextInput, "Agents at once");
    assert_eq!(field.value().as_deref(), Some("4"));
}

#[test]
fn what_is_typed_is_written_when_the_field_is_left() {
    let mut window = window(SettingsPage::Storage, &typical_world());
    retype(&mut window, "Branch prefix", "mina");
    window
        .harness
        .get_by_role_and_label(Role::TextInput, "Free memory")
        .focus();
    window.run();
    assert_eq!(last_settings(&window).unwrap().branch_prefix, "mina");
}

#[test]
fn the_engines_refusal_stands_below_the_field() {
    let mut window = window(SettingsPage::Storage, &typical_world());
    retype(&mut window, "Branch prefix", "a..b");
    window.harness.key_press(Key::Enter);
    window.run();
    window.client.finish(Err(Problem::new(
        ProblemCode::InvalidRequest,
        "“a..b” cannot begin a branch name",
    )));
    window.run();
    window.harness.get_by_label("“a..b” cannot begin a branch name");
}

#[test]
fn the_profile_that_is_offered_first_is_one_of_those_found() {
    let mut window = window(SettingsPage::Agents, &typical_world());
    window.harness.get_by_label("The last one used").click();
    window.run();
    window.harness.get_by_label("Codex · PLAN").click();
    window.run();
    let profile = last_settings(&window).unwrap().default_profile.unwrap();
    assert_eq!(profile.to_string(), "CODEX:PLAN");
}

#[test]
fn anyon_is_added_to_an_agent_after_the_change_was_shown() {
    let mut window = window(SettingsPage::Agents, &typical_world());
    let row = "Codex, /home/mina/.codex/config.toml, Not added";
    window.harness.get_by_label(row).scroll_to_me();
    window.run();
    window.harness.get_by_label(row).click();
    window.run();
    window.run();
    window.harness.get_by_label("−   \"mcpServers\": {}");
    window.harness.get_by_label("+   \"mcpServers\": {");
    assert!(window.client.commands().is_empty(), "a look changes nothing");
    window.harness.get_by_label("Add Anyon to Codex").scroll_to_me();
    window.run();
    window.harness.get_by_label("Add Anyon to Codex").click();
    window.run();
    assert_eq!(
        window.client.commands(),
        [Command::SetUpMcp {
            agent_id: "CODEX".into()
        }]
    );
    let asked = |window: &Window| {
        window
            .client
            .queries()
            .iter()
            .filter(|query| **query == Query::McpSetups)
            .count()
    };
    let before = asked(&window);
    let file = FilePath::from("/home/mina/.codex/config.toml");
    window.client.finish(Ok(Outcome::McpSetUp { file, backup: None }));
    window.run();
    window.run();
    let told = "Anyon added. Start the agent anew to use it.";
    assert!(window.harness.query_all_by_label(told).next().is_some());
    assert!(asked(&window) > before, "it is looked at again");
}

#[test]
fn attempts_can_be_without_the_server() {
    let mut window = window(SettingsPage::Agents, &typical_world());
    let label = "Give it to the agents of attempts for their session";
    window.harness.get_by_label(label).scroll_to_me();
    window.run();
    window.harness.get_by_label(label).click();
    window.run();
    assert!(!last_settings(&window).unwrap().mcp_in_attempts);
}

#[test]
fn a_configuration_that_could_not_be_written_says_why() {
    let mut window = window(SettingsPage::Agents, &typical_world());
    for (row, _) in [("Gemini CLI, ", ()), ("Cursor, ", ())] {
        window.harness.get_by_label_contains(row).scroll_to_me();
        window.run();
        window.harness.get_by_label_contains(row).click();
        window.run();
        window.run();
        if row.starts_with("Gemini") {
            window
                .harness
                .get_by_label("Add Anyon to Gemini CLI")
                .scroll_to_me();
            window.run();
            window.harness.get_by_label("Add Anyon to Gemini CLI").click();
            window.run();
            let title = "/home/mina/.gemini/settings.json is protected against writing";
            window.client.finish(Err(Problem::new(ProblemCode::Io, title)));
            window.run();
            window
                .harness
                .get_by_label_contains("is protected against writing");
        }
    }
    window.harness.get_by_label_contains("line 3: Expected a colon");
    assert!(
        window.harness.query_by_label_contains("Add Anyon to").is_none(),
        "what is broken is not written"
    );
}

#[test]
fn a_project_gets_name_target_and_script() {
    let mut window = window(SettingsPage::Projects, &typical_world());
    retype(&mut window, "Name", " Shop ");
    window.harness.key_press(Key::Enter);
    window.run();
    assert_eq!(last_patch(&window).unwrap().name.as_deref(), Some("Shop"));
    window.harness.get_by_label("main").click();
    window.run();
    window.harness.get_by_label("release/2").click();
    window.run();
    assert_eq!(
        last_patch(&window).unwrap().default_target,
        Some(Some("release/2".into()))
    );
    let field = window
        .harness
        .get_by_role_and_label(Role::MultilineTextInput, "Setup script");
    field.focus();
    field.type_text("npm ci");
    window.run();
    window.harness.key_press_modifiers(Modifiers::COMMAND, Key::Enter);
    window.run();
    assert_eq!(
        last_patch(&window).unwrap().setup_script.as_deref(),
        Some("npm ci")
    );
}

#[test]
fn a_projects_name_cannot_be_empty() {
    let mut window = window(SettingsPage::Projects, &typical_world());
    retype(&mut window, "Name", " ");
    window.harness.key_press(Key::Enter);
    window.run();
    window.harness.get_by_label("A project needs a name");
    assert_eq!(last_patch(&window), None);
}

#[test]
fn a_copied_file_is_chosen_in_the_repository() {
    let mut window = window(SettingsPage::Projects, &typical_world());
    window.harness.get_by_label("Choose a file…").click();
    window.run();
    window.run();
    window.harness.get_by_label("keys[1].json").click();
    window.run();
    window.harness.get_by_label("Choose “keys[1].json”").click();
    window.run();
    window.run();
    assert_eq!(
        last_patch(&window).unwrap().copy_files,
        Some(vec!["keys[[]1[]].json".into()])
    );
}

#[test]
fn a_project_is_removed_only_after_a_question() {
    let mut window = window(SettingsPage::Projects, &typical_world());
    window.harness.get_by_label("Remove project…").click();
    window.run();
    assert!(window.client.commands().is_empty());
    window.harness.get_by_label("Remove project").click();
    window.run();
    assert_eq!(
        window.client.commands(),
        [Command::RemoveProject { project_id: fixed(1) }]
    );
}

#[test]
fn a_rule_is_made_and_its_fault_told() {
    let mut window = window(SettingsPage::Rules, &typical_world());
    window.harness.get_by_label("New rule…").click();
    window.run();
    window.harness.get_by_label("Answer: Deny").click();
    window.run();
    retype(&mut window, "Begins with", "git push");
    window.harness.get_by_label("Save").click();
    window.run();
    match window.client.commands().last() {
        Some(Command::PutRule { rule }) => {
            assert_eq!(rule.pattern.as_deref(), Some("git push"));
            assert_eq!((rule.allow, rule.kind), (false, Some(ToolKind::Command)));
        }
        other => panic!("{other:?}"),
    }
    window
        .client
        .finish(Err(Problem::new(ProblemCode::NotFound, "The project is gone")));
    window.run();
    window.harness.get_by_label("The project is gone");
}

#[test]
fn a_removed_rule_can_be_put_back() {
    let mut window = window(SettingsPage::Rules, &with_more(typical_world(), 1));
    window.harness.get_by_label_contains("Remove the rule").click();
    window.run();
    assert_eq!(
        window.client.commands(),
        [Command::RemoveRule { rule_id: fixed(150) }]
    );
    window.harness.get_by_label("Undo").click();
    window.run();
    assert!(
        matches!(window.client.commands().last(), Some(Command::PutRule { rule }) if rule.id == fixed(150))
    );
}

#[test]
fn a_template_is_changed_in_its_place() {
    let mut window = window(SettingsPage::Templates, &with_more(typical_world(), 1));
    window.harness.get_by_label_contains("@review-0, Look").click();
    window.run();
    retype(&mut window, "Name", "@check");
    window.harness.get_by_label("Save").click();
    window.run();
    match window.client.commands().last() {
        Some(Command::PutTemplate { template }) => {
            assert_eq!((template.id, template.name.as_str()), (fixed(200), "check"));
        }
        other => panic!("{other:?}"),
    }
    window.client.finish(Ok(Outcome::Done));
    window.run();
    assert!(
        window.harness.query_by_label("Save").is_none(),
        "the form is closed"
    );
}

#[test]
fn pages_are_reached_by_the_list() {
    let mut window = window(SettingsPage::General, &typical_world());
    window.harness.get_by_label("Limits and storage").click();
    window.run();
    assert_eq!(
        window.place(),
        Place::Settings {
            page: SettingsPage::Storage
        }
    );
}

#[test]
fn the_editor_is_chosen_among_those_found_or_by_a_command_and_counts_at_once() {
    let place = Place::Settings {
        page: SettingsPage::General,
    };
    let mut window = Window::at(place, typical_world().state());
    let editor = |id, name| FoundEditor { id, name };
    let around = window.harness.state_mut().shell.surroundings_mut();
    around.editors = vec![editor("code", "VS Code"), editor("zed", "Zed")];
    window.run();
    let chosen = |window: &Window| window.harness.state().shell.kept().editor;
    assert_eq!(chosen(&window), EditorChoice::First);
    window.harness.get_by_label("Editor: First found (VS Code)");
    window.harness.get_by_label("Editor: Zed").click();
    window.run();
    assert_eq!(chosen(&window), EditorChoice::Known("zed".into()));
    assert!(window.harness.state().requests.contains(&Request::Keep));
    window.harness.get_by_label("Editor: Own command").click();
    window.run();
    let field = window.harness.get_by_role_and_label(Role::TextInput, "Command");
    field.focus();
    window.run();
    window.harness.event(egui::Event::Text("emacs".into()));
    window.run();
    window
        .harness
        .get_by_label("A program first, then {path} for the file");
    window.harness.event(egui::Event::Text(" +{line} {path}".into()));
    window.run();
    window.picture("settings-editor");
    assert_eq!(
        chosen(&window),
        EditorChoice::Custom("emacs +{line} {path}".into())
    );
    let hint = window.harness.query_by_label_contains("No shell reads it");
    assert!(hint.is_some());
}

#[test]
fn an_editor_that_was_chosen_and_is_gone_is_still_told() {
    let place = Place::Settings {
        page: SettingsPage::General,
    };
    let mut window = Window::at(place, typical_world().state());
    window.harness.state_mut().shell.surroundings_mut().editors = vec![FoundEditor {
        id: "zed",
        name: "Zed",
    }];
    window.run();
    window.harness.get_by_label("Editor: Zed").click();
    window.run();
    window
        .harness
        .state_mut()
        .shell
        .surroundings_mut()
        .editors
        .clear();
    window.run();
    window.harness.get_by_label("Editor: zed (not found)");
}

fn press_on_agents(window: &mut Window, label: &str) {
    window.harness.get_by_label(label).scroll_to_me();
    window.run();
    window.harness.get_by_label(label).click();
    window.run();
    window.run();
}

#[test]
fn one_press_adds_an_agent_whose_command_is_known() {
    let mut window = window(SettingsPage::Agents, &typical_world());
    press_on_agents(&mut window, "Add an agent…");
    press_on_agents(&mut window, "Auggie, auggie --acp, Not run by us");
    let [Command::EditAgentFile { edit }] = &window.client.commands()[..] else {
        panic!("one command");
    };
    let AgentFileEdit::Put { table, fields, new } = edit else {
        panic!("a table: {edit:?}");
    };
    let agent_id = "auggie".to_owned();
    assert_eq!((table, *new), (&AgentTable::Agent { agent_id }, true));
    assert_eq!(fields["args"], FieldValue::List(vec!["--acp".into()]));
    window.client.finish(Ok(Outcome::Done));
    window.run();
    window.run();
    let told = "Saved in agents.toml";
    assert!(window.harness.query_all_by_label(told).next().is_some());
    assert!(
        window.harness.query_by_label("Add an agent…").is_some(),
        "the list is closed"
    );
}

#[test]
fn the_form_of_an_agent_says_what_the_file_says_and_writes_what_is_typed() {
    let mut window = window(SettingsPage::Agents, &typical_world());
    press_on_agents(&mut window, "Goose, goose acp");
    let field = window
        .harness
        .get_by_role_and_label(Role::TextInput, "Mode that asks");
    field.scroll_to_me();
    window.run();
    let field = window
        .harness
        .get_by_role_and_label(Role::TextInput, "Mode that asks");
    field.focus();
    window.run();
    let field = window
        .harness
        .get_by_role_and_label(Role::TextInput, "Mode that asks");
    field.type_text("approve");
    window.run();
    press_on_agents(&mut window, "Save");
    let commands = window.client.commands();
    let Some(Command::EditAgentFile {
        edit: AgentFileEdit::Put { fields, new, .. },
    }) = commands.last()
    else {
        panic!("a table: {commands:?}");
    };
    assert!(!new);
    assert_eq!(fields["ask_mode"], FieldValue::Text("approve".into()));
    assert_eq!(fields["command"], FieldValue::Text("goose".into()));
    assert_eq!(fields.len(), 4, "what is empty is not said: {fields:?}");
    window
        .client
        .finish(Err(Problem::new(ProblemCode::Io, "It cannot be written")));
    window.run();
    window.run();
    let told = window.harness.query_all_by_label_contains("It cannot be written");
    assert!(told.count() > 0, "its fault is told where it was written");
}

#[test]
fn a_text_that_would_not_count_says_its_line_and_is_not_saved() {
    let mut window = window(SettingsPage::Agents, &typical_world());
    press_on_agents(&mut window, "Edit as text");
    let told = "line 3: “args” has to be a list of texts in quotes";
    window.harness.get_by_label(told);
    press_on_agents(&mut window, "Save");
    assert!(window.client.commands().is_empty());
}

#[test]
fn an_agent_goes_after_a_second_word_only() {
    let mut window = window(SettingsPage::Agents, &typical_world());
    press_on_agents(&mut window, "Remove Goose");
    assert!(window.client.commands().is_empty());
    window
        .harness
        .get_by_label("Remove Goose and its variants from the file?");
    press_on_agents(&mut window, "Remove");
    let agent_id = "goose".to_owned();
    let table = AgentTable::Agent { agent_id };
    let edit = AgentFileEdit::Remove { table };
    assert_eq!(window.client.commands(), [Command::EditAgentFile { edit }]);
}

#[test]
fn a_broken_file_is_told_with_its_line_and_what_holds_meanwhile() {
    let mut window = Window::looking(Place::Keys, typical_world().state(), Look::default());
    window.client.reply(|query| match query {
        Query::AgentFile => Some(Ok(Answer::AgentFile(Arc::new(support::setups::agent_file(true))))),
        query => answered(query),
    });
    let page = SettingsPage::Agents;
    window.harness.state_mut().shell.go(Place::Settings { page });
    window.run();
    window.run();
    window
        .harness
        .get_by_label_contains("agents.toml does not count: line 5");
    window.harness.get_by_label_contains("stays in force");
}
