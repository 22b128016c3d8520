//! Rules tried on entries, before they go live and afterwards: what they get right, and what a change would do.

pub mod backtest;
pub mod labelled;
pub mod lint;
pub mod score;
pub mod suggest;
