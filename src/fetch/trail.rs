//! The way of one request through redirects.

use reqwest::StatusCode;
use reqwest::header::{HeaderMap, LOCATION};
use url::Url;

use super::{FailureKind, FetchError};

/// More than this is a mistake of the site. A move usually takes one hop, or two with `https`.
const MOST_HOPS: usize = 5;

/// Where we came from, and where we are.
#[derive(Debug)]
pub(super) struct Trail {
    here: Url,
    passed: Vec<Url>,
    /// Every hop was a move for good.
    moved: bool,
}

impl Trail {
    pub(super) fn new(start: &Url) -> Self {
        let mut here = start.clone();
        here.set_fragment(None);
        Self { here, passed: Vec::new(), moved: true }
    }

    pub(super) fn here(&self) -> &Url {
        &self.here
    }

    /// Goes where a redirect points to. Nothing is asked yet: the next address has still to pass the guard.
    pub(super) fn follow(&mut self, status: StatusCode, headers: &HeaderMap) -> Result<(), FetchError> {
        let next = target(&self.here, status, headers)?;
        let is_permanent = matches!(status.as_u16(), 301 | 308);
        let is_downgrade = self.here.scheme() == "https" && next.scheme() == "http";
        self.moved &= is_permanent && !is_downgrade;
        let last = std::mem::replace(&mut self.here, next);
        self.passed.push(last);
        if self.passed.contains(&self.here) {
            return Err(failed(format!("redirects in a circle, by {}", self.host())));
        }
        if self.passed.len() > MOST_HOPS {
            return Err(failed(format!("redirects more than {MOST_HOPS} times, last to {}", self.host())));
        }
        Ok(())
    }

    /// Where the source lives now, when every hop there was a move for good.
    pub(super) fn moved_to(&self) -> Option<Url> {
        (self.moved && !self.passed.is_empty()).then(|| self.public_address())
    }

    /// Where we are, without a password that feeds.toml may have in it: this is stored and shown.
    pub(super) fn public_address(&self) -> Url {
        let mut url = self.here.clone();
        drop_credentials(&mut url);
        url
    }

    fn host(&self) -> &str {
        self.here.host_str().unwrap_or("an address without a site")
    }
}

fn target(here: &Url, status: StatusCode, headers: &HeaderMap) -> Result<Url, FetchError> {
    let status = status.as_u16();
    let location = headers.get(LOCATION).map_or(&b""[..], |value| value.as_bytes());
    if location.is_empty() {
        return Err(failed(format!("redirects ({status}) without saying where to")));
    }
    let text = std::str::from_utf8(location).ok();
    let mut next = text
        .and_then(|text| here.join(text).ok())
        .ok_or_else(|| failed(format!("redirects ({status}) to something that is no address")))?;
    next.set_fragment(None);
    // A password is for the site that it was set for; and none is taken from a site.
    drop_credentials(&mut next);
    if next.origin() == here.origin() {
        copy_credentials(here, &mut next);
    }
    Ok(next)
}

/// Setting them fails only for an URL that has no host, which has no credentials either.
fn drop_credentials(url: &mut Url) {
    let _ = url.set_username("");
    let _ = url.set_password(None);
}

fn copy_credentials(from: &Url, to: &mut Url) {
    let _ = to.set_username(from.username());
    let _ = to.set_password(from.password());
}

fn failed(message: String) -> FetchError {
    super::failure::failed(FailureKind::Redirect, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Follows the hops and says where they lead, or why they don't.
    fn walk(start: &str, hops: &[(u16, &str)]) -> Result<Trail, String> {
        let mut trail = Trail::new(&Url::parse(start).expect("an URL"));
        for (status, location) in hops {
            let headers = HeaderMap::from_iter([(LOCATION, location.parse().expect("a header"))]);
            let status = StatusCode::from_u16(*status).expect("a status");
            trail.follow(status, &headers).map_err(|error| error.to_string())?;
        }
        Ok(trail)
    }

    fn check(start: &str, hops: &[(u16, &str)], end: &str, moved: bool) {
        let trail = walk(start, hops).expect("a way");
        assert_eq!(trail.here().as_str(), end);
        assert_eq!(trail.moved_to().is_some(), moved, "{start} {hops:?}");
    }

    fn check_fails(start: &str, hops: &[(u16, &str)], message: &str) {
        let error = walk(start, hops).expect_err("no way");
        assert!(error.contains(message), "{error}");
    }

    #[test]
    fn a_move_for_good_is_remembered() {
        check("http://a.example/x", &[(301, "https://a.example/x")], "https://a.example/x", true);
        check("http://a.example/x", &[(308, "/y"), (301, "//b.example/z")], "http://b.example/z", true);
    }

    #[test]
    fn one_for_now_is_not() {
        for status in [302, 303, 307] {
            check("http://a.example/", &[(status, "/y")], "http://a.example/y", false);
        }
        check("http://a.example/", &[(301, "/y"), (302, "/z")], "http://a.example/z", false);
        check("http://a.example/", &[(302, "/y"), (301, "/z")], "http://a.example/z", false);
    }

    #[test]
    fn nor_one_from_https_to_http() {
        check("https://a.example/", &[(301, "http://a.example/y")], "http://a.example/y", false);
        check(
            "https://a.example/",
            &[(301, "http://b.example/"), (301, "https://b.example/")],
            "https://b.example/",
            false,
        );
    }

    #[test]
    fn nor_no_move_at_all() {
        check("http://a.example/x#part", &[], "http://a.example/x", false);
    }

    #[test]
    fn a_circle_is_left() {
        check_fails("http://a.example/", &[(301, "http://a.example/#x")], "circle");
        check_fails("http://a.example/", &[(302, "/b"), (302, "/c"), (302, "/b")], "circle, by a.example");
    }

    #[test]
    fn five_hops_are_followed_and_not_six() {
        let hops = [(302, "/1"), (302, "/2"), (302, "/3"), (302, "/4"), (302, "/5"), (302, "/6")];
        check("http://a.example/", &hops[..5], "http://a.example/5", false);
        check_fails("http://a.example/", &hops, "more than 5 times");
    }

    #[test]
    fn a_redirect_to_nowhere_fails() {
        check_fails("http://a.example/", &[(301, "")], "(301) without saying where to");
        check_fails("http://a.example/", &[(302, "http://")], "no address");
        check_fails("http://a.example/", &[(302, "http://[::1")], "no address");
    }

    #[test]
    fn a_password_stays_with_its_site_and_is_not_shown() {
        check("http://u:p@a.example/", &[(302, "/y")], "http://u:p@a.example/y", false);
        check("http://u:p@a.example/", &[(302, "http://a.example/y")], "http://u:p@a.example/y", false);
        check("http://u:p@a.example/", &[(302, "http://b.example/")], "http://b.example/", false);
        check("http://u:p@a.example/", &[(302, "https://a.example/")], "https://a.example/", false);
        check("http://a.example/", &[(302, "http://u:p@b.example/")], "http://b.example/", false);
        let trail = walk("http://u:p@a.example/", &[(301, "/y")]).expect("a way");
        assert_eq!(trail.moved_to().map(String::from).as_deref(), Some("http://a.example/y"));
    }
}
