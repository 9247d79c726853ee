//! What becomes of each problem: the level that its story or the site gives it, or an author's word that it stands.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::content;
use crate::check::{self, Run};
use crate::diag::{At, Code, Diagnostic, Level, Place, Report};
use crate::graph::{Finding, Graph, NodeId};
use crate::model::{Acceptance, Data, Kind, Relation, Site};

/// Every code of this module.
pub(super) static CODES: &[&Code] = &[&ACCEPT_UNUSED];

static ACCEPT_UNUSED: Code = Code {
    name: "accept-unused",
    level: Level::Warning,
    manual: "# accept-unused

`accept:` lets a problem stand that is not there, or one that cannot stand. An entry that accepts nothing hides the next
problem of its kind, so it should go when the problem goes.

```yaml
accept: { code: attr-unnamed-origin, why: No outlet that we found names where the sentence comes from. }
```

It stands in a record, or in a statement, action, claim or silence, and covers what is found there. Readers see accepted
problems, with the reason, on the page of checks. Only what checks find, and warnings of any kind, can be accepted.",
};

/// One `accept:` entry and where it holds.
struct Accepted<'g> {
    /// The node it was written in.
    node: NodeId,
    /// The entry's own place: `statements[0].accept[1]`.
    path: String,
    entry: &'g Acceptance,
    used: Cell<bool>,
}

/// Levels and acceptances of one site.
pub(super) struct Judge<'g> {
    site: &'g Site,
    graph: &'g Graph,
    /// Records and their parts by file, each with the path that its fields start with.
    parts: BTreeMap<&'g str, Vec<(String, NodeId)>>,
    /// The one story a file belongs to.
    stories: BTreeMap<&'g str, NodeId>,
    /// By file.
    accepted: BTreeMap<&'g str, Vec<Accepted<'g>>>,
}

impl<'g> Judge<'g> {
    /// Learns who says what of which problem.
    pub(super) fn new(site: &'g Site, graph: &'g Graph) -> Judge<'g> {
        let mut judge = Judge {
            site,
            graph,
            parts: BTreeMap::new(),
            stories: BTreeMap::new(),
            accepted: BTreeMap::new(),
        };
        let mut of_several = BTreeSet::new();
        for (id, node) in graph.nodes() {
            let file = &*node.record().origin.file;
            judge.parts.entry(file).or_default().push((node.field(""), id));
            for story in judge.stories_of(id) {
                if judge.stories.insert(file, story).is_some_and(|before| before != story) {
                    of_several.insert(file);
                }
            }
            let accept = acceptances(graph, id).iter().enumerate();
            let accepted = accept.map(|(idx, entry)| Accepted {
                node: id,
                path: node.field(&format!("accept[{idx}]")),
                entry,
                used: Cell::new(false),
            });
            judge.accepted.entry(file).or_default().extend(accepted);
        }
        // An event of two stories, or a list of figures, belongs to none.
        judge.stories.retain(|file, _| !of_several.contains(file));
        judge
    }

    fn stories_of(&self, id: NodeId) -> Vec<NodeId> {
        let node = self.graph.node(id);
        match node.kind {
            Kind::Story => vec![id],
            Kind::Event => self.graph.origins(id, Relation::TellsOf).collect(),
            _ => node.story.into_iter().collect(),
        }
    }

    /// Sets every level, and takes out what is allowed or accepted. Gives what was accepted.
    pub(super) fn settle(&self, report: &mut Report) -> Vec<Finding> {
        let accepted = RefCell::new(Vec::new());
        report.set_levels(|it| {
            let Some(level) = self.level(it) else {
                // What a site allows is not told, but readers can see that it is there.
                if it.code.level != Level::Note {
                    let why = "The site’s settings allow it.".to_owned();
                    accepted.borrow_mut().push(Finding { why, ..self.finding(it) });
                }
                return None;
            };
            if let Some(entry) = self.acceptance(it) {
                entry.used.set(true);
                let why = entry.entry.why.clone();
                accepted.borrow_mut().push(Finding { why, level, ..self.finding(it) });
                return None;
            }
            Some(level)
        });
        accepted.into_inner()
    }

    /// What is left, for readers of the site.
    pub(super) fn open(&self, report: &Report) -> Vec<Finding> {
        let shown = report.diagnostics().iter().filter(|it| it.level != Level::Error);
        shown.map(|it| self.finding(it)).collect()
    }

    fn finding(&self, it: &Diagnostic) -> Finding {
        Finding {
            code: it.code.name,
            level: it.level,
            message: it.message.clone(),
            subject: it.place.as_ref().and_then(|place| self.node_at(place)),
            why: String::new(),
        }
    }

    /// The level its story gives a problem, else the site. What makes a site unreadable stays an error, whatever they say:
    /// only what checks find, and what is a warning anyway, can be changed.
    fn level(&self, it: &Diagnostic) -> Option<Level> {
        let story = it.place.as_ref().and_then(|place| self.stories.get(&*place.file));
        let of_story = story.and_then(|story| match &self.graph.node(*story).record().data {
            Data::Story(story) => story.levels.get(it.code.name),
            _ => None,
        });
        match of_story.or_else(|| self.site.levels.get(it.code.name)) {
            Some(level) if can_change(it) => *level,
            Some(_) | None => Some(it.level),
        }
    }

    /// The entry that lets a problem stand.
    fn acceptance(&self, it: &Diagnostic) -> Option<&Accepted<'g>> {
        let place = it.place.as_ref().filter(|_| can_change(it))?;
        let entries = self.accepted.get(&*place.file)?;
        entries.iter().filter(|entry| entry.entry.code == it.code.name).find(|entry| {
            let base = self.graph.node(entry.node).field("");
            match &place.at {
                At::Field(path) | At::Key(path) => is_below(path, &base),
                // Prose, and a file as a whole, belong to the one record of a page.
                At::Span(_) | At::File => base.is_empty(),
            }
        })
    }

    /// The narrowest record or part that a place stands in.
    fn node_at(&self, place: &Place) -> Option<NodeId> {
        let parts = self.parts.get(&*place.file)?;
        let path = match &place.at {
            At::Field(path) | At::Key(path) => path.as_str(),
            At::Span(_) | At::File => "",
        };
        let around = parts.iter().filter(|(base, _)| is_below(path, base));
        around.max_by_key(|(base, _)| base.len()).map(|(_, id)| *id)
    }

    /// Reports codes that do not exist below `levels:` and `accept:`, and entries that accept nothing.
    pub(super) fn report_unused(&self, codes: &[&'static Code], report: &mut Report) {
        for id in self.graph.of_kind(Kind::Story) {
            let record = self.graph.node(id).record();
            let Data::Story(story) = &record.data else { continue };
            for name in story.levels.keys().filter(|name| !codes.iter().any(|it| it.name == name.as_str())) {
                let place = Place::key(&record.origin.file, record.origin.field(&format!("levels.{name}")));
                report.add(content::unknown_code(name, codes, place, |known| {
                    !story.levels.contains_key(known)
                }));
            }
        }
        for it in self.accepted.values().flatten() {
            let file: &Arc<str> = &self.graph.node(it.node).record().origin.file;
            let place = Place::field(file, format!("{}.code", it.path));
            match codes.iter().find(|code| code.name == it.entry.code) {
                // What a site accepts is said in public, so its editors choose it.
                None => report.add(content::unknown_code(&it.entry.code, codes, place, |_| false)),
                Some(code) if !it.used.get() && !comes_later(code) => report.add(unused(code, place)),
                Some(_) => (),
            }
        }
    }
}

/// Whether a site may change the level of a problem or accept it. What holds quotations fast would hold nothing if those who
/// change a quotation could switch it off in the same breath.
fn can_change(it: &Diagnostic) -> bool {
    !is_firm(it.code) && (is_check(it.code) || it.level != Level::Error)
}

fn is_firm(code: &Code) -> bool {
    check::FIRM.contains(&code.name)
}

fn is_check(code: &Code) -> bool {
    check::CHECKS.iter().any(|check| std::ptr::eq(check.code, code))
}

/// Whether a check looks only when pages are finished, on some days, or when addresses outside were asked for, so that nobody
/// can say here whether it finds something.
fn comes_later(code: &Code) -> bool {
    let late = |run: &Run| matches!(run, Run::OnEdition(_) | Run::OnDay(_) | Run::OnLinks(_));
    check::CHECKS.iter().any(|check| std::ptr::eq(check.code, code) && late(&check.run))
}

fn unused(code: &Code, place: Place) -> Diagnostic {
    let can = !is_firm(code) && (is_check(code) || code.level != Level::Error);
    let message = match can {
        true => format!("this accepts `{}`, and nothing of the kind is found here", code.name),
        false => format!("`{}` cannot be accepted", code.name),
    };
    let told = Diagnostic::new(&ACCEPT_UNUSED, place, message);
    match can {
        true => told.help("take the entry out"),
        false => told.note("no site may let it stand").help("take the entry out, and repair the problem"),
    }
}

fn is_below(path: &str, base: &str) -> bool {
    base.is_empty()
        || path.strip_prefix(base).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
}

/// What a record or a part of one accepts.
fn acceptances(graph: &Graph, id: NodeId) -> &[Acceptance] {
    let node = graph.node(id);
    if node.reaction.is_none() {
        return &node.record().meta.accept;
    }
    let parts = [
        node.statement().map(|it| &it.accept),
        node.action().map(|it| &it.accept),
        node.claim().map(|it| &it.accept),
        node.silence().map(|it| &it.accept),
    ];
    parts.into_iter().flatten().next().map_or(&[], Vec::as_slice)
}
