//! The form of `links.lock`: one line for each address, sorted, so that two branches seldom touch the same line.
//!
//! ```text
//! rejoinder links 1
//! https://gazette.example/a ok checked=2026-03-02 since=2026-01-05 code=200 as=source,prose held=0f3a…,9b21…
//! https://gazette.example/b dead checked=2026-03-02 since=2026-03-02 code=404 as=source
//! https://old.example/ redirected checked=2026-03-02 since=2026-01-05 code=200 to=https://new.example/ as=prose
//! ```

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use super::Role;
use super::problems::{conflict, other_form, unreadable};
use crate::diag::Report;
use crate::input::Input;
use crate::text::{Day, Edtf, Precision, Span};

/// The first line: what the file is, and in which version of its form.
const HEADER: &str = "rejoinder links 1";

/// What came of asking for an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// A page answered.
    Ok,
    /// A page answered at another address.
    Redirected,
    /// The host says that nothing is there (404, 410), or there is no such host.
    Dead,
    /// The host does not show the page to a program (401, 403 and their like). Says nothing about readers.
    Refused,
    /// It leads to an address of a private network. It was not asked.
    Private,
    /// No answer that says anything: too slow, too busy, an error of the host's own.
    Unknown,
}

impl Status {
    const ALL: [Status; 6] =
        [Status::Ok, Status::Redirected, Status::Dead, Status::Refused, Status::Private, Status::Unknown];

    /// Its word in the file.
    pub fn name(self) -> &'static str {
        match self {
            Status::Ok => "ok",
            Status::Redirected => "redirected",
            Status::Dead => "dead",
            Status::Refused => "refused",
            Status::Private => "private",
            Status::Unknown => "unknown",
        }
    }
}

/// What answered, apart from when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// What came of it.
    pub status: Status,
    /// The last HTTP status code, if there was one.
    pub code: Option<u16>,
    /// Where redirects ended, when they ended elsewhere.
    pub to: Option<String>,
    /// Why nothing is known, in one kebab-case word: `timeout`.
    pub why: Option<String>,
}

/// Whether a page holds some words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Held {
    /// It does.
    Held,
    /// It has text, and these words are not in it.
    Gone,
    /// Nothing can be said: no text, too little of it, or a page that was not read to its end.
    NoText,
}

impl Held {
    const ALL: [Held; 3] = [Held::Held, Held::Gone, Held::NoText];

    fn name(self) -> &'static str {
        match self {
            Held::Held => "held",
            Held::Gone => "gone",
            Held::NoText => "no-text",
        }
    }
}

/// What is known of one address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// What answered.
    pub answer: Answer,
    /// The day of the newest answer.
    pub checked: Day,
    /// The first day that had this answer.
    pub since: Day,
    /// What the address is to the site.
    pub roles: BTreeSet<Role>,
    /// Whether the page holds the words of each quotation, by their mark.
    pub quotes: BTreeMap<String, Held>,
}

/// What is known of the addresses a site leads to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Links {
    /// By address.
    pub entries: BTreeMap<String, Entry>,
}

impl Links {
    /// What is known of an address.
    pub fn get(&self, url: &str) -> Option<&Entry> {
        self.entries.get(url)
    }

    /// The text of the file.
    pub fn write(&self) -> String {
        let mut out = format!("{HEADER}\n");
        for (url, entry) in &self.entries {
            let Entry { answer, checked, since, roles, quotes } = entry;
            let mut line = format!("{url} {} checked={checked} since={since}", answer.status.name());
            let mut add = |key: &str, value: &str| {
                write!(line, " {key}={value}").expect("a String takes everything");
            };
            if let Some(code) = answer.code {
                add("code", &code.to_string());
            }
            if let Some(why) = &answer.why {
                add("why", why);
            }
            if let Some(to) = &answer.to {
                add("to", to);
            }
            add("as", &roles.iter().map(|it| it.name()).collect::<Vec<_>>().join(","));
            for held in Held::ALL {
                let marks: Vec<&str> =
                    quotes.iter().filter(|(_, it)| **it == held).map(|(mark, _)| mark.as_str()).collect();
                if !marks.is_empty() {
                    add(held.name(), &marks.join(","));
                }
            }
            out.push_str(&line);
            out.push('\n');
        }
        out
    }
}

/// Reads `links.lock`. Lines that cannot be read are reported, and the others count.
pub fn read(input: &Input) -> (Links, Report) {
    let mut report = Report::new();
    let mut links = Links::default();
    let text = String::from_utf8_lossy(&input.bytes);
    let mut offset = 0;
    for (line_idx, with_end) in text.split_inclusive('\n').enumerate() {
        let line = with_end.trim_end_matches(['\n', '\r']);
        let span = Span::new(offset, offset + line.len());
        offset += with_end.len();
        if is_conflict_marker(line) {
            report.add(conflict(&input.path, span));
        } else if line_idx == 0 {
            if line.trim_start_matches('\u{feff}') != HEADER {
                report.add(other_form(&input.path, span, &header_problem(line)));
            }
        } else if !line.trim().is_empty() {
            match entry(line) {
                Ok((url, entry)) => keep(&mut links, url, entry),
                Err(why) => report.add(unreadable(&input.path, span, &why)),
            }
        }
    }
    (links, report)
}

/// Of two lines for one address, which a merge by hand may leave, the newer one counts.
fn keep(links: &mut Links, url: &str, entry: Entry) {
    let older = links.entries.get(url).is_some_and(|it| it.checked > entry.checked);
    if !older {
        links.entries.insert(url.to_owned(), entry);
    }
}

fn is_conflict_marker(line: &str) -> bool {
    ["<<<<<<<", "|||||||", "=======", ">>>>>>>"].iter().any(|it| line.starts_with(it))
}

fn header_problem(line: &str) -> String {
    match line.strip_prefix("rejoinder links ") {
        Some(version) => format!("version {} is not one that this program knows", version.escape_debug()),
        None => format!("the first line is not `{HEADER}`"),
    }
}

fn entry(line: &str) -> Result<(&str, Entry), String> {
    let mut words = line.split_ascii_whitespace();
    let url = words.next().filter(|it| super::address(it).as_deref() == Some(it));
    let url = url.ok_or("it does not start with an address in the form that is asked for")?;
    let status = words.next().unwrap_or("");
    let status = Status::ALL
        .into_iter()
        .find(|it| it.name() == status)
        .ok_or_else(|| format!("`{}` is no status", status.escape_debug()))?;
    let (mut checked, mut since) = (None, None);
    let mut answer = Answer { status, code: None, to: None, why: None };
    let (mut roles, mut quotes) = (BTreeSet::new(), BTreeMap::new());
    for word in words {
        let nonsense = || format!("`{}` says nothing", word.escape_debug());
        let (key, value) = word.split_once('=').ok_or_else(nonsense)?;
        match key {
            "checked" => checked = Some(day(value).ok_or_else(nonsense)?),
            "since" => since = Some(day(value).ok_or_else(nonsense)?),
            "code" => answer.code = Some(value.parse().map_err(|_| nonsense())?),
            "why" => answer.why = Some(value.to_owned()),
            "to" => answer.to = Some(value.to_owned()),
            "as" => {
                for role in value.split(',') {
                    roles.insert(Role::parse(role).ok_or_else(nonsense)?);
                }
            }
            _ => {
                let held = Held::ALL.into_iter().find(|it| it.name() == key).ok_or_else(nonsense)?;
                quotes.extend(value.split(',').map(|mark| (mark.to_owned(), held)));
            }
        }
    }
    let checked = checked.ok_or("it does not say when the address was asked")?;
    let since = since.unwrap_or(checked);
    Ok((url, Entry { answer, checked, since, roles, quotes }))
}

/// A day as the file writes it: `2026-03-02`.
fn day(text: &str) -> Option<Day> {
    let date = Edtf::parse(text).ok().filter(|it| it.precision() == Precision::Day && !it.is_range())?;
    date.earliest()
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: Day = Day { year: 2026, month: 3, day: 2 };

    fn input(text: &str) -> Input {
        Input::new(super::super::LOCK, text.as_bytes().to_vec())
    }

    fn read_whole(text: &str) -> Links {
        let (links, report) = read(&input(text));
        assert!(report.diagnostics().is_empty(), "{:?}", report.diagnostics());
        links
    }

    #[test]
    fn what_is_written_is_read_again() {
        let answer = |status, code, to: Option<&str>, why: Option<&str>| Answer {
            status,
            code,
            to: to.map(str::to_owned),
            why: why.map(str::to_owned),
        };
        let entry = |answer, quotes: &[(&str, Held)]| Entry {
            answer,
            checked: DAY,
            since: Day { month: 1, ..DAY },
            roles: [Role::Prose, Role::Source].into(),
            quotes: quotes.iter().map(|(mark, held)| ((*mark).to_owned(), *held)).collect(),
        };
        let links = Links {
            entries: BTreeMap::from([
                (
                    "https://b.example/".to_owned(),
                    entry(
                        answer(Status::Redirected, Some(200), Some("https://c.example/?a=b"), None),
                        &[("0a", Held::Gone), ("0b", Held::Held), ("0c", Held::NoText), ("0d", Held::Held)],
                    ),
                ),
                (
                    "https://a.example/".to_owned(),
                    entry(answer(Status::Unknown, None, None, Some("timeout")), &[]),
                ),
            ]),
        };
        let text = links.write();
        assert_eq!(
            text,
            "rejoinder links 1\n\
             https://a.example/ unknown checked=2026-03-02 since=2026-01-02 why=timeout as=source,prose\n\
             https://b.example/ redirected checked=2026-03-02 since=2026-01-02 code=200 to=https://c.example/?a=b \
             as=source,prose held=0b,0d gone=0a no-text=0c\n"
        );
        assert_eq!(read_whole(&text), links);
        // Endings of lines that a checkout on another system changes say nothing.
        assert_eq!(read_whole(&text.replace('\n', "\r\n")), links);
    }

    #[test]
    fn of_two_lines_for_an_address_the_newer_counts() {
        let old = "https://a.example/ ok checked=2026-03-01 as=source\n";
        let new = "https://a.example/ dead checked=2026-03-02 code=404 as=source\n";
        for text in [format!("{HEADER}\n{old}{new}"), format!("{HEADER}\n{new}{old}")] {
            let links = read_whole(&text);
            assert_eq!(links.entries["https://a.example/"].answer.status, Status::Dead, "{text}");
        }
    }

    #[test]
    fn what_cannot_be_read_is_told_and_the_rest_counts() {
        let good = "https://a.example/ ok checked=2026-03-01 as=source";
        for bad in [
            "nonsense",
            "https://b.example ok checked=2026-03-01",
            "https://b.example/#x ok checked=2026-03-01",
            "https://b.example/ fine checked=2026-03-01",
            "https://b.example/ ok",
            "https://b.example/ ok checked=2026-03",
            "https://b.example/ ok checked=2026-02-30",
            "https://b.example/ ok checked=2026-03-01 code=x",
            "https://b.example/ ok checked=2026-03-01 as=friend",
            "https://b.example/ ok checked=2026-03-01 colour=red",
            "<<<<<<< ours",
            "=======",
            ">>>>>>> theirs",
        ] {
            let (links, report) = read(&input(&format!("{HEADER}\n{bad}\n{good}\n")));
            assert_eq!(report.diagnostics().len(), 1, "{bad}");
            assert_eq!(links.entries.len(), 1, "{bad}");
        }
        let (_, report) = read(&input("rejoinder links 2\n"));
        assert_eq!(report.diagnostics().len(), 1);
        let (links, report) = read(&input(""));
        assert!(links.entries.is_empty() && report.diagnostics().is_empty());
    }
}
