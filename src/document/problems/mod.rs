//! The problems this layer finds: one code each, with its manual page, and the words of its diagnostics.

pub(super) mod bytes;
pub(super) mod fields;
pub(super) mod hosting;
pub(super) mod yaml;

use crate::diag::Code;

/// Every code of this module, without those of prose.
pub(super) const CODES: &[&Code] = &[
    &bytes::NOT_UTF8,
    &bytes::CONTROL_CHARACTER,
    &bytes::BIDI_CONTROL,
    &bytes::FILE_TOO_LARGE,
    &bytes::FRONT_MATTER_TOO_LARGE,
    &bytes::FRONT_MATTER_NOT_CLOSED,
    &bytes::FRONT_MATTER_NOT_YAML,
    &yaml::YAML_SYNTAX,
    &yaml::YAML_TAB,
    &yaml::YAML_ANCHOR,
    &yaml::YAML_TAG,
    &yaml::YAML_MERGE,
    &yaml::YAML_TOO_DEEP,
    &yaml::YAML_SEVERAL_DOCUMENTS,
    &yaml::YAML_CUTS_TEXT,
    &yaml::YAML_CHANGES_TEXT,
    &yaml::DUPLICATE_KEY,
    &fields::NOT_A_LIST,
    &fields::UNKNOWN_KEY,
    &fields::MISSING_KEY,
    &fields::WRONG_TYPE,
    &fields::UNKNOWN_VALUE,
    &fields::BAD_ID,
    &fields::BAD_DATE,
    &fields::BAD_NUMBER,
    &fields::BAD_URL,
    &fields::BAD_ALIAS,
    &fields::UNUSABLE_TARGET,
    &hosting::BAD_HEADER,
    &hosting::BAD_REDIRECT,
    &fields::QUOTE_AND_SAYS,
    &fields::TOO_MANY_PROBLEMS,
];
