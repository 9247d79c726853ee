//! Reading a site that is live, for `check --published` and after `publish`: one file after another, as a reader's browser would.

use std::time::Duration;

use ureq::http::Response;
use ureq::http::header::LOCATION;
use ureq::{Agent, Body};

use crate::diag::{Exit, Failure};
use crate::publish::published::{Answer, Live};
use crate::text::{OutPath, percent_encode_path};

/// The largest file that is read: 256 MiB.
const MOST: u64 = 256 << 20;

/// A site at an address. Any address may be asked, since the user typed it: also one of this machine.
pub struct Site {
    agent: Agent,
    base: String,
    /// How often a file is asked for.
    tries: usize,
    /// How many redirects within the site are followed.
    hops: usize,
}

impl Site {
    /// A site whose home page is at this address, for whoever wants to know it for certain.
    pub fn new(base: &str) -> Site {
        let agent = agent(Duration::from_secs(20), Duration::from_secs(60));
        Site { agent, base: base.trim_end_matches('/').to_owned(), tries: 3, hops: 3 }
    }

    /// The same for a glance: a host that is slow is left alone, and nobody follows where it leads.
    pub fn at_a_glance(base: &str) -> Site {
        let agent = agent(Duration::from_secs(5), Duration::from_secs(10));
        Site { agent, base: base.trim_end_matches('/').to_owned(), tries: 1, hops: 0 }
    }

    /// Asks for an address of the site, and for where that leads within the site.
    fn ask(&self, url: &str) -> Result<Asked, String> {
        let mut url = url.to_owned();
        for _ in 0..=self.hops {
            let answer = self.agent.get(&url).call().map_err(|it| it.to_string())?;
            let to = answer.headers().get(LOCATION).and_then(|it| it.to_str().ok());
            let Some(to) = to.filter(|_| answer.status().is_redirection()) else {
                return Ok(Asked::Answer(answer));
            };
            let to = against(&url, to);
            if self.hops == 0 || !to.starts_with(&format!("{}/", self.base)) {
                return Ok(Asked::Elsewhere(to));
            }
            url = to;
        }
        Err(format!("it leads on more than {} times", self.hops))
    }
}

fn agent(connect: Duration, whole: Duration) -> Agent {
    let config = Agent::config_builder()
        .http_status_as_error(false)
        .proxy(None)
        // Followed here, and not to other hosts.
        .max_redirects(0)
        .max_redirects_will_error(false)
        .timeout_connect(Some(connect))
        .timeout_global(Some(whole))
        .user_agent(concat!("rejoinder/", env!("CARGO_PKG_VERSION"), " (check of what is published)"));
    config.build().new_agent()
}

enum Asked {
    Answer(Response<Body>),
    Elsewhere(String),
}

/// The address that a redirect from `url` leads to, without its fragment: complete, from the host's root, or beside it
/// (RFC 3986, §5.2, as far as hosts use it).
fn against(url: &str, to: &str) -> String {
    let to = to.split('#').next().unwrap_or("");
    let host_ends = url
        .split_once("://")
        .map_or(0, |(scheme, rest)| scheme.len() + 3 + rest.find('/').unwrap_or(rest.len()));
    match to {
        _ if to.contains("://") => to.to_owned(),
        _ if to.starts_with("//") => format!("{}:{to}", url.split(':').next().unwrap_or("https")),
        _ if to.starts_with('/') => format!("{}{to}", &url[..host_ends]),
        _ => {
            let dir = url.rfind('/').filter(|it| *it >= host_ends).map_or(url, |it| &url[..it]);
            format!("{dir}/{to}")
        }
    }
}

impl Live for Site {
    fn get(&self, path: &OutPath) -> Result<Answer, Failure> {
        let address: Vec<String> = path.url().split('/').map(percent_encode_path).collect();
        let url = format!("{}{}", self.base, address.join("/"));
        let mut why = String::new();
        for _ in 0..self.tries {
            match self.ask(&url) {
                Ok(Asked::Elsewhere(to)) => return Ok(Answer::Elsewhere(to)),
                // A page for lost addresses is served with 404 where it is asked for by name, on some hosts.
                Ok(Asked::Answer(mut answer))
                    if answer.status() == 200 || path.as_str().ends_with("404.html") =>
                {
                    match answer.body_mut().with_config().limit(MOST).read_to_vec() {
                        Ok(bytes) => return Ok(Answer::Bytes(bytes)),
                        Err(error) => why = error.to_string(),
                    }
                }
                Ok(Asked::Answer(answer)) if matches!(answer.status().as_u16(), 404 | 410) => {
                    return Ok(Answer::Nothing);
                }
                Ok(Asked::Answer(answer)) => why = format!("its host answers {}", answer.status().as_u16()),
                Err(error) => why = error,
            }
        }
        Err(Failure { cause: why, ..Failure::new(Exit::Remote, format!("cannot read `{url}`")) }
            .help("see whether the site is up, and run the same command again"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn redirects_are_read_against_where_they_came_from() {
        let cases = [
            ("https://b.example/x#y", "https://b.example/x"),
            ("//b.example/x", "https://b.example/x"),
            ("/x/", "https://a.example/x/"),
            ("x.html", "https://a.example/dir/x.html"),
        ];
        for (to, expected) in cases {
            assert_eq!(against("https://a.example/dir/page", to), expected);
        }
        assert_eq!(against("https://a.example", "x"), "https://a.example/x");
    }
}
