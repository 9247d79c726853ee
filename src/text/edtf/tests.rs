use proptest::prelude::*;

use super::*;

fn edtf(text: &str) -> Edtf {
    Edtf::parse(text).unwrap_or_else(|problem| panic!("{text}: {problem:?}"))
}

fn iso(day: Option<Day>) -> String {
    day.map_or("-".to_owned(), |day| day.to_string())
}

/// One of each shape that we read.
const ALL: [&str; 47] = [
    "2025",
    "Y2025",
    "Y-9999",
    "-0043",
    "0000",
    "0044",
    "2025?",
    "2025~",
    "2025%",
    "2025-01",
    "2025-01~",
    "2025-01-30",
    "2025-01-30?",
    "2025-02-20~",
    "2025-02-20%",
    "2024-02-29",
    "2025-01-27T14:05:00-05:00",
    "2025-01-27T14:05-05:00",
    "2025-01-27T14:05:30Z",
    "2025-01-27T14:05+05:30",
    "2025-01-27T14:05:00-05",
    "2025-01-27T14:05:00-00:00",
    "2025-21",
    "2025-22",
    "2025-23?",
    "2025-24",
    "2025-01-XX",
    "2025-XX-XX",
    "2025-XX",
    "202X",
    "200X~",
    "20XX",
    "-012X",
    "2025-01-28/2025-01-30",
    "2025-01-28/2025-02-02",
    "2024-12-30/2025-01-02",
    "2025-01/2025-03",
    "2024/2025",
    "2025-21/2025-22",
    "2025-01-28~/2025-01-30?",
    "2025-01-30/2025-01-30",
    "../2025-01-30",
    "2025-01-28/..",
    "2025-01-28/",
    "/2025-01-30",
    "2025-06/2025",
    "202X/..",
];

#[test]
fn every_shape_is_bounded_and_graded() {
    use Precision::*;
    for (text, earliest, latest, precision) in [
        ("2025", "2025-01-01", "2025-12-31", Year),
        ("Y2025", "2025-01-01", "2025-12-31", Year),
        ("Y-9999", "-9999-01-01", "-9999-12-31", Year),
        ("-0043", "-0043-01-01", "-0043-12-31", Year),
        ("2025-02", "2025-02-01", "2025-02-28", Month),
        ("2024-02", "2024-02-01", "2024-02-29", Month),
        ("2025-01-XX", "2025-01-01", "2025-01-31", Month),
        ("2025-XX-XX", "2025-01-01", "2025-12-31", Year),
        ("2025-XX", "2025-01-01", "2025-12-31", Year),
        ("2025-01-30?", "2025-01-30", "2025-01-30", Day),
        ("2024-02-29", "2024-02-29", "2024-02-29", Day),
        ("2025-01-27T23:05:00-05:00", "2025-01-27", "2025-01-27", Time),
        ("2025-01-28T01:05:00+14:00", "2025-01-28", "2025-01-28", Time),
        ("2025-21", "2025-03-01", "2025-05-31", Season),
        ("2025-22", "2025-06-01", "2025-08-31", Season),
        ("2025-23", "2025-09-01", "2025-11-30", Season),
        ("2023-24", "2023-01-01", "2024-02-29", Season),
        ("202X", "2020-01-01", "2029-12-31", Decade),
        ("20XX", "2000-01-01", "2099-12-31", Century),
        ("-012X", "-0129-01-01", "-0120-12-31", Decade),
        ("2025-01-28~/2025-02", "2025-01-28", "2025-02-28", Range),
        ("../2025-01-30", "-", "2025-01-30", Range),
        ("/2025-01-30", "-", "2025-01-30", Range),
        ("2025-01-28/..", "2025-01-28", "-", Range),
        ("2025-01-28/", "2025-01-28", "-", Range),
        ("2199-24", "2199-01-01", "2200-02-28", Season),
    ] {
        let date = edtf(text);
        assert_eq!(iso(date.earliest()), earliest, "{text}");
        assert_eq!(iso(date.latest()), latest, "{text}");
        assert_eq!(date.precision(), precision, "{text}");
        assert_eq!(date.raw(), text);
        assert_eq!(date.is_range(), precision == Range, "{text}");
    }
}

#[test]
fn doubts_are_kept_on_either_side() {
    for (text, is_uncertain, is_approximate) in [
        ("2025", false, false),
        ("2025?", true, false),
        ("2025~", false, true),
        ("2025%", true, true),
        ("2025-01-28~/2025-01-30?", true, true),
        ("2025-01-28/2025-01-30?", true, false),
        ("../2025-01-30~", false, true),
        ("2025-01-28%/", true, true),
    ] {
        assert_eq!(edtf(text).is_uncertain(), is_uncertain, "{text}");
        assert_eq!(edtf(text).is_approximate(), is_approximate, "{text}");
    }
}

#[test]
fn words_hide_no_doubt() {
    for (text, full, short) in [
        ("2025-01-30", "30 January 2025", "30 Jan 2025"),
        ("2025-01-07", "7 January 2025", "7 Jan 2025"),
        ("2025-01", "January 2025, day not given", "Jan 2025"),
        ("2025-01-XX", "January 2025, day not given", "Jan 2025"),
        ("2025", "2025, month not given", "2025"),
        ("2025-XX", "2025, month not given", "2025"),
        ("2025-XX-XX", "2025, month not given", "2025"),
        ("2025-01-28/2025-01-30", "between 28 and 30 January 2025", "28–30 Jan 2025"),
        ("2025-01-28/2025-02-02", "between 28 January and 2 February 2025", "28 Jan – 2 Feb 2025"),
        ("2024-12-30/2025-01-02", "between 30 December 2024 and 2 January 2025", "30 Dec 2024 – 2 Jan 2025"),
        ("2025-01/2025-03", "between January and March 2025", "Jan–Mar 2025"),
        ("2024-11/2025-03", "between November 2024 and March 2025", "Nov 2024 – Mar 2025"),
        ("2024/2025", "between 2024 and 2025", "2024–2025"),
        ("2025-21/2025-22", "between spring and summer 2025", "spring–summer 2025"),
        ("2025-01/2025-03-03", "between January 2025 and 3 March 2025", "Jan 2025 – 3 Mar 2025"),
        ("2025-01-30/2025-01-30", "30 January 2025", "30 Jan 2025"),
        (
            "2025-01-28~/2025-01-30?",
            "between about 28 January 2025 and 30 January 2025 (uncertain)",
            "c. 28 Jan 2025 – 30 Jan 2025?",
        ),
        ("2025-02-20~", "about 20 February 2025", "c. 20 Feb 2025"),
        ("2025-01-30?", "30 January 2025 (uncertain)", "30 Jan 2025?"),
        ("2025%", "about 2025 (uncertain)", "c. 2025?"),
        ("2025-01~", "about January 2025", "c. Jan 2025"),
        ("2025-21", "spring 2025", "spring 2025"),
        ("2025-24", "winter 2025", "winter 2025"),
        ("202X", "some time in the 2020s", "2020s"),
        ("202X~", "about the 2020s", "c. 2020s"),
        ("200X", "some time from 2000 to 2009", "2000–2009"),
        ("20XX", "some time from 2000 to 2099", "2000–2099"),
        ("2025-01-27T14:05:00-05:00", "27 January 2025, 14:05 (UTC−5)", "27 Jan 2025, 14:05 UTC−5"),
        ("2025-01-27T14:05:59+05:30", "27 January 2025, 14:05 (UTC+5:30)", "27 Jan 2025, 14:05 UTC+5:30"),
        ("2025-01-27T14:05Z", "27 January 2025, 14:05 (UTC)", "27 Jan 2025, 14:05 UTC"),
        ("../2025-01-30", "until 30 January 2025", "until 30 Jan 2025"),
        ("2025-01-28/..", "since 28 January 2025", "since 28 Jan 2025"),
        ("/2025-01-30", "until 30 January 2025, start not known", "? – 30 Jan 2025"),
        ("2025-01-28~/", "from about 28 January 2025, end not known", "c. 28 Jan 2025 – ?"),
        ("-0043-03-15", "15 March 44 BC", "15 Mar 44 BC"),
        ("0000", "1 BC, month not given", "1 BC"),
        ("0044", "AD 44, month not given", "AD 44"),
    ] {
        assert_eq!(edtf(text).display(), full, "{text}");
        assert_eq!(edtf(text).display_short(), short, "{text}");
    }
}

#[test]
fn machines_get_only_what_they_can_read() {
    for (text, machine, rfc3339, weekday) in [
        ("2025", Some("2025"), Some("2025-01-01T00:00:00Z"), None),
        ("Y2025", Some("2025"), Some("2025-01-01T00:00:00Z"), None),
        ("2025-01~", Some("2025-01"), Some("2025-01-01T00:00:00Z"), None),
        ("2025-01-XX", Some("2025-01"), Some("2025-01-01T00:00:00Z"), None),
        ("2025-01-30?", Some("2025-01-30"), Some("2025-01-30T00:00:00Z"), Some("Thursday")),
        (
            "2025-01-27T14:05:00-05:00",
            Some("2025-01-27T14:05:00-05:00"),
            Some("2025-01-27T14:05:00-05:00"),
            Some("Monday"),
        ),
        ("2025-01-27T14:05Z", Some("2025-01-27T14:05Z"), Some("2025-01-27T14:05:00Z"), Some("Monday")),
        (
            "2025-01-27T14:05:00-05",
            Some("2025-01-27T14:05:00-05:00"),
            Some("2025-01-27T14:05:00-05:00"),
            Some("Monday"),
        ),
        (
            "2025-01-27T14:05:00-00:00",
            Some("2025-01-27T14:05:00+00:00"),
            Some("2025-01-27T14:05:00+00:00"),
            Some("Monday"),
        ),
        ("2025-21", None, Some("2025-03-01T00:00:00Z"), None),
        ("202X", None, Some("2020-01-01T00:00:00Z"), None),
        ("20XX", None, Some("2000-01-01T00:00:00Z"), None),
        ("2025-01-28/2025-01-30", None, Some("2025-01-28T00:00:00Z"), None),
        ("2025-01-28/..", None, Some("2025-01-28T00:00:00Z"), None),
        ("../2025-01-30", None, Some("2025-01-30T00:00:00Z"), None),
        ("0999-01-30", None, Some("0999-01-30T00:00:00Z"), Some("Wednesday")),
        ("-0043", None, None, None),
    ] {
        let date = edtf(text);
        assert_eq!(date.machine().as_deref(), machine, "{text}");
        assert_eq!(date.rfc3339_floor().as_deref(), rfc3339, "{text}");
        assert_eq!(date.weekday(), weekday, "{text}");
    }
}

#[test]
fn instants_count_seconds_from_1970() {
    for (text, instant) in [
        ("1970-01-01T00:00:00Z", Some(0)),
        ("1969-12-31T23:59:59Z", Some(-1)),
        ("2025-01-27T14:05:00-05:00", Some(1_738_004_700)),
        ("2025-01-27T19:05Z", Some(1_738_004_700)),
        ("2025-01-28T00:35:00+05:30", Some(1_738_004_700)),
        ("2025-01-27", None),
    ] {
        assert_eq!(edtf(text).instant(), instant, "{text}");
    }
}

#[test]
fn the_order_is_day_then_instant_then_precision_then_end() {
    let sorted = [
        "202X",
        "2024-12-30/2025-01-02",
        "2025-01-01",
        "2025-01",
        "2025-01-XX",
        "2025-24",
        "2025",
        "2025-01-01/2025-01-05",
        "2025-01-01/2025-02",
        "2025-01-01/..",
        "2025-01-27T20:00:00+05:30",
        "2025-01-27T14:05:00-05:00",
        "2025-01-27T19:06:00Z",
        "2025-01-27",
        "2025-01-30",
        "../2025-01-30",
        "2025-21",
    ];
    for (idx, text) in sorted.iter().enumerate() {
        for later in &sorted[idx + 1..] {
            assert!(edtf(text) < edtf(later), "{text} after {later}");
        }
    }
    assert_eq!(edtf("2025-01").sort_key(), edtf("2025-01-XX").sort_key());
    assert!(edtf("2025-01") < edtf("2025-01-XX"), "the text decides");
}

#[test]
fn one_instant_in_two_zones_has_one_place() {
    let new_york = edtf("2025-01-27T14:05:00-05:00");
    let london = edtf("2025-01-27T19:05:00Z");
    assert_eq!(new_york.sort_key(), london.sort_key());
    assert!(new_york < london, "the text decides, the same way everywhere");
    assert!(!new_york.definitely_before(&london) && !new_york.possibly_before(&london));

    // On two civil days the days decide the place, while `before` still asks the instants.
    let late_there = edtf("2025-01-27T23:30:00-05:00");
    let early_here = edtf("2025-01-28T01:00:00+01:00");
    assert!(late_there < early_here);
    assert!(early_here.definitely_before(&late_there));
}

#[test]
fn before_is_definite_or_possible() {
    for (a, b, definitely, possibly) in [
        ("2025-01-27", "2025-01-28", true, true),
        ("2025-01-28", "2025-01-27", false, false),
        ("2025-01-27", "2025-01-27", false, true),
        ("2025-01-27", "2025-01", false, true),
        ("2025-01", "2025-01-27", false, true),
        ("2025-01", "2025-02", true, true),
        ("2025-02-20~", "2025-02-21", true, true),
        ("2025-01-27T10:00Z", "2025-01-27T11:00Z", true, true),
        ("2025-01-27T11:00Z", "2025-01-27T10:00Z", false, false),
        ("2025-01-27T11:00Z", "2025-01-27", false, true),
        ("2025-01-27T11:00Z", "2025-01-28", true, true),
        ("../2025-01-27", "2025-01-28", true, true),
        ("2025-01-27/..", "2025-01-28", false, true),
        ("2025-01-28", "../2025-01-30", false, true),
        ("2025-01-31", "../2025-01-30", false, false),
        ("2025-01-31", "2025-01-01/..", false, true),
    ] {
        assert_eq!(edtf(a).definitely_before(&edtf(b)), definitely, "{a} {b}");
        assert_eq!(edtf(a).possibly_before(&edtf(b)), possibly, "{a} {b}");
    }
}

#[test]
fn impossible_dates_are_named() {
    for (text, message) in [
        ("2025-13", "there is no month 13"),
        ("2025-00-10", "there is no month 00"),
        ("2025-25", "there is no month 25"),
        ("2025-02-30", "30 February does not exist"),
        ("2025-02-29", "29 February 2025 does not exist"),
        ("1900-02-29", "29 February 1900 does not exist"),
        ("2025-04-31", "31 April does not exist"),
        ("2025-01-32", "there is no day 32"),
        ("2025-01-00", "there is no day 00"),
        ("2025-21-01", "a season has no days"),
        ("2025-XX-30", "a day needs its month"),
        ("202X-01", "a year with unspecified digits takes no month"),
        ("2025-01-27T14:05:00", "a time needs an offset, such as Z or -05:00"),
        ("2025-01-27T14:05", "a time needs an offset, such as Z or -05:00"),
        ("2025-01-27 14:05", "a time needs an offset, such as Z or -05:00"),
        ("2025-01T14:05Z", "a time needs a whole date"),
        ("2025-01-27T24:00Z", "there is no hour 24"),
        ("2025-01-27T14:60Z", "there is no minute 60"),
        ("2025-01-27T14:05:60Z", "there is no second 60"),
        ("2025-01-27T14:05:00.5Z", "a time has whole seconds"),
        ("2025-01-27T14Z", "a time is written hh:mm or hh:mm:ss"),
        ("2025-01-27T", "a time is written hh:mm or hh:mm:ss"),
        ("2025-01-27T14:05EST", "`EST` is not an offset"),
        ("2025-01-27T14:05-0500", "`-0500` is not an offset"),
        ("2025-01-27T14:05-5", "`-5` is not an offset"),
        ("2025-01-27T14:05+15:00", "there is no offset +15:00"),
        ("2025-01-27T14:05-12:01", "there is no offset -12:01"),
        ("2025-01-27T14:05Z?", "a date with a time takes no `?`, `~` or `%`"),
        ("25-01-27", "the year needs four digits"),
        ("27.01.25", "the year needs four digits"),
        ("202", "the year needs four digits"),
        ("-44", "the year needs four digits"),
        ("20255", "the year 20255 is far in the future"),
        ("20255-01-27", "the year 20255 is far in the future"),
        ("2200", "the year 2200 is far in the future"),
        ("Y170000002", "the year 170000002 is far in the future"),
        ("Y-170000002", "the year -170000002 is too long ago"),
        ("-0000", "there is no year -0000"),
        ("2025-01-30/2025-01-27", "the interval ends before it starts"),
        ("2025/2024-12", "the interval ends before it starts"),
        ("../..", "the interval has neither a start nor an end"),
        ("/", "the interval has neither a start nor an end"),
        ("2025-01-27T14:05Z/2025-01-28", "an interval cannot have a time of day"),
        ("2025-01-27/2025-13", "there is no month 13"),
        ("", "there is no date here"),
        ("January 2025", "`January 2025` is not an EDTF date"),
        ("XXXX", "`XXXX` is not an EDTF date"),
        ("2025-1X", "`2025-1X` is not an EDTF date"),
        ("[2024,2025]", "`[2024,2025]` is not an EDTF date"),
        ("2025-01-27/soon", "`soon` is not an EDTF date"),
        ("2025-01-27/2025-01-28/2025-01-29", "`2025-01-27/2025-01-28/2025-01-29` is not an EDTF date"),
        ("31.02.2025", "31 February does not exist"),
        ("30 February 2025", "30 February does not exist"),
    ] {
        assert_eq!(Edtf::parse(text).expect_err(text).message, message, "{text}");
    }
}

#[test]
fn other_notations_are_translated() {
    for (text, help) in [
        ("27.01.2025", "write 2025-01-27"),
        ("7.1.2025", "write 2025-01-07"),
        ("27/01/2025", "write 2025-01-27"),
        ("01/27/2025", "write 2025-01-27"),
        ("27-01-2025", "write 2025-01-27"),
        ("03/03/2025", "write 2025-03-03"),
        ("03/04/2025", "write 2025-04-03 or 2025-03-04, whichever it is"),
        ("2025/01/27", "write 2025-01-27"),
        ("2025.01.27", "write 2025-01-27"),
        ("2025-1-7", "write 2025-01-07"),
        ("2025-1", "write 2025-01"),
        ("01/2025", "write 2025-01"),
        ("2025/01", "write 2025-01"),
        ("20250127", "write 2025-01-27"),
        ("January 27 2025", "write 2025-01-27"),
        ("January 27, 2025", "write 2025-01-27"),
        ("27 Jan 2025", "write 2025-01-27"),
        ("27th of January 2025", "write 2025-01-27"),
        ("Monday, 27 January 2025", "write 2025-01-27"),
        ("2025 Sept 1", "write 2025-09-01"),
        ("January 2025", "write 2025-01"),
        ("Jan. 2025", "write 2025-01"),
        ("spring 2025", "write 2025-21"),
        ("fall 2025", "write 2025-23"),
        ("about 27 January 2025", "write 2025-01-27~"),
        ("circa 2025", "write 2025~"),
        ("c. 2025-01", "write 2025-01~"),
        (
            "late January 2025",
            "write 2025-01 for the month alone, or the days you mean, such as 2025-01-21/2025-01-31",
        ),
        ("the 2020s", "write 202X"),
        ("2024-2025", "write 2024/2025"),
        ("2024/25", "write 2024/2025"),
        ("2025-01-27 to 2025-01-30", "write 2025-01-27/2025-01-30"),
        ("between 2025-01-27 and 2025-01-30", "write 2025-01-27/2025-01-30"),
        ("2025-01-27..2025-01-30", "write 2025-01-27/2025-01-30"),
        ("2025-1-7/2025-1-9", "write 2025-01-07"),
        ("2025–01–27", "write 2025-01-27"),
        ("2025-01-xx", "write 2025-01-XX"),
        ("2025-01-uu", "write 2025-01-XX"),
        ("2025-01?~", "write 2025-01%"),
        ("2004/open", "write 2004/.."),
        (" 2025-01-27 ", "write 2025-01-27"),
        ("2025-01-27 14:05Z", "write 2025-01-27T14:05Z"),
        ("2025-01-27 14:05 UTC", "write 2025-01-27T14:05Z"),
        ("2025-01-27 14:05:00 -05:00", "write 2025-01-27T14:05:00-05:00"),
        ("2025-01-27t14:05z", "write 2025-01-27T14:05Z"),
        (
            "2025-01-27T14:05",
            "write 2025-01-27T14:05Z if that is UTC, or the offset of the place; or the day alone: 2025-01-27",
        ),
        ("yesterday", "write the day itself, as in 2025-01-27"),
        ("n.d.", "leave the field out when the date is not known"),
        ("2025-01-30/2025-01-27", "write the earlier date first: 2025-01-27/2025-01-30"),
        ("soon", "write 2025-01-27, or with a time and an offset: 2025-01-27T14:05:00-05:00"),
    ] {
        assert_eq!(Edtf::parse(text).expect_err(text).help, help, "{text}");
    }
    let ambiguous = Edtf::parse("03/04/2025").expect_err("two readings");
    assert_eq!(ambiguous.message, "`03/04/2025` could be 3 April or 4 March");
}

#[test]
fn every_shape_has_words_and_a_place() {
    for text in ALL {
        let date = edtf(text);
        assert!(!date.display().is_empty() && !date.display_short().is_empty());
        assert!(date.earliest().is_some() || date.latest().is_some(), "{text}");
        for other in ALL.map(edtf) {
            assert!(!(date.definitely_before(&other) && other.possibly_before(&date)), "{text} {other:?}");
        }
    }
}

#[test]
fn only_what_is_before_in_every_zone_is_surely_before() {
    for (one, other, is_before) in [
        ("2025-01-27", "2025-01-29", true),
        ("2025-01-27", "2025-01-28", false),
        ("2025-01-31", "2025-02", false),
        ("2025-01-30", "2025-02", true),
        ("2025-01", "2025-01-31", false),
        ("2025-01-27?", "2025-03-29", false),
        ("2025-01-27", "2025-03-29~", false),
        ("2025-01-27/2025-01-28~", "2025-03-29", false),
        ("2025-01-27/..", "2025-03-29", false),
        ("2025-01-27T23:00:00-05:00", "2025-01-28T04:00:01Z", true),
        ("2025-01-27T23:00:00-05:00", "2025-01-28", false),
    ] {
        assert_eq!(edtf(one).surely_before(&edtf(other)), is_before, "{one} {other}");
        assert!(!edtf(other).surely_before(&edtf(one)), "{other} {one}");
    }
}

#[test]
fn days_follow_the_calendar() {
    let day = |year, month, day| Day { year, month, day };
    assert_eq!(day(1970, 1, 1).ordinal(), 0);
    assert_eq!(Day::of_ordinal(20_118), day(2025, 1, 30));
    assert_eq!((Day::of_ordinal(i64::MIN).year, Day::of_ordinal(i64::MAX).year), (-9999, 9999));
    assert_eq!(day(1969, 12, 31).ordinal(), -1);
    assert_eq!(day(2025, 1, 30).ordinal(), 20_118);
    assert_eq!(day(2024, 2, 28).next(), day(2024, 2, 29));
    assert_eq!(day(2024, 12, 31).next(), day(2025, 1, 1));
    assert_eq!(day(9999, 12, 31).next(), day(9999, 12, 31));
    assert_eq!(day(2025, 2, 99).next(), day(2025, 3, 1), "a day outside the calendar is its month's last");
    assert_eq!(day(2025, 1, 30).display(), "30 January 2025");
    assert_eq!(day(-43, 3, 15).to_string(), "-0043-03-15");
    assert!(day(2025, 1, 30) < day(2025, 2, 1));
}

proptest! {
    #[test]
    fn reading_never_panics(text in any::<String>()) {
        let _ = Edtf::parse(&text);
    }

    #[test]
    fn reading_almost_dates_never_panics(
        text in "[Y-]?[0-9X]{1,5}([-./ ][0-9X]{1,2}){0,2}([T ][0-9:]{2,8}[Z+-]?[0-9:]{0,5})?[?~%]?(/[0-9.X?-]{0,10})?",
    ) {
        match Edtf::parse(&text) {
            Ok(date) => prop_assert!(!date.display().is_empty()),
            Err(problem) => prop_assert!(!problem.message.is_empty() && !problem.help.is_empty()),
        }
    }

    #[test]
    fn reading_words_never_panics(
        text in "(late |about |on )?([a-zé]{1,4}|[0-9]{1,3}(th)?|jan|may|sept) ?([0-9]{1,2}|march),? ?[0-9]{0,5}s?",
    ) {
        let _ = Edtf::parse(&text);
    }

    #[test]
    fn the_order_is_total(a in 0..ALL.len(), b in 0..ALL.len(), c in 0..ALL.len()) {
        let (a, b, c) = (edtf(ALL[a]), edtf(ALL[b]), edtf(ALL[c]));
        prop_assert_eq!(a.sort_key().cmp(&b.sort_key()), b.sort_key().cmp(&a.sort_key()).reverse());
        prop_assert_eq!(a.cmp(&b), b.cmp(&a).reverse());
        prop_assert_eq!(a == b, a.cmp(&b).is_eq());
        if a <= b && b <= c {
            prop_assert!(a <= c && a.sort_key() <= c.sort_key());
        }
    }

    #[test]
    fn every_day_is_read_back(ordinal_year in -9999..=2199_i32, month in 1..=12_u8, day in 1..=31_u8) {
        let text = Day { year: ordinal_year, month, day }.to_string();
        if let Ok(date) = Edtf::parse(&text) {
            let read = date.earliest().expect("a day has a start");
            prop_assert_eq!(read.to_string(), text);
            prop_assert_eq!(read.next().ordinal(), read.ordinal() + 1);
        }
    }
}
