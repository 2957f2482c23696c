//! Under which names this server may be read: the guard against DNS rebinding.
//!
//! A page of another site cannot read our answers as long as its name is not ours. Rebinding makes its name lead to
//! us; the `Host` header still carries that name. Only the name is compared: a forwarded port shows another number
//! there, and no number makes a foreign name ours. Knows nothing of tokens.

use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;

use super::{App, Options};
use crate::problem::Problem;

/// Lets a request pass if its `Host` is one of ours.
///
/// # Errors
/// 421, with what to do.
pub async fn check(State(app): State<App>, request: Request, next: Next) -> Result<Response, Problem> {
    let host = request.headers().get(header::HOST).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if is_ours(host, &app.options) {
        return Ok(next.run(request).await);
    }
    let message = format!(
        "this server does not go by the name '{}': open it as localhost, or start it with --host NAME",
        name_of(host)
    );
    Err(Problem::new(StatusCode::MISDIRECTED_REQUEST, "unknown_host", message))
}

fn is_ours(host: &str, options: &Options) -> bool {
    let name = name_of(host);
    let address = options.listen.to_string();
    let ours = ["localhost", "127.0.0.1", "::1", &address];
    ours.into_iter()
        .chain(options.hosts.iter().map(|own| name_of(own)))
        .any(|own| own.eq_ignore_ascii_case(name))
}

/// The name without port and without the brackets of an IPv6 address.
fn name_of(host: &str) -> &str {
    if let Some((address, _)) = host.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        return address;
    }
    match host.rsplit_once(':') {
        // More than one colon: an address without brackets, as --host may give it.
        Some((name, _)) if !name.contains(':') => name,
        _ => host,
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[test]
    fn only_our_names_pass() {
        let options = Options {
            listen: "192.0.2.7".parse().unwrap(),
            hosts: vec!["shop.test".to_owned()],
            read_token: None,
            limits: crate::cli::Cli::parse_from(["footstep-collector"]).limits,
            serve: None,
            log_requests: false,
        };
        for host in [
            "localhost",
            "LOCALHOST:4100",
            "127.0.0.1:1",
            "[::1]:4100",
            "[::1]",
            "192.0.2.7:4100",
            "shop.test:80",
        ] {
            assert!(is_ours(host, &options), "{host}");
        }
        for host in [
            "",
            ":4100",
            "evil.example",
            "localhost.evil.example:4100",
            "127.0.0.1.evil.example",
            "[::2]:4100",
            "127.0.0.2",
            "a:b:localhost",
            "evil.example:localhost",
        ] {
            assert!(!is_ours(host, &options), "{host}");
        }
    }
}
