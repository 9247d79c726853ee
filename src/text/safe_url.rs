//! Which addresses an author may link to: an allow-list of schemes, decided as a browser would read them.

use std::fmt;

/// Why a link target is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UrlProblem {
    /// The scheme is not one of `http`, `https`, `mailto`, `tel`.
    Scheme(String),
    /// `//host/…` or `\\host\…`: leads to another site under the page's own scheme.
    SchemeRelative,
    /// A control or direction-changing character hides where the link leads.
    Hidden(char),
}

impl fmt::Display for UrlProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            UrlProblem::Scheme(scheme) => write!(f, "`{scheme}:` links are not allowed"),
            UrlProblem::SchemeRelative => write!(f, "a link that starts with `//` leads to another site"),
            UrlProblem::Hidden(c) => {
                write!(f, "the character U+{:04X} hides where this link leads", u32::from(*c))
            }
        }
    }
}

/// Checks one decoded link target against the allow-list (`http`, `https`, `mailto`, `tel`, and anything relative).
///
/// Reads the scheme as the URL Standard does (whatwg.org, "basic URL parser"): leading and trailing C0 controls
/// and spaces are dropped, tabs and line ends anywhere are dropped, back-slashes count as slashes.
///
/// # Errors
/// Says what is wrong with the target.
pub fn check_url(url: &str) -> Result<(), UrlProblem> {
    let hides = |c: char| matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{200B}'..='\u{200F}' | '\u{FEFF}');
    if let Some(c) = url.chars().find(|c| hides(*c)) {
        return Err(UrlProblem::Hidden(c));
    }
    let read: String = url
        .trim_matches(|c: char| c <= ' ')
        .chars()
        .filter(|c| !matches!(c, '\t' | '\n' | '\r'))
        .map(|c| if c == '\\' { '/' } else { c })
        .collect();
    if read.starts_with("//") {
        return Err(UrlProblem::SchemeRelative);
    }
    match scheme(&read) {
        None => Ok(()),
        Some(scheme) if matches!(scheme.as_str(), "http" | "https" | "mailto" | "tel") => Ok(()),
        Some(scheme) => Err(UrlProblem::Scheme(scheme)),
    }
}

/// Checks the absolute address of a site, and gives it a trailing slash: `https://example.org/r1` becomes
/// `https://example.org/r1/`.
///
/// # Errors
/// Says in a clause what is wrong with it.
pub fn site_address(url: &str) -> Result<String, &'static str> {
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    let Some(rest) = rest else { return Err("it starts with neither `https://` nor `http://`") };
    if rest.is_empty() || rest.starts_with('/') {
        return Err("it names no host");
    }
    if url.contains(['?', '#', '"', '<', '>', ' ']) || url.contains(char::is_control) {
        return Err("it holds a character that no site's address can have");
    }
    let slash = if url.ends_with('/') { "" } else { "/" };
    Ok(format!("{url}{slash}"))
}

/// The scheme of an absolute address, in lower case (RFC 3986, §3.1).
fn scheme(url: &str) -> Option<String> {
    let (scheme, _) = url.split_once(':')?;
    let well_formed = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'));
    if well_formed {
        return Some(scheme.to_ascii_lowercase());
    }
    // A control character inside what looks like a scheme is somebody trying; no honest path has one.
    scheme.contains(|c: char| c.is_control()).then(|| scheme.escape_debug().to_string())
}

/// Percent-encodes one part of a path or a fragment (RFC 3986, §3.3): everything but letters, digits and the
/// characters a path may hold. An existing `%` is encoded too, so give it decoded text.
pub fn percent_encode_path(part: &str) -> String {
    let mut out = String::with_capacity(part.len());
    for byte in part.bytes() {
        let plain = byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=:@".contains(&byte);
        if plain {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scheme_is_read_as_a_browser_reads_it() {
        for bad in [
            "javascript:alert(1)",
            " JaVaScript:alert(1)",
            "java\nscript:x",
            "\u{1}javascript:x",
            "data:text/html,x",
            "vbscript:x",
            "//evil.example",
            "\\\\evil.example",
            "/\\evil",
            "file:///etc/passwd",
            "java\0script:x",
        ] {
            assert!(check_url(bad).is_err(), "{bad:?}");
        }
        for good in ["https://example.org/a:b", "mailto:a@example.org", "../x", "#a", "?q=a:b", "a/b:c", "/x"]
        {
            assert!(check_url(good).is_ok(), "{good:?}");
        }
    }
}
