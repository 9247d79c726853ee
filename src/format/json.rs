//! The JSON twin beside each page: the same view model, for programs.

use crate::edition::{PageFacts, Rendered};
use crate::plan::Route;
use crate::view::Page;

/// How a twin begins: with the version of its shape.
const BEGIN: &[u8] = br#"{"schema":"rejoinder.page/1""#;

/// The twin of a page, `index.json` beside its `index.html`; `None` for a page that is no directory.
pub(super) fn twin(route: &Route, page: &Page) -> Option<Rendered> {
    let path = route.url.ends_with('/').then(|| route.path.data_twin()).flatten()?;
    let mut bytes = Vec::with_capacity(8 << 10);
    bytes.extend_from_slice(BEGIN);
    let model_at = bytes.len();
    page.model.write_json(&mut bytes);
    // The fields of the model follow the version in one object.
    bytes[model_at] = b',';
    bytes.push(b'\n');
    Some(Rendered { path, bytes, facts: PageFacts::default() })
}
