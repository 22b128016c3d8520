//! What went wrong, in words for staff: what happened, and what to do where something can be done.

use std::error::Error;
use std::io::ErrorKind;
use std::iter::successors;

use chrono::DateTime;
use reqwest::StatusCode;
use rustls::CertificateError;
use rustls::pki_types::UnixTime;
use url::Url;

use super::{FailureKind, FetchError};

/// Where a site does not want us.
pub(super) const ASK_OR_DISABLE: &str = "ask its operator, or disable the source";

/// No answer came.
pub(super) fn sending(error: &reqwest::Error, url: &Url) -> FetchError {
    let host = url.host_str().unwrap_or_default();
    if let Some(FetchError::Failed { kind, message, .. }) = cause(error) {
        return failed(*kind, message.clone());
    }
    if error.is_dns() {
        return failed(FailureKind::Dns, format!("no address is known for {host}: is the name right?"));
    }
    if let Some(error) = cause::<rustls::Error>(error) {
        return failed(FailureKind::Tls, tls(error, host));
    }
    let broke = broken(error);
    let silent = error.is_timeout();
    match (error.is_connect(), broke) {
        (true, _) if silent => {
            failed(FailureKind::Timeout, format!("no connection to {host} in time: is it up?"))
        }
        (false, _) if silent => failed(FailureKind::Timeout, format!("no answer from {host} in time")),
        (true, Some(ErrorKind::ConnectionRefused)) => {
            failed(FailureKind::Connect, format!("{host} refuses connections: is it up?"))
        }
        (true, Some(ErrorKind::UnexpectedEof | ErrorKind::ConnectionReset | ErrorKind::BrokenPipe))
            if url.scheme() == "https" =>
        {
            failed(FailureKind::Tls, format!("{host} broke off before the connection was secure"))
        }
        (true, _) => failed(FailureKind::Connect, format!("no connection to {host}: {}", root(error))),
        (false, _) => failed(FailureKind::Io, format!("no proper answer from {host}: {}", root(error))),
    }
}

/// The answer began, and did not come to its end.
pub(super) fn receiving(error: &reqwest::Error) -> FetchError {
    if error.is_timeout() {
        return failed(FailureKind::Timeout, "fell silent in the middle of its answer".to_owned());
    }
    let broke = broken(error);
    let why = root(error);
    match broke {
        Some(ErrorKind::UnexpectedEof) => {
            failed(FailureKind::Truncated, "broke off before the end".to_owned())
        }
        Some(ErrorKind::InvalidInput | ErrorKind::InvalidData) => {
            failed(FailureKind::Io, format!("went wrong in the middle: {why}"))
        }
        _ => failed(FailureKind::Truncated, format!("broke off before the end: {why}")),
    }
}

/// The answer began, and could not be unpacked to its end.
pub(super) fn unpacking(error: &std::io::Error) -> FetchError {
    if let Some(FetchError::Failed { kind, message, .. }) = cause(error) {
        return failed(*kind, message.clone());
    }
    if let Some(error) = cause::<reqwest::Error>(error) {
        return receiving(error);
    }
    match error.kind() {
        ErrorKind::UnexpectedEof => failed(FailureKind::Truncated, "broke off before the end".to_owned()),
        _ => failed(FailureKind::Encoding, format!("does not decode: {}", root(error))),
    }
}

/// A status that is neither an answer nor a redirect.
pub(super) fn status(status: StatusCode) -> FetchError {
    let code = status.as_u16();
    let said = match code {
        204 => "answered with nothing (204)".to_owned(),
        206 => "sent a part although we asked for the whole (206)".to_owned(),
        304 => "answered “not changed” (304) although we did not ask for that".to_owned(),
        401 | 407 => format!("wants a password ({code})"),
        403 => "the site refuses our reader (403)".to_owned(),
        451 => "withheld for legal reasons (451)".to_owned(),
        500..=599 => format!("the site has a fault of its own ({code})"),
        _ => format!("answered {code}, which is no success"),
    };
    let advice = match code {
        401 | 407 => Some("ask its operator for access, or disable the source"),
        403 => Some(ASK_OR_DISABLE),
        451 => Some("disable the source"),
        _ => None,
    };
    FetchError::Failed { kind: FailureKind::HttpStatus, message: said, advice }
}

pub(super) fn failed(kind: FailureKind, message: String) -> FetchError {
    FetchError::Failed { kind, message, advice: None }
}

fn tls(error: &rustls::Error, host: &str) -> String {
    match error {
        rustls::Error::InvalidCertificate(error) => {
            format!("the certificate of {host} {}", certificate(error))
        }
        rustls::Error::InvalidMessage(_) => {
            format!("{host} does not speak https here: is it an http address?")
        }
        other => format!("no secure connection to {host}: {other}"),
    }
}

fn certificate(error: &CertificateError) -> String {
    match error {
        CertificateError::Expired => "has expired: tell its operator".to_owned(),
        CertificateError::ExpiredContext { time, .. } => {
            format!("has expired: tell its operator (or is this machine's clock wrong? it says {})", date(*time))
        }
        CertificateError::NotValidYet => "is not valid yet: is this machine's clock right?".to_owned(),
        CertificateError::NotValidYetContext { time, .. } => {
            format!("is not valid yet: is this machine's clock right? it says {}", date(*time))
        }
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            "is made out to another name: is the address right?".to_owned()
        }
        CertificateError::UnknownIssuer => {
            "is signed by nobody this machine trusts: tell its operator (or is `ca-certificates` missing here?)"
                .to_owned()
        }
        CertificateError::Other(_) => "is not made as it should be: tell its operator".to_owned(),
        other => format!("does not hold: {other}"),
    }
}

fn date(time: UnixTime) -> String {
    let at = i64::try_from(time.as_secs()).ok().and_then(|seconds| DateTime::from_timestamp(seconds, 0));
    at.unwrap_or_default().format("%-d %B %Y").to_string()
}

/// The first cause of this type.
fn cause<'a, T: Error + 'static>(error: &'a (dyn Error + 'static)) -> Option<&'a T> {
    causes(error).find_map(|error| error.downcast_ref())
}

/// How the connection broke, in the word of the deepest error: those above it only carry it.
fn broken(error: &(dyn Error + 'static)) -> Option<ErrorKind> {
    causes(error).filter_map(|error| error.downcast_ref::<std::io::Error>()).last().map(std::io::Error::kind)
}

/// What it all came from, in its own words.
pub(super) fn root(error: &(dyn Error + 'static)) -> String {
    causes(error).last().map(ToString::to_string).unwrap_or_default()
}

fn causes<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    successors(Some(error), |error| inner(*error))
}

fn inner<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a (dyn Error + 'static)> {
    match error.downcast_ref::<std::io::Error>() {
        // Its `source` would skip the very error that it carries.
        Some(carrier) => carrier.get_ref().map(|carried| carried as _),
        None => error.source(),
    }
}
