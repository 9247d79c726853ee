//! What sites put between and behind somebody's words: "Read more", short links to the post itself.

/// What links and buttons say that show more of a text, or lead to another one.
const INSERTS: [&str; 13] = [
    "continue reading",
    "keep reading",
    "load more",
    "more",
    "read full story",
    "read less",
    "read more",
    "read the full story",
    "see less",
    "see more",
    "show less",
    "show more",
    "view more",
];

/// What a post ends in where it was cut off.
const CUTS: [&str; 6] = ["Show more", "show more", "See more", "see more", "Read more", "more"];

/// Whether an element's words are an insert and nothing else: `Read more »`.
pub(super) fn is_insert(words: &str) -> bool {
    // The longest of them, with arrows around it.
    if words.len() > 60 {
        return false;
    }
    let bare = words.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    // A lone "more" may be somebody's; "…more" is a site's.
    let is_known = INSERTS.contains(&bare.as_str()) && bare != "more";
    is_known || bare == "more" && ends_cut(words.trim_end_matches("more").trim_end())
}

/// Whether a raised digit behind some words is part of them: without the exponent, `10⁶` and `m²` would be something
/// else.
pub(super) fn is_exponent(before: &str, digits: &str) -> bool {
    let letters = before.chars().rev().take_while(|c| c.is_alphabetic()).count();
    before.ends_with(|c: char| c.is_ascii_digit())
        || (1..=2).contains(&letters) && matches!(digits, "2" | "3")
}

/// Whether an insert offers the rest of a text.
pub(super) fn offers_rest(words: &str) -> bool {
    let bare = words.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    matches!(bare.as_str(), "show more" | "see more" | "more")
}

fn ends_cut(words: &str) -> bool {
    words.ends_with('…') || words.ends_with("...")
}

/// Paragraphs without inserts and without the short links that posts end in. A text that was cut off ends in `…`.
pub(super) fn without(paragraphs: Vec<String>) -> Vec<String> {
    let kept = paragraphs.into_iter().map(without_tail);
    kept.filter(|it| !it.is_empty() && !is_insert(it) && !leads_away(it)).collect()
}

/// A paragraph that names another article: `Read more: …`.
fn leads_away(paragraph: &str) -> bool {
    let start: String = paragraph.chars().take(20).collect::<String>().to_lowercase();
    ["read more:", "also read:", "read also:", "continue reading "].iter().any(|it| start.starts_with(it))
}

fn without_tail(paragraph: String) -> String {
    let mut words = paragraph.as_str();
    let mut is_cut = false;
    loop {
        let before = words.len();
        let start = words.rfind(' ').map_or(0, |at| at + 1);
        if is_short_link(&words[start..]) {
            words = words[..start].trim_end();
        }
        let cut = CUTS.iter().find_map(|it| words.strip_suffix(it)).filter(|it| {
            // Behind a blank only the words that sites print with a capital: people say "show more", too.
            ends_cut(it.trim_end()) || it.ends_with(' ') && words.ends_with(" Show more")
        });
        if let Some(rest) = cut {
            (words, is_cut) = (rest.trim_end(), true);
        }
        if words.len() == before {
            break;
        }
    }
    match (is_cut, words.len() == paragraph.len()) {
        (true, _) => with_mark(words),
        (false, true) => paragraph,
        (false, false) => words.to_owned(),
    }
}

/// The words before a cut, with the mark of one.
fn with_mark(words: &str) -> String {
    let bare = |words: &'_ str| words.trim_end().trim_end_matches(['.', '…']).trim_end().len();
    let mut words = &words[..bare(words)];
    // A full stop may have hidden a link.
    while let Some(start) =
        Some(words.rfind(' ').map_or(0, |at| at + 1)).filter(|at| is_short_link(&words[*at..]))
    {
        words = &words[..bare(&words[..start])];
    }
    if words.is_empty() { String::new() } else { format!("{words}…") }
}

/// The links that X puts behind a post's words for its pictures, and for what it quotes.
fn is_short_link(word: &str) -> bool {
    let bare = word.trim_start_matches("https://").trim_start_matches("http://");
    let host = ["t.co/", "pic.twitter.com/", "pic.x.com/"].iter().find_map(|it| bare.strip_prefix(it));
    host.is_some_and(|it| !it.is_empty() && it.chars().all(|c| c.is_ascii_alphanumeric() || c == '…'))
}

#[cfg(test)]
mod tests {
    fn without(words: &str) -> String {
        super::without(vec![words.to_owned()]).join("|")
    }

    #[test]
    fn what_a_site_puts_behind_a_post_goes_and_words_stay() {
        for (typed, kept) in [
            ("It opens. https://t.co/AbC123", "It opens."),
            ("It opens. https://t.co/a pic.twitter.com/b", "It opens."),
            ("https://t.co/a", ""),
            ("See https://t.co/a for more", "See https://t.co/a for more"),
            ("It opens with a Show more", "It opens with a…"),
            ("It opens with a… Show more", "It opens with a…"),
            ("It opens with a...see more", "It opens with a…"),
            ("It opens …more", "It opens…"),
            ("The numbers show more", "The numbers show more"),
            ("We want more", "We want more"),
            ("https://example.org/t.co/x", "https://example.org/t.co/x"),
            ("Read more »", ""),
            ("READ MORE: Another gadget", ""),
            ("Show more", ""),
            ("https://t.co/a. Show more", ""),
            ("It opens. https://t.co/a. Show more", "It opens…"),
            ("more", "more"),
        ] {
            assert_eq!(without(typed), kept, "{typed:?}");
            assert_eq!(without(kept), kept, "again");
        }
    }
}
