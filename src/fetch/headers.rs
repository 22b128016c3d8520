//! What the headers of an answer say: validators, when to come back, how long it stays fresh.

use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};
use reqwest::header::{
    AGE, CACHE_CONTROL, CONTENT_TYPE, DATE, ETAG, EXPIRES, HeaderMap, HeaderName, HeaderValue,
    IF_MODIFIED_SINCE, IF_NONE_MATCH, LAST_MODIFIED, LINK, RETRY_AFTER,
};

use crate::schedule::Validators;

/// A longer validator is a mistake of the server, and would be refused when we send it back.
const LONGEST_VALIDATOR: usize = 1_024;

/// A server that names a time beyond it does not mean it; the schedule asks sooner anyway.
const LONGEST_WAIT: TimeDelta = TimeDelta::days(366);

/// So that a wrong header cannot stop a source for long.
const LONGEST_FRESHNESS: TimeDelta = TimeDelta::days(1);

/// The validators of an answer, byte for byte; one that could not be sent back is none.
pub(super) fn validators(headers: &HeaderMap) -> Validators {
    let usable =
        |name| text(headers, name).filter(|value| !value.is_empty() && value.len() <= LONGEST_VALIDATOR);
    Validators {
        etag: usable(ETAG).map(str::to_owned),
        last_modified: usable(LAST_MODIFIED).map(str::to_owned),
        of: None,
    }
}

/// The headers that ask "has it changed?", as the validators came.
pub(super) fn conditions(validators: &Validators) -> HeaderMap {
    let pairs = [(IF_NONE_MATCH, &validators.etag), (IF_MODIFIED_SINCE, &validators.last_modified)];
    pairs
        .into_iter()
        .filter_map(|(name, value)| Some((name, HeaderValue::from_str(value.as_deref()?).ok()?)))
        .collect()
}

pub(super) fn content_type(headers: &HeaderMap) -> Option<String> {
    headers.get(CONTENT_TYPE).map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
}

pub(super) fn links(headers: &HeaderMap) -> Vec<String> {
    headers.get_all(LINK).iter().map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned()).collect()
}

/// The time before which the server does not want to be asked again, when it names one that is still to come.
pub(super) fn retry_after(headers: &HeaderMap, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let value = text(headers, RETRY_AFTER)?.trim();
    let at = match seconds(value) {
        Some(wait) => now + wait.min(LONGEST_WAIT),
        None => http_date(value)?.min(now + LONGEST_WAIT),
    };
    (at > now).then_some(at)
}

/// How long the server says that its answer stays as it is, up to a day.
pub(super) fn fresh_for(headers: &HeaderMap, now: DateTime<Utc>) -> Option<TimeDelta> {
    let words = control(headers);
    if words.iter().any(|word| word == "no-cache" || word == "no-store") {
        return None;
    }
    let max_age = words.iter().find_map(|word| seconds(word.strip_prefix("max-age=")?.trim_matches('"')));
    let fresh = match max_age {
        Some(max_age) => max_age - text(headers, AGE).and_then(seconds).unwrap_or_default(),
        None => http_date(text(headers, EXPIRES)?)? - text(headers, DATE).and_then(http_date).unwrap_or(now),
    };
    (fresh > TimeDelta::zero()).then(|| fresh.min(LONGEST_FRESHNESS))
}

/// Does the server say that its answer must not be used again without asking?
pub(super) fn is_stale(headers: &HeaderMap) -> bool {
    control(headers).iter().any(|word| word == "no-cache" || word == "no-store" || word == "max-age=0")
}

fn control(headers: &HeaderMap) -> Vec<String> {
    let lines = headers.get_all(CACHE_CONTROL).iter().filter_map(|value| value.to_str().ok());
    lines.flat_map(|line| line.split(',')).map(|word| word.trim().to_ascii_lowercase()).collect()
}

/// The value of a header that holds plain ASCII text.
fn text(headers: &HeaderMap, name: HeaderName) -> Option<&str> {
    headers.get(name)?.to_str().ok()
}

/// A whole number of seconds; one that is too large for a number counts as [`LONGEST_WAIT`].
fn seconds(text: &str) -> Option<TimeDelta> {
    let text = text.trim();
    let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    is_number
        .then(|| text.parse().ok().and_then(TimeDelta::try_seconds).unwrap_or(LONGEST_WAIT).min(LONGEST_WAIT))
}

/// A date in any of the three forms of RFC 9110.
fn http_date(text: &str) -> Option<DateTime<Utc>> {
    let text = text.trim();
    let old = |form| NaiveDateTime::parse_from_str(text, form).map(|at| at.and_utc()).ok();
    DateTime::parse_from_rfc2822(text)
        .map(|at| at.with_timezone(&Utc))
        .ok()
        .or_else(|| old("%A, %d-%b-%y %H:%M:%S GMT"))
        .or_else(|| old("%a %b %e %H:%M:%S %Y"))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// 15 January 2018, 07:06:40 UTC.
    fn now() -> DateTime<Utc> {
        DateTime::from_timestamp(1_516_000_000, 0).expect("a time")
    }

    fn headers(lines: &[(&'static str, &str)]) -> HeaderMap {
        let pair = |(name, value): &(&'static str, &str)| {
            (HeaderName::from_static(name), HeaderValue::from_bytes(value.as_bytes()).expect("a header"))
        };
        let mut map = HeaderMap::new();
        for (name, value) in lines.iter().map(pair) {
            map.append(name, value);
        }
        map
    }

    fn check_retry(value: &str, seconds: Option<i64>) {
        let wait =
            retry_after(&headers(&[("retry-after", value)]), now()).map(|at| (at - now()).num_seconds());
        assert_eq!(wait, seconds, "{value}");
    }

    #[test]
    fn retry_after_is_read_as_seconds_or_date() {
        check_retry("120", Some(120));
        check_retry(" 120 ", Some(120));
        check_retry("Mon, 15 Jan 2018 07:07:40 GMT", Some(60));
        check_retry("Monday, 15-Jan-18 07:07:40 GMT", Some(60));
        check_retry("Mon Jan 15 07:07:40 2018", Some(60));
    }

    #[test]
    fn a_retry_after_that_says_nothing_names_no_time() {
        for value in ["0", "-5", "", "soon", "1.5", "Mon, 15 Jan 2018 07:00:00 GMT", "2018-01-16"] {
            check_retry(value, None);
        }
    }

    #[test]
    fn a_retry_after_without_end_ends() {
        let year = Some(LONGEST_WAIT.num_seconds());
        check_retry("99999999999999999999999", year);
        check_retry("9223372036854775807", year);
        check_retry("Fri, 31 Dec 9999 23:59:59 GMT", year);
    }

    fn check_fresh(lines: &[(&'static str, &str)], seconds: Option<i64>) {
        let fresh = fresh_for(&headers(lines), now()).map(|time| time.num_seconds());
        assert_eq!(fresh, seconds, "{lines:?}");
    }

    #[test]
    fn freshness_is_max_age_less_age() {
        check_fresh(&[("cache-control", "public, Max-Age=600")], Some(600));
        check_fresh(&[("cache-control", "max-age=600"), ("age", "540")], Some(60));
        check_fresh(&[("cache-control", "max-age=600"), ("age", "700")], None);
        check_fresh(&[("cache-control", "public"), ("cache-control", "max-age=\"60\"")], Some(60));
        check_fresh(
            &[("cache-control", "max-age=60"), ("expires", "Tue, 16 Jan 2018 07:06:40 GMT")],
            Some(60),
        );
    }

    #[test]
    fn or_expires() {
        check_fresh(&[("expires", "Mon, 15 Jan 2018 07:07:40 GMT")], Some(60));
        check_fresh(
            &[("expires", "Mon, 15 Jan 2018 07:07:40 GMT"), ("date", "Mon, 15 Jan 2018 07:07:30 GMT")],
            Some(10),
        );
        check_fresh(&[("expires", "0")], None);
    }

    #[test]
    fn and_never_longer_than_a_day() {
        check_fresh(&[("cache-control", "max-age=31536000")], Some(24 * 60 * 60));
        check_fresh(&[("cache-control", "max-age=99999999999999999999")], Some(24 * 60 * 60));
    }

    #[test]
    fn or_nothing_at_all() {
        check_fresh(&[], None);
        check_fresh(&[("cache-control", "no-cache, max-age=600")], None);
        check_fresh(&[("cache-control", "no-store"), ("expires", "Tue, 16 Jan 2018 07:06:40 GMT")], None);
        check_fresh(&[("cache-control", "max-age=0")], None);
        check_fresh(&[("cache-control", "max-age=-1, max-age=x")], None);
    }

    fn check_validators(etag: &str, sent_back: Option<&str>) {
        let kept = validators(&headers(&[("etag", etag)]));
        let sent = conditions(&kept);
        assert_eq!(sent.get("if-none-match").map(|value| value.to_str().expect("text")), sent_back, "{etag}");
    }

    #[test]
    fn validators_go_back_as_they_came() {
        for etag in ["\"abc\"", "W/\"abc\"", "abc", "\"a,b\", \"c\"", "\"\"", "\"tab\there\""] {
            check_validators(etag, Some(etag));
        }
    }

    #[test]
    fn a_validator_that_cannot_go_back_is_none() {
        check_validators("", None);
        check_validators("\"é\"", None);
        check_validators(&"x".repeat(60_000), None);
    }

    #[test]
    fn odd_stored_validators_are_not_sent() {
        let odd = Validators {
            etag: Some("a\r\nHost: b".to_owned()),
            last_modified: Some("creative date".to_owned()),
            of: None,
        };
        let sent = conditions(&odd);
        assert!(sent.get("if-none-match").is_none());
        assert_eq!(sent.get("if-modified-since").map(HeaderValue::as_bytes), Some(&b"creative date"[..]));
    }

    proptest! {
        #[test]
        fn no_header_value_panics(value in "[ -~]{0,60}") {
            let names = ["retry-after", "cache-control", "expires", "age", "date", "etag"];
            let map = headers(&names.map(|name| (name, value.as_str())));
            let until = retry_after(&map, now());
            prop_assert!(until.is_none_or(|at| at > now() && at <= now() + LONGEST_WAIT));
            prop_assert!(fresh_for(&map, now()).is_none_or(|time| time <= LONGEST_FRESHNESS));
            let _ = conditions(&validators(&map));
        }
    }
}
