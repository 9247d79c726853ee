//! Which Markdown we speak: the parser's options, and why each is on or off.

use pulldown_cmark as md;

/// The extensions we leave to the parser.
///
/// They are enumerated, because `all()` minus one turns others off too (old footnotes hold the bit of the new ones).
/// Left off on purpose: wikilinks (ours give way to ordinary reference links and survive table cells), GFM alerts
/// (five fixed kinds; ours are open), smart punctuation (it would change quotations), sub- and superscript (their
/// `~x~` swallows strikethrough), math and metadata blocks (nobody asked).
pub(super) fn parser_options() -> md::Options {
    md::Options::ENABLE_TABLES
        | md::Options::ENABLE_FOOTNOTES
        | md::Options::ENABLE_STRIKETHROUGH
        | md::Options::ENABLE_TASKLISTS
        | md::Options::ENABLE_HEADING_ATTRIBUTES
        | md::Options::ENABLE_DEFINITION_LIST
}
