//! Problems of a file as bytes and of its fences.

use crate::diag::{Code, Level};

/// The file is not UTF-8.
pub(in crate::document) static NOT_UTF8: Code = Code {
    name: "not-utf8",
    level: Level::Error,
    manual: r"
# not-utf8

The file holds bytes that are not UTF-8 text, so nothing in it can be read with certainty. Often it was saved by an
older program as UTF-16 or in a Windows code page, and every accented letter and curly quote in it is at risk.

The message names the first such byte by line, column and offset.

**Bad**: a file saved as *Unicode* (UTF-16) or *ANSI* (Windows-1252).

**Good**: the same file saved as *UTF-8*. In most editors: *Save as …*, then *Encoding: UTF-8*. On a command line:
`iconv -f WINDOWS-1252 -t UTF-8 old.md > new.md`.
",
};

/// A character that nobody can see and that has no place in text.
pub(in crate::document) static CONTROL_CHARACTER: Code = Code {
    name: "control-character",
    level: Level::Error,
    manual: r"
# control-character

The file holds a character that is not text: a NUL, an escape, another control character, a line separator that only
some programs treat as a line end, or U+FFFD, which a program leaves where it could not read a letter.

It matters because readers cannot see it, search cannot find it, and a quotation that holds one is not what was said.
Tabs and line ends are fine.

**Bad**: `quote: so we shipped\u0000 it` with a NUL after *shipped*, or `na\uFFFDve`.

**Good**: the character deleted, or the letter that was lost typed again.
",
};

/// A character that turns the direction of writing.
pub(in crate::document) static BIDI_CONTROL: Code = Code {
    name: "bidi-control",
    level: Level::Error,
    manual: r"
# bidi-control

A text holds one of the characters U+202A to U+202E or U+2066 to U+2069. They turn the direction of writing without
being seen, so that what readers see is not what is written: a quotation, a name or an address can be made to read
as its opposite.

Arabic, Hebrew and other right-to-left text needs none of them: browsers find the direction from the letters.

**Bad**: `quote: the offer is <U+202E>2 million`.

**Good**: `quote: the offer is 2 million`.
",
};

/// The file is larger than we read.
pub(in crate::document) static FILE_TOO_LARGE: Code = Code {
    name: "file-too-large",
    level: Level::Error,
    manual: r"
# file-too-large

A content file is larger than Rejoinder reads (8 MiB). A text of that size is a book; more likely the file is
something else that came into `content/` by mistake, or a list that a program writes.

**Good**: split the list or the text into several files, or move what is no content elsewhere.
",
};

/// The front matter is larger than we read.
pub(in crate::document) static FRONT_MATTER_TOO_LARGE: Code = Code {
    name: "front-matter-too-large",
    level: Level::Error,
    manual: r"
# front-matter-too-large

The front matter of a Markdown file is larger than Rejoinder reads (64 KiB). Usually a fence is in the wrong place
and the text has become part of the front matter.

**Good**: put the closing `---` above the prose. Long lists of records belong into a YAML list such as
`content/sources/_sources.yaml`, which may be larger.
",
};

/// The front matter has no second fence.
pub(in crate::document) static FRONT_MATTER_NOT_CLOSED: Code = Code {
    name: "front-matter-not-closed",
    level: Level::Error,
    manual: r"
# front-matter-not-closed

The file starts with `---`, which opens the front matter, and no second `---` on a line of its own closes it. So we
cannot tell what are fields and what is prose.

**Bad**

```yaml
---
kind: page
title: About us

We explain who said what.
```

**Good**

```yaml
---
kind: page
title: About us
---

We explain who said what.
```
",
};

/// The front matter is in another language.
pub(in crate::document) static FRONT_MATTER_NOT_YAML: Code = Code {
    name: "front-matter-not-yaml",
    level: Level::Error,
    manual: r"
# front-matter-not-yaml

The file starts with front matter in another language: TOML (`+++`), JSON (`{`), JavaScript (`---js`). Rejoinder reads
YAML between two `---` lines and nothing else. Code in front matter is never run.

**Bad**

```toml
+++
title = 'About us'
+++
```

**Good**

```yaml
---
title: About us
---
```
",
};
