//! How many connections there are, and which one has to go when there are too many.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::Notify;

/// All open connections, oldest first. At the limit a new one takes the place of the oldest that asks for nothing, so that
/// clients that only hold connections cannot keep others out.
pub(super) struct Connections {
    most: usize,
    open: Mutex<(u64, BTreeMap<u64, Arc<Connection>>)>,
}

/// One open connection.
#[derive(Default)]
pub(super) struct Connection {
    is_busy: AtomicBool,
    /// Told when it has to end.
    pub(super) end: Notify,
}

/// A connection's place among the others; given back when dropped.
pub(super) struct Seat {
    all: Arc<Connections>,
    number: u64,
    /// The connection itself.
    pub(super) connection: Arc<Connection>,
}

/// A connection is being answered for as long as this lives.
pub(super) struct Busy(Arc<Connection>);

impl Connections {
    /// With room for `most`.
    pub(super) fn new(most: usize) -> Arc<Connections> {
        Arc::new(Connections { most, open: Mutex::default() })
    }

    /// Seats one more; `None` when every seat is taken by somebody who is being answered.
    pub(super) fn seat(self: &Arc<Connections>) -> Option<Seat> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let (next, seats) = &mut *open;
        if seats.len() >= self.most {
            let (number, idle) = seats.iter().find(|(_, it)| !it.is_busy.load(Ordering::Relaxed))?;
            idle.end.notify_one();
            let number = *number;
            seats.remove(&number);
        }
        let (number, connection) = (*next, Arc::<Connection>::default());
        *next += 1;
        seats.insert(number, Arc::clone(&connection));
        Some(Seat { all: Arc::clone(self), number, connection })
    }
}

impl Connection {
    /// Marks it as being answered.
    pub(super) fn busy(self: &Arc<Connection>) -> Busy {
        self.is_busy.store(true, Ordering::Relaxed);
        Busy(Arc::clone(self))
    }
}

impl Drop for Busy {
    fn drop(&mut self) {
        self.0.is_busy.store(false, Ordering::Relaxed);
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.all.open.lock().unwrap_or_else(PoisonError::into_inner).1.remove(&self.number);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_idle_connection_makes_room() {
        let all = Connections::new(2);
        let first = all.seat().unwrap();
        let second = all.seat().unwrap();
        let busy = first.connection.busy();
        let _third = all.seat().expect("the second is idle");
        assert!(all.open.lock().unwrap().1.keys().copied().eq([0, 2]), "the second is gone");
        drop(second);
        let _busy_too = _third.connection.busy();
        assert!(all.seat().is_none(), "everybody is being answered");
        drop(busy);
        assert!(all.seat().is_some());
    }
}
