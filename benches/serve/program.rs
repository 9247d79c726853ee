//! A program that serves a site, and what can be told of it from outside.

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use crate::Outcome;
use crate::client::Client;

/// Runs until it is dropped.
pub(crate) struct Program {
    child: Child,
    port: u16,
    pub(crate) started: Instant,
    /// What it said, line by line.
    said: Arc<Mutex<Vec<String>>>,
    /// What it says when it is done with everything that an edit led to, if it says so.
    is_done: Option<&'static str>,
}

impl Program {
    /// `rejoinder serve`.
    pub(crate) fn ours(project: &Path) -> Outcome<Program> {
        let port = free_port()?;
        let mut command = Command::new(env!("CARGO_BIN_EXE_rejoinder"));
        command.arg("--root").arg(project).args(["-v", "serve", "--port", &port.to_string()]);
        Program::start(command, port, Some("pages and checks"))
    }

    /// `hugo server`, with everything in memory.
    pub(crate) fn hugo(hugo: &Path, site: &Path) -> Outcome<Program> {
        let port = free_port()?;
        let mut command = Command::new(hugo);
        command.args(["server", "--renderToMemory", "--noBuildLock", "--bind", "127.0.0.1", "--port"]);
        command.arg(port.to_string()).arg("--source").arg(site);
        Program::start(command, port, None)
    }

    fn start(mut command: Command, port: u16, is_done: Option<&'static str>) -> Outcome<Program> {
        let started = Instant::now();
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
        let said = Arc::new(Mutex::new(Vec::new()));
        let out: Box<dyn Read + Send> = Box::new(child.stdout.take().ok_or("stdout is a pipe")?);
        let err: Box<dyn Read + Send> = Box::new(child.stderr.take().ok_or("stderr is a pipe")?);
        for stream in [out, err] {
            let said = Arc::clone(&said);
            std::thread::spawn(move || {
                for line in BufReader::new(stream).lines().map_while(Result::ok) {
                    said.lock().expect("nobody panics with it").push(line);
                }
            });
        }
        Ok(Program { child, port, started, said, is_done })
    }

    /// A connection, once the home page is there.
    pub(crate) fn first_answer(&mut self, patience: Duration) -> Outcome<Client> {
        let mut client = Client::new(self.port);
        while !client.get("/").is_ok_and(|it| it.contains("</html>") && it.contains("<main")) {
            if let Some(status) = self.child.try_wait()? {
                return Err(format!("it ended with {status}: {}", self.lines().join("\n")).into());
            }
            if self.started.elapsed() > patience {
                return Err(format!("it never answers: {}", self.lines().join("\n")).into());
            }
            std::thread::sleep(Duration::from_millis(1));
        }
        Ok(client)
    }

    fn lines(&self) -> Vec<String> {
        self.said.lock().expect("nobody panics with it").clone()
    }

    /// Waits until it has done all that the last edit led to; a second, for one that does not say so.
    pub(crate) fn settle(&self, patience: Duration) -> Outcome<()> {
        let Some(is_done) = self.is_done else {
            std::thread::sleep(Duration::from_secs(1));
            return Ok(());
        };
        let start = Instant::now();
        let shows = |it: &String| it.contains(is_done) || it.contains("read and linked");
        while !self.lines().iter().rev().find(|it| shows(it)).is_some_and(|it| it.contains(is_done)) {
            if start.elapsed() > patience {
                return Err(format!("it is never done: {}", self.lines().join("\n")).into());
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        Ok(())
    }

    /// How many lines it has said.
    pub(crate) fn said(&self) -> usize {
        self.lines().len()
    }

    /// Where the time of edits went, as it said since then: of each part the median.
    pub(crate) fn parts(&self, since: usize) -> BTreeMap<String, f64> {
        let mut parts: BTreeMap<String, Vec<f64>> = BTreeMap::new();
        for line in self.lines()[since..].iter().filter(|it| it.contains(" ms")) {
            let words = line.trim().replace(" ms", "");
            for part in words.split(", ") {
                if let Some((name, ms)) = part.rsplit_once(' ')
                    && ["waited", "read and linked", "shown", "pages and checks"].contains(&name)
                    && let Ok(ms) = ms.parse()
                {
                    parts.entry(name.to_owned()).or_default().push(ms);
                }
            }
        }
        let median = |mut all: Vec<f64>| {
            all.sort_by(f64::total_cmp);
            all[all.len() / 2]
        };
        parts.into_iter().map(|(name, all)| (name, median(all))).collect()
    }

    /// A line of proc(5)'s status, in KiB.
    pub(crate) fn memory(&self, what: &str) -> Outcome<u64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let line = status.lines().find_map(|line| line.strip_prefix(what)).ok_or("no such line")?;
        Ok(line.trim_start_matches(':').trim().trim_end_matches(" kB").parse()?)
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // It may have ended.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn free_port() -> Outcome<u16> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}
