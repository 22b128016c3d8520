//! A sign from outside that a document has had its time: whoever reads it looks at it now and then, and ends.

use std::io::{Error, Read};
use std::sync::atomic::{AtomicBool, Ordering};

use super::Unreadable;

/// Set by whoever waits for the document, once nobody waits any more.
#[derive(Debug, Clone, Copy, Default)]
pub struct Stop<'a>(Option<&'a AtomicBool>);

impl<'a> Stop<'a> {
    pub fn at(flag: &'a AtomicBool) -> Self {
        Self(Some(flag))
    }

    pub(super) fn is_set(self) -> bool {
        self.0.is_some_and(|flag| flag.load(Ordering::Relaxed))
    }

    /// Fails once it is set.
    pub fn check(self) -> Result<(), Unreadable> {
        if self.is_set() {
            Err(Unreadable("it took too long; the reading was stopped".to_owned()))
        } else {
            Ok(())
        }
    }
}

/// Text for a reader that is not ours: it comes to an end when it shall stop.
#[derive(Debug)]
pub(super) struct Watched<'a> {
    pub text: &'a [u8],
    pub stop: Stop<'a>,
}

impl Read for Watched<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        if self.stop.is_set() {
            return Err(Error::other("stopped"));
        }
        self.text.read(buffer)
    }
}
