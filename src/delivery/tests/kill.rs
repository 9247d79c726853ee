//! Deliveries that are killed, or whose disk is full.

use super::*;

/// Delivers two sites in turn until it is killed. Run by the next test, in a process of its own.
#[test]
#[ignore = "runs for ever; the next test starts and kills it"]
fn victim() {
    let Some(root) = std::env::var_os("REJOINDER_TEST_VICTIM").map(PathBuf::from) else { return };
    for turn in 0.. {
        let options = StageOptions { durable: turn % 8 == 0, set_aside: false, crash_at: None };
        let stage = Stage::open(&root.join("public"), &root.join(".rejoinder"), options).unwrap();
        let is_part = std::env::var_os("REJOINDER_TEST_PART").is_some();
        for (path, text) in if is_part { victim_part(turn % 2) } else { victim_site(turn % 2) } {
            stage.put_bytes(&OutPath::new(&path).unwrap(), text.as_bytes()).unwrap();
        }
        stage.commit().unwrap();
    }
}

/// Delivers one site once, for system calls to be made to fail from outside (see the top of this file).
#[test]
#[ignore = "started from outside, with a directory to work in"]
fn once() {
    let Some(root) = std::env::var_os("REJOINDER_TEST_ONCE").map(PathBuf::from) else { return };
    let which = usize::from(std::env::var_os("REJOINDER_TEST_WHICH").is_some_and(|which| which == "1"));
    let set_aside = std::env::var_os("REJOINDER_TEST_ASIDE").is_some();
    let deliver = || {
        let options = StageOptions { durable: true, set_aside, crash_at: None };
        let stage = Stage::open(&root.join("public"), &root.join(".rejoinder"), options)?;
        let is_part = std::env::var_os("REJOINDER_TEST_PART").is_some();
        let site = if is_part { victim_part(which) } else { victim_site(which) };
        for (path, text) in site.into_iter().step_by(if is_part { 1 } else { 3 }) {
            stage.put_bytes(&OutPath::new(&path).unwrap(), text.as_bytes())?;
        }
        stage.commit()
    };
    let delivered: Result<Delivered, Failure> = deliver();
    assert!(delivered.is_ok(), "delivery failed: {delivered:?}");
}

fn victim_site(which: usize) -> BTreeMap<String, String> {
    let pages = (0..40).map(|n| match n % 4 {
        0 => (format!("same/{n}/index.html"), "same".repeat(500)),
        1 => (format!("only-{which}/{n}.html"), format!("{n}")),
        _ => (format!("pages/{n}/index.html"), format!("{which} {n} ").repeat(900)),
    });
    pages.collect()
}

/// Two sites that differ in one directory.
fn victim_part(which: usize) -> BTreeMap<String, String> {
    let mut site = victim_site(0);
    for n in 0..6 {
        site.insert(format!("part/{n}/index.html"), "same".to_owned());
        site.insert(format!("part/{n}/only-{which}"), which.to_string());
        site.insert(format!("part/{n}/index.json"), format!("{which} {n} ").repeat(900));
    }
    site
}

#[test]
fn a_killed_delivery_leaves_one_of_the_two_sites() {
    kill(false, &victim_site);
}

#[test]
fn a_killed_delivery_of_a_part_leaves_one_of_the_two_sites() {
    kill(true, &victim_part);
}

fn kill(is_part: bool, victim_site: &dyn Fn(usize) -> BTreeMap<String, String>) {
    let project = Project::new();
    let mut pictures = Vec::new();
    for which in 0..2 {
        let site = victim_site(which);
        let site: Vec<(&str, &str)> =
            site.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
        project.deliver(&site).unwrap();
        project.put_by_hand("notes.txt", "mine");
        pictures.push(picture(&project.output()));
    }
    let n_rounds = std::env::var("REJOINDER_TEST_KILLS").map_or(40, |n| n.parse().unwrap());
    let mut seen = [0, 0];
    for round in 0..n_rounds {
        let mut victim = std::process::Command::new(std::env::current_exe().unwrap());
        if is_part {
            victim.env("REJOINDER_TEST_PART", "");
        }
        let mut victim = victim
            .args(["--exact", "delivery::tests::kill::victim", "--ignored"])
            .env("REJOINDER_TEST_VICTIM", project.root())
            .stdout(std::process::Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(Duration::from_micros(4_000 + round * 7_919 % 60_000));
        victim.kill().unwrap();
        victim.wait().unwrap();
        let mut now = picture(&project.output());
        if is_part && !pictures.contains(&now) {
            // Between the exchange and the list, which the next start brings in.
            recover(&project.output(), &project.state()).unwrap();
            let before = std::mem::replace(&mut now, picture(&project.output()));
            let list = Path::new(manifest::NAME);
            let is_list = before.iter().zip(&now).all(|(was, is)| was == is || was.0 == list);
            assert!(is_list, "round {round}: more than the list was mended");
        }
        let which = pictures.iter().position(|site| *site == now);
        let names = || now.keys().collect::<Vec<_>>();
        seen[which.unwrap_or_else(|| panic!("round {round}: neither site, but {:?}", names()))] += 1;
    }
    // On a busy machine a few rounds may all end before the first swap.
    assert!(n_rounds < 200 || (seen[0] > 0 && seen[1] > 0), "{seen:?}");
    let delivered = project.deliver(NEXT).unwrap();
    assert_eq!(
        (delivered.kept, delivered.leftover, project.litter()),
        (vec!["notes.txt".to_owned()], vec![], vec![])
    );
}

/// Fills the disk that `REJOINDER_TEST_SMALL_DISK` names, for example
/// `unshare -m sh -c 'mount -t tmpfs -o size=2m none /mnt && … cargo test --lib full_disk -- --ignored'`.
#[test]
#[ignore = "needs a small disk"]
fn a_full_disk_leaves_the_old_site() {
    let Some(disk) = std::env::var_os("REJOINDER_TEST_SMALL_DISK").map(PathBuf::from) else { return };
    let (output, state) = (disk.join("public"), disk.join(".rejoinder"));
    let deliver = |n: usize, text: &str| {
        let stage = Stage::open(&output, &state, StageOptions::default())?;
        for n in 0..n {
            stage.put_bytes(
                &OutPath::new(&format!("{n}/index.html")).unwrap(),
                text.repeat(2_000).as_bytes(),
            )?;
        }
        stage.commit()
    };
    deliver(20, "old ").unwrap();
    let before = picture(&output);
    let failure = deliver(2_000, "new ").unwrap_err();
    println!("{failure}\nhelp: {}", failure.help);
    assert_eq!(failure.exit, Exit::Machine);
    assert!(failure.message.contains("the disk is full"));
    assert_eq!(before, picture(&output));
    assert_eq!(fs::read_dir(&disk).unwrap().count(), 2, "no stage stays");
    deliver(10, "new ").unwrap();
}
