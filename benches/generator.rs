//! Explainer sites made of nothing but a seed, for benchmarks and property tests.
//!
//! In: a [`Shape`]. Out: paths with their texts, the same for the same shape on any machine. A site builds without
//! errors; some of its records are worth a warning, as real ones are.
//!
//! # What a site looks like
//!
//! Stories of 8 to 20 reactions with 2 to 5 statements each, so that about seven pages in ten are statements. Each story
//! brings an event or two, sources, figures, a term, silences, claims, actions, replies inside and between reactions,
//! origins that sources name, and bodies of 2 to 4 KB with headings, lists, quotations and links to other records.
//!
//! # How actors are shared, and why nobody is everywhere
//!
//! Few actors are in many stories and many in one. *Hubs* come in groups of six and speak in two or three of every story
//! of their season; a season is twenty stories. *Regulars* come in groups of eight and last five stories. The rest
//! belong to one story. So a hub gathers about a hundred statements and no more, however large the site is: a page that
//! lists all of an actor's statements stays one page of work, and what is measured is how the engine grows, not how one
//! page does. Terms and outlets follow the same rule.

#![allow(unreachable_pub, reason = "several targets hold this file as a module of their own")]

/// What to generate.
#[derive(Clone, Copy, Debug)]
pub struct Shape {
    /// At least this many pages, counted as addresses that end in `/`; the last story is finished.
    pub pages: usize,
    /// Where chance starts.
    pub seed: u64,
}

/// Generates a site: every file with its path relative to the project, sorted by path.
pub fn generate(shape: &Shape) -> Vec<(String, String)> {
    let mut maker = Maker::new(shape.seed);
    maker.frame();
    while maker.n_pages < shape.pages {
        maker.story();
    }
    maker.files.sort();
    maker.files
}

/// How many stories share hubs, outlets and a section of plain pages.
const SEASON: usize = 20;
/// How many stories share regulars and terms.
const MONTH: usize = 5;

/// SplitMix64 (Steele, Lea, Flood 2014): ten lines instead of a crate, and fixed for ever.
pub(crate) struct Chance(pub(crate) u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below another, which is not 0.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        (self.next() % end as u64) as usize
    }

    /// A number from `low` to `high`, both included.
    fn between(&mut self, low: usize, high: usize) -> usize {
        low + self.below(high - low + 1)
    }

    /// True once in so many times.
    pub(crate) fn one_in(&mut self, many: usize) -> bool {
        self.below(many) == 0
    }

    /// One of some items, of which there is at least one.
    pub(crate) fn pick<'t, T>(&mut self, items: &'t [T]) -> &'t T {
        &items[self.below(items.len())]
    }

    /// Some of the items, each once, in an order of chance.
    fn some<T: Clone>(&mut self, items: &[T], many: usize) -> Vec<T> {
        let mut left = items.to_vec();
        let many = many.min(left.len());
        (0..many).map(|_| left.swap_remove(self.between(0, left.len() - 1))).collect()
    }
}

#[derive(Clone)]
struct Actor {
    id: String,
    /// Where the actor holds an office, for people.
    house: Option<String>,
}

struct Maker {
    chance: Chance,
    files: Vec<(String, String)>,
    n_pages: usize,
    n_stories: usize,
    n_actors: usize,
    hubs: Vec<Actor>,
    regulars: Vec<Actor>,
    outlets: Vec<String>,
    terms: Vec<String>,
}

/// One story under way: what its texts can point to.
struct Story {
    /// `s12`: the start of every id that belongs to it.
    tag: String,
    dir: String,
    event: String,
    year: usize,
    month: usize,
    cast: Vec<Actor>,
    figures: Vec<String>,
    /// Statements so far, as other reactions name them: `ada-brandt-12.a`.
    said: Vec<String>,
}

impl Maker {
    fn new(seed: u64) -> Maker {
        Maker {
            chance: Chance(seed),
            files: Vec::new(),
            n_pages: 0,
            n_stories: 0,
            n_actors: 0,
            hubs: Vec::new(),
            regulars: Vec::new(),
            outlets: Vec::new(),
            terms: Vec::new(),
        }
    }

    fn file(&mut self, path: String, text: String) {
        self.files.push((path, text));
    }

    /// What every site has: settings, a home page, a page about it, and the lists.
    fn frame(&mut self) {
        // Drawing cards costs a hundred times as much as all else, and has figures of its own.
        let settings = "title: Generated reactions\nbase_url: https://reactions.example/\nshare_cards: false\n\
            description: Who said what about what, where, and on whose word.\n";
        self.file("site.yaml".to_owned(), settings.to_owned());
        self.file(
            "content/_index.md".to_owned(),
            "---\ntitle: Generated reactions\n---\n\nStories.\n".to_owned(),
        );
        self.file("content/about.md".to_owned(), format!("---\ntitle: About\n---\n\n{LOREM}\n"));
        // Home, about, actors, terms, sources, corrections.
        self.n_pages += 6;
    }

    fn story(&mut self) {
        let number = self.n_stories;
        if number.is_multiple_of(SEASON) {
            self.season(number / SEASON);
        }
        if number.is_multiple_of(MONTH) {
            self.month(number / MONTH);
        }
        self.n_stories += 1;

        let tag = format!("s{number}");
        let dir = format!("content/story-{number}");
        let n_reactions = self.chance.between(8, 20);
        let n_hubs = self.chance.between(2, 3);
        let mut cast = self.chance.some(&self.hubs, n_hubs);
        let n_regulars = self.chance.between(3, 5);
        cast.extend(self.chance.some(&self.regulars, n_regulars));
        let houses: Vec<String> = self.hubs.iter().map(|hub| hub.id.clone()).collect();
        let new: Vec<Actor> = (cast.len()..n_reactions).map(|_| self.person(&houses)).collect();
        let entries: String = new.iter().map(actor_entry).collect();
        self.file(format!("{dir}/actors.yaml"), entries);
        cast.extend(new);

        let (year, month) = (2015 + number % 10, 1 + number % 12);
        let event = format!("{tag}-event");
        let figures: Vec<String> = (0..3).map(|idx| format!("{tag}-figure-{idx}")).collect();
        let mut story = Story { tag, dir, event, year, month, cast, figures, said: Vec::new() };
        self.sources(&story);
        self.figures(&story);
        self.events(&story);
        for idx in 0..story.cast.len() {
            self.reaction(&mut story, idx);
        }
        self.landing(&story);
        if self.chance.one_in(3) {
            self.correction(&story);
        }
        if self.chance.one_in(2) {
            self.note(&story, number);
        }
    }

    /// New hubs, new outlets, a new section.
    fn season(&mut self, number: usize) {
        self.hubs = (0..6).map(|_| self.organisation()).collect();
        for hub in self.hubs.clone() {
            let body = self.body(&[], &[]);
            let text = format!(
                "---\nname: {}\ntype: organisation\ndescribed_as: A company in {} places.\nstakes: [\"{}\"]\n---\n\n{body}",
                title_of(&hub.id),
                number + 2,
                self.sentence(4, 7),
            );
            self.file(format!("content/actors/{}.md", hub.id), text);
        }
        self.outlets = (0..4).map(|idx| format!("outlet-{number}-{idx}")).collect();
        let entries: String = self
            .outlets
            .iter()
            .map(|id| format!("- {{ id: {id}, type: outlet, name: {} }}\n", title_of(id)))
            .collect();
        self.n_pages += self.outlets.len();
        self.file(format!("content/actors/outlets-{number}.yaml"), entries);
        self.file(format!("content/notes-{number}/_index.md"), format!("---\ntitle: Notes {number}\n---\n"));
        self.n_pages += 1;
    }

    /// New regulars, new terms.
    fn month(&mut self, number: usize) {
        let houses: Vec<String> = self.hubs.iter().map(|hub| hub.id.clone()).collect();
        self.regulars = (0..8).map(|_| self.person(&houses)).collect();
        let entries: String = self.regulars.iter().map(actor_entry).collect();
        self.file(format!("content/actors/regulars-{number}.yaml"), entries);
        self.terms = (0..5).map(|idx| format!("term-{number}-{idx}")).collect();
        for id in self.terms.clone() {
            let text = format!(
                "---\nname: {}\ndef: \"{}\"\nsee_also: [term-{number}-0]\n---\n\n{}\n",
                title_of(&id).to_lowercase(),
                self.sentence(8, 14),
                self.paragraph(&[], &[]),
            );
            self.file(format!("content/terms/{id}.md"), text);
        }
        self.n_pages += self.terms.len();
    }

    fn organisation(&mut self) -> Actor {
        Actor { id: self.new_id(ORGANISATIONS, KINDS_OF_HOUSE), house: None }
    }

    fn person(&mut self, houses: &[String]) -> Actor {
        let id = self.new_id(FIRST_NAMES, LAST_NAMES);
        Actor { id, house: Some(self.chance.pick(houses).clone()) }
    }

    fn new_id(&mut self, first: &[&str], last: &[&str]) -> String {
        self.n_actors += 1;
        self.n_pages += 1;
        format!("{}-{}-{}", self.chance.pick(first), self.chance.pick(last), self.n_actors)
    }

    /// The post, the call, the report, the wire and the rumour a story rests on.
    fn sources(&mut self, story: &Story) {
        let tag = &story.tag;
        let date = |day: usize| date(story, day);
        // What the posts and the call say was said on several days.
        let month = format!("{}-{:02}", story.year, story.month);
        let (report, wire) =
            (self.chance.pick(&self.outlets).clone(), self.chance.pick(&self.outlets).clone());
        let author = &story.cast[0].id;
        let text = format!(
            "- {{ id: {tag}-post, kind: source, type: post, title: Post of {tag}, author: {author}, published: {}, lang: en, channel: x, url: \"https://x.example/{tag}\" }}\n\
             - {{ id: {tag}-call, kind: source, type: speech, title: Call of {tag}, published: {}, lang: en, transcript: third-party }}\n\
             - {{ id: {tag}-report, kind: source, type: article-newspaper, title: Report of {tag}, publisher: {report}, published: {}, accessed: {}, lang: en, url: \"https://news.example/{tag}/report\" }}\n\
             - {{ id: {tag}-wire, kind: source, type: article-newspaper, title: Wire of {tag}, publisher: {wire}, published: {}, lang: en, seen: false, access: paywalled }}\n\
             - {{ id: {tag}-rumour, kind: source, type: unspecified, title: Reports that {tag} does not name, seen: false }}\n",
            month,
            month,
            date(17),
            date(20),
            date(17),
        );
        self.n_pages += 5;
        self.file(format!("{}/sources.yaml", story.dir), text);
    }

    fn figures(&mut self, story: &Story) {
        let mut text = String::new();
        for id in &story.figures {
            let of = &self.chance.pick(&story.cast).id;
            let value = self.chance.between(2, 900);
            text.push_str(&format!(
                "- {{ id: {id}, kind: figure, of: {of}, measure: \"{}\", value: {value} million, unit: USD, on: {}, conversions: [{{ value: {} million, unit: EUR, rate_date: {} }}], sources: [{{ ref: {}-report }}] }}\n",
                self.sentence(3, 5).trim_end_matches('.').to_lowercase(),
                date(story, 10),
                value - 1,
                date(story, 10),
                story.tag,
            ));
        }
        self.file(format!("{}/figures.yaml", story.dir), text);
    }

    fn events(&mut self, story: &Story) {
        let after = self.chance.one_in(2).then(|| format!("{}-after", story.event));
        let led_to = after.as_ref().map_or_else(String::new, |id| format!("led_to: [{id}]\n"));
        let mut one = |id: &str, day: usize, led_to: &str| {
            let text = format!(
                "---\ntitle: \"{}\"\ndate: {}\nactors: [{{ ref: {}, role: maker }}, {{ ref: {}, role: affected }}]\n\
                 concerns: [{}]\n{led_to}figures: [{}]\nsources: [{{ ref: {}-report, role: secondary }}]\n---\n\n{}\n",
                self.sentence(5, 9).trim_end_matches('.'),
                date(story, day),
                story.cast[0].id,
                story.cast[1].id,
                story.cast[0].id,
                story.figures[0],
                story.tag,
                self.paragraph(&[], &[]),
            );
            self.n_pages += 1;
            self.file(format!("{}/events/{id}.md", story.dir), text);
        };
        one(&story.event, 10, &led_to);
        if let Some(after) = after {
            one(&after, 11, "");
        }
    }

    fn reaction(&mut self, story: &mut Story, idx: usize) {
        let actor = story.cast[idx].clone();
        let mut text = format!(
            "---\nactor: {}\nto: {}\nstance: {}\nthemes: [{}]\nsummary: \"{}\"\nstatements:\n",
            actor.id,
            story.event,
            self.chance.pick(STANCES),
            self.chance.some(THEMES, 2).join(", "),
            self.sentence(9, 16),
        );
        let mut own = Vec::new();
        for number in 0..self.chance.between(2, 5) {
            let id = format!("said-{number}");
            self.statement(story, &actor, &id, &own, &mut text);
            own.push(id);
            self.n_pages += 1;
        }
        self.action_claim_and_silence(story, &actor, &mut text);
        let others: Vec<String> = story.cast[..idx].iter().map(|it| it.id.clone()).collect();
        let body = self.body(&self.names_of(story), &others);
        self.file(format!("{}/reactions/{}.md", story.dir, actor.id), format!("{text}---\n\n{body}"));
        self.n_pages += 1;
        story.said.extend(own.into_iter().map(|id| format!("{}.{id}", actor.id)));
    }

    fn statement(&mut self, story: &Story, actor: &Actor, id: &str, own: &[String], text: &mut String) {
        let tag = &story.tag;
        let about = &self.chance.pick(&story.cast).id;
        let is_paraphrase = self.chance.one_in(5);
        let words = self.sentence(8, 30);
        let key = if is_paraphrase { "says" } else { "quote" };
        let day = 12 + own.len();
        text.push_str(&format!(
            "  - id: {id}\n    speaker: {}\n    {key}: \"{words}\"\n    date: {}\n    about: [{about}]\n",
            actor.id,
            date(story, day),
        ));
        if let (Some(house), true) = (&actor.house, self.chance.one_in(3)) {
            text.push_str(&format!("    for: {house}\n    capacity: official\n"));
        }
        let channel = match self.chance.between(0, 3) {
            0 => "{ type: post, on: x }".to_owned(),
            1 => format!("{{ type: call, at: {} }}", story.event),
            2 => format!("{{ type: interview, to: {} }}", self.chance.pick(&self.outlets)),
            _ => format!("{{ type: statement, to: {} }}", self.chance.pick(&self.outlets)),
        };
        text.push_str(&format!("    channel: {channel}\n"));
        if self.chance.one_in(3) {
            text.push_str(&format!("    terms: [{}]\n", self.chance.pick(&self.terms)));
        }
        if self.chance.one_in(6) {
            text.push_str(&format!("    mentions: [{}]\n", self.chance.pick(&story.cast).id));
        }
        if self.chance.one_in(8) {
            text.push_str(&format!("    figures: [{}]\n", self.chance.pick(&story.figures)));
        }
        match (own.last(), story.said.is_empty()) {
            (Some(last), _) if self.chance.one_in(6) => text.push_str(&format!("    replies_to: {last}\n")),
            (None, false) if self.chance.one_in(3) => {
                // The day is the first anybody speaks on, so nobody answers before they are spoken to.
                let firsts: Vec<&String> = story.said.iter().filter(|it| it.ends_with("said-0")).collect();
                let relation = if self.chance.one_in(2) { "replies_to" } else { "endorses" };
                text.push_str(&format!("    {relation}: {}\n", self.chance.pick(&firsts)));
            }
            _ => (),
        }
        let alleges = self.chance.one_in(12);
        if alleges {
            let against = &self.chance.pick(&story.cast).id;
            text.push_str(&format!("    alleges: {{ about: [{against}], status: alleged, hedge: might }}\n"));
        }
        // The post is by the first of the cast; the others were heard in the call.
        let occasion = if actor.id == story.cast[0].id { "post" } else { "call" };
        let sources = match self.chance.between(0, 9) {
            0..=3 => format!(
                "[{{ ref: {tag}-{occasion}, role: primary }}, {{ ref: {tag}-report, as_printed: \"{}\" }}]",
                words.to_lowercase()
            ),
            4..=5 => format!("[{{ ref: {tag}-call, role: primary }}]"),
            6..=7 => format!("[{{ ref: {tag}-report }}]"),
            8 => format!("[{{ ref: {tag}-report, via: {tag}-wire, says: according to the wire }}]"),
            // An allegation that rests on a rumour alone is an error.
            _ if !alleges && self.chance.one_in(4) => format!("[{{ ref: {tag}-report, via: {tag}-rumour }}]"),
            _ => format!("[{{ ref: {tag}-wire }}, {tag}-report]"),
        };
        text.push_str(&format!("    sources: {sources}\n"));
    }

    fn action_claim_and_silence(&mut self, story: &Story, actor: &Actor, text: &mut String) {
        let tag = &story.tag;
        if self.chance.one_in(4) {
            let figure = self.chance.pick(&story.figures);
            text.push_str(&format!(
                "actions:\n  - id: did\n    did: \"{}\"\n    date: {}\n    about: [{}]\n    figures: [{figure}]\n    sources: [{{ ref: {tag}-report, via: {tag}-wire }}]\n",
                self.sentence(7, 12),
                date(story, 14),
                story.cast[0].id,
            ));
        }
        if self.chance.one_in(6) {
            let against = &self.chance.pick(&story.cast).id;
            text.push_str(&format!(
                "claims:\n  - id: claim\n    about: [{against}]\n    says: \"{}\"\n    status: disputed\n    hedge: may\n    terms: [{}]\n    sources: [{tag}-report]\n",
                self.sentence(7, 12),
                self.chance.pick(&self.terms),
            ));
        }
        if let (Some(house), true) = (&actor.house, self.chance.one_in(7)) {
            text.push_str(&format!(
                "silences:\n  - actor: {house}\n    state: declined\n    asked: [{{ by: {}, at: {} }}]\n    scope: {{ channel: {tag}-network, kind: own-posts }}\n    as_of: {}\n    sources: [{tag}-report]\n",
                self.outlets[0],
                date(story, 15),
                date(story, 18),
            ));
        }
    }

    fn landing(&mut self, story: &Story) {
        let reactions: Vec<String> = story.cast.iter().map(|it| it.id.clone()).collect();
        let body = self.body(&self.names_of(story), &reactions);
        let methods = self.sentence(9, 16);
        let order: Vec<&str> = story.cast.iter().take(5).map(|it| it.id.as_str()).collect();
        let text = format!(
            "---\ntitle: \"{}\"\nquestion: \"{}?\"\nlang: en\nevent: {}\nas_of: {}\nstatus: closed\n\
             scale:\n  stance: [{}]\n  themes: [{}]\norder: [{}]\nbyline: [{}]\nmethods: \"{methods}\"\n---\n\n{body}",
            self.sentence(5, 9).trim_end_matches('.'),
            self.sentence(6, 10).trim_end_matches('.'),
            story.event,
            date(story, 25),
            STANCES.join(", "),
            THEMES.join(", "),
            order.join(", "),
            self.outlets[0],
        );
        self.file(format!("{}/story.md", story.dir), text);
        // Landing, timeline, comparison, map.
        self.n_pages += 4;
    }

    fn correction(&mut self, story: &Story) {
        let text = format!(
            "---\non: {}\ndate: {}\ntype: correction\nwas: legitimately\nnow: legit\nwhy: \"{}\"\n---\n",
            self.chance.pick(&story.said),
            date(story, 26),
            self.sentence(8, 14),
        );
        self.file(format!("{}/corrections/{}-slip.md", story.dir, story.tag), text);
    }

    fn note(&mut self, story: &Story, number: usize) {
        let body = self.body(&self.names_of(story), &[]);
        let text = format!(
            "---\ntitle: \"{}\"\ndate: {}\ntoc: true\n---\n\n{body}\nSee [the story](@/story-{number}/story.md).\n",
            self.sentence(4, 8).trim_end_matches('.'),
            date(story, 27),
        );
        self.file(format!("content/notes-{}/note-{number}.md", number / SEASON), text);
        self.n_pages += 1;
    }

    /// What a body can link to: the story's actors, the terms, the event.
    fn names_of(&self, story: &Story) -> Vec<String> {
        let actors = story.cast.iter().map(|it| format!("actor:{}", it.id));
        let terms = self.terms.iter().map(|it| format!("term:{it}"));
        actors.chain(terms).chain([format!("event:{}", story.event)]).collect()
    }

    /// Two to four kilobytes of Markdown.
    fn body(&mut self, names: &[String], reactions: &[String]) -> String {
        let most = self.chance.between(2_000, 4_000);
        let mut text = format!("{}\n\n", self.paragraph(names, reactions));
        while text.len() < most {
            match self.chance.between(0, 5) {
                0 => text.push_str(&format!("## {}\n\n", self.sentence(3, 6).trim_end_matches('.'))),
                1 => {
                    for _ in 0..self.chance.between(3, 5) {
                        text.push_str(&format!("- {}\n", self.linked_sentence(names, reactions)));
                    }
                    text.push('\n');
                }
                2 => text.push_str(&format!("> {}\n>\n> {}\n\n", self.sentence(8, 16), self.sentence(5, 9))),
                _ => text.push_str(&format!("{}\n\n", self.paragraph(names, reactions))),
            }
        }
        text
    }

    fn paragraph(&mut self, names: &[String], reactions: &[String]) -> String {
        let sentences = self.chance.between(3, 6);
        (0..sentences).map(|_| self.linked_sentence(names, reactions)).collect::<Vec<_>>().join("\n")
    }

    /// A sentence, sometimes with a link or emphasis at its end.
    fn linked_sentence(&mut self, names: &[String], reactions: &[String]) -> String {
        let sentence = self.sentence(8, 18);
        let start = sentence.trim_end_matches('.');
        match self.chance.between(0, 7) {
            0 | 1 if !names.is_empty() => format!("{start}, said [[{}]].", self.chance.pick(names)),
            2 if !names.is_empty() => {
                format!("{start} of [[{}|{}]].", self.chance.pick(names), self.chance.pick(WORDS))
            }
            3 if !reactions.is_empty() => format!("{start}: [[reaction:{}]].", self.chance.pick(reactions)),
            4 => format!(
                "{start}, *{} {}*, and \"{}\".",
                self.chance.pick(WORDS),
                self.chance.pick(WORDS),
                self.chance.pick(WORDS)
            ),
            5 => format!("{start} with **{}** and `{}`.", self.chance.pick(WORDS), self.chance.pick(WORDS)),
            _ => sentence,
        }
    }

    fn sentence(&mut self, low: usize, high: usize) -> String {
        let many = self.chance.between(low, high);
        let mut words: Vec<&str> = (0..many).map(|_| *self.chance.pick(WORDS)).collect();
        let first = title_of(words[0]);
        words[0] = &first;
        format!("{}.", words.join(" "))
    }
}

fn actor_entry(actor: &Actor) -> String {
    let house = actor.house.as_deref().unwrap_or_default();
    format!(
        "- {{ id: {}, kind: actor, type: person, name: {}, roles: [{{ at: {house}, title: chief of research }}], accounts: [{{ on: x, handle: \"@{}\" }}] }}\n",
        actor.id,
        title_of(&actor.id),
        actor.id,
    )
}

fn date(story: &Story, day: usize) -> String {
    format!("{}-{:02}-{day:02}", story.year, story.month)
}

/// `ada-brandt-12` as `Ada Brandt 12`.
fn title_of(id: &str) -> String {
    let words = id.split('-').map(|word| format!("{}{}", word[..1].to_uppercase(), &word[1..]));
    words.collect::<Vec<_>>().join(" ")
}

const STANCES: &[&str] = &["praises", "welcomes-and-competes", "disputes", "accuses"];
const THEMES: &[&str] = &["compute", "cost", "open-source", "data-origin", "energy"];
const ORGANISATIONS: &[&str] = &["north", "blue", "common", "delta", "harbour", "quiet", "silver", "open"];
const KINDS_OF_HOUSE: &[&str] = &["labs", "works", "systems", "chips", "networks", "institute"];
const FIRST_NAMES: &[&str] =
    &["ada", "ben", "chen", "dalia", "emre", "fatou", "goran", "hana", "ines", "jonas"];
const LAST_NAMES: &[&str] =
    &["brandt", "cho", "diaz", "eriksen", "farouk", "gupta", "holm", "ivanova", "jansen"];
const LOREM: &str = "This site was made by a machine to measure another.";
const WORDS: &[&str] = &[
    "the", "a", "of", "to", "and", "in", "that", "is", "for", "on", "with", "as", "by", "this", "at", "from",
    "we", "it", "they", "model", "price", "chip", "market", "engineer", "release", "answer", "question",
    "record", "data", "energy", "company", "reader", "week", "morning", "report", "paper", "country", "rule",
    "export", "cost", "saving", "training", "network", "reason", "method", "result", "promise", "doubt",
    "measure", "number", "share", "investor", "rival", "partner", "founder", "board", "court", "letter",
    "speech", "call", "meeting", "says", "shows", "takes", "gives", "makes", "finds", "keeps", "moves",
    "opens", "builds", "grows", "falls", "rises", "holds", "means", "asks", "tells", "small", "large",
    "early", "late", "open", "closed", "public", "quiet", "careful", "cheap", "strong", "new", "old",
    "first", "second", "next", "same", "other", "many", "few", "more", "less", "again", "still", "already",
    "soon",
];
