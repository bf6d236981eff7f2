//! Addresses of repositories elsewhere: what may be cloned, told from what may not before anything is started.
//!
//! An address never holds a secret and is never an option or a program: those are refused here, for every client and
//! every driver alike.

use serde::{Deserialize, Serialize};
use std::{fmt, path::Path};

/// An address that git may clone from: `https://…`, `ssh://…`, `git@host:path`, `file://…` or an absolute path.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct RemoteUrl(String);

/// Why an address is refused. None of these holds what was typed, but for what is safe to show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UrlFault {
    /// There is nothing.
    Empty,
    /// It is no address of a repository.
    NotAUrl,
    /// git would read it as an option.
    Option,
    /// It names a way that starts a program or that is not known.
    Transport,
    /// It holds a password or a token.
    Secret {
        /// The address without it.
        clean: String,
    },
}

/// The ways that git may go.
const SCHEMES: &[&str] = &["https", "http", "ssh", "git", "file"];

impl RemoteUrl {
    /// Reads what a person typed.
    pub fn parse(text: &str) -> Result<Self, UrlFault> {
        let text = text.trim();
        if text.is_empty() {
            return Err(UrlFault::Empty);
        }
        if text.starts_with('-') {
            return Err(UrlFault::Option);
        }
        if text.chars().any(|char| char.is_control()) {
            return Err(UrlFault::NotAUrl);
        }
        let checked = match text.split_once("://") {
            Some((scheme, rest)) => check_url(scheme, rest),
            None if Path::new(text).is_absolute() => Ok(()),
            None => check_short(text),
        };
        checked.map(|()| Self(text.to_owned()))
    }

    /// Looks like an address, not like a folder: what a field that takes both goes by.
    pub fn is_meant(text: &str) -> bool {
        let text = text.trim();
        let is_path = text.starts_with(['/', '~', '.', '\\']) || Path::new(text).is_absolute();
        !is_path
            && (text.contains("://") || text.contains("::") || short_parts(text).is_some() || {
                text.starts_with('-')
            })
    }

    /// The address as git gets it.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The name of the folder that a clone gets, as git would name it.
    pub fn folder_name(&self) -> String {
        let path = self.0.trim_end_matches(['/', '\\']);
        let path = path.strip_suffix("/.git").unwrap_or(path);
        let last = path.rsplit(['/', '\\', ':']).next().unwrap_or_default();
        let name = last.strip_suffix(".git").unwrap_or(last);
        let safe: String = name
            .chars()
            .filter(|char| !char.is_control() && !r#"<>"|?*"#.contains(*char))
            .collect();
        match safe.trim_matches(['.', ' ']) {
            "" => "repository".into(),
            name => name.to_owned(),
        }
    }
}

/// `scheme://[user[:password]@]host[:port]/path`.
fn check_url(scheme: &str, rest: &str) -> Result<(), UrlFault> {
    let scheme = scheme.to_ascii_lowercase();
    if !SCHEMES.contains(&scheme.as_str()) {
        return Err(UrlFault::Transport);
    }
    if scheme == "file" {
        return if rest.starts_with('/') {
            Ok(())
        } else {
            Err(UrlFault::NotAUrl)
        };
    }
    let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
    let is_web = scheme.starts_with("http");
    // What comes before the last `@` is a name and a password; on the web a name alone may be a token too.
    let (user, host) = match authority.rsplit_once('@') {
        Some((user, host)) => (Some(user), host),
        None => (None, authority),
    };
    if user.is_some_and(|user| is_web || user.contains(':')) {
        let name = user.and_then(|user| user.split(':').next()).unwrap_or_default();
        let name = if is_web || name.is_empty() {
            String::new()
        } else {
            format!("{name}@")
        };
        let path = path.split(['?', '#']).next().unwrap_or_default();
        let clean = format!("{scheme}://{name}{host}/{path}");
        return Err(UrlFault::Secret { clean });
    }
    if is_web && let Some((path, _)) = path.split_once(['?', '#']) {
        let clean = format!("{scheme}://{host}/{path}");
        return Err(UrlFault::Secret { clean });
    }
    let user = user.unwrap_or_default();
    if host.starts_with('-') || user.starts_with('-') {
        return Err(UrlFault::Option);
    }
    if host.is_empty() || path.is_empty() || authority.contains(char::is_whitespace) {
        return Err(UrlFault::NotAUrl);
    }
    Ok(())
}

/// `[user@]host:path`.
fn check_short(text: &str) -> Result<(), UrlFault> {
    if text.split('/').next().is_some_and(|start| start.contains("::")) {
        return Err(UrlFault::Transport);
    }
    let Some((host, path)) = short_parts(text) else {
        return Err(UrlFault::NotAUrl);
    };
    // `name:password@host:path` is no form of git's, but it is what somebody would try.
    if !host.contains('@')
        && let Some((_, rest)) = path.split_once('@')
        && rest.contains(':')
    {
        let clean = format!("{host}@{rest}");
        return Err(UrlFault::Secret { clean });
    }
    if host.split('@').any(|part| part.starts_with('-')) || path.starts_with('-') {
        return Err(UrlFault::Option);
    }
    Ok(())
}

/// Host and path of the short form of ssh; a single letter before the colon is a drive of Windows.
fn short_parts(text: &str) -> Option<(&str, &str)> {
    let (host, path) = text.split_once(':')?;
    let is_host = host.len() > 1 && !host.contains(['/', '\\']) && !host.contains(char::is_whitespace);
    (is_host && !path.is_empty()).then_some((host, path))
}

impl fmt::Display for RemoteUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for RemoteUrl {
    type Error = UrlFault;
    fn try_from(text: String) -> Result<Self, UrlFault> {
        Self::parse(&text)
    }
}

impl From<RemoteUrl> for String {
    fn from(url: RemoteUrl) -> Self {
        url.0
    }
}

impl UrlFault {
    /// As a problem for a person.
    pub fn problem(&self) -> crate::Problem {
        let of = |title: &str| crate::Problem::new(crate::ProblemCode::InvalidRequest, title);
        match self {
            Self::Empty => of("A clone needs an address").hint("Give the URL of a git repository"),
            Self::NotAUrl => of("This is not the address of a git repository")
                .hint("It looks like https://host/owner/name.git, git@host:owner/name.git or file:///path"),
            Self::Option => of("An address may not begin with “-”")
                .detail("git would read it as an option")
                .hint("Give the URL of a git repository"),
            Self::Transport => of("Anyon does not clone in this way")
                .detail("only https, http, ssh, git, file and local paths are allowed; others may start programs")
                .hint("Give the https or ssh URL of the repository"),
            Self::Secret { clean } => of("The address holds a name, a password or a token")
                .detail("it would be written into the clone and shown in process lists, so it is not used")
                .hint(format!(
                    "Clone {clean}; git's credential helper or your ssh key logs you in (try: git ls-remote {clean})"
                )),
        }
    }
}

impl fmt::Display for UrlFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.problem().fmt(f)
    }
}
impl std::error::Error for UrlFault {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_git_can_clone_is_taken_and_named_as_git_would() {
        let cases = [
            ("https://example.com/ada/shop.git", "shop"),
            (" https://example.com:8443/ada/shop/ ", "shop"),
            ("ssh://git@example.com:22/~ada/shop.git", "shop"),
            ("git@example.com:ada/가게.git", "가게"),
            ("host:shop", "shop"),
            ("git://example.com/shop", "shop"),
            ("file:///srv/git/shop.git/", "shop"),
            ("file:///srv/shop/.git", "shop"),
            ("HTTPS://example.com/..", "repository"),
        ];
        for (text, name) in cases {
            let url = RemoteUrl::parse(text).unwrap();
            assert_eq!(url.folder_name(), name, "{text}");
            assert!(RemoteUrl::is_meant(text), "{text}");
        }
        #[cfg(unix)]
        assert_eq!(
            RemoteUrl::parse("/srv/git/shop.git").unwrap().folder_name(),
            "shop"
        );
    }

    #[test]
    fn options_programs_and_nonsense_are_refused() {
        let cases = [
            ("", UrlFault::Empty),
            ("--upload-pack=touch x", UrlFault::Option),
            ("-u", UrlFault::Option),
            ("ssh://-oProxyCommand=evil/x", UrlFault::Option),
            ("ssh://-oProxyCommand=evil@host/x", UrlFault::Option),
            ("git@-oProxyCommand=evil:x", UrlFault::Option),
            ("host:--upload-pack=evil", UrlFault::Option),
            ("ext::sh -c evil", UrlFault::Transport),
            ("fd::17", UrlFault::Transport),
            ("ext://x/y", UrlFault::Transport),
            ("ftp://example.com/x", UrlFault::Transport),
            ("https://example.com", UrlFault::NotAUrl),
            ("https:///x", UrlFault::NotAUrl),
            ("a\nb:c", UrlFault::NotAUrl),
            ("shop", UrlFault::NotAUrl),
        ];
        for (text, fault) in cases {
            assert_eq!(RemoteUrl::parse(text), Err(fault), "{text}");
        }
    }

    #[test]
    fn a_secret_is_refused_and_never_repeated() {
        let cases = [
            (
                "https://ada:ghp_secret@example.com/a/b.git",
                "https://example.com/a/b.git",
            ),
            ("https://ghp_secret@example.com/a/b", "https://example.com/a/b"),
            ("https://ada:se@cret@example.com/a/b", "https://example.com/a/b"),
            (
                "https://example.com/a/b?private_token=secret",
                "https://example.com/a/b",
            ),
            ("ssh://ada:secret@example.com/a/b", "ssh://ada@example.com/a/b"),
            ("ada:secret@example.com:a/b", "ada@example.com:a/b"),
        ];
        for (text, clean) in cases {
            let fault = RemoteUrl::parse(text).unwrap_err();
            assert_eq!(fault, UrlFault::Secret { clean: clean.into() }, "{text}");
            assert!(!fault.problem().to_string().contains("secret"), "{text}");
        }
    }

    #[test]
    fn a_folder_is_not_taken_for_an_address() {
        for text in ["~/code/shop", "/srv/a:b", "./a:b", r"C:\code", "shop", ""] {
            assert!(!RemoteUrl::is_meant(text), "{text}");
        }
        assert!(
            RemoteUrl::is_meant("ext::sh"),
            "so that it is refused in the right words"
        );
    }

    #[test]
    fn what_comes_over_a_wire_is_checked_too() {
        assert!(serde_json::from_str::<RemoteUrl>(r#""ext::sh -c evil""#).is_err());
        let url: RemoteUrl = serde_json::from_str(r#""https://example.com/a/b""#).unwrap();
        assert_eq!(
            serde_json::to_string(&url).unwrap(),
            r#""https://example.com/a/b""#
        );
    }
}
