//! Every address of the web that records name, and the quotations that should stand there.

use crate::diag::Place;
use crate::graph::{Graph, Node, NodeId};
use crate::model::{Data, Kind, Source};
use crate::verify::{QuoteUse, uses_by_source};

/// What an address is to the site.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// The `url:` of a source.
    Source,
    /// A copy of a source in an archive.
    Archive,
    /// Where a statement was made: the `url:` of its channel.
    Channel,
    /// The same actor or term elsewhere.
    SameAs,
    /// A link or a picture in a text.
    Prose,
}

impl Role {
    /// Every role, in the order they are written in.
    pub const ALL: [Role; 5] = [Role::Source, Role::Archive, Role::Channel, Role::SameAs, Role::Prose];

    /// Its word in `links.lock`.
    pub fn name(self) -> &'static str {
        match self {
            Role::Source => "source",
            Role::Archive => "archive",
            Role::Channel => "channel",
            Role::SameAs => "same-as",
            Role::Prose => "prose",
        }
    }

    /// The role with this word.
    pub fn parse(name: &str) -> Option<Role> {
        Role::ALL.into_iter().find(|it| it.name() == name)
    }
}

/// One place where the site leads outwards.
#[derive(Clone, Debug)]
pub struct Outward {
    /// The address as it is asked for; see [`address`].
    pub url: String,
    /// What it is to the site.
    pub role: Role,
    /// Where the author wrote it.
    pub place: Place,
    /// The record that names it.
    pub record: NodeId,
}

/// The form in which an address is asked for and recorded: without the part behind `#`, which never leaves a browser,
/// and with everything encoded that may not stand in a request. `None` for what is no address of the web.
pub fn address(written: &str) -> Option<String> {
    let written = written.trim_matches(|c: char| c <= ' ');
    let (scheme, rest) = written.split_once("://")?;
    let scheme = scheme.to_ascii_lowercase();
    let rest = rest.split_once('#').map_or(rest, |(before, _)| before);
    if !matches!(scheme.as_str(), "http" | "https") || rest.is_empty() || rest.starts_with(['/', '?']) {
        return None;
    }
    let host_end = rest.find(['/', '?']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at(host_end);
    // Without a slash behind the host the same page would be asked twice.
    let slash = if path.starts_with('/') { "" } else { "/" };
    let mut url = format!("{scheme}://{}{slash}", authority.to_lowercase());
    for byte in path.bytes() {
        // RFC 3986, section 2: reserved and unreserved characters, and what is encoded already.
        let plain = byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=:@/?%".contains(&byte);
        match plain {
            true => url.push(char::from(byte)),
            false => url.push_str(&format!("%{byte:02X}")),
        }
    }
    Some(url)
}

/// The host of an [`address`], without user and port.
pub fn host(address: &str) -> &str {
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    let authority = &rest[..rest.find(['/', '?']).unwrap_or(rest.len())];
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    match host.find(']') {
        Some(end) => &host[..=end],
        None => host.split_once(':').map_or(host, |(host, _)| host),
    }
}

/// Every place where a record leads outwards, in the order of the records. The menu and the theme are not looked at.
pub fn outward(graph: &Graph) -> Vec<Outward> {
    let mut found = Vec::new();
    for (id, node) in graph.nodes() {
        let file = &node.record().origin.file;
        let mut add = |written: &str, role: Role, place: Place| {
            found.extend(address(written).map(|url| Outward { url, role, place, record: id }));
        };
        let field = |path: &str| Place::field(file, node.field(path));
        if let Some(statement) = node.statement() {
            if let Some(url) = statement.channel.as_ref().and_then(|it| it.url.as_ref()) {
                add(url, Role::Channel, field("channel.url"));
            }
            continue;
        }
        if is_part(node) {
            continue;
        }
        match &node.record().data {
            Data::Source(source) => {
                if let Some(url) = &source.url {
                    add(url, Role::Source, field("url"));
                }
                for (idx, copy) in source.archive.iter().enumerate() {
                    add(&copy.url, Role::Archive, field(&format!("archive[{idx}].url")));
                }
            }
            Data::Actor(actor) => {
                for (idx, url) in actor.same_as.iter().enumerate() {
                    add(url, Role::SameAs, field(&format!("same_as[{idx}]")));
                }
            }
            Data::Term(term) => {
                for (idx, url) in term.same_as.iter().enumerate() {
                    add(url, Role::SameAs, field(&format!("same_as[{idx}]")));
                }
            }
            Data::Story(_)
            | Data::Event(_)
            | Data::Reaction(_)
            | Data::Figure(_)
            | Data::Correction(_)
            | Data::Page(_)
            | Data::Section(_) => (),
        }
        for link in &node.record().prose.outward {
            add(&link.url, Role::Prose, Place::span(file, link.span));
        }
    }
    found
}

/// The parts of a reaction share its record.
fn is_part(node: &Node) -> bool {
    matches!(node.kind, Kind::Statement | Kind::Action | Kind::Claim | Kind::Silence)
}

/// The quotations that the page of each address should hold, where anybody can look: not behind a paywall or a login, and
/// not in a source that we never saw ourselves.
pub fn quoted(graph: &Graph) -> Vec<(String, Vec<QuoteUse>)> {
    let by_source = uses_by_source(graph).into_iter();
    let open = by_source.filter_map(|(source, uses)| {
        let Data::Source(source) = &graph.node(source).record().data else { return None };
        let url = source.url.as_deref().filter(|_| is_open(source)).and_then(address)?;
        Some((url, uses))
    });
    open.collect()
}

fn is_open(source: &Source) -> bool {
    source.seen && source.access.as_deref().is_none_or(|it| it == "open")
}

/// What stands for a quotation in `links.lock`: the first sixteen hexadecimal digits of the digest of its words.
pub fn mark(quote: &QuoteUse) -> String {
    let mut digits = quote.digest.hex();
    digits.truncate(16);
    digits
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_asked_for_without_its_fragment_and_encoded_once() {
        let check = |written: &str, expected: Option<&str>| {
            assert_eq!(address(written).as_deref(), expected, "{written}");
        };
        check("https://example.org/a#b", Some("https://example.org/a"));
        check(" HTTPS://Example.org ", Some("https://example.org/"));
        check("http://example.org?q=1", Some("http://example.org/?q=1"));
        check(
            "https://example.org/été/a%20b?x=[1]",
            Some("https://example.org/%C3%A9t%C3%A9/a%20b?x=%5B1%5D"),
        );
        check("https://[::1]:80/", Some("https://[::1]:80/"));
        for nothing in
            ["mailto:a@example.org", "ftp://example.org/", "https://", "https:///x", "/actors/", "x"]
        {
            check(nothing, None);
        }
    }

    #[test]
    fn the_host_is_what_stands_between_user_and_port() {
        assert_eq!(host("https://example.org/a"), "example.org");
        assert_eq!(host("https://a:b@example.org:8080/?x"), "example.org");
        assert_eq!(host("http://[::1]:80/"), "[::1]");
    }
}
