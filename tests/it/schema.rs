//! As much of JSON Schema (draft 4) as the schema of SARIF needs. A keyword it does not know is a failure, not a pass.

use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::world::{repository, run_checker};

/// What of `document` breaks `schema`, each with its place.
pub(crate) fn problems(schema: &Value, document: &Value) -> Vec<String> {
    let mut found = Vec::new();
    Checker { root: schema, found: &mut found }.check(schema, document, "");
    found
}

struct Checker<'a> {
    root: &'a Value,
    found: &'a mut Vec<String>,
}

impl Checker<'_> {
    fn check(&mut self, schema: &Value, it: &Value, at: &str) {
        let mut wrong = |why: String| self.found.push(format!("{at}: {why}"));
        for (keyword, rule) in schema.as_object().expect("a schema is a map") {
            let number = || rule.as_i64().expect("limits are whole numbers");
            match keyword.as_str() {
                "$schema" | "id" | "title" | "description" | "default" | "definitions" => (),
                "properties" | "additionalProperties" | "items" | "$ref" | "anyOf" | "oneOf" => (),
                "type" if !is_of_type(rule, it) => wrong(format!("is not of type {rule}")),
                "enum" if !rule.as_array().unwrap().contains(it) => wrong(format!("{it} is none of {rule}")),
                "required" if it.is_object() => {
                    for key in rule.as_array().unwrap().iter().filter_map(Value::as_str) {
                        if it.get(key).is_none() {
                            wrong(format!("lacks {key}"));
                        }
                    }
                }
                "minimum" if it.as_i64().is_some_and(|it| it < number()) => wrong(format!("is under {rule}")),
                "maximum" if it.as_i64().is_some_and(|it| it > number()) => wrong(format!("is over {rule}")),
                "minItems" if it.as_array().is_some_and(|it| (it.len() as i64) < number()) => {
                    wrong(format!("has fewer than {rule} items"));
                }
                "uniqueItems" if rule == true => {
                    let items = it.as_array().map(Vec::as_slice).unwrap_or_default();
                    if items.iter().enumerate().any(|(idx, item)| items[..idx].contains(item)) {
                        wrong("has an item twice".to_owned());
                    }
                }
                "format" => {
                    let text = it.as_str().unwrap_or("");
                    let is_good = match rule.as_str().unwrap() {
                        "uri" => is_reference(text) && text.split_once(':').is_some(),
                        "uri-reference" => is_reference(text),
                        other => panic!("no report has had a value of format {other} so far"),
                    };
                    if !is_good {
                        wrong(format!("{it} is no {rule}"));
                    }
                }
                "type" | "enum" | "required" | "minimum" | "maximum" | "minItems" | "uniqueItems" => (),
                other => panic!("{at}: teach tests/it/schema.rs the keyword {other}"),
            }
        }
        self.below(schema, it, at);
    }

    fn below(&mut self, schema: &Value, it: &Value, at: &str) {
        if let Some(pointer) = schema["$ref"].as_str() {
            let target =
                self.root.pointer(pointer.trim_start_matches('#')).expect("references lead somewhere");
            self.check(target, it, at);
        }
        for (key, rule) in schema["properties"].as_object().into_iter().flatten() {
            if let Some(value) = it.get(key) {
                self.check(rule, value, &format!("{at}/{key}"));
            }
        }
        let known = |key: &String| schema["properties"].get(key).is_some();
        for (key, value) in it.as_object().into_iter().flatten().filter(|(key, _)| !known(key)) {
            match schema.get("additionalProperties") {
                Some(Value::Bool(true)) | None => (),
                Some(Value::Bool(false)) => self.found.push(format!("{at}: must not have {key}")),
                Some(rule) => self.check(rule, value, &format!("{at}/{key}")),
            }
        }
        if schema.get("items").is_some() {
            for (idx, item) in it.as_array().into_iter().flatten().enumerate() {
                self.check(&schema["items"], item, &format!("{at}/{idx}"));
            }
        }
        let fits = |rule: &Value| problems_below(self.root, rule, it).is_empty();
        let n_fits = |name: &str| Some(schema[name].as_array()?.iter().filter(|rule| fits(rule)).count());
        if n_fits("anyOf").is_some_and(|n| n == 0) {
            self.found.push(format!("{at}: fits none of {}", schema["anyOf"]));
        }
        if n_fits("oneOf").is_some_and(|n| n != 1) {
            self.found.push(format!("{at}: does not fit exactly one of {}", schema["oneOf"]));
        }
    }
}

fn problems_below(root: &Value, schema: &Value, document: &Value) -> Vec<String> {
    let mut found = Vec::new();
    Checker { root, found: &mut found }.check(schema, document, "");
    found
}

fn is_of_type(rule: &Value, it: &Value) -> bool {
    let one = |name: &Value| match name.as_str().unwrap() {
        "object" => it.is_object(),
        "array" => it.is_array(),
        "string" => it.is_string(),
        "integer" => it.is_i64() || it.is_u64(),
        "number" => it.is_number(),
        "boolean" => it.is_boolean(),
        "null" => it.is_null(),
        other => panic!("there is no type {other}"),
    };
    rule.as_array().map_or_else(|| one(rule), |rules| rules.iter().any(one))
}

/// RFC 3986 has no blanks and nothing outside ASCII.
fn is_reference(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_graphic() && !b"<>\"{}|\\^`".contains(&byte))
}

/// Holds every file of a directory against a schema of `tests/schemas` with Python's jsonschema, which others wrote.
pub(crate) fn check_with_python(schema: &str, dir: &Path) {
    let python = std::env::var("PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let mut command = Command::new(python);
    command.arg(repository("tests/schemas/check.py")).arg(repository("tests/schemas").join(schema)).arg(dir);
    run_checker(&mut command);
}
