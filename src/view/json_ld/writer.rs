//! Writes JSON-LD: objects whose empty parts leave no trace, safe inside a `<script>` element.
//!
//! In: keys and values, in order. Out: text. Empty text, an address of a site that has none of its own, an empty list and an
//! object that says nothing but its type are left out, so that only what is known is said.

/// Writes a whole document about a thing of some types.
pub(super) fn document(base_url: Option<&str>, kind: &[&str], fill: impl FnOnce(&mut Object<'_>)) -> String {
    let mut out = String::with_capacity(1 << 10);
    out.push_str(r#"{"@context":"https://schema.org","@type":"#);
    match kind {
        [kind] => string(kind, &mut out),
        kinds => {
            for (idx, kind) in kinds.iter().enumerate() {
                out.push(if idx == 0 { '[' } else { ',' });
                string(kind, &mut out);
            }
            out.push(']');
        }
    }
    fill(&mut Object { out: &mut out, base_url });
    out.push('}');
    out
}

/// An object that is being written. It has its type already, so that whatever comes stands behind a comma.
pub(super) struct Object<'o> {
    out: &'o mut String,
    base_url: Option<&'o str>,
}

impl Object<'_> {
    /// Text, unless it is empty.
    pub(super) fn text(&mut self, key: &'static str, text: &str) {
        if !text.is_empty() {
            self.key(key);
            string(text, self.out);
        }
    }

    /// A site-absolute address as an absolute one; nothing while the site has none, because nobody could resolve it.
    pub(super) fn address(&mut self, key: &'static str, url: &str) {
        let Some(base) = self.base_url.filter(|_| !url.is_empty()) else { return };
        self.key(key);
        string(base, self.out);
        self.out.pop();
        escape(url.trim_start_matches('/'), self.out);
        self.out.push('"');
    }

    /// Several texts, unless there are none.
    pub(super) fn texts<'t>(&mut self, key: &'static str, texts: impl IntoIterator<Item = &'t String>) {
        self.list(key, |list| texts.into_iter().filter(|it| !it.is_empty()).for_each(|it| list.text(it)));
    }

    /// An object, unless it says nothing.
    pub(super) fn object(&mut self, key: &'static str, kind: &str, fill: impl FnOnce(&mut Object<'_>)) {
        let before = self.out.len();
        self.key(key);
        if !object(kind, self.base_url, self.out, fill) {
            self.out.truncate(before);
        }
    }

    /// One object for each item.
    pub(super) fn objects<T>(
        &mut self,
        key: &'static str,
        items: &[T],
        kind: impl Fn(&T) -> &'static str,
        fill: impl Fn(&T, &mut Object<'_>),
    ) {
        self.list(key, |list| items.iter().for_each(|it| list.object(kind(it), |out| fill(it, out))));
    }

    /// A list, unless it is empty.
    pub(super) fn list(&mut self, key: &'static str, fill: impl FnOnce(&mut List<'_>)) {
        let before = self.out.len();
        self.key(key);
        self.out.push('[');
        let start = self.out.len();
        fill(&mut List { out: self.out, base_url: self.base_url, start });
        match self.out.len() == start {
            true => self.out.truncate(before),
            false => self.out.push(']'),
        }
    }

    fn key(&mut self, key: &'static str) {
        // Keys are our own words.
        self.out.push_str(",\"");
        self.out.push_str(key);
        self.out.push_str("\":");
    }
}

/// A list that is being written.
pub(super) struct List<'o> {
    out: &'o mut String,
    base_url: Option<&'o str>,
    /// Where its first item starts.
    start: usize,
}

impl List<'_> {
    /// An object, unless it says nothing.
    pub(super) fn object(&mut self, kind: &str, fill: impl FnOnce(&mut Object<'_>)) {
        let before = self.out.len();
        self.comma();
        if !object(kind, self.base_url, self.out, fill) {
            self.out.truncate(before);
        }
    }

    fn text(&mut self, text: &str) {
        self.comma();
        string(text, self.out);
    }

    fn comma(&mut self) {
        if self.out.len() > self.start {
            self.out.push(',');
        }
    }
}

/// Writes an object, and says whether there is more to it than its type.
fn object(kind: &str, base_url: Option<&str>, out: &mut String, fill: impl FnOnce(&mut Object<'_>)) -> bool {
    out.push_str("{\"@type\":");
    string(kind, out);
    let before = out.len();
    fill(&mut Object { out, base_url });
    let says_something = out.len() > before;
    out.push('}');
    says_something
}

fn string(text: &str, out: &mut String) {
    out.push('"');
    escape(text, out);
    out.push('"');
}

/// Escapes for JSON, and for a `<script>` element: what could end or open an element, or break a line in old script
/// engines, is written as a number (HTML, "Restrictions for contents of script elements").
fn escape(text: &str, out: &mut String) {
    let mut copied = 0;
    for (at, byte) in text.bytes().enumerate() {
        let short = match byte {
            b'"' => Some('"'),
            b'\\' => Some('\\'),
            b'\n' => Some('n'),
            b'\r' => Some('r'),
            b'\t' => Some('t'),
            b'<' | b'>' | b'&' | 0..0x20 => None,
            // The first byte of both.
            0xe2 if text[at..].starts_with(['\u{2028}', '\u{2029}']) => None,
            _ => continue,
        };
        out.push_str(&text[copied..at]);
        let c = text[at..].chars().next().unwrap_or_default();
        match short {
            Some(letter) => out.extend(['\\', letter]),
            None => out.push_str(&format!("\\u{:04x}", u32::from(c))),
        }
        copied = at + c.len_utf8();
    }
    out.push_str(&text[copied..]);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_says_nothing_is_left_out() {
        let written = document(Some("https://a.example/b/"), &["Thing", "Event"], |out| {
            out.text("name", "");
            out.object("place", "Place", |out| out.text("name", ""));
            out.objects("parts", &["", "one", ""], |_| "Thing", |it, out| out.text("name", it));
            out.texts("none", &[String::new()]);
            out.texts("some", &["a".to_owned(), String::new(), "b".to_owned()]);
            out.address("url", "/c/");
        });
        let expected = r#"{"@context":"https://schema.org","@type":["Thing","Event"],"parts":[{"@type":"Thing","name":"one"}],"some":["a","b"],"url":"https://a.example/b/c/"}"#;
        assert_eq!(written, expected);
        let nowhere = document(None, &["Thing"], |out| out.address("url", "/c/"));
        assert_eq!(nowhere, r#"{"@context":"https://schema.org","@type":"Thing"}"#);
    }

    #[test]
    fn text_cannot_end_its_script_element() {
        let text = "</script><!-- & \"\\ \n\r\t \u{1} \u{2028} é 漢";
        let written = document(None, &["Thing"], |out| out.text("name", text));
        assert!(!written.contains(['<', '>', '&', '\u{2028}', '\n']));
        let read: serde_json::Value = serde_json::from_str(&written).unwrap();
        assert_eq!(read["name"], text);
    }
}
