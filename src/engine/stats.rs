//! How things stand: what was found wrong, and what `stats()` shows, as JSON text.

use super::Engine;
use super::queue::Counts;
use crate::model::diagnostic::{Code, Diagnostic};
use crate::model::dropped::Tally;
use crate::model::json::{Writer, write_list, write_string};
use crate::model::text::{cut, next};

/// Diagnostics kept; the first are the most telling.
pub const MAX_DIAGNOSTICS: usize = 50;

impl Engine {
    /// A selector cannot be used: the way it belongs to is switched off, and said to be.
    pub(super) fn bad_selector(&mut self, index: u32, slot: u32, selector: String, slow: bool) {
        let Some(rule) = self.plan.rules.get_mut(index as usize) else { return };
        // Without one piece of its evidence a way still has the others.
        if let (way, None) = super::observe::ear(slot)
            && let Some(way) = rule.ways.get_mut(way)
        {
            way.disabled = true;
        }
        let code = if slow { Code::SlowSelector } else { Code::BadSelector };
        let finding = Diagnostic::of_conversion(code, &rule.conversion.name, &selector);
        self.report(finding);
    }

    /// A rule needs events that cannot be heard from inside something closed.
    pub(super) fn closed_root(&mut self, index: u32, name: String) {
        let Some(rule) = self.plan.rules.get(index as usize) else { return };
        self.report(Diagnostic::of_conversion(Code::ClosedRoot, &rule.conversion.name, &name));
    }

    /// Reports what the second module finds wrong with the words of its collectors.
    pub(super) fn check_collectors(&mut self) {
        let mut found = Vec::new();
        for to in &self.plan.collectors {
            let (Some(encode), Some(options)) = (self.encode, &to.options) else { continue };
            let said = encode(options, false, 0, 0);
            let mut rest = Some(said.as_str());
            while let Some((code, word)) = next(&mut rest, 0x1e).and_then(|line| cut(line, 0x1f)) {
                let mut finding = Diagnostic::about(Code::Missing, &to.path, word);
                if code == Code::NotLoaded.text() {
                    finding.code = Code::NotLoaded;
                } else if code != Code::Missing.text() {
                    finding.code = Code::UnknownWord;
                    finding.path.push('.');
                    finding.path.push_str(word);
                }
                found.push(finding);
            }
        }
        for finding in found {
            self.report(finding);
        }
    }

    /// Keeps a finding.
    pub(super) fn report(&mut self, diagnostic: Diagnostic) {
        if self.diagnostics.len() < MAX_DIAGNOSTICS && !self.diagnostics.contains(&diagnostic) {
            self.diagnostics.push(diagnostic);
        }
    }

    /// What was found wrong until now, [`MAX_DIAGNOSTICS`] at the most.
    #[must_use]
    pub fn diagnostics(&self) -> &[Diagnostic] {
        &self.diagnostics
    }

    /// How many conversions there are rules for.
    #[must_use]
    pub fn conversions(&self) -> usize {
        self.plan.rules.len()
    }

    /// Counters and findings as a JSON object. Its shape is `Stats` in `js/index.d.ts`.
    #[must_use]
    pub fn stats(&self) -> String {
        let mut out = String::new();
        let mut stats = Writer::object(&mut out);
        stats.string("engine", &self.environment.context.engine);
        stats.string("consent", self.gate.word());
        stats.string("storage", self.storage_word());
        stats.u64("held", self.held.len() as u64);
        stats.u64("pending", self.attempts.len() as u64);
        write_dropped(stats.name("dropped"), &self.dropped);
        let mut ignored = Writer::object(stats.name("ignored"));
        ignored.u64("untrusted", self.ignored_untrusted);
        ignored.u64("repeat", self.ignored_repeat);
        ignored.u64("late", self.ignored_late);
        ignored.end();
        let mut streams: Vec<(&str, Counts)> = Vec::new();
        for stream in self.streams() {
            streams.push(stream);
        }
        write_list(stats.name("collectors"), &streams, |out, (url, counts)| {
            let mut stream = Writer::object(out);
            stream.string("url", url);
            stream.u64("created", counts.created);
            stream.u64("acknowledged", counts.acknowledged);
            stream.u64("waiting", counts.waiting);
            write_dropped(stream.name("dropped"), &counts.dropped);
            stream.end();
        });
        write_list(stats.name("diagnostics"), &self.diagnostics, |out, finding| {
            let mut writer = Writer::object(out);
            writer.string("code", finding.code.text());
            writer.string("path", &finding.path);
            write_list(writer.name("args"), &finding.args, |out, arg| write_string(out, arg));
            writer.end();
        });
        stats.end();
        out
    }
}

fn write_dropped(out: &mut String, dropped: &Tally) {
    let mut writer = Writer::object(out);
    for (reason, count) in dropped.entries() {
        writer.u64(reason.text(), *count);
    }
    writer.end();
}
