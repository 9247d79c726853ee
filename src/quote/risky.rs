//! Words that can turn a meaning: negations, hedges, conditions (rule 5). Closed lists, one for each language.
//!
//! They raise a warning and decide nothing: whether the meaning is turned, people judge.

use super::tokens::{Shape, Text};

/// The list of a language.
pub(super) struct RiskyWords {
    /// Negations.
    negations: &'static [&'static str],
    /// Hedges, conditions and restrictions. Two words are written with a space between them.
    others: &'static [&'static str],
    /// Numbers that are written as words.
    numbers: &'static [&'static str],
    /// What an amount goes on with: `million`, `percent`.
    units: &'static [&'static str],
    /// What a number may begin with: `minus`, `half`.
    signs: &'static [&'static str],
    /// Indefinite articles, as in `half a million`.
    articles: &'static [&'static str],
    /// What a longer word may start or end with to count as a negation, and how that is named.
    affixes: &'static [(Affix, &'static str)],
    /// Whether the language puts no spaces between words.
    is_unspaced: bool,
}

enum Affix {
    Before(&'static str),
    Behind(&'static str),
}

const ENGLISH: RiskyWords = RiskyWords {
    negations: &[
        "not", "no", "never", "cannot", "nor", "neither", "none", "nobody", "nothing", "nowhere", "without",
        "hardly", "barely", "scarcely",
    ],
    others: &[
        "if",
        "unless",
        "except",
        "only",
        "could",
        "may",
        "might",
        "allegedly",
        "reportedly",
        "supposedly",
        "apparently",
        "perhaps",
        "maybe",
        "possibly",
        "probably",
    ],
    numbers: &[
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "eleven",
        "twelve",
        "thirteen",
        "fourteen",
        "fifteen",
        "sixteen",
        "seventeen",
        "eighteen",
        "nineteen",
        "dozen",
        "twenty",
        "thirty",
        "forty",
        "fifty",
        "sixty",
        "seventy",
        "eighty",
        "ninety",
        "hundred",
        "hundreds",
        "thousand",
        "thousands",
        "million",
        "millions",
        "billion",
        "billions",
        "trillion",
        "trillions",
        "dozens",
        "quarter",
        "once",
        "twice",
        "thrice",
        "half",
        "zero",
    ],
    units: &[
        "hundred",
        "thousand",
        "million",
        "millions",
        "billion",
        "billions",
        "trillion",
        "trillions",
        "bn",
        "m",
        "k",
        "dozen",
        "percent",
        "per cent",
        "percentage",
        "degrees",
        "degree",
        "times",
        "fold",
        "km",
        "cm",
        "mm",
        "kg",
        "g",
        "kilometres",
        "kilometers",
        "metres",
        "meters",
        "miles",
        "feet",
        "inches",
        "tons",
        "tonnes",
        "kilograms",
        "grams",
        "pounds",
        "litres",
        "liters",
        "hectares",
        "acres",
        "kw",
        "mw",
        "gw",
        "kwh",
        "mwh",
        "twh",
    ],
    signs: &["minus", "negative", "half", "quarter"],
    articles: &["a", "an"],
    affixes: &[(Affix::Behind("n't"), "n't")],
    is_unspaced: false,
};

const FRENCH: RiskyWords = RiskyWords {
    negations: &[
        "ne", "pas", "non", "jamais", "sans", "aucun", "aucune", "ni", "rien", "nul", "nulle", "guère",
        "personne",
    ],
    others: &[
        "si",
        "sauf",
        "seulement",
        "pourrait",
        "pourraient",
        "peut être",
        "probablement",
        "possiblement",
        "prétendument",
        "excepté",
        "hormis",
        "à moins",
        "s'il",
        "s'ils",
        "éventuellement",
    ],
    numbers: &[
        "deux",
        "trois",
        "quatre",
        "cinq",
        "six",
        "sept",
        "huit",
        "neuf",
        "dix",
        "onze",
        "douze",
        "treize",
        "quatorze",
        "quinze",
        "seize",
        "vingt",
        "vingts",
        "trente",
        "quarante",
        "cinquante",
        "soixante",
        "septante",
        "huitante",
        "nonante",
        "dizaine",
        "dizaines",
        "douzaine",
        "vingtaine",
        "centaine",
        "centaines",
        "cents",
        "millier",
        "milliers",
        "tiers",
        "cent",
        "mille",
        "million",
        "millions",
        "milliard",
        "milliards",
        "moitié",
        "zéro",
    ],
    units: &[
        "cent",
        "cents",
        "mille",
        "million",
        "millions",
        "milliard",
        "milliards",
        "douzaine",
        "pour",
        "degrés",
        "degré",
        "fois",
        "km",
        "m",
        "cm",
        "mm",
        "kg",
        "g",
        "t",
        "ha",
        "kilomètres",
        "mètres",
        "tonnes",
        "kilogrammes",
        "grammes",
        "litres",
        "hectares",
        "kw",
        "mw",
        "gw",
        "kwh",
        "twh",
    ],
    signs: &["moins", "demi", "demie"],
    articles: &["un", "une"],
    affixes: &[(Affix::Before("n'"), "n'")],
    is_unspaced: false,
};

const GERMAN: RiskyWords = RiskyWords {
    negations: &[
        "nicht", "kein", "keine", "keinen", "keinem", "keiner", "keines", "nie", "niemals", "niemand",
        "nirgends", "nichts", "ohne", "weder", "nein", "kaum",
    ],
    others: &[
        "wenn",
        "falls",
        "sofern",
        "außer",
        "nur",
        "könnte",
        "könnten",
        "dürfte",
        "dürften",
        "vielleicht",
        "angeblich",
        "möglicherweise",
        "womöglich",
        "wahrscheinlich",
        "wohl",
        "es sei",
    ],
    numbers: &[
        "zwei",
        "drei",
        "vier",
        "fünf",
        "sechs",
        "sieben",
        "acht",
        "neun",
        "zehn",
        "elf",
        "zwölf",
        "dreizehn",
        "vierzehn",
        "fünfzehn",
        "sechzehn",
        "siebzehn",
        "achtzehn",
        "neunzehn",
        "zwanzig",
        "dreißig",
        "dreissig",
        "vierzig",
        "fünfzig",
        "sechzig",
        "siebzig",
        "achtzig",
        "neunzig",
        "dutzend",
        "hunderte",
        "tausende",
        "zweihundert",
        "dreihundert",
        "fünfhundert",
        "zweitausend",
        "dreitausend",
        "fünftausend",
        "billion",
        "billionen",
        "drittel",
        "viertel",
        "hundert",
        "tausend",
        "million",
        "millionen",
        "milliarde",
        "milliarden",
        "hälfte",
        "null",
    ],
    units: &[
        "hundert",
        "tausend",
        "million",
        "millionen",
        "milliarde",
        "milliarden",
        "billion",
        "billionen",
        "mio",
        "mrd",
        "dutzend",
        "prozent",
        "prozentpunkte",
        "grad",
        "mal",
        "km",
        "m",
        "cm",
        "mm",
        "kg",
        "g",
        "t",
        "ha",
        "kilometer",
        "meter",
        "tonnen",
        "kilogramm",
        "gramm",
        "liter",
        "hektar",
        "kw",
        "mw",
        "gw",
        "kwh",
        "twh",
    ],
    signs: &["minus", "halb", "halbe", "halben", "eineinhalb"],
    articles: &["ein", "eine", "einen", "einer"],
    affixes: &[],
    is_unspaced: false,
};

const SPANISH: RiskyWords = RiskyWords {
    negations: &[
        "no", "nunca", "jamás", "sin", "ni", "nada", "nadie", "ningún", "ninguna", "ninguno", "tampoco",
        "apenas",
    ],
    others: &[
        "si",
        "salvo",
        "excepto",
        "solo",
        "sólo",
        "solamente",
        "podría",
        "podrían",
        "quizá",
        "quizás",
        "tal vez",
        "supuestamente",
        "presuntamente",
        "posiblemente",
        "probablemente",
        "a menos",
    ],
    numbers: &[
        "dos",
        "tres",
        "cuatro",
        "cinco",
        "seis",
        "siete",
        "ocho",
        "nueve",
        "diez",
        "once",
        "doce",
        "trece",
        "catorce",
        "quince",
        "dieciséis",
        "diecisiete",
        "dieciocho",
        "diecinueve",
        "veinte",
        "veintiuno",
        "veintidós",
        "veintitrés",
        "veinticuatro",
        "veinticinco",
        "treinta",
        "cuarenta",
        "cincuenta",
        "sesenta",
        "setenta",
        "ochenta",
        "noventa",
        "doscientos",
        "trescientos",
        "cuatrocientos",
        "quinientos",
        "cientos",
        "miles",
        "docena",
        "tercio",
        "cien",
        "ciento",
        "mil",
        "millón",
        "millones",
        "mitad",
        "cero",
    ],
    units: &[
        "cien",
        "cientos",
        "mil",
        "millón",
        "millones",
        "billón",
        "billones",
        "docena",
        "por",
        "grados",
        "grado",
        "veces",
        "km",
        "m",
        "cm",
        "mm",
        "kg",
        "g",
        "t",
        "ha",
        "kilómetros",
        "metros",
        "toneladas",
        "kilogramos",
        "gramos",
        "litros",
        "hectáreas",
        "kw",
        "mw",
        "gw",
        "kwh",
        "twh",
    ],
    signs: &["menos", "medio", "media"],
    articles: &["un", "una"],
    affixes: &[],
    is_unspaced: false,
};

const fn unspaced(negations: &'static [&'static str]) -> RiskyWords {
    RiskyWords {
        negations,
        others: &[],
        numbers: &[],
        units: &[],
        signs: &[],
        articles: &[],
        affixes: &[],
        is_unspaced: true,
    }
}

const CHINESE: RiskyWords = unspaced(&["不", "没", "沒", "無", "无", "非", "未"]);

const JAPANESE: RiskyWords = unspaced(&["不", "無", "非", "未", "ない", "ません", "なかった", "なく"]);

/// The list for a language tag; none when there is no list, so that nobody takes silence for an answer.
pub(super) fn words(lang: &str) -> Option<&'static RiskyWords> {
    let primary = lang.split(['-', '_']).next().unwrap_or("");
    match primary.to_ascii_lowercase().as_str() {
        "en" => Some(&ENGLISH),
        "fr" => Some(&FRENCH),
        "de" => Some(&GERMAN),
        "es" => Some(&SPANISH),
        "zh" => Some(&CHINESE),
        "ja" => Some(&JAPANESE),
        _ => None,
    }
}

/// What is found among some words.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Found {
    /// All words of the list, each once, in order.
    pub(super) risky: Vec<String>,
    /// The negations among them, sorted, as often as they stand there.
    pub(super) negations: Vec<String>,
    /// The numbers, in order.
    pub(super) numbers: Vec<String>,
}

impl RiskyWords {
    /// How many letters beyond an end of the quotation a word of the list may reach back into it.
    pub(super) fn reach(&self) -> usize {
        const LONGEST: usize = 4;
        if self.is_unspaced { LONGEST - 1 } else { 0 }
    }

    /// Whether a word, in small letters, is a number.
    pub(super) fn is_number(&self, word: &str) -> bool {
        self.numbers.contains(&word)
    }

    /// Whether an amount may go on with it.
    pub(super) fn is_unit(&self, word: &str) -> bool {
        self.units.contains(&word)
    }

    /// Whether a number may begin with it.
    pub(super) fn is_sign(&self, word: &str) -> bool {
        self.signs.contains(&word)
    }

    /// Whether it is an indefinite article.
    pub(super) fn is_article(&self, word: &str) -> bool {
        self.articles.contains(&word)
    }

    /// Looks at the words with these numbers.
    pub(super) fn find(&self, text: &Text, range: std::ops::Range<usize>) -> Found {
        if self.is_unspaced {
            return self.find_unspaced(text, range);
        }
        let mut found = Found::default();
        let mut before = String::new();
        for idx in range {
            let word = text.word(idx).to_lowercase();
            let affix = self.affixes.iter().find(|(affix, _)| match affix {
                Affix::Before(it) => word.starts_with(it),
                Affix::Behind(it) => word.ends_with(it),
            });
            // What an apostrophe ties to the front of a word does not hide it: `qu'aucun`.
            let bare = word.rsplit_once('\'').map_or(word.as_str(), |(_, it)| it);
            let negation = match affix {
                Some((_, name)) => Some((*name).to_owned()),
                None => {
                    self.negations.iter().find(|it| **it == word || **it == bare).map(|it| (*it).to_owned())
                }
            };
            let pair = format!("{before} {word}");
            // The month is no hedge.
            let is_month = word == "may" && text.word(idx) == "May";
            let other = self
                .others
                .iter()
                .filter(|_| !is_month)
                .find(|it| **it == word || **it == bare || **it == pair);
            let other = other.map(|it| (*it).to_owned());
            if self.is_number(&word) || is_in_digits(text, idx) {
                found.numbers.push(word.clone());
            }
            found.negations.extend(negation.clone());
            for it in negation.into_iter().chain(other) {
                if !found.risky.contains(&it) {
                    found.risky.push(it);
                }
            }
            before = word;
        }
        found.negations.sort();
        found
    }

    /// In a script without spaces a word of the list is looked for among the letters.
    fn find_unspaced(&self, text: &Text, range: std::ops::Range<usize>) -> Found {
        let mut found = Found { numbers: digits(text, range.clone()), ..Found::default() };
        let letters: String = range.map(|it| text.word(it)).collect();
        for word in self.negations {
            let n_times = letters.matches(word).count();
            found.negations.extend(std::iter::repeat_n((*word).to_owned(), n_times));
            if n_times > 0 {
                found.risky.push((*word).to_owned());
            }
        }
        found
    }
}

/// The numbers in digits among some words, and the signs that belong to them.
pub(super) fn digits(text: &Text, range: std::ops::Range<usize>) -> Vec<String> {
    range.filter(|it| is_in_digits(text, *it)).map(|it| text.word(it).to_owned()).collect()
}

fn is_in_digits(text: &Text, idx: usize) -> bool {
    text.word(idx).contains(char::is_numeric) || text.words[idx].shape == Shape::Bound
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(lang: &str, text: &str, expected: &[&str]) {
        let text = Text::new(text);
        let found = words(lang).unwrap().find(&text, 0..text.len());
        assert_eq!(found.risky, expected);
    }

    #[test]
    fn each_language_knows_its_own() {
        check("en-GB", "It isn’t so, unless Not", &["n't", "unless", "not"]);
        check("fr", "Ce n’est pas ce qu’aucun… peut-être s’il", &["n'", "pas", "aucun", "peut être", "s'il"]);
        check("de-AT", "Wir haben keine Wahl, es sei denn", &["keine", "es sei"]);
        check("es", "Tal vez, si no", &["tal vez", "si", "no"]);
        assert!(words("pt").is_none() && words("").is_none() && words("enm").is_none());
    }

    #[test]
    fn numbers_are_found_in_digits_and_words() {
        let text = Text::new("two of 15 % and no more");
        assert_eq!(words("en").unwrap().find(&text, 0..text.len()).numbers, ["two", "15", "%"]);
    }
}
