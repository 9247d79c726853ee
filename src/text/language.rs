//! Language tags (BCP 47), as far as we must understand them.

/// Whether texts with these tags are in one language: `en` and `en-GB` are, `sr-Latn` and `sr-Cyrl` are not. Tags without a
/// script say nothing about it.
pub fn same_language(one: &str, other: &str) -> bool {
    let (one, other) = (parts(one), parts(other));
    let one_script = one.1.is_none() || other.1.is_none() || one.1 == other.1;
    one.0 == other.0 && one_script
}

/// The language and the script of a tag, in small letters (RFC 5646, section 2.1).
fn parts(tag: &str) -> (String, Option<String>) {
    let tag = tag.trim().to_ascii_lowercase().replace('_', "-");
    let mut subtags = tag.split('-');
    let language = subtags.next().unwrap_or_default().to_owned();
    let script = subtags.find(|it| it.len() == 4 && it.bytes().all(|it| it.is_ascii_alphabetic()));
    (language, script.map(str::to_owned))
}

/// The quotation marks of a language, opening and closing (CLDR, "delimiters").
pub fn quotation_marks(lang: &str) -> (&'static str, &'static str) {
    match lang.split(['-', '_']).next().unwrap_or(lang) {
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
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn regions_do_not_make_a_language_and_scripts_do() {
        for (one, other, same) in [
            ("en", "en", true),
            ("en", "EN-gb", true),
            ("en", "es", false),
            ("sr-Latn", "sr-Cyrl-RS", false),
            ("zh", "zh-Hant", true),
            ("pt_BR", "pt-PT", true),
        ] {
            assert_eq!(same_language(one, other), same, "{one} {other}");
        }
    }
}
