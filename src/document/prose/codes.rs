//! The codes of this module, each with its manual page.

use crate::diag::{Code, Level};

/// Every code of this module.
pub static CODES: &[&Code] = &[
    &FOOTNOTE_MISSING,
    &FOOTNOTE_TWICE,
    &FOOTNOTE_UNUSED,
    &MARKDOWN_FILE_LINK,
    &UNSUPPORTED_EMBED,
    &URL_NOT_ALLOWED,
    &MIXED_SCRIPT_HOST,
    &BIDI_IN_PROSE,
    &NO_ALT_TEXT,
    &IMAGE_ELSEWHERE,
    &RAW_HTML,
    &RAW_HTML_SCRIPT,
    &HTML_COMMENT,
    &UNCLOSED_FENCE,
    &ATTRIBUTE_NOT_ALLOWED,
    &HEADING_ID_TWICE,
    &NESTED_TOO_DEEP,
];

pub(super) static FOOTNOTE_MISSING: Code = Code {
    name: "footnote-missing",
    level: Level::Error,
    manual: "\
A text refers to a footnote that it does not define. Readers would see the bare marker, and whatever the footnote
was to say, often a source, is lost.

Bad: `Shares fell 17%.[^fall]` and nothing more.

Good: the same, and on a line of its own `[^fall]: Close of trading, 27 January 2025.`

If you mean the characters themselves, write `\\[^fall]`.",
};

pub(super) static FOOTNOTE_TWICE: Code = Code {
    name: "footnote-twice",
    level: Level::Warning,
    manual: "\
Two footnotes of a text have the same label. The first one counts; readers never see the second.

Bad: `[^a]: One source.` and later `[^a]: Another source.`

Good: give each its own label. Labels are never printed: footnotes are numbered in the order of their use.",
};

pub(super) static FOOTNOTE_UNUSED: Code = Code {
    name: "footnote-unused",
    level: Level::Warning,
    manual: "\
A footnote is defined, but nothing in the text refers to it, so it is not printed.

Bad: `[^old]: A note nobody refers to.`

Good: refer to it with `[^old]`, or delete it.",
};

pub(super) static MARKDOWN_FILE_LINK: Code = Code {
    name: "markdown-file-link",
    level: Level::Error,
    manual: "\
A link names a Markdown file by its place on disk. Pages have addresses of their own, so such a link would lead
nowhere. Name the file from the content directory with `@/`, or name the record.

Bad: `[the release](../events/release.md)`

Good: `[the release](@/r1/events/release.md)` or `[[event:release|the release]]`. Both follow when the page moves.",
};

pub(super) static UNSUPPORTED_EMBED: Code = Code {
    name: "unsupported-embed",
    level: Level::Error,
    manual: "\
`![[…]]` embeds one note in another in some editors. Here it would be unclear whose words are quoted and where they
are recorded, so it is not supported.

Bad: `![[nvidia]]`

Good: link to it with `[[nvidia]]`; show a picture with `![what it shows](chart.png)`.",
};

pub(super) static URL_NOT_ALLOWED: Code = Code {
    name: "url-not-allowed",
    level: Level::Error,
    manual: "\
A link or picture leads to an address that readers must not be sent to. Allowed are `http`, `https`, `mailto`, `tel`
and addresses of this site. The address is judged as a browser reads it: `javascript:` stays forbidden however it is
spelt, `//example.org` would change with the page's own scheme, and invisible characters hide where a link leads.

Bad: `[click](javascript:alert(1))`, `[site](//example.org/)`

Good: `[site](https://example.org/)`",
};

pub(super) static MIXED_SCRIPT_HOST: Code = Code {
    name: "mixed-script-host",
    level: Level::Warning,
    manual: "\
A host name mixes Latin letters with Cyrillic or Greek ones that look like them. Such names are made to pass for
other sites.

Bad: a link to `exаmple.org` in which the second `a` is the Cyrillic one.

Good: copy the address from the site itself. If it really is spelt so, allow this code in `site.yaml`.",
};

pub(super) static BIDI_IN_PROSE: Code = Code {
    name: "bidi-in-prose",
    level: Level::Error,
    manual: "\
A link or a quotation holds an invisible character that changes the direction of text. Readers would see other words,
or the same words in another order, than the source and a search engine hold.

Bad: a quotation copied from a web page together with U+202E.

Good: delete the character. Right-to-left words need none: browsers set them correctly by themselves.",
};

pub(super) static NO_ALT_TEXT: Code = Code {
    name: "no-alt-text",
    level: Level::Warning,
    manual: "\
A picture has no text for readers who cannot see it.

Bad: `![](chart.png)`

Good: `![Nvidia's share price falls from 142 to 118 dollars on 27 January 2025.](chart.png)`",
};

pub(super) static IMAGE_ELSEWHERE: Code = Code {
    name: "image-elsewhere",
    level: Level::Warning,
    manual: "\
A text shows an image by its address on another site. Pages of the built-in themes load nothing from other sites, and their
policy tells browsers so: readers see the words between the brackets, and no image. Each of them would be known to that
site, which could also change or remove the image.

Bad: `![Share prices fall.](https://news.example/chart.png)`

Good: save the image beside the text, if its licence allows that, and write `![Share prices fall.](chart.png)`. Or link to it:
`[A chart of the share prices](https://news.example/chart.png)`.

A site with a theme of its own that lets such images in says so in `site.yaml`: `levels: { image-elsewhere: allow }`.",
};

pub(super) static RAW_HTML: Code = Code {
    name: "raw-html",
    level: Level::Warning,
    manual: "\
A text holds HTML tags. They are shown to readers as they are typed, because a text must not be able to script the
page it stands in. Reported once for each file.

Bad: `<b>bold</b>`

Good: `**bold**`. For the characters themselves, write them as code: `` `<b>` ``. A site that trusts all its authors
may say `raw_html: true` in `site.yaml`.",
};

pub(super) static RAW_HTML_SCRIPT: Code = Code {
    name: "raw-html-script",
    level: Level::Error,
    manual: "\
The site allows raw HTML, but this piece could run a program in the reader's browser, or could be read in two ways:
a script, an event attribute such as `onclick`, a `javascript:` address, an element that takes over the page, a tag
that never ends. That is never passed through.

Bad: `<img src=\"x.png\" onerror=\"…\">`

Good: `<img src=\"x.png\" alt=\"…\">`. Programs belong to themes.",
};

pub(super) static HTML_COMMENT: Code = Code {
    name: "html-comment",
    level: Level::Warning,
    manual: "\
A text holds an HTML comment. It is left out of the page, but it stays in the file, where anybody with access to the
project can read it. Reported once for each file. `<!-- more -->`, which ends the summary, is not meant.

Good: delete the comment, or keep notes in front matter as YAML comments.",
};

pub(super) static UNCLOSED_FENCE: Code = Code {
    name: "unclosed-fence",
    level: Level::Warning,
    manual: "\
A block of code begins and never ends, so everything behind it is shown as code.

Bad: three backticks, code, and then prose.

Good: end the block with a line of as many backticks as it began with.",
};

pub(super) static ATTRIBUTE_NOT_ALLOWED: Code = Code {
    name: "attribute-not-allowed",
    level: Level::Warning,
    manual: "\
An attribute in braces behind a heading is left out: event attributes, `style` and `srcdoc` could change or script
the page, and a name must be letters, digits, `-`, `_` or `:`. A value cannot hold spaces, not even in quotation marks.

Bad: `## History {onclick=x}`, `## History {title=\"a b\"}`

Good: `## History {#history .wide lang=en}`",
};

pub(super) static HEADING_ID_TWICE: Code = Code {
    name: "heading-id-twice",
    level: Level::Warning,
    manual: "\
Two headings of a text ask for the same id. The first one keeps it; the second gets a number, so links to it lead to
the first.

Bad: `## Before {#history}` and `## After {#history}`

Good: give each its own id, or none: ids are made from the words of a heading.",
};

pub(super) static NESTED_TOO_DEEP: Code = Code {
    name: "nested-too-deep",
    level: Level::Error,
    manual: "\
Quotations, lists or emphasis stand in one another more than 60 levels deep. Browsers cannot show that, and nobody
could read it.

Good: check whether a line of `>` or `-` signs was meant as a rule (`---`), or put it in a block of code.",
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_a_manual_page_and_its_own_name() {
        let mut names: Vec<&str> = CODES.iter().map(|code| code.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), CODES.len());
        assert!(CODES.iter().all(|code| code.manual_page().len() > 80));
    }
}
