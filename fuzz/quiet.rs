//! The feed reader is known to panic, and that is caught where it is called: only panics of our own end a run.

pub fn about_the_feed_reader() {
    let end = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        let foreign = panic.location().is_some_and(|place| place.file().contains("feed-rs"));
        if !foreign {
            end(panic);
        }
    }));
}
