//! What planning can find wrong: addresses that cannot be, and addresses that two want.

use super::claims::{Claimant, Had};
use crate::diag::{Code, Diagnostic, Level, Place};
use crate::graph::Graph;
use crate::text::{OutPath, OutPathProblem};

/// Every code of this module.
pub static CODES: &[&Code] =
    &[&ADDRESS_COLLISION, &BAD_ADDRESS, &BAD_ALIAS, &REDIRECT_HIDES, &REDIRECT_NOWHERE];

static ADDRESS_COLLISION: Code = Code {
    name: "address-collision",
    level: Level::Error,
    manual: "# address-collision

Two things want the same address, or addresses that some host or file system cannot tell apart: they differ only in
upper and lower case, in Unicode normal form, or one is a file where the other needs a directory.

Only one of them could be read, and which one would be chance. Rename one, or give it another `slug:` or `id:`.",
};

static BAD_ADDRESS: Code = Code {
    name: "bad-address",
    level: Level::Error,
    manual: "# bad-address

The address that follows from an id or a file name cannot exist on every host: it is empty, too long, holds a
character such as `?` or `:`, ends with a dot, or is a name that Windows reserves (`con`, `aux`, `nul`, `com1`).

Rename the file, or give it another `id:` or `slug:`.",
};

static BAD_ALIAS: Code = Code {
    name: "alias-not-a-path",
    level: Level::Error,
    manual: "# alias-not-a-path

`aliases:` lists old addresses of this site that should lead here. Each is a plain path that starts with one `/`:

```yaml
aliases: [/2025/r1-reactions/, /old.html]
```

It cannot lead out of the site, name another host, or hold `..`, `%`, `?` or `#`.",
};

static REDIRECT_HIDES: Code = Code {
    name: "redirect-hides-page",
    level: Level::Error,
    manual: "# redirect-hides-page

A redirect of everything below an address covers something that the site has there. Some hosts would show it and others
would send readers away from it.

```yaml
redirects:
  - { from: /actors/*, to: /people/ }      # wrong as long as there is /actors/
```

Name the old addresses one by one, or give the redirect a directory that the site no longer uses.",
};

static REDIRECT_NOWHERE: Code = Code {
    name: "redirect-nowhere",
    level: Level::Error,
    manual: "# redirect-nowhere

A redirect of `site.yaml` leads to an address that this site does not have, or to an id that no record has.

```yaml
redirects:
  - { from: /old/, to: /new/ }             # wrong as long as there is no /new/
```

Write an address of this site, a complete address, or the id of a record in double brackets.",
};

/// A redirect of all below an address that covers what the site has there.
pub(super) fn hides(from: &str, first: &Had, place: Place) -> Diagnostic {
    Diagnostic::new(&REDIRECT_HIDES, place, format!("`{from}` covers {}, `{}`", first.by, first.path.url()))
        .label("the site has something there")
        .help("name the old addresses one by one")
}

/// A redirect that leads to nothing.
pub(super) fn nowhere(to: &str, why: &str, place: Place) -> Diagnostic {
    Diagnostic::new(&REDIRECT_NOWHERE, place, format!("a redirect leads to `{to}`, and {why}"))
        .label("leads nowhere")
        .help("write an address of this site, a complete one, or the id of a record in double brackets")
}

/// Two claims to one address; `first` has it.
pub(super) fn collision(graph: &Graph, path: &OutPath, second: &Claimant, first: &Had) -> Diagnostic {
    let same = *path == first.path;
    let (url, other_url) = (path.url(), first.path.url());
    let message = match same {
        true => format!("{} and {second} want the same address `{url}`", first.by),
        false => format!("`{other_url}` and `{url}` are one address to hosts that fold case"),
    };
    let told = match second.place(graph) {
        Some(place) => {
            Diagnostic::new(&ADDRESS_COLLISION, place, message).label(format!("{second} wants `{url}`"))
        }
        None => Diagnostic::unplaced(&ADDRESS_COLLISION, message),
    };
    let told = match first.by.place(graph) {
        Some(place) => told.also(place, format!("{} has `{other_url}`", first.by)),
        None => told.note(format!("`{other_url}` belongs to {}", first.by)),
    };
    told.help("rename one of them, or give it another `id:` or `slug:`")
}

pub(super) fn bad_address(url: &str, why: &OutPathProblem, place: Option<Place>) -> Diagnostic {
    let message = format!("`{url}` cannot be an address: {why}");
    let told = match place {
        Some(place) => Diagnostic::new(&BAD_ADDRESS, place, message),
        None => Diagnostic::unplaced(&BAD_ADDRESS, message),
    };
    told.help("rename the file, or give it another `id:` or `slug:`")
}

pub(super) fn bad_alias(alias: &str, why: &str, place: Place) -> Diagnostic {
    Diagnostic::new(&BAD_ALIAS, place, format!("`{alias}` cannot be an alias: {why}"))
        .label("not a plain path of this site")
        .help("write an old address of this site, such as `/old/place/`")
}
