//! Stories that once ended badly.

use super::live;
use super::network::Weather::{Down, Fine, Picky, Status};
use super::script::Sort::{Large, Plain, Valued};
use super::script::Step::{
    Back, Click, Crash, Damage, Disk, Hide, Link, Net, Open, Stop, Submit, Track, Wait,
};
use super::script::{Script, Shop, Step};
use super::store::Fault::Full;

const SHOP: Shop =
    Shop { collectors: 1, most: 500, opt_in: false, keepalive: true, lag: 0, second: true, locks: true };

fn ends_well(shop: Shop, steps: &[(Step, u64)]) {
    let fault = live(&Script { shop, steps: steps.to_vec() }, true);
    assert!(fault.is_none(), "{}", fault.unwrap_or_default());
}

#[test]
fn a_page_that_was_put_away_leaves_its_attempts_to_the_page_after_it() {
    let steps = [
        (Open(0, false), 7_197_214_289_345_910_723),
        (Submit(0), 17_347_408_471_921_632_202),
        (Link(0, false), 1_949_052_038_229_978_119),
        (Wait(11_000), 6_216_256_262_979_557_312),
        (Back(0), 4_965_038_505_402_039_810),
    ];
    ends_well(SHOP, &steps);
}

#[test]
fn what_was_stopped_leaves_its_attempts_to_the_page_after_it() {
    let steps = [
        (Link(1, false), 2_707_792_595_862_545_601),
        (Submit(1), 3_453_112_891_896_048_669),
        (Stop(1), 660_741_145_077_373_391),
        (Link(1, false), 8_530_099_888_760_295_944),
        (Wait(11_000), 17_939_817_250_960_639_249),
        (Back(1), 6_302_070_363_917_642_104),
    ];
    ends_well(SHOP, &steps);
}

#[test]
fn what_was_kept_before_storage_was_full_is_tidied_up() {
    let steps = [
        (Open(0, false), 520_753_768_781_363_550),
        (Net(Status(422, 2)), 4_617_463_501_607_048_999),
        (Wait(6000), 6_095_608_899_673_150_435),
        (Disk(Full), 6_777_103_334_404_258_855),
        (Track(0, Valued, 2), 6_970_005_958_657_053_018),
    ];
    ends_well(Shop { keepalive: false, ..SHOP }, &steps);
}

#[test]
fn a_damaged_note_is_not_left_behind_for_ever() {
    let steps = [
        (Net(Status(422, 3600)), 9_741_947_639_470_599_638),
        (Open(0, false), 8_339_109_390_818_146_720),
        (Wait(6000), 11_030_794_994_692_973_974),
        (Open(0, false), 1_000_830_579_217_290_303),
        (Damage, 8_052_755_582_851_554_567),
    ];
    ends_well(SHOP, &steps);
}

/// Both told the collector of a number with those that the same request had told, and struck it off with them.
#[test]
fn what_an_answer_refuses_or_puts_off_is_told_by_the_next_request() {
    let refused = [
        (Net(Picky), 15_389_979_890_716_115_748),
        (Open(0, false), 18_288_147_703_864_117_669),
        (Wait(11_000), 10_955_191_494_999_907_444),
        (Track(0, Large, 12), 8_871_568_704_845_763_250),
        (Wait(11_000), 7_258_162_008_710_758_914),
    ];
    ends_well(Shop { collectors: 2, most: 3, ..SHOP }, &refused);
    let put_off = [
        (Open(0, false), 10_772_976_256_597_783_678),
        (Open(1, false), 17_028_809_167_799_510_708),
        (Hide(0), 3_436_734_018_633_220_658),
        (Net(Picky), 9_347_381_241_324_187_506),
        (Track(0, Valued, 12), 11_571_559_625_369_702_811),
        (Click(1, 2), 1_249_487_891_548_207_941),
        (Track(1, Plain, 2), 11_118_619_885_185_929_075),
        (Wait(1000), 12_396_751_840_057_596_127),
        (Track(1, Plain, 1), 402_688_910_666_325_405),
    ];
    ends_well(Shop { most: 3, keepalive: false, lag: 700, ..SHOP }, &put_off);
}

/// Ten times, for what is left to chance.
#[test]
fn what_another_process_wrote_last_is_seen_late_and_not_removed_unread() {
    for salt in 0..10 {
        let steps = [
            Open(0, false),
            Open(1, false),
            Wait(3000),
            Net(Down),
            Track(0, Plain, 1),
            Wait(500),
            Net(Fine),
            Track(0, Plain, 1),
            Crash(0),
            Open(1, false),
            Hide(1),
        ];
        ends_well(Shop { lag: 60, second: false, ..SHOP }, &steps.map(|step| (step, salt)));
    }
}
