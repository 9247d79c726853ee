//! Cards: the parts that view models share. Every field is part of the contract with themes (API 1).
//!
//! Addresses (`url`) are site-absolute (`/actors/nvidia/`); the HTML format makes them relative to the page.

mod page;
mod record;
mod share;
mod source;
mod speech;
mod story;

pub use page::{
    Backlink, ContentsEntry, CorrectionView, Date, Frame, Link, Pager, ProseView, SearchView, SiteView,
};
pub use record::{
    ActionCard, ClaimCard, ConversionView, EventView, FigurePartView, FigureView, ParticipantView,
    SilenceCard, TermCard,
};
pub use share::{CardCount, CardSide, CardView};
pub use source::{
    DiffPart, Evidence, EvidenceBrief, SourceLink, SourceRef, SourceRow, SourceUseView, VerificationView,
};
pub use speech::{
    ActorLink, Allegation, ChannelView, ContestedView, Prompt, StanceView, StatementBrief, StatementCard,
    StatementLink, StatementView,
};
pub use story::{
    CompareCell, CompareRow, CompareTable, Entry, Grouped, MapRow, ReactionCard, ReactionNote, SplitRow,
    StoryCard,
};
