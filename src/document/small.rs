//! Terms, figures, corrections, plain pages and sections.

use super::context::Context;
use super::fields::Fields;
use super::node::Node;
use super::source::needed_source_uses;
use super::value::Value;
use crate::model::{Bound, Conversion, Correction, CorrectionType, Figure, FigurePart, Page, Section, Term};
use crate::text::OutPath;

const BOUNDS: [(&str, Bound); 5] = [
    ("more-than", Bound::MoreThan),
    ("less-than", Bound::LessThan),
    ("at-least", Bound::AtLeast),
    ("at-most", Bound::AtMost),
    ("about", Bound::About),
];

const CORRECTION_TYPES: [(&str, CorrectionType); 4] = [
    ("correction", CorrectionType::Correction),
    ("clarification", CorrectionType::Clarification),
    ("update", CorrectionType::Update),
    ("retraction", CorrectionType::Retraction),
];

/// Decodes a term. Its other words are read with the redirects, which share their key.
pub(super) fn term(fields: &mut Fields<'_, '_>, also: Vec<String>) -> Option<Term> {
    let name = fields.text("name");
    let name = fields.need("name", name);
    let definition = fields.text("def");
    let expands_to = fields.text("expands_to");
    if definition.is_none() && expands_to.is_none() && !fields.has("def") && !fields.has("expands_to") {
        fields.missing("def");
    }
    let as_written = fields.text("as_written");
    let disputed = fields.text("disputed");
    let names = fields.text_by_key("names");
    let same_as = fields.urls("same_as");
    let see_also = fields.references("see_also");
    let source = fields.reference("source");
    Some(Term {
        name: name?,
        definition,
        expands_to,
        also,
        as_written,
        disputed,
        names,
        same_as,
        see_also,
        source,
    })
}

/// Decodes a figure.
pub(super) fn figure(fields: &mut Fields<'_, '_>) -> Option<Figure> {
    let of = fields.reference("of");
    let of = fields.need("of", of);
    let measure = fields.text("measure");
    let measure = fields.need("measure", measure);
    let value = fields.decimal("value");
    let value = fields.need("value", value);
    let unit = fields.text("unit");
    let unit = fields.need("unit", unit);
    let on = fields.date("on");
    let precision = fields.word_of("precision", &["exact", "rounded"]);
    let bound = fields.word("bound", &BOUNDS);
    let parts = fields.maps("parts", "part of a figure", |fields| {
        let label = fields.text("label");
        let label = fields.need("label", label);
        let value = fields.decimal("value");
        let value = fields.need("value", value);
        Some(FigurePart { label: label?, value: value? })
    });
    let conversions = fields.maps("conversions", "conversion", conversion);
    let sources = needed_source_uses(fields);
    let also_reported = fields.many("also_reported", |context, value| value.decimal(context));
    Some(Figure {
        of: of?,
        measure: measure?,
        value: value?,
        unit: unit?,
        on,
        precision,
        bound,
        parts,
        conversions,
        sources: sources?,
        also_reported,
    })
}

fn conversion(fields: &mut Fields<'_, '_>) -> Option<Conversion> {
    let value = fields.decimal("value");
    let value = fields.need("value", value);
    let unit = fields.text("unit");
    let unit = fields.need("unit", unit);
    let by = fields.reference("by");
    // `rate_date: null` says on purpose that it is not known.
    let rate_date = fields.date("rate_date");
    Some(Conversion { value: value?, unit: unit?, by, rate_date })
}

/// Decodes a correction.
pub(super) fn correction(fields: &mut Fields<'_, '_>) -> Option<Correction> {
    let on = fields.reference("on");
    let on = fields.need("on", on);
    let field = fields.label("field");
    let date = fields.date("date");
    let date = fields.need("date", date);
    let correction_type = fields.word("type", &CORRECTION_TYPES);
    let correction_type = fields.need("type", correction_type);
    let was = fields.text("was");
    let now = fields.text("now");
    let why = fields.text("why");
    let why = fields.need("why", why);
    let found_by = fields.text("found_by");
    Some(Correction {
        on: on?,
        field,
        date: date?,
        correction_type: correction_type?,
        was,
        now,
        why: why?,
        found_by,
    })
}

/// Decodes a plain page. The title defaults to what the caller found in the prose or the file's name.
pub(super) fn page(fields: &mut Fields<'_, '_>, title: String) -> Option<Page> {
    let given = fields.text("title");
    let date = fields.date("date");
    let updated = fields.date("updated");
    let weight = fields.whole("weight", 0);
    let slug = fields.id("slug");
    let toc = fields.truth("toc", false);
    Some(Page { title: given.unwrap_or(title), date, updated, weight, slug, toc })
}

/// Decodes a section. The title defaults as for a page.
pub(super) fn section(fields: &mut Fields<'_, '_>, title: String) -> Option<Section> {
    let given = fields.text("title");
    let sort_by = fields.word_of("sort_by", &["date", "title", "weight"]);
    let paginate = fields.whole_if_given("paginate");
    let weight = fields.whole("weight", 0);
    Some(Section {
        title: given.unwrap_or(title),
        sort_by: sort_by.unwrap_or_else(|| "date".to_owned()),
        paginate,
        weight,
    })
}

/// `aliases:` of a record: redirects, and for a term other words for it.
pub(super) fn aliases(fields: &mut Fields<'_, '_>, is_term: bool) -> (Vec<String>, Vec<String>) {
    let mut redirects = Vec::new();
    let mut also = Vec::new();
    let mut read =
        |context: &mut Context<'_>, node: &Node<'_>, at: &super::context::At<'_>, typed: String| {
            if is_term && !typed.starts_with('/') {
                also.push(typed);
            } else if let Some(why) = redirect_problem(&typed) {
                let message = format!("`{}` cannot be an old address of this page", typed.escape_debug());
                let place = context.value(node, at);
                let diagnostic =
                    crate::diag::Diagnostic::new(&super::problems::fields::BAD_ALIAS, place, message);
                context.add(diagnostic.label(why).help("Write it from the site's root on: `/old/place/`"));
            } else {
                redirects.push(typed);
            }
        };
    fields.many("aliases", |context, value: Value<'_, '_>| {
        let typed = if is_term { value.text(context) } else { value.plain(context, "a list of addresses") }?;
        read(context, value.node, value.at, typed);
        None::<()>
    });
    (redirects, also)
}

fn redirect_problem(typed: &str) -> Option<String> {
    if !typed.starts_with('/') {
        return Some("it does not start with `/`".to_owned());
    }
    if let Some(c) = typed.chars().find(|c| matches!(c, '%' | '#' | '\\')) {
        return Some(format!("it holds `{c}`; write the address as readers see it"));
    }
    old_address_problem(typed)
}

/// Why nobody can be sent on from an address.
pub(super) fn old_address_problem(typed: &str) -> Option<String> {
    match OutPath::of_url(typed) {
        Err(problem) => Some(problem.to_string()),
        Ok(path) if path.is_reserved() => Some("publishing keeps its own files there".to_owned()),
        Ok(_) => None,
    }
}
