//! Places that nothing is delivered to.

use super::*;

#[test]
fn hostile_outputs_are_refused_before_anything_is_written() {
    let project = Project::new();
    let root = project.root();
    let world = project.world();
    for dir in [
        "static",
        "src",
        ".git",
        "notes",
        "other/.git",
        "rust",
        "node",
        "site2",
        "full",
        "with-content/content",
    ] {
        fs::create_dir_all(root.join(dir)).unwrap();
    }
    for file in
        ["rust/Cargo.toml", "node/package.json", "site2/site.yaml", "full/thesis.doc", "file", "other/CNAME"]
    {
        fs::write(root.join(file), "x").unwrap();
    }
    fs::create_dir_all(root.join("empty")).unwrap();
    fs::create_dir_all(root.join("damaged")).unwrap();
    fs::write(root.join("damaged/.rejoinder.json"), "{\"rejoinder\": 1, \"files\": [").unwrap();
    symlink("content", root.join("to-content")).unwrap();
    symlink("empty", root.join("to-empty")).unwrap();
    symlink("nowhere", root.join("to-nowhere")).unwrap();
    symlink("..", root.join("up")).unwrap();
    symlink("loop", root.join("loop")).unwrap();
    symlink(world.join("outside"), root.join("damaged/out")).unwrap();
    let home = world.join("home");
    let long = "x".repeat(250);
    let absolute = |path: &Path| path.to_str().unwrap().to_owned();
    let texts = [
        "",
        ".",
        "./",
        "..",
        "../",
        "../..",
        "./.",
        "public/..",
        "./public/../content",
        "public/../../project",
        "content",
        "content/",
        "content/.",
        "./content",
        "content//",
        "content/public",
        "content/a/b/c",
        "content/a.md",
        "Content/../content",
        "themes",
        "themes/verbatim",
        "themes/new",
        "templates",
        "templates/out",
        "static",
        "static/public",
        "src",
        "src/gen",
        ".git",
        ".git/hooks",
        ".rejoinder",
        ".rejoinder/out",
        "notes",
        "notes/x",
        "other",
        "rust",
        "node",
        "site2",
        "full",
        "with-content",
        "file",
        "file/",
        "file/below",
        "damaged",
        "to-content",
        "to-content/",
        "to-content/x",
        "to-empty",
        "to-nowhere",
        "up",
        "up/project",
        "up/project/content",
        "up/home",
        "loop",
        "loop/x",
        "site.yaml",
        "nul\0byte",
        "/",
        "//",
        "/.",
        "/..",
        "/etc",
        "/usr/bin",
        "/proc",
    ];
    let places =
        [&root, &home, &world, &root.join("content"), &world.join("outside"), &world.join("home/../project")];
    let all =
        texts.iter().map(|text| (*text).to_owned()).chain(places.map(|path| absolute(path))).chain([long]);
    let before = (picture(&world), touches(&world));
    let mut n = 0;
    for output in all {
        let failure = project.check(&output).expect_err(&output);
        let is_machine = matches!(output.as_str(), "loop/x");
        assert_eq!(
            failure.exit,
            if is_machine { Exit::Machine } else { Exit::Refused },
            "{output}: {failure}"
        );
        assert!(is_machine || !failure.help.is_empty(), "{output}: {failure}");
        n += 1;
    }
    assert!(n >= 60, "{n}");
    for fine in
        ["public", "public/", "./public", "content/../public", "empty", "up/outside/new", "a/b/c", "content2"]
    {
        assert!(project.check(fine).is_ok(), "{fine}: {:?}", project.check(fine));
    }
    assert!(before == (picture(&world), touches(&world)), "nothing was touched");
}

#[test]
fn refusals_say_exactly_why() {
    let project = Project::new();
    fs::create_dir_all(project.root().join("full")).unwrap();
    fs::write(project.root().join("full/thesis.doc"), "x").unwrap();
    let check = |output: &str, expected: &str| {
        assert_eq!(project.check(output).unwrap_err().to_string(), expected);
    };
    check(".", "`.` cannot be the output: it is the project itself");
    check("..", "`..` cannot be the output: it contains the project");
    check("/", "`/` cannot be the output: it is the root of the file system");
    check(
        "content/out",
        "`content/out` cannot be the output: it lies in `content`, which the site is made from",
    );
    check("../home", "`../home` cannot be the output: it is your home directory, or contains it");
    check("full", "`full` cannot be the output: it holds `thesis.doc`, which we did not write");
    check("site.yaml", "`site.yaml` cannot be the output: it is a file");
}

#[test]
fn an_output_of_ours_stays_one_whatever_else_lies_in_it() {
    let project = Project::new();
    project.deliver(&[("index.html", "1")]).unwrap();
    for name in [".git/config", "content/x", "package.json"] {
        project.put_by_hand(name, "mine");
    }
    assert!(project.check("public").is_ok());
    assert_eq!(project.deliver(&[("index.html", "2")]).unwrap().kept.len(), 3);
    assert_eq!(read(&project, ".git/config"), "mine");
}
