//! The program: reads the command line and runs the collector. Knows no request and no table.

use std::process::ExitCode;

use clap::Parser;
use footstep_collector::{cli::Cli, run};

fn main() -> ExitCode {
    // Standard output belongs to the lines others read (the URLs, the access log); words for people go to stderr.
    tracing_subscriber::fmt().with_writer(std::io::stderr).with_target(false).with_ansi(false).init();
    match run::run(&Cli::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(reason) => {
            tracing::error!("{reason}");
            ExitCode::FAILURE
        }
    }
}
