//! Which addresses we may ask: public ones, and those that staff opened by hand.

use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::sync::Arc;

use http_acl::HttpAcl;
use ipnet::IpNet;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use url::{Host, Url};

use super::{FailureKind, FetchError};
use crate::config::Allowed;

/// What the table of `http-acl` lets through although nobody's feed lives there. That table knows everything else
/// that IANA calls special, and every way of writing an IPv4 address inside an IPv6 one.
const NOT_PUBLIC: [&str; 4] = [
    "168.63.129.16/32", // the metadata service of a large hosting company, on an address that looks public
    "192.88.99.0/24",   // relays from IPv6 to IPv4, given up
    "224.0.0.0/4",      // multicast
    "3fff::/20",        // documentation
];

/// Decides about addresses. Names are decided by what they resolve to.
#[derive(Debug)]
pub(super) struct Guard {
    public: HttpAcl,
    allow: Vec<Allowed>,
}

/// Resolves names to addresses that the guard admits, so that the checked address is the dialled address: nothing
/// can change between the two.
#[derive(Debug, Clone)]
pub(super) struct Resolver {
    guard: Arc<Guard>,
    /// The port that all connections of this resolver's client have; `None`: one that no rule names.
    port: Option<u16>,
}

impl Guard {
    pub(super) fn new(allow: &[Allowed]) -> Self {
        let nothing_denied = HttpAcl::builder().ip_acl_default(true);
        let public = NOT_PUBLIC.iter().fold(nothing_denied, |acl, block| {
            let block: IpNet = block.parse().expect("the table above holds blocks");
            acl.add_denied_ip_range(block).expect("the blocks above do not overlap")
        });
        Self { public: public.build(), allow: allow.to_vec() }
    }

    /// The ports that rules name: each gets a client of its own, since a resolver is not told the port.
    pub(super) fn ports(&self) -> BTreeSet<u16> {
        self.allow.iter().filter_map(|rule| rule.port).collect()
    }

    /// The host of a URL that may be asked as far as the URL itself tells: `http` or `https`, and no forbidden address
    /// written out. The URL parser has already turned octal, hexadecimal, short and full-width forms into plain ones.
    pub(super) fn check<'a>(&self, url: &'a Url) -> Result<&'a str, FetchError> {
        if !matches!(url.scheme(), "http" | "https") {
            return Err(blocked(format!("we read http and https addresses only, not {}:", url.scheme())));
        }
        let literal = match url.host() {
            Some(Host::Ipv4(at)) => Some(IpAddr::V4(at)),
            Some(Host::Ipv6(at)) => Some(IpAddr::V6(at)),
            Some(Host::Domain(_)) | None => None,
        };
        if let Some(at) = literal.filter(|at| !self.admits(*at, url.port_or_known_default())) {
            return Err(not_public(&at.to_string()));
        }
        url.host_str().ok_or_else(|| blocked("the address names no site".to_owned()))
    }

    /// Is it an address of our own network, which staff opened by hand?
    pub(super) fn is_own(&self, url: &Url) -> bool {
        let literal = match url.host() {
            Some(Host::Ipv4(at)) => IpAddr::V4(at),
            Some(Host::Ipv6(at)) => IpAddr::V6(at),
            Some(Host::Domain(_)) | None => return false,
        };
        self.is_opened(literal, url.port_or_known_default())
    }

    fn admits(&self, at: IpAddr, port: Option<u16>) -> bool {
        self.is_public(at) || self.is_opened(at, port)
    }

    fn is_public(&self, at: IpAddr) -> bool {
        let in_use = match at {
            IpAddr::V4(_) => true,
            IpAddr::V6(at) => is_global_unicast(at),
        };
        in_use && self.public.is_ip_allowed(&at).is_allowed()
    }

    fn is_opened(&self, at: IpAddr, port: Option<u16>) -> bool {
        self.allow.iter().any(|rule| rule.net.contains(&at) && (rule.port.is_none() || rule.port == port))
    }
}

/// The only block that IANA has given out for public use (RFC 4291).
fn is_global_unicast(at: Ipv6Addr) -> bool {
    at.octets().first().is_some_and(|first| first & 0b1110_0000 == 0b0010_0000)
}

impl Resolver {
    pub(super) fn new(guard: Arc<Guard>, port: Option<u16>) -> Self {
        Self { guard, port }
    }
}

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let (guard, port) = (Arc::clone(&self.guard), self.port);
        Box::pin(async move {
            // Port 0 is replaced by the URL's.
            let found: Vec<SocketAddr> = tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            let admitted: Vec<SocketAddr> =
                found.iter().copied().filter(|at| guard.admits(at.ip(), port)).collect();
            match found.first() {
                Some(at) if admitted.is_empty() => {
                    Err(not_public(&format!("{} is {}, which", name.as_str(), at.ip())).into())
                }
                _ => Ok(Box::new(admitted.into_iter()) as Addrs),
            }
        })
    }
}

fn not_public(what: &str) -> FetchError {
    blocked(format!("{what} is not a public address: if it is one of yours, add it to [fetch] allow"))
}

fn blocked(message: String) -> FetchError {
    super::failure::failed(FailureKind::Blocked, message)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn guard(allow: &[&str]) -> Guard {
        let rule = |text: &&str| match text.parse::<SocketAddr>() {
            Ok(at) => Allowed { net: at.ip().into(), port: Some(at.port()) },
            Err(_) => Allowed { net: text.parse().expect("a block of addresses"), port: None },
        };
        Guard::new(&allow.iter().map(rule).collect::<Vec<_>>())
    }

    fn check(allow: &[&str], url: &str, may: bool) {
        let url = Url::parse(url).expect("an URL");
        assert_eq!(guard(allow).check(&url).is_ok(), may, "{url} with {allow:?}");
    }

    #[test]
    fn public_addresses_may_be_asked() {
        for at in ["8.8.8.8", "104.16.0.1", "193.0.6.139", "[2606:4700::1111]", "[2001:67c:2e8::9]"] {
            check(&[], &format!("https://{at}/feed"), true);
        }
    }

    #[test]
    fn names_are_decided_by_what_they_resolve_to() {
        check(&[], "http://localhost/", true);
    }

    #[test]
    fn addresses_that_are_not_public_may_not_be_asked() {
        let special_ipv4 = [
            "0.0.0.0",
            "0.1.2.3",
            "10.0.0.1",
            "10.255.255.255",
            "100.64.0.1",
            "100.100.100.200",
            "127.0.0.1",
            "127.255.255.254",
            "168.63.129.16",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.192",
            "192.0.2.1",
            "192.88.99.1",
            "192.168.0.1",
            "198.18.0.1",
            "198.19.255.255",
            "198.51.100.1",
            "203.0.113.1",
            "224.0.0.1",
            "239.255.255.255",
            "240.0.0.1",
            "255.255.255.255",
        ];
        for at in special_ipv4 {
            check(&[], &format!("http://{at}/"), false);
        }
    }

    #[test]
    fn nor_may_their_like_in_ipv6() {
        let special_ipv6 = [
            "::",
            "::1",
            "fe80::1",
            "fec0::1",
            "fc00::1",
            "fd00:ec2::254",
            "ff02::1",
            "100::1",
            "2001:db8::1",
            "3fff::1",
            "5f00::1",
            "4000::1",
            "e000::1",
        ];
        for at in special_ipv6 {
            check(&[], &format!("http://[{at}]/"), false);
        }
    }

    #[test]
    fn nor_an_ipv4_address_inside_an_ipv6_address() {
        let embedded = [
            "::ffff:127.0.0.1",
            "::ffff:8.8.8.8",
            "::127.0.0.1",
            "::ffff:0:127.0.0.1",
            "64:ff9b::7f00:1",
            "64:ff9b:1::7f00:1",
            "2002:7f00:1::",
            "2001:0:4136:e378:8000:63bf:80ff:fffe",
        ];
        for at in embedded {
            check(&[], &format!("http://[{at}]/"), false);
        }
    }

    #[test]
    fn however_it_is_written() {
        for at in [
            "2130706433",
            "0x7f000001",
            "0x7f.1",
            "0177.0.0.1",
            "127.1",
            "127.0.0.1.",
            "%31%32%37.1",
            "①27.0.0.1",
        ] {
            check(&[], &format!("http://{at}/"), false);
        }
    }

    #[test]
    fn only_http_and_https_are_asked() {
        for url in
            ["file:///etc/passwd", "ftp://8.8.8.8/", "gopher://8.8.8.8/", "data:text/plain,x", "unix:/run/x"]
        {
            check(&[], url, false);
        }
    }

    #[test]
    fn what_staff_open_is_open_and_nothing_beside_it() {
        check(&["127.1.0.0/16"], "http://127.1.2.3:8080/", true);
        check(&["127.1.0.0/16"], "http://127.2.0.1/", false);
        check(&["10.0.0.7/32"], "http://10.0.0.7/", true);
        check(&["10.0.0.7/32"], "http://10.0.0.8/", false);
        check(&["127.0.0.1:8080"], "http://127.0.0.1:8080/", true);
        check(&["127.0.0.1:8080"], "http://127.0.0.1:8081/", false);
        check(&["127.0.0.1:8080"], "http://127.0.0.1/", false);
        check(&["127.0.0.1:80"], "http://127.0.0.1/", true);
        check(&["127.0.0.1:443"], "https://127.0.0.1/", true);
        check(&["[::1]:80"], "http://[::1]/", true);
        check(&["127.0.0.1:80"], "http://[::ffff:127.0.0.1]/", false);
    }

    #[tokio::test]
    async fn a_name_gives_only_addresses_that_may_be_asked() {
        let resolve = async |allow: &[&str], port| {
            let resolver = Resolver::new(Arc::new(guard(allow)), port);
            let found = resolver.resolve("localhost".parse().expect("a name")).await;
            found.map(|all| all.map(|at| at.ip()).collect::<Vec<_>>()).map_err(|error| error.to_string())
        };
        let only_v4 = Ok(vec![IpAddr::from([127, 0, 0, 1])]);
        assert!(resolve(&[], None).await.is_err_and(|message| message.contains("not a public address")));
        assert_eq!(resolve(&["127.0.0.0/8"], None).await, only_v4);
        assert_eq!(resolve(&["127.0.0.1:8080"], Some(8080)).await, only_v4);
        assert!(resolve(&["127.0.0.1:8080"], None).await.is_err());
        assert!(resolve(&["127.0.0.1:8080", "127.0.0.2:80"], Some(80)).await.is_err());
    }

    proptest! {
        #[test]
        fn an_ipv4_address_is_never_reached_through_ipv6(at: u32, form in 0..6_usize) {
            let (high, low) = ((at >> 16) as u16, (at & 0xffff) as u16);
            let forms = [
                Ipv6Addr::new(0, 0, 0, 0, 0, 0xffff, high, low),
                Ipv6Addr::new(0, 0, 0, 0, 0, 0, high, low),
                Ipv6Addr::new(0, 0, 0, 0, 0xffff, 0, high, low),
                Ipv6Addr::new(0x64, 0xff9b, 0, 0, 0, 0, high, low),
                Ipv6Addr::new(0x2002, high, low, 0, 0, 0, 0, 1),
                Ipv6Addr::new(0x2001, 0, high, low, 0, 0, !high, !low),
            ];
            prop_assert!(!guard(&[]).admits(forms[form].into(), Some(80)));
        }

        #[test]
        fn no_host_text_panics(host in "\\PC{0,40}") {
            if let Ok(url) = Url::parse(&format!("http://{host}/")) {
                let _ = guard(&[]).check(&url);
            }
        }
    }
}
