//! Exact numbers as authors type them in figures: `-593.7 billion`, `about 1,000,000`.
//!
//! In comes the text of a number field; out comes a [`Decimal`] that keeps every digit, or a
//! [`DecimalProblem`]. There are no floats here and no limit on digits. The unit is not part of the number.

mod problems;
mod rounding;
#[cfg(test)]
mod tests;

use std::cmp::Ordering;
use std::hash::{Hash, Hasher};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

use super::amounts::grouped;
use problems::{bad_word, no_digits, problem};

/// An exact decimal number, with the magnitude word and the hedge it was typed with.
///
/// Two are equal when they were typed alike. The order is numeric, then the text as typed. Whether two are the same
/// number ([`Decimal::same_value`]) is another question: 1000 million is 1 billion, and the hedge does not count.
#[derive(Clone, Debug)]
pub struct Decimal {
    raw: Box<str>,
    qualifier: Option<&'static str>,
    sign: Sign,
    /// Digits before the point: no leading zeros, `0` when there are none.
    whole: Box<str>,
    /// Digits after the point as typed; trailing zeros say how exactly it is known.
    fraction: Box<str>,
    magnitude: Magnitude,
}

/// Why a text is not an exact number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DecimalProblem {
    /// A short clause that fits under a caret: `` `%` is a unit ``.
    pub message: String,
    /// What to write instead.
    pub help: String,
}

/// The word after the digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Magnitude {
    /// No word.
    One,
    /// 10³.
    Thousand,
    /// 10⁶.
    Million,
    /// 10⁹.
    Billion,
    /// 10¹².
    Trillion,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sign {
    Minus,
    Unsigned,
    /// Typed, so that a change reads `+3`.
    Plus,
}

const QUALIFIERS: [&str; 5] = ["about", "over", "under", "more than", "less than"];

/// Currencies that readers know by a sign. The yuan shares its sign with the yen, so it says whose it is.
const SIGNS: [(&str, &str); 7] =
    [("USD", "$"), ("EUR", "€"), ("GBP", "£"), ("JPY", "¥"), ("CNY", "CN¥"), ("INR", "₹"), ("KRW", "₩")];

/// The other currencies of ISO 4217. A closed list, because `GPU` has three capitals as well.
const CODES: &str = "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN \
    BZD CAD CDF CHF CLP COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB FJD FKP GEL GHS GIP GMD GNF GTQ GYD HKD \
    HNL HTG HUF IDR ILS IQD IRR ISK JMD JOD KES KGS KHR KMF KPW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA \
    MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON \
    RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS \
    UAH UGX UYU UZS VED VES VND VUV WST XAF XCD XOF XPF YER ZAR ZMW ZWG";

impl Decimal {
    /// Reads a number: a hedge, a sign, digits with correct grouping commas, a point, a magnitude word.
    ///
    /// Space around it does not count. The help of a problem says where a unit belongs.
    pub fn parse(text: &str) -> Result<Decimal, DecimalProblem> {
        let (qualifier, rest) = split_qualifier(text.trim());
        let (sign, rest) = split_sign(rest);
        let digits_end =
            rest.find(|it: char| !it.is_ascii_digit() && !matches!(it, ',' | '.')).unwrap_or(rest.len());
        let (number, word) = rest.split_at(digits_end);
        if number.is_empty() {
            return Err(no_digits(text, rest));
        }
        let Some(magnitude) = magnitude_named(word.trim()) else {
            return Err(bad_word(text, number, word.trim()));
        };
        let (whole, fraction) = split_number(number)?;
        let is_zero =
            [whole.as_str(), fraction].iter().all(|digits| digits.bytes().all(|digit| digit == b'0'));
        let sign = if is_zero { Sign::Unsigned } else { sign };
        Ok(Decimal {
            raw: text.into(),
            qualifier,
            sign,
            whole: whole.into(),
            fraction: fraction.into(),
            magnitude,
        })
    }

    /// The number as typed.
    pub fn raw(&self) -> &str {
        &self.raw
    }

    /// The hedge in front, in lower case: `about`, `over`, `under`, `more than` or `less than`.
    pub fn qualifier(&self) -> Option<&str> {
        self.qualifier
    }

    /// The magnitude word it was typed with.
    pub fn magnitude(&self) -> Magnitude {
        self.magnitude
    }

    /// Whether it is below zero; `-0` is not.
    pub fn is_negative(&self) -> bool {
        self.sign == Sign::Minus
    }

    /// The number for readers: `about −593.7 billion`, with grouping, U+2212, and a plus only where one was typed.
    pub fn display(&self) -> String {
        self.dressed(self.sign_text(), "", &self.words(), "")
    }

    /// The same without a sign, for sentences such as "fell by 593 billion".
    pub fn abs_display(&self) -> String {
        self.dressed("", "", &self.words(), "")
    }

    /// The number with its unit: `−17%`, `−$593bn`, `593bn CHF`, `1 million GPU`.
    ///
    /// `percent`, `percentage point` and ISO 4217 codes are known; any other unit is kept as typed.
    pub fn display_with_unit(&self, unit: &str) -> String {
        let sign = self.sign_text();
        let unit = unit.trim();
        if let Some((_, symbol)) = SIGNS.iter().find(|(code, _)| *code == unit) {
            return self.dressed(sign, symbol, &self.compact(), "");
        }
        if CODES.split_whitespace().any(|code| code == unit) {
            return self.dressed(sign, "", &self.compact(), &format!(" {unit}"));
        }
        let is_one = self.magnitude == Magnitude::One && &*self.whole == "1" && self.fraction.is_empty();
        match unit {
            "" => self.display(),
            "percent" | "per cent" | "%" if self.magnitude == Magnitude::One => {
                self.dressed(sign, "", &self.words(), "%")
            }
            "percentage point" | "percentage points" => {
                let points = if is_one { " percentage point" } else { " percentage points" };
                self.dressed(sign, "", &self.words(), points)
            }
            _ => self.dressed(sign, "", &self.words(), &format!(" {unit}")),
        }
    }

    /// The exact value in plain digits, for machines: `-593000000000`, `1.5`. No hedge, no trailing zeros.
    pub fn plain(&self) -> String {
        let (whole, fraction) = self.canonical();
        let sign = if self.is_negative() { "-" } else { "" };
        if fraction.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{fraction}") }
    }

    /// The power of ten of the last digit typed: 9 for `593 billion`, 8 for `593.7 billion`, -2 for `16.97`.
    pub fn last_digit(&self) -> i32 {
        // Nobody types two thousand million digits.
        self.magnitude.exponent() as i32 - i32::try_from(self.fraction.len()).unwrap_or(i32::MAX)
    }

    /// The exact value counted in units of a power of ten, for sums. `None` when it is no whole number of them by its
    /// typed digits, or is larger than 10³⁸.
    pub fn in_units_of(&self, exponent: i32) -> Option<i128> {
        let zeros = u32::try_from(self.last_digit().checked_sub(exponent)?).ok()?;
        let digits: i128 = format!("{}{}", self.whole, self.fraction).parse().ok()?;
        let size = digits.checked_mul(10_i128.checked_pow(zeros)?)?;
        Some(if self.is_negative() { -size } else { size })
    }

    /// Whether both are the same number, however each was typed.
    pub fn same_value(&self, other: &Decimal) -> bool {
        self.cmp_value(other) == Ordering::Equal
    }

    /// Compares as numbers.
    fn cmp_value(&self, other: &Decimal) -> Ordering {
        let size = |number: &Decimal| {
            let (whole, fraction) = number.canonical();
            // Without leading zeros the longer whole part is the larger; fractions compare as text.
            (whole.len(), whole, fraction)
        };
        match (self.is_negative(), other.is_negative()) {
            (false, true) => Ordering::Greater,
            (true, false) => Ordering::Less,
            (false, false) => size(self).cmp(&size(other)),
            (true, true) => size(other).cmp(&size(self)),
        }
    }

    fn sign_text(&self) -> &'static str {
        match self.sign {
            Sign::Minus => "−",
            Sign::Unsigned => "",
            Sign::Plus => "+",
        }
    }

    fn dressed(&self, sign: &str, symbol: &str, number: &str, unit: &str) -> String {
        let hedge = self.qualifier.map_or(String::new(), |qualifier| format!("{qualifier} "));
        format!("{hedge}{sign}{symbol}{number}{unit}")
    }

    /// `593.7 billion`.
    fn words(&self) -> String {
        let digits = with_point(&grouped(&self.whole), &self.fraction);
        match self.magnitude {
            Magnitude::One => digits,
            Magnitude::Thousand => format!("{digits} thousand"),
            Magnitude::Million => format!("{digits} million"),
            Magnitude::Billion => format!("{digits} billion"),
            Magnitude::Trillion => format!("{digits} trillion"),
        }
    }

    /// `593.7bn`, as money is written. Nobody writes a thousand so; it is spelled in digits.
    fn compact(&self) -> String {
        let digits = with_point(&grouped(&self.whole), &self.fraction);
        match self.magnitude {
            Magnitude::One => digits,
            Magnitude::Thousand => {
                let (whole, fraction) = self.canonical();
                with_point(&grouped(&whole), &fraction)
            }
            Magnitude::Million => format!("{digits}m"),
            Magnitude::Billion => format!("{digits}bn"),
            Magnitude::Trillion => format!("{digits}tn"),
        }
    }

    /// The digits before and after the point of the whole value, without needless zeros.
    fn canonical(&self) -> (String, String) {
        let shift = self.magnitude.exponent();
        let n_moved = shift.min(self.fraction.len());
        let (moved, fraction) = self.fraction.split_at(n_moved);
        let whole = format!("{}{moved}{}", self.whole, "0".repeat(shift - n_moved));
        (without_leading_zeros(&whole).to_owned(), fraction.trim_end_matches('0').to_owned())
    }
}

impl Ord for Decimal {
    fn cmp(&self, other: &Decimal) -> Ordering {
        self.cmp_value(other).then_with(|| self.raw.cmp(&other.raw))
    }
}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Decimal) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Decimal {
    fn eq(&self, other: &Decimal) -> bool {
        self.raw == other.raw
    }
}

impl Eq for Decimal {}

impl Serialize for Decimal {
    /// As typed.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.raw.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Decimal {
    /// What was typed, read again.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Decimal, D::Error> {
        let raw = String::deserialize(deserializer)?;
        Decimal::parse(&raw).map_err(|problem| D::Error::custom(problem.message))
    }
}

impl Hash for Decimal {
    /// The text as typed says everything else.
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.raw.hash(state);
    }
}

impl Magnitude {
    /// The power of ten.
    fn exponent(self) -> usize {
        match self {
            Magnitude::One => 0,
            Magnitude::Thousand => 3,
            Magnitude::Million => 6,
            Magnitude::Billion => 9,
            Magnitude::Trillion => 12,
        }
    }
}

fn split_qualifier(text: &str) -> (Option<&'static str>, &str) {
    for qualifier in QUALIFIERS {
        let Some((head, rest)) = text.split_at_checked(qualifier.len()) else { continue };
        if head.eq_ignore_ascii_case(qualifier) && rest.starts_with(char::is_whitespace) {
            return (Some(qualifier), rest.trim_start());
        }
    }
    (None, text)
}

fn split_sign(text: &str) -> (Sign, &str) {
    if let Some(rest) = text.strip_prefix(['-', '−']) {
        return (Sign::Minus, rest);
    }
    match text.strip_prefix('+') {
        Some(rest) => (Sign::Plus, rest),
        None => (Sign::Unsigned, text),
    }
}

fn magnitude_named(word: &str) -> Option<Magnitude> {
    match word.to_ascii_lowercase().as_str() {
        "" => Some(Magnitude::One),
        "thousand" | "k" => Some(Magnitude::Thousand),
        "million" | "mn" | "m" => Some(Magnitude::Million),
        "billion" | "bn" => Some(Magnitude::Billion),
        "trillion" | "tn" => Some(Magnitude::Trillion),
        _ => None,
    }
}

/// The digits before the point, without commas and leading zeros, and those after it.
fn split_number(number: &str) -> Result<(String, &str), DecimalProblem> {
    let (whole, fraction) = match number.split_once('.') {
        None => (number, ""),
        Some((_, "")) => {
            let whole = number.trim_end_matches('.');
            return Err(problem("there is no digit after the point", format!("write {whole}")));
        }
        Some(("", fraction)) => {
            return Err(problem("there is no digit before the point", format!("write 0.{fraction}")));
        }
        Some(parts) => parts,
    };
    if fraction.contains('.') {
        let help = format!("a point marks decimals; commas group thousands: {}", number.replace('.', ","));
        return Err(problem("a number has one decimal point", help));
    }
    if fraction.contains(',') {
        return Err(problem(
            "a comma cannot come after the point",
            "a point marks decimals; commas group thousands",
        ));
    }
    let mut groups = whole.split(',');
    let first = groups.next().unwrap_or("");
    let is_grouped = whole.contains(',');
    let is_correct =
        (1..=3).contains(&first.len()) && !first.starts_with('0') && groups.all(|it| it.len() == 3);
    if is_grouped && !is_correct {
        let digits = whole.replace(',', "");
        let mut help = format!("write {}", grouped(without_leading_zeros(&digits)));
        if let (Some((before, after)), "") = (whole.split_once(','), fraction)
            && !before.is_empty()
            && !after.is_empty()
            && !after.contains(',')
        {
            help = format!("write {before}.{after} if the comma marks decimals");
        }
        return Err(problem("a comma groups three digits at a time", help));
    }
    let digits = whole.replace(',', "");
    Ok((without_leading_zeros(&digits).to_owned(), fraction))
}

fn without_leading_zeros(digits: &str) -> &str {
    let digits = digits.trim_start_matches('0');
    if digits.is_empty() { "0" } else { digits }
}

fn with_point(whole: &str, fraction: &str) -> String {
    if fraction.is_empty() { whole.to_owned() } else { format!("{whole}.{fraction}") }
}
