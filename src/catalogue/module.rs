//! Plain data as an ECMAScript module, in lines that people can read.

use serde_json::Value;

/// The most columns of a line.
const COLUMNS: usize = 120;
/// What everything begins with.
const FIRST: [&str; 4] = ["id", "key", "label", "help"];

/// `export const name = value;`, below an empty line.
pub(super) fn export(name: &str, value: &Value) -> String {
    let lead = format!("export const {name} = ");
    format!("\n{lead}{};\n", broken(value, 0, lead.len()))
}

/// `value` behind `lead` columns of a line that begins with `indent` spaces: on that line if it fits.
fn broken(value: &Value, indent: usize, lead: usize) -> String {
    let short = flat(value);
    // With the comma or semicolon behind it.
    if lead + short.chars().count() < COLUMNS {
        return short;
    }
    let inner = indent + 2;
    let line = |head: &str, value: &Value| {
        let value = broken(value, inner, inner + head.chars().count());
        let head = if value.starts_with('\n') { head.trim_end() } else { head };
        format!("\n{:inner$}{head}{value},", "")
    };
    match value {
        Value::Array(values) => {
            let lines: String = values.iter().map(|value| line("", value)).collect();
            format!("[{lines}\n{:indent$}]", "")
        }
        Value::Object(_) => {
            let lines: String =
                fields(value).into_iter().map(|(key, value)| line(&format!("{key}: "), value)).collect();
            format!("{{{lines}\n{:indent$}}}", "")
        }
        Value::String(text) => {
            let lines: Vec<String> =
                wrapped(text, COLUMNS - inner - "\"\" +".len()).iter().map(|line| quoted(line)).collect();
            format!("\n{:inner$}{}", "", lines.join(&format!(" +\n{:inner$}", "")))
        }
        _ => short,
    }
}

/// `value` on one line.
fn flat(value: &Value) -> String {
    match value {
        Value::String(text) => quoted(text),
        // 1 and not 1.0.
        Value::Number(number) => number.as_f64().map_or_else(|| number.to_string(), |number| number.to_string()),
        Value::Array(values) => format!("[{}]", values.iter().map(flat).collect::<Vec<_>>().join(", ")),
        Value::Object(_) => {
            let fields = fields(value).iter().map(|(key, value)| format!("{key}: {}", flat(value))).collect::<Vec<_>>();
            format!("{{ {} }}", fields.join(", "))
        }
        Value::Null | Value::Bool(_) => value.to_string(),
    }
}

/// Names and values of an object: what it is called and does first, all else in the order of the alphabet, whichever
/// map `serde_json` is built with.
fn fields(object: &Value) -> Vec<(String, &Value)> {
    let mut fields: Vec<(&String, &Value)> = object.as_object().into_iter().flatten().collect();
    let place = |key: &str| FIRST.iter().position(|first| *first == key).unwrap_or(FIRST.len());
    fields.sort_by_key(|(key, _)| (place(key), key.as_str()));
    let is_name = |key: &str| key.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    let name = |key: &String| if is_name(key) { key.clone() } else { quoted(key) };
    fields.into_iter().map(|(key, value)| (name(key), value)).collect()
}

/// What JSON calls a string, ECMAScript does, too.
fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}

/// `text` in parts of at most `columns`, each but the last with the space that it ends in.
fn wrapped(text: &str, columns: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split_inclusive(' ') {
        let line = lines.last_mut().expect("there is a line");
        if !line.is_empty() && line.chars().count() + word.chars().count() > columns {
            lines.push(word.to_owned());
        } else {
            line.push_str(word);
        }
    }
    lines
}
