//! Which words some record of the site holds as somebody's, so that a quotation in a body can be told from a smuggled one.
//!
//! Deliberately generous: letter case and punctuation do not count here. Whether a statement's words are those of its
//! source is another check's question.

use crate::graph::Graph;
use crate::model::{Data, Kind, SourceUse};
use crate::quote::joined_words;

/// Every word that a record holds as somebody's.
pub struct Heard {
    /// Folded texts, each with a space at both ends.
    texts: Vec<String>,
    /// Digests of three words in a row, with the text they stand in; sorted.
    by_words: Vec<(u64, u32)>,
}

impl Heard {
    /// Gathers statements with their originals, translations and variants, and the names of everything.
    pub(super) fn new(graph: &Graph) -> Heard {
        let mut texts = Vec::new();
        for (id, node) in graph.nodes() {
            if let Some(statement) = node.statement() {
                texts.push(fold(&statement.words));
                texts.extend(statement.original.iter().map(|it| fold(&it.text)));
                texts.extend(statement.translations.iter().map(|it| fold(&it.text)));
                uses(&statement.sources, &mut texts);
            } else if let Some(action) = node.action() {
                uses(&action.sources, &mut texts);
            } else if let Some(claim) = graph.node(id).claim() {
                uses(&claim.sources, &mut texts);
            } else if !matches!(node.kind, Kind::Silence | Kind::Reaction) {
                texts.push(fold(&node.name));
            }
            match &node.record().data {
                Data::Term(term) => texts.extend(term.also.iter().chain(&term.as_written).map(|it| fold(it))),
                Data::Correction(it) => texts.extend(it.was.iter().chain(&it.now).map(|it| fold(it))),
                Data::Figure(figure) => uses(&figure.sources, &mut texts),
                _ => (),
            }
        }
        let mut by_words = Vec::new();
        for (idx, text) in texts.iter().enumerate() {
            let words: Vec<&str> = text.split_whitespace().collect();
            by_words.extend(words.windows(3).map(|three| (digest(three), idx as u32)));
        }
        by_words.sort_unstable();
        by_words.dedup();
        Heard { texts, by_words }
    }

    /// Whether one record holds these words, in this order. What stands in brackets or is left out (`…`) may be anything.
    pub fn holds(&self, quotation: &str) -> bool {
        let whole = fold(quotation);
        if whole.trim().is_empty() || self.any_holds(&[whole]) {
            return true;
        }
        let parts: Vec<String> =
            parts(quotation).iter().map(|it| fold(it)).filter(|it| it.len() > 2).collect();
        !parts.is_empty() && self.any_holds(&parts)
    }

    fn any_holds(&self, parts: &[String]) -> bool {
        let holds = |text: &String| {
            let mut from = 0;
            parts.iter().all(|part| match text[from..].find(part.as_str()) {
                // The space behind a part may be the one before the next.
                Some(at) => {
                    from += at + part.len() - 1;
                    true
                }
                None => false,
            })
        };
        let longest = parts.iter().max_by_key(|it| it.len()).map_or("", String::as_str);
        let words: Vec<&str> = longest.split_whitespace().collect();
        match words.get(..3) {
            Some(three) => {
                let key = digest(three);
                let start = self.by_words.partition_point(|(it, _)| *it < key);
                let found = self.by_words[start..].iter().take_while(|(it, _)| *it == key);
                found.into_iter().any(|(_, text)| holds(&self.texts[*text as usize]))
            }
            None => self.texts.iter().any(holds),
        }
    }
}

fn uses(uses: &[SourceUse], texts: &mut Vec<String>) {
    for it in uses {
        texts.extend(it.as_printed.iter().chain(&it.says).map(|it| fold(it)));
    }
}

/// The words of a text with one space before and behind each.
fn fold(text: &str) -> String {
    let (mut out, _) = joined_words(text, ' ');
    out.insert(0, ' ');
    out
}

/// The parts of a quotation between what is left out and what an editor put in brackets.
fn parts(quotation: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut depth = 0_usize;
    let text = quotation.replace("...", "…").replace(". . .", "…");
    for c in text.chars() {
        match c {
            '[' => depth += 1,
            ']' => depth = depth.saturating_sub(1),
            '…' => (),
            _ if depth > 0 => continue,
            _ => {
                if let Some(last) = parts.last_mut() {
                    last.push(c);
                }
                continue;
            }
        }
        parts.push(String::new());
    }
    parts
}

/// FNV-1a over words.
fn digest(words: &[&str]) -> u64 {
    let bytes = words.iter().flat_map(|word| word.bytes().chain([b' ']));
    bytes.fold(0xCBF2_9CE4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01B3))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folding_keeps_words_and_their_order() {
        assert_eq!(fold("“It’s — so: now!”"), " it's so now ");
        assert_eq!(fold(""), " ");
        assert_eq!(parts("We [all] know … it"), ["We ", "", " know ", " it"]);
    }
}
