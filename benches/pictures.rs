//! What pictures cost: one map and one timeline of stories with 6, 20, 40 and 200 actors, on one thread.
//!
//! ```text
//! cargo bench --bench pictures
//! ```
//!
//! Prints the fastest of many runs as lines of JSON: on a machine with other work the fastest is nearest to the processor
//! time. Without `--bench`, which `cargo bench` passes, it draws each once, so that tests keep it alive.

#![allow(clippy::disallowed_methods, reason = "a benchmark measures the clock")]
#![allow(clippy::print_stdout, reason = "a benchmark prints its figures")]

use std::hint::black_box;
use std::time::{Duration, Instant};

use rejoinder::model::StanceMark;
use rejoinder::picture::{Actor, Line, Moment, MomentKind, Name, When, map, timeline};
use serde_json::json;

fn main() {
    let runs = if std::env::args().any(|it| it == "--bench") { 300 } else { 1 };
    for n_actors in [6, 20, 40, 200] {
        let (lines, moments) = (lines(n_actors), moments(n_actors));
        let drawn = fastest(runs, || map("Who speaks about whom", &lines).svg.len());
        println!(
            "{}",
            json!({ "picture": "map", "actors": n_actors, "lines": lines.len(), "bytes": drawn.1, "ms": ms(drawn.0) })
        );
        let drawn = fastest(runs, || timeline("In order of time", &moments).svg.len());
        println!(
            "{}",
            json!({ "picture": "timeline", "actors": n_actors, "moments": moments.len(), "bytes": drawn.1, "ms": ms(drawn.0) })
        );
    }
}

fn fastest(runs: usize, draw: impl Fn() -> usize) -> (Duration, usize) {
    let times = (0..runs).map(|_| {
        let start = Instant::now();
        let bytes = black_box(draw());
        (start.elapsed(), bytes)
    });
    times.min().unwrap_or_default()
}

fn ms(duration: Duration) -> f64 {
    (duration.as_secs_f64() * 1e6).round() / 1e3
}

fn actor(number: usize) -> Actor {
    let name = |kind: &str, number: usize| Name {
        text: format!("{kind} {number} of the Long Name"),
        url: Some(format!("/actors/{kind}-{number}/")),
    };
    Actor {
        name: name("person", number),
        house: (!number.is_multiple_of(4)).then(|| name("house", number * 7 % 20)),
    }
}

/// Two lines for each actor: what the story is about, and one of many other things.
fn lines(n_actors: usize) -> Vec<Line> {
    let line = |number: usize, turn: usize| Line {
        from: actor(number),
        mark: if turn == 0 { StanceMark::NAMED[number * 5 % 6].1 } else { StanceMark::Other },
        verb: if turn == 0 { "welcomes".to_owned() } else { "speaks of".to_owned() },
        to: if turn == 0 { actor(n_actors).name } else { actor(number * number % (n_actors / 2 + 2)).name },
    };
    (0..n_actors).flat_map(|number| (0..2).map(move |turn| line(number, turn))).collect()
}

/// Three moments for each actor, a third of them known to a month or a week.
fn moments(n_actors: usize) -> Vec<Moment> {
    let moment = |number: usize, turn: usize| {
        let day = 20_108 + i64::try_from((number * 7 + turn * 5) % 40).unwrap_or(0);
        let lasts = [0, 30, 0, 6, 0, 0][(number + turn) % 6];
        Moment {
            who: Some(actor(number)),
            kind: if turn == 2 { MomentKind::Done } else { MomentKind::Said },
            when: When { earliest: Some(day), latest: Some(day + lasts), is_doubtful: false },
            words: format!("day {day}"),
            url: format!("#t-{number}-{turn}"),
        }
    };
    let mut all: Vec<Moment> =
        (0..n_actors).flat_map(|number| (0..3).map(move |turn| moment(number, turn))).collect();
    all.sort_by_key(|it| it.when.earliest);
    all
}
