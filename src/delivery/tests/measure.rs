//! What delivery costs.

use super::*;

/// Time of the processor for this process so far, in milliseconds (proc(5)): on a busy machine seconds say little.
fn processor_ms() -> f64 {
    let tasks = fs::read_dir("/proc/self/task").unwrap();
    let of_task = |task: std::io::Result<fs::DirEntry>| {
        let text = fs::read_to_string(task.unwrap().path().join("schedstat")).unwrap();
        text.split(' ').next().unwrap().parse::<f64>().unwrap() / 1e6
    };
    tasks.map(of_task).sum()
}

/// What delivery costs, beside merely writing the same files.
#[test]
#[ignore = "a measurement, not a test"]
fn measure() {
    const N: usize = 10_000;
    let path = |n: usize| OutPath::new(&format!("{}/{n}/index.html", n / 100)).unwrap();
    let page = |n: usize, edition: usize| format!("{n} {edition} ").repeat(3_000)[..8_192].to_owned();
    let plain = Project::new();
    let start = Instant::now();
    for n in 0..N {
        let place = plain.output().join(path(n).as_str());
        fs::create_dir_all(place.parent().unwrap()).unwrap();
        fs::write(place, page(n, 0)).unwrap();
    }
    println!("merely writing: {:?}", start.elapsed());
    for durable in [false, true] {
        let project = Project::new();
        let deliver = |what: &str, keep: bool, edition: &dyn Fn(usize) -> usize| {
            rustix::fs::sync();
            let pages: Vec<(OutPath, String)> = (0..N).map(|n| (path(n), page(n, edition(n)))).collect();
            let digests: Vec<Fingerprint> =
                pages.iter().map(|(_, page)| Fingerprint::of(page.as_bytes())).collect();
            let (start, cpu) = (Instant::now(), processor_ms());
            let stage = project.stage(StageOptions { durable, ..StageOptions::default() }).unwrap();
            let (opened, cpu_opened) = (start.elapsed(), processor_ms());
            for ((path, page), digest) in pages.iter().zip(&digests) {
                if !keep || !stage.keep(path, digest, page.len() as u64).unwrap() {
                    stage.put_bytes(path, page.as_bytes()).unwrap();
                }
            }
            let (put, cpu_put) = (start.elapsed() - opened, processor_ms());
            let delivered = stage.commit().unwrap();
            let commit = start.elapsed() - opened - put;
            let cpus = [cpu_opened - cpu, cpu_put - cpu_opened, processor_ms() - cpu_put];
            println!(
                "durable {durable}, {what}: {:?} (open {opened:?}, put {put:?}, commit {commit:?}; processor \
                 {:.1?} ms; {} written)",
                start.elapsed(),
                cpus,
                delivered.written
            );
        };
        deliver("first build", false, &|_| 0);
        deliver("nothing changed", true, &|_| 0);
        deliver("nothing changed, hints old enough", true, &|_| 0);
        deliver("one page changed", true, &|n| usize::from(n == 5_000));
        deliver("nothing changed after that", true, &|n| usize::from(n == 5_000));
        deliver("two pages far apart changed", true, &|n| {
            if n % 9_000 == 1 { 3 } else { usize::from(n == 5_000) }
        });
        deliver("every page changed", false, &|_| 2);
    }
}
