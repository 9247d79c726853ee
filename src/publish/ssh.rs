//! A directory of a host behind ssh: release folders, and a symbolic link to the one that is live.
//!
//! Asks the system's `ssh`, with the user's configuration, agent and jump hosts. The other side needs a POSIX shell, `find`,
//! `tar`, `xargs` and `readlink`: nothing of ours, and no rsync. What is sent goes through one stream of tar, so that every
//! byte is compared with its digest on the way, and only what changed is sent; the rest are hard links to the release
//! before.
//!
//! No value of the configuration is read by a shell: host and directory are narrow ([`crate::document`] sees to it), the
//! scripts are constant, and what they are given stands in single quotes.

use std::io::{self, Write};
use std::process::Command;
use std::sync::Mutex;
use std::time::Duration;

use super::command::{self, Ran};
use super::driver::{self, Pace, Run, changed, untrusted};
use super::look::Observed;
use super::plan::{Action, Listed, Plan, Remote, Source};
use super::record::{RECORD, Record};
use super::release::Release;
use super::store::{StoreError, Tag, Trouble};
use super::tar;
use super::target::Target;
use crate::diag::{Exit, Failure};
use crate::text::Fingerprint;

/// How long one connection may take.
const MOST: Duration = Duration::from_secs(3600);

/// Says what is live: `absent`; `none` and what lies there; or `live`, the length of the record, the record, and each file
/// with its size. `$1` is the directory.
const LOOK: &str = r#"
LC_ALL=C; export LC_ALL
cd "$1" 2>/dev/null || { echo absent; exit 0; }
live=$(readlink current 2>/dev/null) || live=
case "$live" in
releases/r[0-9]*) ;;
*) echo none; for f in * .[!.]*; do [ -e "$f" ] || [ -h "$f" ] || continue; printf "%s\n" "$f"; done; exit 0 ;;
esac
cd "$live" || exit 3
echo "live $live"
wc -c < .rejoinder/release.json && cat .rejoinder/release.json || exit 3
find . -type f -exec wc -c {} +
find . -type l -exec printf "0 %s\n" {} \;
"#;

/// Prints the record of a release. `$2` is its number.
const READ: &str = r#"cat "$1/releases/r$2/.rejoinder/release.json""#;

/// Begins: takes the lock and fills `new` with what is live, but for the paths that come on stdin. `$2` is our mark, `$3` what
/// has to be live: nothing, or `releases/r41`.
const BEGIN: &str = r#"
set -e
umask 022
mkdir -p "$1/releases"
cd "$1/releases"
if ! mkdir lock 2>/dev/null; then
  [ "$(cat lock/owner 2>/dev/null)" = "$2" ] || [ -n "$(find lock -prune -mmin +30 2>/dev/null)" ] || exit 75
  touch lock
fi
echo "$2" > lock/owner
now=$(readlink ../current 2>/dev/null) || now=
if [ "$now" != "$3" ]; then rm -rf lock; exit 76; fi
rm -rf new list
cat > list
if [ -n "$now" ]; then
  cp -al "../$now" new 2>/dev/null || { rm -rf new; cp -a "../$now" new; }
else
  mkdir new
fi
cd new
tr "\n" "\0" < ../list | xargs -0 rm -f --
"#;

/// Takes files from an earlier release: their paths come on stdin. `$3` is its number.
const BRING: &str = r#"
set -e
umask 022
cd "$1/releases"
[ "$(cat lock/owner)" = "$2" ] || exit 76
cat > list
cd "r$3"
tar -c -f - -T ../list | tar -x -f - -C ../new
"#;

/// Takes files from stdin.
const SEND: &str = r#"
set -e
umask 022
cd "$1/releases"
[ "$(cat lock/owner)" = "$2" ] || exit 76
touch lock
tar -x -o -f - -C new
"#;

/// Ends: makes `new` live as release `$4`, and takes away releases but that and those in `$5`, which has a blank around each.
const END: &str = r#"
set -e
cd "$1/releases"
[ "$(cat lock/owner)" = "$2" ] || exit 76
now=$(readlink ../current 2>/dev/null) || now=
[ "$now" = "$3" ] || exit 76
[ -f new/.rejoinder/release.json ] || exit 3
rm -rf "r$4" list
mv new "r$4"
rm -f ../current.new
ln -s "releases/r$4" ../current.new
sync
mv -fT ../current.new ../current 2>/dev/null || mv -fh ../current.new ../current
for f in r[1-9]*; do
  case "$f" in *[!r0-9]*) continue ;; esac
  case "$5" in *" $f "*) continue ;; esac
  [ "$f" = "r$4" ] || [ ! -f "$f/.rejoinder/release.json" ] || rm -rf "$f"
done
rm -rf lock
"#;

/// Puts a record from stdin in the place of that of release `$2`, if it is live.
const SETTLE: &str = r#"
set -e
umask 022
cd "$1/releases"
[ "$(readlink ../current)" = "releases/r$2" ] || exit 76
cat > record
mv -f record "r$2/.rejoinder/release.json"
"#;

/// Gives the lock back, if it is ours.
const LEAVE: &str = r#"
cd "$1/releases" 2>/dev/null || exit 0
[ "$(cat lock/owner 2>/dev/null)" = "$2" ] && rm -rf lock
exit 0
"#;

/// A directory of a host.
#[derive(Debug)]
pub struct Ssh {
    host: String,
    port: Option<u16>,
    path: String,
    mark: String,
}

impl Ssh {
    /// A directory at a host. `mark` tells our lock from others'.
    pub fn new(host: &str, port: Option<u16>, path: &str, mark: &str) -> Ssh {
        let path = path.trim_end_matches('/').to_owned();
        Ssh { host: host.to_owned(), port, path, mark: mark.to_owned() }
    }

    /// Runs a script there, again when the connection failed. `feed` writes what it reads, for each try.
    fn run(
        &self,
        script: &str,
        args: &[&str],
        feed: &(dyn Fn(&mut dyn Write) -> io::Result<()> + Sync),
        pace: &dyn Pace,
    ) -> Result<Ran, Failure> {
        let mut line = format!("sh -c {} rejoinder", quoted(script));
        for arg in [self.path.as_str()].iter().chain(args) {
            line.push(' ');
            line.push_str(&quoted(arg));
        }
        let ran = driver::again(pace, || {
            let mut ssh = Command::new("ssh");
            ssh.args(["-T", "-o", "BatchMode=yes", "-o", "ConnectTimeout=20"]);
            ssh.args(["-o", "ServerAliveInterval=15", "-o", "ServerAliveCountMax=4"]);
            if let Some(port) = self.port {
                ssh.arg("-p").arg(port.to_string());
            }
            ssh.args(["--", &self.host, &line]);
            match command::run(&mut ssh, Some(Box::new(|to: &mut dyn Write| feed(to))), MOST) {
                // 255 is ssh's own: there was no connection, or it broke (ssh(1), EXIT STATUS).
                Ok(ran) if ran.status.code() == Some(255) => {
                    let signs = ["Permission denied", "Host key verification failed", "Could not resolve"];
                    let is_final = signs.iter().any(|it| ran.stderr.contains(it));
                    let trouble = if is_final { Trouble::Final } else { Trouble::Again(None) };
                    Err(StoreError::new(trouble, ran.why()))
                }
                done => Ok(done),
            }
        });
        ran.unwrap_or_else(|error| {
            let message = format!("ssh cannot reach `{}`", self.host);
            Err(Failure { cause: error.message, ..Failure::new(Exit::Remote, message) }
                .help(format!("see that `ssh {}` works without asking anything", self.host)))
        })
    }

    /// What is made of a script that ended badly.
    fn judge(&self, ran: Ran) -> Result<Ran, Failure> {
        match ran.status.code() {
            Some(0) => Ok(ran),
            Some(75) => Err(Failure::new(
                Exit::NotPublished,
                format!("somebody is publishing to `{}` now", self.name()),
            )
            .help("wait until that has ended, look at what is live, and publish again")),
            Some(76) => Err(changed(&self.name())),
            _ => {
                let message = format!("`{}` could not do what it was asked", self.host);
                Err(Failure { cause: ran.why(), ..Failure::new(Exit::Remote, message) }.help(format!(
                    "see that you may write below `{}` there, and run the same command again",
                    self.path
                )))
            }
        }
    }

    fn fill(&self, plan: &Plan, live: &str, run: &Run<'_>) -> Result<(), Failure> {
        let (mark, pace) = (self.mark.as_str(), run.pace);
        let gone = plan.operations.iter().filter_map(|it| match &it.action {
            Action::Send { file, .. } => Some(file.path.as_str()),
            Action::Delete { path, .. } => Some(path.as_str()),
            _ => None,
        });
        let gone = lines(gone.chain([RECORD]));
        self.judge(self.run(BEGIN, &[mark, live], &|to| to.write_all(gone.as_bytes()), pace)?)?;
        if let Some(number) = plan.release.restores {
            let kept = plan.operations.iter().filter_map(|it| match &it.action {
                Action::Send { file, from: Source::Kept, .. } => Some(file.path.as_str()),
                _ => None,
            });
            let kept = lines(kept);
            if !kept.is_empty() {
                let number = number.to_string();
                self.judge(self.run(BRING, &[mark, &number], &|to| to.write_all(kept.as_bytes()), pace)?)?;
            }
        }
        let record = plan.record_of_whole().to_bytes();
        let failure: Mutex<Option<Failure>> = Mutex::new(None);
        let sent = self.run(SEND, &[mark], &|to| send(to, plan, run, &record, &failure), pace);
        if let Some(failure) = failure.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner) {
            return Err(failure);
        }
        self.judge(sent?)?;
        let number = plan.release.number.to_string();
        let earlier: Vec<String> = plan.settled.earlier.iter().map(|it| format!("r{}", it.number)).collect();
        let earlier = format!(" {} ", earlier.join(" "));
        self.judge(self.run(END, &[mark, live, &number, &earlier], &|_| Ok(()), pace)?)?;
        Ok(())
    }
}

/// Writes every file that comes from here, and the record.
fn send(
    to: &mut dyn Write,
    plan: &Plan,
    run: &Run<'_>,
    record: &[u8],
    failure: &Mutex<Option<Failure>>,
) -> io::Result<()> {
    for (idx, operation) in plan.operations.iter().enumerate() {
        let mut sent = 0;
        if let Action::Send { file, from: Source::Build, .. } = &operation.action {
            match run.bytes.bytes(file) {
                Ok(bytes) => tar::file(to, file.path.as_str(), &bytes)?,
                Err(error) => {
                    // A stream that is cut short is no archive: nothing becomes live.
                    *failure.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = Some(error);
                    return Err(io::ErrorKind::Other.into());
                }
            }
            sent = file.size;
        }
        if !operation.phase.waits_for_whole() {
            (run.progress)(operation.phase, idx + 1, sent);
        }
    }
    tar::file(to, RECORD, record)?;
    tar::end(to)
}

fn lines<'a>(paths: impl Iterator<Item = &'a str>) -> String {
    paths.map(|it| format!("{it}\n")).collect()
}

/// A word for a POSIX shell: nothing in it means anything.
fn quoted(word: &str) -> String {
    format!("'{}'", word.replace('\'', r"'\''"))
}

impl Target for Ssh {
    fn name(&self) -> String {
        format!("{}:{}", self.host, self.path)
    }

    fn in_place(&self) -> bool {
        false
    }

    fn keep(&self) -> u32 {
        5
    }

    fn observe(&self, pace: &dyn Pace) -> Result<Observed, Failure> {
        let ran = self.judge(self.run(LOOK, &[], &|_| Ok(()), pace)?)?;
        let odd =
            || Failure::new(Exit::Remote, format!("`{}` does not answer as a POSIX shell does", self.host));
        let mut remote = Remote::default();
        let mut rest = ran.stdout.as_slice();
        let mut line = || -> Option<String> {
            let end = rest.iter().position(|it| *it == b'\n')?;
            let line = String::from_utf8_lossy(&rest[..end]).into_owned();
            rest = &rest[end + 1..];
            Some(line)
        };
        let first = line().ok_or_else(odd)?;
        match first.as_str() {
            "absent" => return Ok(Observed { remote, tag: None }),
            "none" => {
                let names = String::from_utf8_lossy(rest);
                let others = names.lines().filter(|it| *it != "releases" && *it != "current.new");
                remote.listing = others.map(|it| (it.to_owned(), Listed::default())).collect();
                return Ok(Observed { remote, tag: None });
            }
            _ => (),
        }
        let live = first.strip_prefix("live ").ok_or_else(odd)?.to_owned();
        let size: usize = line().and_then(|it| it.trim().parse().ok()).ok_or_else(odd)?;
        let bytes = rest.get(..size).ok_or_else(odd)?;
        let record = Record::parse(bytes).map_err(|it| untrusted(&self.name(), &it))?;
        if live != format!("releases/r{}", record.live.number) {
            return Err(Failure::new(
                Exit::NotPublished,
                format!("`current` at `{}` is not what we left there", self.name()),
            )
            .help("let it lead to the release that its record names, or name an empty place"));
        }
        for line in String::from_utf8_lossy(&rest[size..]).lines() {
            let Some((size, path)) = line.trim_start().split_once(" ./") else { continue };
            let Ok(size) = size.trim().parse() else { continue };
            if path != RECORD {
                remote.listing.insert(path.to_owned(), Listed { size, ..Listed::default() });
            }
        }
        remote.record = Some(record);
        Ok(Observed { remote, tag: Some(Tag(format!("{live} {}", Fingerprint::of(bytes).hex()))) })
    }

    fn earlier(&self, number: u32, pace: &dyn Pace) -> Result<Release, Failure> {
        let ran = self.judge(self.run(READ, &[&number.to_string()], &|_| Ok(()), pace)?)?;
        Record::parse(&ran.stdout).map(|it| it.live).map_err(|it| untrusted(&self.name(), &it))
    }

    fn carry_out(&self, plan: &Plan, tag: Option<&Tag>, run: &Run<'_>) -> Result<Record, Failure> {
        let live = tag.and_then(|it| it.0.split(' ').next()).unwrap_or("");
        let filled = if plan.is_release() { self.fill(plan, live, run) } else { Ok(()) };
        if let Err(failure) = filled {
            // Best effort: a lock that stays is nobody's after half an hour.
            let _ = self.run(LEAVE, &[&self.mark], &|_| Ok(()), run.pace);
            return Err(failure);
        }
        driver::tell_of_whole(plan, run, |record| {
            let (number, bytes) = (plan.release.number.to_string(), record.to_bytes());
            self.judge(self.run(SETTLE, &[&number], &|to| to.write_all(&bytes), run.pace)?).map(drop)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_a_quoted_word_means_anything() {
        for word in ["a b", "$(touch x)", "`id`", "'; rm -rf /; '", "\\", "\"", "a\nb", "-n", "*"] {
            let ran = command::run(
                Command::new("sh").arg("-c").arg(format!("printf %s {}", quoted(word))),
                None,
                Duration::from_secs(10),
            );
            assert_eq!(String::from_utf8(ran.unwrap().stdout).unwrap(), word);
        }
    }

    #[test]
    fn scripts_are_scripts() {
        for script in [LOOK, READ, BEGIN, BRING, SEND, END, SETTLE, LEAVE] {
            let ran =
                command::run(Command::new("sh").args(["-n", "-c", script]), None, Duration::from_secs(10))
                    .unwrap();
            assert!(ran.status.success(), "{}", ran.stderr);
        }
    }
}
