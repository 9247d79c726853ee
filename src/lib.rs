//! Rejoinder: a static site generator for reaction explainers.
//!
//! # Architecture on one screen
//!
//! Files come in ([`input::Input`]), each is understood alone ([`document::Document`], which yields
//! [`model::Facts`]), all facts are linked ([`graph::Graph`]), the graph says which addresses there will be
//! ([`plan::Plan`] of [`plan::Route`]s), each route is rendered through a theme while its reads are recorded
//! ([`graph::Lens`] → [`edition::Rendered`]), and the result is one complete output ([`edition::Edition`]).
//! Everything that happens to the world is an application of an edition or of the difference between two.
//!
//! The modules stand in layer order: each imports only from those above it.
//! `docs/architecture.md` is the map with reasons.

pub mod text;

pub mod quote;

pub mod diag;

pub mod extract;

pub mod image;

pub mod model;

pub mod input;

pub mod document;

pub mod graph;

pub mod verify;

pub mod links;

pub mod plan;

pub mod edition;

pub mod picture;

pub mod card;

pub mod theme;

pub mod view;

pub mod format;

pub mod check;

pub mod engine;

pub mod delivery;

pub mod publish;

#[cfg(feature = "external")]
pub mod external;

#[cfg(feature = "search")]
pub mod search;

#[cfg(feature = "precompress")]
pub mod compress;

#[cfg(feature = "serve")]
pub mod preview;

pub mod cli;
