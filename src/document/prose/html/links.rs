//! Links as HTML.

use super::Writer;
use crate::document::prose::links::{Destination, site_href, written_href};
use crate::document::prose::nodes::Link;
use crate::document::prose::{LinkTarget, Links};
use crate::text::escape_html;

impl<'a> Writer<'_, 'a> {
    pub(super) fn start_link(&mut self, link: &Link<'a>) -> &'static str {
        let target = resolve(link, self.links);
        let close = match (&link.to, &target) {
            (Destination::Internal { .. }, Some(LinkTarget { url, kind, .. })) => {
                let kind = kind.map(|kind| format!(" link-{kind}")).unwrap_or_default();
                self.push(&["<a class=\"link", &kind, "\" href=\"", &escape_html(&site_href(url)), "\""]);
                self.title(&link.title);
                "</a>"
            }
            (Destination::External(url), _) => {
                self.external(url, &link.title);
                "</a>"
            }
            (Destination::Address(url), _) => {
                self.push(&["<a href=\"", &escape_html(&written_href(url)), "\""]);
                self.title(&link.title);
                "</a>"
            }
            (Destination::Asset { path, suffix }, _) => match self.links.asset(path) {
                Some(url) => {
                    let href = site_href(&url) + &written_href(suffix);
                    self.push(&["<a class=\"asset\" href=\"", &escape_html(&href), "\""]);
                    self.title(&link.title);
                    "</a>"
                }
                None => self.unresolved(),
            },
            (Destination::Internal { .. }, None) => self.unresolved(),
            (Destination::Refused(_), _) => "",
        };
        if let Some(id) = &link.wordless {
            self.text(target.as_ref().map_or(id, |target| &target.name));
        }
        close
    }

    fn unresolved(&mut self) -> &'static str {
        self.out.push_str("<span class=\"unresolved\">");
        "</span>"
    }

    pub(super) fn external(&mut self, url: &str, title: &str) {
        let on_the_web = url.get(..4).is_some_and(|scheme| scheme.eq_ignore_ascii_case("http"));
        let (class, rel) = match on_the_web {
            true => ("class=\"external\" ", " rel=\"noopener noreferrer\""),
            false => ("", ""),
        };
        self.push(&["<a ", class, "href=\"", &escape_html(&written_href(url)), "\"", rel]);
        self.title(title);
    }

    /// Ends a start tag with a title, if there is one.
    pub(super) fn title(&mut self, title: &str) {
        if !title.is_empty() {
            self.push(&[" title=\"", &escape_html(title), "\""]);
        }
        self.out.push('>');
    }
}

/// What an internal link leads to.
pub(super) fn resolve(link: &Link<'_>, links: &dyn Links) -> Option<LinkTarget> {
    match &link.to {
        Destination::Internal { target, anchor } => links.link(target, anchor.as_deref()),
        _ => None,
    }
}
