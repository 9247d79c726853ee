//! A branch of a git repository, such as `gh-pages`: one commit for each release, written without a checkout.
//!
//! What the branch has that is not ours stays: `CNAME`, other people's files. `.nojekyll` is added, or GitHub would drop
//! names that start with `_`. The branch is never forced: when it moved since the plan was made, git refuses the push, and
//! so do we. Earlier releases are the branch's history.
//!
//! Nothing is written into the project but objects of git and a reference below `refs/rejoinder/`; a project without a
//! repository gets one of its own below `.rejoinder/publish/`.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use super::command::{self, Feed, Ran};
use super::driver::{self, Pace, Run, changed, untrusted};
use super::look::Observed;
use super::plan::{Action, Listed, Plan, Remote, Source};
use super::record::{RECORD, Record};
use super::release::{File, Release};
use super::store::{StoreError, Tag, Trouble};
use super::target::Target;
use crate::delivery::PROJECT_MARKS;
use crate::diag::{Exit, Failure};
use crate::text::Fingerprint;

/// How long one command of git may take.
const MOST: Duration = Duration::from_secs(1800);

/// How many commits of the branch are searched for an earlier release.
const SEARCHED: &str = "--max-count=500";

/// Environment variables that would make git look at another repository than the project's.
const MISLEADING: [&str; 6] =
    ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_COMMON_DIR", "GIT_NAMESPACE"];

/// A branch of a repository.
#[derive(Debug)]
pub struct Git {
    /// The project's directory.
    root: PathBuf,
    /// A repository of our own, where the project is in none.
    own: Option<PathBuf>,
    remote: String,
    branch: String,
}

/// One file of a commit.
struct Blob {
    id: String,
    size: u64,
    /// Whether it is a plain file, and not a link or another repository.
    is_plain: bool,
}

impl Git {
    /// A branch at a remote. `root` is the project's directory and `state` a directory of ours where a repository may be
    /// made.
    ///
    /// # Errors
    /// When there is no git, or the remote is a name that nothing has.
    pub fn new(root: &Path, state: &Path, remote: &str, branch: &str) -> Result<Git, Failure> {
        let mut git =
            Git { root: root.to_owned(), own: None, remote: remote.to_owned(), branch: branch.to_owned() };
        let inside = git.git(&["rev-parse", "--is-inside-work-tree"], None)?;
        if inside.text() != "true" {
            let own = state.join("repository.git");
            let own = std::path::absolute(&own).unwrap_or(own);
            let path = own.to_string_lossy();
            git.need(&["init", "--quiet", "--bare", "--", &path], "make a repository")?;
            git.own = Some(own);
        }
        let is_name = !remote.contains(['/', ':', '.']);
        if is_name && !git.git(&["remote", "get-url", "--", remote], None)?.status.success() {
            return Err(Failure::new(
                Exit::Usage,
                format!("the project's repository has no remote `{remote}`"),
            )
            .help("`git remote -v` lists those it has; or write the address of the repository"));
        }
        Ok(git)
    }

    fn git(&self, args: &[&str], feed: Option<Box<Feed<'_>>>) -> Result<Ran, Failure> {
        let mut command = Command::new("git");
        command.current_dir(&self.root);
        for name in MISLEADING {
            command.env_remove(name);
        }
        // Nobody is there to type a password, and no configuration makes an address run a program.
        command.env("GIT_TERMINAL_PROMPT", "0").env("LC_ALL", "C").env("GIT_OPTIONAL_LOCKS", "0");
        command.args(["-c", "protocol.ext.allow=never", "-c", "gc.auto=0"]);
        command.args(["-c", "http.lowSpeedLimit=100", "-c", "http.lowSpeedTime=60"]);
        if let Some(own) = &self.own {
            command.arg("--git-dir").arg(own);
        }
        command::run(command.args(args), feed, MOST)
    }

    /// Runs a command that has to go well on this machine.
    fn need(&self, args: &[&str], what: &str) -> Result<Ran, Failure> {
        let ran = self.git(args, None)?;
        match ran.status.success() {
            true => Ok(ran),
            false => Err(Failure::machine(format!("git cannot {what}"), &ran.why())),
        }
    }

    /// Runs a command that asks another machine, again when that may help.
    fn ask(&self, args: &[&str], what: &str, pace: &dyn Pace) -> Result<Ran, Failure> {
        let asked = driver::again(pace, || match self.git(args, None) {
            Ok(ran) if ran.status.success() => Ok(Ok(ran)),
            Ok(ran) if is_passing(&ran.stderr) => Err(StoreError::new(Trouble::Again(None), ran.why())),
            Ok(ran) => Err(StoreError::new(Trouble::Final, ran.why())),
            Err(failure) => Ok(Err(failure)),
        });
        match asked {
            Ok(ran) => ran,
            Err(error) => {
                let message = format!("git cannot {what} `{}`", command::without_passwords(&self.remote));
                Err(Failure { cause: error.message, ..Failure::new(Exit::Remote, message) }
                    .help("see that `git ls-remote` works there; git asks for no password here"))
            }
        }
    }

    fn full_branch(&self) -> String {
        format!("refs/heads/{}", self.branch)
    }

    /// Where the branch's commits are kept here.
    fn own_reference(&self) -> String {
        format!("refs/rejoinder/publish/{}", self.branch)
    }

    /// The commit that the branch stands at, at the remote.
    fn tip(&self, pace: &dyn Pace) -> Result<Option<String>, Failure> {
        let branch = self.full_branch();
        let ran = self.ask(&["ls-remote", "--", &self.remote, &branch], "ask", pace)?;
        let text = ran.text();
        let mut lines = text.lines().filter_map(|it| it.split_once('\t'));
        Ok(lines.find(|(_, name)| *name == branch).map(|(id, _)| id.to_owned()))
    }

    /// The files of a commit.
    fn files(&self, commit: &str) -> Result<BTreeMap<String, Blob>, Failure> {
        let ran = self.need(&["ls-tree", "-r", "-z", "-l", "--full-tree", commit], "list the branch")?;
        let mut files = BTreeMap::new();
        for line in ran.stdout.split(|it| *it == 0).filter(|it| !it.is_empty()) {
            let line = String::from_utf8_lossy(line);
            let Some((head, path)) = line.split_once('\t') else { continue };
            let words: Vec<&str> = head.split_whitespace().collect();
            let [mode, _, id, size] = words.as_slice() else { continue };
            let blob = Blob {
                id: (*id).to_owned(),
                size: size.parse().unwrap_or(0),
                is_plain: mode.starts_with("100"),
            };
            files.insert(path.to_owned(), blob);
        }
        Ok(files)
    }

    /// The digests of the bytes of some objects, in their order.
    fn digests(&self, ids: &[&str]) -> Result<Vec<Option<Fingerprint>>, Failure> {
        let list: String = ids.iter().map(|it| format!("{it}\n")).collect();
        let ran = self.git(
            &["cat-file", "--batch", "--buffer"],
            Some(Box::new(move |to: &mut dyn Write| to.write_all(list.as_bytes()))),
        )?;
        if !ran.status.success() {
            return Err(Failure::machine("git cannot read the branch", &ran.why()));
        }
        let mut rest = ran.stdout.as_slice();
        let mut digests = Vec::with_capacity(ids.len());
        for _ in ids {
            let Some(end) = rest.iter().position(|it| *it == b'\n') else { break };
            let head = String::from_utf8_lossy(&rest[..end]).into_owned();
            rest = &rest[end + 1..];
            let size = match head.split(' ').collect::<Vec<_>>().as_slice() {
                [_, "blob", size] => size.parse::<usize>().ok(),
                // An object that is not here has no bytes behind its line.
                _ => {
                    digests.push(None);
                    continue;
                }
            };
            let Some(bytes) = size.and_then(|size| rest.get(..size)) else { break };
            digests.push(Some(Fingerprint::of(bytes)));
            rest = rest.get(bytes.len() + 1..).unwrap_or_default();
        }
        digests.resize(ids.len(), None);
        Ok(digests)
    }

    fn record_of(&self, commit: &str) -> Result<Option<Vec<u8>>, Failure> {
        let ran = self.git(&["cat-file", "blob", &format!("{commit}:{RECORD}")], None)?;
        Ok(ran.status.success().then_some(ran.stdout))
    }

    /// The commit of an earlier release.
    fn commit_of(&self, number: u32) -> Result<Option<String>, Failure> {
        let args = ["rev-list", SEARCHED, &self.own_reference(), "--", RECORD];
        let commits = self.need(&args, "read the history of the branch")?.text();
        for commit in commits.lines() {
            let record = self.record_of(commit)?.and_then(|it| Record::parse(&it).ok());
            if record.is_some_and(|it| it.live.number == number) {
                return Ok(Some(commit.to_owned()));
            }
        }
        Ok(None)
    }

    /// Writes the commit. Returns its id.
    fn commit(&self, plan: &Plan, parent: Option<&str>, run: &Run<'_>) -> Result<String, Failure> {
        let known = parent.map(|it| self.files(it)).transpose()?.unwrap_or_default();
        let kept = match plan.release.restores {
            Some(number) => {
                let commit = self.commit_of(number)?.ok_or_else(|| not_kept(number))?;
                self.files(&commit)?
            }
            None => BTreeMap::new(),
        };
        let new = format!("{}.new", self.own_reference());
        let who = self.git(&["var", "GIT_COMMITTER_IDENT"], None)?;
        let who = who.status.success().then(|| who.text()).filter(|it| it.contains('>'));
        // Without a name of one's own, as on most CI machines.
        let who = who
            .unwrap_or_else(|| format!("Rejoinder <rejoinder@localhost> {} +0000", plan.release.published));
        let failure = std::sync::Mutex::new(None);
        let stream = Stream { plan, run, known: &known, kept: &kept, failure: &failure };
        let (reference, parent, who) = (&new, parent, &who);
        let feed = move |to: &mut dyn Write| stream.write(to, reference, parent, who);
        let ran = self.git(&["fast-import", "--quiet", "--done", "--force"], Some(Box::new(feed)))?;
        if let Some(failure) = failure.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner) {
            return Err(failure);
        }
        if !ran.status.success() {
            return Err(Failure::machine("git cannot write the commit", &ran.why()));
        }
        Ok(self.need(&["rev-parse", "--verify", &format!("{new}^{{commit}}")], "find the commit")?.text())
    }

    /// Pushes a commit. It never forces.
    fn push(&self, commit: &str, pace: &dyn Pace) -> Result<(), Failure> {
        let refspec = format!("{commit}:{}", self.full_branch());
        let pushed = driver::again(pace, || {
            let ran =
                match self.git(&["push", "--porcelain", "--no-verify", "--", &self.remote, &refspec], None) {
                    Ok(ran) if ran.status.success() => return Ok(Ok(())),
                    Ok(ran) => ran,
                    Err(failure) => return Ok(Err(failure)),
                };
            let said = format!("{}\n{}", ran.text(), ran.stderr);
            let has_moved = ["[rejected]", "cannot lock ref", "failed to update ref", "incorrect old value"];
            if has_moved.iter().any(|it| said.contains(it)) {
                return Err(StoreError::new(Trouble::Conflict, ran.why()));
            }
            // The answer may be what was lost.
            if let Ok(Some(tip)) = self.tip(pace)
                && tip == commit
            {
                return Ok(Ok(()));
            }
            let trouble = if is_passing(&said) { Trouble::Again(None) } else { Trouble::Final };
            let refused = said.lines().find(|it| it.contains("[remote rejected]")).map(str::trim);
            Err(StoreError::new(trouble, refused.map_or_else(|| ran.why(), str::to_owned)))
        });
        match pushed {
            Ok(done) => done,
            Err(error) if error.trouble == Trouble::Conflict => Err(changed(&self.name())),
            Err(error) => {
                let message = format!("git cannot push to `{}`", command::without_passwords(&self.remote));
                Err(Failure { cause: error.message, ..Failure::new(Exit::Remote, message) }
                    .help("see that you may push there, and run the same command again"))
            }
        }
    }
}

impl Target for Git {
    fn name(&self) -> String {
        format!("{} ({})", command::without_passwords(&self.remote), self.branch)
    }

    fn in_place(&self) -> bool {
        false
    }

    fn keep(&self) -> u32 {
        20
    }

    fn observe(&self, pace: &dyn Pace) -> Result<Observed, Failure> {
        let mut remote = Remote::default();
        let Some(tip) = self.tip(pace)? else { return Ok(Observed { remote, tag: None }) };
        let refspec = format!("+{}:{}", self.full_branch(), self.own_reference());
        let fetch = ["fetch", "--quiet", "--no-tags", "--no-write-fetch-head", "--", &self.remote, &refspec];
        self.ask(&fetch, "fetch from", pace)?;
        let reference = format!("{}^{{commit}}", self.own_reference());
        let here = self.need(&["rev-parse", "--verify", &reference], "find the branch")?.text();
        if here != tip {
            return Err(changed(&self.name()));
        }
        let files = self.files(&tip)?;
        if let Some(bytes) = self.record_of(&tip)? {
            remote.record = Some(Record::parse(&bytes).map_err(|it| untrusted(&self.name(), &it))?);
        }
        let is_project = |mark: &&&str| {
            let below = format!("{mark}/");
            files.keys().any(|it| it == **mark || it.starts_with(&below))
        };
        if let (None, Some(mark)) = (&remote.record, PROJECT_MARKS.iter().find(is_project)) {
            let message =
                format!("the branch `{}` holds `{mark}`, so it is a project of its own", self.branch);
            return Err(Failure::new(Exit::NotPublished, message)
                .help("name a branch for the published site alone, such as `gh-pages`"));
        }
        let plain: Vec<(&String, &Blob)> = files.iter().filter(|(_, it)| it.is_plain).collect();
        let ids: Vec<&str> = plain.iter().map(|(_, it)| it.id.as_str()).collect();
        let digests = self.digests(&ids)?;
        let digests: BTreeMap<&str, Option<Fingerprint>> =
            plain.iter().map(|(path, _)| path.as_str()).zip(digests).collect();
        for (path, blob) in files.iter().filter(|(path, _)| *path != RECORD) {
            // A link is certainly none of ours as we left it.
            let fingerprint = digests.get(path.as_str()).copied().flatten().unwrap_or(Fingerprint::of(b""));
            let listed = Listed { size: blob.size, etag: None, fingerprint: Some(fingerprint) };
            remote.listing.insert(path.clone(), listed);
        }
        Ok(Observed { remote, tag: Some(Tag(tip)) })
    }

    fn earlier(&self, number: u32, _: &dyn Pace) -> Result<Release, Failure> {
        let commit = self.commit_of(number)?.ok_or_else(|| not_kept(number))?;
        let bytes = self.record_of(&commit)?.ok_or_else(|| not_kept(number))?;
        Record::parse(&bytes).map(|it| it.live).map_err(|it| untrusted(&self.name(), &it))
    }

    fn carry_out(&self, plan: &Plan, tag: Option<&Tag>, run: &Run<'_>) -> Result<Record, Failure> {
        let commit = self.commit(plan, tag.map(|it| it.0.as_str()), run)?;
        self.push(&commit, run.pace)?;
        Ok(plan.settled.clone())
    }
}

/// What is fed to `git fast-import` (git-fast-import, "Input Format").
struct Stream<'a> {
    plan: &'a Plan,
    run: &'a Run<'a>,
    /// The files of the commit before.
    known: &'a BTreeMap<String, Blob>,
    /// The files of the release that is brought back.
    kept: &'a BTreeMap<String, Blob>,
    /// What stopped it, if it was not git.
    failure: &'a std::sync::Mutex<Option<Failure>>,
}

impl Stream<'_> {
    fn write(&self, to: &mut dyn Write, reference: &str, parent: Option<&str>, who: &str) -> io::Result<()> {
        let plan = self.plan;
        writeln!(to, "commit {reference}\ncommitter {who}")?;
        let release = &plan.release;
        let again = release.restores.map(|it| format!(", which is r{it} again")).unwrap_or_default();
        let message = format!("Publish {}{again}\n\n{} pages\n", release.name(), release.n_pages());
        data(to, message.as_bytes())?;
        if let Some(parent) = parent {
            writeln!(to, "from {parent}")?;
        }
        let mut n_done = 0;
        for operation in &plan.operations {
            let mut sent = 0;
            match &operation.action {
                Action::Send { file, from, .. } => {
                    self.send(to, file, *from)?;
                    sent = file.size;
                }
                Action::Delete { path, .. } => writeln!(to, "D {path}")?,
                _ => (),
            }
            n_done += 1;
            (self.run.progress)(operation.phase, n_done, sent);
        }
        if !self.known.contains_key(".nojekyll") && plan.release.find(".nojekyll").is_none() {
            writeln!(to, "M 100644 inline .nojekyll")?;
            data(to, b"")?;
        }
        writeln!(to, "M 100644 inline {RECORD}")?;
        data(to, &plan.settled.to_bytes())?;
        writeln!(to, "\ndone")
    }

    fn send(&self, to: &mut dyn Write, file: &File, from: Source) -> io::Result<()> {
        // A path of the output holds no quotation mark, backslash or control character, so it needs no quoting.
        match (from, self.kept.get(file.path.as_str())) {
            (Source::Kept, Some(blob)) => writeln!(to, "M 100644 {} {}", blob.id, file.path),
            (Source::Kept | Source::Build, _) => match self.run.bytes.bytes(file) {
                Ok(bytes) => {
                    writeln!(to, "M 100644 inline {}", file.path)?;
                    data(to, &bytes)
                }
                Err(failure) => {
                    // Without `done`, git throws away what it got.
                    *self.failure.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = Some(failure);
                    Err(io::ErrorKind::Other.into())
                }
            },
        }
    }
}

fn data(to: &mut dyn Write, bytes: &[u8]) -> io::Result<()> {
    writeln!(to, "data {}", bytes.len())?;
    to.write_all(bytes)?;
    writeln!(to)
}

fn not_kept(number: u32) -> Failure {
    Failure::new(Exit::NotPublished, format!("the branch's history does not have r{number}"))
        .help("`rejoinder publish --status` lists the releases that can be brought back")
}

/// Whether what git says may be otherwise in a moment.
fn is_passing(said: &str) -> bool {
    const SIGNS: [&str; 12] = [
        "Could not resolve host",
        "Connection timed out",
        "Connection reset",
        "Connection refused",
        "Connection closed",
        "Operation timed out",
        "early EOF",
        "RPC failed",
        "The requested URL returned error: 5",
        "The requested URL returned error: 429",
        "the remote end hung up",
        "Temporary failure",
    ];
    SIGNS.iter().any(|it| said.contains(it))
}
