//! WebSub (W3C Recommendation), the side that subscribes: what sources offer, how subscriptions stand, whom to believe.
//!
//! A push is only ever a hint: what it says is thrown away, and the source is asked itself. So the worst that a forged
//! one could do is to make us ask once a minute.

pub mod discovery;
pub mod hint;
pub mod plan;
pub mod request;
pub mod signature;
pub mod subscription;
