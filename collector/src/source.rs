//! Who asks, as far as limits go: the address a request comes from. Keeps nothing and logs nothing of it.

use std::net::{IpAddr, Ipv6Addr};

use axum::http::HeaderMap;

/// One address; of IPv6 the network (/64), which is what one customer gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Source(IpAddr);

impl Source {
    /// The source behind an address.
    #[must_use]
    pub fn of(address: IpAddr) -> Self {
        match address.to_canonical() {
            IpAddr::V6(address) => {
                let network = u128::from(address) >> 64 << 64;
                Self(IpAddr::V6(Ipv6Addr::from(network)))
            }
            address => Self(address),
        }
    }
}

/// The source of a request. A proxy that was named at the start is believed about whom it forwards for: the last
/// address in `X-Forwarded-For` that is no such proxy itself. Anybody else's header is words.
#[must_use]
pub fn of(peer: IpAddr, headers: &HeaderMap, proxies: &[IpAddr]) -> Source {
    let is_proxy = |address: &IpAddr| proxies.contains(&address.to_canonical());
    if !is_proxy(&peer) {
        return Source::of(peer);
    }
    let forwarded = headers.get_all("x-forwarded-for").iter().filter_map(|value| value.to_str().ok());
    let named: Vec<IpAddr> =
        forwarded.flat_map(|list| list.split(',')).map_while(|text| text.trim().parse().ok()).collect();
    Source::of(named.into_iter().rev().find(|address| !is_proxy(address)).unwrap_or(peer))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn one_customer_is_one_source() {
        let same = |a, b| Source::of(address(a)) == Source::of(address(b));
        assert!(same("2001:db8:1:2::1", "2001:db8:1:2:ffff::9"));
        assert!(!same("2001:db8:1:2::1", "2001:db8:1:3::1"));
        assert!(same("::ffff:192.0.2.7", "192.0.2.7"));
        assert!(!same("192.0.2.7", "192.0.2.8"));
    }

    #[test]
    fn only_a_named_proxy_is_believed() {
        let proxies = [address("10.0.0.1"), address("10.0.0.2")];
        let from = |peer, lines: &[&str]| {
            let mut headers = HeaderMap::new();
            lines.iter().for_each(|line| {
                headers.append("x-forwarded-for", line.parse().unwrap());
            });
            of(address(peer), &headers, &proxies)
        };
        assert_eq!(from("192.0.2.7", &["192.0.2.8"]), Source::of(address("192.0.2.7")));
        // What stands further left the visitor may have written.
        assert_eq!(from("10.0.0.1", &["6.6.6.6, 192.0.2.8"]), Source::of(address("192.0.2.8")));
        assert_eq!(
            from("::ffff:10.0.0.1", &["6.6.6.6", "192.0.2.8, 10.0.0.2"]),
            Source::of(address("192.0.2.8"))
        );
        assert_eq!(from("10.0.0.1", &[]), Source::of(address("10.0.0.1")));
        assert_eq!(from("10.0.0.1", &["unknown"]), Source::of(address("10.0.0.1")));
    }
}
