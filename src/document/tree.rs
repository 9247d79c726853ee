//! A YAML text to a tree that is safe to decode: everything that must not reach the YAML library is refused first,
//! syntax errors come out in the author's words, and keys that stand twice are reported.

use super::context::{At, Context};
use super::node::{self, Node};
use super::problems::yaml as problems;
use super::{lexis, syntax, words};
use crate::diag::{Diagnostic, Place};

/// Parses the context's text. `None` when it cannot be read; the report then says why.
pub(super) fn tree<'t>(context: &mut Context<'t>) -> Option<Node<'t>> {
    let found = if lexis::is_suspicious(context.yaml) { lexis::scan(context.yaml) } else { Vec::new() };
    if words::report(context, &found) {
        return None;
    }
    match node::parse(context.yaml) {
        Ok(root) => {
            duplicates(context, &root, &At::ROOT);
            Some(root)
        }
        Err(error) => {
            let found = lexis::scan(context.yaml);
            let diagnostic = syntax::explain(context, &error, &found);
            context.add(diagnostic);
            None
        }
    }
}

/// Reports keys that stand twice in one map, at any depth, and merge keys.
fn duplicates(context: &mut Context<'_>, node: &Node<'_>, at: &At<'_>) {
    match node {
        Node::Null(_) | Node::Scalar(_) => (),
        Node::List(items) => {
            for (idx, item) in items.iter().enumerate() {
                duplicates(context, item, &at.index(idx));
            }
        }
        Node::Map(entries) => {
            let mut sorted: Vec<usize> = Vec::new();
            // Front matter has few keys, where comparing each with each is quickest.
            if entries.len() > 32 {
                sorted = (0..entries.len()).collect();
                sorted.sort_by(|a, b| entries[*a].key.cmp(&entries[*b].key).then(a.cmp(b)));
            }
            for (idx, entry) in entries.iter().enumerate() {
                let first = match sorted.is_empty() {
                    true => entries[..idx].iter().position(|it| it.key == entry.key),
                    false => {
                        let first = sorted[sorted.partition_point(|it| entries[*it].key < entry.key)];
                        (first < idx).then_some(first)
                    }
                };
                let entry_at = at.key(&entry.key);
                if let Some(first) = first {
                    let first = context.key(&entries[first].key, &entry_at);
                    let second = context.key(&entry.key, &entry_at);
                    context.add(twice(&entry.key, first, second));
                }
                duplicates(context, &entry.value, &entry_at);
            }
        }
    }
}

fn twice(key: &str, first: Place, second: Place) -> Diagnostic {
    let diagnostic =
        Diagnostic::new(&problems::DUPLICATE_KEY, second, format!("`{key}` stands twice in the same map"));
    let diagnostic = diagnostic.label("here again").also(first, "first here");
    diagnostic.help("Delete one of them; only the first would be used")
}
