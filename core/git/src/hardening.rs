//! What a repository's configuration may not decide: which programs our git commands run.
//!
//! An agent can write into the `.git` folder that all worktrees share. Whatever names a program there is replaced by
//! the user's own (system or global) setting, or by nothing. This module only computes; [`crate::command`] applies it.

use std::path::Path;

/// One setting as `git config --list --show-scope -z` tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Setting {
    /// The file of the user or the system says it, not the repository.
    pub trusted: bool,
    /// Section and name in lower case, the subsection as written.
    pub key: Vec<u8>,
    /// The value; none: only the key is there, which means true.
    pub value: Option<Vec<u8>>,
}

/// A setting that our commands run with.
pub(crate) type Override = (Vec<u8>, Vec<u8>);

/// Reads git's listing. Records are `scope NUL key LF value NUL`.
pub(crate) fn parse_listing(listing: &[u8]) -> Vec<Setting> {
    let mut fields = listing.split(|byte| *byte == 0);
    let mut settings = Vec::new();
    while let (Some(scope), Some(record)) = (fields.next(), fields.next()) {
        let mut parts = record.splitn(2, |byte| *byte == b'\n');
        let key = parts.next().unwrap_or_default().to_vec();
        settings.push(Setting {
            trusted: matches!(scope, b"system" | b"global"),
            key,
            value: parts.next().map(<[u8]>::to_vec),
        });
    }
    settings
}

/// Settings that hold whatever the configuration says.
pub(crate) fn fixed(hooks: &Path) -> Vec<Override> {
    const FIXED: &[(&str, &str)] = &[
        ("core.fsmonitor", "false"),
        ("core.editor", "false"),
        ("core.pager", "cat"),
        ("sequence.editor", "false"),
        ("core.quotePath", "false"),
        ("color.ui", "false"),
        ("core.alternateRefsCommand", "true"),
        ("protocol.ext.allow", "never"),
        ("gc.auto", "0"),
        ("maintenance.auto", "false"),
        ("submodule.recurse", "false"),
        // A warning about line endings, made an error, is about what the user types, not about what we keep.
        ("core.safecrlf", "false"),
        // As many as there are cores; a repository neither slows a worktree down nor floods the machine.
        ("checkout.workers", "0"),
        ("i18n.commitEncoding", "UTF-8"),
        ("i18n.logOutputEncoding", "UTF-8"),
        ("user.useConfigOnly", "true"),
    ];
    let mut overrides: Vec<Override> = FIXED.iter().map(|(key, value)| over(key, value)).collect();
    overrides.push((
        b"core.hooksPath".to_vec(),
        hooks.as_os_str().as_encoded_bytes().to_vec(),
    ));
    overrides
}

/// Settings that answer what this configuration says.
pub(crate) fn answers_to(settings: &[Setting]) -> Vec<Override> {
    let mut overrides = users_programs(settings);
    for setting in settings {
        let key = String::from_utf8_lossy(&setting.key);
        let Some((section, rest)) = key.split_once('.') else {
            continue;
        };
        let name = rest.rsplit('.').next().unwrap_or_default();
        match (section, name) {
            ("filter", "clean" | "smudge" | "process" | "required") => {
                overrides.extend(filter(settings, &setting.key));
            }
            // An empty driver would count as a merge without conflicts; a failing one is a conflict.
            ("merge", "driver") => overrides.push((setting.key.clone(), b"false".to_vec())),
            ("hook", _) => {
                overrides.push((sibling(&setting.key, "enabled"), b"false".to_vec()));
                overrides.push((sibling(&setting.key, "command"), b"true".to_vec()));
            }
            _ if setting.trusted => {}
            ("lfs", "path" | "clean" | "smudge" | "standalonetransferagent") => {
                overrides.push((setting.key.clone(), Vec::new()));
            }
            _ => {}
        }
    }
    overrides.extend(credential_helpers(settings));
    overrides
}

/// Programs that are the user's to choose: the value of the user's own files, else git's default.
fn users_programs(settings: &[Setting]) -> Vec<Override> {
    const PROGRAMS: &[(&str, &str)] = &[
        ("core.sshcommand", "ssh"),
        ("core.askpass", ""),
        ("gpg.program", "gpg"),
        ("gpg.openpgp.program", ""),
        ("gpg.x509.program", "gpgsm"),
        ("gpg.ssh.program", "ssh-keygen"),
        ("gpg.ssh.defaultkeycommand", ""),
    ];
    PROGRAMS
        .iter()
        .filter_map(|(key, default)| match trusted_value(settings, key.as_bytes()) {
            Some(value) => Some((key.as_bytes().to_vec(), value)),
            // git's own default holds when nobody says anything.
            None if !settings.iter().any(|setting| setting.key == key.as_bytes()) => None,
            // This one has no word for its default: it falls back to gpg.program only when absent.
            None if *key == "gpg.openpgp.program" => Some((
                key.as_bytes().to_vec(),
                trusted_value(settings, b"gpg.program").unwrap_or_else(|| b"gpg".to_vec()),
            )),
            None => Some(over(key, default)),
        })
        .collect()
}

/// A filter's programs are blanked; LFS keeps its own, as the user's files or the standard installation name it.
fn filter(settings: &[Setting], key: &[u8]) -> Vec<Override> {
    if key.starts_with(b"filter.lfs.") && !key[b"filter.lfs.".len()..].contains(&b'.') {
        if key.ends_with(b".required") {
            return Vec::new();
        }
        let value = trusted_value(settings, key).or_else(|| {
            let value = last_value(settings, key)?;
            STANDARD_LFS.contains(&value.as_slice()).then_some(value)
        });
        return vec![(key.to_vec(), value.unwrap_or_default())];
    }
    let mut overrides = vec![(sibling(key, "required"), b"false".to_vec())];
    overrides.extend(["clean", "smudge", "process"].map(|name| (sibling(key, name), Vec::new())));
    overrides
}

const STANDARD_LFS: &[&[u8]] = &[
    b"git-lfs clean -- %f",
    b"git-lfs clean %f",
    b"git lfs clean -- %f",
    b"git lfs clean %f",
    b"git-lfs smudge -- %f",
    b"git-lfs smudge --skip -- %f",
    b"git-lfs smudge %f",
    b"git lfs smudge -- %f",
    b"git lfs smudge %f",
    b"git-lfs filter-process",
    b"git-lfs filter-process --skip",
    b"git lfs filter-process",
];

/// When the repository names a helper, the list starts again with the user's.
fn credential_helpers(settings: &[Setting]) -> Vec<Override> {
    let helper = |setting: &&Setting| {
        setting.key.starts_with(b"credential.") && setting.key.ends_with(b".helper")
            || setting.key == b"credential.helper"
    };
    if !settings.iter().filter(helper).any(|setting| !setting.trusted) {
        return Vec::new();
    }
    let mut overrides = vec![over("credential.helper", "")];
    overrides.extend(
        settings
            .iter()
            .filter(helper)
            .filter(|setting| setting.trusted)
            .map(|setting| (setting.key.clone(), setting.value.clone().unwrap_or_default())),
    );
    overrides
}

/// What the person's or the system's own files say for this key.
pub(crate) fn trusted_value(settings: &[Setting], key: &[u8]) -> Option<Vec<u8>> {
    settings
        .iter()
        .rfind(|setting| setting.trusted && setting.key == key)
        .map(|setting| setting.value.clone().unwrap_or_default())
}

/// What holds for this key, whoever says it.
pub(crate) fn last_value(settings: &[Setting], key: &[u8]) -> Option<Vec<u8>> {
    settings
        .iter()
        .rfind(|setting| setting.key == key)
        .map(|setting| setting.value.clone().unwrap_or_else(|| b"true".to_vec()))
}

/// A yes of git's configuration.
pub(crate) fn is_true(settings: &[Setting], key: &[u8]) -> bool {
    last_value(settings, key).is_some_and(|value| {
        let value = value.to_ascii_lowercase();
        matches!(value.as_slice(), b"true" | b"yes" | b"on")
            || std::str::from_utf8(&value)
                .ok()
                .and_then(|text| text.parse::<i64>().ok())
                .is_some_and(|number| number != 0)
    })
}

/// The key beside `key` with another last part.
fn sibling(key: &[u8], name: &str) -> Vec<u8> {
    let end = key
        .iter()
        .rposition(|byte| *byte == b'.')
        .map_or(0, |dot| dot + 1);
    [&key[..end], name.as_bytes()].concat()
}

fn over(key: &str, value: &str) -> Override {
    (key.as_bytes().to_vec(), value.as_bytes().to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answers(listing: &str) -> Vec<(String, String)> {
        let listing = listing.replace('|', "\0").replace('=', "\n");
        answers_to(&parse_listing(listing.as_bytes()))
            .into_iter()
            .map(|(key, value)| (String::from_utf8(key).unwrap(), String::from_utf8(value).unwrap()))
            .collect()
    }
    fn value(listing: &str, key: &str) -> Option<String> {
        answers(listing)
            .into_iter()
            .rfind(|(name, _)| name == key)
            .map(|(_, value)| value)
    }

    #[test]
    fn a_filter_is_blanked_whatever_its_name_is() {
        let listing = "local|filter.a.b;c.smudge=evil|";
        assert_eq!(value(listing, "filter.a.b;c.smudge").as_deref(), Some(""));
        assert_eq!(value(listing, "filter.a.b;c.process").as_deref(), Some(""));
        assert_eq!(value(listing, "filter.a.b;c.required").as_deref(), Some("false"));
    }

    #[test]
    fn lfs_keeps_its_own_program_and_no_other() {
        let ours = "global|filter.lfs.smudge=/opt/git-lfs smudge -- %f|local|filter.lfs.smudge=evil|";
        assert_eq!(
            value(ours, "filter.lfs.smudge").as_deref(),
            Some("/opt/git-lfs smudge -- %f")
        );
        let standard = "local|filter.lfs.process=git-lfs filter-process|";
        assert_eq!(
            value(standard, "filter.lfs.process").as_deref(),
            Some("git-lfs filter-process")
        );
        let planted = "local|filter.lfs.process=git-lfs filter-process; evil|";
        assert_eq!(value(planted, "filter.lfs.process").as_deref(), Some(""));
    }

    #[test]
    fn the_user_chooses_the_program_that_signs() {
        let listing = "global|gpg.program=/usr/bin/gpg2|local|gpg.program=evil|local|core.sshcommand=evil|";
        assert_eq!(value(listing, "gpg.program").as_deref(), Some("/usr/bin/gpg2"));
        assert_eq!(value(listing, "core.sshcommand").as_deref(), Some("ssh"));
        assert_eq!(value("", "gpg.program"), None);
    }

    #[test]
    fn a_planted_credential_helper_is_dropped_and_the_users_stay() {
        let listing = "global|credential.helper=store|local|credential.https://x.y.helper=!evil|";
        let helpers: Vec<_> = answers(listing)
            .into_iter()
            .filter(|(key, _)| key.contains("helper"))
            .collect();
        let expected = [("credential.helper", ""), ("credential.helper", "store")];
        assert_eq!(helpers, expected.map(|(k, v)| (k.to_owned(), v.to_owned())));
    }
}
