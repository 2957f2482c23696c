//! A collector to talk to, a client that sends exactly the bytes it is told to, and batches as the SDK makes them.
//!
//! The client is a socket and no library: a library would tidy up just those requests that matter here.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpStream};
use std::path::PathBuf;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use serde_json::{Value, json};

static NEXT: AtomicU64 = AtomicU64::new(1);

/// A folder nobody else uses.
pub(crate) fn folder() -> PathBuf {
    let name = format!("{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

/// A UUID nobody else uses.
pub(crate) fn uuid() -> String {
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    format!("01935c5e-7d1a-7b2c-8d3e-{number:012x}")
}

/// The program, not yet started.
pub(crate) fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_footstep-collector"));
    command.env_remove("FOOTSTEP_READ_TOKEN").stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

pub(crate) struct Collector {
    pub(crate) child: Child,
    pub(crate) out: BufReader<ChildStdout>,
    pub(crate) port: u16,
    pub(crate) db: PathBuf,
}

impl Collector {
    pub(crate) fn start(flags: &[&str]) -> Self {
        Self::on(folder().join("footstep.sqlite"), flags)
    }

    pub(crate) fn on(db: PathBuf, flags: &[&str]) -> Self {
        Self::spawn(program(), db, flags)
    }

    /// By a command that ends in the program.
    pub(crate) fn spawn(mut command: Command, db: PathBuf, flags: &[&str]) -> Self {
        command.args(["--port", "0", "--db"]).arg(&db).args(flags);
        let mut child = command.stderr(Stdio::null()).spawn().unwrap();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        let mut port = None;
        for _ in 0..(if flags.contains(&"--serve") { 3 } else { 2 }) {
            let mut line = String::new();
            out.read_line(&mut line).unwrap();
            if let Some(rest) = line.strip_suffix("/v1/batch\n") {
                port = rest.rsplit(':').next().and_then(|text| text.parse().ok());
            }
        }
        Self { child, out, port: port.expect("the line with the batch endpoint"), db }
    }

    /// Ends it and starts it anew on the same database.
    pub(crate) fn restart(mut self) -> Self {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        Self::on(self.db.clone(), &[])
    }

    pub(crate) fn ask(&self, method: &str, path: &str, headers: &[&str], body: &[u8]) -> Answer {
        let named = headers.iter().any(|header| header.to_ascii_lowercase().starts_with("host:"));
        let host = if named { String::new() } else { format!("Host: 127.0.0.1:{}\r\n", self.port) };
        let more: String = headers.iter().map(|header| format!("{header}\r\n")).collect();
        let head = format!(
            "{method} {path} HTTP/1.1\r\n{host}{more}Content-Length: {}\r\nConnection: close\r\n\r\n",
            body.len()
        );
        send(self.port, &[head.as_bytes(), body].concat()).unwrap()
    }

    pub(crate) fn get(&self, path: &str) -> Answer {
        self.ask("GET", path, &[], b"")
    }

    pub(crate) fn post(&self, batch: &Value) -> Answer {
        self.ask(
            "POST",
            "/v1/batch",
            &["Content-Type: text/plain;charset=UTF-8"],
            batch.to_string().as_bytes(),
        )
    }

    pub(crate) fn keep(&self, batch: &Value) {
        let answer = self.post(batch);
        assert_eq!(answer.status, 204, "{}", answer.text());
        assert!(answer.body.is_empty());
    }

    pub(crate) fn events(&self, query: &str) -> Vec<Value> {
        let answer = self.get(&format!("/v1/events{query}"));
        assert_eq!(answer.status, 200, "{}", answer.text());
        answer.text().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    pub(crate) fn audit(&self, stream: &str) -> Value {
        let answer = self.get(&format!("/v1/audit?stream={stream}"));
        assert_eq!(answer.status, 200, "{}", answer.text());
        answer.json()["streams"][0].clone()
    }
}

impl Drop for Collector {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub(crate) struct Answer {
    pub(crate) status: u16,
    head: String,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    /// The whole answer, headers and all.
    pub(crate) fn read(raw: &[u8]) -> std::io::Result<Self> {
        let broken = || std::io::Error::other("no whole answer");
        let end = raw.windows(4).position(|four| four == b"\r\n\r\n").ok_or_else(broken)?;
        let head = String::from_utf8_lossy(&raw[..end]).into_owned();
        let status = head.get(9..12).and_then(|text| text.parse().ok()).ok_or_else(broken)?;
        let mut answer = Self { status, head, body: raw[end + 4..].to_vec() };
        if answer.header("transfer-encoding").is_some() {
            answer.body = unchunked(&answer.body).ok_or_else(broken)?;
        }
        Ok(answer)
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (found, value) = line.split_once(": ")?;
            found.eq_ignore_ascii_case(name).then_some(value)
        })
    }

    pub(crate) fn text(&self) -> &str {
        str::from_utf8(&self.body).unwrap()
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    /// Code and path of a refusal, which must have the one shape all have.
    pub(crate) fn error(&self) -> (String, String) {
        assert_eq!(self.header("content-type"), Some("application/json"));
        let error = &self.json()["error"];
        assert!(!error["message"].as_str().unwrap().is_empty());
        (error["code"].as_str().unwrap().to_owned(), error["path"].as_str().unwrap_or_default().to_owned())
    }
}

/// Sends the bytes and reads the answer to its end.
pub(crate) fn send(port: u16, bytes: &[u8]) -> std::io::Result<Answer> {
    let mut socket = TcpStream::connect(("127.0.0.1", port))?;
    socket.set_read_timeout(Some(Duration::from_secs(30)))?;
    socket.write_all(bytes)?;
    let mut raw = Vec::new();
    socket.read_to_end(&mut raw)?;
    Answer::read(&raw)
}

/// A batch as the bytes of a request.
pub(crate) fn raw(batch: &Value) -> Vec<u8> {
    let text = batch.to_string();
    let length = text.len();
    format!(
        "POST /v1/batch HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n{text}"
    )
    .into_bytes()
}

fn unchunked(mut raw: &[u8]) -> Option<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let end = raw.windows(2).position(|two| two == b"\r\n")?;
        let length = usize::from_str_radix(str::from_utf8(&raw[..end]).ok()?, 16).ok()?;
        if length == 0 {
            return Some(body);
        }
        body.extend_from_slice(raw.get(end + 2..end + 2 + length)?);
        raw = raw.get(end + 4 + length..)?;
    }
}

pub(crate) fn event(seq: u64, name: &str) -> Value {
    json!({
        "seq": seq, "id": uuid(), "rev": 0, "kind": "micro", "name": name, "phase": "confirmed",
        "at": 1_732_000_000_000_u64 + seq, "mono": 1200,
        "page": {"id": uuid(), "url": "https://shop.example/products/tent", "title": "Tent"},
    })
}

/// With further members, which replace those of the same name.
pub(crate) fn with(mut event: Value, more: Value) -> Value {
    for (name, value) in more.as_object().unwrap() {
        event[name] = value.clone();
    }
    event
}

pub(crate) fn batch(stream: &str, events: &[Value]) -> Value {
    json!({
        "version": 1, "site": "shop-42", "sent": {"at": 1_732_000_009_000_u64, "mono": 9000}, "stream": stream,
        "context": {"engine": "wasm", "language": "de-AT"}, "events": events,
    })
}

/// Sends until something else than 204 comes; says how many were kept.
pub(crate) fn fill(collector: &Collector) -> (usize, Answer) {
    for kept in 0..2_000 {
        let big = with(event(1, "big"), json!({"properties": {"text": "x".repeat(40_000)}}));
        let answer = collector.post(&batch(&uuid(), &[big]));
        if answer.status != 204 {
            return (kept, answer);
        }
    }
    panic!("80 MB fit into a disk that is full");
}

/// An address of this machine: on Linux all of 127.0.0.0/8 are.
pub(crate) const FIRST: Ipv4Addr = Ipv4Addr::new(127, 0, 0, 2);

/// A connection that comes from the address.
pub(crate) fn connect(from: Ipv4Addr, port: u16) -> TcpStream {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build().unwrap();
    let stream = runtime.block_on(async {
        let socket = tokio::net::TcpSocket::new_v4().unwrap();
        socket.bind((from, 0).into()).unwrap();
        socket.connect(([127, 0, 0, 1], port).into()).await.unwrap()
    });
    let stream = stream.into_std().unwrap();
    stream.set_nonblocking(false).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    stream
}

/// What comes until the connection ends.
pub(crate) fn answer(mut stream: TcpStream) -> Answer {
    let mut raw = Vec::new();
    stream.read_to_end(&mut raw).unwrap();
    Answer::read(&raw).unwrap()
}

/// A small batch from the address.
pub(crate) fn post(from: Ipv4Addr, port: u16) -> Answer {
    let mut stream = connect(from, port);
    stream.write_all(&raw(&batch(&uuid(), &[event(1, "n")]))).unwrap();
    answer(stream)
}
