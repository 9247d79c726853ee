//! Every address of the web that records name, and the words that should stand there.

use crate::diag::Place;
use crate::graph::{Graph, Node, NodeId, Scope};
use crate::model::{Data, Form, Kind, Source, SourceUse, Statement};
use crate::text::Fingerprint;

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

/// Words that the page of a source should hold.
#[derive(Clone, Debug)]
pub struct Quoted {
    /// The source's address as it is asked for.
    pub url: String,
    /// The words as this source has them: `as_printed`, else the original of a translation, else the quotation.
    pub words: String,
    /// Stands for the words in `links.lock`.
    pub mark: String,
    /// Where the author wrote the words.
    pub place: Place,
    /// Where the statement names the source.
    pub cited_at: Place,
    /// The source.
    pub source: NodeId,
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

/// Every quotation together with a source that should hold it, where anybody could look: not behind a paywall or a
/// login, and not in a source that we never saw ourselves.
pub fn quoted(graph: &Graph) -> Vec<Quoted> {
    let mut found = Vec::new();
    for id in graph.of_kind(Kind::Statement) {
        let node = graph.node(id);
        let Some(statement) = node.statement().filter(|it| it.form == Form::Quote) else { continue };
        let file = &node.record().origin.file;
        for (idx, it) in statement.sources.iter().enumerate() {
            let Ok(source_id) = graph.resolve(it.source.as_str(), &[Kind::Source], Scope::default()) else {
                continue;
            };
            let Data::Source(source) = &graph.node(source_id).record().data else { continue };
            let Some(url) = source.url.as_deref().filter(|_| is_open(source)).and_then(address) else { continue };
            let (words, path) = words_in(statement, it, idx);
            found.push(Quoted {
                url,
                words: words.to_owned(),
                mark: mark(words),
                place: Place::field(file, node.field(&path)),
                cited_at: Place::field(file, node.field(&format!("sources[{idx}].ref"))),
                source: source_id,
            });
        }
    }
    found
}

fn is_open(source: &Source) -> bool {
    source.seen && source.access.as_deref().is_none_or(|it| it == "open")
}

/// The words as a source has them, and the field that holds them.
fn words_in<'a>(statement: &'a Statement, it: &'a SourceUse, idx: usize) -> (&'a str, String) {
    match (&it.as_printed, &statement.original) {
        (Some(printed), _) => (printed, format!("sources[{idx}].as_printed")),
        (None, Some(original)) => (&original.text, "original.text".to_owned()),
        (None, None) => (&statement.words, "quote".to_owned()),
    }
}

/// Sixteen hexadecimal digits that stand for some words.
fn mark(words: &str) -> String {
    Fingerprint::of(words.as_bytes()).hex()[..16].to_owned()
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
        check("https://example.org/été/a%20b?x=[1]", Some("https://example.org/%C3%A9t%C3%A9/a%20b?x=%5B1%5D"));
        check("https://[::1]:80/", Some("https://[::1]:80/"));
        for nothing in ["mailto:a@example.org", "ftp://example.org/", "https://", "https:///x", "/actors/", "x"] {
            check(nothing, None);
        }
    }

    #[test]
    fn the_host_is_what_stands_between_user_and_port() {
        assert_eq!(host("https://example.org/a"), "example.org");
        assert_eq!(host("https://a:b@example.org:8080/?x"), "example.org");
        assert_eq!(host("http://[::1]:80/"), "[::1]");
    }

    #[test]
    fn a_mark_follows_from_the_words_alone() {
        assert_eq!(mark("Hello to the loom"), "d437d1512d7beca3");
    }
}
