//! The rooms of `src/` import each other in one direction: there is no circle, and none is needed.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// What each room imports.
type Imports = BTreeMap<String, BTreeSet<String>>;

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// The rooms named behind `crate::` in a source, comments aside: `crate::a::B`, `crate::{a::B, c}` and `crate::a` alike,
/// in a `use` or on the way.
fn named(source: &str) -> BTreeSet<String> {
    let code: String =
        source.lines().map(|line| line.split("//").next().unwrap_or_default()).collect::<Vec<_>>().join("\n");
    let word = |text: &str| text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>();
    let mut rooms = BTreeSet::new();
    for (at, path) in code.match_indices("crate::") {
        // `$crate::` of a macro is the path of whoever uses it.
        if code[..at].ends_with('$') {
            continue;
        }
        let rest = &code[at + path.len()..];
        match rest.strip_prefix('{') {
            None => {
                rooms.insert(word(rest));
            }
            Some(list) => {
                let mut depth = 0usize;
                let mut begins = true;
                for (at, c) in list.char_indices() {
                    match c {
                        '{' => depth += 1,
                        '}' if depth == 0 => break,
                        '}' => depth -= 1,
                        ',' if depth == 0 => begins = true,
                        c if begins && !c.is_whitespace() => {
                            rooms.insert(word(&list[at..]));
                            begins = false;
                        }
                        _ => {}
                    }
                }
            }
        }
    }
    rooms
}

/// The rooms of the core: all but the door to the page and the programs, which nothing imports.
fn imports() -> Imports {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    sources(&root, &mut files);
    let mut imports = Imports::new();
    for file in files {
        let path = file.strip_prefix(&root).unwrap().with_extension("");
        let room = path.iter().next().unwrap().to_str().unwrap().to_owned();
        if !["lib", "web", "bin"].contains(&room.as_str()) {
            let named = named(&std::fs::read_to_string(&file).unwrap());
            imports.entry(room).or_default().extend(named);
        }
    }
    for (room, named) in &mut imports {
        named.remove(room);
    }
    imports
}

/// The rooms that can be reached from each.
fn reached(imports: &Imports) -> Imports {
    let mut reached = imports.clone();
    loop {
        let mut next = reached.clone();
        for named in next.values_mut() {
            let further: Vec<String> = named.iter().filter_map(|room| reached.get(room)).flatten().cloned().collect();
            named.extend(further);
        }
        if next == reached {
            return reached;
        }
        reached = next;
    }
}

/// Each circle as its sorted rooms, joined by a space.
fn circles(imports: &Imports) -> BTreeSet<String> {
    let reached = reached(imports);
    let mutual = |a: &str, b: &str| reached[a].contains(b) && reached.get(b).is_some_and(|named| named.contains(a));
    let around = |room: &String| -> Option<String> {
        let circle: Vec<&str> = reached.keys().map(String::as_str).filter(|other| mutual(room, other)).collect();
        (!circle.is_empty()).then(|| circle.join(" "))
    };
    reached.keys().filter_map(around).collect()
}

#[test]
fn rooms_import_each_other_in_one_direction() {
    let imports = imports();
    // The test sees what it is about.
    assert!(imports["train"].contains("attack") && imports["config"].contains("choice"), "{imports:?}");
    assert!(imports.len() > 12, "{imports:?}");
    assert_eq!(circles(&imports), BTreeSet::new(), "{imports:#?}");
}

#[test]
fn circles_are_found_however_rooms_are_named() {
    let named = |text: &str| named(text).into_iter().collect::<Vec<_>>();
    assert_eq!(named("use crate::b::X;\n// crate::c\nlet y = crate::d::f();"), ["b", "d"]);
    assert_eq!(named("use crate::{a, b::{self, X}, c::d::{Y, Z}};\n$crate::e"), ["a", "b", "c"]);
    let drawn = |arrows: &[(&str, &[&str])]| -> Imports {
        arrows.iter().map(|(from, to)| ((*from).to_owned(), to.iter().map(|to| (*to).to_owned()).collect())).collect()
    };
    assert!(circles(&drawn(&[("a", &["b", "c"]), ("b", &["c"]), ("c", &[])])).is_empty());
    let found = circles(&drawn(&[("a", &["b"]), ("b", &["c"]), ("c", &["a", "d"]), ("d", &[]), ("e", &["a"])]));
    assert_eq!(found.into_iter().collect::<Vec<_>>(), ["a b c"]);
}
