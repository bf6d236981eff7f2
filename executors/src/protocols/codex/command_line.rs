//! Command lines as the agent wrote them: without the shell that Codex runs them in.

/// Folders whose shells are the system's own. A shell from anywhere else is shown, as it may be anything.
const FOLDERS: [&str; 5] = [
    "/bin/",
    "/usr/bin/",
    "/usr/local/bin/",
    "/opt/homebrew/bin/",
    "/run/current-system/sw/bin/",
];
const SHELLS: [&str; 4] = ["bash", "zsh", "sh", "dash"];

/// The command inside of `/bin/bash -lc '…'`; anything else as it is.
pub(super) fn inner(command: &str) -> String {
    wrapped(command).unwrap_or_else(|| command.to_owned())
}

fn wrapped(command: &str) -> Option<String> {
    let words = words(command)?;
    let [shell, flag, inner] = words.as_slice() else {
        return None;
    };
    let name = FOLDERS.iter().find_map(|folder| shell.strip_prefix(folder))?;
    let runs_it = matches!(flag.as_str(), "-lc" | "-c") && SHELLS.contains(&name);
    runs_it.then(|| inner.clone())
}

/// The words of a line that was quoted for a shell; `None` where anything but quoting happens.
fn words(line: &str) -> Option<Vec<String>> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut chars = line.chars();
    while let Some(char) = chars.next() {
        match char {
            ' ' => words.extend(word.take()),
            '\'' => single_quoted(&mut chars, word.get_or_insert_default())?,
            '"' => double_quoted(&mut chars, word.get_or_insert_default())?,
            '\\' => word.get_or_insert_default().push(chars.next()?),
            '$' | '`' | ';' | '|' | '&' | '<' | '>' | '(' | ')' | '\n' | '\t' => return None,
            char => word.get_or_insert_default().push(char),
        }
    }
    words.extend(word);
    Some(words)
}

fn single_quoted(chars: &mut impl Iterator<Item = char>, word: &mut String) -> Option<()> {
    loop {
        match chars.next()? {
            '\'' => return Some(()),
            char => word.push(char),
        }
    }
}

fn double_quoted(chars: &mut impl Iterator<Item = char>, word: &mut String) -> Option<()> {
    loop {
        match chars.next()? {
            '"' => return Some(()),
            '$' | '`' => return None,
            '\\' => match chars.next()? {
                char @ ('"' | '\\' | '$' | '`') => word.push(char),
                char => word.extend(['\\', char]),
            },
            char => word.push(char),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::inner;

    #[test]
    fn the_shell_around_a_command_is_taken_away() {
        assert_eq!(inner("/bin/bash -lc 'touch a.txt && ls'"), "touch a.txt && ls");
        assert_eq!(inner("/usr/bin/zsh -c ls"), "ls");
        assert_eq!(inner(r"/bin/bash -lc 'echo it'\''s'"), "echo it's");
        assert_eq!(
            inner(r#"/bin/bash -lc "echo it's \"\$HOME\"""#),
            "echo it's \"$HOME\""
        );
    }

    #[test]
    fn what_is_not_exactly_a_shell_with_a_command_stays() {
        for command in [
            "touch a.txt",
            "./bash -lc 'touch a.txt'",
            "/tmp/bash -lc 'touch a.txt'",
            "/bin/../tmp/bash -lc ls",
            "/bin/bash -lc 'ls' extra",
            "/bin/bash -lc 'ls'; rm -rf /",
            "/bin/bash -lc \"echo $(rm x)\"",
            "/bin/bash -x 'ls'",
            "/bin/bash -lc 'open",
        ] {
            assert_eq!(inner(command), command);
        }
    }
}
