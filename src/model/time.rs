//! Time as it is handed in: the wall clock for people, the monotonic clock for order and durations.
//!
//! No clock exists in the core. Every input carries a [`Now`], read by the shell.

/// Milliseconds. Of the wall clock they count from 1970-01-01T00:00:00Z, of the monotonic clock from the
/// start of the page; which one is meant is said where the value stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(transparent))]
pub struct Millis(pub u64);

impl Millis {
    /// This time and `more` milliseconds, without overflow.
    #[must_use]
    pub const fn plus(self, more: u64) -> Self {
        Self(self.0.saturating_add(more))
    }

    /// Milliseconds passed since `earlier`; 0 if the clock went backwards.
    #[must_use]
    pub const fn since(self, earlier: Self) -> u64 {
        self.0.saturating_sub(earlier.0)
    }
}

/// The earlier of two times, of which either may never come.
#[must_use]
pub fn sooner(one: Option<Millis>, other: Option<Millis>) -> Option<Millis> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.min(other)),
        _ => one.or(other),
    }
}

/// Both clocks, read at one moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Now {
    /// The wall clock. It may jump: never used for order or durations within a page.
    pub at: Millis,
    /// The monotonic clock of this page.
    pub mono: Millis,
}

/// Writes the wall time as a date and a time of day in UTC, parted by `between`, with milliseconds:
/// `2026-11-22T05:38:36.127` (ISO 8601; the `Z` is the caller's).
///
/// ```
/// let mut out = String::new();
/// footstep::model::time::write_date(&mut out, 1_795_325_916_127, 'T');
/// assert_eq!(out, "2026-11-22T05:38:36.127");
/// ```
pub fn write_date(out: &mut String, at: u64, between: char) {
    // The Gregorian calendar in years that begin in March, so that leap days come last; eras of 400 years.
    let days = (at / 86_400_000).min(2_932_896) as u32 + 719_468;
    let (era, day) = (days / 146_097, days % 146_097);
    let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let day = day - (153 * month + 2) / 5 + 1;
    let (month, next) = if month < 10 { (month + 3, 0) } else { (month - 9, 1) };
    let clock = (at % 86_400_000) as u32;
    for &(mark, number, width) in &[
        ('\0', year + era * 400 + next, 4),
        ('-', month, 2),
        ('-', day, 2),
        (between, clock / 3_600_000, 2),
        (':', clock / 60_000 % 60, 2),
        (':', clock / 1000 % 60, 2),
        ('.', clock % 1000, 3),
    ] {
        if mark != '\0' {
            out.push(mark);
        }
        write_digits(out, number, width);
    }
}

/// The wall time by ISO 8601, in UTC: `2026-11-22T05:38:36.127Z`.
#[must_use]
pub fn iso(at: u64) -> String {
    let mut out = String::new();
    write_date(&mut out, at, 'T');
    out.push('Z');
    out
}

/// Writes the last `width` digits of a number, zeros included.
pub fn write_digits(out: &mut String, number: u32, width: u32) {
    if width > 1 {
        write_digits(out, number / 10, width - 1);
    }
    out.push(char::from(b'0' + (number % 10) as u8));
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;

    #[test]
    fn dates() {
        assert!(iso(u64::MAX).starts_with("9999-12-31T"), "{}", iso(u64::MAX));
        for (at, is) in [
            (0, "1970-01-01T00:00:00.000Z"),
            (951_782_399_999, "2000-02-28T23:59:59.999Z"),
            (951_782_400_000, "2000-02-29T00:00:00.000Z"),
            (951_868_800_001, "2000-03-01T00:00:00.001Z"),
            (1_735_689_599_999, "2024-12-31T23:59:59.999Z"),
            (4_107_542_400_000, "2100-03-01T00:00:00.000Z"),
        ] {
            assert_eq!(iso(at), is);
        }
    }
}
