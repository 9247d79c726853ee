//! What share cards, the search and images cost: the program builds the same site without and with each, and once more with what
//! it kept.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

use serde_json::{Value, json};

use crate::Outcome;
use crate::figures::number;
use crate::process;

/// What is switched on, by what the table calls it, and where its files stand in the output.
const EXTRAS: [(&str, bool, &str, &str); 3] = [
    ("search", cfg!(feature = "search"), "search: true", "pagefind"),
    ("cards", cfg!(feature = "cards"), "share_cards: true", "assets/cards"),
    ("images", cfg!(feature = "images"), "", "assets/images"),
];

/// Measures a generated project, and prints a table.
pub(crate) fn measure(project: &Path, photograph: (u16, u16)) -> Outcome<Vec<Value>> {
    let settings = fs::read_to_string(project.join("site.yaml"))?;
    let settings: String =
        settings.lines().filter(|it| !it.starts_with("share_cards:")).map(|it| format!("{it}\n")).collect();
    let mut lines = Vec::new();
    println!("\n{:24} {:>9} {:>12} {:>9} {:>9} {:>9}", "", "ms", "processor ms", "pages", "files", "MB");
    let mut tell = |what: &str, below: &str| -> Outcome<()> {
        let line = build(what, project, below)?;
        println!(
            "{what:24} {:>9.0} {:>12.0} {:>9} {:>9} {:>9.1}",
            number(&line, "ms"),
            number(&line, "processor_ms"),
            line["pages"],
            line["files"],
            number(&line, "bytes") / 1e6
        );
        lines.push(line);
        Ok(())
    };
    let set = |more: &str, off: &[&str]| -> Outcome<()> {
        let off: String = off.iter().map(|it| format!("{it}: false\n")).collect();
        for kept in ["public", ".rejoinder"] {
            remove(&project.join(kept))?;
        }
        Ok(fs::write(project.join("site.yaml"), format!("{settings}{off}{more}\n"))?)
    };
    set("", &["search", "share_cards"])?;
    tell("without", ".")?;
    for (what, is_there, setting, below) in EXTRAS {
        if !is_there {
            println!("{what:24} not measured: this program was built without the feature `{what}`");
            continue;
        }
        let off: Vec<&str> =
            ["search", "share_cards"].into_iter().filter(|it| !setting.starts_with(it)).collect();
        set(setting, &off)?;
        if what == "images" {
            photographs(project, photograph)?;
        }
        tell(what, below)?;
        tell(&format!("{what}, nothing changed"), below)?;
        // As on a machine that keeps `.rejoinder` between builds.
        remove(&project.join("public"))?;
        tell(&format!("{what}, output deleted"), below)?;
    }
    Ok(lines)
}

/// One build by the program, as somebody on the command line has it.
fn build(what: &str, project: &Path, below: &str) -> Outcome<Value> {
    let (start, before) = (Instant::now(), process::waited_for_ms()?);
    let ran = Command::new(env!("CARGO_BIN_EXE_rejoinder"))
        .arg("--root")
        .arg(project)
        .args(["--quiet", "build"])
        .output()?;
    let took = start.elapsed();
    if !ran.status.success() {
        return Err(format!("rejoinder: {}", String::from_utf8_lossy(&ran.stderr)).into());
    }
    let (mut all, mut files) = (Vec::new(), Vec::new());
    process::files_below(&project.join("public"), &mut all)?;
    process::files_below(&project.join("public").join(below), &mut files)?;
    let bytes = files.iter().map(|file| fs::metadata(file).map(|it| it.len())).sum::<Result<u64, _>>()?;
    Ok(json!({
        "what": what,
        "ms": process::milliseconds(took),
        "processor_ms": process::waited_for_ms()? - before,
        "pages": all.iter().filter(|file| file.ends_with("index.html")).count(),
        "files": files.len(),
        "bytes": bytes,
    }))
}

fn remove(dir: &Path) -> Outcome<()> {
    match fs::remove_dir_all(dir) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error.into()),
        _ => Ok(()),
    }
}

/// A photograph for each story, shown on its page: grain on slow waves of colour, each its own.
#[cfg(feature = "images")]
fn photographs(project: &Path, (width, height): (u16, u16)) -> Outcome<()> {
    let mut chance = crate::generator::Chance(7);
    for number in 0.. {
        let story = project.join(format!("content/story-{number}"));
        if !story.is_dir() {
            break;
        }
        let wave = |at: u16, long: f32| ((f32::from(at) / long + number as f32).sin() * 90.0) as i32;
        let mut pixels = Vec::with_capacity(usize::from(width) * usize::from(height) * 3);
        for y in 0..height {
            for x in 0..width {
                let grain = chance.below(24) as i32;
                for (across, down) in [(700.0, 300.0), (150.0, 900.0), (400.0, 500.0)] {
                    let light = 116 + (wave(x, across) + wave(y, down)) / 2 + grain;
                    pixels.push(u8::try_from(light.clamp(0, 255)).unwrap_or(0));
                }
            }
        }
        let encoder = jpeg_encoder::Encoder::new_file(story.join("photograph.jpg"), 90)?;
        encoder.encode(&pixels, width, height, jpeg_encoder::ColorType::Rgb)?;
        let file = story.join("story.md");
        let text = fs::read_to_string(&file)?;
        fs::write(file, format!("{text}\n![Waves of colour.](photograph.jpg)\n"))?;
    }
    Ok(())
}

#[cfg(not(feature = "images"))]
fn photographs(_: &Path, _: (u16, u16)) -> Outcome<()> {
    Ok(())
}
