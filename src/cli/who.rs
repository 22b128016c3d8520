//! Who it is that types.

use anyhow::Context as _;

use crate::model::text::one_line;

/// The name given, else that of who is logged in.
#[expect(clippy::disallowed_methods, reason = "who types the command is known to the environment alone")]
pub(super) fn person(given: Option<&str>) -> anyhow::Result<String> {
    let logged_in = || ["USER", "LOGNAME", "USERNAME"].iter().find_map(|name| std::env::var(name).ok());
    let name = given.map(str::to_owned).or_else(logged_in).map(|name| one_line(&name));
    name.filter(|name| !name.is_empty()).context("who decides it? say so with --by NAME")
}
