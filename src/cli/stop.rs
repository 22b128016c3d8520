//! When a person, or the system, wants the program to end.

/// Waits for Ctrl-C, or for the signal that asks a service to end.
pub(super) async fn asked_for() {
    tokio::select! {
        () = interrupted() => {}
        () = terminated() => {}
    }
}

/// Without a signal handler there is nothing to wait for: the process is stopped some other way.
async fn interrupted() {
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}

#[cfg(unix)]
async fn terminated() {
    use tokio::signal::unix::{SignalKind, signal};
    match signal(SignalKind::terminate()) {
        Ok(mut terminate) => drop(terminate.recv().await),
        Err(_) => std::future::pending().await,
    }
}

#[cfg(not(unix))]
async fn terminated() {
    std::future::pending().await
}
