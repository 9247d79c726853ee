//! Names of glyphs and codes of the standard encodings, as letters.
//!
//! The names are those of the Adobe Glyph List that Latin fonts use; letters with accents follow from their parts:
//! `Zcaron` is Z with a caron. Encodings are those of ISO 32000-1, annex D.

use unicode_normalization::UnicodeNormalization as _;

use super::super::charset;
use super::UNKNOWN;

/// A standard encoding of simple fonts.
#[derive(Clone, Copy)]
pub(super) enum Encoding {
    Standard,
    WinAnsi,
    MacRoman,
}

/// What a code means.
pub(super) fn of_code(encoding: Encoding, code: u8) -> String {
    match (encoding, code) {
        (_, 0..=31 | 127) => UNKNOWN.to_owned(),
        // In this encoding it is another place for the hyphen.
        (Encoding::WinAnsi, 0xAD) => "-".to_owned(),
        (Encoding::WinAnsi, _) => charset::decode_as("windows-1252", &[code]),
        (Encoding::MacRoman, _) => charset::decode_as("macintosh", &[code]),
        (Encoding::Standard, _) => standard(code),
    }
}

fn standard(code: u8) -> String {
    match code {
        0x27 => "’".to_owned(),
        0x60 => "‘".to_owned(),
        0x20..=0x7E => char::from(code).to_string(),
        _ => {
            let upper = STANDARD.iter().find(|(it, _)| *it == code);
            upper.map_or_else(|| UNKNOWN.to_owned(), |(_, letter)| (*letter).to_owned())
        }
    }
}

/// What a glyph's name means: `fi`, `quoteright`, `uni20AC`, `f_f_i`, `a.alt`.
pub(super) fn of_name(name: &str) -> Option<String> {
    let name = name.split('.').next().filter(|it| !it.is_empty())?;
    let mut text = String::new();
    for part in name.split('_') {
        text.push_str(&of_part(part)?);
    }
    Some(text)
}

fn of_part(name: &str) -> Option<String> {
    if let Some((_, letter)) = NAMES.iter().find(|(it, _)| *it == name) {
        return Some((*letter).to_owned());
    }
    let mut letters = name.chars();
    if let (Some(letter), None) = (letters.next(), letters.next()) {
        return letter.is_ascii_alphabetic().then(|| letter.to_string());
    }
    let hex = |digits: &str| u32::from_str_radix(digits, 16).ok().and_then(char::from_u32);
    if let Some(digits) =
        name.strip_prefix("uni").filter(|it| it.len() >= 4 && it.len() % 4 == 0 && it.is_ascii())
    {
        return (0..digits.len()).step_by(4).map(|at| hex(&digits[at..at + 4])).collect();
    }
    if let Some(letter) = name.strip_prefix('u').filter(|it| (4..=6).contains(&it.len())).and_then(hex) {
        return Some(letter.to_string());
    }
    let letter = name.chars().next().filter(char::is_ascii_alphabetic)?;
    let (_, accent) = ACCENTS.iter().find(|(it, _)| *it == &name[1..])?;
    Some([letter, *accent].into_iter().nfc().collect())
}

const ACCENTS: [(&str, char); 14] = [
    ("acute", '\u{301}'),
    ("breve", '\u{306}'),
    ("caron", '\u{30C}'),
    ("cedilla", '\u{327}'),
    ("circumflex", '\u{302}'),
    ("commaaccent", '\u{326}'),
    ("dieresis", '\u{308}'),
    ("dotaccent", '\u{307}'),
    ("grave", '\u{300}'),
    ("hungarumlaut", '\u{30B}'),
    ("macron", '\u{304}'),
    ("ogonek", '\u{328}'),
    ("ring", '\u{30A}'),
    ("tilde", '\u{303}'),
];

/// The upper half of StandardEncoding.
const STANDARD: [(u8, &str); 54] = [
    (0xA1, "¡"),
    (0xA2, "¢"),
    (0xA3, "£"),
    (0xA4, "⁄"),
    (0xA5, "¥"),
    (0xA6, "ƒ"),
    (0xA7, "§"),
    (0xA8, "¤"),
    (0xA9, "'"),
    (0xAA, "“"),
    (0xAB, "«"),
    (0xAC, "‹"),
    (0xAD, "›"),
    (0xAE, "fi"),
    (0xAF, "fl"),
    (0xB1, "–"),
    (0xB2, "†"),
    (0xB3, "‡"),
    (0xB4, "·"),
    (0xB6, "¶"),
    (0xB7, "•"),
    (0xB8, "‚"),
    (0xB9, "„"),
    (0xBA, "”"),
    (0xBB, "»"),
    (0xBC, "…"),
    (0xBD, "‰"),
    (0xBF, "¿"),
    (0xC1, "`"),
    (0xC2, "´"),
    (0xC3, "ˆ"),
    (0xC4, "˜"),
    (0xC5, "¯"),
    (0xC6, "˘"),
    (0xC7, "˙"),
    (0xC8, "¨"),
    (0xCA, "˚"),
    (0xCB, "¸"),
    (0xCD, "˝"),
    (0xCE, "˛"),
    (0xCF, "ˇ"),
    (0xD0, "—"),
    (0xE1, "Æ"),
    (0xE3, "ª"),
    (0xE8, "Ł"),
    (0xE9, "Ø"),
    (0xEA, "Œ"),
    (0xEB, "º"),
    (0xF1, "æ"),
    (0xF5, "ı"),
    (0xF8, "ł"),
    (0xF9, "ø"),
    (0xFA, "œ"),
    (0xFB, "ß"),
];

/// Names that are no letter with an accent.
const NAMES: [(&str, &str); 151] = [
    ("space", " "),
    ("nbspace", " "),
    ("nonbreakingspace", " "),
    ("exclam", "!"),
    ("quotedbl", "\""),
    ("numbersign", "#"),
    ("dollar", "$"),
    ("percent", "%"),
    ("ampersand", "&"),
    ("quotesingle", "'"),
    ("quoteright", "’"),
    ("quoteleft", "‘"),
    ("parenleft", "("),
    ("parenright", ")"),
    ("asterisk", "*"),
    ("plus", "+"),
    ("comma", ","),
    ("hyphen", "-"),
    ("minus", "−"),
    ("period", "."),
    ("slash", "/"),
    ("zero", "0"),
    ("one", "1"),
    ("two", "2"),
    ("three", "3"),
    ("four", "4"),
    ("five", "5"),
    ("six", "6"),
    ("seven", "7"),
    ("eight", "8"),
    ("nine", "9"),
    ("colon", ":"),
    ("semicolon", ";"),
    ("less", "<"),
    ("equal", "="),
    ("greater", ">"),
    ("question", "?"),
    ("at", "@"),
    ("bracketleft", "["),
    ("backslash", "\\"),
    ("bracketright", "]"),
    ("asciicircum", "^"),
    ("underscore", "_"),
    ("grave", "`"),
    ("braceleft", "{"),
    ("bar", "|"),
    ("braceright", "}"),
    ("asciitilde", "~"),
    ("exclamdown", "¡"),
    ("cent", "¢"),
    ("sterling", "£"),
    ("currency", "¤"),
    ("yen", "¥"),
    ("brokenbar", "¦"),
    ("section", "§"),
    ("dieresis", "¨"),
    ("copyright", "©"),
    ("ordfeminine", "ª"),
    ("guillemotleft", "«"),
    ("logicalnot", "¬"),
    ("sfthyphen", "-"),
    ("softhyphen", "-"),
    ("registered", "®"),
    ("macron", "¯"),
    ("degree", "°"),
    ("plusminus", "±"),
    ("twosuperior", "²"),
    ("threesuperior", "³"),
    ("acute", "´"),
    ("mu", "µ"),
    ("paragraph", "¶"),
    ("periodcentered", "·"),
    ("cedilla", "¸"),
    ("onesuperior", "¹"),
    ("ordmasculine", "º"),
    ("guillemotright", "»"),
    ("onequarter", "¼"),
    ("onehalf", "½"),
    ("threequarters", "¾"),
    ("questiondown", "¿"),
    ("AE", "Æ"),
    ("Eth", "Ð"),
    ("multiply", "×"),
    ("Oslash", "Ø"),
    ("Thorn", "Þ"),
    ("germandbls", "ß"),
    ("ae", "æ"),
    ("eth", "ð"),
    ("divide", "÷"),
    ("oslash", "ø"),
    ("thorn", "þ"),
    ("dotlessi", "ı"),
    ("Lslash", "Ł"),
    ("lslash", "ł"),
    ("OE", "Œ"),
    ("oe", "œ"),
    ("Dcroat", "Đ"),
    ("dcroat", "đ"),
    ("florin", "ƒ"),
    ("circumflex", "ˆ"),
    ("caron", "ˇ"),
    ("breve", "˘"),
    ("dotaccent", "˙"),
    ("ring", "˚"),
    ("ogonek", "˛"),
    ("tilde", "˜"),
    ("hungarumlaut", "˝"),
    ("endash", "–"),
    ("emdash", "—"),
    ("quotesinglbase", "‚"),
    ("quotedblleft", "“"),
    ("quotedblright", "”"),
    ("quotedblbase", "„"),
    ("dagger", "†"),
    ("daggerdbl", "‡"),
    ("bullet", "•"),
    ("ellipsis", "…"),
    ("perthousand", "‰"),
    ("guilsinglleft", "‹"),
    ("guilsinglright", "›"),
    ("fraction", "⁄"),
    ("Euro", "€"),
    ("trademark", "™"),
    ("ff", "ff"),
    ("fi", "fi"),
    ("fl", "fl"),
    ("ffi", "ffi"),
    ("ffl", "ffl"),
    ("st", "st"),
    ("figuredash", "‒"),
    ("minute", "′"),
    ("second", "″"),
    ("infinity", "∞"),
    ("notequal", "≠"),
    ("lessequal", "≤"),
    ("greaterequal", "≥"),
    ("approxequal", "≈"),
    ("arrowright", "→"),
    ("arrowleft", "←"),
    ("Delta", "∆"),
    ("Omega", "Ω"),
    ("pi", "π"),
    ("alpha", "α"),
    ("beta", "β"),
    ("gamma", "γ"),
    ("delta", "δ"),
    ("epsilon", "ε"),
    ("lambda", "λ"),
    ("sigma", "σ"),
    ("phi", "φ"),
    ("omega", "ω"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn glyphs_are_known_by_their_names() {
        for (name, text) in [
            ("a", "a"),
            ("fi", "fi"),
            ("f_f_i", "ffi"),
            ("quoteright", "’"),
            ("Zcaron", "Ž"),
            ("eacute", "é"),
            ("a.alt", "a"),
            ("one.oldstyle", "1"),
            ("uni20AC", "€"),
            ("uni00660069", "fi"),
            ("u1F600", "😀"),
            ("semicolon", ";"),
        ] {
            assert_eq!(of_name(name).as_deref(), Some(text), "{name}");
        }
        for unknown in ["g23", ".notdef", "", "uniD800", "uni20", "é", "Xfoo", "u12é"] {
            assert_eq!(of_name(unknown), None, "{unknown}");
        }
    }

    #[test]
    fn codes_follow_their_encoding() {
        let all = |encoding| [0x27, 0x93, 0xAE, 0xD0].map(|code| of_code(encoding, code)).join(" ");
        assert_eq!(all(Encoding::Standard), "’ \u{FFFD} fi —");
        assert_eq!(all(Encoding::WinAnsi), "' “ ® Ð");
        assert_eq!(all(Encoding::MacRoman), "' ì Æ –");
        assert_eq!(of_code(Encoding::WinAnsi, 0xAD), "-");
    }
}
