//! Civil days. The only module that names jiff, which knows the calendar.

use std::fmt;

use jiff::civil::{Date, Weekday};

use super::words;

/// A day of the proleptic Gregorian calendar, in no time zone.
///
/// Anyone may make one. A day that is not in the calendar counts as the nearest one of its month,
/// and a year beyond ±9999 as that year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
pub struct Day {
    /// The year, astronomically: 0 is 1 BC.
    pub year: i32,
    /// The month, from 1.
    pub month: u8,
    /// The day of the month, from 1.
    pub day: u8,
}

impl Day {
    /// A number that is the greater, the later the day, and asks no calendar: lists of dates are sorted by it.
    pub(super) fn rank(self) -> i64 {
        i64::from(self.year) * 10_000 + i64::from(self.month) * 100 + i64::from(self.day)
    }

    /// The day after; the end of 9999 stays where it is.
    pub fn next(self) -> Day {
        let date = self.date();
        Day::of(date.tomorrow().unwrap_or(date))
    }

    /// The day in UTC that a number of seconds after 1970 began falls on; clamped into the calendar.
    pub fn of_unix_seconds(seconds: i64) -> Day {
        let days = i32::try_from(seconds.div_euclid(86_400)).unwrap_or(i32::MAX);
        let start = Date::constant(1970, 1, 1);
        let end = if days < 0 { Date::MIN } else { Date::MAX };
        Day::of(start.checked_add(jiff::Span::new().days(days.clamp(-4_000_000, 4_000_000))).unwrap_or(end))
    }

    /// Days since 1 January 1970, which is 0.
    pub fn ordinal(self) -> i64 {
        self.date().duration_since(Date::constant(1970, 1, 1)).as_hours() / 24
    }

    /// The day so many days after 1 January 1970; the nearest there is, for a number beyond the calendar.
    pub fn of_ordinal(days: i64) -> Day {
        let span = jiff::Span::new().try_days(days);
        let date = span.and_then(|it| Date::constant(1970, 1, 1).checked_add(it));
        Day::of(date.unwrap_or(if days < 0 { Date::MIN } else { Date::MAX }))
    }

    /// The day in English words: `30 January 2025`.
    pub fn display(self) -> String {
        words::day(self)
    }

    /// The English name of its weekday.
    pub fn weekday(self) -> &'static str {
        match self.date().weekday() {
            Weekday::Monday => "Monday",
            Weekday::Tuesday => "Tuesday",
            Weekday::Wednesday => "Wednesday",
            Weekday::Thursday => "Thursday",
            Weekday::Friday => "Friday",
            Weekday::Saturday => "Saturday",
            Weekday::Sunday => "Sunday",
        }
    }

    /// The last day of a month.
    pub(super) fn last_of_month(year: i32, month: u8) -> Day {
        Day::of(Day { year, month, day: 1 }.date().last_of_month())
    }

    fn of(date: Date) -> Day {
        Day { year: date.year().into(), month: date.month().unsigned_abs(), day: date.day().unsigned_abs() }
    }

    /// The day in jiff's terms, clamped into the calendar.
    fn date(self) -> Date {
        // Both clamps keep the numbers inside i16 and i8, so the casts lose nothing.
        let first = Date::constant(self.year.clamp(-9999, 9999) as i16, self.month.clamp(1, 12) as i8, 1);
        let last_day = first.days_in_month();
        let day = i8::try_from(self.day).unwrap_or(last_day).clamp(1, last_day);
        first.with().day(day).build().unwrap_or(first)
    }
}

impl fmt::Display for Day {
    /// ISO 8601: `2025-01-30`, with a sign before negative years.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Pages print dozens of days, and filling in digits takes a fifth of what formatting three numbers does.
        if let (Ok(year @ ..10_000), month @ ..100, day @ ..100) =
            (u16::try_from(self.year), self.month, self.day)
        {
            let mut text = *b"0000-00-00";
            for (at, n) in [(0, (year / 100) as u8), (2, (year % 100) as u8), (5, month), (8, day)] {
                text[at] += n / 10;
                text[at + 1] += n % 10;
            }
            return f.write_str(std::str::from_utf8(&text).expect("digits are ASCII"));
        }
        let sign = if self.year < 0 { "-" } else { "" };
        write!(f, "{sign}{:04}-{:02}-{:02}", self.year.unsigned_abs(), self.month, self.day)
    }
}
