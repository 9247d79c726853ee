//! A glance at the live site when all is sent: whether readers see the new release.
//!
//! In: the plan that was carried out, and something that answers as readers are answered. Out: what to say. A few files, and no
//! proof: that is [`super::published`].

use super::plan::{Action, Plan};
use super::published::{Answer, Live};
use super::record::{RECORD, Record};
use super::release::File;
use crate::diag::Failure;
use crate::edition::headers::Class;
use crate::text::{Fingerprint, OutPath, counted};

/// How many pages that changed are asked for, beside the home page.
const PAGES: usize = 5;

/// What was seen.
#[derive(Debug)]
pub struct Glance {
    /// How many files were asked for.
    n_files: usize,
    /// Those that are not of the new release, as readers address them.
    other: Vec<String>,
    /// Which release is live as its record says, where that can be read and is another.
    live: Option<String>,
    /// Where a file leads that is shown elsewhere, or was one for the host to redirect.
    elsewhere: Option<String>,
    /// Why nothing more could be seen.
    silent: Option<Failure>,
}

/// Asks for the home page, some pages that changed, one of the other files, and the record.
pub fn glance(plan: &Plan, live: &dyn Live) -> Glance {
    let mut glance = Glance { n_files: 0, other: Vec::new(), live: None, elsewhere: None, silent: None };
    for file in sample(plan) {
        match live.get(&file.path) {
            // Old addresses do that on some hosts, and say nothing of the release.
            Ok(Answer::Elsewhere(to)) => glance.elsewhere = Some(to),
            Ok(Answer::Bytes(bytes)) if Fingerprint::of(&bytes) == file.fingerprint => glance.n_files += 1,
            Ok(Answer::Bytes(_) | Answer::Nothing) => {
                glance.n_files += 1;
                glance.other.push(file.path.url());
            }
            Err(failure) => {
                glance.silent = Some(failure);
                return glance;
            }
        }
    }
    // Not every host shows it.
    let path = OutPath::new(RECORD).expect("our own name is a path");
    if let Ok(Answer::Bytes(bytes)) = live.get(&path)
        && let Ok(record) = Record::parse(&bytes)
        && record.live.number != plan.release.number
    {
        glance.live = Some(record.live.name());
    }
    glance
}

/// The files that tell most: the home page, then what changed.
fn sample(plan: &Plan) -> Vec<&File> {
    let sent = || {
        plan.operations.iter().filter_map(|it| match &it.action {
            Action::Send { file, .. } => Some(file),
            _ => None,
        })
    };
    let home = plan.release.find("index.html");
    let is_home = |file: &File| file.path.as_str() == "index.html";
    let pages = sent().filter(|it| it.class() == Class::Html && !is_home(it)).take(PAGES);
    let other = sent().find(|it| it.class() == Class::Immutable);
    home.into_iter().chain(pages).chain(other).collect()
}

impl Glance {
    /// What people are told, and whether it is a warning.
    pub fn in_words(&self, release: &str, url: &str) -> (bool, String) {
        let proof = format!("`rejoinder check --published {url}` compares all");
        if let Some(failure) = &self.silent {
            let cause =
                if failure.cause.is_empty() { String::new() } else { format!(" ({})", failure.cause) };
            return (
                true,
                format!("whether readers see {release} cannot be told: {}{cause}", failure.message),
            );
        }
        if let Some(to) = self.elsewhere.as_ref().filter(|_| self.n_files == 0) {
            return (true, format!("whether readers see {release} cannot be told: {url} leads to {to}"));
        }
        let still = self.live.as_ref().map(|it| format!("the record there is that of {it}"));
        let other = (!self.other.is_empty()).then(|| {
            let shown: Vec<String> = self.other.iter().take(3).map(|it| format!("`{it}`")).collect();
            let more = match self.other.len() - shown.len() {
                0 => String::new(),
                more => format!(" and {more} more"),
            };
            let (n, of) = (self.other.len(), counted(self.n_files, "file"));
            format!("{n} of {of} that we asked for are not those of {release} ({}{more})", shown.join(", "))
        });
        let found: Vec<String> = other.into_iter().chain(still).collect();
        match found.is_empty() {
            true => (
                false,
                format!("Looked at {} at {url}: readers see {release}", counted(self.n_files, "file")),
            ),
            false => (
                true,
                format!(
                    "at {url}, {}; a cache may hold what was there before, or the host takes a while; {proof}",
                    found.join(", and ")
                ),
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::diag::Exit;
    use crate::publish::plan::{Options, Remote, draw};
    use crate::publish::release::Release;

    struct Shown(BTreeMap<String, Vec<u8>>);

    impl Live for Shown {
        fn get(&self, path: &OutPath) -> Result<Answer, Failure> {
            Ok(self.0.get(path.as_str()).cloned().map_or(Answer::Nothing, Answer::Bytes))
        }
    }

    struct Moved;

    impl Live for Moved {
        fn get(&self, _: &OutPath) -> Result<Answer, Failure> {
            Ok(Answer::Elsewhere("https://b.example/".to_owned()))
        }
    }

    struct Down;

    impl Live for Down {
        fn get(&self, _: &OutPath) -> Result<Answer, Failure> {
            Err(Failure { cause: "it is down".to_owned(), ..Failure::new(Exit::Remote, "cannot read it") })
        }
    }

    #[test]
    fn readers_see_the_new_release_or_it_is_said_that_they_do_not() {
        let mut shown = BTreeMap::new();
        for path in ["index.html", "a/index.html", "b/index.html", "assets/a.00112233.css", "a/index.json"] {
            shown.insert(path.to_owned(), path.as_bytes().to_vec());
        }
        let files = shown.iter().map(|(path, bytes)| {
            File::new(OutPath::new(path).unwrap(), bytes.len() as u64, Fingerprint::of(bytes))
        });
        let release = Release { title: "Test".to_owned(), files: files.collect(), ..Release::default() };
        let plan = draw(&release, &Remote::default(), &Options::default());
        shown.insert(RECORD.to_owned(), plan.settled.to_bytes());
        let told = |live: &dyn Live| glance(&plan, live).in_words("r1", "https://a.example/");
        let good = (false, "Looked at 4 files at https://a.example/: readers see r1".to_owned());
        assert_eq!(told(&Shown(shown.clone())), good);
        // A host that does not show the record.
        let mut less = shown.clone();
        less.remove(RECORD);
        assert_eq!(told(&Shown(less)), good);

        let mut old = shown.clone();
        old.insert("index.html".to_owned(), b"before".to_vec());
        old.remove("b/index.html");
        let (is_warning, words) = told(&Shown(old));
        assert!(
            is_warning
                && words
                    .contains("2 of 4 files that we asked for are not those of r1 (`/`, `/b/`); a cache may"),
            "{words}"
        );
        let mut record = Record::new(Release { number: 7, ..release.clone() });
        record.live.published = 1;
        shown.insert(RECORD.to_owned(), record.to_bytes());
        let (is_warning, words) = told(&Shown(shown));
        assert!(is_warning && words.contains("the record there is that of r7"), "{words}");
        let (is_warning, words) = told(&Moved);
        assert!(is_warning && words.ends_with("https://a.example/ leads to https://b.example/"), "{words}");
        let (is_warning, words) = told(&Down);
        assert!(
            is_warning && words == "whether readers see r1 cannot be told: cannot read it (it is down)",
            "{words}"
        );
    }
}
