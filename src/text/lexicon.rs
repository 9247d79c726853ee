//! Word lists per language, for whoever reads prose: hedges, verbs of saying, days, silences, numbers.
//!
//! In: a language tag. Out: a [`Lexicon`], or nothing for a language without lists; whoever asks must then say that it did
//! not look. The lists are closed: a word that is not there is not known, and no list is guessed from another language.
//!
//! A phrase is words in small letters with single spaces. `#` stands for a number in digits or words, `@` for a day of
//! the week, and a word that ends in `*` for all that begin so.

mod de;
mod en;
mod es;
mod fr;

/// The words of one language.
#[derive(Debug)]
pub struct Lexicon {
    /// The primary subtag of its BCP 47 tag: `en`.
    pub lang: &'static str,
    /// What makes a sentence an account of somebody's view, and not a statement of fact.
    pub hedges: &'static [&'static str],
    /// Verbs of saying in the forms in which a report attributes words.
    pub speech: &'static [&'static str],
    /// Verbs of naming, which attribute words only when more than a name follows.
    pub naming: &'static [&'static str],
    /// Who speaks when the text speaks of itself.
    pub ourselves: &'static [&'static str],
    /// Times that only the day of writing explains.
    pub deictic: &'static [&'static str],
    /// Times that only the week explains.
    pub weekly: &'static [&'static str],
    /// Words before such a time that tie it to something else: *the* last week.
    pub tied_before: &'static [&'static str],
    /// Words behind a day of the week that tie it to something else: on Monday *after* the release.
    pub tied_behind: &'static [&'static str],
    /// Words behind any of these times that make it part of a time that is named: last week *of* January.
    pub part_of: &'static [&'static str],
    /// Days of the week, from Monday.
    pub weekdays: [&'static str; 7],
    /// Months, from January.
    pub months: [&'static str; 12],
    /// What is said of those who say nothing.
    pub silences: &'static [&'static str],
    /// Numbers in words, with their values.
    pub numbers: &'static [(&'static str, u32)],
    /// Words and signs behind a number that mean hundredths.
    pub percent: &'static [&'static str],
    /// Words for thousand, million, billion and trillion, short or long, with the power of ten.
    pub magnitudes: &'static [(&'static str, u32)],
    /// Whether a comma marks decimals and a point groups thousands.
    pub decimal_comma: bool,
}

static ALL: [&Lexicon; 4] = [&en::LEXICON, &de::LEXICON, &fr::LEXICON, &es::LEXICON];

impl Lexicon {
    /// The lists for a language tag such as `en-GB`; `None` when there are none.
    pub fn of(tag: &str) -> Option<&'static Lexicon> {
        let primary = tag.split(['-', '_']).next().unwrap_or(tag);
        ALL.into_iter().find(|it| it.lang.eq_ignore_ascii_case(primary))
    }

    /// The languages there are lists for.
    pub fn languages() -> impl Iterator<Item = &'static str> {
        ALL.into_iter().map(|it| it.lang)
    }

    /// The value of a number word.
    pub fn number(&self, word: &str) -> Option<u32> {
        self.numbers.iter().find(|(it, _)| *it == word).map(|(_, value)| *value)
    }

    /// Whether a word, in small letters, is the name of a month.
    pub fn is_month(&self, word: &str) -> bool {
        self.months.contains(&word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_finds_its_language() {
        for (tag, found) in [("en", Some("en")), ("de-CH", Some("de")), ("FR", Some("fr")), ("tlh", None)] {
            assert_eq!(Lexicon::of(tag).map(|it| it.lang), found, "{tag}");
        }
        assert_eq!(Lexicon::languages().count(), 4);
    }

    #[test]
    fn phrases_are_written_as_they_are_looked_up() {
        for it in ALL {
            let lists = [
                it.hedges,
                it.speech,
                it.naming,
                it.ourselves,
                it.deictic,
                it.weekly,
                it.silences,
                it.percent,
            ];
            let phrases = lists.into_iter().flatten().chain(&it.months).chain(&it.weekdays);
            for phrase in phrases.chain(it.tied_before).chain(it.tied_behind).chain(it.part_of) {
                let plain = !phrase.is_empty() && !phrase.contains(['’', '“']);
                assert!(plain && phrase.trim() == *phrase && !phrase.contains("  "), "{}: {phrase}", it.lang);
                assert_eq!(phrase.to_lowercase(), **phrase, "{}", it.lang);
            }
        }
    }
}
