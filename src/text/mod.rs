//! Words everyone shares: places in text, fingerprints, addresses, dates, exact numbers.
//!
//! Pure values. Knows nothing of files, records or pages.

mod amounts;
mod byte_set;
mod decimal;
mod edtf;
mod escape;
mod fingerprint;
mod language;
pub mod lexicon;
mod near;
mod nfc;
mod out_path;
mod packed;
mod quick;
mod safe_url;
mod seek;
mod sha256;
mod shared_list;
mod slug;
mod span;

pub use amounts::{counted, grouped, in_bytes};
pub use byte_set::ByteSet;
pub use decimal::{Decimal, DecimalProblem, Magnitude};
pub use edtf::{Day, Edtf, EdtfProblem, Precision};
pub use escape::{escape_html, percent_decode, unescape_html};
pub use fingerprint::Fingerprint;
pub use language::{quotation_marks, same_language};
pub use near::{misspelt, nearest, nearest_few};
pub use nfc::nfc;
pub use out_path::{OutPath, OutPathProblem, RESERVED_DIR, join_path, relative_url};
pub use packed::{pack, pack_to, unpack};
pub use quick::{QuickMap, QuickSet};
pub use safe_url::{UrlProblem, check_url, percent_encode_path, site_address};
pub use seek::seek;
pub use sha256::Sha256;
pub use shared_list::SharedList;
pub use slug::slug;
pub use span::{LineIndex, Position, Span};
