//! Which file a host answers an address with. Each host has its own rules for slashes and endings.
//!
//! Where the rules come from: GitHub Docs, "About GitHub Pages" and "Creating a custom 404 page for your GitHub Pages site";
//! Netlify Docs, "Redirect options" and "Redirects and rewrites"; Cloudflare Docs, "Serving Pages"; Amazon S3 User Guide,
//! "Configuring an index document" and "Configuring a custom error document". What these leave open about slashes was looked
//! up in "Trailing Slash Guide" (slorber/trailing-slash-guide), which tried each host.

/// Which host's rules the preview follows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum HostRules {
    /// What every host agrees on: directories have an index, and one page stands for what is missing.
    #[default]
    Plain,
    /// GitHub Pages.
    GithubPages,
    /// Netlify, with "pretty URLs" as it comes.
    Netlify,
    /// Cloudflare Pages.
    Cloudflare,
    /// The website endpoint of an Amazon S3 bucket, with `index.html` and `404.html` as its documents.
    S3,
}

/// What stands at an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Found {
    /// A file of the output, with this status.
    File { path: String, status: u16 },
    /// Another address of the site: a path without leading slash.
    Moved { to: String, status: u16 },
    /// Nothing, and no page that says so.
    Nothing,
}

fn file(path: impl Into<String>) -> Option<Found> {
    Some(Found::File { path: path.into(), status: 200 })
}

fn moved(to: impl Into<String>, status: u16) -> Option<Found> {
    Some(Found::Moved { to: to.into(), status })
}

impl HostRules {
    /// Finds what stands at a decoded path (`address.rs`). `has` says whether the output has a file.
    pub(super) fn find(self, path: &str, has: &dyn Fn(&str) -> bool) -> Found {
        let here = match self {
            HostRules::Plain => plain(path, has),
            HostRules::GithubPages => github_pages(path, has),
            HostRules::Netlify => netlify(path, has),
            HostRules::Cloudflare => cloudflare(path, has),
            HostRules::S3 => s3(path, has),
        };
        here.unwrap_or_else(|| self.missing(path, has))
    }

    /// What stands for an address where there is nothing.
    pub(super) fn missing(self, path: &str, has: &dyn Fn(&str) -> bool) -> Found {
        let lost = |path: String| Found::File { path, status: 404 };
        match self {
            HostRules::Cloudflare => {
                // The nearest one upwards; a site without any is taken for one page that finds its own way.
                let mut dir = path.rsplit_once('/').map_or("", |(dir, _)| dir);
                loop {
                    let page = if dir.is_empty() { "404.html".to_owned() } else { format!("{dir}/404.html") };
                    if has(&page) {
                        return lost(page);
                    }
                    if dir.is_empty() {
                        break;
                    }
                    dir = dir.rsplit_once('/').map_or("", |(dir, _)| dir);
                }
                file("index.html").filter(|_| has("index.html")).unwrap_or(Found::Nothing)
            }
            HostRules::Plain | HostRules::GithubPages | HostRules::Netlify | HostRules::S3 => {
                if has("404.html") { lost("404.html".to_owned()) } else { Found::Nothing }
            }
        }
    }

    /// Whether the host reads `_redirects` and `_headers`, and so shows neither.
    pub(super) fn reads_rules(self) -> bool {
        matches!(self, HostRules::Netlify | HostRules::Cloudflare)
    }
}

fn is_directory(path: &str) -> bool {
    path.is_empty() || path.ends_with('/')
}

fn plain(path: &str, has: &dyn Fn(&str) -> bool) -> Option<Found> {
    if is_directory(path) {
        let index = format!("{path}index.html");
        return has(&index).then(|| file(index))?;
    }
    if has(path) {
        return file(path);
    }
    has(&format!("{path}/index.html")).then(|| moved(format!("{path}/"), 302))?
}

fn github_pages(path: &str, has: &dyn Fn(&str) -> bool) -> Option<Found> {
    if is_directory(path) {
        return plain(path, has);
    }
    let page = format!("{path}.html");
    if has(path) {
        return file(path);
    }
    if has(&page) {
        return file(page);
    }
    has(&format!("{path}/index.html")).then(|| moved(format!("{path}/"), 301))?
}

fn netlify(path: &str, has: &dyn Fn(&str) -> bool) -> Option<Found> {
    // A page beside a directory of its name wins, also over the directory's own address.
    if let Some(name) = path.strip_suffix('/').filter(|name| has(&format!("{name}.html"))) {
        return moved(name, 301);
    }
    github_pages(path, has)
}

fn cloudflare(path: &str, has: &dyn Fn(&str) -> bool) -> Option<Found> {
    let index = format!("{path}index.html");
    if is_directory(path) {
        if has(&index) {
            return file(index);
        }
        let name = path.trim_end_matches('/');
        return has(&format!("{name}.html")).then(|| moved(name, 308))?;
    }
    if let Some(dir) = path.strip_suffix("index.html").or_else(|| path.strip_suffix("index"))
        && is_directory(dir)
        && has(&format!("{dir}index.html"))
    {
        return moved(dir, 308);
    }
    if let Some(name) = path.strip_suffix(".html").filter(|_| has(path)) {
        return moved(name, 308);
    }
    if has(path) {
        return file(path);
    }
    let page = format!("{path}.html");
    if has(&page) {
        return file(page);
    }
    has(&format!("{path}/index.html")).then(|| moved(format!("{path}/"), 308))?
}

fn s3(path: &str, has: &dyn Fn(&str) -> bool) -> Option<Found> {
    plain(path, has)
}
