//! Profiles of AWS's files (`~/.aws/credentials`, `~/.aws/config`), which `object_store` does not read: keys that stand
//! there as such. What only AWS's own tools can turn into keys is said to be so.

#![allow(clippy::disallowed_methods, reason = "credentials lie in the user's home")]

use std::fs;
use std::path::PathBuf;

/// What a profile holds. Without `Debug`, so that it is not printed by accident.
pub(super) struct Profile {
    pub(super) key_id: String,
    pub(super) secret: String,
    pub(super) token: Option<String>,
    pub(super) region: Option<String>,
}

/// Variables that give credentials, or say where they come from. With one of them set, no profile is read.
const OTHERS: [&str; 5] = [
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
];

/// The profile that the environment names, or `default`; `None` when there is none, or something else is named.
///
/// # Errors
/// When a profile was named and cannot be used; says why.
pub(super) fn read(env: &dyn Fn(&str) -> Option<String>) -> Result<Option<Profile>, String> {
    if OTHERS.iter().any(|it| env(it).is_some()) {
        return Ok(None);
    }
    let named = env("AWS_PROFILE");
    let name = named.as_deref().unwrap_or("default");
    let file = |variable: &str, usual: &str| {
        let home = env("HOME").or_else(|| env("USERPROFILE")).map(PathBuf::from);
        let path = env(variable).map(PathBuf::from).or_else(|| Some(home?.join(".aws").join(usual)))?;
        fs::read_to_string(path).ok()
    };
    let credentials = file("AWS_SHARED_CREDENTIALS_FILE", "credentials").unwrap_or_default();
    let config = file("AWS_CONFIG_FILE", "config").unwrap_or_default();
    match (of(name, &credentials, &config), named) {
        (Some(profile), _) => Ok(Some(profile)),
        (None, None) => Ok(None),
        (None, Some(name)) => Err(format!(
            "AWS's files hold no keys of the profile `{}`; `aws configure export-credentials --format env` gives variables",
            name.escape_debug()
        )),
    }
}

fn of(name: &str, credentials: &str, config: &str) -> Option<Profile> {
    let in_config = if name == "default" { name.to_owned() } else { format!("profile {name}") };
    let value = |key: &str| find(credentials, name, key).or_else(|| find(config, &in_config, key));
    Some(Profile {
        key_id: value("aws_access_key_id")?,
        secret: value("aws_secret_access_key")?,
        token: value("aws_session_token"),
        region: value("region"),
    })
}

/// The value of a key in a section.
fn find(text: &str, section: &str, key: &str) -> Option<String> {
    let mut is_inside = false;
    let mut found = None;
    for line in text.lines().map(str::trim) {
        if let Some(name) = line.strip_prefix('[').and_then(|it| it.strip_suffix(']')) {
            is_inside = name.split_whitespace().eq(section.split_whitespace());
        } else if let Some((name, value)) = line.split_once('=').filter(|_| is_inside)
            && name.trim() == key
        {
            found = Some(value.trim().to_owned()).filter(|it| !it.is_empty());
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    const CREDENTIALS: &str = "\
# of two sites
[default]
aws_access_key_id = first
aws_secret_access_key=with = sign

[ site ]
aws_access_key_id = second
aws_secret_access_key = other
aws_session_token =
[half]
aws_access_key_id = alone
";
    const CONFIG: &str =
        "[default]\nregion = eu-west-1\n[profile site]\nregion = eu-west-2\n[half]\nregion = x\n";

    #[test]
    fn a_profile_is_found_in_both_files() {
        let shown =
            |name| of(name, CREDENTIALS, CONFIG).map(|it| (it.key_id, it.secret, it.token, it.region));
        let words = |key: &str, secret: &str, region: &str| {
            Some((key.to_owned(), secret.to_owned(), None, Some(region.to_owned())))
        };
        assert_eq!(shown("default"), words("first", "with = sign", "eu-west-1"));
        assert_eq!(shown("site"), words("second", "other", "eu-west-2"));
        assert_eq!(shown("half"), None, "a key without its secret is none");
        assert_eq!(shown("nobody"), None);
    }

    #[test]
    fn a_named_profile_that_is_not_there_is_an_error() {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir(dir.path().join(".aws")).unwrap();
        fs::write(dir.path().join(".aws/credentials"), CREDENTIALS).unwrap();
        let home = dir.path().to_str().unwrap().to_owned();
        let asked = |variables: &[(&str, &str)]| {
            let read = read(&|name| {
                let known = variables.iter().find(|(it, _)| *it == name).map(|(_, it)| (*it).to_owned());
                known.or_else(|| Some(home.clone()).filter(|_| name == "HOME"))
            });
            read.map(|it| it.map(|it| it.key_id))
        };
        assert_eq!(asked(&[]), Ok(Some("first".to_owned())));
        assert_eq!(asked(&[("AWS_PROFILE", "site")]), Ok(Some("second".to_owned())));
        assert_eq!(asked(&[("AWS_PROFILE", "site"), ("AWS_ACCESS_KEY_ID", "x")]), Ok(None));
        let told = asked(&[("AWS_PROFILE", "half")]).unwrap_err();
        assert!(told.contains("`half`") && !told.contains("alone"), "{told}");
    }
}
