//! The domain: stories, events, actors, reactions and what they are made of, as authors write them.
//!
//! Plain data with no behaviour beyond naming its own parts. References are still the words of the author
//! ([`Ref`]); `graph` resolves them. Knows nothing of YAML, files on disk, addresses or pages.

mod hosting;
mod kind;
mod prose;
mod publish;
mod reaction;
mod record;
mod refs;
mod site;
mod small;
mod story;

pub use hosting::{Encoding, HeaderRule, Host, Hosting, Redirection};
pub use kind::{Kind, KindNameProblem};
pub use prose::{Anchor, AssetUse, Mention, NAME_CLOSES, NAME_OPENS, OutwardLink, ProseFacts, Target};
pub use publish::{Bucket, Cdn, Cloud, DirLayout, PublishPlace, PublishTarget};
pub use reaction::{
    Action, Alleges, Asked, Capacity, Channel, ChannelType, Claim, ClaimStatus, Contested, Form, Original,
    Reaction, Scope, Silence, SilenceState, SourceRole, SourceUse, Statement, Translation, Wording,
};
pub use record::{Acceptance, Data, Extra, Facts, Meta, Origin, Record, Ref};
pub use refs::{Part, RefPath, RefSite, Relation};
pub use site::{External, LinkStyle, MenuItem, Search, Setting, SettingKind, Site, ThemeInfo};
pub use small::{
    Account, Actor, ActorType, Archive, Bound, Conversion, Correction, CorrectionType, Figure, FigurePart,
    Page, Role, Section, Snapshot, Source, Term,
};
pub use story::{Event, Participant, Scale, Stance, StanceMark, Story, StoryStatus, Theme};
