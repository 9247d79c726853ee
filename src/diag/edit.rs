//! What a fix would change in its file, byte for byte.

use super::{At, Diagnostic, Safety, Sources};
use crate::text::Span;

/// One replacement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Edit<'a> {
    /// The file, relative to the project.
    pub file: &'a str,
    /// What to replace, in the text that [`Sources`] has of the file.
    pub span: Span,
    /// What to write there.
    pub text: &'a str,
    /// Whether it may be done without a look: the fix is safe, and what stands there is what the fix is for.
    pub is_safe: bool,
}

impl Diagnostic {
    /// The change that would remove the problem; `None` without a fix, or when its place is a whole file. A safe fix
    /// keeps the quotes around what it replaces.
    pub fn edit(&self, sources: &Sources) -> Option<Edit<'_>> {
        let (fix, place) = (self.fix.as_ref()?, self.place.as_ref()?);
        let At::Span(span) = place.at else { return None };
        let plain = Edit { file: &place.file, span, text: &fix.replacement, is_safe: false };
        let (Safety::Safe { typed }, Some(text)) = (&fix.safety, sources.text(&place.file)) else {
            return Some(plain);
        };
        let there = span.of(text);
        if there == typed {
            return Some(Edit { is_safe: true, ..plain });
        }
        let inside = ['"', '\''].iter().find_map(|quote| there.strip_prefix(*quote)?.strip_suffix(*quote));
        let fits = !fix.replacement.contains(['"', '\'', '\\']);
        match inside == Some(typed) && fits {
            true => Some(Edit { span: Span::new(span.start + 1, span.end - 1), is_safe: true, ..plain }),
            false => Some(plain),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::diag::{Code, Level, Place};

    static BAD: Code = Code { name: "bad", level: Level::Error, manual: "" };

    /// What a safe fix of `nvida` makes of a text, at a place in it.
    fn applied(text: &str, place: &str) -> (String, bool) {
        let file: Arc<str> = Arc::from("a.md");
        let mut sources = Sources::default();
        sources.insert(Arc::clone(&file), Arc::from(text));
        let start = text.find(place).expect("the test names words of its text");
        let span = Span::new(start, start + place.len());
        let it = Diagnostic::new(&BAD, Place::span(&file, span), "").fix("", "nvidia").safe_if(true, "nvida");
        let edit = it.edit(&sources).expect("it has a fix");
        let mut out = text.to_owned();
        out.replace_range(edit.span.range(), edit.text);
        (out, edit.is_safe)
    }

    #[test]
    fn an_edit_is_safe_only_over_what_it_is_for_and_keeps_quotes() {
        for (text, place, expected, is_safe) in [
            ("actor: nvida\n", "nvida", "actor: nvidia\n", true),
            ("actor: 'nvida'\n", "'nvida'", "actor: 'nvidia'\n", true),
            ("actor: \"nvida\"\n", "\"nvida\"", "actor: \"nvidia\"\n", true),
            ("actor: >-\n  nvida\n", ">-", "actor: nvidia\n  nvida\n", false),
            ("actor: [nvida]\n", "[", "actor: nvidianvida]\n", false),
            ("actor: \"nvid\\x61\"\n", "\"nvid\\x61\"", "actor: nvidia\n", false),
        ] {
            assert_eq!(applied(text, place), (expected.to_owned(), is_safe), "{text}");
        }
    }
}
