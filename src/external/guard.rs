//! Which addresses may be connected to, decided where names become addresses.
//!
//! ureq asks its resolver before every connection, for redirects too, and connects only to what it gets. So nothing lies
//! between our look and the connection: a name cannot resolve to something else in between.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ureq::Error;
use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::NextTimeout;

/// A resolver that gives no address that may not be asked.
#[derive(Debug)]
pub(super) struct Guard {
    pub(super) allow_private: bool,
    pub(super) inner: DefaultResolver,
}

/// Why a name gave no address.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum NoAddress {
    /// All it resolves to is private.
    Private,
    /// Nothing has this name.
    NoSuchHost,
    /// The name could not be looked up.
    NoLookup,
}

impl fmt::Display for NoAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            NoAddress::Private => "it resolves to a private address",
            NoAddress::NoSuchHost => "there is no such host",
            NoAddress::NoLookup => "the name cannot be looked up",
        })
    }
}

impl std::error::Error for NoAddress {}

impl Resolver for Guard {
    fn resolve(
        &self,
        uri: &Uri,
        config: &Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, Error> {
        let found = self.inner.resolve(uri, config, timeout).map_err(|error| match error {
            Error::Io(cause) => Error::Other(Box::new(lookup_problem(&cause))),
            Error::HostNotFound => Error::Other(Box::new(NoAddress::NoSuchHost)),
            other => other,
        })?;
        let mut allowed = self.empty();
        for address in found.iter().filter(|it| may_be_asked(it.ip(), self.allow_private)) {
            allowed.push(*address);
        }
        match allowed.is_empty() {
            true => Err(Error::Other(Box::new(NoAddress::Private))),
            false => Ok(allowed),
        }
    }
}

/// Tells "no such name" from "cannot ask for names". The system's resolver says which only in words: EAI_AGAIN, a server
/// failure, and a machine without any network are "temporary".
fn lookup_problem(cause: &std::io::Error) -> NoAddress {
    let words = cause.to_string().to_ascii_lowercase();
    let is_final = ["not known", "nodename nor servname", "no address associated", "no such host"];
    match is_final.iter().any(|it| words.contains(it)) {
        true => NoAddress::NoSuchHost,
        false => NoAddress::NoLookup,
    }
}

/// Whether a machine may be asked. With `allow_private`, private networks and this machine may be, too.
pub(super) fn may_be_asked(ip: IpAddr, allow_private: bool) -> bool {
    match reach(ip) {
        Reach::Public => true,
        Reach::Private => allow_private,
        Reach::Never => false,
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reach {
    /// The internet.
    Public,
    /// This machine, and networks that are nobody else's.
    Private,
    /// What is no page's address in any network.
    Never,
}

fn reach(ip: IpAddr) -> Reach {
    match ip {
        IpAddr::V4(ip) => reach_v4(ip),
        IpAddr::V6(ip) => reach_v6(ip),
    }
}

/// IANA, "IPv4 Special-Purpose Address Space" (RFC 6890 and later): what is not globally reachable.
fn reach_v4(ip: Ipv4Addr) -> Reach {
    match ip.octets() {
        // This machine; private networks; networks of carriers.
        [127 | 10, ..] | [172, 16..=31, ..] | [192, 168, ..] | [100, 64..=127, ..] => Reach::Private,
        // "This network"; link-local; protocols, documentation and relays; benchmarks; more documentation.
        [0, ..] | [169, 254, ..] | [192, 0, 0 | 2, _] | [192, 88, 99, _] | [198, 18 | 19, ..] => Reach::Never,
        [198, 51, 100, _] | [203, 0, 113, _] => Reach::Never,
        // Multicast, reserved, broadcast.
        [224..=255, ..] => Reach::Never,
        _ => Reach::Public,
    }
}

/// IANA, "IPv6 Special-Purpose Address Space". Addresses that stand for one of version 4 are judged as that one.
fn reach_v6(ip: Ipv6Addr) -> Reach {
    let segments = ip.segments();
    let embedded = |high: u16, low: u16| {
        let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
        reach_v4(Ipv4Addr::new(a, b, c, d))
    };
    match segments {
        [0, 0, 0, 0, 0, 0, 0, 1] => Reach::Private,
        [0, 0, 0, 0, 0, 0, 0, 0] => Reach::Never,
        // Mapped, and the forms that were there before; translated (NAT64); 6to4.
        [0, 0, 0, 0, 0, 0 | 0xffff, high, low]
        | [0x64, 0xff9b, 0, 0, 0, 0, high, low]
        | [0x2002, high, low, ..] => embedded(high, low),
        // Local networks, also those that are no longer made.
        [0xfc00..=0xfdff | 0xfec0..=0xfeff, ..] => Reach::Private,
        // Only 2000::/3 is in use for hosts of the internet; documentation, and Teredo, are not.
        [0x2001, 0 | 0xdb8, ..] | [0x3fff, 0..=0xfff, ..] => Reach::Never,
        [0x2000..=0x3fff, ..] => Reach::Public,
        _ => Reach::Never,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(reached: Reach, addresses: &[&str]) {
        for written in addresses {
            assert_eq!(reach(written.parse().unwrap()), reached, "{written}");
        }
    }

    #[test]
    fn only_the_internet_is_public() {
        check(Reach::Public, &["93.184.215.14", "1.1.1.1", "172.32.0.1", "100.128.0.1", "2606:2800:21f::1"]);
        check(Reach::Public, &["::ffff:1.1.1.1", "64:ff9b::101:101", "2002:101:101::"]);
    }

    #[test]
    fn private_networks_and_this_machine_are_private_in_every_spelling() {
        check(
            Reach::Private,
            &["127.0.0.1", "127.9.9.9", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1"],
        );
        check(Reach::Private, &["100.64.0.1", "::1", "fc00::1", "fdff::1", "fec0::1"]);
        check(Reach::Private, &["::ffff:127.0.0.1", "::127.0.0.1", "64:ff9b::a00:1", "2002:c0a8:101::1"]);
    }

    #[test]
    fn some_addresses_are_never_asked() {
        check(
            Reach::Never,
            &["0.0.0.0", "0.1.2.3", "169.254.169.254", "192.0.2.1", "198.18.0.1", "198.51.100.1"],
        );
        check(Reach::Never, &["203.0.113.1", "224.0.0.1", "255.255.255.255", "::", "fe80::1", "ff02::1"]);
        check(
            Reach::Never,
            &["2001:db8::1", "100::1", "::ffff:169.254.169.254", "64:ff9b::a9fe:a9fe", "2001::1"],
        );
        assert!(!may_be_asked("169.254.169.254".parse().unwrap(), true));
        assert!(may_be_asked("10.0.0.1".parse().unwrap(), true));
        assert!(!may_be_asked("10.0.0.1".parse().unwrap(), false));
    }

    #[test]
    fn a_name_that_nobody_has_is_told_from_a_machine_without_network() {
        let said = |words: &str| lookup_problem(&std::io::Error::other(words.to_owned()));
        assert_eq!(
            said("failed to lookup address information: Name or service not known"),
            NoAddress::NoSuchHost
        );
        assert_eq!(said("…: nodename nor servname provided, or not known"), NoAddress::NoSuchHost);
        assert_eq!(said("…: Temporary failure in name resolution"), NoAddress::NoLookup);
    }
}
