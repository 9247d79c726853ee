//! The filters a theme has besides Tera's own. All are pure.

use tera::{Kwargs, State, Tera, Value, escape_html};

use crate::picture;
use crate::text::quotation_marks;

/// Registers every filter. Must happen before templates are added, so that an unknown one is found at once.
pub(super) fn register(tera: &mut Tera) {
    tera.register_filter("json_script", |value: Value, _: Kwargs, _: &State<'_>| {
        let json = serde_json::to_string(&value).map_err(tera::Error::message)?;
        Ok::<Value, tera::Error>(Value::safe_string(&json_script(&json)))
    });
    tera.register_filter("quoted", |it: Value, kwargs: Kwargs, _: &State<'_>| {
        let (words, lang) = match it.as_str() {
            Some(words) => (Some(words), kwargs.get::<&str>("lang")?),
            None => (text_of(&it, "words"), text_of(&it, "lang")),
        };
        let words = words.ok_or_else(|| wants("quoted", "words or a statement", &it))?;
        Ok::<String, tera::Error>(quoted(words, lang.unwrap_or("en")))
    });
    tera.register_filter("named", |it: Value, _: Kwargs, _: &State<'_>| {
        let mut html = Vec::with_capacity(128);
        named(&it, &mut html)?;
        finished(html)
    });
    tera.register_filter("bar", |share: u32, _: Kwargs, _: &State<'_>| {
        Ok::<Value, tera::Error>(Value::safe_string(&picture::bar(share)))
    });
    tera.register_filter("day", |it: Value, _: Kwargs, _: &State<'_>| day(&it, "text"));
    tera.register_filter("short_day", |it: Value, _: Kwargs, _: &State<'_>| day(&it, "short"));
}

/// A name that leads somewhere, or the bare name when it leads nowhere; several in one line. A filter and no component,
/// because a page holds dozens, and a call of a component costs several times as much.
fn named(it: &Value, html: &mut Vec<u8>) -> Result<(), tera::Error> {
    if let Some(links) = it.as_array() {
        for (idx, link) in links.iter().enumerate() {
            if idx > 0 {
                html.extend_from_slice(b", ");
            }
            named(link, html)?;
        }
        return Ok(());
    }
    let name = text_of(it, "name").ok_or_else(|| wants("named", "a link or a list of links", it))?;
    match text_of(it, "url") {
        Some(url) => {
            html.extend_from_slice(b"<a href=\"");
            escape_html(url, html)?;
            html.extend_from_slice(b"\">");
            escape_html(name, html)?;
            html.extend_from_slice(b"</a>");
        }
        None => escape_html(name, html)?,
    }
    Ok(())
}

/// A date; machine-readable only when that is honest.
fn day(it: &Value, length: &'static str) -> Result<Value, tera::Error> {
    let filter = if length == "text" { "day" } else { "short_day" };
    let text = text_of(it, length).ok_or_else(|| wants(filter, "a date", it))?;
    let mut html = Vec::with_capacity(64);
    match text_of(it, "machine") {
        Some(machine) => {
            html.extend_from_slice(b"<time datetime=\"");
            escape_html(machine, &mut html)?;
            html.extend_from_slice(b"\">");
            escape_html(text, &mut html)?;
            html.extend_from_slice(b"</time>");
        }
        None => escape_html(text, &mut html)?,
    }
    finished(html)
}

fn text_of<'v>(it: &'v Value, field: &'static str) -> Option<&'v str> {
    // Links and dates have few fields: looking at each is faster than hashing the name.
    it.as_map()?.iter().find(|(key, _)| key.as_str() == Some(field))?.1.as_str()
}

fn wants(filter: &str, what: &str, it: &Value) -> tera::Error {
    tera::Error::message(format!("`{filter}` wants {what}, and this is {}", it.name()))
}

fn finished(html: Vec<u8>) -> Result<Value, tera::Error> {
    Ok(Value::safe_string(&String::from_utf8(html)?))
}

/// JSON that is safe inside a `<script>` element: what could end or open an element, or break a line in old
/// script engines, is written as an escape (HTML, "Restrictions for contents of script elements").
fn json_script(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    for c in json.chars() {
        match c {
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => out.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => out.push(c),
        }
    }
    out
}

/// Words between the quotation marks of a language.
pub fn quoted(words: &str, lang: &str) -> String {
    let (open, close) = quotation_marks(lang);
    [open, words, close].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_cannot_end_its_script_element() {
        let json = serde_json::to_string("</script><script>&\u{2028}").unwrap();
        let safe = json_script(&json);
        assert!(!safe.contains(['<', '>', '&', '\u{2028}']));
        assert_eq!(serde_json::from_str::<String>(&safe).unwrap(), "</script><script>&\u{2028}");
    }

    #[test]
    fn marks_follow_the_language_of_the_words() {
        assert_eq!(quoted("oui", "fr-CA"), "«\u{a0}oui\u{a0}»");
        assert_eq!(quoted("ja", "de"), "„ja“");
        assert_eq!(quoted("yes", "en"), "“yes”");
    }
}
