//! Problems of fields: unknown, missing, of the wrong type, or with a value that cannot be.

use crate::diag::{Code, Level};

/// A `.yaml` file below `content/` is no list of records.
pub(in crate::document) static NOT_A_LIST: Code = Code {
    name: "not-a-list",
    level: Level::Error,
    manual: r"
# not-a-list

A `.yaml` file below `content/` must be a list of records: each starts with `- ` and has an `id`.

**Bad**

```yaml
id: nvidia
name: Nvidia
```

**Good**

```yaml
- id: nvidia
  name: Nvidia
```

Data that is no record belongs outside `content/`.
",
};

/// A key nobody knows.
pub(in crate::document) static UNKNOWN_KEY: Code = Code {
    name: "unknown-key",
    level: Level::Error,
    manual: r"
# unknown-key

This kind of record, or this part of it, has no such key. A misspelt key is as good as a missing one, and nobody would
notice a source that was written under `souces:`.

**Bad**: `actr: nvidia`

**Good**: `actor: nvidia`

Keys of your own, for your templates, go below `extra:`:

```yaml
extra:
  mood: calm
```
",
};

/// A key the kind needs is not there.
pub(in crate::document) static MISSING_KEY: Code = Code {
    name: "missing-key",
    level: Level::Error,
    manual: r"
# missing-key

A record, or a part of one, lacks a key that its pages cannot do without, or the key has no value.

**Bad**

```yaml
---
kind: reaction
actor: nvidia
---
```

**Good**

```yaml
---
kind: reaction
actor: nvidia
to: r1-release
---
```

`docs/authoring.md` shows the smallest and the fullest form of each kind.
",
};

/// A list where text is wanted, a map where an id is wanted.
pub(in crate::document) static WRONG_TYPE: Code = Code {
    name: "wrong-type",
    level: Level::Error,
    manual: r"
# wrong-type

A value has a shape that its key cannot use: a list where one text is wanted, a map where an id is wanted, a word
where a whole number is wanted. A single value where a list is wanted is fine.

**Bad**: `actor: [nvidia, meta]`

**Good**: `actor: nvidia`, and a second file for the other reaction.
",
};

/// A word that is not in the key's list of words.
pub(in crate::document) static UNKNOWN_VALUE: Code = Code {
    name: "unknown-value",
    level: Level::Error,
    manual: r"
# unknown-value

The key takes one of a few words, and this is none of them. The message lists them.

**Bad**: `state: silent` in a silence.

**Good**: `state: not-commented`
",
};

/// An id that cannot be one.
pub(in crate::document) static BAD_ID: Code = Code {
    name: "bad-id",
    level: Level::Error,
    manual: r"
# bad-id

Ids become addresses and are typed in many places, so they are plain: small letters of any script, digits, `-`, `_`
and `.`, starting with a letter or a digit. No spaces, no capitals, no `/`, `#`, `|` or `:`.

The id of a file is its name without `.md`, unless it has an `id:`.

**Bad**: `id: Sam Altman`

**Good**: `id: sam-altman`
",
};

/// A date that is none.
pub(in crate::document) static BAD_DATE: Code = Code {
    name: "bad-date",
    level: Level::Error,
    manual: r"
# bad-date

Dates are written as in EDTF (ISO 8601-2, level 1), which can say how sure we are:

| write | means |
|---|---|
| `2025-01-27` | that day |
| `2025-01` | some day of that month |
| `2025-01-27T14:05:00-05:00` | that second; a time needs an offset |
| `2025-01-30?` | uncertain |
| `2025-02-20~` | about |
| `2025-01-27/2025-01-30` | between the two, both included |

**Bad**: `date: 27 January 2025`, `date: 2025-02-30`

**Good**: `date: 2025-01-27`
",
};

/// A number that is none.
pub(in crate::document) static BAD_NUMBER: Code = Code {
    name: "bad-number",
    level: Level::Error,
    manual: r"
# bad-number

Numbers in figures are exact decimals, written with a point and without a unit. A word for the magnitude may follow.

**Bad**: `value: 593bn dollars`

**Good**: `value: 593 billion` and `unit: USD`
",
};

/// An address that cannot be used.
pub(in crate::document) static BAD_URL: Code = Code {
    name: "bad-url",
    level: Level::Error,
    manual: r"
# bad-url

The key takes a complete web address that starts with `https://` or `http://`. Other schemes could run a script in a
reader's browser, and an incomplete address leads nowhere.

**Bad**: `url: www.example.org/a`

**Good**: `url: https://www.example.org/a`
",
};

/// A place that nothing can be published to.
pub(in crate::document) static UNUSABLE_TARGET: Code = Code {
    name: "unusable-target",
    level: Level::Error,
    manual: r"
# unusable-target

Each entry of `publish:` names one place, under a name of its own. What stands there goes to other programs: to git, to ssh,
to the host. So a value that starts with `-` would be taken for an option, one with `::` or odd characters for a command;
and a password does not belong into a file that everybody reads. Hosts ask for those elsewhere: see docs/publishing.md.

**Bad**: `host: -oProxyCommand=run`, `remote: https://ada:secret@host.example/site.git`

**Good**: `host: ada@host.example`, `remote: https://host.example/site.git`
",
};

/// A redirect that cannot be one.
pub(in crate::document) static BAD_ALIAS: Code = Code {
    name: "bad-alias",
    level: Level::Error,
    manual: r"
# bad-alias

`aliases:` lists old addresses of this page on this site, from which readers are sent here. Each starts with `/` and
stays inside the site.

**Bad**: `aliases: [old/place, https://elsewhere.example, /../x]`

**Good**: `aliases: [/old/place/]`

In a term, entries that do not start with `/` are other words for it.
",
};

/// Quotation and paraphrase at once.
pub(in crate::document) static QUOTE_AND_SAYS: Code = Code {
    name: "quote-and-says",
    level: Level::Error,
    manual: r"
# quote-and-says

A statement is either the speaker's own words (`quote:`) or an account of them (`says:`). With both, or with a `form:`
that contradicts the key, readers could not tell which of the two they see.

**Bad**

```yaml
- id: a
  quote: we shipped
  says: They had shipped.
```

**Good**: two statements, or one of the keys deleted. `says:` alone already means a paraphrase.
",
};

/// The rest of a file's problems is left out.
pub(in crate::document) static TOO_MANY_PROBLEMS: Code = Code {
    name: "too-many-problems",
    level: Level::Error,
    manual: r"
# too-many-problems

One file has so many problems that the rest of them is not shown. Usually they have one cause, such as a wrong
`kind:` or a list indented by one level too many.

**Good**: repair the first few and look again.
",
};
