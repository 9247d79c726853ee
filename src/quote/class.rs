//! The nine answers to "is this what the source says?", best first.

use std::fmt;

/// How a quotation compares with its source. The order is the order of the rules: best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
pub enum Class {
    /// The same characters.
    Exact,
    /// The same but for quotation marks, dashes, spaces and invisible characters.
    Typographic,
    /// The same but for the closing mark or the case of the first letter.
    Edge,
    /// The same words in the same order; other punctuation, or case, differs.
    Words,
    /// Words are left out or put in brackets, and marked as such.
    Editorial,
    /// The same but for spellings that a house style may change. Only where the site asks for it.
    HouseStyle,
    /// The source does not say this.
    Mismatch,
    /// There is no source to compare with. [`find`](super::find) never answers this; its callers do.
    NoSource,
    /// The source has no text, or ends before the words that are quoted.
    NoText,
}

impl Class {
    /// All classes, best first.
    pub const ALL: [Class; 9] = [
        Class::Exact,
        Class::Typographic,
        Class::Edge,
        Class::Words,
        Class::Editorial,
        Class::HouseStyle,
        Class::Mismatch,
        Class::NoSource,
        Class::NoText,
    ];

    /// The name in files and reports: `house-style`.
    pub fn name(self) -> &'static str {
        match self {
            Class::Exact => "exact",
            Class::Typographic => "typographic",
            Class::Edge => "edge",
            Class::Words => "words",
            Class::Editorial => "editorial",
            Class::HouseStyle => "house-style",
            Class::Mismatch => "mismatch",
            Class::NoSource => "no-source",
            Class::NoText => "no-text",
        }
    }

    /// The class with that [`name`](Class::name).
    pub fn parse(name: &str) -> Option<Class> {
        Class::ALL.into_iter().find(|it| it.name() == name)
    }

    /// Whether the quotation counts as found in its source.
    pub fn passes(self) -> bool {
        match self {
            Class::Exact
            | Class::Typographic
            | Class::Edge
            | Class::Words
            | Class::Editorial
            | Class::HouseStyle => true,
            Class::Mismatch | Class::NoSource | Class::NoText => false,
        }
    }

    /// One sentence for readers of the site.
    pub fn words(self) -> &'static str {
        match self {
            Class::Exact => "Word for word as the source prints it.",
            Class::Typographic => {
                "Word for word as the source prints it; only quotation marks, dashes or spaces look different."
            }
            Class::Edge => {
                "Word for word as the source prints it, but for the first letter or the closing punctuation."
            }
            Class::Words => "The same words in the same order; punctuation or capital letters differ.",
            Class::Editorial => {
                "The words of the source, with omissions or additions by the editors that are marked as such."
            }
            Class::HouseStyle => "The words of the source, with spellings changed to our house style.",
            Class::Mismatch => "The source does not print these words.",
            Class::NoSource => "There was no copy of the source to compare with.",
            Class::NoText => "Our copy of the source does not hold the text of this passage.",
        }
    }
}

impl fmt::Display for Class {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.pad(self.name())
    }
}
