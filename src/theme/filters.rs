//! The filters a theme has besides Tera's own. All are pure.

use tera::{Kwargs, State, Tera, Value};

/// Registers every filter. Must happen before templates are added, so that an unknown one is found at once.
pub(super) fn register(tera: &mut Tera) {
    tera.register_filter("json_script", |value: Value, _: Kwargs, _: &State<'_>| {
        let json = serde_json::to_string(&value).map_err(tera::Error::message)?;
        Ok::<Value, tera::Error>(Value::safe_string(&json_script(&json)))
    });
    tera.register_filter("quoted", |words: &str, kwargs: Kwargs, _: &State<'_>| {
        let lang = kwargs.get::<&str>("lang")?.unwrap_or("en");
        Ok::<String, tera::Error>(quoted(words, lang))
    });
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

/// Words between the quotation marks of a language (CLDR, "delimiters").
fn quoted(words: &str, lang: &str) -> String {
    let (open, close) = match lang.split(['-', '_']).next().unwrap_or(lang) {
        "de" | "cs" | "sk" | "bg" | "sl" | "hr" | "is" | "lt" | "et" | "ka" => ("„", "“"),
        "pl" | "hu" | "ro" | "sr" | "nl" => ("„", "”"),
        "fr" => ("«\u{a0}", "\u{a0}»"),
        "es" | "it" | "pt" | "ru" | "uk" | "be" | "el" | "no" | "nb" | "nn" | "ca" | "fa" | "ar" => {
            ("«", "»")
        }
        "da" => ("»", "«"),
        "sv" | "fi" => ("”", "”"),
        "ja" => ("「", "」"),
        "he" | "iw" => ("”", "”"),
        _ => ("“", "”"),
    };
    format!("{open}{words}{close}")
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
