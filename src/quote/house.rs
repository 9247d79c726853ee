//! Rule 9: what a house style may change, as closed lists, and the keys under which words are looked up.
//!
//! A key is the same for words that differ only in case or in one of these ways. It finds candidates; whether two words
//! are equal is always decided by their letters.

use std::borrow::Cow;

use super::spellings::SPELLINGS;

/// What a house style changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
pub enum HouseRule {
    /// `US` for `U.S.`, `Mr` for `Mr.`
    Abbreviation,
    /// `widely available` for `widely-available`.
    Compound,
    /// `four` for `4`.
    Number,
    /// `percent` for `per cent`.
    PerCent,
    /// `colour` for `color`.
    Spelling,
}

impl HouseRule {
    /// All rules.
    pub const ALL: [HouseRule; 5] = [
        HouseRule::Abbreviation,
        HouseRule::Compound,
        HouseRule::Number,
        HouseRule::PerCent,
        HouseRule::Spelling,
    ];

    /// The name in files: `per-cent`.
    pub fn name(self) -> &'static str {
        match self {
            HouseRule::Abbreviation => "abbreviation",
            HouseRule::Compound => "compound",
            HouseRule::Number => "number",
            HouseRule::PerCent => "per-cent",
            HouseRule::Spelling => "spelling",
        }
    }

    /// The rule with that [`name`](HouseRule::name).
    pub fn parse(name: &str) -> Option<HouseRule> {
        HouseRule::ALL.into_iter().find(|it| it.name() == name)
    }
}

/// The rule by which two different words count as one; none when they are two.
pub(super) fn rule(quote: &str, source: &str) -> Option<HouseRule> {
    let undotted = |text: &str| is_dotted(text).then(|| text.replace('.', ""));
    if undotted(quote).is_some_and(|it| it == source) || undotted(source).is_some_and(|it| it == quote) {
        return Some(HouseRule::Abbreviation);
    }
    let (quote, source) = (quote.to_lowercase(), source.to_lowercase());
    let same = |list: &[(&str, &str)]| {
        list.iter().any(|(a, b)| *a == quote && *b == source || *a == source && *b == quote)
    };
    if same(&PER_CENT) {
        Some(HouseRule::PerCent)
    } else if same(&NUMBERS) {
        Some(HouseRule::Number)
    } else if same(SPELLINGS) {
        Some(HouseRule::Spelling)
    } else {
        None
    }
}

/// Whether a full stop behind the word is a matter of style.
pub(super) fn is_title(word: &str) -> bool {
    ["Mr", "Mrs", "Ms", "Dr", "Prof", "St", "Jr", "Sr", "Gen", "Sen", "Rep", "Gov", "Lt", "Col", "vs"]
        .contains(&word)
}

/// `U.S`, of which the last stop is punctuation.
pub(super) fn is_dotted(word: &str) -> bool {
    word.len() > 2
        && word
            .bytes()
            .enumerate()
            .all(|(idx, it)| if idx % 2 == 0 { it.is_ascii_uppercase() } else { it == b'.' })
}

const PER_CENT: [(&str, &str); 1] = [("per cent", "percent")];

const NUMBERS: [(&str, &str); 10] = [
    ("eight", "8"),
    ("five", "5"),
    ("four", "4"),
    ("nine", "9"),
    ("one", "1"),
    ("seven", "7"),
    ("six", "6"),
    ("three", "3"),
    ("two", "2"),
    ("zero", "0"),
];

/// The key of a folded word.
pub(super) fn key(word: &str) -> u32 {
    if is_dotted(word) {
        return word
            .bytes()
            .filter(|it| *it != b'.')
            .fold(SEED, |hash, it| mix(hash, it.to_ascii_lowercase()));
    }
    let lower: Cow<'_, str> = match word.is_ascii() {
        true => Cow::Borrowed(word),
        false => Cow::Owned(word.to_lowercase()),
    };
    let hash = lower.bytes().fold(SEED, |hash, it| mix(hash, it.to_ascii_lowercase()));
    if !may_have_variant(hash) {
        return hash;
    }
    let lower = lower.to_ascii_lowercase();
    let lists: [&[(&str, &str)]; 3] = [SPELLINGS, &NUMBERS, &PER_CENT];
    let other = lists.iter().find_map(|list| {
        let idx = list.binary_search_by(|(variant, _)| (*variant).cmp(lower.as_str())).ok()?;
        Some(list[idx].1)
    });
    other.map_or(hash, |other| other.bytes().fold(SEED, mix))
}

// FNV-1a. It is known at compile time, small and the same everywhere.
const SEED: u32 = 0x811c_9dc5;

const fn mix(hash: u32, byte: u8) -> u32 {
    (hash ^ byte as u32).wrapping_mul(0x0100_0193)
}

/// Says of nearly every word without a variant that it has none: looking all of them up would be a third of folding.
fn may_have_variant(hash: u32) -> bool {
    FILTER[slot(hash) / 64] >> (slot(hash) % 64) & 1 == 1
}

const fn slot(hash: u32) -> usize {
    (hash >> 18) as usize
}

const FILTER: [u64; 256] = {
    let mut filter = [0; 256];
    let lists: [&[(&str, &str)]; 3] = [SPELLINGS, &NUMBERS, &PER_CENT];
    let mut list_idx = 0;
    while list_idx < lists.len() {
        let mut idx = 0;
        while idx < lists[list_idx].len() {
            let bytes = lists[list_idx][idx].0.as_bytes();
            let mut hash = SEED;
            let mut at = 0;
            while at < bytes.len() {
                hash = mix(hash, bytes[at]);
                at += 1;
            }
            filter[slot(hash) / 64] |= 1 << (slot(hash) % 64);
            idx += 1;
        }
        list_idx += 1;
    }
    filter
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variants_share_a_key_and_a_rule() {
        for (a, b, expected) in [
            ("U.S", "US", HouseRule::Abbreviation),
            ("per cent", "percent", HouseRule::PerCent),
            ("Four", "4", HouseRule::Number),
            ("organisation", "organization", HouseRule::Spelling),
            ("Colour", "color", HouseRule::Spelling),
        ] {
            assert_eq!(key(a), key(b), "{a} {b}");
            assert_eq!(rule(a, b), Some(expected));
            assert_eq!(rule(b, a), Some(expected));
        }
        for (a, b) in [("U.S", "us"), ("ten", "10"), ("tire", "tyre"), ("a", "b"), ("is", "was")] {
            assert_eq!(rule(a, b), None, "{a} {b}");
        }
    }

    #[test]
    fn the_lists_are_sorted_and_no_word_is_in_two_pairs() {
        for list in [SPELLINGS, &NUMBERS] {
            assert!(list.is_sorted(), "they are searched by halves");
            let mut words: Vec<&str> = list.iter().flat_map(|(a, b)| [*a, *b]).collect();
            words.sort_unstable();
            let n_words = words.len();
            words.dedup();
            assert_eq!(words.len(), n_words);
        }
    }
}
