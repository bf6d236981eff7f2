//! Ranks paths against what was typed. Pure; knows nothing of git and files.

use nucleo_matcher::{
    Config, Matcher, Utf32Str,
    pattern::{CaseMatching, Normalization, Pattern},
};
use std::cmp::Reverse;

/// What a find in the file's name is worth beside one in its folders: about one letter.
const IN_NAME: u32 = 24;

/// How well a path fits; greater is better. Of two that fit alike the shorter one is meant.
type Score = (u32, Reverse<usize>);

/// The `limit` paths that fit best, best first. Nothing typed: the first ones as they come.
pub fn best<'a>(paths: &'a [String], typed: &str, limit: usize) -> Vec<&'a str> {
    if typed.trim().is_empty() {
        return paths.iter().take(limit).map(String::as_str).collect();
    }
    let pattern = Pattern::parse(typed, CaseMatching::Smart, Normalization::Smart);
    let mut config = Config::DEFAULT.match_paths();
    config.prefer_prefix = true;
    let mut matcher = Matcher::new(config);
    let mut letters = Vec::new();
    let scored = paths.iter().filter_map(|path| {
        let score = score(path, &pattern, &mut matcher, &mut letters)?;
        Some((score, path.as_str()))
    });
    let mut scored: Vec<(Score, &str)> = scored.collect();
    let order = |a: &(Score, &str), b: &(Score, &str)| b.0.cmp(&a.0).then_with(|| a.1.cmp(b.1));
    if scored.len() > limit && limit > 0 {
        scored.select_nth_unstable_by(limit - 1, order);
        scored.truncate(limit);
    }
    scored.sort_unstable_by(order);
    scored.into_iter().take(limit).map(|(_, path)| path).collect()
}

fn score(path: &str, pattern: &Pattern, matcher: &mut Matcher, letters: &mut Vec<char>) -> Option<Score> {
    let in_path = pattern.score(Utf32Str::new(path, letters), matcher)?;
    let name = path.rsplit('/').next().unwrap_or(path);
    let in_name = pattern.score(Utf32Str::new(name, letters), matcher);
    let fits = in_name.map_or(in_path, |in_name| in_path.max(in_name + IN_NAME));
    Some((fits, Reverse(path.len())))
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
            "docs/other.md",
        ]);
        assert_eq!(
            best(&all, "main", 9),
            [
                "src/main.rs",
                "src/main_loop.rs",
                "main/README.md",
                "src/domain.rs",
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
            best(&all, "component_4242.", 1),
            ["packages/module-334/src/component_4242.tsx"]
        );
        assert!(begun.elapsed().as_secs() < 4, "{:?}", begun.elapsed());
    }
}
