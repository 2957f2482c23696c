//! The connections: who gets one, how long it may take to ask, and how all of them end.
//!
//! An own loop in place of axum's, which knows no time limits. Does not know what is asked.

use std::convert::Infallible;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderValue, header};
use axum::response::IntoResponse;
use futures_util::StreamExt;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio::time::{sleep, timeout};
use tokio_io_timeout::TimeoutStream;
use tower::ServiceExt;

use crate::gate::{Gate, Shut};
use crate::limits::Limits;
use crate::problem::Problem;
use crate::source::Source;

/// The most bytes of a connection's requests or answers that wait in memory; the longest head of a request.
const BUFFER: usize = 64 * 1024;
/// How long a client may leave an answer unread.
const UNREAD: Duration = Duration::from_secs(30);
/// How many connections too many are told so at once, and how long each may take to listen. Those beyond are just
/// closed.
const REFUSED_AT_ONCE: usize = 64;
const REFUSAL: Duration = Duration::from_secs(2);

/// The address at the other end of the connection, in each request's extensions.
#[derive(Clone, Copy, Debug)]
pub struct Peer(pub IpAddr);

/// Takes connections until told to end, then waits for those that are open.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    gate: Arc<Gate>,
    limits: &Limits,
    ending: watch::Receiver<bool>,
) {
    let graceful = GracefulShutdown::new();
    let refusals = Arc::new(Semaphore::new(REFUSED_AT_ONCE));
    let mut end = std::pin::pin!(super::told_to_end(ending));
    loop {
        let (stream, peer) = tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, address)) => (stream, address.ip().to_canonical()),
                Err(error) => {
                    // No descriptor is left, mostly: it gets better when connections close, not by asking at once.
                    tracing::warn!("a connection could not be taken: {error}");
                    sleep(Duration::from_millis(200)).await;
                    continue;
                }
            },
            () = &mut end => break,
        };
        let source = Some(Source::of(peer)).filter(|_| !limits.proxies.contains(&peer));
        match gate.connect(source) {
            Ok(place) => {
                let connection = graceful.watch(connection(stream, peer, router.clone(), limits));
                tokio::spawn(async move {
                    // An error is a client that went away or took too long: its own business.
                    let _ = connection.await;
                    drop(place);
                });
            }
            Err(shut) => refuse(stream, shut, &refusals),
        }
    }
    drop(listener);
    graceful.shutdown().await;
}

type Io = TokioIo<std::pin::Pin<Box<TimeoutStream<TcpStream>>>>;

fn connection(
    stream: TcpStream,
    peer: IpAddr,
    router: Router,
    limits: &Limits,
) -> impl hyper_util::server::graceful::GracefulConnection<Error = hyper::Error> + use<> {
    let service = service_fn(move |mut request: axum::http::Request<Incoming>| {
        request.extensions_mut().insert(Peer(peer));
        router.clone().oneshot(request.map(Body::new))
    });
    builder(limits.head_timeout).serve_connection(io(stream), service)
}

fn builder(head_timeout: Duration) -> http1::Builder {
    let mut builder = http1::Builder::new();
    builder.timer(TokioTimer::new()).header_read_timeout(head_timeout).max_buf_size(BUFFER);
    builder
}

fn io(stream: TcpStream) -> Io {
    // Answers are small and awaited: they do not wait for company.
    let _ = stream.set_nodelay(true);
    let mut stream = TimeoutStream::new(stream);
    stream.set_write_timeout(Some(UNREAD));
    TokioIo::new(Box::pin(stream))
}

/// Says why, to those who ask at once.
fn refuse(stream: TcpStream, shut: Shut, refusals: &Arc<Semaphore>) {
    let Ok(turn) = Arc::clone(refusals).try_acquire_owned() else { return };
    let service = service_fn(move |request: axum::http::Request<Incoming>| async move {
        // An answer to a half-read request may be lost with the connection.
        let mut parts = Body::new(request.into_body()).into_data_stream();
        while let Some(Ok(_)) = parts.next().await {}
        let problem = match shut {
            Shut::All => Problem::later("busy", "1", "too many connections are open: come back"),
            Shut::Source => {
                Problem::slow_down("too_many_connections", "too many connections from this address")
            }
        };
        let mut response = super::any_origin(problem.into_response()).await;
        response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
        Ok::<_, Infallible>(response)
    });
    let connection = builder(REFUSAL).serve_connection(io(stream), service);
    tokio::spawn(async move {
        let _ = timeout(REFUSAL, connection).await;
        drop(turn);
    });
}
