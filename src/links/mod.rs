//! Where the site leads outwards, and what is known of those addresses.
//!
//! In: the linked graph, and the text of `links.lock`. Out: every address of the web that the records name
//! ([`outward`]) with the place where an author wrote it, the quotations that its page should hold ([`quoted`]), and
//! what answered there when somebody last asked ([`Links`]). Asks nobody anything: that is `external`.

mod lock;
mod outward;
mod problems;

pub use lock::{Answer, Entry, Held, Links, Status, read};
pub use outward::{Outward, Role, address, host, mark, outward, quoted};
pub use problems::CODES;

/// The file that holds what is known, relative to the project.
pub const LOCK: &str = "links.lock";
