//! The memory of Footstep's wasm.
//!
//! Blocks are powers of two from 16 bytes on; a freed block goes to the list of its size and is handed out again
//! before anything new. Nothing is merged and nothing is given back: what the tracker holds at a time is bounded,
//! and so is this. The standard allocator costs 2 kB more on the wire.
//!
//! This crate is the one exception to `forbid(unsafe_code)`: an allocator cannot be written without. Its tests run
//! natively, and under Miri with `cargo +nightly miri test -p footstep-allocator`.

#![no_std]

use core::alloc::{GlobalAlloc, Layout};
use core::cell::UnsafeCell;
use core::ptr::null_mut;

/// Bytes in a page of wasm memory.
pub const PAGE: usize = 65_536;
/// The smallest block: room for a pointer, and the alignment of everything.
const SMALLEST: usize = 16;

/// Where memory comes from.
pub trait Pages {
    /// `count` more pages, zeroed, aligned to 16 bytes; null if there are none left.
    fn more(&self, count: usize) -> *mut u8;
}

/// Free lists by size class, over pages that are never given back. For one thread.
pub struct SizeClasses<P>(UnsafeCell<State>, P);

struct State {
    /// The first free block of 2^(index + 4) bytes; each free block begins with a pointer to the next.
    free: [*mut u8; 28],
    /// The part of the last pages that was never handed out.
    rest: *mut u8,
    left: usize,
}

// SAFETY: wasm without the threads proposal has one thread; the tests use an allocator from one thread each.
unsafe impl<P: Sync> Sync for SizeClasses<P> {}

impl<P> SizeClasses<P> {
    /// An allocator that holds nothing yet.
    pub const fn new(pages: P) -> Self {
        Self(UnsafeCell::new(State { free: [null_mut(); 28], rest: null_mut(), left: 0 }), pages)
    }
}

/// The size of the block a layout gets.
const fn block(layout: Layout) -> usize {
    let size = if layout.size() > SMALLEST { layout.size() } else { SMALLEST };
    size.next_power_of_two()
}

const fn class(block: usize) -> usize {
    (block.trailing_zeros() - SMALLEST.trailing_zeros()) as usize
}

// SAFETY: a block is handed out once until it is freed, is as large as its layout asks, and is aligned to 16 bytes;
// a layout that asks for more alignment, or for 2 GiB, gets none.
unsafe impl<P: Pages> GlobalAlloc for SizeClasses<P> {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        if layout.align() > SMALLEST || layout.size() > 1 << 30 {
            return null_mut();
        }
        let size = block(layout);
        // SAFETY: one thread, and nothing below calls back into the allocator.
        let state = unsafe { &mut *self.0.get() };
        let Some(head) = state.free.get_mut(class(size)) else { return null_mut() };
        if !head.is_null() {
            let found = *head;
            // SAFETY: a free block begins with the pointer `dealloc` wrote there.
            *head = unsafe { found.cast::<*mut u8>().read() };
            return found;
        }
        if state.left < size {
            let pages = size.div_ceil(PAGE);
            let fresh = self.1.more(pages);
            if fresh.is_null() {
                return null_mut();
            }
            // What was left of the pages before is smaller than this block, and not worth a list of its own.
            (state.rest, state.left) = (fresh, pages * PAGE);
        }
        let found = state.rest;
        // SAFETY: `size` bytes are left behind `rest`, so the sum is inside the pages or one past them.
        state.rest = unsafe { found.add(size) };
        state.left -= size;
        found
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: as in `alloc`.
        let state = unsafe { &mut *self.0.get() };
        if let Some(head) = state.free.get_mut(class(block(layout))) {
            // SAFETY: the block is ours again, 16 bytes or more, and aligned to 16.
            unsafe { pointer.cast::<*mut u8>().write(*head) };
            *head = pointer;
        }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // SAFETY: the caller keeps `GlobalAlloc`'s contract: `size` is above zero and does not overflow.
        let wanted = unsafe { Layout::from_size_align_unchecked(size, layout.align()) };
        if block(wanted) == block(layout) {
            return pointer;
        }
        // SAFETY: `wanted` has a size above zero.
        let moved = unsafe { self.alloc(wanted) };
        if !moved.is_null() {
            // SAFETY: both blocks are at least as long as the smaller of the two sizes, and they are not the same.
            unsafe { pointer.copy_to_nonoverlapping(moved, layout.size().min(size)) };
            // SAFETY: the caller gave us `pointer` with this layout.
            unsafe { self.dealloc(pointer, layout) };
        }
        moved
    }
}

/// The pages of the wasm instance.
#[cfg(target_arch = "wasm32")]
pub struct WasmPages;

#[cfg(target_arch = "wasm32")]
impl Pages for WasmPages {
    fn more(&self, count: usize) -> *mut u8 {
        match core::arch::wasm32::memory_grow(0, count) {
            usize::MAX => null_mut(),
            page => (page * PAGE) as *mut u8,
        }
    }
}

#[cfg(test)]
mod tests {
    extern crate std;

    use super::*;
    use core::cell::Cell;
    use std::alloc::System;
    use std::vec::Vec;

    /// Pages from the system, up to a number; never given back.
    struct Some(Cell<usize>);

    impl Pages for Some {
        fn more(&self, count: usize) -> *mut u8 {
            if self.0.get() < count {
                return null_mut();
            }
            self.0.set(self.0.get() - count);
            // SAFETY: the layout's size is above zero.
            unsafe { System.alloc_zeroed(Layout::from_size_align(count * PAGE, 16).unwrap()) }
        }
    }

    fn layout(size: usize) -> Layout {
        Layout::from_size_align(size, 8).unwrap()
    }

    #[test]
    fn blocks_do_not_overlap_and_come_back() {
        let heap = SizeClasses::new(Some(Cell::new(4)));
        let mut random = 7u32;
        let mut live: Vec<(*mut u8, usize, u8)> = Vec::new();
        for step in 0..2000u32 {
            random = random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            if random & 1 == 0 && !live.is_empty() {
                let (pointer, size, mark) = live.swap_remove(random as usize / 2 % live.len());
                // SAFETY: handed out with this size and not freed since.
                unsafe {
                    assert!((0..size).all(|at| pointer.add(at).read() == mark), "step {step}");
                    heap.dealloc(pointer, layout(size));
                }
            } else if live.len() < 40 {
                let (size, mark) = (1 + (random >> 8) as usize % 700, step as u8);
                // SAFETY: the size is above zero; the block is written within it.
                unsafe {
                    let pointer = heap.alloc(layout(size));
                    assert!(!pointer.is_null() && (pointer as usize).is_multiple_of(16));
                    pointer.write_bytes(mark, size);
                    live.push((pointer, size, mark));
                }
            }
        }
    }

    #[test]
    fn growing_keeps_what_is_there() {
        let heap = SizeClasses::new(Some(Cell::new(8)));
        // SAFETY: sizes above zero, reads within what was written.
        unsafe {
            let mut pointer = heap.alloc(layout(3));
            pointer.write_bytes(9, 3);
            for (from, to) in [(3, 16), (16, 17), (17, 5000), (5000, 100_000), (100_000, 3)] {
                pointer = heap.realloc(pointer, layout(from), to);
                assert!(!pointer.is_null() && (0..3).all(|at| pointer.add(at).read() == 9), "{from} to {to}");
            }
        }
    }

    #[test]
    fn what_cannot_be_had_is_null() {
        let heap = SizeClasses::new(Some(Cell::new(1)));
        // SAFETY: sizes above zero, nothing is read.
        unsafe {
            assert!(heap.alloc(layout(PAGE + 1)).is_null());
            assert!(heap.alloc(Layout::from_size_align(16, 32).unwrap()).is_null());
            assert!(!heap.alloc(layout(PAGE)).is_null());
            assert!(heap.alloc(layout(1)).is_null());
        }
    }
}
