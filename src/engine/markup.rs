//! Conversions marked in the page itself: `data-footstep="wishlist_add"`, and `footstep-event-wishlist_add` as a
//! class for page builders that allow nothing else.

use super::plan::{Plan, is_name};
use crate::model::effect::{Source, Watch};
use crate::model::record::{Kind, Record};
use crate::model::signal::MARKUP;
use crate::model::text::after;
use crate::model::value::{Object, Value};

const ATTRIBUTE: &str = "data-footstep";
const PROPERTY: &str = "data-footstep-";
const CLASS: &str = "footstep-event-";

/// What to observe: a form when it is sent, anything else when it is pressed.
pub(crate) fn watch(on: &mut dyn FnMut(Watch)) {
    let pressed = "[data-footstep]:not(form),[class*=footstep-event-]:not(form)";
    let sent = "form[data-footstep],form[class*=footstep-event-]";
    for &(event, selector) in &[("click", pressed), ("auxclick", pressed), ("submit", sent)] {
        on(Watch {
            rule: MARKUP,
            slot: 0,
            source: Source::Dom,
            event: event.to_owned(),
            selector: selector.to_owned(),
            wants: "class\u{1e}data-footstep*".to_owned(),
        });
    }
}

/// Reads a marked element. `None` if its name cannot be one.
pub(crate) fn read(attributes: &[(String, String)], plan: &Plan) -> Option<Box<Record>> {
    let attribute =
        |wanted: &str| attributes.iter().find(|(name, _)| name == wanted).map(|(_, text)| text.as_str());
    let class = || attribute("class")?.split_ascii_whitespace().find_map(|class| after(class, CLASS));
    let name = attribute(ATTRIBUTE).or_else(class).filter(|name| is_name(name))?;
    let mut facts = Object::default();
    facts.set("on", "markup".into());
    let mut record = plan.record(name, Kind::Micro, facts);
    for (name, text) in attributes {
        if let Some(property) = after(name, PROPERTY) {
            record.set(property, Value::String(text.clone()));
        }
    }
    Some(record)
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::super::plan::{Said, plan};
    use super::*;

    fn draft(attributes: &[(&str, &str)]) -> Option<Box<Record>> {
        read(
            &attributes
                .iter()
                .map(|(name, text)| ((*name).to_owned(), (*text).to_owned()))
                .collect::<Vec<_>>(),
            &plan(&Said::default()).0,
        )
    }

    #[test]
    fn attributes() {
        let draft = draft(&[
            ("data-footstep", "wishlist_add"),
            ("data-footstep-value", "12.50"),
            ("data-footstep-currency", "EUR"),
            ("data-footstep-product", "lamp"),
        ])
        .unwrap();
        assert_eq!((draft.name.as_str(), draft.currency.as_deref()), ("wishlist_add", Some("EUR")));
        assert_eq!(draft.value.map(|value| value.text().to_owned()).as_deref(), Some("12.50"));
        assert_eq!(draft.properties.0, [("product".to_owned(), "lamp".into())]);
    }

    #[test]
    fn classes_and_what_is_no_mark() {
        assert_eq!(
            draft(&[("class", "btn\n\tfootstep-event-guide_download big")]).unwrap().name,
            "guide_download"
        );
        assert!(draft(&[("class", "my-footstep-event-x")]).is_none());
        assert!(draft(&[("data-footstep", "")]).is_none());
        assert!(draft(&[("data-footstep", "<img>")]).is_none());
        let odd = draft(&[("data-footstep", "x"), ("data-footstep-value", "12,50 €")]).unwrap();
        assert_eq!(odd.properties.get("value"), Some(&"12,50 €".into()), "kept, though it is no number");
    }
}
