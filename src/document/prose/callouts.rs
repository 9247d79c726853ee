//! Callouts: blockquotes that begin with a kind in brackets, `> [!note]` or `> [!quote] Yann LeCun, on Threads`.
//!
//! Any word is a kind. The rest of the line is the title; without one, the kind itself is shown.

/// The first line of a callout.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Marker {
    /// The kind, in lower case.
    pub(super) kind: String,
    /// Where the title begins, counted from the start of the blockquote.
    pub(super) end: usize,
}

impl Marker {
    /// Whether the callout's content is somebody's words.
    pub(super) fn is_quotation(&self) -> bool {
        matches!(self.kind.as_str(), "quote" | "cite")
    }

    /// The kind as a title: `see-also` becomes `See also`.
    pub(super) fn title(&self) -> String {
        let words = self.kind.replace(['-', '_'], " ");
        words[..1].to_uppercase() + &words[1..]
    }
}

/// Reads the marker of a blockquote, given from its `>` on.
pub(super) fn marker(quote: &str) -> Option<Marker> {
    let inside = quote.strip_prefix('>')?.trim_start_matches([' ', '\t']);
    let rest = inside.strip_prefix("[!")?;
    let len = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '-' && c != '_')?;
    let kind = &rest[..len];
    let after = rest[len..].strip_prefix(']')?;
    if !kind.starts_with(|c: char| c.is_ascii_alphabetic()) || len > 40 || after.starts_with(['(', '[', ':'])
    {
        return None;
    }
    // Some editors fold callouts that say `[!note]-`; here they are always open.
    let after = after.strip_prefix(['-', '+']).unwrap_or(after).trim_start_matches([' ', '\t']);
    Some(Marker { kind: kind.to_ascii_lowercase(), end: quote.len() - after.len() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_word_is_a_kind_and_links_are_none() {
        let read = |quote: &'static str| marker(quote).map(|it| (it.kind.clone(), &quote[it.end..]));
        assert_eq!(read("> [!Quote] Yann LeCun\n> x"), Some(("quote".to_owned(), "Yann LeCun\n> x")));
        assert_eq!(read(">[!see-also]-\n> x"), Some(("see-also".to_owned(), "\n> x")));
        for none in ["> [!](x)", "> [!a](x)", "> [!a]: x", "> [!a b]", "> ![a]", "> [!1]", "x"] {
            assert_eq!(read(none), None, "{none}");
        }
        assert_eq!(marker("> [!see-also]").unwrap().title(), "See also");
    }
}
