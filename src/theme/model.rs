//! View models, as templates and programs read them.

use serde::Serialize;
use tera::value::Key;
use tera::{Context, Value};

/// The variables of a page's template: any struct with named fields that serialises.
///
/// A trait and not `dyn Serialize`, so that each struct is turned into values without a virtual call and often a box for
/// every field.
pub trait ViewModel: Send {
    /// What templates read.
    ///
    /// # Errors
    /// When a map in it has keys that are neither text nor numbers.
    fn variables(&self) -> Result<Variables, String>;

    /// Appends it to `out` as a JSON object.
    fn write_json(&self, out: &mut Vec<u8>);
}

impl<T: Serialize + Send> ViewModel for T {
    fn variables(&self) -> Result<Variables, String> {
        let value = Value::try_from_serializable(self).map_err(|error| error.to_string())?;
        let mut context = Context::new();
        for (key, value) in value.into_map().unwrap_or_default() {
            match key {
                Key::Str(name) => context.insert_value(name, value),
                other => context.insert_value(other.to_string(), value),
            }
        }
        Ok(Variables(context))
    }

    fn write_json(&self, out: &mut Vec<u8>) {
        serde_json::to_writer(out, self).expect("view models are plain data with text keys");
    }
}

/// A view model as Tera's values.
pub struct Variables(pub(super) Context);
