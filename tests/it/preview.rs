//! The preview, asked over TCP as browsers, careless programs and hostile ones would. What it shows is made up here.

#[cfg(not(feature = "serve"))]
#[test]
fn a_program_without_the_preview_says_how_to_get_it() {
    crate::world::say("skipped: the preview (cargo test --features serve)");
    let dir = crate::cli::minimal();
    crate::cli::expect(
        &crate::cli::run(dir.path(), &["serve"]),
        2,
        "",
        "\
error: this Rejoinder was built without `serve`
 |
 = help: build one that has it: `cargo build --release --features serve`
",
    );
}

#[cfg(feature = "serve")]
mod answers;
#[cfg(feature = "serve")]
mod client;
#[cfg(feature = "serve")]
mod hostile;
#[cfg(feature = "serve")]
mod hosts;
#[cfg(feature = "serve")]
mod in_browser;
#[cfg(feature = "serve")]
mod lasting;
#[cfg(feature = "serve")]
mod process;
#[cfg(feature = "serve")]
mod tabs;
