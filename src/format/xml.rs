//! Writing XML: escaping, and nothing else. Well-formedness is ours; tests read it back.

/// Text for an element or a quoted attribute (XML 1.0, §2.4). Characters that XML cannot hold are dropped.
pub(super) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\t' | '\n' | '\r' => out.push(c),
            c if c < ' ' || c == '\u{fffe}' || c == '\u{ffff}' => (),
            c => out.push(c),
        }
    }
    out
}
