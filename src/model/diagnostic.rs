//! What is wrong with a config or a call: a code, where, and the words it is about.
//!
//! The core carries codes only. The sentences (what, why, what to do) are one table, `js/messages.json`, read by
//! whoever shows them to a person; [`Code::ALL`] and that table are held together by a test.

/// One finding. Good parts of the config go on working beside it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Diagnostic {
    /// What kind of finding it is.
    pub code: Code,
    /// Where, as a path in the config, such as `conversions.newsletter_signup.on`.
    pub path: String,
    /// The words it is about: the unknown word, or the words that would have been understood.
    pub args: Vec<String>,
}

impl Diagnostic {
    /// A finding about one word.
    #[must_use]
    pub fn about(code: Code, path: &str, arg: &str) -> Self {
        Self { code, path: path.to_owned(), args: vec![arg.to_owned()] }
    }

    /// A finding about one word in a conversion.
    #[must_use]
    pub fn of_conversion(code: Code, name: &str, arg: &str) -> Self {
        let mut path = String::from("conversions.");
        path.push_str(name);
        Self::about(code, &path, arg)
    }
}

macro_rules! codes {
    ($($(#[$doc:meta])* $variant:ident = $text:literal,)*) => {
        /// The kinds of finding. The text form is part of the public interface.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
        pub enum Code {
            $($(#[$doc])* #[cfg_attr(feature = "serde", serde(rename = $text))] $variant,)*
        }

        impl Code {
            /// Every code there is.
            #[cfg(any(test, feature = "catalog"))]
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            /// The code as it appears in `stats()`, in a batch and in the table of messages.
            #[must_use]
            pub const fn text(self) -> &'static str {
                match self { $(Self::$variant => $text,)* }
            }
        }
    };
}

codes! {
    /// The config is not JSON. `args`: the byte at which it stops being JSON.
    NotJson = "not_json",
    /// The config could not be loaded. `args`: where from.
    NotLoaded = "not_loaded",
    /// A word that is no part of the vocabulary. `args`: the word.
    UnknownWord = "unknown_word",
    /// A value of the wrong type. `args`: the type that belongs there.
    WrongType = "wrong_type",
    /// A value that is none of those possible. `args`: the value, then those possible.
    NotOneOf = "not_one_of",
    /// A number outside its bounds. `args`: the bounds.
    OutOfRange = "out_of_range",
    /// Something that must be there is not. `args`: its name.
    Missing = "missing",
    /// A name that is not made of letters, digits, `_`, `-`, `.` or is too long. `args`: the name.
    BadName = "bad_name",
    /// A selector the browser does not understand. `args`: the selector.
    BadSelector = "bad_selector",
    /// A URL or pattern that cannot be one. `args`: the text.
    BadUrl = "bad_url",
    /// No collector is named: events are recognised but sent nowhere.
    NoCollector = "no_collector",
    /// A read of a field's content, which the shell refuses. `args`: the attribute.
    ProtectedRead = "protected_read",
    /// A selector that costs too much time. `args`: the selector.
    SlowSelector = "slow_selector",
    /// Two presets name the same conversion. `args`: the name.
    PresetOverlap = "preset_overlap",
    /// An order counts once, but it has no number. `args`: what was read instead, if anything.
    NoOrder = "no_order",
    /// Something closed that events inside of it cannot be heard from. `args`: its name.
    ClosedRoot = "closed_root",
    /// A player in a frame that does not say what it does. `args`: its address.
    SilentPlayer = "silent_player",
    /// The properties of `track()` could not be read as JSON. `args`: the event's name.
    BadProperties = "bad_properties",
    /// WebAssembly could not be loaded or failed. `args`: the browser's message.
    NoCore = "no_core",
}
