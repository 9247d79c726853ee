//! Dates as authors know them: EDTF level 1 (Library of Congress, 2019), with its doubts kept.
//!
//! In comes the text of a date field; out comes an [`Edtf`] that can be bounded, ordered and worded, or an
//! [`EdtfProblem`] that says what to write instead. Knows no clock, no locale and no time zone: a date is a
//! civil date as typed and is never shifted, and a time carries its own offset.

mod day;
mod parse;
mod rescue;
#[cfg(test)]
mod tests;
mod words;

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

pub use day::Day;

/// A date of EDTF level 1: a moment, a day, a vaguer time, or an interval, perhaps uncertain or approximate.
///
/// Two are equal when they were typed alike. The order is [`Edtf::sort_key`], then the text as typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edtf {
    raw: Box<str>,
    form: Form,
}

/// Why a text is not a date we can use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EdtfProblem {
    /// A short clause that fits under a caret: `there is no month 13`.
    pub message: String,
    /// What to write instead.
    pub help: String,
}

/// How finely a date is known, the finest first.
///
/// Unspecified digits count as what is left: `2025-01-XX` is a month, `2025-XX-XX` a year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Precision {
    /// A time of day with its offset.
    Time,
    /// A civil day.
    Day,
    /// A month.
    Month,
    /// A season.
    Season,
    /// A year.
    Year,
    /// Ten years: `202X`.
    Decade,
    /// A hundred years: `20XX`.
    Century,
    /// An interval, however long.
    Range,
}

/// What the text says: one point, or an interval of which at least one side is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Point(Point),
    Interval(Side, Side),
}

/// One side of an interval.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Side {
    /// `..`: there is no bound.
    Open,
    /// Nothing: there is a bound and nobody knows it.
    Unknown,
    /// A date, never with a time of day.
    At(Point),
}

/// A date with its qualifier.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Point {
    when: When,
    /// `?` or `%`.
    uncertain: bool,
    /// `~` or `%`.
    approximate: bool,
}

/// A date without its qualifier.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum When {
    Time(Moment),
    Day(Day),
    Month { year: i32, month: u8 },
    Season { year: i32, season: Season },
    Year(i32),
    Decade { first: i32 },
    Century { first: i32 },
}

/// A time of day on a civil day, with the offset it was typed with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Moment {
    day: Day,
    hour: u8,
    minute: u8,
    /// Absent when it was not typed.
    second: Option<u8>,
    /// Minutes east of UTC; absent for `Z`.
    offset: Option<i16>,
}

/// EDTF seasons 21 to 24.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Season {
    Spring,
    Summer,
    Autumn,
    Winter,
}

impl Edtf {
    /// Reads a date, exactly as EDTF level 1 writes it.
    ///
    /// Stricter than EDTF in three ways: a time needs an offset, a year lies in -9999 to 2199, and an interval
    /// has at least one known side. The text is not trimmed; the problem's help proposes the trimmed text.
    pub fn parse(text: &str) -> Result<Edtf, EdtfProblem> {
        parse::form(text).map(|form| Edtf { raw: text.into(), form })
    }

    /// The date as typed.
    pub fn raw(&self) -> &str {
        &self.raw
    }

    /// The first day it can be; `None` when the start is open or unknown.
    ///
    /// A date-time's day is the civil day as typed. Qualifiers do not widen the bounds. Seasons are the northern
    /// ones in whole months; winter counts from January to the next February, because people mean either end.
    pub fn earliest(&self) -> Option<Day> {
        match self.form {
            Form::Point(point) | Form::Interval(Side::At(point), _) => Some(point.when.earliest()),
            Form::Interval(Side::Open | Side::Unknown, _) => None,
        }
    }

    /// The last day it can be; `None` when the end is open or unknown. See [`Edtf::earliest`].
    pub fn latest(&self) -> Option<Day> {
        match self.form {
            Form::Point(point) | Form::Interval(_, Side::At(point)) => Some(point.when.latest()),
            Form::Interval(_, Side::Open | Side::Unknown) => None,
        }
    }

    /// How finely it is known.
    pub fn precision(&self) -> Precision {
        match self.form {
            Form::Point(point) => point.when.precision(),
            Form::Interval(..) => Precision::Range,
        }
    }

    /// Whether its source is in doubt (`?` or `%`), on either side of an interval.
    pub fn is_uncertain(&self) -> bool {
        self.points().any(|point| point.uncertain)
    }

    /// Whether it is an estimate (`~` or `%`), on either side of an interval.
    pub fn is_approximate(&self) -> bool {
        self.points().any(|point| point.approximate)
    }

    /// Whether it is an interval, also an open one.
    pub fn is_range(&self) -> bool {
        matches!(self.form, Form::Interval(..))
    }

    /// The moment of a date-time in Unix seconds; `None` for everything without a time.
    pub fn instant(&self) -> Option<i64> {
        self.moment().map(Moment::instant)
    }

    /// What to sort by: the first day it can be, then the instant, then the finer precision, then the last day.
    ///
    /// On one civil day those with a time come first, in the order they happened, whatever their offsets.
    /// An open or unknown start sorts by its end. Days go before instants, so that a list grouped by civil day
    /// never shows one day twice.
    pub fn sort_key(&self) -> impl Ord + Copy + fmt::Debug + use<> {
        let latest = self.latest().map_or(i64::MAX, Day::rank);
        let first = self.earliest().map_or(latest, Day::rank);
        (first, self.instant().unwrap_or(i64::MAX), self.precision(), latest)
    }

    /// Whether all of it lies before all of `other`: by instants when both have a time, else by civil days.
    ///
    /// Qualifiers do not widen the bounds: `2025-02-20~` is before `2025-02-21`.
    pub fn definitely_before(&self, other: &Edtf) -> bool {
        if let (Some(mine), Some(theirs)) = (self.instant(), other.instant()) {
            return mine < theirs;
        }
        match (self.latest(), other.earliest()) {
            (Some(latest), Some(earliest)) => latest < earliest,
            (None, _) | (_, None) => false,
        }
    }

    /// Whether it must lie before `other`, wherever on earth each was written down, and neither is in doubt.
    ///
    /// Stricter than [`Edtf::definitely_before`]: two civil days without a time can be one day apart and the same
    /// hour, and a date with `?`, `~` or `%` may be another one.
    pub fn surely_before(&self, other: &Edtf) -> bool {
        if self.points().chain(other.points()).any(|point| point.uncertain || point.approximate) {
            return false;
        }
        if self.instant().is_some() && other.instant().is_some() {
            return self.definitely_before(other);
        }
        match (self.latest(), other.earliest()) {
            (Some(latest), Some(earliest)) => latest.ordinal() + 1 < earliest.ordinal(),
            (None, _) | (_, None) => false,
        }
    }

    /// Whether some of it can lie before some of `other`. Two things of one day can, unless both have a time.
    pub fn possibly_before(&self, other: &Edtf) -> bool {
        if let (Some(mine), Some(theirs)) = (self.instant(), other.instant()) {
            return mine < theirs;
        }
        match (self.earliest(), other.latest()) {
            (Some(earliest), Some(latest)) => earliest <= latest,
            (None, _) | (_, None) => true,
        }
    }

    /// The date in full English words that hide no doubt: `January 2025, day not given`.
    pub fn display(&self) -> String {
        words::full(&self.form)
    }

    /// The date in few words, for tables and lists: `c. 20 Feb 2025`.
    pub fn display_short(&self) -> String {
        words::short(&self.form)
    }

    /// A value for the `datetime` attribute of HTML's `time` element (WHATWG HTML, "The time element").
    ///
    /// `None` where HTML has no honest value: intervals, seasons, decades, centuries and years before 1000.
    pub fn machine(&self) -> Option<String> {
        let Form::Point(point) = self.form else { return None };
        if point.when.earliest().year < 1000 {
            return None;
        }
        match point.when {
            When::Time(moment) => Some(moment.iso(moment.second)),
            When::Day(day) => Some(day.to_string()),
            When::Month { year, month } => Some(format!("{year:04}-{month:02}")),
            When::Year(year) => Some(format!("{year:04}")),
            When::Season { .. } | When::Decade { .. } | When::Century { .. } => None,
        }
    }

    /// An RFC 3339 date-time for feeds: the moment as typed, else midnight UTC of the first day it can be,
    /// else of the last. `None` for years before 0000, which RFC 3339 cannot write.
    pub fn rfc3339_floor(&self) -> Option<String> {
        let day = self.earliest().or_else(|| self.latest()).filter(|day| day.year >= 0)?;
        match self.moment() {
            Some(moment) => Some(moment.iso(Some(moment.second.unwrap_or(0)))),
            None => Some(format!("{day}T00:00:00Z")),
        }
    }

    /// The English weekday of a single day, with or without a time.
    pub fn weekday(&self) -> Option<&'static str> {
        match self.form {
            Form::Point(Point { when: When::Day(day), .. }) => Some(day.weekday()),
            Form::Point(_) => self.moment().map(|moment| moment.day.weekday()),
            Form::Interval(..) => None,
        }
    }

    fn moment(&self) -> Option<Moment> {
        match self.form {
            Form::Point(Point { when: When::Time(moment), .. }) => Some(moment),
            Form::Point(_) | Form::Interval(..) => None,
        }
    }

    fn points(&self) -> impl Iterator<Item = Point> {
        let (first, second) = match self.form {
            Form::Point(point) => (Some(point), None),
            Form::Interval(start, end) => (start.point(), end.point()),
        };
        first.into_iter().chain(second)
    }
}

impl Serialize for Edtf {
    /// As typed.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.raw.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Edtf {
    /// What was typed, read again.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Edtf, D::Error> {
        let raw = String::deserialize(deserializer)?;
        Edtf::parse(&raw).map_err(|problem| D::Error::custom(problem.message))
    }
}

impl Hash for Edtf {
    /// The text as typed says everything else.
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.raw.hash(state);
    }
}

impl Ord for Edtf {
    fn cmp(&self, other: &Edtf) -> Ordering {
        self.sort_key().cmp(&other.sort_key()).then_with(|| self.raw.cmp(&other.raw))
    }
}

impl PartialOrd for Edtf {
    fn partial_cmp(&self, other: &Edtf) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Side {
    fn point(self) -> Option<Point> {
        match self {
            Side::At(point) => Some(point),
            Side::Open | Side::Unknown => None,
        }
    }
}

impl When {
    fn earliest(self) -> Day {
        match self {
            When::Time(moment) => moment.day,
            When::Day(day) => day,
            When::Month { year, month } => Day { year, month, day: 1 },
            When::Season { year, season } => Day { year, month: season.first_month(), day: 1 },
            When::Year(year) | When::Decade { first: year } | When::Century { first: year } => {
                Day { year, month: 1, day: 1 }
            }
        }
    }

    fn latest(self) -> Day {
        match self {
            When::Time(moment) => moment.day,
            When::Day(day) => day,
            When::Month { year, month } => Day::last_of_month(year, month),
            When::Season { year, season: Season::Winter } => Day::last_of_month(year + 1, 2),
            When::Season { year, season } => Day::last_of_month(year, season.first_month() + 2),
            When::Year(year) => Day::last_of_month(year, 12),
            When::Decade { first } => Day::last_of_month(first + 9, 12),
            When::Century { first } => Day::last_of_month(first + 99, 12),
        }
    }

    fn precision(self) -> Precision {
        match self {
            When::Time(_) => Precision::Time,
            When::Day(_) => Precision::Day,
            When::Month { .. } => Precision::Month,
            When::Season { .. } => Precision::Season,
            When::Year(_) => Precision::Year,
            When::Decade { .. } => Precision::Decade,
            When::Century { .. } => Precision::Century,
        }
    }
}

impl Season {
    fn first_month(self) -> u8 {
        match self {
            Season::Spring => 3,
            Season::Summer => 6,
            Season::Autumn => 9,
            Season::Winter => 1,
        }
    }
}

impl Moment {
    fn instant(self) -> i64 {
        let minutes =
            i64::from(self.hour) * 60 + i64::from(self.minute) - i64::from(self.offset.unwrap_or(0));
        self.day.ordinal() * 86_400 + minutes * 60 + i64::from(self.second.unwrap_or(0))
    }

    /// ISO 8601 as both HTML and RFC 3339 read it, with the seconds asked for. HTML forbids `-00:00`.
    fn iso(self, second: Option<u8>) -> String {
        let second = second.map_or(String::new(), |second| format!(":{second:02}"));
        let offset = match self.offset {
            None => "Z".to_owned(),
            Some(offset) => {
                let sign = if offset < 0 { '-' } else { '+' };
                let size = offset.unsigned_abs();
                format!("{sign}{:02}:{:02}", size / 60, size % 60)
            }
        };
        format!("{}T{:02}:{:02}{second}{offset}", self.day, self.hour, self.minute)
    }
}
