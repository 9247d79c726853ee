//! The short way of a build: after an edit of words alone, what is told and shown is what a clean build tells and shows, and
//! where words alone are not all that changed, the short way is not gone.

use rejoinder::engine::{Built, Ledger};
use rejoinder::input::MemoryFiles;

use crate::incremental::{Output, build, write_ledger};
use crate::world::shown;

/// A site that is built again and again on what the build before left, as on a disk.
struct Site {
    files: MemoryFiles,
    ledger: Vec<u8>,
    output: Output,
}

/// Which way a build is expected to go.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Way {
    Short,
    Ordinary,
}

use Way::{Ordinary, Short};

const TALE: &[(&str, &str)] = &[
    (
        "site.yaml",
        "title: Looms\nlanguage: en\nlevels: { ref-orphan: allow, quote-unverified: allow, lock-outdated: allow }\n",
    ),
    ("content/actors/ada.md", "---\nname: Ada Example\ntype: person\n---\nAda edits.\n\nShe weaves.\n"),
    ("content/terms/loom.md", "---\nname: loom\ndef: A frame for weaving.\n---\nLooms are old.\n"),
    (
        "content/sources/letter.md",
        "---\ntitle: A letter\ntype: personal_communication\npublished: 2025-01-20\nsnapshot: { file: snapshots/letter.txt }\n---\n",
    ),
    ("snapshots/letter.txt", "We shall weave as we have always woven.\n"),
    (
        "content/tale/story.md",
        "---\nkind: story\ntitle: The tale\nquestion: Who weaves?\nevent: launch\nas_of: 2025-02-01\n---\nA tale of [[ada]].\n\nMore of it.\n",
    ),
    (
        "content/tale/events/launch.md",
        "---\ntitle: The launch\ndate: 2025-01-19\nsources: [{ ref: letter }]\n---\nIt began.\n",
    ),
    (
        "content/tale/reactions/ada.md",
        "---\nactor: ada\nto: launch\nstatements:\n  - id: hello\n    quote: We shall weave as we have always woven.\n    sources: [{ ref: letter, role: primary }]\n---\nAda answered on [paper](/actors/ada/).\n\nThe [[loom]] stood still.\n",
    ),
];

impl Site {
    fn new() -> Site {
        let mut files = MemoryFiles::new();
        TALE.iter().for_each(|(path, text)| files.insert(*path, text.as_bytes().to_vec()));
        let mut output = Output::default();
        let built = build(&files, &Ledger::default(), false, &mut output);
        let told = shown(&built.report, &built.sources);
        let ledger = built.ledger.unwrap_or_else(|| panic!("the site builds:\n{told}")).to_bytes();
        Site { files, ledger, output }
    }

    fn text(&self, path: &str) -> String {
        use rejoinder::input::Files as _;
        let input = self.files.read(path).unwrap().unwrap_or_else(|| panic!("there is no {path}"));
        String::from_utf8(input.bytes.to_vec()).unwrap()
    }

    /// Writes one text for another in a file, and builds: both ways give the same. Returns what is told.
    fn change(&mut self, path: &str, old: &str, new: &str, way: Way) -> String {
        let text = self.text(path);
        assert!(text.contains(old), "{path} holds {old:?}");
        self.files.insert(path, text.replacen(old, new, 1).into_bytes());
        self.build(&format!("{path}: {old:?} becomes {new:?}"), way)
    }

    fn build(&mut self, at: &str, way: Way) -> String {
        let ledger = Ledger::from_bytes(self.ledger.clone());
        let built = build(&self.files, &ledger, false, &mut self.output);
        let mut clean_output = Output::default();
        let clean = build(&self.files, &Ledger::default(), false, &mut clean_output);
        let told = shown(&clean.report, &clean.sources);
        assert_eq!(shown(&built.report, &built.sources), told, "{at}");
        assert_eq!(way_of(&built), way, "{at}: {:?}", built.made);
        assert_eq!(built.counts, clean.counts, "{at}");
        if !clean.report.has_errors() {
            assert!(self.output.before == clean_output.before, "{at}: other files");
        }
        if let Some(ledger) = built.ledger {
            write_ledger(&ledger, &mut self.ledger);
        }
        told
    }
}

fn way_of(built: &Built) -> Way {
    if built.graph.is_none() { Short } else { Ordinary }
}

#[test]
fn words_that_no_other_page_shows_are_changed_again_and_again() {
    let mut site = Site::new();
    let before = site.ledger.len();
    site.change("content/actors/ada.md", "She weaves.", "She weaves, and reads.", Short);
    site.change("content/actors/ada.md", "and reads", "and writes", Short);
    site.change("content/tale/story.md", "More of it.", "Less of it.", Short);
    site.change("content/actors/ada.md", "and writes", "and reads", Short);
    assert!(site.ledger.len() > before, "the ledger grows");
    site.build("nothing changed", Short);
    // Headings and links of the page's own are looked through.
    site.change("content/actors/ada.md", "She weaves", "See [the story](/tale/). She weaves", Short);
    let told = site.change("content/actors/ada.md", "(/tale/)", "(/tail/)", Ordinary);
    assert!(told.contains("/tail/"), "{told}");
}

#[test]
fn what_is_told_of_a_file_is_told_again_where_it_stands_now() {
    let mut site = Site::new();
    let told = site.change(
        "content/terms/loom.md",
        "Looms are old.",
        "Looms are old.\n\nThey were sold yesterday.",
        Ordinary,
    );
    assert!(told.contains("yesterday") && told.contains("loom.md:7"), "{told}");
    // Below what is told nothing moves.
    let told = site.change("content/terms/loom.md", "yesterday.", "yesterday.\n\nNobody knows where.", Short);
    assert!(told.contains("loom.md:7"), "{told}");
    // In another file it is no concern of anybody.
    let told = site.change("content/actors/ada.md", "She weaves.", "She weaves still.", Short);
    assert!(told.contains("loom.md:7"), "{told}");
    // The text above it grows.
    let told = site.change("content/terms/loom.md", "They were", "Some are new.\n\nThey were", Ordinary);
    assert!(told.contains("loom.md:9"), "{told}");
    let told = site.change("content/terms/loom.md", "yesterday", "in 2020", Ordinary);
    assert!(!told.contains("loom.md:9"), "{told}");
    site.change("content/terms/loom.md", "in 2020", "in 2021", Short);
}

#[test]
fn a_link_that_moves_takes_the_short_way_while_nothing_is_told_of_it() {
    let mut site = Site::new();
    let path = "content/tale/reactions/ada.md";
    site.change(path, "The [[loom]]", "Now the [[loom]]", Ordinary);
    site.change(path, "Ada answered", "Ada then answered", Ordinary);
    // What no sentence with a link in it says, and no first paragraph.
    site.change(path, "stood still.", "stood still.\n\nIt was late.", Short);
    site.change("content/tale/story.md", "---\nA tale", "---\n\nA tale", Short);
}

#[test]
fn what_other_pages_show_or_check_goes_the_ordinary_way() {
    let mut site = Site::new();
    let edits = [
        ("content/terms/loom.md", "A frame for weaving", "A frame for cloth"),
        ("content/terms/loom.md", "name: loom", "# Its word.\nname: loom"),
        ("content/actors/ada.md", "Ada edits.", "Ada edits books."),
        ("content/tale/story.md", "title: The tale", "title: The long tale"),
        ("site.yaml", "Looms", "Weavers"),
        ("content/actors/ada.md", "She weaves.", "She weaves with [[weavers]]."),
    ];
    for (path, old, new) in edits {
        site.change(path, old, new, Ordinary);
    }
}

#[test]
fn a_copy_of_a_source_that_changes_is_compared_again() {
    let mut site = Site::new();
    site.change("content/actors/ada.md", "She weaves.", "She knits.", Short);
    let told = site.change("snapshots/letter.txt", "always", "never", Ordinary);
    assert!(told.contains("quote"), "{told}");
}

#[test]
fn a_link_to_a_page_that_is_renamed_is_told_after_edits_of_words_too() {
    let mut site = Site::new();
    site.change("content/tale/reactions/ada.md", "stood still.", "stood still.\n\nIt was late.", Short);
    let term = site.text("content/terms/loom.md");
    site.files.remove("content/terms/loom.md");
    site.files.insert("content/terms/frame.md", term.into_bytes());
    let told = site.build("the term is renamed", Ordinary);
    assert!(told.contains("loom") && told.contains("ada.md"), "{told}");
    // A site with errors leaves the ledger as it was.
    let term = site.text("content/terms/frame.md");
    site.files.remove("content/terms/frame.md");
    site.files.insert("content/terms/loom.md", term.into_bytes());
    site.change("content/tale/reactions/ada.md", "It was late.", "It was early.", Short);
}

#[test]
fn words_change_in_a_file_of_which_a_problem_is_accepted() {
    let mut site = Site::new();
    let path = "content/terms/loom.md";
    site.change(
        path,
        "name: loom",
        "accept:\n  - { code: date-relative, why: It is a joke. }\nname: loom",
        Ordinary,
    );
    site.change(path, "Looms are old.", "Looms are old.\n\nThey were sold yesterday.", Ordinary);
    site.change(path, "yesterday.", "yesterday.\n\nNobody laughed.", Short);
    let told = site.change(path, "yesterday", "in 2020", Ordinary);
    assert!(told.contains("accept"), "{told}");
}

#[test]
fn a_page_that_somebody_else_wrote_into_is_made_again() {
    let mut site = Site::new();
    let broken = |site: &mut Site, path: &str| {
        let old = site.output.before.insert(path.to_owned(), b"somebody else's".to_vec());
        assert!(old.is_some(), "there is {path}");
    };
    broken(&mut site, "actors/ada/index.html");
    site.change("content/actors/ada.md", "She weaves.", "She knits.", Short);
    broken(&mut site, "terms/loom/index.html");
    site.change("content/actors/ada.md", "She knits.", "She sews.", Ordinary);
}

#[test]
fn a_ledger_with_a_torn_end_is_one_without_it() {
    let mut site = Site::new();
    let whole = site.ledger.clone();
    site.change("content/actors/ada.md", "She weaves.", "She knits.", Short);
    let grown = site.ledger.clone();
    for end in [whole.len() + 1, whole.len() + 9, grown.len() - 1] {
        site.ledger = grown[..end].to_vec();
        // The page is as it is to be, and the ledger says that it is not.
        site.build("the end is torn off", Short);
        assert!(site.ledger.len() != end, "what was torn is written anew");
        site.change("content/actors/ada.md", "She knits.", "She sews.", Short);
        site.change("content/actors/ada.md", "She sews.", "She knits.", Short);
    }
    let mut other = grown.clone();
    let last = other.len() - 1;
    other[last] ^= 1;
    site.ledger = other;
    site.build("a bit is flipped", Short);
    // An addition that was meant for another ledger is none.
    site.ledger = [whole.clone(), grown[whole.len()..].to_vec(), grown[whole.len()..].to_vec()].concat();
    site.change("content/actors/ada.md", "She knits.", "She mends.", Short);
}
