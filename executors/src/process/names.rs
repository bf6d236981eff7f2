//! Which variables of the user's environment an agent sees. A list of what is withheld, not of what is allowed:
//! proxies, certificate files, version switchers and build flags of projects are too many to list.

use std::ffi::OsStr;

/// What becomes of a variable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    /// Every agent sees it.
    Kept,
    /// Only the agent whose own it is sees it, or one that the user lets see it.
    Secret,
    /// It describes another session or repository and would mislead the agent. Only the user can let it through.
    Misleading,
    /// Ours. Never let through.
    Internal,
}

/// Variables of an agent's session in which Anyon itself was started: a nested agent believes to be part of it.
const OUTER_SESSION: [&str; 27] = [
    "CLAUDECODE",
    "CLAUDE_CODE_ENTRYPOINT",
    "CLAUDE_CODE_SSE_PORT",
    "CLAUDE_CODE_SESSION_ID",
    "CLAUDE_CODE_CHILD_SESSION",
    "CLAUDE_CODE_EXECPATH",
    "CLAUDE_CODE_REMOTE",
    "CLAUDE_CODE_REMOTE_SESSION_ID",
    "CLAUDE_AGENT_SDK_VERSION",
    "CLAUDE_PROJECT_DIR",
    "CLAUDE_ENV_FILE",
    "AI_AGENT",
    "AGENT",
    "CODEX_SANDBOX",
    "CODEX_SANDBOX_NETWORK_DISABLED",
    "CODEX_THREAD_ID",
    "CODEX_CI",
    "GEMINI_CLI",
    "QWEN_CODE",
    "QWEN_CODE_CLI",
    "QWEN_CODE_PROJECT_DIR",
    "OPENCODE",
    "OPENCODE_PID",
    "CURSOR_AGENT",
    "CURSOR_TRACE_ID",
    "AMP_CURRENT_THREAD_ID",
    "COPILOT_CLI",
];

/// The few of git's variables that say who the user is and how to connect, and nothing about a repository.
const GIT_KEPT: [&str; 12] = [
    "GIT_SSH",
    "GIT_SSH_COMMAND",
    "GIT_SSL_CAINFO",
    "GIT_SSL_CAPATH",
    "GIT_AUTHOR_NAME",
    "GIT_AUTHOR_EMAIL",
    "GIT_COMMITTER_NAME",
    "GIT_COMMITTER_EMAIL",
    "GIT_TERMINAL_PROMPT",
    "GIT_CONFIG_GLOBAL",
    "GIT_CONFIG_SYSTEM",
    "GIT_CONFIG_NOSYSTEM",
];

const SECRET_NAMES: [&str; 26] = [
    "TOKEN",
    "PRIVATE_KEY",
    "ENCRYPTION_KEY",
    "ACCESS_KEY",
    "SECRET_KEY_BASE",
    "CREDENTIALS",
    "PASSPHRASE",
    "PASS",
    "API_KEY",
    "APIKEY",
    "SECRET",
    "SECRET_KEY",
    "PASSWORD",
    "PASSWD",
    "PGPASSWORD",
    "MYSQL_PWD",
    "REDISCLI_AUTH",
    "SSHPASS",
    "DOCKER_AUTH_CONFIG",
    "NPM_CONFIG__AUTH",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    "AZURE_CLIENT_CERTIFICATE_PATH",
    "AZURE_FEDERATED_TOKEN_FILE",
    "AZURE_STORAGE_KEY",
];

const SECRET_ENDS: [&str; 22] = [
    "_KEY",
    "_PASS",
    "_TOKEN",
    "_AUTHTOKEN",
    "_API_KEY",
    "_APIKEY",
    "_API_SECRET",
    "_SECRET",
    "_SECRET_KEY",
    "_ACCESS_KEY",
    "_ACCESS_KEY_ID",
    "_ACCOUNT_KEY",
    "_PRIVATE_KEY",
    "_SIGNING_KEY",
    "_ENCRYPTION_KEY",
    "_MASTER_KEY",
    "_PASSWORD",
    "_PASSWD",
    "_PASSPHRASE",
    "_CREDENTIALS",
    "_CONNECTION_STRING",
    "_PAT",
];

/// How tokens begin whose maker gave them a shape, whatever the variable is called.
const SECRET_STARTS: [&str; 18] = [
    "hf_",
    "npm_",
    "ASIA",
    "sk-",
    "ghp_",
    "gho_",
    "ghu_",
    "ghs_",
    "ghr_",
    "github_pat_",
    "glpat-",
    "sk-ant-",
    "sk-proj-",
    "xoxb-",
    "xoxp-",
    "AKIA",
    "AIza",
    "-----BEGIN ",
];

/// What becomes of a variable that nobody made an exception for.
pub(super) fn fate(name: &OsStr, value: &OsStr) -> Fate {
    let name = name.to_string_lossy().to_ascii_uppercase();
    if name.starts_with("ANYON_") {
        Fate::Internal
    } else if OUTER_SESSION.contains(&name.as_str())
        || (name.starts_with("GIT_") && !GIT_KEPT.contains(&name.as_str()))
    {
        Fate::Misleading
    } else if is_secret(&name, &value.to_string_lossy()) {
        Fate::Secret
    } else {
        Fate::Kept
    }
}

fn is_secret(name: &str, value: &str) -> bool {
    SECRET_NAMES.contains(&name)
        || SECRET_ENDS.iter().any(|end| name.ends_with(end))
        || SECRET_STARTS.iter().any(|start| value.starts_with(start))
        || (!name.ends_with("_PROXY") && holds_password(value))
}

/// `scheme://user:password@host`, as in a database's address.
fn holds_password(value: &str) -> bool {
    let Some((_, rest)) = value.split_once("://") else {
        return false;
    };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let user = authority.rsplit_once('@').map_or("", |(user, _)| user);
    user.split_once(':')
        .is_some_and(|(_, password)| !password.is_empty())
}

/// `name` is `pattern`, or begins with what stands before its final `*`.
pub(super) fn matches(pattern: &str, name: &OsStr) -> bool {
    let name = name.to_string_lossy();
    match pattern.strip_suffix('*') {
        Some(start) => name.starts_with(start),
        None => name == pattern,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fate_of(name: &str, value: &str) -> Fate {
        fate(OsStr::new(name), OsStr::new(value))
    }

    #[test]
    fn what_every_agent_needs_is_kept() {
        for name in [
            "PATH",
            "HOME",
            "LANG",
            "TERM",
            "SHELL",
            "SSH_AUTH_SOCK",
            "HTTPS_PROXY",
            "no_proxy",
            "SSL_CERT_FILE",
            "NODE_EXTRA_CA_CERTS",
            "GIT_SSL_CAINFO",
            "GIT_SSH_COMMAND",
            "GIT_AUTHOR_NAME",
            "NVM_DIR",
            "JAVA_HOME",
            "AWS_REGION",
            "AWS_PROFILE",
            "CLAUDE_CODE_USE_BEDROCK",
            "CLAUDE_CONFIG_DIR",
            "CODEX_HOME",
            "CLAUDE_CODE_MAX_OUTPUT_TOKENS",
            "MAX_THINKING_TOKENS",
            "RUSTFLAGS",
            "XDG_RUNTIME_DIR",
            "MONKEY",
        ] {
            assert_eq!(fate_of(name, "value"), Fate::Kept, "{name}");
        }
        assert_eq!(
            fate_of("HTTPS_PROXY", "http://user:password@proxy:3128"),
            Fate::Kept
        );
    }

    #[test]
    fn an_address_with_a_password_is_a_secret_but_a_proxy_is_needed() {
        assert_eq!(fate_of("DATABASE_URL", "postgres://me:pw@db/app"), Fate::Secret);
        assert_eq!(fate_of("DATABASE_URL", "postgres://me@db/app"), Fate::Kept);
        assert_eq!(fate_of("OPENAI_KEY", "x"), Fate::Secret);
        assert_eq!(fate_of("DB_PASS", "x"), Fate::Secret);
    }

    #[test]
    fn secrets_are_known_by_their_names() {
        for name in [
            "GH_TOKEN",
            "GITHUB_TOKEN",
            "ANTHROPIC_API_KEY",
            "ANTHROPIC_AUTH_TOKEN",
            "OPENAI_API_KEY",
            "npm_token",
            "NPM_CONFIG__AUTHTOKEN",
            "npm_config__auth",
            "AWS_ACCESS_KEY_ID",
            "AWS_SECRET_ACCESS_KEY",
            "AWS_SESSION_TOKEN",
            "GOOGLE_APPLICATION_CREDENTIALS",
            "AZURE_CLIENT_SECRET",
            "AZURE_STORAGE_KEY",
            "AZURE_STORAGE_CONNECTION_STRING",
            "DB_PASSWORD",
            "PGPASSWORD",
            "STRIPE_SECRET_KEY",
            "SIGNING_PASSPHRASE",
            "TOKEN",
            "AZURE_DEVOPS_EXT_PAT",
            "CLAUDE_CODE_OAUTH_TOKEN",
            "DEPLOY_PRIVATE_KEY",
        ] {
            assert_eq!(fate_of(name, "value"), Fate::Secret, "{name}");
        }
    }

    #[test]
    fn secrets_are_known_by_the_shape_of_their_values() {
        for value in [
            "ghp_0123",
            "github_pat_0123",
            "sk-ant-api03",
            "AKIA0123",
            "-----BEGIN PRIVATE KEY-----",
        ] {
            assert_eq!(fate_of("HARMLESS", value), Fate::Secret, "{value}");
        }
    }

    #[test]
    fn what_belongs_to_another_session_or_repository_misleads() {
        for name in [
            "CLAUDECODE",
            "CLAUDE_CODE_ENTRYPOINT",
            "GIT_DIR",
            "GIT_INDEX_FILE",
            "GIT_CONFIG_VALUE_0",
            "AGENT",
        ] {
            assert_eq!(fate_of(name, "1"), Fate::Misleading, "{name}");
        }
        for name in ["ANYON_EXECUTION_ID", "ANYON_DATA_DIR"] {
            assert_eq!(fate_of(name, "1"), Fate::Internal, "{name}");
        }
    }

    #[test]
    fn a_final_star_stands_for_anything() {
        assert!(matches("AWS_*", OsStr::new("AWS_SECRET_ACCESS_KEY")));
        assert!(matches("GH_TOKEN", OsStr::new("GH_TOKEN")));
        assert!(!matches("GH_TOKEN", OsStr::new("GH_TOKEN_2")));
        assert!(!matches("GH_*", OsStr::new("MY_GH_TOKEN")));
    }
}
