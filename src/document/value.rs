//! One value: text, a reference, a number, an address, one of a few words, a map; or a report of what it is instead.

use super::context::{At, Context};
use super::fields::Fields;
use super::ids::nfc;
use super::node::{self, Entry, Node};
use super::problems::fields as problems;
use super::sentences::{listed, with_article};
use super::words;
use crate::diag::Diagnostic;
use crate::model::{Extra, Ref};
use crate::text::{Decimal, check_url, misspelt, nearest};

/// One value, and the way to it.
#[derive(Clone, Copy)]
pub(super) struct Value<'a, 't> {
    pub(super) node: &'a Node<'t>,
    pub(super) at: &'a At<'a>,
}

impl<'t> Value<'_, 't> {
    /// Takes a map apart.
    pub(super) fn map<T>(
        self,
        context: &mut Context<'t>,
        noun: &'static str,
        read: impl FnOnce(&mut Fields<'_, 't>) -> Option<T>,
    ) -> Option<T> {
        let Node::Map(entries) = self.node else {
            self.wrong(context, &format!("a map that describes {}", with_article(noun)));
            return None;
        };
        let mut fields = Fields::new(context, self.at, entries, noun);
        let value = read(&mut fields);
        fields.finish();
        value
    }

    /// Text, as typed. Reports what YAML would change in silence.
    pub(super) fn text(self, context: &mut Context<'t>) -> Option<String> {
        words::text(context, self)
    }

    /// A single value that is no prose.
    pub(super) fn plain(self, context: &mut Context<'t>, wanted: &str) -> Option<String> {
        match self.node {
            Node::Null(_) => None,
            Node::Scalar(words) if words.trim().is_empty() => {
                self.wrong_found(context, wanted, "an empty text");
                None
            }
            Node::Scalar(words) => Some(words.trim().to_owned()),
            Node::List(_) | Node::Map(_) => {
                self.wrong(context, wanted);
                None
            }
        }
    }

    /// A reference, in normal form C.
    pub(super) fn reference(self, context: &mut Context<'t>, wanted: &str) -> Option<Ref> {
        self.plain(context, wanted).map(|id| Ref(nfc(id)))
    }

    /// An exact number.
    pub(super) fn decimal(self, context: &mut Context<'t>) -> Option<Decimal> {
        let typed = self.plain(context, "a number")?;
        let problem = match Decimal::parse(&typed) {
            Ok(number) => return Some(number),
            Err(problem) => problem,
        };
        let message = format!("`{}` is not a number we can use: `{typed}`", self.at.name());
        let diagnostic = Diagnostic::new(&problems::BAD_NUMBER, context.value(self.node, self.at), message);
        context.add(diagnostic.label(problem.message).help(problem.help));
        None
    }

    /// A complete web address.
    pub(super) fn url(self, context: &mut Context<'t>) -> Option<String> {
        let typed = self.plain(context, "a web address")?;
        let lower = typed.to_ascii_lowercase();
        let host = lower.strip_prefix("https://").or_else(|| lower.strip_prefix("http://"));
        let is_complete = host.is_some_and(|it| !it.is_empty() && !it.starts_with(['/', '?', '#', ':']));
        let why = match check_url(&typed) {
            Err(problem) => problem.to_string(),
            Ok(()) if !is_complete => "this is not a complete web address".to_owned(),
            Ok(()) if typed.contains(char::is_whitespace) => "a web address holds no blanks".to_owned(),
            Ok(()) => return Some(typed),
        };
        let message =
            format!("`{}` wants a complete web address, not `{}`", self.at.name(), typed.escape_debug());
        let place = context.value(self.node, self.at);
        let mut diagnostic = Diagnostic::new(&problems::BAD_URL, place, message).label(why);
        diagnostic = diagnostic.help("Write it with `https://` or `http://` in front");
        if lower.starts_with("www.") {
            diagnostic = diagnostic.fix(format!("Write `https://{typed}`"), format!("https://{typed}"));
        }
        context.add(diagnostic);
        None
    }

    /// One of a few words.
    pub(super) fn word<T: Copy>(self, context: &mut Context<'t>, words: &[(&'static str, T)]) -> Option<T> {
        let known = || words.iter().map(|(word, _)| *word);
        let typed = self.plain(context, "a single word")?;
        if let Some((_, value)) = words.iter().find(|(word, _)| *word == typed) {
            return Some(*value);
        }
        let names: Vec<&str> = known().collect();
        let place = context.value(self.node, self.at);
        let message = format!("`{}` cannot be `{typed}`", self.at.name());
        let mut diagnostic = Diagnostic::new(&problems::UNKNOWN_VALUE, place, message);
        let folded = typed.to_lowercase().replace(['_', ' '], "-");
        let near = known().find(|it| it.replace('_', "-") == folded).or_else(|| nearest(&typed, known()));
        if let Some(near) = near {
            let is_sure = misspelt(&typed, known()) == Some(near);
            diagnostic = diagnostic.label(format!("did you mean `{near}`?"));
            diagnostic = diagnostic.fix(format!("Write `{near}`"), near).safe_if(is_sure, typed.as_str());
        }
        context.add(diagnostic.help(format!("`{}` takes {}", self.at.name(), listed(&names, "or"))));
        None
    }

    /// Reports a shape the key cannot use.
    pub(super) fn wrong(self, context: &mut Context<'t>, wanted: &str) {
        self.wrong_found(context, wanted, self.node.shape());
    }

    fn wrong_found(self, context: &mut Context<'t>, wanted: &str, found: &str) {
        let place = context.value(self.node, self.at);
        let message = match self.at.name() {
            "" => format!("Here stands {found} instead of {wanted}"),
            name => format!("`{name}` wants {wanted}, not {found}"),
        };
        context.add(Diagnostic::new(&problems::WRONG_TYPE, place, message).label(format!("this is {found}")));
    }
}

/// A free value.
pub(super) fn extra(context: &Context<'_>, node: &Node<'_>) -> Extra {
    match node {
        Node::Null(_) => Extra::Null,
        Node::Scalar(words) => {
            let inner = node::place_in(context.yaml, words);
            let quoted = inner.is_none_or(|it| node::with_quotes(context.yaml, it).1.is_some());
            match words.as_ref() {
                "true" | "True" | "TRUE" if !quoted => Extra::Bool(true),
                "false" | "False" | "FALSE" if !quoted => Extra::Bool(false),
                other => Extra::Text(other.to_owned()),
            }
        }
        Node::List(items) => Extra::List(items.iter().map(|it| extra(context, it)).collect()),
        Node::Map(entries) => {
            let read = |it: &Entry<'_>| (it.key.clone().into_owned(), extra(context, &it.value));
            Extra::Map(entries.iter().map(read).collect())
        }
    }
}
