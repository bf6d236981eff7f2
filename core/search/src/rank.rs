//! Ranks paths against what was typed: a beginning of the file's name first, then a part of it, then a part of the
//! path, then letters in this order anywhere. Pure; knows nothing of git and files.

use std::cmp::Reverse;

/// How well a path fits; greater is better.
type Score = (u8, i32, Reverse<usize>);

/// The `limit` paths that fit best, best first. Nothing typed: the first ones as they come.
pub fn best<'a>(paths: &'a [String], typed: &str, limit: usize) -> Vec<&'a str> {
    let typed = typed.to_lowercase();
    if typed.is_empty() {
        return paths.iter().take(limit).map(String::as_str).collect();
    }
    let scored = paths
        .iter()
        .filter_map(|path| Some((score(path, &typed)?, path.as_str())));
    let mut scored: Vec<(Score, &str)> = scored.collect();
    let order = |a: &(Score, &str), b: &(Score, &str)| b.0.cmp(&a.0).then_with(|| a.1.cmp(b.1));
    if scored.len() > limit && limit > 0 {
        scored.select_nth_unstable_by(limit - 1, order);
        scored.truncate(limit);
    }
    scored.sort_unstable_by(order);
    scored.into_iter().take(limit).map(|(_, path)| path).collect()
}

fn score(path: &str, typed: &str) -> Option<Score> {
    let lower = path.to_lowercase();
    let name = lower.rsplit('/').next().unwrap_or(&lower);
    let length = Reverse(path.len());
    if name.starts_with(typed) {
        return Some((4, 0, length));
    }
    if let Some(at) = name.find(typed) {
        return Some((3, word_bonus(name, at), length));
    }
    if let Some(at) = lower.find(typed) {
        return Some((2, word_bonus(&lower, at), length));
    }
    Some((1, in_order(&lower, typed)?, length))
}

/// A part that begins a word fits better.
fn word_bonus(text: &str, at: usize) -> i32 {
    i32::from(begins_word(text[..at].chars().next_back()))
}

fn begins_word(before: Option<char>) -> bool {
    before.is_none_or(|before| !before.is_alphanumeric())
}

/// The letters stand there in this order: what is close together and begins words fits better.
fn in_order(text: &str, typed: &str) -> Option<i32> {
    let mut letters = typed.chars().filter(|letter| !letter.is_whitespace()).peekable();
    let (mut points, mut before, mut was_hit) = (0, None, false);
    for letter in text.chars() {
        let Some(&wanted) = letters.peek() else {
            break;
        };
        let hit = letter == wanted;
        if hit {
            letters.next();
            points += 1 + i32::from(was_hit) * 2 + i32::from(begins_word(before)) * 3;
        }
        (before, was_hit) = (Some(letter), hit);
    }
    letters.peek().is_none().then_some(points)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paths(all: &[&str]) -> Vec<String> {
        all.iter().map(|path| (*path).to_owned()).collect()
    }

    #[test]
    fn names_come_before_folders_and_beginnings_before_parts() {
        let all = paths(&[
            "main/README.md",
            "src/domain.rs",
            "src/main.rs",
            "src/main_loop.rs",
            "my/animation.in",
            "docs/other.md",
        ]);
        assert_eq!(
            best(&all, "main", 9),
            [
                "src/main.rs",
                "src/main_loop.rs",
                "src/domain.rs",
                "main/README.md",
                "my/animation.in",
            ]
        );
        assert_eq!(best(&all, "main", 2), ["src/main.rs", "src/main_loop.rs"]);
        assert_eq!(best(&all, "nowhere", 9), [""; 0]);
    }

    #[test]
    fn letters_in_order_are_enough_and_beginnings_of_words_are_better() {
        let all = paths(&["src/constellation/panel.rs", "app/ui/src/composer_panel.rs"]);
        assert_eq!(best(&all, "cpanel", 1), ["app/ui/src/composer_panel.rs"]);
    }

    #[test]
    fn other_scripts_and_capital_letters_are_found() {
        let all = paths(&["문서/설계 노트.md", "LICENSE", "a/b"]);
        assert_eq!(best(&all, "설계", 3), ["문서/설계 노트.md"]);
        assert_eq!(best(&all, "lic", 3), ["LICENSE"]);
        assert_eq!(best(&all, "", 2), ["문서/설계 노트.md", "LICENSE"]);
    }

    #[test]
    fn a_large_repository_is_ranked_in_a_moment() {
        let all: Vec<String> = (0..100_000)
            .map(|n| format!("packages/module-{}/src/component_{n}.tsx", n % 977))
            .collect();
        let begun = std::time::Instant::now();
        assert_eq!(
            best(&all, "component_4242.", 5),
            ["packages/module-334/src/component_4242.tsx"]
        );
        assert!(begun.elapsed().as_secs() < 2, "{:?}", begun.elapsed());
    }
}
