//! Where the configuration files are: the person's own ones, never those of a repository.

use crate::process::Environment;
use std::path::{Path, PathBuf};

/// What decides where a file is.
pub struct Place<'a> {
    /// The environment that the agent will have.
    pub environment: &'a Environment,
    /// Looks whether a file is there.
    pub exists: &'a dyn Fn(&Path) -> bool,
}

impl Place<'_> {
    /// A folder that a variable names. Relative ones mean another folder in each place, so they are left out.
    fn named(&self, variable: &str) -> Option<PathBuf> {
        let named = self.environment.variable(variable)?;
        Some(PathBuf::from(named)).filter(|path| path.is_absolute())
    }
    fn home(&self, under: &str) -> Option<PathBuf> {
        Some(self.environment.home()?.join(under))
    }
    fn named_or_home(&self, variable: &str, under: &str) -> Option<PathBuf> {
        self.named(variable).or_else(|| self.home(under))
    }
    /// The folder for configurations; these agents use it on every system.
    fn config(&self) -> Option<PathBuf> {
        self.named_or_home("XDG_CONFIG_HOME", ".config")
    }
    fn first_there(&self, folder: &Path, names: &[&str]) -> Option<PathBuf> {
        names
            .iter()
            .map(|name| folder.join(name))
            .find(|path| (self.exists)(path))
    }
}

/// Old installations have the file in the folder of their other files.
pub fn claude(place: &Place<'_>) -> Option<PathBuf> {
    let moved = place.named("CLAUDE_CONFIG_DIR");
    let folder = moved.clone().or_else(|| place.home(".claude"))?;
    let old = place.first_there(&folder, &[".config.json"]);
    old.or_else(|| {
        moved.map_or_else(
            || place.home(".claude.json"),
            |folder| Some(folder.join(".claude.json")),
        )
    })
}

pub fn codex(place: &Place<'_>) -> Option<PathBuf> {
    Some(place.named_or_home("CODEX_HOME", ".codex")?.join("config.toml"))
}

/// Its variable stands for the home folder.
pub fn gemini(place: &Place<'_>) -> Option<PathBuf> {
    Some(
        place
            .named_or_home("GEMINI_CLI_HOME", "")?
            .join(".gemini/settings.json"),
    )
}

pub fn qwen(place: &Place<'_>) -> Option<PathBuf> {
    Some(place.named_or_home("QWEN_HOME", ".qwen")?.join("settings.json"))
}

pub fn copilot(place: &Place<'_>) -> Option<PathBuf> {
    Some(
        place
            .named_or_home("COPILOT_HOME", ".copilot")?
            .join("mcp-config.json"),
    )
}

/// Of several files all are read, the first of these last.
pub fn opencode(place: &Place<'_>) -> Option<PathBuf> {
    let folder = place.config()?.join("opencode");
    let there = place.first_there(&folder, &["opencode.jsonc", "opencode.json", "config.json"]);
    there.or_else(|| Some(folder.join("opencode.json")))
}

/// The terminal's agent and the editor share it.
pub fn cursor(place: &Place<'_>) -> Option<PathBuf> {
    place.home(".cursor/mcp.json")
}

pub fn amp(place: &Place<'_>) -> Option<PathBuf> {
    place
        .named("AMP_SETTINGS_FILE")
        .or_else(|| Some(place.config()?.join("amp/settings.json")))
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use crate::{mcp_config, process::Environment};
    use std::path::Path;

    fn place(agent: &str, variables: &[(&str, &str)], there: &[&str]) -> Option<String> {
        let environment = Environment::of(variables.iter().map(|(name, value)| (name.into(), value.into())));
        let exists = |path: &Path| there.iter().any(|there| Path::new(there) == path);
        let place = super::Place {
            environment: &environment,
            exists: &exists,
        };
        let path = (mcp_config::agent(agent).unwrap().place)(&place)?;
        Some(path.to_str().unwrap().to_owned())
    }

    const HOME: (&str, &str) = ("HOME", "/home/mina");

    #[test]
    fn each_agent_has_its_file_in_the_home_folder() {
        let places: Vec<_> = mcp_config::agents()
            .iter()
            .map(|agent| format!("{} {}", agent.id, place(agent.id, &[HOME], &[]).unwrap()))
            .collect();
        insta::assert_snapshot!(places.join("\n"), @r"
        CLAUDE_CODE /home/mina/.claude.json
        CODEX /home/mina/.codex/config.toml
        GEMINI /home/mina/.gemini/settings.json
        QWEN_CODE /home/mina/.qwen/settings.json
        COPILOT /home/mina/.copilot/mcp-config.json
        OPENCODE /home/mina/.config/opencode/opencode.json
        CURSOR_AGENT /home/mina/.cursor/mcp.json
        CURSOR /home/mina/.cursor/mcp.json
        AMP /home/mina/.config/amp/settings.json
        ");
    }

    #[test]
    fn what_the_agents_call_otherwise_is_followed() {
        for (agent, name, file) in [
            ("CLAUDE_CODE", "CLAUDE_CONFIG_DIR", "/else/.claude.json"),
            ("CODEX", "CODEX_HOME", "/else/config.toml"),
            ("GEMINI", "GEMINI_CLI_HOME", "/else/.gemini/settings.json"),
            ("QWEN_CODE", "QWEN_HOME", "/else/settings.json"),
            ("COPILOT", "COPILOT_HOME", "/else/mcp-config.json"),
            ("OPENCODE", "XDG_CONFIG_HOME", "/else/opencode/opencode.json"),
            ("AMP", "XDG_CONFIG_HOME", "/else/amp/settings.json"),
            ("AMP", "AMP_SETTINGS_FILE", "/else"),
        ] {
            let found = place(agent, &[HOME, (name, "/else")], &[]);
            assert_eq!(found.as_deref(), Some(file), "{name}");
            let relative = place(agent, &[HOME, (name, "else")], &[]).unwrap();
            assert!(relative.starts_with("/home/mina/"), "{name}: {relative}");
        }
    }

    #[test]
    fn an_older_or_another_name_of_the_file_is_kept() {
        let old = "/home/mina/.claude/.config.json";
        assert_eq!(place("CLAUDE_CODE", &[HOME], &[old]).as_deref(), Some(old));
        let commented = "/home/mina/.config/opencode/opencode.jsonc";
        assert_eq!(
            place("OPENCODE", &[HOME], &[commented]).as_deref(),
            Some(commented)
        );
    }

    #[test]
    fn without_a_home_there_is_no_place() {
        assert_eq!(place("CURSOR", &[], &[]), None);
    }
}
