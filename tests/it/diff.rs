//! The difference between two texts, for people.

/// Lines that differ with `-` (expected) and `+` (actual), and up to two equal lines around them; empty when the texts
/// are equal.
pub(crate) fn diff(expected: &str, actual: &str) -> String {
    if expected == actual {
        return String::new();
    }
    let (old, new): (Vec<&str>, Vec<&str>) = (expected.lines().collect(), actual.lines().collect());
    let lines = edits(&old, &new);
    let mut out = String::new();
    let mut skipped = false;
    for (idx, (mark, line)) in lines.iter().enumerate() {
        let near = &lines[idx.saturating_sub(2)..(idx + 3).min(lines.len())];
        if near.iter().any(|(mark, _)| *mark != ' ') {
            if skipped {
                out.push_str("    …\n");
                skipped = false;
            }
            out.push_str(&format!("    {mark} {line}\n"));
        } else {
            skipped = true;
        }
    }
    if out.is_empty() { "    (they differ at the ends of lines only)\n".to_owned() } else { out }
}

/// The shortest way from one list of lines to the other.
fn edits<'a>(old: &[&'a str], new: &[&'a str]) -> Vec<(char, &'a str)> {
    // Whole trees can be long, and nobody reads a long difference: equal ends are cheap to skip.
    let head = old.iter().zip(new).take_while(|(a, b)| a == b).count();
    let tail = old[head..].iter().rev().zip(new[head..].iter().rev()).take_while(|(a, b)| a == b).count();
    let (a, b) = (&old[head..old.len() - tail], &new[head..new.len() - tail]);
    let mut out: Vec<(char, &str)> = old[..head].iter().map(|line| (' ', *line)).collect();
    if a.len().saturating_mul(b.len()) > 4_000_000 {
        out.extend(a.iter().map(|line| ('-', *line)).chain(b.iter().map(|line| ('+', *line))));
    } else {
        out.extend(between(a, b));
    }
    out.extend(old[old.len() - tail..].iter().map(|line| (' ', *line)));
    out
}

fn between<'a>(a: &[&'a str], b: &[&'a str]) -> Vec<(char, &'a str)> {
    // common[i][j]: how many lines a[i..] and b[j..] have in common, in order.
    let mut common = vec![vec![0_u32; b.len() + 1]; a.len() + 1];
    for i in (0..a.len()).rev() {
        for j in (0..b.len()).rev() {
            common[i][j] =
                if a[i] == b[j] { common[i + 1][j + 1] + 1 } else { common[i + 1][j].max(common[i][j + 1]) };
        }
    }
    let (mut i, mut j, mut out) = (0, 0, Vec::new());
    while i < a.len() || j < b.len() {
        if i < a.len() && j < b.len() && a[i] == b[j] {
            out.push((' ', a[i]));
            (i, j) = (i + 1, j + 1);
        } else if j == b.len() || i < a.len() && common[i + 1][j] >= common[i][j + 1] {
            out.push(('-', a[i]));
            i += 1;
        } else {
            out.push(('+', b[j]));
            j += 1;
        }
    }
    out
}

#[test]
fn a_difference_shows_what_changed_and_little_else() {
    assert_eq!(diff("a\nb\n", "a\nb\n"), "");
    let expected = "    …\n      3\n      4\n    - 5\n    + five\n      6\n      7\n    …\n";
    // The last ellipsis is only printed when more follows.
    let old = (1..=20).map(|n| format!("{n}\n")).collect::<String>();
    let new = old.replace("5\n6", "five\n6");
    assert_eq!(diff(&old, &new), expected.trim_end_matches("    …\n"));
}
