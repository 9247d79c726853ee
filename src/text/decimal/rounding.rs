//! Whether one number is another, told with fewer digits.

use super::Decimal;

impl Decimal {
    /// Whether `told` is this number, or this number rounded to the digits that `told` shows: −593.7 billion may be told as
    /// 594 billion or 600 billion, not as 593 billion. Signs and hedges do not count, because a sentence says "fell by".
    pub fn may_be_told_as(&self, told: &Decimal) -> bool {
        let ((own_whole, own_fraction), (whole, fraction)) = (self.canonical(), told.canonical());
        if (&own_whole, &own_fraction) == (&whole, &fraction) {
            return true;
        }
        let places = own_fraction.len().max(fraction.len());
        let scaled = |whole: &str, fraction: &str| format!("{whole}{fraction:0<places$}").parse::<u128>();
        let (Ok(own), Ok(told)) = (scaled(&own_whole, &own_fraction), scaled(&whole, &fraction)) else {
            // More digits than anybody rounds.
            return false;
        };
        if told == 0 {
            return false;
        }
        let mut unit = 1_u128;
        while told.is_multiple_of(unit * 10) {
            unit *= 10;
        }
        own.abs_diff(told).checked_mul(2).is_some_and(|twice| twice <= unit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn may(own: &str, told: &str) -> bool {
        let read = |text| Decimal::parse(text).expect("a number");
        read(own).may_be_told_as(&read(told))
    }

    #[test]
    fn fewer_digits_agree_when_rounded() {
        for (own, told) in [
            ("-593.7 billion", "593.7bn"),
            ("-593.7 billion", "594 billion"),
            ("-593.7 billion", "600 billion"),
            ("-593.7 billion", "0.6 trillion"),
            ("-16.97", "17"),
            ("1 million", "1,000,000"),
            ("4", "4.0"),
            ("2.5", "3"),
            ("0", "0"),
        ] {
            assert!(may(own, told), "{own} as {told}");
        }
        for (own, told) in [
            ("-593.7 billion", "593 billion"),
            ("-593 billion", "593 million"),
            ("17", "18"),
            ("17", "17.1"),
            ("4", "0"),
            ("16.4", "17"),
        ] {
            assert!(!may(own, told), "{own} as {told}");
        }
        let long = "9".repeat(60);
        assert!(may(&long, &long) && !may(&long, "1"));
    }
}
