//! How wide a text may become, whatever font shows it.
//!
//! A build has no font at hand that readers will see: themes name several, and systems fill in others. So widths come
//! from a table that holds, for each character, the widest advance of DejaVu Sans, Liberation Sans (the metrics of
//! Arial) in regular and bold, STIX Two Text 600, and Archivo 600. A label that fits by this table fits in all of them.

/// Advances of the printable ASCII characters from U+0020 on, in thousandths of the font size.
const ASCII: [u16; 95] = [
    318, 401, 474, 838, 636, 966, 780, 275, 390, 390, 500, 838, 318, 361, 318, 404, 636, 636, 636, 636, 636,
    636, 636, 636, 636, 636, 337, 337, 838, 838, 838, 613, 1015, 738, 722, 722, 770, 672, 611, 794, 819, 387,
    585, 755, 625, 959, 775, 787, 670, 787, 722, 667, 638, 782, 699, 1008, 687, 677, 685, 390, 403, 390, 838,
    556, 500, 613, 635, 556, 635, 615, 352, 635, 634, 313, 294, 587, 311, 974, 634, 612, 635, 635, 424, 556,
    392, 634, 592, 818, 592, 592, 525, 636, 337, 636, 838,
];

/// The advance of one character in thousandths of the font size: measured for ASCII, an upper bound for the rest.
fn advance(c: char) -> i32 {
    match c {
        ' '..='~' => i32::from(ASCII[c as usize - 0x20]),
        // What joins, marks and steers stands on the character before it.
        '\u{300}'..='\u{36f}'
        | '\u{483}'..='\u{489}'
        | '\u{591}'..='\u{5bd}'
        | '\u{610}'..='\u{61a}'
        | '\u{64b}'..='\u{65f}'
        | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{20d0}'..='\u{20ff}'
        | '\u{fe00}'..='\u{fe0f}' => 0,
        '\u{a0}' | '·' | '‘' | '’' | '‚' => 336,
        '“' | '”' | '„' | '–' => 560,
        'Æ' | 'æ' | 'Œ' | 'œ' | 'Ŵ' | '—' | '…' => 1070,
        // Letters of Latin with marks, Greek, Hebrew.
        '\u{a1}'..='\u{24f}' | '\u{1e00}'..='\u{1eff}' if c.is_uppercase() => 920,
        '\u{a1}'..='\u{24f}' | '\u{1e00}'..='\u{1eff}' => 840,
        '\u{370}'..='\u{3ff}' => 940,
        '\u{590}'..='\u{5ff}' => 740,
        '\u{400}'..='\u{52f}' => 1180,
        // The widest of all others in common fonts; letters of joined scripts among them.
        _ => 1230,
    }
}

/// The most that a text takes at a font size, in the same unit, rounded up.
pub(super) fn width(text: &str, size: i32) -> i32 {
    let thousandths: i32 = text.chars().map(advance).fold(0, i32::saturating_add);
    // In 64 bits, because a hostile name may be long.
    let wide = (i64::from(thousandths) * i64::from(size) + 999) / 1000;
    i32::try_from(wide).unwrap_or(i32::MAX)
}

/// The text, or as much of its start as fits with an ellipsis behind it.
pub(super) fn fitted(text: &str, size: i32, room: i32) -> String {
    if width(text, size) <= room {
        return text.to_owned();
    }
    let room = i64::from(room) * 1000 - i64::from(advance('…') * size);
    let mut taken = 0_i64;
    let end = text.char_indices().find(|(_, c)| {
        taken += i64::from(advance(*c) * size);
        taken > room
    });
    let kept = end.map_or(text, |(at, _)| &text[..at]);
    format!("{}…", kept.trim_end_matches([' ', ',', ';', ':', '.', '-', '–', '(']))
}

/// Places of things beside each other, in as many rows as it takes: where each begins, and its row.
pub(super) fn flow(widths: &[i32], room: i32) -> Vec<(i32, i32)> {
    const BETWEEN: i32 = 20;
    let (mut x, mut row) = (0, 0);
    let places = widths.iter().map(|width| {
        if x > 0 && x + width > room {
            (x, row) = (0, row + 1);
        }
        let place = (x, row);
        x += width + BETWEEN;
        place
    });
    places.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_cut_where_it_would_not_fit() {
        assert_eq!(fitted("Ada Example", 14, 200), "Ada Example");
        let cut = fitted("Ada Example of the Weavers and Spinners", 14, 120);
        assert_eq!(cut, "Ada Example…");
        assert!(width(&cut, 14) <= 120);
        assert_eq!(fitted("anything", 14, 0), "…");
    }

    proptest::proptest! {
        #[test]
        fn what_is_cut_fits_and_begins_like_the_text(text in ".{0,60}", room in 20..300_i32) {
            let cut = fitted(&text, 14, room);
            proptest::prop_assert!(width(&cut, 14) <= room || width(&text, 14) <= room);
            proptest::prop_assert!(text.starts_with(cut.trim_end_matches('…')));
        }
    }
}
