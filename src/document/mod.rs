//! One [`Input`] understood alone: typed front matter with positions, and prose.
//!
//! In: bytes. Out: a [`Document`] with its [`Facts`] and every problem that can be seen without another file.
//! Total: whatever the bytes are, a document comes out. The only module that knows YAML and Markdown.
//! Knows nothing of other documents, addresses or templates.
//!
//! The way through: `decode` (bytes to text), `front_matter` (where the fences are), `lexis` (what must not reach
//! the YAML library), `node` (YAML to a tree), `fields` (the tree to typed fields, one file per kind), `words` (what
//! YAML would change in silence), `record` (kind, id and the fields all have).

mod actor;
mod context;
mod decode;
pub mod edit;
mod extent;
mod fields;
mod front_matter;
mod hosting;
mod ids;
mod lexis;
mod locate;
mod node;
mod outline;
mod problems;
pub mod prose;
mod publish;
mod quoted;
mod reaction;
mod record;
mod rules;
mod sentences;
mod site;
mod small;
mod source;
mod stored;
mod story;
mod syntax;
mod tree;
mod value;
mod words;

#[cfg(test)]
mod tests;

use std::ops::{Deref, DerefMut};
use std::sync::Arc;

use crate::diag::{Code, Diagnostic, FieldPath, Place, Report};
use crate::input::Input;
use crate::model::{Facts, ProseFacts};
use crate::text::{Fingerprint, Span};

use context::Context;
use front_matter::FenceProblem;
use problems::bytes;

pub use locate::{locate, locate_all};
pub use outline::Outline;
pub use quoted::{Quoted, quoted};
pub use site::{read_site, read_theme};

/// Every kind of problem this module finds, those of prose included.
pub static CODES: &[&Code] = &ALL_CODES;

static ALL_CODES: [&Code; problems::CODES.len() + prose::CODES.len()] = {
    let mut all = [problems::CODES[0]; problems::CODES.len() + prose::CODES.len()];
    let mut idx = 0;
    while idx < all.len() {
        let own = problems::CODES.len();
        all[idx] = if idx < own { problems::CODES[idx] } else { prose::CODES[idx - own] };
        idx += 1;
    }
    all
};

/// One input understood alone.
#[derive(Clone, Debug)]
pub struct Document {
    /// All that is known of it.
    pub gist: Gist,
    /// The whole text without its byte order mark. When it is not UTF-8, U+FFFD stands for what cannot be read, so
    /// that the place of the problem can be shown; it is empty when the file is UTF-16 or too large.
    pub text: Arc<str>,
    /// The words of the prose, block by block, for checks. Like the prose itself they are nobody else's to read.
    pub running: Vec<prose::Passage>,
    /// Where its YAML says what, for the places of problems; empty when that could not be read, or was not for this document.
    /// Whoever gives the document another text empties it.
    pub outline: Outline,
}

impl Document {
    /// Where these fields stand in [`Document::text`], in their order, as [`locate_all`] finds them.
    pub fn locate(&self, fields: &[FieldPath]) -> Vec<Option<Span>> {
        match self.outline.is_empty() {
            true => locate_all(&self.text, fields),
            false => locate::locate_with(&self.text, &self.outline, fields),
        }
    }
}

/// All that is known of one input, without its words: what can be kept ([`Gist::store`]) so that nobody has to read the
/// file again until it changes.
#[derive(Clone, Debug, PartialEq)]
pub struct Gist {
    /// The file, relative to the project.
    pub path: Arc<str>,
    /// All that other pages may learn of it.
    pub facts: Facts,
    /// Where the prose stands in the text; empty for a YAML list.
    pub body: Span,
    /// The digest of the file's bytes.
    pub fingerprint: Fingerprint,
    /// The digest of the prose.
    pub body_fingerprint: Fingerprint,
    /// What is wrong with it.
    pub report: Report,
}

impl Deref for Document {
    type Target = Gist;

    fn deref(&self) -> &Gist {
        &self.gist
    }
}

impl DerefMut for Document {
    fn deref_mut(&mut self) -> &mut Gist {
        &mut self.gist
    }
}

/// What may be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReadOptions {
    /// What the site allows in prose.
    pub prose: prose::ProseOptions,
    /// The largest front matter of a Markdown file, in bytes.
    pub max_front_matter: usize,
    /// The largest file, in bytes.
    pub max_file: usize,
}

impl Default for ReadOptions {
    fn default() -> ReadOptions {
        ReadOptions {
            prose: prose::ProseOptions::default(),
            max_front_matter: 64 * 1024,
            max_file: 8 * 1024 * 1024,
        }
    }
}

/// Reads one content file: Markdown (`.md`) with front matter, or a list of records (`.yaml`, `.yml`).
///
/// Never fails: what cannot be read is in the report. A record is there whenever its required fields are, even when
/// others failed.
pub fn read(input: &Input, options: &ReadOptions) -> Document {
    let mut report = Report::new();
    if input.bytes.len() > options.max_file {
        report.add(too_large(input, options));
        return document(input, String::new(), Span::at(0), Facts::default(), report);
    }
    let (text, problem) = decode::decode(&input.path, &input.bytes);
    if let Some(problem) = problem {
        report.add(problem);
        return document(input, text, Span::at(0), Facts::default(), report);
    }
    let is_list = [".yaml", ".yml"].iter().any(|it| input.path.to_ascii_lowercase().ends_with(it));
    if is_list {
        let (facts, outline) = read_list(input, &text, &mut report);
        let body = Span::at(text.len());
        return Document { outline, ..document(input, text, body, facts, report) };
    }
    let split = front_matter::split(&text);
    let prose = prose::read(&input.path, &text, split.body, options.prose);
    report.extend(prose.report);
    let (facts, outline) = read_page(input, &text, &split, prose.facts, options, &mut report);
    Document { running: prose.running, outline, ..document(input, text, split.body, facts, report) }
}

/// The text of a file as [`Document::text`] holds it, and as places count in it.
pub fn text_of(input: &Input) -> String {
    decode::decode(&input.path, &input.bytes).0
}

fn document(input: &Input, text: String, body: Span, facts: Facts, report: Report) -> Document {
    let body_fingerprint = Fingerprint::of(body.of(&text).as_bytes());
    let gist = Gist {
        path: Arc::clone(&input.path),
        facts,
        body,
        fingerprint: input.fingerprint,
        body_fingerprint,
        report,
    };
    Document { gist, text: text.into(), running: Vec::new(), outline: Outline::default() }
}

/// A list of records.
fn read_list(input: &Input, text: &str, report: &mut Report) -> (Facts, Outline) {
    let whole = Span::new(0, text.len());
    let odd = decode::odd_characters(&input.path, text, whole);
    if !odd.is_empty() {
        odd.into_iter().for_each(|it| report.add(it));
        return Default::default();
    }
    let mut context = Context::new(&input.path, text, 0, Span::at(0));
    let root = tree::tree(&mut context);
    let outline = root.as_ref().map(|root| Outline::of(root, text, whole)).unwrap_or_default();
    let records = root.map(|root| record::of_list(&mut context, &root)).unwrap_or_default();
    let broken = std::mem::take(&mut context.broken);
    report.extend(context.finish());
    (Facts { records, broken }, outline)
}

/// The facts of a Markdown file that cannot be read at all.
fn unreadable(file: &str) -> (Facts, Outline) {
    (Facts { records: Vec::new(), broken: vec![record::meant(file)] }, Outline::default())
}

/// A Markdown file, of which the prose is read already.
fn read_page(
    input: &Input,
    text: &str,
    split: &front_matter::Split,
    prose: ProseFacts,
    options: &ReadOptions,
    report: &mut Report,
) -> (Facts, Outline) {
    let yaml = split.yaml.unwrap_or_default();
    let odd = decode::odd_characters(&input.path, text, yaml);
    let odd_yaml = odd.iter().any(|it| stands_in(it, yaml));
    odd.into_iter().for_each(|it| report.add(it));
    if let Some(problem) = &split.problem {
        report.add(fence_problem(input, split.fence, problem));
        return unreadable(&input.path);
    }
    if yaml.end - yaml.start > options.max_front_matter {
        report.add(front_matter_too_large(input, split.fence, options));
        return unreadable(&input.path);
    }
    if odd_yaml {
        return unreadable(&input.path);
    }
    let mut context = Context::new(&input.path, yaml.of(text), yaml.start, split.fence);
    let root = tree::tree(&mut context);
    let outline = root.as_ref().map(|root| Outline::of(root, text, yaml)).unwrap_or_default();
    let record = root.and_then(|root| record::of_file(&mut context, &root, prose));
    let mut broken = std::mem::take(&mut context.broken);
    report.extend(context.finish());
    if record.is_none() && broken.is_empty() {
        broken.push(record::meant(&input.path));
    }
    (Facts { records: record.map(Arc::new).into_iter().collect(), broken }, outline)
}

fn stands_in(diagnostic: &Diagnostic, span: Span) -> bool {
    match &diagnostic.place {
        Some(Place { at: crate::diag::At::Span(at), .. }) => span.start <= at.start && at.start < span.end,
        _ => false,
    }
}

fn fence_problem(input: &Input, fence: Span, problem: &FenceProblem) -> Diagnostic {
    let at = |code, span, message: String| Diagnostic::new(code, Place::span(&input.path, span), message);
    match problem {
        FenceProblem::NotClosed { last_key_line, after } => {
            let message = "The front matter that starts here is never closed".to_owned();
            let diagnostic = at(&bytes::FRONT_MATTER_NOT_CLOSED, fence, message);
            let diagnostic = diagnostic.help(format!("Add `---` after line {last_key_line}"));
            if *last_key_line > 1 {
                return diagnostic
                    .also(Place::span(&input.path, *after), "the last line that looks like a key");
            }
            diagnostic
        }
        FenceProblem::NotYaml { language, fence } => {
            let message = format!("This file starts with front matter in {language}, and only YAML is read");
            let diagnostic = at(&bytes::FRONT_MATTER_NOT_YAML, *fence, message);
            let diagnostic =
                diagnostic.help("Write `key: value` lines between two lines that hold only `---`");
            diagnostic.note("Code in front matter is never run")
        }
        FenceProblem::Several { second } => {
            let message = "Front matter ends here, but more keys and another `---` follow".to_owned();
            let diagnostic = at(&problems::yaml::YAML_SEVERAL_DOCUMENTS, *second, message);
            diagnostic.help("Delete this line, so that all keys stand between the first and the last `---`")
        }
    }
}

fn too_large(input: &Input, options: &ReadOptions) -> Diagnostic {
    let message =
        format!("This file has {} bytes; at most {} are read", input.bytes.len(), size(options.max_file));
    let diagnostic = Diagnostic::new(&bytes::FILE_TOO_LARGE, Place::file(&input.path), message);
    diagnostic.help("Split it into several files, or move what is no content out of `content/`")
}

fn front_matter_too_large(input: &Input, fence: Span, options: &ReadOptions) -> Diagnostic {
    let message = format!("The front matter is larger than {}", size(options.max_front_matter));
    let diagnostic =
        Diagnostic::new(&bytes::FRONT_MATTER_TOO_LARGE, Place::span(&input.path, fence), message);
    diagnostic.help("Put the closing `---` above the prose; long lists of records belong into a `.yaml` file")
}

/// `64 KiB`, `8 MiB`, or bytes.
fn size(bytes: usize) -> String {
    match bytes {
        _ if bytes.is_multiple_of(1024 * 1024) && bytes > 0 => format!("{} MiB", bytes / 1024 / 1024),
        _ if bytes.is_multiple_of(1024) && bytes > 0 => format!("{} KiB", bytes / 1024),
        _ => format!("{bytes} bytes"),
    }
}
