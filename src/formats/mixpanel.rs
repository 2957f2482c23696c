//! `mixpanel`: Mixpanel's `/track`, a form whose field `data` holds the events as JSON: no preflight.
//!
//! A 200 may mean that nothing was taken, so the answer is asked for in words. Events older than five days are not
//! taken. Source: "Track Events" in Mixpanel's ingestion reference.

#[cfg(any(test, feature = "catalog"))]
use super::{Cors, Doc, Word};
use super::{Frame, LIBRARY, Limits, VERSION, answer};
use crate::model::delivery::{Job, Judgement, Verdict};
use crate::model::dropped::DropReason;
use crate::model::event::{Event, campaign, parts, set_texts, whole_at};
use crate::model::json::{Writer, write, write_u64};
use crate::model::text::write_percent;
use crate::model::time::write_digits;

#[cfg(any(test, feature = "catalog"))]
pub(super) const DOC: Doc = Doc {
    what: "Mixpanel's event ingestion.",
    words: &[Word {
        name: "token",
        schema: r#"{"type":"string"}"#,
        required: true,
        secret: false,
        what: "The project's token.",
    }],
    example: r#"{"url":"https://api-js.mixpanel.com/track/","format":"mixpanel","token":"T"}"#,
    cors: Cors::Yes,
};

pub(super) const LIMITS: Limits = Limits { events: 50, age: 5 * 86_400_000, ..Limits::NONE };

pub(super) fn frame(job: &Job<'_>, event: &Event<'_>) -> Frame {
    let mut frame = Frame::new(job, event, "application/x-www-form-urlencoded").around("data=%5B", "%5D");
    frame.parameter("verbose", "1");
    frame.parameter("ip", "1");
    Frame { between: "%2C", ..frame }
}

pub(super) fn item(job: &Job<'_>, event: &Event<'_>, out: &mut String) -> Result<(), DropReason> {
    let url = event.text("page.url");
    let (_, host, path, _) = parts(url);
    let mut json = String::new();
    let mut writer = Writer::object(&mut json);
    writer.string("event", if event.is_page() { "$mp_web_page_view" } else { event.name(&[]) });
    let mut properties = event.flat();
    let mut distinct = String::from("$device:");
    distinct.push_str(event.who);
    let texts = [
        ("token", job.option("token")),
        ("distinct_id", &distinct),
        ("$device_id", event.who),
        ("$insert_id", event.text("id")),
        ("$current_url", url),
        ("current_domain", host),
        ("current_url_path", path),
        ("current_page_title", event.text("page.title")),
        ("$referrer", event.text("page.referrer")),
        ("mp_lib", LIBRARY),
        ("$lib_version", VERSION),
    ];
    set_texts(&mut properties, &texts);
    for (name, value) in campaign(url).0 {
        properties.set(&name, value);
    }
    properties.0.retain(|(name, _)| name != "time");
    let mut inner = Writer::object(writer.name("properties"));
    // Seconds with three decimals.
    let at = event.whole("at");
    let time = inner.name("time");
    write_u64(time, at / 1000);
    time.push('.');
    write_digits(time, (at % 1000) as u32, 3);
    for (name, value) in &properties.0 {
        write(inner.name(name), value);
    }
    inner.end();
    writer.end();
    write_percent(out, &json);
    Ok(())
}

/// 1 is yes, 0 is no, whatever the status; in words they are the field `status`.
pub(super) fn judge(status: u16, body: &str, _: usize) -> Judgement {
    let said = answer(body);
    let no = said.get("status").map_or(body.trim_ascii() == "0", |_| whole_at(&said, "status") == 0);
    if status == 200 && no { Judgement::of(Verdict::Refused) } else { Judgement::by_status(status) }
}
