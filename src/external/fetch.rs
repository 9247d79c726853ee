//! Reading a site that is live, for `check --published`: one file after another, as a reader's browser would.

use std::time::Duration;

use ureq::Agent;

use crate::diag::{Exit, Failure};
use crate::text::{OutPath, percent_encode_path};

/// The largest file that is read: 256 MiB.
const MOST: u64 = 256 << 20;

/// How often a file is asked for.
const TRIES: usize = 3;

/// A site at an address. Any address may be asked, since the user typed it: also one of this machine.
pub struct Site {
    agent: Agent,
    base: String,
}

impl Site {
    /// A site whose home page is at this address.
    pub fn new(base: &str) -> Site {
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .proxy(None)
            .max_redirects(3)
            .timeout_connect(Some(Duration::from_secs(20)))
            .timeout_global(Some(Duration::from_secs(60)))
            .user_agent(concat!("rejoinder/", env!("CARGO_PKG_VERSION"), " (check of what is published)"))
            .build();
        Site { agent: Agent::new_with_config(config), base: base.trim_end_matches('/').to_owned() }
    }

    /// The bytes of a file of the site; `None` when the host says that there is none.
    ///
    /// # Errors
    /// [`Exit::Remote`] when the host does not answer, or with something else.
    pub fn fetch(&self, path: &OutPath) -> Result<Option<Vec<u8>>, Failure> {
        let url = format!("{}{}", self.base, percent_encode_path(&path.url()));
        let mut why = String::new();
        for _ in 0..TRIES {
            match self.agent.get(&url).call() {
                // A page for lost addresses is served with 404 where it is asked for by name, on some hosts.
                Ok(mut answer) if answer.status() == 200 || path.as_str().ends_with("404.html") => {
                    match answer.body_mut().with_config().limit(MOST).read_to_vec() {
                        Ok(bytes) => return Ok(Some(bytes)),
                        Err(error) => why = error.to_string(),
                    }
                }
                Ok(answer) if matches!(answer.status().as_u16(), 404 | 410) => return Ok(None),
                Ok(answer) => why = format!("its host answers {}", answer.status().as_u16()),
                Err(error) => why = error.to_string(),
            }
        }
        Err(Failure { cause: why, ..Failure::new(Exit::Remote, format!("cannot read `{url}`")) }
            .help("see whether the site is up, and run the same command again"))
    }
}
