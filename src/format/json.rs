//! The JSON twin beside each page: the same view model, for programs.

use serde::Serialize;

use crate::edition::{PageFacts, Rendered};
use crate::plan::Route;
use crate::text::OutPath;
use crate::view::Page;

/// The version of the twin's shape.
const SCHEMA: &str = "rejoinder.page/1";

#[derive(Serialize)]
struct Twin<'a> {
    schema: &'static str,
    #[serde(flatten)]
    model: &'a dyn erased_serde::Serialize,
}

/// The twin of a page, `index.json` beside its `index.html`; `None` for a page that is no directory.
pub(super) fn twin(route: &Route, page: &Page) -> Option<Rendered> {
    let path =
        OutPath::of_url(&format!("{}index.json", route.url)).ok().filter(|_| route.url.ends_with('/'))?;
    let twin = Twin { schema: SCHEMA, model: &*page.model };
    let mut bytes = serde_json::to_vec(&twin).expect("view models are plain data with text keys");
    bytes.push(b'\n');
    Some(Rendered { path, bytes, facts: PageFacts::default() })
}
