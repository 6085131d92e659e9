//! Damage: what happens to files on the way, and what somebody would write who means harm.

use semantic_continuity::seed::Rng;
use serde_json::{Value, json};

/// Most edits of one sample.
const EDITS: usize = 4;

/// Where most edits of bytes are made: headers come first, and what follows them is numbers.
const HEAD: usize = 600;

/// Written in place of a number or a word.
const WORDS: [&str; 18] = [
    "0",
    "-1",
    "-0.0",
    "255",
    "256",
    "1e-46",
    "1e39",
    "1e999",
    "NaN",
    "4294967295",
    "18446744073709551615",
    "18446744073709551616",
    "null",
    "true",
    "\"\"",
    "[]",
    "{}",
    "\"\\u0000é\"",
];

fn choose<'a, T>(choices: &'a [T], rng: &mut Rng) -> &'a T {
    &choices[rng.below(choices.len())]
}

/// A place in `length` bytes, its end included.
fn place(length: usize, rng: &mut Rng) -> usize {
    let most = if rng.below(4) > 0 { length.min(HEAD) } else { length };
    rng.below(most + 1)
}

/// `sample` with one to four edits; `other` is another sample of the same parser.
pub fn damaged(sample: &[u8], other: &[u8], rng: &mut Rng) -> Vec<u8> {
    let mut bytes = sample.to_vec();
    for _ in 0..=rng.below(EDITS) {
        let tree = if rng.below(2) == 0 { serde_json::from_slice(&bytes).ok() } else { None };
        bytes = match tree {
            Some(tree) => pruned(tree, rng).to_string().into_bytes(),
            None => edited(bytes, other, rng),
        };
    }
    bytes
}

/// One edit of bytes.
fn edited(mut bytes: Vec<u8>, other: &[u8], rng: &mut Rng) -> Vec<u8> {
    let at = place(bytes.len(), rng);
    let length = bytes.len();
    match rng.below(9) {
        0 if at < length => bytes[at] ^= 1 << rng.below(8),
        1 if at < length => bytes[at] = *choose(&[0, 1, 0x7f, 0x80, 0xff], rng),
        2 => bytes.truncate(at),
        3 => drop(bytes.drain(at..(at + 1 + rng.below(8)).min(length).max(at))),
        4 => {
            let again = bytes[at..(at + 1 + rng.below(40)).min(length).max(at)].to_vec();
            drop(bytes.splice(at..at, again));
        }
        5 => {
            let random: Vec<u8> = (0..=rng.below(8)).map(|_| rng.below(256) as u8).collect();
            drop(bytes.splice(at..at, random));
        }
        6 => {
            let number = *choose(&[0, 1, 0x7fff_ffff, 0x8000_0000, u32::MAX, 0x0001_0000], rng);
            let number = if rng.below(2) == 0 { number.to_le_bytes() } else { number.to_be_bytes() };
            bytes.iter_mut().skip(at).zip(number).for_each(|(byte, new)| *byte = new);
        }
        7 => bytes = [&bytes[..at], &other[place(other.len(), rng)..]].concat(),
        _ => {
            // The next number or word becomes another.
            let part = |byte: &u8| byte.is_ascii_alphanumeric() || b"+-._\"".contains(byte);
            let start = bytes[at..].iter().position(part).map_or(length, |skip| at + skip);
            let end = bytes[start..].iter().position(|byte| !part(byte)).map_or(length, |taken| start + taken);
            drop(bytes.splice(start..end, choose(&WORDS, rng).bytes()));
        }
    }
    bytes
}

/// One edit of a value somewhere in a tree. Two reports that stand side by side often get the same: only then does a
/// comparison look at them.
fn pruned(mut tree: Value, rng: &mut Rng) -> Value {
    edit(&mut tree, rng);
    if let Value::Array(pair) = &mut tree
        && pair.len() == 2
        && rng.below(2) == 0
    {
        pair[1] = pair[0].clone();
    }
    tree
}

fn edit(value: &mut Value, rng: &mut Rng) {
    let deeper = rng.below(6) > 0;
    match value {
        Value::Array(values) if deeper && !values.is_empty() => {
            let at = rng.below(values.len());
            edit(&mut values[at], rng);
        }
        Value::Object(values) if deeper && !values.is_empty() => {
            let at = rng.below(values.len());
            edit(values.iter_mut().nth(at).expect("below the length").1, rng);
        }
        Value::Array(values) if !values.is_empty() && rng.below(4) > 0 => {
            let at = rng.below(values.len());
            match rng.below(4) {
                0 => values.truncate(at),
                1 => drop(values.remove(at)),
                2 => values.push(values[at].clone()),
                _ => values.clear(),
            }
        }
        Value::Object(values) if !values.is_empty() && rng.below(4) > 0 => {
            let at = rng.below(values.len());
            let key = values.keys().nth(at).expect("below the length").clone();
            let gone = values.remove(&key).expect("it was there");
            if rng.below(2) == 0 {
                values.insert("another".to_owned(), gone);
            }
        }
        _ => *value = hostile(rng),
    }
}

fn hostile(rng: &mut Rng) -> Value {
    let values = [
        Value::Null,
        json!(true),
        json!(0),
        json!(-1),
        json!(2),
        json!(255),
        json!(u32::MAX),
        json!(u64::MAX),
        json!(1e39),
        json!(-1e308),
        json!(5e-324),
        json!(""),
        json!("own-color"),
        json!("\u{0}\u{202e}"),
        json!([]),
        json!([0]),
        json!({}),
    ];
    choose(&values, rng).clone()
}
