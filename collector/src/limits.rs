//! How much is let in, as flags with their defaults. Numbers only; [`crate::gate`] keeps to them.
//!
//! The defaults let a few hundred visitors through who share one address (an office, a carrier's network, all the tabs
//! of a test), and leave what one address can do at a part of what the collector can.

use std::net::IpAddr;
use std::num::NonZeroU32;
use std::time::Duration;

use clap::Args;

/// The limits.
#[derive(Clone, Debug, Args)]
pub struct Limits {
    /// Largest body of a batch, in bytes
    #[arg(long, value_name = "BYTES", default_value_t = 512 * 1024)]
    pub max_body: usize,
    /// Bodies in hand at once (being read, or waiting for the disk), in bytes; one source gets a quarter
    #[arg(long, value_name = "BYTES", default_value_t = 64 * 1024 * 1024)]
    pub max_held: usize,
    /// Batches a second from one source, each 4 kB of a body counting as one more; ten seconds' worth may come at once
    #[arg(long, value_name = "COUNT", default_value_t = NonZeroU32::new(1_000).unwrap_or(NonZeroU32::MIN))]
    pub max_rate: NonZeroU32,
    /// Connections open at once
    #[arg(long, value_name = "COUNT", default_value_t = 900)]
    pub max_connections: usize,
    /// Connections open at once from one source
    #[arg(long, value_name = "COUNT", default_value_t = 256)]
    pub max_source_connections: usize,
    /// Time for the head of a request to arrive, and for an idle connection
    #[arg(long, value_name = "SECONDS", default_value = "60", value_parser = seconds)]
    pub head_timeout: Duration,
    /// Time for the body of a request to arrive
    #[arg(long, value_name = "SECONDS", default_value = "30", value_parser = seconds)]
    pub body_timeout: Duration,
    /// Reverse proxy whose `X-Forwarded-For` names the source (repeatable); its own address is then none
    #[arg(long = "proxy", value_name = "ADDR")]
    pub proxies: Vec<IpAddr>,
}

fn seconds(text: &str) -> Result<Duration, String> {
    match text.parse::<u16>() {
        Ok(seconds) if seconds > 0 => Ok(Duration::from_secs(seconds.into())),
        _ => Err("whole seconds, from 1 to 65535".to_owned()),
    }
}
