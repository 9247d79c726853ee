//! `_redirects` and `_headers`, as Netlify and Cloudflare Pages read them.
//!
//! Where the rules come from: Netlify Docs, "Redirects and rewrites", "Redirect options" and "Custom headers"; Cloudflare
//! Docs, "Redirects" and "Headers" (Pages). Not imitated: conditions by country, language, role or cookie, and rules for
//! other domains, which never match here; rewrites to other hosts, which are told in words.

use super::generation::Generation;
use super::host::HostRules;

/// What one output says in these two files.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Rules {
    redirects: Vec<Redirect>,
    headers: Vec<HeaderRule>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Redirect {
    from: Pattern,
    /// Parameters that the query must have: name, and value or `:placeholder`.
    query: Vec<(String, String)>,
    to: String,
    status: u16,
    /// Whether it applies even where there is a file.
    is_forced: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct HeaderRule {
    on: Pattern,
    /// Name in lower case, and value; without one the header is taken away.
    fields: Vec<(String, Option<String>)>,
}

/// What a redirect makes of an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Sent {
    /// The browser is sent to another address.
    Away { location: String, status: u16 },
    /// The file at another path of the site is shown, with this status.
    Within { path: String, status: u16 },
    /// Another host would have to be asked.
    Outside { to: String },
}

impl Rules {
    /// Reads both files of an output, if the host does.
    pub(super) fn read(generation: &dyn Generation, host: HostRules) -> Rules {
        if !host.reads_rules() {
            return Rules::default();
        }
        let text = |path: &str| match generation.file(path) {
            Some(Ok(bytes)) => String::from_utf8_lossy(&bytes).into_owned(),
            Some(Err(_)) | None => String::new(),
        };
        Rules {
            redirects: text("_redirects").lines().filter_map(|line| redirect(line, host)).collect(),
            headers: headers(&text("_headers")),
        }
    }

    /// What the first matching redirect makes of a path such as `/a/b`. `is_there` says whether a file stands at it.
    pub(super) fn redirect(&self, path: &str, query: Option<&str>, is_there: bool) -> Option<Sent> {
        let (rule, values) =
            self.redirects.iter().filter(|rule| rule.is_forced || !is_there).find_map(|rule| {
                let mut values = rule.from.matches(path)?;
                for (name, wanted) in &rule.query {
                    let given = parameter(query?, name)?;
                    match wanted.strip_prefix(':') {
                        Some(placeholder) => values.push((placeholder.to_owned(), given.to_owned())),
                        None if given == wanted => (),
                        None => return None,
                    }
                }
                Some((rule, values))
            })?;
        let to = fill(&rule.to, &values);
        let is_outside = to.contains("://");
        Some(match rule.status {
            300..=399 => {
                let kept = query.filter(|_| !to.contains('?')).map(|it| format!("?{it}")).unwrap_or_default();
                let (address, fragment) =
                    to.split_once('#').map_or((to.as_str(), String::new()), |(a, f)| (a, format!("#{f}")));
                Sent::Away { location: format!("{address}{kept}{fragment}"), status: rule.status }
            }
            _ if is_outside => Sent::Outside { to },
            status => Sent::Within { path: to, status },
        })
    }

    /// The header fields for a path: names in lower case, values of several rules joined by commas.
    pub(super) fn headers(&self, path: &str) -> Vec<(String, String)> {
        let mut fields: Vec<(String, String)> = Vec::new();
        for rule in self.headers.iter().filter(|rule| rule.on.matches(path).is_some()) {
            for (name, value) in &rule.fields {
                let at = fields.iter().position(|(known, _)| known == name);
                match (at, value) {
                    (Some(at), None) => drop(fields.remove(at)),
                    (None, None) => (),
                    (Some(at), Some(value)) => fields[at].1 = format!("{}, {value}", fields[at].1),
                    (None, Some(value)) => fields.push((name.clone(), value.clone())),
                }
            }
        }
        fields
    }
}

/// A line of `_redirects`; `None` for comments, and for what is not imitated or not understood.
fn redirect(line: &str, host: HostRules) -> Option<Redirect> {
    let line = line.trim();
    let mut words = line.split_whitespace().take_while(|word| !word.starts_with('#')).peekable();
    let from = words.next().filter(|it| it.starts_with('/'))?;
    let is_netlify = host == HostRules::Netlify;
    let mut query = Vec::new();
    while let Some((name, value)) =
        words.peek().filter(|it| is_netlify && is_parameter(it)).and_then(|it| it.split_once('='))
    {
        query.push((name.to_owned(), value.to_owned()));
        words.next();
    }
    let to = words.next().filter(|it| it.starts_with('/') || it.contains("://"))?;
    let status = words.next();
    // What stands behind the status is a condition that only the host can know.
    if words.next().is_some() {
        return None;
    }
    let (digits, is_forced) = match status {
        None => (if is_netlify { "301" } else { "302" }, false),
        Some(it) => it.strip_suffix('!').filter(|_| is_netlify).map_or((it, false), |digits| (digits, true)),
    };
    let status: u16 = digits.parse().ok().filter(|it| (200..600).contains(it))?;
    let is_known = match host {
        HostRules::Cloudflare => matches!(status, 200 | 301 | 302 | 303 | 307 | 308),
        HostRules::Netlify | HostRules::Plain | HostRules::GithubPages | HostRules::S3 => true,
    };
    is_known.then(|| Redirect {
        from: Pattern::new(from, is_netlify),
        query,
        to: to.to_owned(),
        status,
        // Cloudflare redirects whether or not there is a file.
        is_forced: is_forced || host == HostRules::Cloudflare,
    })
}

fn is_parameter(word: &str) -> bool {
    !word.starts_with('/') && !word.contains("://") && word.contains('=')
}

/// The blocks of `_headers`: a path, then indented lines.
fn headers(text: &str) -> Vec<HeaderRule> {
    let mut rules: Vec<HeaderRule> = Vec::new();
    let mut is_ours = false;
    for line in text.lines().filter(|line| !line.trim().is_empty() && !line.trim_start().starts_with('#')) {
        if !line.starts_with([' ', '\t']) {
            let path = line.trim();
            is_ours = path.starts_with('/');
            if is_ours {
                rules.push(HeaderRule { on: Pattern::new(path, false), fields: Vec::new() });
            }
            continue;
        }
        let Some(rule) = rules.last_mut().filter(|_| is_ours) else { continue };
        let line = line.trim();
        match (line.strip_prefix('!'), line.split_once(':')) {
            (Some(name), _) => rule.fields.push((name.trim().to_ascii_lowercase(), None)),
            (None, Some((name, value))) => {
                rule.fields.push((name.trim().to_ascii_lowercase(), Some(value.trim().to_owned())));
            }
            (None, None) => (),
        }
    }
    rules
}

/// A path with `:placeholders` for parts and a `*` for any rest.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Pattern {
    text: String,
    /// Whether a slash at the end makes no difference.
    ignores_slash: bool,
}

impl Pattern {
    fn new(text: &str, ignores_slash: bool) -> Pattern {
        Pattern { text: text.to_owned(), ignores_slash }
    }

    /// The values of the placeholders, the rest under `splat`; `None` when it does not match.
    fn matches(&self, path: &str) -> Option<Vec<(String, String)>> {
        let trim = |it: &'_ str| -> String {
            match self.ignores_slash && it.len() > 1 {
                true => it.trim_end_matches('/').to_owned(),
                false => it.to_owned(),
            }
        };
        let (text, path) = (trim(&self.text), trim(path));
        let mut values = Vec::new();
        let Some((before, after)) = text.split_once('*') else {
            return parts(&text, &path, &mut values).then_some(values);
        };
        // `/a/*` also matches `/a`.
        let head = before.matches('/').count();
        let start = match path.match_indices('/').nth(head.saturating_sub(1)) {
            Some((at, _)) => at + 1 + before.rsplit('/').next().map_or(0, str::len),
            None if self.ignores_slash && after.is_empty() && path.len() + 1 == before.len() => {
                return before.starts_with(&path).then(|| vec![("splat".to_owned(), String::new())]);
            }
            None => return None,
        };
        let end = path.len().checked_sub(after.len())?;
        let splat = path.get(start..end)?;
        let fits =
            path.get(..start).is_some_and(|head| parts(before, head, &mut values)) && path.ends_with(after);
        values.push(("splat".to_owned(), splat.to_owned()));
        fits.then_some(values)
    }
}

/// Whether two paths agree part by part, placeholders taking what stands at theirs.
fn parts(pattern: &str, path: &str, values: &mut Vec<(String, String)>) -> bool {
    let (mut wanted, mut given) = (pattern.split('/'), path.split('/'));
    loop {
        match (wanted.next(), given.next()) {
            (None, None) => return true,
            (Some(name), Some(part)) if name.len() > 1 && name.starts_with(':') => {
                if part.is_empty() {
                    return false;
                }
                values.push((name[1..].to_owned(), part.to_owned()));
            }
            (Some(same), Some(part)) if same == part => (),
            (Some(_), _) | (_, Some(_)) => return false,
        }
    }
}

/// Puts values in the place of `:names`.
fn fill(to: &str, values: &[(String, String)]) -> String {
    let mut out = String::with_capacity(to.len());
    let mut rest = to;
    while let Some(at) = rest.find(':') {
        out.push_str(&rest[..at]);
        let after = &rest[at + 1..];
        let end = after.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(after.len());
        match values.iter().find(|(name, _)| *name == after[..end]) {
            Some((_, value)) => out.push_str(value),
            None => out.push_str(&rest[at..=at + end]),
        }
        rest = &after[end..];
    }
    out.push_str(rest);
    out
}

/// The value of a query's parameter, as written.
fn parameter<'q>(query: &'q str, name: &str) -> Option<&'q str> {
    query.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='))
}
