//! The texts of front matter that readers see and that are our own words.

use std::borrow::Cow;

use crate::graph::{Graph, NodeId};
use crate::model::{Data, Form, Statement};

/// One text of a record.
pub struct Printed<'a> {
    /// The record, or the part of a reaction, that holds it.
    pub node: NodeId,
    /// Its field inside that: `title`, `stakes[0]`.
    pub field: Cow<'static, str>,
    /// The text.
    pub text: &'a str,
}

struct Fields<'a>(Vec<(Cow<'static, str>, &'a str)>);

impl<'a> Fields<'a> {
    fn add(&mut self, field: impl Into<Cow<'static, str>>, text: Option<&'a String>) {
        self.0.extend(text.map(|text| (field.into(), text.as_str())));
    }
}

/// The texts of one record or part. Quotations, what others printed, and titles in another language are not ours.
pub(super) fn of(graph: &Graph, id: NodeId) -> Vec<Printed<'_>> {
    let node = graph.node(id);
    let mut fields = Fields(Vec::new());
    if node.reaction.is_some() {
        if let Some(statement) = node.statement() {
            of_statement(statement, &mut fields);
        } else if let Some(action) = node.action() {
            fields.add("did", Some(&action.did));
        } else if let Some(claim) = node.claim() {
            fields.add("says", Some(&claim.says));
        } else if let Some(silence) = node.silence() {
            fields.add("checked", silence.checked.as_ref());
        }
    } else {
        fields.add("description", node.record().meta.description.as_ref());
        of_record(&node.record().data, &mut fields);
    }
    fields.0.into_iter().map(|(field, text)| Printed { node: id, field, text }).collect()
}

fn of_statement<'a>(statement: &'a Statement, fields: &mut Fields<'a>) {
    if statement.form == Form::Paraphrase {
        fields.add("says", Some(&statement.words));
    }
    fields.add("date_basis", statement.date_basis.as_ref());
    for (idx, it) in statement.contested.iter().enumerate() {
        fields.add(format!("contested[{idx}].note"), it.note.as_ref());
    }
}

fn of_record<'a>(data: &'a Data, fields: &mut Fields<'a>) {
    match data {
        Data::Story(story) => {
            fields.add("title", Some(&story.title));
            fields.add("question", story.question.as_ref());
            fields.add("methods", story.methods.as_ref());
        }
        Data::Event(event) => {
            fields.add("title", Some(&event.title));
            fields.add("place", event.place.as_ref());
        }
        Data::Actor(actor) => {
            fields.add("described_as", actor.described_as.as_ref());
            for (idx, it) in actor.stakes.iter().enumerate() {
                fields.add(format!("stakes[{idx}]"), Some(it));
            }
        }
        Data::Reaction(reaction) => fields.add("summary", reaction.summary.as_ref()),
        Data::Source(source) => {
            fields.add("title", Some(&source.title));
            fields.add("note", source.note.as_ref());
            fields.add("date_basis", source.date_basis.as_ref());
        }
        Data::Term(term) => {
            fields.add("def", term.definition.as_ref());
            fields.add("disputed", term.disputed.as_ref());
        }
        Data::Figure(figure) => fields.add("measure", Some(&figure.measure)),
        Data::Correction(correction) => fields.add("why", Some(&correction.why)),
        Data::Page(page) => fields.add("title", Some(&page.title)),
        Data::Section(section) => fields.add("title", Some(&section.title)),
    }
}
