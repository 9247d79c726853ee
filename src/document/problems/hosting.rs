//! Problems of what a site asks of hosts.

use crate::diag::{Code, Level};

/// A header rule that no host could follow.
pub(in crate::document) static BAD_HEADER: Code = Code {
    name: "bad-header",
    level: Level::Error,
    manual: r"
# bad-header

An entry of `headers:` in `site.yaml` cannot be followed by every host. An entry is an address with at most one `*` for any
characters, and the fields that answers for it have; `false` leaves a field out.

**Bad**: `headers: { 'data/*': { Content-Length: 0 } }`

**Good**

```yaml
headers:
  /data/*: { Cache-Control: 'public, max-age=60' }
  /*: { Permissions-Policy: false }
```

Addresses are plain ASCII here. Fields that frame the message or say what its bytes are (`Content-Length`, `Content-Type`,
`Content-Encoding`, `Location`, `Set-Cookie` and the like) belong to the host. Values are one line of ASCII without `$`, which nginx would
read as a variable.
",
};

/// A redirect that no host could follow.
pub(in crate::document) static BAD_REDIRECT: Code = Code {
    name: "bad-redirect",
    level: Level::Error,
    manual: r"
# bad-redirect

An entry of `redirects:` in `site.yaml` leads from an old address of this site to an address of this site, a complete one,
or a record. `from` is a plain path, or one that ends with `/*` for all that is below it; `:splat` in `to` stands for what the
`*` took.

**Bad**: `redirects: [{ from: old, to: '#here' }]`

**Good**

```yaml
redirects:
  - { from: /old/, to: '[[story:gadget]]' }
  - { from: /blog/*, to: /:splat, status: 302 }
```

`status` is 301 (for ever, the default), 302 (for now), or 308 and 307, which mean the same for forms.
",
};
