//! Problems of YAML: what it cannot read, and what it would change in silence.

use crate::diag::{Code, Level};

/// YAML cannot be read.
pub(in crate::document) static YAML_SYNTAX: Code = Code {
    name: "yaml-syntax",
    level: Level::Error,
    manual: r#"
# yaml-syntax

YAML cannot be read from this place on. The rest of the fields is unknown until it can, so this is the only problem
reported for the front matter.

The usual causes, and their repair:

| written | what YAML sees | write |
|---|---|---|
| `title: Musk: "hot" take` | a second key inside the value | `title: 'Musk: "hot" take'` |
| `title: "Big" news` | text after the closing quote | `title: '"Big" news'` |
| `quote: "We won` | a quote that is never closed | `quote: "We won"` |
| `path: "C:\new"` | an unknown escape | `path: 'C:\new'` |
| a key indented more or less than its neighbours | a broken map | the same number of spaces |

Single quotes change nothing inside them except that `'` is written twice: `'it''s'`.
"#,
};

/// A tab indents a line.
pub(in crate::document) static YAML_TAB: Code = Code {
    name: "yaml-tab",
    level: Level::Error,
    manual: r"
# yaml-tab

A line of the front matter is indented with a tab. YAML forbids that, because a tab has no certain width.

**Bad**: `→title: CEO` where → is a tab.

**Good**: two spaces in its place. Most editors can be told to insert spaces for tabs in YAML files.
",
};

/// An anchor or an alias.
pub(in crate::document) static YAML_ANCHOR: Code = Code {
    name: "yaml-anchor",
    level: Level::Error,
    manual: r"
# yaml-anchor

A value starts with `&` or `*`. In YAML that names a value (an anchor) or repeats a named one (an alias). Rejoinder
reads neither: they hide what a field says from whoever edits it, and a few lines of them can be made to unfold
into gigabytes.

**Bad**

```yaml
sources: &all [euronews]
statements:
  - { id: a, quote: yes, sources: *all }
```

**Good**: the value written where it is used.

```yaml
sources: [euronews]
statements:
  - { id: a, quote: yes, sources: [euronews] }
```

If the value is text that happens to start with such a character, quote it: `note: '*bold*'`.
",
};

/// A tag.
pub(in crate::document) static YAML_TAG: Code = Code {
    name: "yaml-tag",
    level: Level::Error,
    manual: r"
# yaml-tag

A value starts with `!`. In YAML that is a tag, which some programs use to build objects or include files. Rejoinder
knows no tags: a front matter is data and never runs or includes anything.

**Bad**: `methods: !include methods.md`

**Good**: the value itself; and text that starts with `!` in quotes: `quote: '!important'`.
",
};

/// A merge key.
pub(in crate::document) static YAML_MERGE: Code = Code {
    name: "yaml-merge",
    level: Level::Error,
    manual: r"
# yaml-merge

The key `<<` merges another map into this one in some YAML programs. Rejoinder does not: what an entry says should be
readable where it stands.

**Bad**: `- { <<: *base, id: b }`

**Good**: the fields written out.
",
};

/// Too many levels.
pub(in crate::document) static YAML_TOO_DEEP: Code = Code {
    name: "yaml-too-deep",
    level: Level::Error,
    manual: r"
# yaml-too-deep

Lists and maps stand inside each other more than 64 levels deep. No record needs more than five; a bracket was
probably typed or pasted many times.

**Good**: remove the brackets that are too many.
",
};

/// Several documents in one front matter.
pub(in crate::document) static YAML_SEVERAL_DOCUMENTS: Code = Code {
    name: "yaml-several-documents",
    level: Level::Error,
    manual: r"
# yaml-several-documents

The file holds more than one YAML document: a second `---`, or a `...` with something behind it. Only one would be
read and the rest would turn into prose, so we read none.

**Bad**

```yaml
---
kind: page
---
title: About us
---
```

**Good**

```yaml
---
kind: page
title: About us
---
```

In a list of records (`.yaml`) start each record with `- ` instead of separating them with `---`.
",
};

/// A comment cuts a text.
pub(in crate::document) static YAML_CUTS_TEXT: Code = Code {
    name: "yaml-cuts-text",
    level: Level::Error,
    manual: r"
# yaml-cuts-text

A text without quotes goes on behind a space and `#`. YAML takes that for a comment, so the words behind it would be
lost without anybody noticing. In a date, an id or a number a comment is clear and allowed; in text it may be the
speaker's words.

**Bad**: `quote: We are #1 in chips` would be printed as *We are*.

**Good**, if it belongs to the text: `quote: 'We are #1 in chips'`

**Good**, if it is a comment: put it on a line of its own above the field.
",
};

/// YAML changes a text.
pub(in crate::document) static YAML_CHANGES_TEXT: Code = Code {
    name: "yaml-changes-text",
    level: Level::Error,
    manual: r#"
# yaml-changes-text

YAML would not give the text back as it was typed. A quotation must never be altered, so we ask instead of guessing.

| written | what YAML makes of it | write |
|---|---|---|
| `quote: &Co. agrees` | a named value | `quote: '&Co. agrees'` |
| `quote: *really*` | a repeated value | `quote: '*really*'` |
| `quote: !wow` | a tag | `quote: '!wow'` |
| `handle: @name` | an error: `@` is reserved | `handle: '@name'` |
| `quote: [laughs]` | a list | `quote: '[laughs]'` |
| `name: null` | nothing | `name: 'null'` |
| `quote: "a\nb"` | a line end in place of `\n` | `quote: 'a\nb'`, or a real line end |
| a no-break space after the colon | one text instead of key and value | an ordinary space |
"#,
};

/// A key stands twice in one map.
pub(in crate::document) static DUPLICATE_KEY: Code = Code {
    name: "duplicate-key",
    level: Level::Error,
    manual: r"
# duplicate-key

A key stands twice in the same map. Most programs silently keep the last one, so a speaker or a source can vanish by
a slip of copy and paste.

**Bad**

```yaml
- id: a
  quote: yes
  quote: no
```

**Good**: one of them deleted, or two entries.
",
};
