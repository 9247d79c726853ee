//! The relationship map: who speaks at the left, whom and what they speak about at the right, a line for each.
//!
//! A line begins at the shape of its mark. All lines of one name and mark share that shape, so that a name has at most
//! seven, and takes no more room than they do.

use std::collections::BTreeMap;

use super::fold::{Folded, fold};
use super::measure::{fitted, flow, width};
use super::svg::{FONT, SMALL, Svg, px};
use super::{Actor, Name, Picture, order, said_of};
use crate::model::StanceMark;

/// Somebody does something towards somebody or something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Who.
    pub from: Actor,
    /// As which kind of thing it counts.
    pub mark: StanceMark,
    /// Does what: `praises`.
    pub verb: String,
    /// Towards whom or what.
    pub to: Name,
}

/// The most width of the picture.
const WIDTH: i32 = 720;
/// The least, for the legend's sake.
const LEAST: i32 = 420;
/// The most room for a name on either side.
const ROOM: i32 = 240;
/// The most room for lines.
const CORDS: i32 = 330;
/// The least height of a name.
const ROW: i32 = 28;
/// From one shape of a name to the next.
const STEP: i32 = 15;
/// The size of a shape.
const SHAPE: i32 = 11;
/// More lines than this want to be finer.
const MANY: usize = 90;
/// Above the first name.
const TOP: i32 = 4;

/// Draws the map of some lines; an empty picture when there are none.
pub fn map(title: &str, lines: &[Line]) -> Picture {
    let sides = Sides::of(lines);
    if sides.strands.is_empty() {
        return Picture::default();
    }
    let (strands, nodes) = (&sides.strands, &sides.nodes);
    let n_left = nodes[0].shown.len();
    let pairs: Vec<(usize, usize)> = strands.iter().map(|it| (it.from, it.to)).collect();
    let (left, right) = order::untangled(n_left, nodes[1].shown.len(), &pairs);
    let place = Placed::new(strands, &left, &right);

    // Shapes stand behind the longest name, and lines take what is left.
    let longest = |side: usize| nodes[side].shown.iter().map(|it| width(&it.text, FONT).min(ROOM)).max();
    let left_x = longest(0).unwrap_or(0).max(60) + SHAPE + 6;
    let right_x = (WIDTH - longest(1).unwrap_or(0) - 16).min(left_x + CORDS);
    let width = (right_x + longest(1).unwrap_or(0) + 16).max(LEAST);

    let legend = Legend::new(lines, width);
    let legend_top = TOP + place.height + 26;
    let height = legend_top + legend.height();
    let says = format!(
        "At the left who speaks ({n_left}), at the right whom and what they speak about ({}). Everything here stands in \
         the list below the picture.{}{}",
        nodes[1].shown.len(),
        said_of(&nodes[0].grouped, "speakers"),
        said_of(&nodes[1].grouped, "of whom and what they speak about"),
    );
    let class = if strands.len() > MANY { "pic-map pic-many" } else { "pic-map" };
    let mut svg = Svg::new(class, (width, height), title, &says);
    for node in &left {
        svg.raw(format_args!("<g class=\"pic-one\">"));
        for (idx, strand) in strands.iter().enumerate().filter(|(_, it)| it.from == *node) {
            strand.draw(&mut svg, nodes, (left_x, place.starts[idx]), (right_x, place.ends[idx]));
        }
        for (mark, y) in &place.ports[*node] {
            svg.raw(format_args!("<g class=\"{}\">", mark.class()));
            mark.draw(&mut svg, (left_x, *y), SHAPE);
            svg.raw(format_args!("</g>"));
        }
        name(&mut svg, &nodes[0].shown[*node], (left_x - SHAPE - 5, place.left[*node]), "end");
        svg.raw(format_args!("</g>"));
    }
    for node in &right {
        let (y, span) = place.right[*node];
        svg.raw(format_args!(
            "<rect class=\"pic-end\" x=\"{right_x}\" y=\"{}\" width=\"7\" height=\"{}\" rx=\"3\"/>",
            y - span / 2 - 4,
            span + 8
        ));
        name(&mut svg, &nodes[1].shown[*node], (right_x + 15, y), "start");
    }
    legend.draw(&mut svg, legend_top);
    let [from, to] = sides.nodes;
    Picture { svg: svg.finish(), grouped: from.grouped.into_iter().chain(to.grouped).collect() }
}

/// Draws a name, cut to its room, level with a point.
fn name(svg: &mut Svg, name: &Name, (x, y): (i32, i32), anchor: &str) {
    svg.open(name.url.as_deref(), "pic-name", &name.text);
    svg.label((x, y + 5), anchor, &fitted(&name.text, FONT, ROOM));
    svg.close(name.url.as_deref());
}

/// Both columns, and what runs between them.
struct Sides {
    /// Left, right.
    nodes: [Folded; 2],
    strands: Vec<Strand>,
}

/// All lines of one name, mark and target.
struct Strand {
    from: usize,
    mark: StanceMark,
    to: usize,
    count: usize,
    verb: String,
}

impl Sides {
    fn of(lines: &[Line]) -> Sides {
        let mut left: Vec<(Actor, usize)> = Vec::new();
        let mut right: Vec<(Actor, usize)> = Vec::new();
        let mut known: [BTreeMap<&str, usize>; 2] = Default::default();
        let mut ends = Vec::with_capacity(lines.len());
        for line in lines {
            let from = *known[0].entry(line.from.name.key()).or_insert_with(|| {
                left.push((line.from.clone(), 0));
                left.len() - 1
            });
            let to = *known[1].entry(line.to.key()).or_insert_with(|| {
                right.push((Actor { name: line.to.clone(), house: None }, 0));
                right.len() - 1
            });
            left[from].1 += 1;
            right[to].1 += 1;
            ends.push((from, to));
        }
        let nodes = [fold(&left), fold(&right)];
        let mut strands: Vec<Strand> = Vec::new();
        let mut idx_of: BTreeMap<(usize, StanceMark, usize), usize> = BTreeMap::new();
        for (line, (from, to)) in lines.iter().zip(ends) {
            let (from, to) = (nodes[0].place[from], nodes[1].place[to]);
            let at = *idx_of.entry((from, line.mark, to)).or_insert(strands.len());
            if at == strands.len() {
                strands.push(Strand { from, mark: line.mark, to, count: 0, verb: line.verb.clone() });
            }
            strands[at].count += 1;
            if strands[at].verb != line.verb && strands[at].count <= 3 {
                strands[at].verb = format!("{}, {}", strands[at].verb, line.verb);
            }
        }
        Sides { nodes, strands }
    }
}

impl Strand {
    fn draw(&self, svg: &mut Svg, nodes: &[Folded; 2], (start_x, start): (i32, i32), (x2, end): (i32, i32)) {
        let (from, to) = (&nodes[0].shown[self.from].text, &nodes[1].shown[self.to].text);
        svg.raw(format_args!("<g class=\"pic-line {}\">", self.mark.class()));
        match self.count {
            1 => svg.element("title", &format!("{from} {} {to}", self.verb)),
            many => svg.element("title", &format!("{from} {} {to}: {many} lines", self.verb)),
        }
        let weight = match self.count {
            1 => String::new(),
            // Half a pixel more for each; a line that stands for a dozen must not hide others.
            many => {
                let halves = px(many).min(9) + 2;
                format!(" stroke-width=\"{}.{}\"", halves / 2, halves % 2 * 5)
            }
        };
        let x1 = start_x + SHAPE / 2 + 2;
        // A cord hangs a little.
        let (c1, c2, sag) = (x1 + (x2 - x1) * 2 / 5, x1 + (x2 - x1) * 3 / 5, 8);
        svg.raw(format_args!(
            "<path fill=\"none\" stroke=\"currentColor\"{weight}{} d=\"M{x1} {start}C{c1} {} {c2} {} {x2} {end}\"/></g>",
            self.mark.dash(),
            start + sag,
            end + sag,
        ));
    }
}

/// Where everything stands.
struct Placed {
    height: i32,
    /// The middle of each name at the left.
    left: Vec<i32>,
    /// The middle of each name at the right, and over how much its lines arrive.
    right: Vec<(i32, i32)>,
    /// The shapes of each name at the left, from above.
    ports: Vec<Vec<(StanceMark, i32)>>,
    /// Where each strand begins, and where it ends.
    starts: Vec<i32>,
    ends: Vec<i32>,
}

impl Placed {
    fn new(strands: &[Strand], left: &[usize], right: &[usize]) -> Placed {
        let mut place_right = vec![0; right.len()];
        right.iter().enumerate().for_each(|(place, node)| place_right[*node] = place);
        // Shapes of one name in the order of what they lead to: the mean place, compared crosswise.
        let mut ports: Vec<Vec<(StanceMark, i32)>> = vec![Vec::new(); left.len()];
        for node in left {
            let mut sums: BTreeMap<StanceMark, (usize, usize)> = BTreeMap::new();
            for strand in strands.iter().filter(|it| it.from == *node) {
                let (sum, count) = sums.entry(strand.mark).or_default();
                *sum += place_right[strand.to];
                *count += 1;
            }
            let mut marks: Vec<(StanceMark, (usize, usize))> = sums.into_iter().collect();
            marks.sort_by(|(_, a), (_, b)| (a.0 * b.1).cmp(&(b.0 * a.1)));
            ports[*node] = marks.into_iter().map(|(mark, _)| (mark, 0)).collect();
        }
        let mut arriving = vec![0_usize; right.len()];
        strands.iter().for_each(|it| arriving[it.to] += 1);
        // A dozen lines arrive one by one; more of them close up, and a hundred need room all the same.
        let span = |node: usize| {
            let n_gaps = px(arriving[node].saturating_sub(1));
            (n_gaps * 5).min(60.max(n_gaps * 2)).min(200)
        };
        let heights_left: Vec<i32> =
            left.iter().map(|it| (px(ports[*it].len()) * STEP + 4).max(ROW)).collect();
        let heights_right: Vec<i32> = right.iter().map(|it| (span(*it) + 16).max(ROW)).collect();
        let height = heights_left.iter().sum::<i32>().max(heights_right.iter().sum());

        let mut placed = Placed {
            height,
            left: vec![0; left.len()],
            right: vec![(0, 0); right.len()],
            ports,
            starts: vec![0; strands.len()],
            ends: vec![0; strands.len()],
        };
        placed.put_left(left, &heights_left);
        let start_of = |ports: &[Vec<(StanceMark, i32)>], strand: &Strand| {
            let port = ports[strand.from].iter().find(|(mark, _)| *mark == strand.mark);
            port.expect("every strand has the shape of its mark").1
        };
        for (idx, strand) in strands.iter().enumerate() {
            placed.starts[idx] = start_of(&placed.ports, strand);
        }
        placed.put_right(right, &heights_right, strands);
        for node in right {
            let mut own: Vec<usize> = (0..strands.len()).filter(|idx| strands[*idx].to == *node).collect();
            own.sort_by_key(|idx| (placed.starts[*idx], *idx));
            let (y, _) = placed.right[*node];
            let span = span(*node);
            placed.right[*node].1 = span;
            let gaps = px(own.len().saturating_sub(1)).max(1);
            for (number, idx) in own.iter().enumerate() {
                placed.ends[*idx] = if own.len() == 1 { y } else { y - span / 2 + span * px(number) / gaps };
            }
        }
        placed
    }

    /// Names at the left, evenly over the height.
    fn put_left(&mut self, order: &[usize], heights: &[i32]) {
        let spare = self.height - heights.iter().sum::<i32>();
        let mut y = TOP;
        for (place, node) in order.iter().enumerate() {
            let above = spare * (2 * px(place) + 1) / (2 * px(order.len()));
            let middle = y + above + heights[place] / 2;
            self.left[*node] = middle;
            let n_ports = px(self.ports[*node].len());
            for (idx, port) in self.ports[*node].iter_mut().enumerate() {
                port.1 = middle + (2 * px(idx) - (n_ports - 1)) * STEP / 2;
            }
            y += heights[place];
        }
    }

    /// Names at the right, each as near to the middle of its lines as the others let it: the order is kept, and those
    /// that would overlap move together (pool adjacent violators, on the tops less what must stand above).
    fn put_right(&mut self, order: &[usize], heights: &[i32], strands: &[Strand]) {
        let mut pools: Vec<(i64, i64)> = Vec::new();
        let mut above = 0;
        for (place, node) in order.iter().enumerate() {
            let own = strands.iter().zip(&self.starts).filter(|(it, _)| it.to == *node);
            let (sum, count) =
                own.fold((0_i64, 0_i64), |(sum, count), (_, y)| (sum + i64::from(*y), count + 1));
            let wish = sum / count.max(1) - i64::from(heights[place] / 2) - i64::from(above);
            above += heights[place];
            pools.push((wish, 1));
            while let [.., (upper, n), (lower, m)] = pools[..]
                && upper * m > lower * n
            {
                pools.pop();
                pools.pop();
                pools.push((upper + lower, n + m));
            }
        }
        let spare = self.height - heights.iter().sum::<i32>();
        let shifts = pools.iter().flat_map(|(sum, count)| {
            let shift = i32::try_from(sum.div_euclid(*count)).unwrap_or(i32::MAX);
            std::iter::repeat_n(shift, usize::try_from(*count).unwrap_or(0))
        });
        let mut above = 0;
        for ((node, height), shift) in order.iter().zip(heights).zip(shifts) {
            self.right[*node].0 = shift.clamp(TOP, TOP + spare) + above + height / 2;
            above += height;
        }
    }
}

/// What the shapes and dashes mean: one sample for each mark, with its verbs, and its place.
struct Legend {
    items: Vec<(StanceMark, String, (i32, i32))>,
}

/// The height of one row of the legend.
const LEGEND_ROW: i32 = 22;
/// The length of a sample, with the room behind it.
const SAMPLE: i32 = 58;

impl Legend {
    fn new(lines: &[Line], room: i32) -> Legend {
        let mut items: Vec<(StanceMark, String)> = Vec::new();
        for (_, mark) in StanceMark::NAMED {
            let mut verbs: Vec<&str> = Vec::new();
            for line in lines.iter().filter(|it| it.mark == mark) {
                if !verbs.contains(&line.verb.as_str()) {
                    verbs.push(&line.verb);
                }
            }
            if !verbs.is_empty() {
                items.push((mark, fitted(&verbs.join(", "), SMALL, room - SAMPLE)));
            }
        }
        let widths: Vec<i32> = items.iter().map(|(_, text)| SAMPLE + width(text, SMALL)).collect();
        let places = flow(&widths, room);
        Legend { items: items.into_iter().zip(places).map(|((mark, text), at)| (mark, text, at)).collect() }
    }

    fn height(&self) -> i32 {
        (self.items.last().map_or(0, |(_, _, (_, row))| *row) + 1) * LEGEND_ROW
    }

    fn draw(&self, svg: &mut Svg, top: i32) {
        svg.raw(format_args!("<g class=\"pic-legend\" font-size=\"{SMALL}\">"));
        for (mark, text, (x, row)) in &self.items {
            let y = top + row * LEGEND_ROW;
            svg.raw(format_args!("<g class=\"pic-line {}\">", mark.class()));
            mark.draw(svg, (x + SHAPE / 2 + 1, y), SHAPE);
            svg.raw(format_args!(
                "<path fill=\"none\" stroke=\"currentColor\"{} d=\"M{} {y}h36\"/></g>",
                mark.dash(),
                x + SHAPE + 3
            ));
            svg.label((x + SAMPLE, y + 4), "start", text);
        }
        svg.raw(format_args!("</g>"));
    }
}
