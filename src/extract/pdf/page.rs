//! Which letter stands where on a page.
//!
//! Runs a page's content stream as far as text is concerned (ISO 32000-1, §9.4): matrices, fonts, spacing. Paths,
//! pictures and colours are passed over; so text that is drawn invisibly, as scanners do over the picture, counts.

use std::collections::BTreeMap;
use std::rc::Rc;

use hayro_syntax::content::TypedIter;
use hayro_syntax::content::ops::TypedInstruction as Op;
use hayro_syntax::object::{Array, Dict, Name, Number, Object, Stream};
use hayro_syntax::page::{Page, Resources};

use super::font::Font;

/// How much of a file is run: a form that shows itself a thousand times is no text.
pub(super) struct Budget {
    instructions: usize,
}

impl Default for Budget {
    fn default() -> Budget {
        // The largest books stay below a tenth.
        Budget { instructions: 20_000_000 }
    }
}

/// A page's letters, in the order they were drawn.
#[derive(Default)]
pub(super) struct Drawn {
    pub(super) glyphs: Vec<Glyph>,
}

/// One letter, or what stands for several.
#[derive(Clone, Debug)]
pub(super) struct Glyph {
    pub(super) text: String,
    /// Where it starts on the page.
    pub(super) x: f64,
    pub(super) y: f64,
    /// The vector to where the next one is expected.
    pub(super) advance: (f64, f64),
    /// The direction of its line, of length 1.
    pub(super) direction: (f64, f64),
    /// The font's size on the page.
    pub(super) size: f64,
    /// Whether the PDF says that it is no content: a page number.
    pub(super) is_artifact: bool,
}

/// An affine transformation, as PDF writes them.
type Matrix = [f64; 6];

const IDENTITY: Matrix = [1.0, 0.0, 0.0, 1.0, 0.0, 0.0];

/// What does `first`, then `second`.
fn then(first: Matrix, second: Matrix) -> Matrix {
    let [a, b, c, d, e, f] = first;
    let [p, q, r, s, t, u] = second;
    [a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, e * p + f * r + t, e * q + f * s + u]
}

fn shift(x: f64, y: f64) -> Matrix {
    [1.0, 0.0, 0.0, 1.0, x, y]
}

#[derive(Clone)]
struct State {
    ctm: Matrix,
    font: Option<Rc<Font>>,
    size: f64,
    letter_spacing: f64,
    word_spacing: f64,
    stretch: f64,
    leading: f64,
    rise: f64,
}

/// A span of marked content.
struct Marked {
    is_artifact: bool,
    /// What the letters inside stand for, until the first of them has been drawn.
    actual: Option<Option<String>>,
}

/// Draws one page.
pub(super) fn draw(page: &Page<'_>, budget: &mut Budget) -> Drawn {
    let state = State {
        ctm: IDENTITY,
        font: None,
        size: 0.0,
        letter_spacing: 0.0,
        word_spacing: 0.0,
        stretch: 1.0,
        leading: 0.0,
        rise: 0.0,
    };
    let mut run = Run {
        drawn: Drawn::default(),
        marked: Vec::new(),
        fonts: BTreeMap::new(),
        budget,
        text: IDENTITY,
        line: IDENTITY,
    };
    run.stream(page.typed_operations(), page.resources(), state, 0);
    run.drawn
}

/// Forms inside forms.
const DEEPEST: usize = 16;

struct Run<'b> {
    drawn: Drawn,
    marked: Vec<Marked>,
    /// By where the font's dictionary stands in the file.
    fonts: BTreeMap<(usize, usize), Rc<Font>>,
    budget: &'b mut Budget,
    text: Matrix,
    line: Matrix,
}

impl Run<'_> {
    fn stream(&mut self, mut ops: TypedIter<'_>, resources: &Resources<'_>, state: State, depth: usize) {
        let mut state = state;
        let mut saved: Vec<State> = Vec::new();
        let n_marked = self.marked.len();
        while let Some(op) = ops.next() {
            let Some(left) = self.budget.instructions.checked_sub(1) else { return };
            self.budget.instructions = left;
            match op {
                // More than this is a broken file that never takes back.
                Op::SaveState(_) if saved.len() < 1_000 => saved.push(state.clone()),
                Op::RestoreState(_) => state = saved.pop().unwrap_or(state),
                Op::Transform(it) => {
                    let matrix = [it.0, it.1, it.2, it.3, it.4, it.5].map(|it| it.as_f64());
                    state.ctm = then(matrix, state.ctm);
                }
                Op::BeginText(_) => (self.text, self.line) = (IDENTITY, IDENTITY),
                Op::CharacterSpacing(it) => state.letter_spacing = it.0.as_f64(),
                Op::WordSpacing(it) => state.word_spacing = it.0.as_f64(),
                Op::HorizontalScaling(it) => state.stretch = it.0.as_f64() / 100.0,
                Op::TextLeading(it) => state.leading = it.0.as_f64(),
                Op::TextRise(it) => state.rise = it.0.as_f64(),
                Op::TextFont(it) => {
                    state.font = resources.get_font(it.0).map(|font| self.font(&font));
                    state.size = it.1.as_f64();
                }
                Op::NextLine(it) => self.next_line(it.0.as_f64(), it.1.as_f64()),
                Op::NextLineAndSetLeading(it) => {
                    state.leading = -it.1.as_f64();
                    self.next_line(it.0.as_f64(), it.1.as_f64());
                }
                Op::SetTextMatrix(it) => {
                    self.line = [it.0, it.1, it.2, it.3, it.4, it.5].map(|it| it.as_f64());
                    self.text = self.line;
                }
                Op::NextLineUsingLeading(_) => self.next_line(0.0, -state.leading),
                Op::ShowText(it) => self.show(it.0, &state),
                Op::NextLineAndShowText(it) => {
                    self.next_line(0.0, -state.leading);
                    self.show(it.0, &state);
                }
                Op::ShowTextWithParameters(it) => {
                    (state.word_spacing, state.letter_spacing) = (it.0.as_f64(), it.1.as_f64());
                    self.next_line(0.0, -state.leading);
                    self.show(it.2, &state);
                }
                Op::ShowTexts(it) => self.show_all(it.0, &state),
                Op::BeginMarkedContent(it) => self.begin(it.0, None),
                Op::BeginMarkedContentWithProperties(it) => {
                    let properties = match it.1 {
                        Object::Dict(dict) => Some(dict.clone()),
                        Object::Name(name) => resources.properties.get::<Dict<'_>>(name),
                        _ => None,
                    };
                    self.begin(it.0, properties.as_ref());
                }
                Op::EndMarkedContent(_) if self.marked.len() > n_marked => drop(self.marked.pop()),
                Op::XObject(it) if depth < DEEPEST => {
                    if let Some(form) = resources.get_x_object(it.0) {
                        self.form(&form, resources, &state, depth);
                    }
                }
                _ => (),
            }
        }
        self.marked.truncate(n_marked);
    }

    /// Runs a form: a piece of page that is shown from several places.
    fn form(&mut self, form: &Stream<'_>, resources: &Resources<'_>, state: &State, depth: usize) {
        let dict = form.dict();
        if dict.get::<Name<'_>>("Subtype").is_none_or(|it| it.as_str() != "Form") {
            return;
        }
        let Ok(content) = form.decoded() else { return };
        let matrix = dict.get::<Array<'_>>("Matrix").and_then(|it| <[f64; 6]>::try_from(it).ok());
        let own = dict.get::<Dict<'_>>("Resources").map(Resources::new);
        let state = State { ctm: then(matrix.unwrap_or(IDENTITY), state.ctm), ..state.clone() };
        let before = (self.text, self.line);
        self.stream(TypedIter::new(&content), own.as_ref().unwrap_or(resources), state, depth + 1);
        (self.text, self.line) = before;
    }

    fn font(&mut self, dict: &Dict<'_>) -> Rc<Font> {
        let place = (dict.data().as_ptr().addr(), dict.data().len());
        Rc::clone(self.fonts.entry(place).or_insert_with(|| Rc::new(Font::read(dict))))
    }

    fn begin(&mut self, tag: &Name<'_>, properties: Option<&Dict<'_>>) {
        let actual = properties.and_then(|it| it.get::<hayro_syntax::object::String<'_>>("ActualText"));
        let is_artifact = tag.as_str() == "Artifact" || self.marked.last().is_some_and(|it| it.is_artifact);
        self.marked.push(Marked { is_artifact, actual: actual.map(|it| Some(text_string(&it))) });
    }

    fn next_line(&mut self, x: f64, y: f64) {
        self.line = then(shift(x, y), self.line);
        self.text = self.line;
    }

    fn show_all(&mut self, parts: &Array<'_>, state: &State) {
        for part in parts.iter::<Object<'_>>() {
            match part {
                Object::String(text) => self.show(&text, state),
                Object::Number(by) => self.advance(by, state),
                _ => (),
            }
        }
    }

    fn advance(&mut self, by: Number, state: &State) {
        let by = -by.as_f64() / 1000.0 * state.size;
        let is_vertical = state.font.as_ref().is_some_and(|it| it.is_vertical);
        let (x, y) = if is_vertical { (0.0, by) } else { (by * state.stretch, 0.0) };
        self.text = then(shift(x, y), self.text);
    }

    fn show(&mut self, codes: &[u8], state: &State) {
        let Some(font) = &state.font else { return };
        let is_artifact = self.marked.last().is_some_and(|it| it.is_artifact);
        for letter in font.letters(codes) {
            let spacing = state.letter_spacing + if letter.is_blank { state.word_spacing } else { 0.0 };
            let by = letter.width / 1000.0 * state.size + spacing;
            let (x, y) = if font.is_vertical { (0.0, -by) } else { (by * state.stretch, 0.0) };
            let place = then(
                [state.size * state.stretch, 0.0, 0.0, state.size, 0.0, state.rise],
                then(self.text, state.ctm),
            );
            self.text = then(shift(x, y), self.text);
            let end = then(shift(0.0, state.rise), then(self.text, state.ctm));
            let (along, up) = match font.is_vertical {
                true => ((-place[2], -place[3]), (place[0], place[1])),
                false => ((place[0], place[1]), (place[2], place[3])),
            };
            let (along_len, size) = (along.0.hypot(along.1), up.0.hypot(up.1));
            if !(along_len > 0.0 && along_len.is_finite() && size.is_finite()) {
                continue;
            }
            let text = match self.marked.iter_mut().rev().find_map(|it| it.actual.as_mut()) {
                Some(actual) => actual.take().unwrap_or_default(),
                None => letter.text,
            };
            self.drawn.glyphs.push(Glyph {
                text,
                x: place[4],
                y: place[5],
                advance: (end[4] - place[4], end[5] - place[5]),
                direction: (along.0 / along_len, along.1 / along_len),
                size: size.max(0.1),
                is_artifact,
            });
        }
    }
}

/// A text string outside content streams (ISO 32000-1, §7.9.2.2): UTF-16 with a mark, UTF-8 with a mark, or Latin.
fn text_string(bytes: &[u8]) -> String {
    if let Some(utf16) = bytes.strip_prefix(b"\xFE\xFF") {
        let units = utf16.chunks_exact(2).map(|it| u16::from_be_bytes([it[0], it[1]]));
        return char::decode_utf16(units).map(|it| it.unwrap_or(char::REPLACEMENT_CHARACTER)).collect();
    }
    match bytes.strip_prefix(b"\xEF\xBB\xBF") {
        Some(utf8) => String::from_utf8_lossy(utf8).into_owned(),
        None => bytes.iter().map(|it| char::from(*it)).collect(),
    }
}
