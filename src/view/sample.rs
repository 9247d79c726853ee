//! View models that are made up, so that a theme can be tried without a site.
//!
//! In: a template's name, and what is to be there. Out: its variables as JSON, with every field that the view model of that
//! page has. What there is to make up stands in `models.json`, which a test keeps equal to the structs of this module.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::model::StanceMark;
use crate::picture::{Pictures, Side, split};
use crate::theme::ShareCard;

/// What a made-up model holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fill<'a> {
    /// Everything that can be there; of lists, two of each.
    Everything,
    /// Nothing that can be absent: what may be null is, lists are empty, and so are texts that may be.
    Nothing,
    /// Everything but this field, as [`absences`] names it.
    AllBut(&'a str),
}

/// A text that shows when it was printed without being escaped: in HTML it would be a tag, in an attribute another attribute.
pub const TEXT: &str = "Sample <sample> & \"text\" onsample=\"x";

/// What stands in a page only when [`TEXT`] was printed as HTML.
pub const UNESCAPED: &[&str] = &["<sample>", "\" onsample=\""];

/// All view models, by their names.
#[derive(Deserialize)]
struct Models {
    /// Which model a template gets.
    pages: BTreeMap<String, String>,
    /// Fields: name, type, and what it holds. Types are `text`, `word` (one of a few), `number`, `flag`, `any`, or another
    /// model; `?` behind one says that it may be null, `[]` a list, `{}` a map.
    models: BTreeMap<String, Vec<Field>>,
}

static MODELS: LazyLock<Models> =
    LazyLock::new(|| serde_json::from_str(include_str!("models.json")).expect("a test writes this file"));

/// The templates that pages are made with.
pub fn templates() -> impl Iterator<Item = &'static str> {
    MODELS.pages.keys().map(String::as_str)
}

/// Variables for a template; `None` when no page is made with it.
pub fn variables(template: &str, fill: Fill<'_>) -> Option<Value> {
    Some(Sampler::new(fill).model(MODELS.pages.get(template)?, "", 0))
}

/// What every template is told of the site: a [`SiteView`](super::cards::SiteView).
pub fn site(fill: Fill<'_>) -> Value {
    Sampler::new(fill).model("SiteView", "", 0)
}

/// The finished pictures of a page. They stand in for larger ones: a template can only print them, or not.
pub fn pictures(fill: Fill<'_>) -> Pictures {
    if fill == Fill::Nothing {
        return Pictures::default();
    }
    let side = Side { mark: StanceMark::Praise, label: TEXT.to_owned(), count: 2 };
    let svg = split(TEXT, &[side]).svg;
    Pictures { map: svg.clone(), timeline: svg.clone(), split: svg }
}

/// What a page's head says of its share card.
pub fn share_card() -> ShareCard {
    ShareCard { url: "https://sample.example/assets/cards/sample.png".to_owned(), alt: TEXT.to_owned() }
}

/// What a share card shows.
pub fn card(fill: Fill<'_>) -> Value {
    Sampler::new(fill).model("CardView", "", 0)
}

/// Every field of a share card that can be null or empty.
pub fn card_absences() -> Vec<String> {
    let sampler = Sampler::new(Fill::Everything);
    sampler.model("CardView", "", 0);
    sampler.absences.into_inner().into_iter().collect()
}

/// Every field of a template's variables that can be null or empty: `statement.prompt.speaker.role`.
pub fn absences(template: &str) -> Vec<String> {
    let sampler = Sampler::new(Fill::Everything);
    if let Some(model) = MODELS.pages.get(template) {
        sampler.model(model, "", 0);
    }
    sampler.absences.into_inner().into_iter().collect()
}

/// Makes up one model.
struct Sampler<'a> {
    fill: Fill<'a>,
    /// How many ids and addresses there are so far: each is another one.
    count: Cell<usize>,
    absences: RefCell<BTreeSet<String>>,
}

impl<'a> Sampler<'a> {
    fn new(fill: Fill<'a>) -> Sampler<'a> {
        Sampler { fill, count: Cell::new(0), absences: RefCell::default() }
    }

    /// All fields of a model that stands at `path` of the page's variables; of one that is this or that, the `nth` kind.
    fn model(&self, name: &str, path: &str, nth: usize) -> Value {
        let fields = fields(name);
        let kinds = kinds(fields);
        let kind = kinds.get(nth).copied();
        let values = fields.iter().map(|(field, of, docs)| {
            let path = if path.is_empty() { field.clone() } else { format!("{path}.{field}") };
            let value = match kind {
                Some(kind) if field == "kind" => json!(kind),
                Some(kind) if kinds.contains(&field.as_str()) => match of.strip_suffix('?') {
                    Some(of) if field == kind => self.value(field, of, docs, &path),
                    _ => Value::Null,
                },
                _ => self.value(field, of, docs, &path),
            };
            (field.clone(), value)
        });
        Value::Object(values.collect::<Map<_, _>>())
    }

    fn value(&self, field: &str, of: &str, docs: &str, path: &str) -> Value {
        if let Some(inner) = of.strip_suffix('?') {
            return if self.is_absent(path) { Value::Null } else { self.value(field, inner, docs, path) };
        }
        if let Some(inner) = of.strip_suffix("[]") {
            if self.is_absent(path) {
                return json!([]);
            }
            let n = kinds(fields(inner)).len().max(2);
            let is_model = MODELS.models.contains_key(inner);
            let one = |nth| {
                if is_model { self.model(inner, path, nth) } else { self.value(field, inner, docs, path) }
            };
            return (0..n).map(one).collect();
        }
        if let Some(inner) = of.strip_suffix("{}") {
            if self.is_absent(path) {
                return json!({});
            }
            return json!({ "sample": self.value(field, inner, docs, path) });
        }
        match of {
            "text" | "word" if docs.contains("empty") && self.is_absent(path) => json!(""),
            // Of prose, the summary is HTML as well.
            "text" if path.ends_with("prose.summary") || path.ends_with("intro.summary") => {
                json!("Sample prose")
            }
            "text" => json!(self.text(field)),
            "word" => json!(word(field, docs)),
            "number" if self.fill == Fill::Nothing => json!(0),
            "number" => json!(3),
            "flag" => json!(self.fill != Fill::Nothing),
            "any" if self.is_absent(path) => Value::Null,
            "any" => json!({ "sample": TEXT }),
            model => self.model(model, path, 0),
        }
    }

    /// Whether what may be absent is. Notes that it may.
    fn is_absent(&self, path: &str) -> bool {
        match self.fill {
            Fill::Everything => {
                self.absences.borrow_mut().insert(path.to_owned());
                false
            }
            Fill::Nothing => true,
            Fill::AllBut(absent) => absent == path,
        }
    }

    fn text(&self, field: &str) -> String {
        let n = self.count.get();
        self.count.set(n + 1);
        match field {
            "lang" | "language" => "en".to_owned(),
            "machine" | "edtf" => "2025-01-20".to_owned(),
            "html" => "<p>Sample prose with a <a href=\"/sample/\">link</a>.</p>".to_owned(),
            "id" | "anchor" => format!("sample-{n}"),
            "external" | "archived" | "canonical" | "base_url" => format!("https://sample.example/{n}/?a&b"),
            "json" => "/sample/index.json".to_owned(),
            "previous" | "next" => format!("/sample-{n}/"),
            _ if field == "url" || field.ends_with("_url") => format!("/sample-{n}/"),
            _ => TEXT.to_owned(),
        }
    }
}

/// One field: name, type, and what it holds.
type Field = (String, String, String);

fn fields(model: &str) -> &'static [Field] {
    MODELS.models.get(model).map_or(&[], Vec::as_slice)
}

/// The kinds of a model that is this or that: its `kind` names them, and fields of their names hold what each is.
fn kinds(fields: &'static [Field]) -> Vec<&'static str> {
    let kind = fields.iter().find(|(field, of, _)| field == "kind" && of == "word");
    let kinds: Vec<&str> = kind.map(|(_, _, docs)| words(docs).collect()).unwrap_or_default();
    let is_one = |(field, of, _): &Field| of.ends_with('?') && kinds.contains(&field.as_str());
    if fields.iter().any(is_one) { kinds } else { Vec::new() }
}

/// The few words a field may hold: its description names them in backticks.
fn words(docs: &str) -> impl Iterator<Item = &str> {
    docs.split('`').skip(1).step_by(2).filter(|it| !it.contains(' '))
}

/// One of them.
fn word(field: &str, docs: &str) -> String {
    match (field, words(docs).next()) {
        ("dir", _) => "ltr".to_owned(),
        (_, Some(word)) => word.to_owned(),
        (_, None) => TEXT.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::VIEWS;

    #[test]
    fn every_page_has_a_model_with_all_its_fields_or_as_few_as_can_be() {
        let of_views: BTreeSet<&str> = VIEWS.iter().filter_map(|it| it.template).collect();
        assert_eq!(templates().collect::<BTreeSet<_>>(), of_views);
        for template in templates() {
            let all = variables(template, Fill::Everything).unwrap();
            let canonical = all["page"]["canonical"].as_str().expect("everything is there");
            assert!(canonical.starts_with("https://sample.example/"), "{template}: {canonical}");
            let none = variables(template, Fill::Nothing).unwrap();
            assert_eq!(none["page"]["canonical"], Value::Null);
            let keys = |it: &Value| it.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
            assert_eq!(keys(&all), keys(&none), "{template}");
        }
    }

    #[test]
    fn what_is_this_or_that_is_each_of_them_once() {
        let story = variables("story.html", Fill::Everything).unwrap();
        let entries = story["entries"].as_array().unwrap();
        let there = |entry: &Value| {
            ["statement", "action", "claim"]
                .into_iter()
                .filter(|it| entry[*it] != Value::Null)
                .collect::<Vec<_>>()
        };
        assert_eq!(entries.iter().map(there).collect::<Vec<_>>(), [["statement"], ["action"], ["claim"]]);
        assert!(!absences("story.html").contains(&"entries.statement".to_owned()));
    }

    #[test]
    fn each_field_that_can_be_absent_is_absent_alone() {
        let absences = absences("statement.html");
        assert!(absences.iter().any(|it| it == "statement.prompt"), "{absences:?}");
        assert!(absences.iter().any(|it| it == "statement.prompt.speaker.role"), "{absences:?}");
        let model = variables("statement.html", Fill::AllBut("statement.prompt.speaker.role")).unwrap();
        assert_eq!(model["statement"]["prompt"]["speaker"]["role"], "");
        assert_eq!(model["statement"]["speaker"]["role"], TEXT);
    }
}
