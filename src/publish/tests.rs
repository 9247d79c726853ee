//! Publishing against a store in memory that fails as it is told, read by readers all the while.

mod faults;
mod looks;
mod model;
mod plans;
mod races;
mod records;
mod restore;
