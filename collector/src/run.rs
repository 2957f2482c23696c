//! The life of the process: open, listen, say where, serve, and end without losing what was promised.
//!
//! Knows no path and no table.

use std::io::Write;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

use crate::cli::Cli;
use crate::gate::Gate;
use crate::http::{self, App, Options};
use crate::store::Store;

/// How long requests under way may take to end, once the collector is asked to.
const FAREWELL: Duration = Duration::from_secs(5);

/// Runs until SIGTERM or SIGINT.
///
/// # Errors
/// The sentence to show.
pub fn run(cli: &Cli) -> Result<(), String> {
    cli.check()?;
    let runtime =
        tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(|e| e.to_string())?;
    let (store, writer) = Store::open(cli.db.clone(), cli.queue, cli.max_db)?;
    let served = runtime.block_on(serve(cli, store));
    // What still runs after the farewell (a stuck reader) is cut off; with it goes the last way to the writer, which
    // then commits what waits and ends.
    runtime.shutdown_timeout(Duration::from_secs(1));
    let _ = writer.join();
    served
}

async fn serve(cli: &Cli, store: Store) -> Result<(), String> {
    let address = SocketAddr::new(cli.listen, cli.port);
    let cannot = |error: std::io::Error| format!("cannot listen on {address}: {error}");
    let listener = TcpListener::bind(address).await.map_err(cannot)?;
    let (end, ending) = watch::channel(false);
    let stop = stop_signal().map_err(|error| format!("signals cannot be heard: {error}"))?;
    announce(cli, listener.local_addr().map_err(cannot)?);
    let options = Options {
        listen: cli.listen,
        hosts: cli.hosts.clone(),
        read_token: cli.read_token.clone(),
        limits: cli.limits.clone(),
        serve: cli.serve.clone(),
        log_requests: cli.log_requests,
    };
    let gate = Gate::new(&cli.limits);
    let app = App { store, gate: Arc::clone(&gate), options: Arc::new(options), ending: ending.clone() };
    let server = http::serve::serve(listener, http::router(app), gate, &cli.limits, ending.clone());
    let late = async {
        http::told_to_end(ending).await;
        tokio::time::sleep(FAREWELL).await;
    };
    tokio::spawn(async move {
        stop.await;
        let _ = end.send(true);
    });
    tokio::select! {
        () = server => {}
        () = late => {}
    }
    Ok(())
}

fn stop_signal() -> std::io::Result<impl Future<Output = ()>> {
    let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}

/// One line per address on standard output. Others wait for these lines, so they come after the port is open.
fn announce(cli: &Cli, address: SocketAddr) {
    let mut lines = format!("live page: http://{address}/live\nbatches:   http://{address}/v1/batch\n");
    if cli.serve.is_some() {
        lines.push_str(&format!("files:     http://{address}/\n"));
    }
    let mut out = std::io::stdout();
    // If nobody reads standard output, serving goes on.
    let _ = out.write_all(lines.as_bytes()).and_then(|()| out.flush());
}
