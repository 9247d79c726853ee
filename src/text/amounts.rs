//! How many and how large, as people say it in English.

/// A number with its noun: `1 page`, `2 pages`, `3 classes`.
pub fn counted(n: usize, noun: &str) -> String {
    let ending = match noun.ends_with('s') {
        _ if n == 1 => "",
        true => "es",
        false => "s",
    };
    format!("{n} {noun}{ending}")
}

/// A size in bytes, in powers of 1000: `120 bytes`, `35 kB`, `1.5 MB`.
pub fn in_bytes(n: u64) -> String {
    match n {
        0..1_000 => format!("{n} bytes"),
        1_000..1_000_000 => format!("{} kB", n / 1_000),
        _ => format!("{:.1} MB", n as f64 / 1e6),
    }
}

/// Digits in groups of three: `1,234,567`.
pub fn grouped(digits: &str) -> String {
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (idx, digit) in digits.chars().enumerate() {
        if idx > 0 && (digits.len() - idx).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_is_one_and_more_have_an_ending() {
        assert_eq!(["0 pages", "1 page", "2 pages"], [0, 1, 2].map(|n| counted(n, "page")).as_slice());
        assert_eq!(["1 class", "2 classes"], [1, 2].map(|n| counted(n, "class")).as_slice());
    }

    #[test]
    fn sizes_grow_by_thousands() {
        let said = [999, 1_000, 999_999, 1_500_000].map(in_bytes);
        assert_eq!(said, ["999 bytes", "1 kB", "999 kB", "1.5 MB"]);
    }

    #[test]
    fn digits_stand_in_threes() {
        assert_eq!(["1", "123", "1234", "1234567"].map(grouped), ["1", "123", "1,234", "1,234,567"]);
    }
}
