//! When a person, or the system, wants the program to end.

/// Ends at Ctrl-C, or at the signal that asks a service to end; what comes between the call and the waiting counts too.
#[cfg(unix)]
pub(super) fn asked_for() -> impl Future<Output = ()> + Send {
    use tokio::signal::unix::{SignalKind, signal};
    let (interrupt, terminate) = (signal(SignalKind::interrupt()), signal(SignalKind::terminate()));
    async move {
        match (interrupt, terminate) {
            (Ok(mut interrupt), Ok(mut terminate)) => {
                tokio::select! {
                    _ = interrupt.recv() => {}
                    _ = terminate.recv() => {}
                }
            }
            // Without a signal handler there is nothing to wait for: the process is stopped some other way.
            _ => std::future::pending().await,
        }
    }
}

#[cfg(not(unix))]
pub(super) async fn asked_for() {
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}
