//! `publish` to a bucket, against moto: an S3 server in Python, which checks signatures when told to, compares before it
//! writes as S3 does, and starts in seconds. What is tested here needs the cargo feature `stores` and that server; where
//! either is missing, it says so.
//!
//! - [`cycle`]: the program as a process, from the first publish to bringing a release back;
//! - [`faults`]: every request of a publish goes wrong in turn, in seven ways, also against a server of our own ([`shelf`])
//!   that is fast enough for all of them;
//! - [`fields`]: header fields of the site's list;
//! - [`fronts`]: a cache that is told what changed, and S3 as a website;
//! - [`many`]: ten thousand files, of which ten change;
//! - [`reading`]: somebody follows links while others publish;
//! - [`rivals`]: two publish at once;
//! - [`withdrawn`]: what an editor took back.

#[cfg(not(feature = "stores"))]
#[test]
fn a_program_without_buckets_says_how_to_get_them() {
    use crate::cli::{expect, minimal, run};
    crate::world::say("skipped: publishing to buckets (cargo test --features stores)");
    let dir = minimal();
    std::fs::write(
        dir.path().join("site.yaml"),
        "title: Test\npublish: [{ name: live, to: s3, bucket: ours, prefix: site }]\n",
    )
    .unwrap();
    run(dir.path(), &["build"]);
    expect(
        &run(dir.path(), &["publish", "--plan"]),
        2,
        "",
        "\
error: this Rejoinder was built without buckets, so it cannot publish to `s3://ours/site`
 |
 = help: build one that has them: `cargo build --release --features stores`
",
    );
}

#[cfg(feature = "stores")]
mod cycle;
#[cfg(feature = "stores")]
mod faults;
#[cfg(feature = "stores")]
mod fields;
#[cfg(feature = "stores")]
mod fronts;
#[cfg(feature = "stores")]
mod many;
#[cfg(feature = "stores")]
mod moto;
#[cfg(feature = "stores")]
mod proxy;
#[cfg(feature = "stores")]
mod reading;
#[cfg(feature = "stores")]
mod rivals;
#[cfg(feature = "stores")]
mod shelf;
#[cfg(feature = "stores")]
mod site;
#[cfg(feature = "stores")]
mod withdrawn;
