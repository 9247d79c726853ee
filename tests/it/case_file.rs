//! Reading and rewriting a case file. The format, for authors of tests, is described in `tests/cases/README.md`.

use std::ops::Range;

use crate::images;

/// One fenced block.
#[derive(Clone, Debug)]
pub(crate) struct Fence {
    /// The line of the opening fence, from 1.
    pub(crate) line: usize,
    /// What follows the opening backticks.
    pub(crate) info: String,
    /// The lines between the fences, each with its line break.
    pub(crate) body: String,
    /// The fence's lines in the file, from 0, fences included.
    lines: Range<usize>,
}

/// One test: a heading and the fences below it.
#[derive(Clone, Debug)]
pub(crate) struct Case {
    /// The heading's words.
    pub(crate) name: String,
    /// The heading's line, from 1.
    pub(crate) line: usize,
    pub(crate) fences: Vec<Fence>,
}

/// Reads the cases of a file: every heading with at least one fence below it.
///
/// # Errors
/// When a fence is not closed, or stands before the first heading.
pub(crate) fn read(text: &str) -> Result<Vec<Case>, String> {
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let mut cases: Vec<Case> = Vec::new();
    let mut idx = 0;
    while idx < lines.len() {
        let line = lines[idx].trim_end();
        let ticks = line.bytes().take_while(|byte| *byte == b'`').count();
        if ticks >= 3 {
            let closing = "`".repeat(ticks);
            let rest = lines[idx + 1..].iter().position(|it| it.trim_end() == closing);
            let Some(length) = rest else {
                return Err(format!("line {}: this fence is not closed", idx + 1));
            };
            let Some(case) = cases.last_mut() else {
                return Err(format!(
                    "line {}: a fence needs a heading above it, which names the test",
                    idx + 1
                ));
            };
            case.fences.push(Fence {
                line: idx + 1,
                info: line[ticks..].trim().to_owned(),
                body: lines[idx + 1..idx + 1 + length].concat(),
                lines: idx..idx + length + 2,
            });
            idx += length + 2;
            continue;
        }
        if line.starts_with('#') {
            let name = line.trim_start_matches('#').trim().to_owned();
            cases.push(Case { name, line: idx + 1, fences: Vec::new() });
        }
        idx += 1;
    }
    cases.retain(|case| !case.fences.is_empty());
    Ok(cases)
}

/// The file with new bodies for some of its fences.
pub(crate) fn rewritten(text: &str, new: &[(&Fence, String)]) -> String {
    let mut lines: Vec<String> = text.split_inclusive('\n').map(str::to_owned).collect();
    let mut new: Vec<_> = new.iter().collect();
    new.sort_by_key(|(fence, _)| fence.lines.start);
    for (fence, body) in new.into_iter().rev() {
        let longest = body
            .lines()
            .filter(|it| it.starts_with("```"))
            .map(|it| it.bytes().take_while(|b| *b == b'`').count());
        let ticks = "`".repeat(longest.max().map_or(3, |n| n + 1));
        let body = if body.is_empty() || body.ends_with('\n') { body.clone() } else { format!("{body}\n") };
        let fence_text = format!("{ticks}{}\n{body}{ticks}\n", fence.info);
        lines.splice(fence.lines.clone(), [fence_text]);
    }
    lines.concat()
}

/// A body in which `\xFF` is a byte, `\u{202E}` a character, `\r`, `\t`, `\n`, `\0` and `\\` what they are everywhere, a
/// backslash at the end of a line joins it to the next, `\repeat{1000}{words}` is the words that often, and `\png{600x400}` an image
/// of that size.
///
/// # Errors
/// When an escape is none of these.
pub(crate) fn unescaped(body: &str) -> Result<Vec<u8>, String> {
    let mut out = Vec::new();
    let mut rest = body;
    while let Some(at) = rest.find('\\') {
        out.extend(&rest.as_bytes()[..at]);
        rest = &rest[at + 1..];
        let wrong = || format!("unknown escape `\\{}`", rest.chars().take(8).collect::<String>());
        if let Some(after) = rest.strip_prefix("repeat{") {
            let (count, after) = after.split_once("}{").ok_or_else(wrong)?;
            let (words, after) = after.split_once('}').ok_or_else(wrong)?;
            let count: usize = count.parse().map_err(|_| wrong())?;
            out.extend(unescaped(words)?.repeat(count));
            rest = after;
        } else if let Some(after) = rest.strip_prefix("png{") {
            let (size, after) = after.split_once('}').ok_or_else(wrong)?;
            let (width, height) = size.split_once('x').ok_or_else(wrong)?;
            let number = |text: &str| text.parse::<u32>().map_err(|_| wrong());
            out.extend(images::png(number(width)?, number(height)?));
            rest = after;
        } else if let Some(after) = rest.strip_prefix("u{") {
            let (hex, after) = after.split_once('}').ok_or_else(wrong)?;
            let c = u32::from_str_radix(hex, 16).ok().and_then(char::from_u32).ok_or_else(wrong)?;
            out.extend(c.to_string().into_bytes());
            rest = after;
        } else if let Some(after) = rest.strip_prefix('x') {
            let byte = after.get(..2).and_then(|hex| u8::from_str_radix(hex, 16).ok()).ok_or_else(wrong)?;
            out.push(byte);
            rest = &after[2..];
        } else {
            let plain = [('r', "\r"), ('n', "\n"), ('t', "\t"), ('0', "\0"), ('\\', "\\"), ('\n', "")];
            let (c, bytes) = plain.into_iter().find(|(c, _)| rest.starts_with(*c)).ok_or_else(wrong)?;
            out.extend(bytes.as_bytes());
            rest = &rest[c.len_utf8()..];
        }
    }
    out.extend(rest.as_bytes());
    Ok(out)
}

/// A text with some of its lines changed, as a difference says: lines that begin with `- ` are taken out, those with `+ ` put
/// in, those with two blanks stay and say where. A blank line separates one place from the next.
///
/// # Errors
/// When a line begins otherwise, or the lines that are to be there are not, or are there more than once.
pub(crate) fn changed(text: &str, difference: &str) -> Result<String, String> {
    let mut text = text.to_owned();
    for place in difference.trim_end().split("\n\n") {
        let (mut old, mut new) = (String::from("\n"), String::from("\n"));
        for line in place.lines() {
            let is_marked = |mark: &str| line.strip_prefix(mark).or((line == mark.trim_end()).then_some(""));
            let (marked, stays) = (is_marked("+ "), is_marked("  "));
            let gone = is_marked("- ").or(stays);
            if marked.or(gone).is_none() {
                return Err(format!("`{line}` begins with neither `- `, `+ ` nor two blanks"));
            }
            gone.iter().for_each(|it| old.extend([*it, "\n"]));
            marked.or(stays).iter().for_each(|it| new.extend([*it, "\n"]));
        }
        // A line break before each line, so that only whole lines match.
        let whole = format!("\n{text}");
        let is_here = |at: &usize| whole.is_char_boundary(*at) && whole[*at..].starts_with(&old);
        match (0..whole.len()).filter(is_here).count() {
            1 if old != "\n" => text = whole.replacen(&old, &new, 1)[1..].to_owned(),
            n => return Err(format!("these lines are there {n} times:\n{}", old.trim_matches('\n'))),
        }
    }
    Ok(text)
}

#[test]
fn a_difference_changes_whole_lines() {
    let text = "a: 1\nb: 2\nab: 2\n";
    assert_eq!(changed(text, "- b: 2\n+ b: 3\n+ c: 4\n").unwrap(), "a: 1\nb: 3\nc: 4\nab: 2\n");
    assert_eq!(changed(text, "  a: 1\n+ x: 0\n\n- ab: 2\n").unwrap(), "a: 1\nx: 0\nb: 2\n");
    assert!(changed("a\na\n", "- a\n+ b\n").unwrap_err().contains("2 times"));
    assert!(changed(text, "- c: 1\n").unwrap_err().contains("0 times"));
    assert!(changed(text, "+ c: 1\n").is_err());
    assert!(changed(text, "c: 1\n").unwrap_err().contains("neither"));
}

#[test]
fn a_case_file_is_read_and_rewritten() {
    let text = "# Group\n\nProse.\n\n## One\n\n```a.md\nx\n```\n\n````report\n```\nold\n````\nend\n## Two\n```b\n```\n";
    let cases = read(text).unwrap();
    let names: Vec<_> = cases.iter().map(|it| (it.name.as_str(), it.line, it.fences.len())).collect();
    assert_eq!(names, [("One", 5, 2), ("Two", 16, 1)]);
    assert_eq!((cases[0].fences[1].line, cases[0].fences[1].body.as_str()), (11, "```\nold\n"));
    let new = rewritten(
        text,
        &[(&cases[0].fences[1], "new".to_owned()), (&cases[1].fences[0], "```\n".to_owned())],
    );
    assert_eq!(
        new,
        "# Group\n\nProse.\n\n## One\n\n```a.md\nx\n```\n\n```report\nnew\n```\nend\n## Two\n````b\n```\n````\n"
    );
    assert!(read("```a\n```\n").unwrap_err().contains("heading"));
    assert!(read("# A\n```a\n").unwrap_err().contains("line 2"));
}

#[test]
fn escapes_stand_for_bytes_no_test_file_should_hold() {
    let bytes = unescaped("a\\xFF\\u{202E}\\r\\n\\\\\\\nb\\repeat{3}{[\\t}").unwrap();
    assert_eq!(
        bytes,
        "a".bytes().chain([0xFF]).chain("\u{202E}\r\n\\b[\t[\t[\t".bytes()).collect::<Vec<_>>()
    );
    assert!(unescaped("\\q").is_err());
}
