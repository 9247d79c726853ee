//! The sentence around a link, short enough for a list of backlinks.

use std::ops::Range;

use super::sentence_bounds;

/// How long a sentence may be, in characters.
const MAX_CHARS: usize = 240;

/// Words after which a full stop ends no sentence.
const TITLES: [&str; 16] =
    ["Mr", "Mrs", "Ms", "Dr", "Prof", "St", "Jr", "Sr", "Gen", "Sen", "Rep", "Gov", "Lt", "Col", "vs", "No"];

/// Where the sentences of a text start, in order; the first is 0.
pub(super) fn bounds(text: &str) -> Vec<usize> {
    let mut starts = vec![0];
    for start in sentence_bounds::starts(text) {
        if !ends_with_abbreviation(&text[..start]) {
            starts.push(start);
        }
    }
    starts
}

/// The bounds of the sentence that holds a part of a text, without the spaces around it.
///
/// Where Unicode's rules would part a sentence that goes on in small letters (`“Really?” she said`) or behind the number
/// of a day (`am 29. Januar`), it stays whole.
pub(super) fn whole(text: &str, part: Range<usize>) -> Range<usize> {
    let starts = bounds(text);
    let goes_on = |at: usize| {
        let before = text[..at].trim_end();
        let small =
            text[at..].trim_start_matches(|c: char| !c.is_alphanumeric()).starts_with(char::is_lowercase);
        let day = before.strip_suffix('.').is_some_and(|it| {
            let digits = it.len() - it.trim_end_matches(|c: char| c.is_ascii_digit()).len();
            (1..=2).contains(&digits)
        });
        !text[..at].ends_with('\n') && (small || day)
    };
    let last_start =
        |at: usize| starts.iter().rev().copied().find(|it| *it <= at && (*it == 0 || !goes_on(*it)));
    let next_start = |at: usize| starts.iter().copied().find(|it| *it >= at && *it > 0 && !goes_on(*it));
    let start = last_start(part.start).unwrap_or(0);
    let end = next_start(part.end.max(part.start + 1)).unwrap_or(text.len());
    let sentence = &text[start..end];
    let from = start + sentence.len() - sentence.trim_start().len();
    from..start + sentence.trim_end().len().max(from - start)
}

/// The sentence, or sentences, that hold the words at `link`. Too long ones are cut at spaces, with `…`.
pub(super) fn around(text: &str, starts: &[usize], link: Range<usize>) -> String {
    let first = starts.partition_point(|start| *start <= link.start).saturating_sub(1);
    let after = starts.partition_point(|start| *start < link.end.max(link.start + 1));
    let range = starts[first]..starts.get(after).copied().unwrap_or(text.len());
    let sentence = &text[range.clone()];
    if sentence.trim().chars().count() <= MAX_CHARS {
        return in_one_line(sentence);
    }
    let link = link.start - range.start..link.end - range.start;
    let n_link = sentence[link.clone()].chars().count().min(MAX_CHARS);
    let around = (MAX_CHARS - n_link) / 2;
    let before: Vec<usize> = sentence[..link.start].char_indices().map(|(at, _)| at).collect();
    // What one side does not need, the other may have.
    let n_after = sentence[link.start..].chars().count() - n_link;
    let n_before = before.len().min(around + around.saturating_sub(n_after));
    let n_after = MAX_CHARS - n_link - n_before;
    let start =
        before.len().checked_sub(n_before).and_then(|idx| before.get(idx).copied()).unwrap_or(link.start);
    let end = sentence[link.start..]
        .char_indices()
        .nth(n_link + n_after)
        .map_or(sentence.len(), |(at, _)| link.start + at);
    let start = match start {
        0 => 0,
        _ => sentence[start..link.start].find(char::is_whitespace).map_or(link.start, |at| start + at),
    };
    let cut_at_end = end < sentence.trim_end().len();
    let end = match cut_at_end {
        true => sentence[link.start..end].rfind(char::is_whitespace).map_or(end, |at| link.start + at),
        false => sentence.len(),
    };
    let lead = if start > 0 { "… " } else { "" };
    let trail = if cut_at_end { " …" } else { "" };
    format!("{lead}{}{trail}", in_one_line(&sentence[start..end]))
}

fn ends_with_abbreviation(text: &str) -> bool {
    let Some(text) = text.trim_end().strip_suffix('.') else { return false };
    let word = text.rsplit(|c: char| !c.is_alphanumeric()).next().unwrap_or("");
    let is_initial = word.chars().count() == 1 && word.chars().all(char::is_uppercase);
    is_initial || TITLES.contains(&word)
}

fn in_one_line(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    line.shrink_to_fit();
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    fn around_word(text: &str, word: &str) -> String {
        let at = text.find(word).expect("the word is there");
        around(text, &bounds(text), at..at + word.len())
    }

    #[test]
    fn the_sentence_around_a_link_is_found() {
        let text = "Shares fell. Mr. Huang of Nvidia, J. H. for short, said nothing.  Then Meta spoke.";
        assert_eq!(around_word(text, "Nvidia"), "Mr. Huang of Nvidia, J. H. for short, said nothing.");
        assert_eq!(around_word(text, "Then"), "Then Meta spoke.");
        assert_eq!(around_word("Nvidia", "Nvidia"), "Nvidia");
    }

    #[test]
    fn a_long_sentence_is_cut_at_spaces_on_both_sides() {
        let text = format!("{}Nvidia{}.", "before ".repeat(60), " after".repeat(60));
        let cut = around_word(&text, "Nvidia");
        assert!(
            cut.starts_with("… before ") && cut.ends_with(" after …") && cut.contains(" Nvidia "),
            "{cut}"
        );
        assert!(cut.chars().count() <= MAX_CHARS + 4, "{cut}");
        let cut = around_word(&format!("Nvidia{}", "é after".repeat(60)), "Nvidia");
        assert!(
            cut.starts_with("Nvidia") && cut.chars().count() > 200 && cut.chars().count() <= MAX_CHARS + 4,
            "{cut}"
        );
    }

    proptest::proptest! {
        #[test]
        fn any_link_in_any_text_has_a_sentence(text in "(\\PC| |\\. |é){0,400}", a in 0..400usize, b in 0..400usize) {
            let places: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
            let (a, b) = (places[a % places.len()], places[b % places.len()]);
            let sentence = around(&text, &bounds(&text), a.min(b)..a.max(b));
            proptest::prop_assert!(sentence.chars().count() <= MAX_CHARS + 4);
        }
    }
}
