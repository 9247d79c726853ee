//! What was measured for one size, as a table and as lines of JSON.

use std::collections::BTreeMap;

use serde_json::{Value, json};

/// What was measured for one size.
#[derive(Default)]
pub(crate) struct Figures {
    /// Pages of ours.
    pub(crate) pages: usize,
    /// In the order in which each kind was first measured.
    kinds: Vec<String>,
    lines: BTreeMap<String, Vec<Value>>,
}

impl Figures {
    /// Adds a measurement.
    pub(crate) fn add(&mut self, line: Value) {
        let what = line["what"].as_str().unwrap_or_default().to_owned();
        if !self.kinds.contains(&what) {
            self.kinds.push(what.clone());
        }
        self.lines.entry(what).or_default().push(line);
    }

    /// Every measurement of a kind.
    pub(crate) fn of(&self, what: &str) -> &[Value] {
        self.lines.get(what).map_or(&[], Vec::as_slice)
    }

    /// Every measurement, and the ratios.
    pub(crate) fn lines(&self) -> impl Iterator<Item = Value> {
        let all = self.kinds.iter().flat_map(|kind| self.of(kind)).cloned();
        all.chain(self.kinds.iter().map(|kind| {
            let lines = self.of(kind);
            json!({
                "what": format!("ratio: {kind}"),
                "pages": self.pages,
                "rounds": lines.len(),
                "to_floor_best": best(lines, "ms") / best(self.of("floor"), "ms"),
                "to_floor_median": median(lines, "ms") / median(self.of("floor"), "ms"),
                "processor_ms_a_page": self.per_page(best(lines, "processor_ms")),
                "peak_kib_a_page": self.per_page(best(lines, "peak_kib")),
            })
        }))
    }

    fn per_page(&self, all: f64) -> f64 {
        all / self.pages as f64
    }

    /// Prints the table.
    pub(crate) fn print(&self) {
        let build = self.of("build");
        println!(
            "\n{} pages, {} files, {:.1} MB; best of {}",
            self.pages,
            number(&build[0], "files"),
            number(&build[0], "bytes") / 1e6,
            build.len()
        );
        println!(
            "{:24} {:>9} {:>9} {:>9} {:>9} {:>11} {:>9} {:>9}",
            "", "ms", "median", "/ floor", "median", "cpu ms/page", "KiB/page", "written"
        );
        let floor = self.of("floor");
        for kind in &self.kinds {
            let lines = self.of(kind);
            let (fastest, middle) = (best(lines, "ms"), median(lines, "ms"));
            let has = |key: &str, text: String| if lines[0][key].is_null() { String::new() } else { text };
            println!(
                "{kind:24} {fastest:>9.1} {middle:>9.1} {:>9.2} {:>9.2} {:>11} {:>9} {:>9}",
                fastest / best(floor, "ms"),
                middle / median(floor, "ms"),
                has("processor_ms", format!("{:.3}", self.per_page(best(lines, "processor_ms")))),
                has("peak_kib", format!("{:.1}", self.per_page(best(lines, "peak_kib")))),
                has("written", format!("{}", number(&lines[0], "written"))),
            );
        }
        for kind in self.kinds.iter().filter(|kind| self.of(kind)[0]["phases"].is_object()) {
            let fastest = self.of(kind).iter().min_by(|a, b| number(a, "ms").total_cmp(&number(b, "ms")));
            let phases = fastest.and_then(|it| it["phases"].as_object()).into_iter().flatten();
            let phases: Vec<String> =
                phases.map(|(name, ms)| format!("{name} {:.1}", ms.as_f64().unwrap_or(0.0))).collect();
            println!("phases of {kind}, ms: {}", phases.join(", "));
        }
        self.print_hugo();
    }

    fn print_hugo(&self) {
        let (ours, hugo) = (self.of("build"), self.of("hugo"));
        let Some(one) = hugo.first() else { return };
        let times = |key: &str| best(hugo, key) / best(ours, key);
        println!(
            "hugo / rejoinder: time {:.1} best, {:.1} median; processor time {:.1}; memory {:.1}",
            times("ms"),
            median(hugo, "ms") / median(ours, "ms"),
            times("processor_ms"),
            times("peak_kib")
        );
        println!(
            "hugo wrote {} pages, {} files and {:.1} MB: {:.2} times the pages, {:.2} times the bytes",
            number(one, "pages"),
            number(one, "files"),
            number(one, "bytes") / 1e6,
            number(one, "pages") / self.pages as f64,
            number(one, "bytes") / number(&ours[0], "bytes"),
        );
    }
}

pub(crate) fn number(of: &Value, key: &str) -> f64 {
    of[key].as_f64().unwrap_or_default()
}

pub(crate) fn best(of: &[Value], key: &str) -> f64 {
    of.iter().map(|it| number(it, key)).fold(f64::INFINITY, f64::min)
}

pub(crate) fn median(of: &[Value], key: &str) -> f64 {
    let mut all: Vec<f64> = of.iter().map(|it| number(it, key)).collect();
    all.sort_by(f64::total_cmp);
    all.get(all.len() / 2).copied().unwrap_or(f64::NAN)
}
