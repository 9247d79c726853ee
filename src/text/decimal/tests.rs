use proptest::prelude::*;

use super::*;

fn decimal(text: &str) -> Decimal {
    Decimal::parse(text).unwrap_or_else(|problem| panic!("{text}: {problem:?}"))
}

#[test]
fn numbers_are_shown_and_given_to_machines_exactly() {
    for (text, display, abs, plain) in [
        ("-17", "−17", "17", "-17"),
        ("−17", "−17", "17", "-17"),
        ("+3", "+3", "3", "3"),
        ("593", "593", "593", "593"),
        ("-0", "0", "0", "0"),
        ("0.00", "0.00", "0.00", "0"),
        ("007", "7", "7", "7"),
        ("1000", "1,000", "1,000", "1000"),
        ("1,000,000", "1,000,000", "1,000,000", "1000000"),
        ("12,345.678", "12,345.678", "12,345.678", "12345.678"),
        ("-593 billion", "−593 billion", "593 billion", "-593000000000"),
        ("-593.7 billion", "−593.7 billion", "593.7 billion", "-593700000000"),
        ("1 million", "1 million", "1 million", "1000000"),
        ("1.5 bn", "1.5 billion", "1.5 billion", "1500000000"),
        ("1.5bn", "1.5 billion", "1.5 billion", "1500000000"),
        ("2 Trillion", "2 trillion", "2 trillion", "2000000000000"),
        ("1.2345 thousand", "1.2345 thousand", "1.2345 thousand", "1234.5"),
        ("0.5 million", "0.5 million", "0.5 million", "500000"),
        ("0.0000001 million", "0.0000001 million", "0.0000001 million", "0.1"),
        ("1.50", "1.50", "1.50", "1.5"),
        ("about -600 billion", "about −600 billion", "about 600 billion", "-600000000000"),
        ("More than 1 million", "more than 1 million", "more than 1 million", "1000000"),
        (" 4 ", "4", "4", "4"),
    ] {
        let number = decimal(text);
        assert_eq!(number.display(), display, "{text}");
        assert_eq!(number.abs_display(), abs, "{text}");
        assert_eq!(number.plain(), plain, "{text}");
        assert_eq!(number.raw(), text);
    }
}

#[test]
fn hedges_are_kept() {
    for (text, qualifier, is_negative, magnitude) in [
        ("about -600 billion", Some("about"), true, Magnitude::Billion),
        ("over 1m", Some("over"), false, Magnitude::Million),
        ("Under 5", Some("under"), false, Magnitude::One),
        ("more than 4k", Some("more than"), false, Magnitude::Thousand),
        ("less than 1 tn", Some("less than"), false, Magnitude::Trillion),
        ("-0", None, false, Magnitude::One),
    ] {
        let number = decimal(text);
        assert_eq!(number.qualifier(), qualifier, "{text}");
        assert_eq!(number.is_negative(), is_negative, "{text}");
        assert_eq!(number.magnitude(), magnitude, "{text}");
    }
}

#[test]
fn units_stand_where_readers_expect_them() {
    for (text, unit, display) in [
        ("-17", "percent", "−17%"),
        ("3.5", "%", "3.5%"),
        ("1 million", "percent", "1 million percent"),
        ("-593 billion", "USD", "−$593bn"),
        ("about -600 billion", "USD", "about −$600bn"),
        ("570 billion", "EUR", "€570bn"),
        ("1.5 million", "GBP", "£1.5m"),
        ("2 trillion", "JPY", "¥2tn"),
        ("70", "CNY", "CN¥70"),
        ("5.5 thousand", "USD", "$5,500"),
        ("+3 bn", "KRW", "+₩3bn"),
        ("100000", "INR", "₹100,000"),
        ("593 billion", "CHF", "593bn CHF"),
        ("1 million", "GPU", "1 million GPU"),
        ("over 1 million", "GPUs", "over 1 million GPUs"),
        ("4", "teams", "4 teams"),
        ("-2", "percentage point", "−2 percentage points"),
        ("1", "percentage points", "1 percentage point"),
        ("4", "", "4"),
    ] {
        assert_eq!(decimal(text).display_with_unit(unit), display, "{text} {unit}");
    }
}

#[test]
fn order_is_numeric_and_the_same_number_can_be_typed_in_many_ways() {
    for (a, b) in [
        ("1000 million", "1 billion"),
        ("-0", "0"),
        ("+3", "3"),
        ("1.50", "1.5"),
        ("1,000", "1 thousand"),
        ("about 600 billion", "0.6 trillion"),
        ("-1.5 thousand", "-1500.0"),
    ] {
        assert!(decimal(a).same_value(&decimal(b)), "{a} is {b}");
        assert_ne!(decimal(a), decimal(b), "typed differently");
    }
    let ascending = ["-2 bn", "-593", "-17.5", "-17", "-0.1", "0", "0.09", "0.1", "0.11", "9", "10", "1m"];
    for pair in ascending.windows(2) {
        assert!(decimal(pair[0]) < decimal(pair[1]), "{pair:?}");
    }
}

#[test]
fn problems_say_what_to_write() {
    for (text, message, help) in [
        ("", "there is no number here", "write digits"),
        ("1,00", "a comma groups three digits at a time", "write 1.00 if the comma marks decimals"),
        ("0,123", "a comma groups three digits at a time", "write 0.123 if"),
        ("1,0000,000", "a comma groups three digits at a time", "write 10,000,000"),
        ("1.000.000", "a number has one decimal point", "1,000,000"),
        ("1.5,000", "a comma cannot come after the point", "commas group thousands"),
        ("5.", "there is no digit after the point", "write 5"),
        (".5", "there is no digit before the point", "write 0.5"),
        ("1 000", "digits are grouped by commas", "1,000,000"),
        ("1e3", "`1e3` is in exponent notation", "1 thousand"),
        ("12 foo", "`foo` is not part of a number", "`value: 12` and `unit: foo`"),
        ("-17%", "`%` is not part of a number", "`value: -17` and `unit: percent`"),
        ("$593", "`$` is a unit, not part of the number", "`value: 593` and `unit: USD`"),
        ("-$593 billion", "`$` is a unit", "`value: -593 billion` and `unit: USD`"),
        ("570bn €", "`€` is not part of a number", "`value: 570 bn` and `unit: EUR`"),
        ("593 billion dollars", "`dollars` is not part", "`value: 593 billion` and `unit: dollars`"),
        ("5 millions", "`millions` is not a magnitude", "write 5 million"),
        ("10-20", "`10-20` is more than one number", "also_reported"),
        ("hundreds of billions", "`hundreds of billions` is not a number", "write digits"),
        ("--5", "`--5` is not a number", "write digits"),
        ("NaN", "`NaN` is not a number", "write digits"),
        ("١٧", "is not a number", "write digits"),
    ] {
        let problem = Decimal::parse(text).expect_err(text);
        assert!(problem.message.contains(message), "{text}: {problem:?}");
        assert!(problem.help.contains(help), "{text}: {problem:?}");
    }
}

#[test]
fn values_are_counted_in_units_of_any_power_of_ten() {
    for (text, last, unit, count) in [
        ("593 billion", 9, 9, Some(593)),
        ("-593.7 billion", 8, 7, Some(-59_370)),
        ("16.97", -2, -3, Some(16_970)),
        ("17", 0, -1, Some(170)),
        ("0", 0, -2, Some(0)),
        ("1,000", 0, 3, None),
        ("1.5", -1, 0, None),
        ("99999999999999999999999999999999999999999", 0, 0, None),
        ("1 trillion", 12, -40, None),
    ] {
        let number = decimal(text);
        assert_eq!((number.last_digit(), number.in_units_of(unit)), (last, count), "{text}");
    }
}

proptest! {
    #[test]
    fn reading_never_panics(text in any::<String>()) {
        let _ = Decimal::parse(&text);
    }

    #[test]
    fn reading_almost_numbers_never_panics(text in "(about )?[-+−$€]?[0-9,. ]{0,12}[a-z%€e'_ -]{0,6}") {
        if let Ok(number) = Decimal::parse(&text) {
            let plain = Decimal::parse(&number.plain()).expect("plain digits are a number");
            prop_assert!(plain.same_value(&number));
            prop_assert_eq!(plain.plain(), number.plain());
            prop_assert!(Decimal::parse(&number.display()).expect("what we show can be read").same_value(&number));
        }
    }

    #[test]
    fn order_agrees_with_integers(a in any::<i64>(), b in any::<i64>()) {
        prop_assert_eq!(decimal(&a.to_string()).cmp(&decimal(&b.to_string())), a.cmp(&b));
        prop_assert_eq!(decimal(&a.to_string()).plain(), a.to_string());
    }
}
