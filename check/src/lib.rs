//! The linter behind `npx footstep check`: a config goes in as text, and what there is to say about it comes out. The engine reads
//! it as it would in a page, so that no second judge can be of another opinion; what stops nothing comes from the catalog.
//! It knows nothing of files, of words for people and of what only a browser can tell, such as whether a selector is one.

use footstep::catalog::collectors::warnings;
use footstep::engine::{Engine, MAX_DIAGNOSTICS, Said};
use footstep::formats::ENCODERS;
use footstep::model::delivery::ABSENT;
use footstep::model::diagnostic::{Code, Diagnostic};
use footstep::model::input::{Environment, PageFacts};
use footstep::model::json::{self, Writer, write_list, write_string, write_u64};
use footstep::model::text::{cut, next};
use footstep::model::time::Now;
use footstep::model::value::{Object, Value};

/// US: what parts the pieces of a text. No JSON holds it.
const SEPARATOR: u8 = 0x1f;

/// Judges a config. `text` holds, parted by US: the config, then name and JSON of each preset it names, as
/// the core is given them. Returns JSON: `findings`, each with `severity` (`error` or `warning`), `code`, `path` and `args`;
/// whether these are `all`; how many `conversions` and `collectors` would run.
#[cfg_attr(target_arch = "wasm32", wasm_bindgen::prelude::wasm_bindgen)]
#[must_use]
pub fn check(text: &str) -> String {
    let mut rest = Some(text);
    let mut word = || next(&mut rest, SEPARATOR);
    // An empty file is a broken one, for the loader too.
    let config = word().filter(|config| !config.is_empty()).unwrap_or("!");
    let mut said = Said { config, ..Said::default() };
    while let (Some(name), Some(preset)) = (word(), word()) {
        said.presets.push((name, preset));
    }
    let mut engine = Engine::start(&said, Environment::default(), PageFacts::default(), Now::default());
    engine.encoder(words);
    engine.begin(Now::default());

    let config = object(config);
    let mut findings = String::new();
    write_list(&mut findings, &all(&engine, config.as_ref()), write_finding);
    let mut out = String::new();
    let mut writer = Writer::object(&mut out);
    writer.name("findings").push_str(&findings);
    writer.name("all").push_str(if engine.diagnostics().len() < MAX_DIAGNOSTICS { "true" } else { "false" });
    writer.u64("conversions", engine.conversions() as u64);
    writer.u64("collectors", engine.streams().count() as u64);
    writer.end();
    out
}

/// Something to say: whether it is an error, its code, its path, the words it is about.
type Finding = (bool, &'static str, String, Vec<String>);

fn write_finding(out: &mut String, (is_error, code, path, args): &Finding) {
    let mut writer = Writer::object(out);
    writer.string("severity", if *is_error { "error" } else { "warning" });
    writer.string("code", code);
    writer.string("path", path);
    write_list(writer.name("args"), args, |out, arg| write_string(out, arg));
    writer.end();
}

/// What the core reports and what there is to warn of, the errors first.
fn all(engine: &Engine, config: Option<&Object>) -> Vec<Finding> {
    let mut findings: Vec<Finding> = Vec::new();
    for Diagnostic { code, path, args } in engine.diagnostics() {
        let is_error = match (code, config) {
            // Nobody knows what stands in there.
            (Code::NoCollector, None) => continue,
            // The script tag may name one, and usually does: it is not known here.
            (Code::NoCollector, Some(config)) => config.get("collectors").is_some(),
            _ => true,
        };
        findings.push((is_error, code.text(), path.clone(), args.clone()));
    }
    let collectors = match config.and_then(|config| config.get("collectors")) {
        Some(Value::Array(collectors)) => collectors,
        Some(one) => std::slice::from_ref(one),
        None => &[],
    };
    for (index, collector) in collectors.iter().enumerate() {
        let Value::Object(collector) = collector else { continue };
        for warning in warnings(collector) {
            let mut path = String::from("collectors.");
            write_u64(&mut path, index as u64);
            let args = warning.word().map(str::to_owned).into_iter().collect();
            findings.push((false, warning.code(), path, args));
        }
    }
    findings.sort_by_key(|(is_error, ..)| !is_error);
    findings
}

fn object(text: &str) -> Option<Object> {
    if let Ok(Value::Object(object)) = json::read(text) { Some(object) } else { None }
}

/// What the second module says of a collector's words. Nothing is sent from here, so that it is asked nothing else.
fn words(text: &str, _: bool, _: usize, _: usize) -> String {
    let (name, rest) = cut(text, SEPARATOR).unwrap_or((text, ""));
    let (options, _) = cut(rest, SEPARATOR).unwrap_or((rest, ""));
    let encoder = ENCODERS.iter().find(|encoder| encoder.name == name);
    match (encoder, object(options)) {
        (Some(encoder), Some(options)) => footstep::formats::check(encoder, &options),
        _ => ABSENT.to_owned(),
    }
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use footstep::catalog::collectors::Warning;

    use super::*;

    /// What is said of a config: severity, code, path and the first word of each finding.
    fn said(text: &str) -> Vec<String> {
        let Some(said) = object(&check(text)) else { return vec!["no object".to_owned()] };
        let Some(Value::Array(findings)) = said.get("findings") else { return Vec::new() };
        let line = |finding: &Value| {
            let Value::Object(finding) = finding else { return String::new() };
            let text = |name| finding.get(name).and_then(Value::as_str).unwrap_or_default();
            let Some(Value::Array(args)) = finding.get("args") else { return String::new() };
            let first = args.first().and_then(Value::as_str).unwrap_or_default();
            [text("severity"), text("code"), text("path"), first].join(" ").trim_end().to_owned()
        };
        findings.iter().map(line).collect()
    }

    /// The same of a config with one collector on another origin that has such words.
    fn of_collector(words: &str) -> Vec<String> {
        said(&format!(r#"{{"collectors":[{{"url":"https://in.example/"{words}}}]}}"#))
    }

    #[test]
    fn what_is_fine_is_counted() {
        let config = r#"{"collectors":[{"url":"/c"},{"url":"/d","format":"segment","writeKey":"k"}],"conversions":{"a":{"on":"exit"},"b":false}}"#;
        assert_eq!(check(config), r#"{"findings":[],"all":true,"conversions":1,"collectors":2}"#);
    }

    #[test]
    fn errors_are_those_of_the_core() {
        assert_eq!(
            said(r#"{"collectors":[{"url":"/c"}],"conversions":{"a":{"on":"click","mtach":"a"}}}"#),
            ["error missing conversions.a match", "error unknown_word conversions.a.mtach mtach"]
        );
        for broken in ["", "{", "[]", "!"] {
            assert_eq!(said(broken).len(), 1, "{broken}");
            assert!(said(broken)[0].starts_with("error not_json"), "{broken}");
        }
    }

    #[test]
    fn words_of_a_format_are_the_second_modules() {
        assert_eq!(
            of_collector(r#","format":"segment","writeKye":"k""#),
            ["error missing collectors.0 writeKey", "error unknown_word collectors.0.writeKye writeKye"]
        );
        assert_eq!(of_collector(r#","format":"morse""#)[0], "error not_one_of collectors.0.format morse");
    }

    #[test]
    fn a_collector_may_be_named_by_the_tag() {
        assert_eq!(said("{}"), ["warning no_collector collectors"]);
        assert_eq!(said(r#"{"collectors":[]}"#), ["error no_collector collectors"]);
        assert_eq!(
            said(r#"{"pageViews":1}"#),
            ["error wrong_type pageViews boolean", "warning no_collector collectors"],
            "errors come first"
        );
    }

    #[test]
    fn presets_are_read_where_they_are_and_missed_where_they_are_not() {
        let config = r#"{"collectors":[{"url":"/c"}],"presets":["there","gone"]}"#;
        let preset = r#"{"name":"there","conversions":{"x":{"on":"exit"}}}"#;
        let text = [config, "there", preset, "gone", ""].join("\u{1f}");
        assert_eq!(said(&text), ["error not_loaded presets.1 gone"]);
        assert!(check(&text).contains(r#""conversions":1"#));
        assert_eq!(said(config), ["error not_loaded presets.0 there", "error not_loaded presets.1 gone"]);
    }

    /// Each row of the warnings is seen here.
    #[test]
    fn warnings() {
        let mut seen = of_collector(r#","format":"clickhouse","table":"t","password":"p","outcomes":"all""#);
        assert_eq!(
            seen,
            [
                "warning secret_in_page collectors.0 password",
                "warning unused_word collectors.0 outcomes",
                "warning needs_cors collectors.0",
            ]
        );
        let otlp = of_collector(r#","format":"otlp""#);
        assert_eq!(
            otlp,
            [
                "warning preflight collectors.0",
                "warning preflight_at_end collectors.0",
                "warning needs_cors collectors.0",
            ]
        );
        assert_eq!(
            said(r#"{"collectors":{"url":"https://in.example/","format":"ndjson"}}"#),
            ["warning needs_cors collectors.0"],
            "one for a list of one"
        );
        let own = said(r#"{"collectors":[{"url":"/in","format":"json","body":{"batch":"{name}"}}]}"#);
        assert_eq!(own, ["warning no_place collectors.0"]);
        seen.extend(otlp);
        seen.extend(own);
        for code in Warning::CODES {
            assert!(seen.iter().any(|line| line.starts_with(&format!("warning {code} "))), "{code}");
        }
    }

    #[test]
    fn what_is_too_much_is_said_to_be() {
        let rules = |count: usize| {
            let rules: Vec<String> = (0..count).map(|at| format!(r#""r{at}":1"#)).collect();
            check(&format!(r#"{{"collectors":[{{"url":"/c"}}],"conversions":{{{}}}}}"#, rules.join(",")))
        };
        assert!(rules(MAX_DIAGNOSTICS - 1).contains(r#""all":true"#));
        assert!(rules(60).contains(r#""all":false"#));
    }
}
