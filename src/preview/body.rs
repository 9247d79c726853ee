//! Bodies of answers: bytes that are there, or a stream of events.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};

use hyper::body::{Body as HttpBody, Bytes, Frame, SizeHint};
use tokio::sync::mpsc;

use super::connections::Busy;

/// The body of an answer. While it lives, its connection counts as busy.
pub(super) struct Body {
    content: Content,
    /// Held, not read.
    pub(super) busy: Option<Busy>,
}

enum Content {
    Bytes(Bytes),
    Events(mpsc::Receiver<Bytes>),
}

impl Body {
    /// Bytes that are there.
    pub(super) fn bytes(bytes: impl Into<Bytes>) -> Body {
        Body { content: Content::Bytes(bytes.into()), busy: None }
    }

    /// What comes through a channel, until it is closed.
    pub(super) fn events(events: mpsc::Receiver<Bytes>) -> Body {
        Body { content: Content::Events(events), busy: None }
    }

    /// How many bytes, when that is known.
    pub(super) fn len(&self) -> Option<usize> {
        match &self.content {
            Content::Bytes(bytes) => Some(bytes.len()),
            Content::Events(_) => None,
        }
    }
}

impl HttpBody for Body {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        match &mut self.content {
            Content::Bytes(bytes) if bytes.is_empty() => Poll::Ready(None),
            Content::Bytes(bytes) => Poll::Ready(Some(Ok(Frame::data(std::mem::take(bytes))))),
            Content::Events(events) => events.poll_recv(context).map(|it| it.map(|it| Ok(Frame::data(it)))),
        }
    }

    fn is_end_stream(&self) -> bool {
        matches!(&self.content, Content::Bytes(bytes) if bytes.is_empty())
    }

    fn size_hint(&self) -> SizeHint {
        self.len().map_or_else(SizeHint::default, |n| SizeHint::with_exact(n as u64))
    }
}
