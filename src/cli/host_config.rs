//! `rejoinder host-config`: what a server with a configuration of its own has to be told of the site.

use super::args::{HostConfigArgs, Server};
use super::build;
use super::console::Console;
use super::context::Context;
use super::outcome::{self, Outcome};
use super::project::Project;
use crate::diag::{Exit, Failure, Fingerprinted, Hidden, Mended, summary};
use crate::engine;
use crate::format::hosts;

pub(super) fn run(
    args: &HostConfigArgs,
    context: &Context,
    console: &mut Console<'_>,
) -> Result<Exit, Failure> {
    let project = Project::open(&args.site, context)?;
    let hosted = engine::hosted(&*project.files, &build::options(&args.site, context))?;
    let Some(rules) = hosted.rules else {
        let outcome = Outcome {
            command: "host-config",
            exit: outcome::exit_of(&hosted.report, None, &context.config),
            last_line: format!("{} Nothing was printed.", summary(&hosted.report)),
            report: &Fingerprinted::new(hosted.report, &hosted.sources),
            sources: &hosted.sources,
            outputs: Vec::new(),
            hidden: Hidden::default(),
            mended: Mended::default(),
            remarks: Vec::new(),
            in_full: true,
        };
        return outcome::tell(&outcome, context, console);
    };
    console.result(&match args.server {
        Server::Nginx => hosts::nginx(&rules),
        Server::Caddy => hosts::caddy(&rules),
        Server::S3 => hosts::s3(&rules),
    })?;
    Ok(Exit::Done)
}
