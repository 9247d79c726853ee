//! What lets us in somewhere, and is never said.

use crate::diag::Failure;

/// The words in names of environment variables whose values are secrets.
const SIGNS: [&str; 7] = ["TOKEN", "SECRET", "PASSWORD", "PASSWD", "CREDENTIAL", "_KEY", "AUTH"];

/// Values that are not repeated.
pub(super) struct Secrets(Vec<String>);

impl Secrets {
    /// Those of the environment, by the names of their variables. Short ones are left out: they would be found in any text.
    pub(super) fn of_environment() -> Secrets {
        let all = std::env::vars_os()
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
        Secrets::new(all)
    }

    fn new(variables: impl Iterator<Item = (String, String)>) -> Secrets {
        let is_secret = |name: &str, value: &str| {
            let name = name.to_ascii_uppercase();
            value.len() >= 8 && !value.starts_with('/') && SIGNS.iter().any(|it| name.contains(it))
        };
        let mut secrets: Vec<String> =
            variables.filter(|(name, value)| is_secret(name, value)).map(|it| it.1).collect();
        // One that holds another goes first.
        secrets.sort_by_key(|it| std::cmp::Reverse(it.len()));
        Secrets(secrets)
    }

    fn hide(&self, text: &str) -> String {
        self.0.iter().fold(text.to_owned(), |text, secret| text.replace(secret.as_str(), "…"))
    }

    /// A failure that holds none of them.
    pub(super) fn hide_in(&self, failure: &Failure) -> Failure {
        Failure {
            exit: failure.exit,
            message: self.hide(&failure.message),
            cause: self.hide(&failure.cause),
            help: self.hide(&failure.help),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diag::Exit;

    #[test]
    fn secrets_are_known_by_the_names_of_their_variables() {
        let variables = [
            ("DEPLOY_TOKEN", "canary-1234"),
            ("HOME", "/home/ada"),
            ("API_KEY", "short"),
            ("x_secret", "canary-1234-more"),
        ];
        let secrets =
            Secrets::new(variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        let failure = Failure {
            cause: "it said canary-1234-more and canary-1234, short".to_owned(),
            ..Failure::new(Exit::Remote, "no")
        };
        assert_eq!(secrets.hide_in(&failure).cause, "it said … and …, short");
    }
}
