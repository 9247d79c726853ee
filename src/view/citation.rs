//! How to cite a statement: as text, for BibTeX, and as CSL-JSON.
//!
//! Formats: BibTeX's `@misc` (Patashnik, "BibTeXing", §3.1 and 3.2), and CSL-JSON 1.0.2 ("CSL data schema", `csl-data.json`). A date
//! is given in numbers only as far as it is known; what no numbers say honestly stands in words.

use serde_json::{Map, Value, json};

/// What all three say.
#[derive(Clone, Debug)]
pub(super) struct Citation<'a> {
    /// A name for it that is unique on the site: `gadget:ada-example.welcome`.
    pub(super) id: &'a str,
    /// Who said it.
    pub(super) speaker: &'a str,
    /// The page's title.
    pub(super) title: &'a str,
    /// Where it was said, and on whose word we have it.
    pub(super) note: String,
    /// When: as the machine form of [`Date`](super::cards::Date), else in words; nothing when nobody knows.
    pub(super) date: Option<&'a str>,
    /// The site's name.
    pub(super) site: &'a str,
    /// The page's address.
    pub(super) url: String,
    /// The language of the words.
    pub(super) lang: &'a str,
}

impl Citation<'_> {
    /// One entry of a `.bib` file.
    pub(super) fn bibtex(&self) -> String {
        let key: String = self
            .id
            .chars()
            .map(|c| if c.is_ascii_alphanumeric() || ":-.".contains(c) { c } else { '-' })
            .collect();
        let parts = self.date.and_then(numbers).unwrap_or_default();
        let mut fields = vec![
            ("author", ["{", &escaped(self.speaker), "}"].concat()),
            ("title", ["{", &escaped(self.title), "}"].concat()),
        ];
        fields.extend(parts.first().map(|it| ("year", it.to_string())));
        fields.extend(parts.get(1).map(|it| ("month", it.to_string())));
        fields.extend(parts.get(2).map(|it| ("day", it.to_string())));
        fields.push(("howpublished", escaped(self.site)));
        fields.push(("note", escaped(&self.note)));
        fields.push(("url", self.url.clone()));
        let lines: String =
            fields.iter().flat_map(|(name, value)| ["  ", name, " = {", value, "},\n"]).collect();
        ["@misc{", &key, ",\n", &lines, "}"].concat()
    }

    /// One item of CSL-JSON, on several lines.
    pub(super) fn csl(&self) -> String {
        let mut item = Map::new();
        let mut set = |name: &str, value: Value| drop(item.insert(name.to_owned(), value));
        set("id", json!(self.id));
        set("type", json!("webpage"));
        set("author", json!([{ "literal": self.speaker }]));
        set("title", json!(self.title));
        if let Some(date) = self.date {
            set(
                "issued",
                numbers(date).map_or_else(|| json!({ "literal": date }), |it| json!({ "date-parts": [it] })),
            );
        }
        set("container-title", json!(self.site));
        set("note", json!(self.note));
        set("language", json!(self.lang));
        set("URL", json!(self.url));
        serde_json::to_string_pretty(&item).expect("texts and numbers are JSON")
    }
}

/// The year, month and day of `2025-01-20`, as many as there are; `None` for anything else.
fn numbers(date: &str) -> Option<Vec<u32>> {
    let parts: Vec<&str> = date.split('-').collect();
    let is_date = parts.len() <= 3
        && parts.iter().enumerate().all(|(idx, it)| it.len() == if idx == 0 { 4 } else { 2 });
    is_date.then(|| parts.iter().map(|it| it.parse().ok()).collect())?
}

/// A text inside braces: what TeX would take for itself is written so that it prints.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '{' | '}' | '&' | '%' | '$' | '#' | '_' => {
                out.push('\\');
                out.push(c);
            }
            '\\' => out.push_str("\\textbackslash{}"),
            '~' => out.push_str("\\textasciitilde{}"),
            '^' => out.push_str("\\textasciicircum{}"),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn citation(date: Option<&str>) -> Citation<'_> {
        Citation {
            id: "tale:ada.hello world",
            speaker: "Ada & Söhne {GmbH}",
            title: "Ada: “100 % of a_b”",
            note: "Post on X, from The Paper".to_owned(),
            date,
            site: "Ours",
            url: "https://ours.example/tale/ada/hello/".to_owned(),
            lang: "en",
        }
    }

    #[test]
    fn bibtex_prints_what_tex_would_take_for_itself() {
        assert_eq!(
            citation(Some("2025-01-20")).bibtex(),
            "@misc{tale:ada.hello-world,\n  author = {{Ada \\& Söhne \\{GmbH\\}}},\n  title = {{Ada: “100 \\% of a\\_b”}},\n  \
             year = {2025},\n  month = {1},\n  day = {20},\n  howpublished = {Ours},\n  note = {Post on X, from The Paper},\n  \
             url = {https://ours.example/tale/ada/hello/},\n}"
        );
    }

    #[test]
    fn a_date_is_given_in_numbers_only_as_far_as_it_is_known() {
        let issued = |date| serde_json::from_str::<Value>(&citation(date).csl()).unwrap()["issued"].clone();
        assert_eq!(issued(Some("2025-01-20")), json!({ "date-parts": [[2025, 1, 20]] }));
        assert_eq!(issued(Some("2025-01")), json!({ "date-parts": [[2025, 1]] }));
        assert_eq!(issued(Some("about 20 January")), json!({ "literal": "about 20 January" }));
        assert_eq!(issued(None), Value::Null);
        assert!(!citation(None).bibtex().contains("year"));
    }
}
