//! The collecting decoder: takes a map apart key by key, reports what is wrong and goes on.
//!
//! A decoder file asks for each key its kind knows; [`Fields::finish`] reports the keys nobody asked for. Generous
//! where the meaning is plain: one value where a list may stand is a list of one.

use std::collections::BTreeMap;

use super::context::{At, Context};
use super::ids::{bad_id, id_problem, nfc};
use super::node::{Entry, Node};
use super::problems::fields as problems;
use super::sentences::{capital, listed, needs, with_article};
use super::value::{Value, extra};
use crate::diag::{Diagnostic, Place};
use crate::model::{Extra, Ref};
use crate::text::{Decimal, Edtf, misspelt, nearest};

/// The entries of one map, while they are being decoded.
pub(super) struct Fields<'a, 't> {
    pub(super) context: &'a mut Context<'t>,
    pub(super) at: &'a At<'a>,
    entries: &'a [Entry<'t>],
    asked: Vec<&'static str>,
    /// What the map is, for sentences: `a statement`.
    noun: &'static str,
}

impl<'a, 't> Fields<'a, 't> {
    /// Starts on a map.
    pub(super) fn new(
        context: &'a mut Context<'t>,
        at: &'a At<'a>,
        entries: &'a [Entry<'t>],
        noun: &'static str,
    ) -> Self {
        Fields { context, at, entries, asked: Vec::with_capacity(32), noun }
    }

    /// The entry with this key, if it has a value.
    fn entry(&mut self, key: &'static str) -> Option<&'a Node<'t>> {
        self.asked.push(key);
        let entry = self.entries.iter().find(|it| it.key == key)?;
        (entry.value != Node::Null("")).then_some(&entry.value)
    }

    /// Whether a key has a value. Does not count as asking for it.
    pub(super) fn has(&self, key: &str) -> bool {
        self.entries.iter().any(|it| it.key == key && it.value != Node::Null(""))
    }

    /// Decodes one value by a function.
    pub(super) fn one<T>(
        &mut self,
        key: &'static str,
        read: impl FnOnce(&mut Context<'t>, Value<'_, 't>) -> Option<T>,
    ) -> Option<T> {
        let node = self.entry(key)?;
        let at = self.at.key(key);
        read(self.context, Value { node, at: &at })
    }

    /// Decodes a list, or one value as a list of one. Items that fail are reported and left out.
    pub(super) fn many<T>(
        &mut self,
        key: &'static str,
        mut read: impl FnMut(&mut Context<'t>, Value<'_, 't>) -> Option<T>,
    ) -> Vec<T> {
        let Some(node) = self.entry(key) else { return Vec::new() };
        let at = self.at.key(key);
        match node {
            Node::Null(_) => Vec::new(),
            Node::Scalar(_) | Node::Map(_) => {
                read(self.context, Value { node, at: &at }).into_iter().collect()
            }
            Node::List(items) => {
                let mut read_item = |(idx, node)| read(self.context, Value { node, at: &at.index(idx) });
                // Just the room it needs: a list of one statement would else have room for four, and keep it.
                let mut all = Vec::with_capacity(items.len());
                all.extend(items.iter().enumerate().filter_map(&mut read_item));
                all
            }
        }
    }

    /// Decodes a map, or a list of maps, with a decoder of fields.
    pub(super) fn maps<T>(
        &mut self,
        key: &'static str,
        noun: &'static str,
        mut read: impl FnMut(&mut Fields<'_, 't>) -> Option<T>,
    ) -> Vec<T> {
        self.many(key, |context, value| value.map(context, noun, &mut read))
    }

    /// Decodes one map with a decoder of fields.
    pub(super) fn map<T>(
        &mut self,
        key: &'static str,
        noun: &'static str,
        read: impl FnOnce(&mut Fields<'_, 't>) -> Option<T>,
    ) -> Option<T> {
        self.one(key, |context, value| value.map(context, noun, read))
    }

    /// Text, as typed.
    pub(super) fn text(&mut self, key: &'static str) -> Option<String> {
        self.one(key, |context, value| value.text(context))
    }

    /// Texts: one or many.
    pub(super) fn texts(&mut self, key: &'static str) -> Vec<String> {
        self.many(key, |context, value| value.text(context))
    }

    /// A short value that is no prose, such as a language tag: a comment behind it is fine.
    pub(super) fn label(&mut self, key: &'static str) -> Option<String> {
        self.one(key, |context, value| value.plain(context, "a single word"))
    }

    /// Short values: one or many.
    pub(super) fn labels(&mut self, key: &'static str) -> Vec<String> {
        self.many(key, |context, value| value.plain(context, "a list of words"))
    }

    /// A reference.
    pub(super) fn reference(&mut self, key: &'static str) -> Option<Ref> {
        self.one(key, |context, value| value.reference(context, "an id"))
    }

    /// References: one or many.
    pub(super) fn references(&mut self, key: &'static str) -> Vec<Ref> {
        self.many(key, |context, value| value.reference(context, "a list of ids"))
    }

    /// A date.
    pub(super) fn date(&mut self, key: &'static str) -> Option<Edtf> {
        self.one(key, |context, value| {
            let typed = value.plain(context, "a date")?;
            let problem = match Edtf::parse(&typed) {
                Ok(date) => return Some(date),
                Err(problem) => problem,
            };
            let message = format!("`{}` is not a date we can use: `{typed}`", value.at.name());
            let diagnostic =
                Diagnostic::new(&problems::BAD_DATE, context.value(value.node, value.at), message);
            context.add(diagnostic.label(problem.message).help(problem.help));
            None
        })
    }

    /// An exact number.
    pub(super) fn decimal(&mut self, key: &'static str) -> Option<Decimal> {
        self.one(key, |context, value| value.decimal(context))
    }

    /// `true` or `false`.
    pub(super) fn truth(&mut self, key: &'static str, default: bool) -> bool {
        self.one(key, |context, value| match value.plain(context, "`true` or `false`")?.as_str() {
            "true" | "True" | "TRUE" => Some(true),
            "false" | "False" | "FALSE" => Some(false),
            other => {
                let (node, at) = (value.node, value.at);
                let message = format!("`{}` wants `true` or `false`, not `{other}`", at.name());
                let folded = other.to_lowercase();
                let (guess, is_sure) = match folded.as_str() {
                    "yes" | "on" | "y" | "1" | "true" => ("true", true),
                    "no" | "off" | "n" | "0" | "false" => ("false", true),
                    _ => ("false", false),
                };
                let diagnostic = Diagnostic::new(&problems::WRONG_TYPE, context.value(node, at), message);
                context.add(diagnostic.fix(format!("Write `{guess}`"), guess).safe_if(is_sure, other));
                None
            }
        })
        .unwrap_or(default)
    }

    /// A whole number.
    pub(super) fn whole<T: std::str::FromStr>(&mut self, key: &'static str, default: T) -> T {
        self.whole_if_given(key).unwrap_or(default)
    }

    /// A whole number, if there is one.
    pub(super) fn whole_if_given<T: std::str::FromStr>(&mut self, key: &'static str) -> Option<T> {
        self.one(key, |context, value| {
            let typed = value.plain(context, "a whole number")?;
            let number = typed.parse().ok();
            if number.is_none() {
                let message = format!("`{}` wants a whole number, not `{typed}`", value.at.name());
                context.add(Diagnostic::new(
                    &problems::WRONG_TYPE,
                    context.value(value.node, value.at),
                    message,
                ));
            }
            number
        })
    }

    /// A complete web address.
    pub(super) fn url(&mut self, key: &'static str) -> Option<String> {
        self.one(key, |context, value| value.url(context))
    }

    /// Complete web addresses: one or many.
    pub(super) fn urls(&mut self, key: &'static str) -> Vec<String> {
        self.many(key, |context, value| value.url(context))
    }

    /// One of a few words.
    pub(super) fn word<T: Copy>(&mut self, key: &'static str, words: &[(&'static str, T)]) -> Option<T> {
        self.one(key, |context, value| value.word(context, words))
    }

    /// One of a few words, kept as text.
    pub(super) fn word_of(&mut self, key: &'static str, words: &[&'static str]) -> Option<String> {
        let words: Vec<(&'static str, &'static str)> = words.iter().map(|it| (*it, *it)).collect();
        self.word(key, &words).map(str::to_owned)
    }

    /// An id, checked and in normal form C.
    pub(super) fn id(&mut self, key: &'static str) -> Option<String> {
        self.one(key, |context, value| {
            let typed = value.plain(context, "an id")?;
            let id = nfc(typed);
            if let Some(why) = id_problem(&id) {
                let place = context.value(value.node, value.at);
                context.add(bad_id(place, &id, why));
                return None;
            }
            Some(id)
        })
    }

    /// A map from short keys to text, in the author's order: names by language.
    pub(super) fn text_by_key(&mut self, key: &'static str) -> Vec<(String, String)> {
        self.one(key, |context, value| {
            let Node::Map(entries) = value.node else {
                value.wrong(context, "a map such as `{ fr: … }`");
                return None;
            };
            let read = |entry: &Entry<'t>| {
                let at = value.at.key(&entry.key);
                let text = Value { node: &entry.value, at: &at }.text(context)?;
                Some((entry.key.clone().into_owned(), text))
            };
            Some(entries.iter().filter_map(read).collect())
        })
        .unwrap_or_default()
    }

    /// Free values.
    pub(super) fn extras(&mut self, key: &'static str) -> BTreeMap<String, Extra> {
        self.one(key, |context, value| {
            let Node::Map(entries) = value.node else {
                value.wrong(context, "a map");
                return None;
            };
            let read = |entry: &Entry<'t>| (entry.key.clone().into_owned(), extra(context, &entry.value));
            Some(entries.iter().map(read).collect())
        })
        .unwrap_or_default()
    }

    /// Passes a value on, and reports a key that is not there or has no value. What was there and failed has been
    /// reported already.
    pub(super) fn need<T>(&mut self, key: &'static str, value: Option<T>) -> Option<T> {
        if value.is_none() && !self.has_items(key) {
            self.missing(key);
        }
        value
    }

    /// As [`Fields::need`], for lists.
    pub(super) fn need_some<T>(&mut self, key: &'static str, values: Vec<T>) -> Option<Vec<T>> {
        if values.is_empty() && !self.has_items(key) {
            self.missing(key);
        }
        (!values.is_empty()).then_some(values)
    }

    /// Whether a key has a value that is more than `null` or an empty list.
    pub(super) fn has_items(&self, key: &str) -> bool {
        let entry = self.entries.iter().find(|it| it.key == key);
        entry.is_some_and(|it| match &it.value {
            Node::Null(_) => false,
            Node::List(items) => !items.is_empty(),
            Node::Scalar(_) | Node::Map(_) => true,
        })
    }

    /// Reports a missing key.
    pub(super) fn missing(&mut self, key: &'static str) {
        let written = self.entries.iter().find(|it| it.key == key);
        let diagnostic = match written {
            Some(entry) => {
                let place = self.context.key(&entry.key, &self.at.key(key));
                Diagnostic::new(&problems::MISSING_KEY, place, format!("`{key}` has no value"))
            }
            None => {
                let place = self.context.at(self.at);
                let noun = self.noun;
                let diagnostic =
                    Diagnostic::new(&problems::MISSING_KEY, place, format!("This {noun} has no `{key}`"));
                diagnostic.label(format!("`{key}` is missing"))
            }
        };
        let help = match needs(self.noun) {
            Some(keys) => format!("{} needs {keys}", capital(&with_article(self.noun))),
            None => format!("Add `{key}:`"),
        };
        self.context.add(diagnostic.help(help));
    }

    /// Reports the keys nobody asked for.
    pub(super) fn finish(self) {
        for entry in self.entries {
            let key = entry.key.as_ref();
            if self.asked.contains(&key) {
                continue;
            }
            let place = self.context.key(&entry.key, &self.at.key(key));
            let message = format!("{} has no key `{key}`", capital(&with_article(self.noun)));
            let mut diagnostic = Diagnostic::new(&problems::UNKNOWN_KEY, place, message);
            let folded = key.to_lowercase().replace('-', "_");
            let known = self.asked.iter().copied().find(|it| *it == folded.trim());
            match known.or_else(|| nearest(key, self.asked.iter().copied())) {
                Some(known) => {
                    diagnostic = diagnostic.label(format!("did you mean `{known}`?"));
                    // Written twice, one of the two values would be lost.
                    let is_free = self.entries.iter().all(|it| it.key != known);
                    let is_sure = is_free && misspelt(key, self.asked.iter().copied()) == Some(known);
                    diagnostic = diagnostic.fix(format!("Write `{known}`"), known).safe_if(is_sure, key);
                }
                None => {
                    let mut known = self.asked.clone();
                    known.sort_unstable();
                    known.dedup();
                    diagnostic = diagnostic.help(format!(
                        "The keys of {} are {}",
                        with_article(self.noun),
                        listed(&known, "and")
                    ));
                }
            }
            if entry.value == Node::Null("") {
                diagnostic = diagnostic.help("If it belongs to the text before it: inside brackets a comma ends a text, so put the text in quotes");
            }
            if self.asked.contains(&"extra") {
                diagnostic = diagnostic.help("Keys of your own go below `extra:`");
            }
            if key.contains(['\u{A0}', '\u{202F}']) {
                diagnostic =
                    diagnostic.note("The key holds a no-break space, which looks like an ordinary one");
            }
            self.context.add(diagnostic);
        }
    }

    /// The place of a key.
    pub(super) fn place_of_key(&self, key: &str) -> Place {
        match self.entries.iter().find(|it| it.key == key) {
            Some(entry) => self.context.key(&entry.key, &self.at.key(key)),
            None => self.context.at(self.at),
        }
    }
}
