//! The timeline as lanes: a lane for each actor, time from left to right, and dates no more exact than they are known.
//!
//! A full shape is a day that is known. A hollow one lies on a bar: some time in it, we do not know when; a bar with a
//! tip goes on beyond what is drawn. What has no date at all stands apart.

use std::collections::BTreeMap;

use super::axis::{Axis, Span};
use super::fold::fold;
use super::measure::{fitted, flow, width};
use super::svg::{FONT, SMALL, Svg, px};
use super::{Actor, Name, Picture, said_of};

/// One thing that happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moment {
    /// Whose lane it is in; `None` for what happened to all.
    pub who: Option<Actor>,
    /// What it is.
    pub kind: MomentKind,
    /// When.
    pub when: When,
    /// The date in words; empty when there is none.
    pub words: String,
    /// Where the list beside the picture tells of it.
    pub url: String,
}

/// What a moment is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum MomentKind {
    /// ◆ Something happened.
    Event,
    /// ● Somebody said something.
    Said,
    /// ■ Somebody did something.
    Done,
    /// ⊘ Somebody was silent.
    Silent,
    /// ✕ A mistake was repaired.
    Corrected,
}

/// A date as far as it is known, as days since 1970.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct When {
    /// The first day it can be; `None` when nobody knows.
    pub earliest: Option<i64>,
    /// The last day it can be; `None` when nobody knows.
    pub latest: Option<i64>,
    /// Whether it is an estimate, or its source is in doubt.
    pub is_doubtful: bool,
}

/// The width of the picture.
const WIDTH: i32 = 720;
/// The most room for the name of a lane.
const ROOM: i32 = 204;
/// The axis, and above it its labels.
const AXIS: i32 = 30;
/// The least height of a lane.
const LANE: i32 = 28;
/// From one row of a lane to the next.
const ROW: i32 = 16;
/// Shapes nearer to each other than this are drawn as one, with their number.
const NEAR: i32 = 13;
/// The most rows of a lane; what needs more is counted below them.
const MOST_ROWS: i32 = 4;
/// The room of what has no date.
const APART: i32 = 64;

/// Draws the lanes of moments that come in the order of time; an empty picture when there are none.
pub fn timeline(title: &str, moments: &[Moment]) -> Picture {
    if moments.is_empty() {
        return Picture::default();
    }
    let spans: Vec<Span> = moments.iter().filter_map(|it| it.when.span()).collect();
    let has_undated = spans.len() < moments.len();
    let mut actors: Vec<(Actor, usize)> = Vec::new();
    let mut idx_of: BTreeMap<&str, usize> = BTreeMap::new();
    for actor in moments.iter().filter_map(|it| it.who.as_ref()) {
        let at = *idx_of.entry(actor.name.key()).or_insert_with(|| {
            actors.push((actor.clone(), 0));
            actors.len() - 1
        });
        actors[at].1 += 1;
    }
    let folded = fold(&actors);
    let lane_of = |moment: &Moment| moment.who.as_ref().map(|it| folded.place[idx_of[it.name.key()]]);
    let names: Vec<&Name> = folded.shown.iter().collect();
    let label = names.iter().map(|it| width(&it.text, FONT)).max().unwrap_or(0).clamp(60, ROOM);
    let right = if has_undated { WIDTH - APART - 10 } else { WIDTH - 8 };
    let axis = Axis::new(&spans, label + 22, right);

    let mut lanes: Vec<Lane> = Vec::new();
    let shared: Vec<&Moment> = moments.iter().filter(|it| it.who.is_none()).collect();
    let mut top = AXIS + 6;
    if !shared.is_empty() {
        lanes.push(Lane::new(None, &shared, &axis, top));
        top += lanes[0].height;
    }
    for (idx, name) in names.iter().enumerate() {
        let own: Vec<&Moment> = moments.iter().filter(|it| lane_of(it) == Some(idx)).collect();
        let lane = Lane::new(Some(name), &own, &axis, top);
        top += lane.height;
        lanes.push(lane);
    }

    let legend = legend(moments);
    let places = flow(&legend.iter().map(|it| width(&it.words, SMALL) + 22).collect::<Vec<_>>(), WIDTH);
    let n_rows = places.last().map_or(0, |(_, row)| row + 1);
    let height = top + 24 + n_rows * 22;
    let says = format!(
        "Time runs from left to right, with a lane for each of {} who spoke or acted. Everything here stands in the \
         list beside the picture, in words.{}",
        names.len(),
        said_of(&folded.grouped, "of them"),
    );
    let mut svg = Svg::new("pic-timeline", (WIDTH, height), title, &says);
    draw_axis(&mut svg, &axis, &spans, top, has_undated);
    for lane in &lanes {
        lane.draw(&mut svg, label, top, &axis);
    }
    svg.raw(format_args!("<g class=\"pic-legend\" font-size=\"{SMALL}\">"));
    for (item, (x, row)) in legend.iter().zip(places) {
        let y = top + 26 + row * 22;
        svg.raw(format_args!("<g class=\"{}\">", item.kind.class()));
        if item.has_bar {
            Bar { start: x, end: x + 16, is_open_before: false, is_open_after: false }.draw(&mut svg, y);
        }
        item.kind.draw(&mut svg, (x + 8, y), item.is_hollow);
        svg.raw(format_args!("</g>"));
        svg.label((x + 22, y + 4), "start", &item.words);
    }
    svg.raw(format_args!("</g>"));
    Picture { svg: svg.finish(), grouped: folded.grouped }
}

impl When {
    /// The days it spans; `None` when nothing is known of them.
    fn span(self) -> Option<Span> {
        let span = Span { from: self.earliest, until: self.latest.map(|it| it.saturating_add(1)) };
        (span.from.is_some() || span.until.is_some()).then_some(span)
    }
}

/// The axis with its labels, and fine lines from them through all lanes.
fn draw_axis(svg: &mut Svg, axis: &Axis, spans: &[Span], bottom: i32, has_undated: bool) {
    if has_undated {
        let x = WIDTH - APART;
        svg.small("pic-note", (x, AXIS - 12), "start", &fitted("no date", SMALL, APART));
        svg.raw(format_args!("<path class=\"pic-hair\" stroke=\"currentColor\" d=\"M{x} {AXIS}H{WIDTH}\"/>"));
    }
    if spans.is_empty() {
        return;
    }
    svg.raw(format_args!(
        "<path class=\"pic-axis\" stroke=\"currentColor\" d=\"M{} {AXIS}H{}\"/>",
        axis.left, axis.right
    ));
    for (x, _) in &axis.cuts {
        // Two strokes through the axis: here time is cut out.
        svg.raw(format_args!(
            "<path class=\"pic-cut\" stroke=\"currentColor\" d=\"M{} {}l4 -10M{} {}l4 -10\"/>",
            x - 5,
            AXIS + 5,
            x + 1,
            AXIS + 5
        ));
    }
    for tick in axis.labels(spans) {
        svg.small(
            if tick.is_cut { "pic-gap" } else { "pic-tick" },
            (tick.x, AXIS - 12),
            "middle",
            &tick.text,
        );
        if !tick.is_cut {
            svg.raw(format_args!(
                "<path class=\"pic-hair\" stroke=\"currentColor\" stroke-opacity=\".2\" d=\"M{} {}V{bottom}\"/>",
                tick.mark,
                AXIS - 4
            ));
        }
    }
}

/// One lane.
struct Lane<'a> {
    /// Whose; `None` for what happened to all.
    name: Option<&'a Name>,
    top: i32,
    height: i32,
    items: Vec<Item>,
    /// How many moments there was no row for.
    n_more: usize,
}

/// One shape in a lane: one moment, or several of a kind that are too near each other to be drawn apart. It leads to the
/// first of them.
struct Item {
    kind: MomentKind,
    is_hollow: bool,
    /// The span it lies in, unless the day is known.
    bar: Option<Bar>,
    x: i32,
    row: i32,
    count: usize,
    title: String,
    url: String,
}

impl Item {
    /// From where to where it takes room, with its number.
    fn reach(&self) -> (i32, i32) {
        let count = if self.count > 1 { width(&self.count.to_string(), SMALL) + 4 } else { 0 };
        let (from, to) = (self.x - 6, self.x + 6 + count);
        self.bar.map_or((from, to), |bar| (bar.start.min(from), bar.end.max(to)))
    }

    /// Takes in another of its kind; `first` is the moment it began with, and `last` the new one.
    fn join(&mut self, other: &Item, first: &Moment, last: &Moment) {
        self.count += 1;
        let until = if first.words == last.words { String::new() } else { format!(" to {}", dated(last)) };
        self.title = format!("{} × {}: {}{until}", self.count, self.kind.words(), dated(first));
        if let Some((bar, other)) = self.bar.as_mut().zip(other.bar) {
            // Both lie in what spans both.
            (bar.start, bar.end) = (bar.start.min(other.start), bar.end.max(other.end));
        }
    }
}

/// A span in which something lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Bar {
    start: i32,
    end: i32,
    is_open_before: bool,
    is_open_after: bool,
}

impl Bar {
    fn is_near(self, other: Bar) -> bool {
        (self.is_open_before, self.is_open_after) == (other.is_open_before, other.is_open_after)
            && (self.start - other.start).abs() < NEAR
            && (self.end - other.end).abs() < NEAR
    }

    /// Draws it, with a tip where it goes on.
    fn draw(self, svg: &mut Svg, y: i32) {
        svg.raw(format_args!(
            "<rect class=\"pic-span\" fill-opacity=\".16\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"8\" rx=\"4\"/>",
            self.start,
            y - 4,
            (self.end - self.start).max(8)
        ));
        let mut tip = |x: i32, step: i32| {
            svg.raw(format_args!(
                "<path class=\"pic-tip\" fill=\"none\" stroke=\"currentColor\" d=\"M{x} {}l{step} 4l{} 4\"/>",
                y - 4,
                -step
            ));
        };
        if self.is_open_before {
            tip(self.start + 6, -4);
        }
        if self.is_open_after {
            tip(self.end - 6, 4);
        }
    }
}

impl<'a> Lane<'a> {
    fn new(name: Option<&'a Name>, moments: &[&Moment], axis: &Axis, top: i32) -> Lane<'a> {
        // Each with the moment it began with, and with the bar of that one.
        let mut items: Vec<(Item, &Moment, Option<Bar>)> = Vec::new();
        for moment in moments {
            let item = placed(moment, axis);
            let same = items.iter_mut().find(|(it, _, bar)| {
                (it.kind, it.is_hollow) == (item.kind, item.is_hollow)
                    && match (bar, item.bar) {
                        (Some(bar), Some(own)) => bar.is_near(own),
                        (None, None) => (item.x - it.x).abs() < NEAR,
                        _ => false,
                    }
            });
            match same {
                Some((known, first, _)) => known.join(&item, first, moment),
                None => {
                    let bar = item.bar;
                    items.push((item, moment, bar));
                }
            }
        }
        let mut items: Vec<Item> = items.into_iter().map(|(item, ..)| item).collect();
        items.sort_by_key(|it| it.reach().0);
        // First fit: each takes the highest row in which nothing is in its way.
        let mut rows: Vec<i32> = Vec::new();
        for item in &mut items {
            let (from, to) = item.reach();
            let row = rows.iter().position(|end| *end + 4 <= from).unwrap_or(rows.len());
            if row == rows.len() {
                rows.push(0);
            }
            rows[row] = to;
            item.row = px(row);
        }
        let n_all: usize = items.iter().map(|it| it.count).sum();
        items.retain(|it| it.row < MOST_ROWS);
        let n_more = n_all - items.iter().map(|it| it.count).sum::<usize>();
        rows.truncate(usize::try_from(MOST_ROWS + i32::from(n_more > 0)).unwrap_or(0));
        let height = (px(rows.len()) * ROW + LANE - ROW).max(LANE);
        Lane { name, top, height, items, n_more }
    }

    fn draw(&self, svg: &mut Svg, label: i32, bottom: i32, axis: &Axis) {
        svg.raw(format_args!(
            "<path class=\"pic-hair\" stroke=\"currentColor\" stroke-opacity=\".2\" d=\"M0 {}H{WIDTH}\"/>",
            self.top
        ));
        let first_row = self.top + LANE / 2;
        match self.name {
            Some(name) => {
                svg.open(name.url.as_deref(), "pic-name", &name.text);
                svg.label((label, first_row + 5), "end", &fitted(&name.text, FONT, label));
                svg.close(name.url.as_deref());
            }
            None => svg.label((label, first_row + 5), "end", "Events"),
        }
        for item in &self.items {
            let y = first_row + item.row * ROW;
            if item.kind == MomentKind::Event && item.bar.is_none() && item.x <= axis.right {
                svg.raw(format_args!(
                    "<path class=\"pic-guide\" stroke=\"currentColor\" d=\"M{} {}V{bottom}\"/>",
                    item.x,
                    y + 8
                ));
            }
            svg.open(Some(&item.url), item.kind.class(), &item.title);
            if let Some(bar) = item.bar {
                bar.draw(svg, y);
            }
            item.kind.draw(svg, (item.x, y), item.is_hollow);
            if item.count > 1 {
                svg.small("pic-count", (item.x + 8, y + 4), "start", &item.count.to_string());
            }
            svg.close(Some(&item.url));
        }
        if self.n_more > 0 {
            let text = format!("and {} more", self.n_more);
            svg.small("pic-count", (axis.left, first_row + MOST_ROWS * ROW + 4), "start", &text);
        }
    }
}

/// Where one moment is drawn.
fn placed(moment: &Moment, axis: &Axis) -> Item {
    let item = Item {
        kind: moment.kind,
        is_hollow: true,
        bar: None,
        x: WIDTH - APART + 10,
        row: 0,
        count: 1,
        title: format!("{}: {}", moment.kind.words(), dated(moment)),
        url: moment.url.clone(),
    };
    let Some(span) = moment.when.span() else { return item };
    let (start, end) = axis.across(span);
    let x = (start + end) / 2;
    if span.day().is_some() {
        return Item { is_hollow: moment.when.is_doubtful, x, ..item };
    }
    let bar = Bar { start, end, is_open_before: span.from.is_none(), is_open_after: span.until.is_none() };
    Item { bar: Some(bar), x, ..item }
}

fn dated(moment: &Moment) -> &str {
    if moment.words.is_empty() { "date not known" } else { &moment.words }
}

impl MomentKind {
    pub(super) const ALL: [MomentKind; 5] =
        [MomentKind::Event, MomentKind::Said, MomentKind::Done, MomentKind::Silent, MomentKind::Corrected];

    fn words(self) -> &'static str {
        match self {
            MomentKind::Event => "happened",
            MomentKind::Said => "said",
            MomentKind::Done => "done",
            MomentKind::Silent => "no comment",
            MomentKind::Corrected => "corrected",
        }
    }

    fn class(self) -> &'static str {
        match self {
            MomentKind::Event => "pic-event",
            MomentKind::Said => "pic-said",
            MomentKind::Done => "pic-done",
            MomentKind::Silent => "pic-none",
            MomentKind::Corrected => "pic-corrected",
        }
    }

    fn draw(self, svg: &mut Svg, (x, y): (i32, i32), is_hollow: bool) {
        const OUTLINE: &str =
            "class=\"pic-shape pic-hollow\" fill=\"none\" stroke=\"currentColor\" stroke-width=\"1.5\"";
        let (look, r) = if is_hollow { (OUTLINE, 4) } else { ("class=\"pic-shape\"", 5) };
        match self {
            MomentKind::Event => {
                svg.raw(format_args!("<path {look} d=\"M{x} {}l6 6l-6 6l-6 -6z\"/>", y - 6));
            }
            MomentKind::Said => svg.raw(format_args!("<circle {look} cx=\"{x}\" cy=\"{y}\" r=\"{r}\"/>")),
            MomentKind::Done => svg.raw(format_args!(
                "<rect {look} x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"/>",
                x - r,
                y - r,
                2 * r,
                2 * r
            )),
            MomentKind::Silent => svg.raw(format_args!(
                "<path {OUTLINE} d=\"M{} {y}a5 5 0 1 0 10 0a5 5 0 1 0 -10 0M{} {}l7 -7\"/>",
                x - 5,
                x - 3,
                y + 4
            )),
            MomentKind::Corrected => {
                svg.raw(format_args!("<path {OUTLINE} d=\"M{} {}l8 8m0 -8l-8 8\"/>", x - 4, y - 4));
            }
        }
    }
}

/// A sample and what it means.
struct Sample {
    kind: MomentKind,
    is_hollow: bool,
    has_bar: bool,
    words: String,
}

fn legend(moments: &[Moment]) -> Vec<Sample> {
    let kinds = MomentKind::ALL.into_iter().filter(|kind| moments.iter().any(|it| it.kind == *kind));
    let mut samples: Vec<Sample> = kinds
        .map(|kind| Sample { kind, is_hollow: false, has_bar: false, words: kind.words().to_owned() })
        .collect();
    let hollow = |words: &str, has_bar| Sample {
        kind: MomentKind::Said,
        is_hollow: true,
        has_bar,
        words: words.to_owned(),
    };
    let days = || moments.iter().filter_map(|it| Some((it, it.when.span()?.day())));
    if days().any(|(_, day)| day.is_none()) {
        samples.push(hollow("on some day in the bar", true));
    }
    if days().any(|(moment, day)| day.is_some() && moment.when.is_doubtful) {
        samples.push(hollow("day in doubt", false));
    }
    samples
}
