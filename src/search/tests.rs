use super::*;

fn record(number: usize, lang: &str, text: &str) -> Record {
    Record {
        kind: "Statements",
        url: format!("/statements/{number}/"),
        lang: lang.to_owned(),
        title: format!("Speaker {}", number % 7),
        text: text.to_owned(),
        text_lang: None,
        note: "20 Jan 2025, Post on Chirp".to_owned(),
        actors: vec![format!("Speaker {}", number % 7)],
        stances: vec!["welcomes".to_owned()],
        sources: vec![format!("The Example Post, {}", number % 3)],
    }
}

fn many() -> Vec<Record> {
    let words = ["gadget", "café", "cafe", "price", "tariff", "welcome", "dispute", "naïve", "naive"];
    let text = |n: usize| format!("{} {} {}", words[n % 9], words[(n / 3) % 9], words[(n * n) % 9]);
    let records = (0..400).map(|n| record(n, if n % 5 == 0 { "fr" } else { "en" }, &text(n)));
    records.chain([record(400, "xx", "words of a language without a stemmer")]).collect()
}

#[test]
fn the_same_records_give_the_same_bytes() {
    let records = many();
    let first = index(&records).unwrap();
    for _ in 0..3 {
        assert!(index(&records).unwrap() == first, "the order of a hash map got into the index");
    }
    assert!(first.windows(2).all(|pair| pair[0].0 < pair[1].0), "files are sorted, each once");
}

#[test]
fn each_language_has_an_index_of_its_own() {
    let files = index(&many()).unwrap();
    let names: Vec<&str> = files.iter().map(|(name, _)| name.as_str()).collect();
    for wanted in
        ["pagefind.js", "pagefind-entry.json", "pagefind-worker.js", "wasm.en.pagefind", "wasm.fr.pagefind"]
    {
        assert!(names.contains(&wanted), "{wanted} is missing from {names:?}");
    }
    let entry = files.iter().find(|(name, _)| name == "pagefind-entry.json").unwrap();
    let entry: serde_json::Value = serde_json::from_slice(&entry.1).unwrap();
    let counts = ["en", "fr", "xx"].map(|lang| entry["languages"][lang]["page_count"].as_u64());
    assert_eq!(counts, [Some(320), Some(80), Some(1)]);
}

#[test]
fn nothing_is_written_that_no_page_asks_for() {
    let one = index(&[record(1, "en", "one word")]).unwrap();
    let has = |part: &str| one.iter().any(|(name, _)| name.contains(part));
    assert!(!has("-ui") && !has("highlight") && !has("playground"));
    // English has a stemmer.
    assert!(!has(PLAIN_READER));
    let plain = index(&[record(1, "xx", "one word")]).unwrap();
    assert!(plain.iter().any(|(name, _)| name == PLAIN_READER));
}

#[test]
fn a_site_with_nothing_in_it_has_an_index_too() {
    let files = index(&[]).unwrap();
    assert!(files.iter().any(|(name, _)| name == "pagefind-entry.json"));
}

#[test]
fn many_results_share_files() {
    let text = |n: usize| format!("words {n}");
    let records: Vec<Record> = (0..2500).map(|n| record(n, "en", &text(n))).collect();
    let files = index(&records).unwrap();
    let fragments = files.iter().filter(|(name, _)| name.starts_with("fragment/")).count();
    assert!(fragments <= MOST_FRAGMENTS as usize, "{fragments} files of texts");
}
