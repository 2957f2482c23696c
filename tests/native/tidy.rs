//! The rules of the house, as tests: who may know whom, what a file must say, how long it may be.

use std::fs;
use std::path::{Path, PathBuf};

/// What the files of a folder share, besides its table.
const SHARED: &[&str] = &["mod", "request", "words"];
/// The rooms, from left to right; each may name those to its left, itself and nothing else.
const ROOMS: &[(&str, &[&str])] = &[
    ("model", &[]),
    ("triggers", &["model"]),
    ("evidence", &["model"]),
    ("reads", &["model"]),
    ("formats", &["model"]),
    ("engine", &["model", "triggers", "evidence", "reads", "formats"]),
    ("shell", &["model", "engine"]),
];
/// What no room left of the shell may name: clocks, chance, the browser, shared state.
const IMPURE: &[&str] = &[
    "wasm_bindgen",
    "web_sys",
    "js_sys",
    "std::time",
    "std::env",
    "std::fs",
    "std::net",
    "thread_local!",
    "static mut",
    "RefCell",
    "println!",
];
const MOST_LINES: usize = 400;
const MOST_LINES_OF_A_FUNCTION: usize = 60;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn files(folder: &str, ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|found| found == ending) {
                found.push(path);
            }
        }
    }
    found
}

fn text(path: &Path) -> String {
    fs::read_to_string(path).unwrap()
}

/// The part of a file that is shipped: without its tests and its comments.
fn shipped(path: &Path) -> String {
    let text = text(path);
    let code = text.split("\nmod tests {").next().unwrap();
    code.lines().filter(|line| !line.trim_start().starts_with("//")).map(|line| format!("{line}\n")).collect()
}

#[test]
fn rooms_know_only_those_to_their_left() {
    for (room, known) in ROOMS {
        for path in files(&format!("src/{room}"), "rs") {
            let code = shipped(&path);
            for (other, _) in ROOMS {
                let names = code.contains(&format!("crate::{other}")) || imported_together(&code, other);
                assert!(!names || known.contains(other) || other == room, "{} names {other}", path.display());
            }
        }
    }
}

/// `use crate::{formats, reads};`
fn imported_together(code: &str, room: &str) -> bool {
    let lists = code.split("use crate::{").skip(1).filter_map(|rest| rest.split("};").next());
    lists
        .flat_map(|list| list.split(','))
        .any(|name| name.trim() == room || name.trim().starts_with(&format!("{room}::")))
}

#[test]
fn what_is_pure_names_nothing_that_is_not() {
    for (room, _) in ROOMS.iter().filter(|(room, _)| *room != "shell") {
        for path in files(&format!("src/{room}"), "rs") {
            for word in IMPURE {
                assert!(!shipped(&path).contains(word), "{} names {word}", path.display());
            }
        }
    }
}

#[test]
fn no_trigger_read_or_format_knows_its_neighbour() {
    for folder in ["triggers", "evidence", "reads", "formats"] {
        let all = files(&format!("src/{folder}"), "rs");
        let names: Vec<String> =
            all.iter().map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned()).collect();
        let table = text(&root().join(format!("src/{folder}/mod.rs")));
        for (path, name) in all.iter().zip(&names).filter(|(_, name)| !SHARED.contains(&name.as_str())) {
            assert!(table.contains(&format!("mod {name};")), "{} is not registered", path.display());
            let row =
                table.contains(&format!("row!({name})")) || table.contains(&format!("format(\"{name}\""));
            assert!(row, "{} has no row", path.display());
            for other in names.iter().filter(|other| *other != name && !SHARED.contains(&other.as_str())) {
                assert!(
                    !shipped(path).contains(&format!("super::{other}")),
                    "{} names {other}",
                    path.display()
                );
            }
        }
    }
}

#[test]
fn every_file_opens_with_what_it_is_for_and_is_short() {
    let mut all = files("src", "rs");
    for folder in
        ["check/src", "collector/src", "collector/tests", "allocator/src", "tests/native", "tests/world"]
    {
        all.extend(files(folder, "rs"));
    }
    for path in &all {
        let text = text(path);
        assert!(text.starts_with("//! "), "{} does not say what it is for", path.display());
        assert!(text.lines().count() <= MOST_LINES, "{} is longer than {MOST_LINES} lines", path.display());
    }
    for folder in ["js", "scripts", "tests", "src", "collector/live", "www"] {
        for ending in ["js", "mjs", "css"] {
            for path in files(folder, ending) {
                let text = text(&path);
                let opens = text.starts_with("/*") || text.starts_with("// ");
                assert!(opens, "{} does not say what it is for", path.display());
                assert!(
                    text.lines().count() <= MOST_LINES,
                    "{} is longer than {MOST_LINES} lines",
                    path.display()
                );
            }
        }
    }
}

#[test]
fn functions_are_short() {
    for path in files("src", "rs").into_iter().filter(|path| !path.to_string_lossy().contains("/catalog/")) {
        let code = shipped(&path);
        let mut began: Option<(usize, usize, String)> = None;
        for (number, line) in code.lines().enumerate() {
            let indent = line.len() - line.trim_start().len();
            let is_function = ["fn ", "pub fn ", "pub(crate) fn ", "pub(super) fn "]
                .iter()
                .any(|head| line.trim_start().starts_with(head));
            if is_function && began.is_none() && !line.trim_end().ends_with(';') {
                began = Some((number, indent, line.trim().to_owned()));
            }
            if let Some((from, depth, name)) = &began
                && line.trim_end() == format!("{}}}", " ".repeat(*depth))
            {
                let lines = number - from;
                assert!(lines <= MOST_LINES_OF_A_FUNCTION, "{}: {name} has {lines} lines", path.display());
                began = None;
            }
        }
    }
}

#[test]
fn no_unsafe_code_but_in_the_allocator() {
    let manifest = text(&root().join("Cargo.toml"));
    assert!(manifest.contains("unsafe_code = \"forbid\""));
    for manifest in ["Cargo.toml", "check/Cargo.toml", "collector/Cargo.toml"] {
        assert!(text(&root().join(manifest)).contains("[lints]\nworkspace = true"), "{manifest}");
    }
    let lines = shipped(&root().join("allocator/src/lib.rs")).lines().count();
    assert!(lines < 160, "the one exception grows: {lines} lines");
}

#[test]
fn the_wasm_depends_on_next_to_nothing() {
    let manifest = text(&root().join("Cargo.toml"));
    let table = manifest.split("[target.'cfg(target_arch = \"wasm32\")'.dependencies]").nth(1).unwrap();
    let names: Vec<&str> = table
        .split("\n[")
        .next()
        .unwrap()
        .lines()
        .filter_map(|line| line.split(" = ").next())
        .filter(|name| !name.is_empty())
        .collect();
    assert_eq!(names, ["footstep-allocator", "wasm-bindgen"]);
}

#[test]
fn nothing_is_left_to_do_later() {
    for folder in ["src", "js", "check/src", "collector/src", "allocator/src", "scripts"] {
        for ending in ["rs", "js", "mjs"] {
            for path in files(folder, ending) {
                for word in ["TODO", "FIXME", "XXX"] {
                    assert!(!text(&path).contains(word), "{} says {word}", path.display());
                }
            }
        }
    }
}
