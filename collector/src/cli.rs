//! The command line: which flags there are, and which combinations are refused before anything is opened.
//!
//! Decides nothing about requests; it only hands its answers on.

use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;

use clap::Parser;

use crate::limits::Limits;

/// The reference collector of Footstep: stores, audits and shows what the SDK sends.
#[derive(Clone, Debug, Parser)]
#[command(name = "footstep-collector", version)]
pub struct Cli {
    /// Port to listen on; 0 takes a free one
    #[arg(long, default_value_t = 4100)]
    pub port: u16,
    /// Address to listen on; any but a loopback address needs --read-token
    #[arg(long, value_name = "ADDR", default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST))]
    pub listen: IpAddr,
    /// The database; made if it is not there
    #[arg(long, value_name = "FILE", default_value = "footstep.sqlite")]
    pub db: PathBuf,
    /// Folder to serve at / (without it, / leads to the live page)
    #[arg(long, value_name = "DIR")]
    pub serve: Option<PathBuf>,
    /// Further host name under which this server may be read (repeatable)
    #[arg(long = "host", value_name = "NAME")]
    pub hosts: Vec<String>,
    /// Token that reading needs: `Authorization: Bearer TOKEN` or `?token=TOKEN`
    #[arg(long, value_name = "TOKEN", env = "FOOTSTEP_READ_TOKEN", hide_env_values = true)]
    pub read_token: Option<String>,
    /// Batches that may wait for the disk; one more is answered 503
    #[arg(long, value_name = "COUNT", default_value_t = 1024, value_parser = clap::builder::RangedU64ValueParser::<usize>::new().range(1..=65_536))]
    pub queue: usize,
    /// Largest size of the database, in bytes (its log comes on top); what does not fit is answered 507
    #[arg(long, value_name = "BYTES")]
    pub max_db: Option<u64>,
    /// How much is let in.
    #[command(flatten, next_help_heading = "Limits (a source is an IPv4 address or an IPv6 network /64)")]
    pub limits: Limits,
    /// Print one JSON line (path, status, bytes of the body) for each static file served
    #[arg(long)]
    pub log_requests: bool,
}

impl Cli {
    /// Refuses what would be unsafe or cannot work.
    ///
    /// # Errors
    /// The sentence to show.
    pub fn check(&self) -> Result<(), String> {
        let token = self.read_token.as_deref();
        if token.is_some_and(|token| token.trim().is_empty()) {
            return Err("--read-token is empty: give it at least one character, better 20 or more".to_owned());
        }
        if !self.listen.is_loopback() && token.is_none() {
            return Err(format!(
                "--listen {} can be reached from other machines, so reading needs a token: add --read-token TOKEN \
                 (or set FOOTSTEP_READ_TOKEN), or listen on 127.0.0.1",
                self.listen
            ));
        }
        self.check_folder()
    }

    fn check_folder(&self) -> Result<(), String> {
        let Some(folder) = &self.serve else { return Ok(()) };
        if !folder.is_dir() {
            return Err(format!("--serve {}: there is no such folder", folder.display()));
        }
        let parent = self.db.parent().filter(|parent| !parent.as_os_str().is_empty());
        let home = parent.unwrap_or_else(|| ".".as_ref()).canonicalize();
        match (home, folder.canonicalize()) {
            (Ok(home), Ok(folder)) if home.starts_with(&folder) => Err(format!(
                "--db {} lies inside the folder that --serve gives to everybody: put it elsewhere",
                self.db.display()
            )),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(arguments: &[&str]) -> Result<(), String> {
        Cli::try_parse_from([&["footstep-collector"], arguments].concat())
            .map_err(|error| error.to_string())?
            .check()
    }

    #[test]
    fn beyond_loopback_a_token_is_needed() {
        assert_eq!(check(&[]), Ok(()));
        assert_eq!(check(&["--listen", "::1"]), Ok(()));
        assert!(check(&["--listen", "0.0.0.0"]).unwrap_err().contains("--read-token"));
        assert!(check(&["--listen", "::"]).is_err());
        assert!(check(&["--listen", "0.0.0.0", "--read-token", " "]).is_err());
        assert_eq!(check(&["--listen", "0.0.0.0", "--read-token", "t"]), Ok(()));
    }

    #[test]
    fn every_flag_is_in_the_readme() {
        use clap::CommandFactory;
        let readme = include_str!("../README.md");
        for flag in Cli::command().get_arguments().filter_map(|flag| flag.get_long()) {
            assert!(readme.contains(&format!("`--{flag}`")), "--{flag}");
        }
    }

    #[test]
    fn the_database_is_never_served() {
        assert!(check(&["--serve", "src"]).is_ok());
        assert!(check(&["--serve", "."]).unwrap_err().contains("--db"));
        assert!(check(&["--serve", "src", "--db", "src/store/x.sqlite"]).is_err());
        assert!(check(&["--serve", "no-such-folder"]).is_err());
    }
}
