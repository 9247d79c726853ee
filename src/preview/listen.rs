//! Which addresses and port the preview listens on.

use std::io::{self, Error, ErrorKind};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, TcpListener};

use crate::diag::{Exit, Failure};

/// Where to listen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Listen {
    /// The port that was asked for; with none, the first free one from 4321 on. 0 takes any free port.
    pub port: Option<u16>,
    /// An address besides 127.0.0.1 and ::1.
    pub address: Option<IpAddr>,
}

/// The port that is tried first.
const FIRST: u16 = 4321;

/// How many ports are tried.
const TRIED: u16 = 20;

/// Listeners on one port.
#[derive(Debug)]
pub(super) struct Bound {
    pub(super) listeners: Vec<TcpListener>,
    pub(super) port: u16,
    /// Whether the first choice was taken.
    pub(super) moved: bool,
}

/// Listens on both loopback addresses, as browsers may take either for `localhost`, and on the address asked for.
///
/// # Errors
/// When the port that was asked for is taken or not allowed, or none of those tried is free.
pub(super) fn bind(listen: Listen) -> Result<Bound, Failure> {
    let addresses = addresses(listen.address);
    if let Some(port) = listen.port {
        let bound = on_port(&addresses, port).map_err(|error| cannot(&error, port))?;
        return Ok(bound);
    }
    for port in FIRST..FIRST + TRIED {
        match on_port(&addresses, port) {
            Ok(bound) => return Ok(Bound { moved: port != FIRST, ..bound }),
            Err(error) if error.kind() == ErrorKind::AddrInUse => (),
            Err(error) => return Err(cannot(&error, port)),
        }
    }
    let message = format!("the ports {FIRST} to {} are all taken", FIRST + TRIED - 1);
    Err(Failure::new(Exit::Machine, message).help("`--port` names another one"))
}

fn addresses(asked: Option<IpAddr>) -> Vec<IpAddr> {
    let loopback = [IpAddr::V4(Ipv4Addr::LOCALHOST), IpAddr::V6(Ipv6Addr::LOCALHOST)];
    match asked {
        // It holds the loopback address of its kind already.
        Some(address) if address.is_unspecified() => vec![address],
        Some(address) if !address.is_loopback() => [address].into_iter().chain(loopback).collect(),
        Some(_) | None => loopback.to_vec(),
    }
}

fn on_port(addresses: &[IpAddr], port: u16) -> io::Result<Bound> {
    // A port that is free on one address may be taken on the next; any other will do then.
    let attempts = if port == 0 { 10 } else { 1 };
    let mut last = Err(Error::from(ErrorKind::AddrInUse));
    for _ in 0..attempts {
        last = all_on(addresses, port);
        if !matches!(&last, Err(error) if error.kind() == ErrorKind::AddrInUse) {
            break;
        }
    }
    last
}

fn all_on(addresses: &[IpAddr], mut port: u16) -> io::Result<Bound> {
    let mut listeners = Vec::new();
    for address in addresses {
        match TcpListener::bind((*address, port)) {
            Ok(listener) => {
                port = listener.local_addr()?.port();
                listener.set_nonblocking(true)?;
                listeners.push(listener);
            }
            // A machine without IPv6. The first address has to be there.
            Err(error) if !listeners.is_empty() && address.is_loopback() && is_no_such_family(&error) => (),
            Err(error) => return Err(error),
        }
    }
    Ok(Bound { listeners, port, moved: false })
}

fn is_no_such_family(error: &Error) -> bool {
    error.kind() == ErrorKind::AddrNotAvailable || error.kind() == ErrorKind::Unsupported
        // EAFNOSUPPORT on Linux and macOS; std has no name for it.
        || matches!(error.raw_os_error(), Some(97 | 47))
}

fn cannot(error: &Error, port: u16) -> Failure {
    let help = match error.kind() {
        ErrorKind::AddrInUse => "another program listens there; without `--port` a free one is taken",
        ErrorKind::PermissionDenied => "ports below 1024 belong to the system; take a larger one",
        _ => "`--host` takes an address of this machine",
    };
    Failure::machine(format!("cannot listen on port {port}"), error).help(help)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_taken_port_is_passed_over_unless_it_was_asked_for() {
        let first = bind(Listen { port: Some(0), address: None }).unwrap();
        let failure = bind(Listen { port: Some(first.port), address: None }).unwrap_err();
        assert_eq!(failure.exit, Exit::Machine);
        assert!(failure.help.contains("without `--port`"), "{failure:?}");
        let _held = TcpListener::bind((Ipv4Addr::LOCALHOST, FIRST));
        let bound = bind(Listen::default()).unwrap();
        assert!(bound.moved && bound.port > FIRST);
    }
}
