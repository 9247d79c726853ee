//! stub
#![allow(missing_docs)]
use crate::text::Span;
pub const RULES: &str = "qm/1";
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Class {
    Exact,
    Typographic,
    Edge,
    Words,
    Editorial,
    HouseStyle,
    Mismatch,
    NoSource,
    NoText,
}
impl Class {
    pub fn name(self) -> &'static str {
        "x"
    }
    pub fn parse(_: &str) -> Option<Class> {
        None
    }
    pub fn passes(self) -> bool {
        self < Class::Mismatch
    }
    pub fn words(self) -> &'static str {
        ""
    }
}
pub struct SourceText;
impl SourceText {
    pub fn new(_: &str) -> SourceText {
        SourceText
    }
}
#[derive(Default)]
pub struct Options<'a> {
    pub lang: &'a str,
    pub house_style: bool,
    pub locator: Option<&'a str>,
    pub is_post: bool,
    pub more: (),
}
#[derive(Clone, Debug, PartialEq)]
pub struct Match {
    pub class: Class,
    pub spans: Vec<Span>,
    pub notes: Vec<Note>,
    pub hits: usize,
}
#[derive(Clone, Debug, PartialEq)]
pub struct Note {
    pub kind: NoteKind,
}
#[derive(Clone, Debug, PartialEq)]
pub struct NoteKind;
impl NoteKind {
    pub fn finding(&self) -> Option<&'static str> {
        None
    }
}
impl Note {
    pub fn name(&self) -> &'static str {
        ""
    }
    pub fn sentence(&self) -> String {
        String::new()
    }
    pub fn parse(_: &str) -> Option<Note> {
        None
    }
}
impl std::fmt::Display for Note {
    fn fmt(&self, _: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        Ok(())
    }
}
#[derive(Clone, Debug, PartialEq)]
pub struct Nearest {
    pub span: Span,
    pub text: String,
    pub ratio: f64,
    pub diff: Vec<Change>,
}
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    Same(String),
    Removed(String),
    Added(String),
}
pub fn find(_: &str, _: &SourceText, _: &Options<'_>) -> Match {
    Match { class: Class::NoText, spans: vec![], notes: vec![], hits: 0 }
}
pub fn nearest(_: &str, _: &SourceText) -> Option<Nearest> {
    None
}
pub fn diff(_: &str, _: &str) -> Vec<Change> {
    vec![]
}
