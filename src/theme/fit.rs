//! The filter `fit`: a text in lines, for templates of share cards. SVG breaks no lines, so they are broken here, by the
//! widths of the theme's own fonts.

use std::sync::Arc;

use tera::{Kwargs, Map, State, Tera, Value};

use crate::card::{self, Face, Press, Room};

/// How wide a character counts that the face lacks. No card is made of a text with one.
const UNKNOWN: f32 = 0.6;

/// Registers the filter. Without a press it says so when it is used, which nothing does.
pub(super) fn register(tera: &mut Tera, press: Option<Arc<Press>>) {
    tera.register_filter("fit", move |text: &str, kwargs: Kwargs, _: &State<'_>| {
        let press = press
            .as_ref()
            .ok_or_else(|| tera::Error::message("`fit` needs fonts, and this theme has none"))?;
        fitted(text, &kwargs, press)
    });
}

fn fitted(text: &str, kwargs: &Kwargs, press: &Press) -> Result<Value, tera::Error> {
    let face = Face {
        family: kwargs.must_get("family")?,
        weight: kwargs.get("weight")?.unwrap_or(400),
        is_italic: kwargs.get("italic")?.unwrap_or(false),
    };
    let sizes: Vec<u32> = kwargs.must_get("sizes")?;
    let room = Room {
        width: kwargs.must_get("width")?,
        height: kwargs.get("height")?.unwrap_or(f32::MAX),
        sizes: &sizes,
        leading: kwargs.get("leading")?.unwrap_or(1.2),
        most_lines: kwargs.get::<u32>("lines")?.unwrap_or(u32::MAX) as usize,
        before: kwargs.get("before")?.unwrap_or(""),
        after: kwargs.get("after")?.unwrap_or(""),
    };
    let fonts = press.fonts();
    let spacing: f32 = kwargs.get("spacing")?.unwrap_or(0.0);
    let advance = |c: char| fonts.advance(face, c).unwrap_or(UNKNOWN) + spacing;
    let fitted = card::fit(text, &room, &advance);
    let y = |idx: usize| Value::from((fitted.step * idx as f32).round() as i64);
    let lines = fitted.lines.iter().enumerate().map(|(idx, line)| {
        let line: Map =
            [("text".into(), Value::from(line.as_str())), ("y".into(), y(idx))].into_iter().collect();
        Value::from(line)
    });
    let map: Map = [
        ("size".into(), Value::from(i64::from(fitted.size))),
        ("lines".into(), Value::from(lines.collect::<Vec<Value>>())),
        ("depth".into(), y(fitted.lines.len().saturating_sub(1))),
        ("width".into(), Value::from(fitted.width.ceil() as i64)),
        ("cut".into(), Value::from(fitted.is_cut)),
    ]
    .into_iter()
    .collect();
    Ok(Value::from(map))
}
