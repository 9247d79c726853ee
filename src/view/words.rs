//! The sentences views say about facts: labels of channels, evidence, silences and kinds, in plain English.

use crate::graph::{Attribution, Grade};
use crate::model::{
    ActorType, Bound, Capacity, ChannelType, ClaimStatus, CorrectionType, Form, SilenceState, SourceRole,
    StoryStatus,
};

/// "A", "A and B", "A, B and C".
pub(super) fn and_list(items: &[String]) -> String {
    match items {
        [] => String::new(),
        [one] => one.clone(),
        [most @ .., last] => format!("{} and {last}", most.join(", ")),
    }
}

/// The first letter in upper case.
pub(super) fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// A message of a check as a sentence for readers, with quotation marks where authors see backticks or stars.
pub(super) fn for_readers(message: &str) -> String {
    let mut out = String::new();
    let mut is_open = false;
    for c in message.chars() {
        match c {
            '`' | '*' => {
                is_open = !is_open;
                out.push(if is_open { '“' } else { '”' });
            }
            c => out.push(c),
        }
    }
    let sentence = capitalised(&out);
    if sentence.ends_with(['.', '?', '!']) { sentence } else { format!("{sentence}.") }
}

/// Cuts at a word boundary near `most` characters and says so with an ellipsis.
pub(super) fn shortened(text: &str, most: usize) -> String {
    // No text has more characters than bytes.
    let end = if text.len() > most { text.char_indices().nth(most) } else { None };
    let Some((end, _)) = end else { return text.to_owned() };
    let cut = &text[..end];
    let end = cut.rfind(' ').unwrap_or(cut.len());
    [cut[..end].trim_end_matches([',', ';', ':', '.', ' ', '—', '–']), "…"].concat()
}

/// What platforms call themselves.
pub(super) fn platform_name(id: &str) -> String {
    let known = match id.to_lowercase().as_str() {
        "linkedin" => "LinkedIn",
        "x" => "X",
        "twitter" => "Twitter",
        "youtube" => "YouTube",
        "tiktok" => "TikTok",
        "wechat" => "WeChat",
        "github" => "GitHub",
        "truth-social" => "Truth Social",
        "hacker-news" => "Hacker News",
        _ => return capitalised(&id.replace('-', " ")),
    };
    known.to_owned()
}

/// `left-to-right` or `right-to-left`, by the language's usual script.
pub(super) fn direction(lang: &str) -> &'static str {
    let primary = lang.split(['-', '_']).next().unwrap_or(lang);
    let rtl_script = lang.split('-').any(|part| matches!(part, "Arab" | "Hebr" | "Thaa" | "Syrc" | "Nkoo"));
    let rtl = matches!(
        primary,
        "ar" | "fa" | "he" | "iw" | "ur" | "ps" | "sd" | "ug" | "yi" | "dv" | "ckb" | "syr" | "nqo"
    );
    if rtl || rtl_script { "rtl" } else { "ltr" }
}

pub(super) fn form(form: Form) -> &'static str {
    match form {
        Form::Quote => "quote",
        Form::Paraphrase => "paraphrase",
    }
}

pub(super) fn capacity(capacity: Option<Capacity>) -> &'static str {
    match capacity {
        Some(Capacity::Personal) => "personal",
        Some(Capacity::Official) => "official",
        Some(Capacity::Spokesperson) => "spokesperson",
        None => "",
    }
}

pub(super) fn role(role: Option<SourceRole>) -> &'static str {
    match role {
        Some(SourceRole::Primary) => "primary",
        Some(SourceRole::Secondary) => "secondary",
        Some(SourceRole::Pickup) => "pickup",
        None => "",
    }
}

pub(super) fn actor_type(actor_type: ActorType) -> &'static str {
    match actor_type {
        ActorType::Person => "person",
        ActorType::Organisation => "organisation",
        ActorType::Product => "product",
        ActorType::Outlet => "outlet",
        ActorType::Unnamed => "unnamed",
        ActorType::Group => "group",
    }
}

pub(super) fn claim_status(status: ClaimStatus) -> &'static str {
    match status {
        ClaimStatus::Alleged => "alleged",
        ClaimStatus::Disputed => "disputed",
        ClaimStatus::Supported => "supported",
        ClaimStatus::Withdrawn => "withdrawn",
    }
}

pub(super) fn story_status(status: StoryStatus) -> &'static str {
    match status {
        StoryStatus::Live => "live",
        StoryStatus::Closed => "closed",
    }
}

pub(super) fn correction_type(correction_type: CorrectionType) -> &'static str {
    match correction_type {
        CorrectionType::Correction => "correction",
        CorrectionType::Clarification => "clarification",
        CorrectionType::Update => "update",
        CorrectionType::Retraction => "retraction",
    }
}

pub(super) fn grade(grade: Grade) -> &'static str {
    match grade {
        Grade::Seen => "seen",
        Grade::Quoted => "quoted",
        Grade::Reported => "reported",
        Grade::Unconfirmed => "unconfirmed",
    }
}

pub(super) fn attribution(attribution: Attribution) -> &'static str {
    match attribution {
        Attribution::Firsthand => "firsthand",
        Attribution::Relayed => "relayed",
        Attribution::RelayedUnnamed => "relayed-unnamed",
        Attribution::Anonymous => "anonymous",
    }
}

/// The key of a channel type, and its words with and without a platform.
pub(super) fn channel(channel_type: ChannelType) -> (&'static str, &'static str) {
    match channel_type {
        ChannelType::Post => ("post", "Post"),
        ChannelType::Reply => ("reply", "Reply"),
        ChannelType::Call => ("call", "Call"),
        ChannelType::Interview => ("interview", "Interview"),
        ChannelType::Statement => ("statement", "Statement"),
        ChannelType::Speech => ("speech", "Speech"),
        ChannelType::Article => ("article", "Article"),
        ChannelType::PressRelease => ("press-release", "Press release"),
        ChannelType::Filing => ("filing", "Filing"),
        ChannelType::Hearing => ("hearing", "Hearing"),
        ChannelType::Letter => ("letter", "Letter"),
        ChannelType::Unknown => ("unknown", "Channel not known"),
    }
}

/// The key of a silence, and its sentence without a scope.
pub(super) fn silence(state: SilenceState) -> (&'static str, &'static str) {
    match state {
        SilenceState::NotCommented => ("not-commented", "Has not commented"),
        SilenceState::Declined => ("declined", "Declined to comment"),
        SilenceState::NoResponse => ("no-response", "Did not respond when asked"),
        SilenceState::NotReached => ("not-reached", "Could not be reached"),
        SilenceState::NotAsked => ("not-asked", "Was not asked"),
    }
}

/// Words before a bounded value.
pub(super) fn bound(bound: Option<Bound>) -> &'static str {
    match bound {
        Some(Bound::MoreThan) => "more than ",
        Some(Bound::LessThan) => "less than ",
        Some(Bound::AtLeast) => "at least ",
        Some(Bound::AtMost) => "at most ",
        Some(Bound::About) => "about ",
        None => "",
    }
}

/// What readers call a CSL item type (CSL 1.0.2, appendix III).
pub(super) fn source_type(csl: &str) -> String {
    let known = match csl {
        "article-newspaper" => "News article",
        "article-magazine" => "Magazine article",
        "article-journal" => "Journal article",
        "article" => "Article",
        "post" => "Post",
        "post-weblog" => "Blog post",
        "webpage" => "Web page",
        "personal_communication" => "Personal communication",
        "motion_picture" => "Film or video",
        "legal_case" => "Court case",
        "unspecified" => "Origin not named",
        _ => return capitalised(&csl.replace(['-', '_'], " ")),
    };
    known.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_and_cuts_read_like_sentences() {
        let names = |items: &[&str]| and_list(&items.iter().map(|it| (*it).to_owned()).collect::<Vec<_>>());
        assert_eq!(names(&["LinkedIn", "X", "Threads"]), "LinkedIn, X and Threads");
        assert_eq!(shortened("one two three four", 9), "one two…");
        assert_eq!(shortened("short", 9), "short");
        assert_eq!(direction("ar-EG"), "rtl");
        assert_eq!(platform_name("linkedin"), "LinkedIn");
        assert_eq!(source_type("legal_case"), "Court case");
    }
}
