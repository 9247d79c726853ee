//! `srcset`: several addresses in one attribute (HTML Standard, §4.8.4.2.1).

use std::ops::Range;

/// Where the addresses of a `srcset` stand.
pub(super) fn addresses(srcset: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < srcset.len() {
        let skipped = srcset[at..].trim_start_matches(|c: char| c.is_ascii_whitespace() || c == ',');
        let start = srcset.len() - skipped.len();
        let end = start + skipped.find(|c: char| c.is_ascii_whitespace()).unwrap_or(skipped.len());
        let address = srcset[start..end].trim_end_matches(',');
        if !address.is_empty() {
            found.push(start..start + address.len());
        }
        at = match address.len() == end - start {
            // Descriptors follow, up to a comma outside parentheses.
            true => end + descriptors_len(&srcset[end..]),
            false => end,
        };
    }
    found
}

fn descriptors_len(rest: &str) -> usize {
    let mut in_parens = false;
    for (at, c) in rest.char_indices() {
        match c {
            '(' => in_parens = true,
            ')' => in_parens = false,
            ',' if !in_parens => return at,
            _ => (),
        }
    }
    rest.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_address_is_found_and_descriptors_are_not() {
        let read =
            |srcset: &'static str| addresses(srcset).into_iter().map(|it| &srcset[it]).collect::<Vec<_>>();
        assert_eq!(read("/a.png 1x, /b,c.png 2x"), ["/a.png", "/b,c.png"]);
        assert_eq!(read(" /a.png, /b.png x(1, 2) ,,/c.png"), ["/a.png", "/b.png", "/c.png"]);
        assert_eq!(read(" , "), [""; 0]);
    }
}
