//! Identifiers and chance, from entropy that was handed in.
//!
//! xoshiro128** (Blackman and Vigna): ids must not collide, but nobody gains by guessing one.

use crate::model::time::Millis;
use crate::model::uuid::Uuid;

/// The one source of random bits.
pub(crate) struct Ids([u32; 4]);

impl Ids {
    /// `entropy` must not be all zero; if it is, ids still come, but the same on every page.
    pub(crate) const fn new(entropy: [u32; 4]) -> Self {
        let [a, b, c, d] = entropy;
        Self([a | 1, b, c, d])
    }

    /// A new UUID, version 7 (RFC 9562, section 5.7).
    pub(crate) fn uuid(&mut self, at: Millis) -> Uuid {
        let random = u128::from(self.next()) << 64 | u128::from(self.next()) << 32 | u128::from(self.next());
        let time = u128::from(at.0 & 0xffff_ffff_ffff) << 80;
        let low = random & 0x0fff_3fff_ffff_ffff_ffff;
        Uuid(time | low | 0x7000_8000_0000_0000_0000)
    }

    /// A number from 0 up to and including `most`.
    pub(crate) fn up_to(&mut self, most: u64) -> u64 {
        (u64::from(self.next()) * (most + 1)) >> 32
    }

    fn next(&mut self) -> u32 {
        let [a, b, c, d] = self.0;
        let result = b.wrapping_mul(5).rotate_left(7).wrapping_mul(9);
        let (c, d) = (c ^ a, d ^ b);
        self.0 = [a ^ d, b ^ c, c ^ (b << 9), d.rotate_left(11)];
        result
    }
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn version_variant_and_time() {
        let mut ids = Ids::new([1, 2, 3, 4]);
        let at = Millis(0x0193_5c5e_7d1a);
        let mut seen = HashSet::new();
        for _ in 0..10_000 {
            let id = ids.uuid(at);
            let text = id.text();
            assert!(text.starts_with("01935c5e-7d1a-7"), "{text}");
            assert!(matches!(text.as_bytes()[19], b'8' | b'9' | b'a' | b'b'), "{text}");
            assert!(seen.insert(id));
        }
    }

    #[test]
    fn chance_keeps_its_bounds_and_reaches_them() {
        let mut ids = Ids::new([9, 8, 7, 6]);
        let drawn: HashSet<u64> = (0..1000).map(|_| ids.up_to(5)).collect();
        assert_eq!(drawn, (0..=5).collect());
    }

    #[test]
    fn two_pages_do_not_share_ids() {
        let (mut one, mut two) = (Ids::new([5, 0, 0, 1]), Ids::new([5, 0, 0, 2]));
        assert_ne!(one.uuid(Millis(1)), two.uuid(Millis(1)));
    }
}
