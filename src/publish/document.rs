//! The plan as a document: JSON for programs that approve it or carry it out.

use serde::Serialize;

use super::fields::UNSERVED_HELP;
use super::plan::{Action, Operation, Phase, Plan, Source, Why};
use super::release::Headers;

/// The shape of the document. It changes only together with [`PlanDocument::schema`].
#[derive(Serialize)]
pub struct PlanDocument<'a> {
    /// `rejoinder.plan/1`.
    pub schema: &'static str,
    /// The target's name in the configuration.
    pub target: &'a str,
    /// Where that is.
    pub place: &'a str,
    /// What is live; `null` before anything was.
    pub live: Option<Live>,
    /// The release that would be.
    pub release: ReleaseHead<'a>,
    /// Why it will not be carried out; empty when it may.
    pub refusals: Vec<Told>,
    /// How many files are deleted, as `--allow-delete` counts them.
    pub deletions: usize,
    /// How many bytes are sent.
    pub bytes: u64,
    /// Which header fields of the site's list this place does not send; absent when there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unserved: Option<Unserved<'a>>,
    /// What is done, in order. Empty when what is live is what is built.
    pub operations: Vec<Step<'a>>,
}

/// Header fields that whatever stands in front of a place has to send.
#[derive(Serialize)]
pub struct Unserved<'a> {
    /// Their names.
    pub fields: &'a [String],
    /// Who can send them.
    pub help: &'static str,
}

/// What is live.
#[derive(Serialize)]
pub struct Live {
    /// Its name, such as `r41`.
    pub release: String,
    /// When it went live, in seconds since 1970.
    pub published: i64,
}

/// The release that would be.
#[derive(Serialize)]
pub struct ReleaseHead<'a> {
    /// Its name, such as `r42`.
    pub name: String,
    /// The site's name.
    pub title: &'a str,
    /// The site's address; may be empty.
    pub base_url: &'a str,
    /// How many pages it has.
    pub pages: usize,
    /// How many files it has.
    pub files: usize,
    /// The release that it brings back.
    pub restores: Option<u32>,
}

/// A refusal.
#[derive(Serialize)]
pub struct Told {
    /// What is so.
    pub message: String,
    /// What to do.
    pub help: String,
}

/// One operation. Keys that do not belong to its kind are left out.
#[derive(Default, Serialize)]
pub struct Step<'a> {
    /// `send`, `headers`, `keep`, `keep-list`, `record`, `invalidate`, `delete`, `forget` or `settle`.
    pub action: &'static str,
    /// When: see [`Phase`].
    pub phase: Option<Phase>,
    /// Which file of the site.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<&'a str>,
    /// Whether nothing stands there yet.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub new: Option<bool>,
    /// How many bytes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub size: Option<u64>,
    /// The BLAKE3 digest of the bytes, as hexadecimal digits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub blake3: Option<String>,
    /// What goes with it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub headers: Option<&'a Headers>,
    /// Where the bytes come from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<Source>,
    /// Why it goes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<Why>,
    /// Which addresses a cache forgets.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub addresses: Option<&'a [String]>,
}

impl<'a> PlanDocument<'a> {
    /// The document of a plan.
    pub fn new(target: &'a str, place: &'a str, plan: &'a Plan) -> PlanDocument<'a> {
        let release = &plan.release;
        let told = plan.refusals.iter().map(|it| {
            let failure = it.failure();
            Told { message: failure.message, help: failure.help }
        });
        PlanDocument {
            schema: "rejoinder.plan/1",
            target,
            place,
            live: plan.live.clone().map(|(release, published)| Live { release, published }),
            release: ReleaseHead {
                name: release.name(),
                title: &release.title,
                base_url: &release.base_url,
                pages: release.n_pages(),
                files: release.files.len(),
                restores: release.restores,
            },
            refusals: told.collect(),
            deletions: plan.n_deletions,
            bytes: plan.sends().map(|(file, _)| file.size).sum(),
            unserved: None,
            operations: plan.operations.iter().map(step).collect(),
        }
    }

    /// The same document, which says that the place does not send these fields.
    pub fn without_fields(mut self, fields: &'a [String]) -> PlanDocument<'a> {
        let help = UNSERVED_HELP;
        self.unserved = (!fields.is_empty()).then_some(Unserved { fields, help });
        self
    }

    /// Its text, with a line break at its end.
    pub fn to_json(&self) -> String {
        let text = serde_json::to_string_pretty(self).expect("a plan has text keys and whole numbers only");
        format!("{text}\n")
    }
}

fn step(operation: &Operation) -> Step<'_> {
    let step = |action| Step { action, phase: Some(operation.phase), ..Step::default() };
    match &operation.action {
        Action::Send { file, from, is_new } => Step {
            path: Some(file.path.as_str()),
            new: Some(*is_new),
            size: Some(file.size),
            blake3: Some(file.fingerprint.hex()),
            headers: Some(&file.headers),
            from: Some(*from),
            ..step("send")
        },
        Action::SetHeaders { file, .. } => {
            Step { path: Some(file.path.as_str()), headers: Some(&file.headers), ..step("headers") }
        }
        Action::Keep { path, fingerprint } => {
            Step { path: Some(path.as_str()), blake3: Some(fingerprint.hex()), ..step("keep") }
        }
        Action::KeepList { .. } => step("keep-list"),
        Action::SwapRecord => step("record"),
        Action::Invalidate { addresses } => Step { addresses: Some(addresses), ..step("invalidate") },
        Action::Delete { path, why } => Step { path: Some(path.as_str()), why: Some(*why), ..step("delete") },
        Action::Forget { key } => Step { path: Some(key), ..step("forget") },
        Action::SettleRecord => step("settle"),
    }
}
