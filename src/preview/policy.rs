//! A page's content security policy, widened by as much as the preview's script needs.
//!
//! The built-in themes allow the site's own scripts, or none at all. The script of the preview is one file at one
//! address; it draws with style sheets that it constructs itself, which no policy stops, and asks its own page again. So a
//! policy gets that one address as a source of script elements, and its own origin to connect to. Inline script, `eval` and
//! other hosts stay as forbidden as they were.

/// The script, as a policy names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ScriptSource {
    /// Its whole address.
    pub(super) url: String,
    /// The nonce of its element, for policies that ignore addresses (`'strict-dynamic'`).
    pub(super) nonce: String,
}

/// Widens a policy, or several separated by commas (Content Security Policy Level 3, §2.2).
pub(super) fn widen(policies: &str, script: &ScriptSource) -> String {
    policies.split(',').map(|policy| widen_one(policy, script)).collect::<Vec<_>>().join(",")
}

fn widen_one(policy: &str, script: &ScriptSource) -> String {
    let mut directives: Vec<String> =
        policy.split(';').map(str::trim).filter(|it| !it.is_empty()).map(str::to_owned).collect();
    if let Some(sources) = in_force(&directives, &["script-src-elem", "script-src", "default-src"]) {
        let is_dynamic = sources.iter().any(|it| it.eq_ignore_ascii_case("'strict-dynamic'"));
        let ours = if is_dynamic { format!("'nonce-{}'", script.nonce) } else { script.url.clone() };
        set(&mut directives, "script-src-elem", sources, &ours);
    }
    if let Some(sources) = in_force(&directives, &["connect-src", "default-src"])
        && !sources.iter().any(|it| it.eq_ignore_ascii_case("'self'"))
    {
        set(&mut directives, "connect-src", sources, "'self'");
    }
    directives.join("; ")
}

/// The sources of the first of these directives that is there: each falls back to the next (§6.8.3). Of two with the same
/// name the first counts.
fn in_force(directives: &[String], names: &[&str]) -> Option<Vec<String>> {
    names.iter().find_map(|name| {
        let directive = directives.iter().find(|it| name_of(it).eq_ignore_ascii_case(name))?;
        Some(directive.split_ascii_whitespace().skip(1).map(str::to_owned).collect())
    })
}

fn set(directives: &mut Vec<String>, name: &str, sources: Vec<String>, more: &str) {
    // Beside another source `'none'` means nothing.
    let sources = sources.into_iter().filter(|it| !it.eq_ignore_ascii_case("'none'"));
    let sources: Vec<String> = sources.chain([more.to_owned()]).collect();
    let directive = format!("{name} {}", sources.join(" "));
    match directives.iter_mut().find(|it| name_of(it).eq_ignore_ascii_case(name)) {
        Some(there) => *there = directive,
        None => directives.push(directive),
    }
}

fn name_of(directive: &str) -> &str {
    directive.split_ascii_whitespace().next().unwrap_or("")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_policy_is_widened_by_one_address_and_no_more() {
        let script = ScriptSource { url: "http://h/s.js".to_owned(), nonce: "n".to_owned() };
        for (policy, expected) in [
            ("", ""),
            ("img-src 'self'", "img-src 'self'"),
            (
                "default-src 'none'; style-src 'self'",
                "default-src 'none'; style-src 'self'; script-src-elem http://h/s.js; connect-src 'self'",
            ),
            ("default-src 'self';", "default-src 'self'; script-src-elem 'self' http://h/s.js"),
            (
                "Script-Src 'self' 'unsafe-inline'; connect-src 'none'",
                "Script-Src 'self' 'unsafe-inline'; connect-src 'self'; script-src-elem 'self' 'unsafe-inline' http://h/s.js",
            ),
            (
                "script-src-elem a.example; script-src 'none'; connect-src b.example",
                "script-src-elem a.example http://h/s.js; script-src 'none'; connect-src b.example 'self'",
            ),
            (
                "script-src 'strict-dynamic' 'nonce-x'",
                "script-src 'strict-dynamic' 'nonce-x'; script-src-elem 'strict-dynamic' 'nonce-x' 'nonce-n'",
            ),
            (
                "default-src 'none', img-src 'none'",
                "default-src 'none'; script-src-elem http://h/s.js; connect-src 'self',img-src 'none'",
            ),
        ] {
            let widened = widen(policy, &script);
            let sorted = |it: &str| {
                let mut parts: Vec<String> = it.split("; ").map(str::to_owned).collect();
                parts.sort();
                parts
            };
            assert_eq!(sorted(&widened), sorted(expected), "{policy}");
        }
    }
}
