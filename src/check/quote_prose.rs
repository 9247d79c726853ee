//! # quote-prose
//!
//! A body quotes somebody, with a verb of saying, and no statement of the site holds these words. Words in quotation marks
//! are evidence: as a statement they have a speaker, a day, a source and a check against it; in a paragraph they have none
//! of these, and nobody notices when they are wrong.
//!
//! ```markdown
//! Ada Example said that the loom is “better than any of ours”.      <!-- warned, unless a statement says so -->
//! ```
//!
//! Record the words, and link them where the text needs them:
//!
//! ```yaml
//! statements:
//!   - id: better
//!     quote: better than any of ours
//!     partial: true
//!     sources: [{ ref: article }]
//! ```
//!
//! ```markdown
//! Ada Example said that the loom is [[statement:ada.better|“better than any of ours”]].
//! ```
//!
//! Blockquotes count when they end in a line such as `— Ada Example`, or when the words before them announce them. Letter
//! case and punctuation may differ from the statement, and an editor's brackets and gaps may stand in the words: whether
//! they are exact is for the checks of quotations.
//!
//! Not seen: quotations without a verb of saying in the sentence (scare quotes, titles, words that are being defined); one
//! or two words, unless the verb stands beside them; names in title case; what “we” say; quotations that are never closed;
//! texts in languages without a word list, which a note names.

use std::ops::Range;

use super::running::{Block, ProseSite, Quoted, holds_any};
use super::{Check, Run};
use crate::diag::{Code, Diagnostic, Level, Report};
use crate::document::prose::Setting;
use crate::model::Kind;
use crate::text::lexicon::Lexicon;

pub(super) static CODE: Code =
    Code { name: "quote-prose", level: Level::Warning, manual: include_str!("quote_prose.rs") };
pub(super) const CHECK: Check = Check { code: &CODE, run: Run::OnProse(run) };

/// Within how many words behind a quotation of one or two words the verb of saying stands: `“Obviously”, the clerk said`.
const BESIDE: usize = 3;

fn run(site: &ProseSite<'_>, report: &mut Report) {
    let quotes = |it: &Block<'_>| it.passage.quote.is_some() || !it.text.quotations.is_empty();
    if !site.blocks.iter().any(quotes) {
        return;
    }
    let Some(speech) = site.speech_or_say(&CODE, report) else { return };
    for (idx, block) in site.blocks.iter().enumerate() {
        if block.passage.quote.is_some() {
            if !is_continued(site, idx) {
                report.add_some(block_quote(site, idx, speech.lexicon));
            }
        } else if block.passage.setting != Setting::Heading {
            for quoted in block.text.quotations.iter().filter(|it| it.closed) {
                if is_attributed(block, quoted, speech.lexicon) && !is_known(site, block, quoted) {
                    report.add(told(site, block, quoted.outer.clone()));
                }
            }
        }
    }
}

/// Whether the sentence attributes the quotation to somebody.
fn is_attributed(block: &Block<'_>, quoted: &Quoted, lexicon: &Lexicon) -> bool {
    let text = &block.text;
    let n_words = text.words_in(&quoted.inner).len();
    if n_words == 0 || is_in_title_case(&text.shown[quoted.inner.clone()]) {
        return false;
    }
    let around = sentence_around(block, quoted);
    let (before, behind) = (around.start..quoted.outer.start, quoted.outer.end..around.end);
    let (mut before, mut behind) = (text.words_in(&before), text.words_in(&behind));
    if is_named(text, &before, lexicon) && n_words < 6 {
        return false;
    }
    if n_words < 3 {
        before.start = before.start.max(before.end.saturating_sub(1));
        behind.end =
            if is_aside(text.shown, quoted) { behind.end.min(behind.start + BESIDE) } else { behind.start };
    }
    let verb = |words: Range<usize>, list: &[&str]| {
        let mut from = words.start;
        while let Some(at) = holds_any(text, from..words.end, list, lexicon) {
            let ours = at > 0 && lexicon.ourselves.contains(&text.small(at - 1));
            if !ours && !text.is_quoted(&text.words[at].at) {
                return true;
            }
            from = at + 1;
        }
        false
    };
    let naming = n_words > 5 && verb(before.clone(), lexicon.naming);
    naming || verb(before, lexicon.speech) || verb(behind, lexicon.speech)
}

/// Whether a comma or the like parts a quotation from the words behind it, so that they can be about who says it.
fn is_aside(shown: &str, quoted: &Quoted) -> bool {
    shown[quoted.inner.clone()].ends_with([',', '!', '?', '…', '.'])
        || shown[quoted.outer.end..].starts_with([',', '，'])
}

/// The sentence of a quotation. `“Why now?” Ada asked.` is one, although the question ends inside it.
fn sentence_around(block: &Block<'_>, quoted: &Quoted) -> Range<usize> {
    let own = block.passage.sentence(quoted.outer.clone());
    let shown = block.text.shown;
    let ends_inside =
        own.end <= quoted.outer.end && shown[quoted.inner.clone()].ends_with(['?', '!', '…', ',']);
    let next = shown[own.end..].find(|c: char| !c.is_whitespace()).map(|at| own.end + at);
    match next.filter(|_| ends_inside) {
        Some(next) => own.start..block.passage.sentence(next..next + 1).end,
        None => own,
    }
}

/// Whether a verb of naming stands right before the quotation: a loom called “the mule”.
fn is_named(text: &super::running::Text<'_>, before: &Range<usize>, lexicon: &Lexicon) -> bool {
    let last = before.end.saturating_sub(1)..before.end;
    holds_any(text, last, lexicon.naming, lexicon).is_some()
}

/// Whether words are a title: several, and every long one with a capital.
fn is_in_title_case(words: &str) -> bool {
    let long = || words.split_whitespace().filter(|it| it.chars().count() > 3);
    long().count() > 1
        && long()
            .all(|it| it.trim_start_matches(|c: char| !c.is_alphanumeric()).starts_with(char::is_uppercase))
}

/// Whether some record holds the words, or the author says with a link where they come from: a title.
fn is_known(site: &ProseSite<'_>, block: &Block<'_>, quoted: &Quoted) -> bool {
    let is_title = |link: &&crate::document::prose::Linked| {
        let covers = link.words.start <= quoted.inner.start && quoted.inner.end <= link.words.end;
        let to = site.target(link).map(|it| site.graph().node(it).kind);
        covers && !matches!(to, Some(Kind::Statement | Kind::Reaction | Kind::Actor))
    };
    block.passage.links.iter().any(|it| is_title(&it))
        || site.index.heard().holds(&block.text.shown[quoted.inner.clone()])
}

/// Whether the block goes on the blockquote of the block before it.
fn is_continued(site: &ProseSite<'_>, idx: usize) -> bool {
    idx > 0 && site.blocks[idx - 1].passage.quote == site.blocks[idx].passage.quote
}

/// Looks at the blockquote that starts with a block.
fn block_quote(site: &ProseSite<'_>, first: usize, lexicon: &Lexicon) -> Option<Diagnostic> {
    let number = site.blocks[first].passage.quote;
    let blocks: Vec<&Block<'_>> =
        site.blocks[first..].iter().take_while(|it| it.passage.quote == number).collect();
    let (last, signature) = (blocks.last()?, signature(blocks.last()?.text.shown));
    let announced =
        first.checked_sub(1).map(|it| &site.blocks[it]).is_some_and(|before| announces(before, lexicon));
    if signature.is_none() && !announced {
        return None;
    }
    let unknown = blocks.iter().find_map(|block| {
        let end = if std::ptr::eq(*block, *last) {
            signature.unwrap_or(block.text.shown.len())
        } else {
            block.text.shown.len()
        };
        let words = &block.text.shown[..end];
        let unknown = block.text.words_in(&(0..end)).len() > 2 && !sentences_known(site, words);
        unknown.then(|| (*block, 0..words.trim_end().len()))
    });
    unknown.map(|(block, part)| told(site, block, part))
}

/// A blockquote may quote several statements, one after the other.
fn sentences_known(site: &ProseSite<'_>, words: &str) -> bool {
    site.index.heard().holds(words) || words.lines().all(|line| site.index.heard().holds(line))
}

/// Where the line begins that says whose words these are: `— Ada Example`.
fn signature(text: &str) -> Option<usize> {
    let is_dash = |c: char| matches!(c, '—' | '–' | '―');
    let start = match text.trim_start().starts_with(is_dash) {
        true => 0,
        false => {
            text.match_indices(is_dash).map(|(at, _)| at).rfind(|at| text[..*at].ends_with(['\n', ' ']))?
        }
    };
    let name = text[start..].trim_start_matches(is_dash).trim();
    let is_line = start == 0 || text[..start].trim_end().ends_with(['.', '!', '?', '”', '"', '…', '\'', '’']);
    let is_name = name.chars().count() < 80 && name.starts_with(|c: char| c.is_uppercase());
    (is_line && is_name && !name.is_empty()).then_some(start)
}

/// Whether a paragraph ends with words that announce a quotation: `Ada wrote:`.
fn announces(block: &Block<'_>, lexicon: &Lexicon) -> bool {
    let shown = block.text.shown.trim_end();
    if block.passage.quote.is_some() || !shown.ends_with(':') {
        return false;
    }
    let sentence = block.passage.sentence(shown.len() - 1..shown.len());
    let words = block.text.words_in(&sentence);
    let verb = holds_any(&block.text, words, lexicon.speech, lexicon);
    verb.is_some_and(|at| at == 0 || !lexicon.ourselves.contains(&block.text.small(at - 1)))
}

fn told(site: &ProseSite<'_>, block: &Block<'_>, part: Range<usize>) -> Diagnostic {
    Diagnostic::new(&CODE, site.place(block, part), "these quoted words are in no statement")
        .label("said to be somebody's words")
        .note("a statement has a speaker, a day and a source, and its words are checked")
        .help("record them as a statement and link it, or tell in your own words what was said")
}
