//! What a site asks of whatever host serves it: header fields and redirects, in words that no host owns.

/// A host that reads files of the output.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Host {
    /// Netlify: `_headers` and `_redirects`.
    Netlify,
    /// Cloudflare Pages and Workers: `_headers` and `_redirects`.
    Cloudflare,
    /// GitHub Pages: `.nojekyll`, without which it drops files and folders whose names start with `_`.
    GithubPages,
}

/// How a file is compressed in advance, for servers that send such files to whoever takes them (RFC 9110, §8.4.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Encoding {
    /// Brotli (RFC 7932).
    Brotli,
    /// Gzip (RFC 1952).
    Gzip,
}

impl Encoding {
    /// Every one there is.
    pub const ALL: [Encoding; 2] = [Encoding::Brotli, Encoding::Gzip];

    /// What it is called where it is asked for, and the ending of such a file's name: `br`, `gz`.
    pub fn name(self) -> &'static str {
        match self {
            Encoding::Brotli => "br",
            Encoding::Gzip => "gz",
        }
    }
}

/// Header fields for some addresses. Of several rules that fit an address, the last one that names a field has it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct HeaderRule {
    /// An address of the site, with at most one `*` for any characters: `/data/*`, `/*.json`.
    pub on: String,
    /// Names as written, and values; without a value the field is left out.
    pub fields: Vec<(String, Option<String>)>,
}

/// A redirect that is no page's alias.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Redirection {
    /// An old address of the site: a plain path, or one that ends with `/*` for all that is below.
    pub from: String,
    /// An address of the site, a complete one, or `[[id]]`; `:splat` stands for what `*` took.
    pub to: String,
    /// 301, 302, 307 or 308 (RFC 9110, §15.4).
    pub status: u16,
}

/// `hosts:`, `headers:` and `redirects:` of `site.yaml`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Hosting {
    /// Hosts whose files are wanted.
    pub hosts: Vec<Host>,
    /// Header fields, after and over those that every site has.
    pub headers: Vec<HeaderRule>,
    /// Redirects, in the order in which they are written.
    pub redirects: Vec<Redirection>,
}
