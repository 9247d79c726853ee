//! Texts in lines: which size they are set in so that they fit, and where the lines end.
//!
//! In: a text, the room there is, sizes to try, and how wide each character is. Out: the largest size at which the whole text
//! fits, with lines of about equal length. What does not even fit at the smallest is cut behind a word, with an ellipsis;
//! nothing else of the words is ever altered. Knows no fonts.

/// What a text has to fit into.
#[derive(Clone, Debug, PartialEq)]
pub struct Room<'r> {
    /// How wide a line may be, in pixels.
    pub width: f32,
    /// How high all lines may be together.
    pub height: f32,
    /// Font sizes to try, the best first.
    pub sizes: &'r [u32],
    /// From one line to the next, in parts of the font size.
    pub leading: f32,
    /// How many lines there may be at most, however small they are.
    pub most_lines: usize,
    /// What stands before the first word: an opening quotation mark, say.
    pub before: &'r str,
    /// What stands behind the last word, or behind the ellipsis.
    pub after: &'r str,
}

/// A text in lines.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Fitted {
    /// The font size, in pixels.
    pub size: u32,
    /// From one line to the next, in pixels.
    pub step: f32,
    /// The lines.
    pub lines: Vec<String>,
    /// How wide the widest line is, in pixels.
    pub width: f32,
    /// Whether something of the text is left out.
    pub is_cut: bool,
}

/// Breaks a text into lines. `advance` gives the width of a character in parts of the font size.
pub fn fit(text: &str, room: &Room<'_>, advance: &dyn Fn(char) -> f32) -> Fitted {
    let words: Vec<&str> = text.split_ascii_whitespace().collect();
    let sizes = if room.sizes.is_empty() { &[16] } else { room.sizes };
    let set = |size: &u32| Setting::new(*size, room, advance);
    let whole = pieces(&words, room.before, room.after, advance);
    let found = sizes.iter().map(set).find(|it| it.holds(&whole));
    if let Some(setting) = found {
        return setting.set(&whole, false);
    }
    let setting = set(sizes.last().expect("there is one"));
    cut(&words, room, &setting, advance)
}

/// As many words as fit with an ellipsis behind them.
fn cut(words: &[&str], room: &Room<'_>, setting: &Setting, advance: &dyn Fn(char) -> f32) -> Fitted {
    let after = format!("…{}", room.after);
    let first = |n: usize| {
        let mut kept: Vec<&str> = words[..n].to_vec();
        if let Some(last) = kept.last_mut() {
            *last = last.trim_end_matches([',', ';', ':', '-', '–', '—', '.', '(', '…']);
        }
        kept.retain(|it| !it.is_empty());
        pieces(&kept, room.before, &after, advance)
    };
    let (mut fits, mut fails) = (0, words.len());
    while fails - fits > 1 {
        let middle = usize::midpoint(fits, fails);
        match setting.holds(&first(middle)) {
            true => fits = middle,
            false => fails = middle,
        }
    }
    if fits > 0 {
        return setting.set(&first(fits), true);
    }
    // Not even the first word has room: as much of it as has.
    let word: Vec<char> = words.first().map_or("", |it| it).chars().collect();
    let start = |n: usize| pieces(&[&word[..n].iter().collect::<String>()], room.before, &after, advance);
    let n = (1..word.len()).rev().find(|n| setting.holds(&start(*n))).unwrap_or(0);
    setting.set(&start(n), true)
}

/// What stays together on a line.
struct Piece {
    text: String,
    /// In parts of the font size.
    width: f32,
    /// Whether a space stands before it, unless it begins a line.
    is_spaced: bool,
}

/// Words as pieces. Behind a dash or a hyphen inside a word a line may end as well.
fn pieces(words: &[&str], before: &str, after: &str, advance: &dyn Fn(char) -> f32) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::with_capacity(words.len());
    let last = words.len().saturating_sub(1);
    for (idx, word) in words.iter().enumerate() {
        let mut word = if idx == 0 { format!("{before}{word}") } else { (*word).to_owned() };
        if idx == last {
            word.push_str(after);
        }
        let mut is_spaced = idx > 0;
        let mut rest = word.as_str();
        while !rest.is_empty() {
            let end = break_inside(rest).unwrap_or(rest.len());
            let (piece, behind) = rest.split_at(end);
            let width = piece.chars().map(advance).sum();
            pieces.push(Piece { text: piece.to_owned(), width, is_spaced });
            (is_spaced, rest) = (false, behind);
        }
    }
    if words.is_empty() {
        let text = format!("{before}{after}");
        let width = text.chars().map(advance).sum();
        pieces.push(Piece { text, width, is_spaced: false });
    }
    pieces
}

/// Where a word may be broken: behind a dash or hyphen with a letter on either side.
fn break_inside(word: &str) -> Option<usize> {
    let mut before: Option<char> = None;
    let mut chars = word.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let is_dash = matches!(c, '-' | '–' | '—' | '/');
        let next = chars.peek().map(|(_, next)| *next);
        if is_dash && before.is_some_and(char::is_alphabetic) && next.is_some_and(char::is_alphabetic) {
            return Some(at + c.len_utf8());
        }
        before = Some(c);
    }
    None
}

/// A size with the room it leaves, all in parts of that size.
struct Setting {
    size: u32,
    step: f32,
    width: f32,
    most_lines: usize,
    space: f32,
}

impl Setting {
    fn new(size: u32, room: &Room<'_>, advance: &dyn Fn(char) -> f32) -> Setting {
        let size = size.max(1);
        let step = size as f32 * room.leading;
        let by_height = (room.height / step.max(1.0)).floor().max(1.0) as usize;
        Setting {
            size,
            step,
            width: room.width / size as f32,
            most_lines: by_height.min(room.most_lines.max(1)),
            space: advance(' '),
        }
    }

    /// Whether these fit.
    fn holds(&self, pieces: &[Piece]) -> bool {
        pieces.iter().all(|it| it.width <= self.width)
            && self.lines(pieces, self.width).len() <= self.most_lines
    }

    /// Lines as long as they can be within a width: ranges of pieces with how wide they are.
    fn lines(&self, pieces: &[Piece], width: f32) -> Vec<(usize, usize, f32)> {
        let mut lines: Vec<(usize, usize, f32)> = Vec::new();
        for (at, piece) in pieces.iter().enumerate() {
            let space = if piece.is_spaced { self.space } else { 0.0 };
            match lines.last_mut() {
                Some((_, end, used)) if *used + space + piece.width <= width => {
                    (*end, *used) = (at + 1, *used + space + piece.width);
                }
                _ => lines.push((at, at + 1, piece.width)),
            }
        }
        lines
    }

    /// Sets these, in lines that are about equally long.
    fn set(&self, pieces: &[Piece], is_cut: bool) -> Fitted {
        let n = self.lines(pieces, self.width).len();
        // The narrowest width that takes no more lines.
        let (mut narrow, mut wide) = (0.0_f32, self.width);
        for _ in 0..12 {
            let middle = f32::midpoint(narrow, wide);
            let fits = self.lines(pieces, middle).len() <= n && pieces.iter().all(|it| it.width <= middle);
            if fits { wide = middle } else { narrow = middle }
        }
        let lines = self.lines(pieces, wide);
        let text = |(from, to, _): &(usize, usize, f32)| {
            let mut line = String::new();
            for (idx, piece) in pieces[*from..*to].iter().enumerate() {
                if piece.is_spaced && idx > 0 {
                    line.push(' ');
                }
                line.push_str(&piece.text);
            }
            line
        };
        let widest = lines.iter().map(|it| it.2).fold(0.0, f32::max);
        Fitted {
            size: self.size,
            step: self.step,
            width: widest * self.size as f32,
            lines: lines.iter().map(text).collect(),
            is_cut,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn room<'r>(width: f32, height: f32, sizes: &'r [u32]) -> Room<'r> {
        Room { width, height, sizes, leading: 1.0, most_lines: 99, before: "“", after: "”" }
    }

    /// Every character is half as wide as the font is high.
    fn half(_: char) -> f32 {
        0.5
    }

    #[test]
    fn the_largest_size_that_fits_is_taken() {
        let fitted = fit("No.", &room(200.0, 100.0, &[80, 40]), &half);
        assert_eq!((fitted.size, fitted.lines), (80, vec!["“No.”".to_owned()]));
        let fitted = fit("No, not at all.", &room(200.0, 100.0, &[80, 40]), &half);
        assert_eq!((fitted.size, fitted.lines), (40, vec!["“No, not".to_owned(), "at all.”".to_owned()]));
        assert!(!fitted.is_cut);
    }

    #[test]
    fn lines_are_about_equally_long() {
        let fitted = fit("one two three four five six", &room(240.0, 100.0, &[20]), &half);
        assert_eq!(fitted.lines, ["“one two three", "four five six”"]);
    }

    #[test]
    fn what_does_not_fit_is_cut_behind_a_word_and_keeps_its_marks() {
        let fitted = fit("one two, three four", &room(100.0, 20.0, &[20]), &half);
        assert_eq!(fitted.lines, ["“one two…”"]);
        assert!(fitted.is_cut);
        let fitted = fit("incomprehensibilities", &room(100.0, 20.0, &[20]), &half);
        assert_eq!(fitted.lines, ["“incomp…”"].map(|_| "“incompr…”".to_owned()));
    }

    #[test]
    fn a_line_may_end_behind_a_dash_inside_a_word() {
        let fitted = fit("self-explanatory", &room(130.0, 40.0, &[20]), &half);
        assert_eq!(fitted.lines, ["“self-", "explanatory”"]);
        assert_eq!(break_inside("2024-25"), None);
        assert_eq!(break_inside("-x"), None);
    }

    proptest::proptest! {
        /// Whatever is set: it fits, and it is the text, or a beginning of it.
        #[test]
        fn no_word_is_altered(
            words in proptest::collection::vec("[a-zé—-]{1,14}", 0..40),
            width in 60.0_f32..400.0,
            height in 20.0_f32..200.0,
        ) {
            let text = words.join(" ");
            let fitted = fit(&text, &room(width, height, &[40, 20]), &half);
            let whole: String = fitted.lines.concat().chars().filter(|c| *c != ' ').collect();
            let inside = whole.strip_prefix('“').unwrap().strip_suffix('”').unwrap();
            let plain = text.replace(' ', "");
            if fitted.is_cut {
                proptest::prop_assert!(plain.starts_with(inside.strip_suffix('…').unwrap()));
            } else {
                proptest::prop_assert_eq!(inside, plain);
            }
            for line in &fitted.lines {
                let is_one_word = !line.contains(' ');
                proptest::prop_assert!(line.chars().count() as f32 * 0.5 * fitted.size as f32 <= width + 0.5 || is_one_word);
            }
            proptest::prop_assert!(fitted.lines.len() as f32 * fitted.step <= height.max(fitted.step));
        }
    }
}
