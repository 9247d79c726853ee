//! Which letters a font's codes mean, and how wide they are.
//!
//! Asks in this order: the font's own table to Unicode, its list of glyph names, the standard encoding it names
//! (ISO 32000-1, §9.10.2). What none of them knows is [`super::UNKNOWN`].

use std::collections::BTreeMap;

use hayro_cmap::{BfString, CMap};
use hayro_syntax::object::{Array, Dict, Name, Object, Stream};

use super::super::charset;
use super::{UNKNOWN, glyphs};

/// A font, as far as text is concerned.
pub(super) struct Font {
    codes: Codes,
    to_unicode: Option<CMap>,
    widths: BTreeMap<u32, f64>,
    /// The width of what `widths` does not hold.
    default_width: Option<f64>,
    pub(super) is_vertical: bool,
}

enum Codes {
    /// One byte each, with what each means.
    Simple(Vec<String>),
    /// Two bytes each, and how they become the numbers that widths are listed under.
    Composite(Option<Box<CMap>>),
    /// Text in a legacy encoding or in UTF-16, by its label.
    Encoded(&'static str),
}

/// One letter of a text.
pub(super) struct Letter {
    pub(super) text: String,
    /// In thousandths of the font's size.
    pub(super) width: f64,
    /// Whether it is the single-byte code 32, which word spacing widens.
    pub(super) is_blank: bool,
}

impl Font {
    /// Reads a font's dictionary. What is missing is guessed as readers do.
    pub(super) fn read(dict: &Dict<'_>) -> Font {
        let to_unicode = dict.get::<Stream<'_>>("ToUnicode").and_then(|it| cmap(&it));
        let is_composite = dict.get::<Name<'_>>("Subtype").is_some_and(|it| it.as_str() == "Type0");
        if is_composite { composite(dict, to_unicode) } else { simple(dict, to_unicode) }
    }

    /// Takes a text apart.
    pub(super) fn letters(&self, text: &[u8]) -> Vec<Letter> {
        match &self.codes {
            Codes::Simple(meanings) => {
                let letter = |code: &u8| Letter {
                    text: self
                        .mapped(u32::from(*code))
                        .unwrap_or_else(|| meanings[usize::from(*code)].clone()),
                    width: self.width(u32::from(*code), &meanings[usize::from(*code)]),
                    is_blank: *code == 32,
                };
                text.iter().map(letter).collect()
            }
            Codes::Composite(encoding) => {
                let letter = |bytes: &[u8]| {
                    let code = bytes.iter().fold(0, |code, byte| code << 8 | u32::from(*byte));
                    let cid = match encoding {
                        Some(cmap) => cmap.lookup_cid_code(code, 2).unwrap_or(0),
                        None => code,
                    };
                    let text = self.mapped(code).unwrap_or_else(|| UNKNOWN.to_owned());
                    Letter { text, width: self.width(cid, ""), is_blank: false }
                };
                text.chunks(2).map(letter).collect()
            }
            Codes::Encoded(label) => {
                let letter = |c: char| Letter {
                    text: c.to_string(),
                    width: self.width(u32::MAX, ""),
                    is_blank: false,
                };
                charset::decode_as(label, text).chars().map(letter).collect()
            }
        }
    }

    fn mapped(&self, code: u32) -> Option<String> {
        let text = match self.to_unicode.as_ref()?.lookup_bf_string(code)? {
            BfString::Char(c) => c.to_string(),
            BfString::String(text) => text,
        };
        // Some files map everything they do not know to nothing.
        (!text.trim_matches('\0').is_empty()).then_some(text)
    }

    fn width(&self, code: u32, meaning: &str) -> f64 {
        let width = self.widths.get(&code).copied().or(self.default_width);
        width.unwrap_or_else(|| guessed_width(meaning))
    }
}

fn cmap(stream: &Stream<'_>) -> Option<CMap> {
    CMap::parse(&stream.decoded().ok()?, |_| None)
}

fn simple(dict: &Dict<'_>, to_unicode: Option<CMap>) -> Font {
    let name = dict.get::<Name<'_>>("BaseFont").map(|it| it.as_str().to_owned()).unwrap_or_default();
    let is_symbols = ["Symbol", "ZapfDingbats"].iter().any(|it| name.ends_with(it));
    let encoding = dict.get::<Dict<'_>>("Encoding");
    let base = match &encoding {
        Some(encoding) => encoding.get::<Name<'_>>("BaseEncoding"),
        None => dict.get::<Name<'_>>("Encoding"),
    };
    let is_true_type = dict.get::<Name<'_>>("Subtype").is_some_and(|it| it.as_str() == "TrueType");
    let base = match base.as_ref().map(Name::as_str) {
        Some("WinAnsiEncoding") => glyphs::Encoding::WinAnsi,
        Some("MacRomanEncoding") => glyphs::Encoding::MacRoman,
        Some(_) | None if is_true_type => glyphs::Encoding::WinAnsi,
        Some(_) | None => glyphs::Encoding::Standard,
    };
    let mut meanings: Vec<String> = (0..=255)
        .map(|code| if is_symbols { UNKNOWN.to_owned() } else { glyphs::of_code(base, code) })
        .collect();
    if let Some(differences) = encoding.and_then(|it| it.get::<Array<'_>>("Differences")) {
        let mut code = 0_usize;
        for item in differences.iter::<Object<'_>>() {
            match item {
                Object::Number(number) => code = usize::try_from(number.as_i64()).unwrap_or(256),
                Object::Name(name) => {
                    if let Some(meaning) = meanings.get_mut(code) {
                        *meaning = glyphs::of_name(name.as_str()).unwrap_or_else(|| UNKNOWN.to_owned());
                    }
                    code = code.saturating_add(1);
                }
                _ => (),
            }
        }
    }
    // A Type 3 font draws its own letters in its own measure.
    let matrix = dict.get::<Array<'_>>("FontMatrix").and_then(|it| <[f64; 6]>::try_from(it).ok());
    let scale = matrix.map_or(1.0, |it| it[0].abs() * 1000.0);
    let first = dict.get::<u32>("FirstChar").unwrap_or(0);
    let widths: Vec<f64> = dict
        .get::<Array<'_>>("Widths")
        .map(|it| it.iter::<f64>().map(|it| it * scale).collect())
        .unwrap_or_default();
    let missing = dict.get::<Dict<'_>>("FontDescriptor").and_then(|it| it.get::<f64>("MissingWidth"));
    let default_width = if widths.is_empty() { None } else { Some(missing.unwrap_or(0.0)) };
    let widths = (first..=255).zip(widths).collect();
    Font { codes: Codes::Simple(meanings), to_unicode, widths, default_width, is_vertical: false }
}

fn composite(dict: &Dict<'_>, to_unicode: Option<CMap>) -> Font {
    let name = dict.get::<Name<'_>>("Encoding").map(|it| it.as_str().to_owned()).unwrap_or_default();
    let codes = match label_of(&name) {
        Some(label) if to_unicode.is_none() => Codes::Encoded(label),
        Some(_) | None => {
            Codes::Composite(dict.get::<Stream<'_>>("Encoding").and_then(|it| cmap(&it)).map(Box::new))
        }
    };
    let descendant = dict.get::<Array<'_>>("DescendantFonts").and_then(|it| it.iter::<Dict<'_>>().next());
    let mut widths = BTreeMap::new();
    if let Some(listed) = descendant.as_ref().and_then(|it| it.get::<Array<'_>>("W")) {
        read_widths(&listed, &mut widths);
    }
    let default_width = descendant.and_then(|it| it.get::<f64>("DW")).unwrap_or(1000.0);
    Font { codes, to_unicode, widths, default_width: Some(default_width), is_vertical: name.ends_with("-V") }
}

/// `10 [500 600] 20 30 700`: widths from 10 on, and one for 20 to 30 (ISO 32000-1, §9.7.4.3).
fn read_widths(listed: &Array<'_>, widths: &mut BTreeMap<u32, f64>) {
    let mut numbers: Vec<f64> = Vec::new();
    for item in listed.iter::<Object<'_>>() {
        match item {
            Object::Number(number) => numbers.push(number.as_f64()),
            Object::Array(items) => {
                let first = numbers.pop().unwrap_or(0.0) as u32;
                widths.extend((first..=0xFFFF).zip(items.iter::<f64>()));
                numbers.clear();
            }
            _ => (),
        }
        if let [first, last, width] = numbers[..] {
            let last = (last as u32).min(0xFFFF);
            widths.extend((first as u32..=last).map(|code| (code, width)));
            numbers.clear();
        }
    }
}

/// The encoding that a predefined CMap reads, as a label of the Encoding Standard.
fn label_of(cmap: &str) -> Option<&'static str> {
    let known = [
        ("UCS2", "utf-16be"),
        ("UTF16", "utf-16be"),
        ("RKSJ", "shift_jis"),
        ("EUC-H", "euc-jp"),
        ("GBK", "gbk"),
        ("GBpc", "gbk"),
        ("GB-EUC", "gbk"),
        ("B5pc", "big5"),
        ("ETen", "big5"),
        ("KSC", "euc-kr"),
    ];
    // `GB-EUC-H` and `KSC-EUC-H` hold `EUC-H`, so that the exact one comes last.
    let mut found = known.iter().filter(|(part, _)| cmap.contains(part));
    match (found.next(), found.next_back()) {
        (Some((_, first)), last) => Some(last.map_or(*first, |(_, last)| last)),
        (None, _) => None,
    }
}

/// Widths of the fonts that every reader has are not in the file; these are near enough to tell where words end.
fn guessed_width(letter: &str) -> f64 {
    match letter.chars().next() {
        Some(
            ' ' | '!' | ',' | '.' | '/' | ':' | ';' | '\'' | 'I' | 'f' | 'i' | 'j' | 'l' | 't' | '’' | '‘',
        ) => 278.0,
        Some('(' | ')' | '-' | 'r' | '"' | '“' | '”') => 333.0,
        Some('M' | 'W' | 'm' | 'w' | '%' | '@' | '—' | '…') => 880.0,
        Some('A'..='Z') => 690.0,
        Some(_) => 550.0,
        None => 0.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn predefined_cmaps_are_read_by_their_encoding() {
        for (name, label) in [
            ("UniGB-UCS2-H", Some("utf-16be")),
            ("UniJIS-UTF16-V", Some("utf-16be")),
            ("90ms-RKSJ-H", Some("shift_jis")),
            ("GBK-EUC-H", Some("gbk")),
            ("GB-EUC-H", Some("gbk")),
            ("KSC-EUC-H", Some("euc-kr")),
            ("EUC-H", Some("euc-jp")),
            ("ETen-B5-H", Some("big5")),
            ("Identity-H", None),
        ] {
            assert_eq!(label_of(name), label, "{name}");
        }
    }
}
