//! How much a group of links looks like a list of news, at a quick look.

use std::collections::HashSet;

use super::groups::Group;
use super::outline::Outline;
use super::{dates, fields, shape, words};

/// More entries than this make a list no likelier.
const ENOUGH: usize = 20;

/// 0 for what is none.
pub(super) fn of(outline: &Outline, group: &Group) -> usize {
    let count = group.members.len();
    let titles: Vec<String> = group.members.iter().map(|member| fields::headline(outline, *member)).collect();
    let headlines = titles.iter().filter(|title| words::is_headline(title)).count();
    let distinct = titles.iter().collect::<HashSet<_>>().len();
    let share = |number: usize| (number * 100).checked_div(count).unwrap_or_default();
    if share(headlines) < 50 || share(distinct) < 60 {
        return 0;
    }
    let dated = group.members.iter().filter(|member| dates::is_dated(outline, **member)).count();
    let addresses: Vec<_> =
        group.members.iter().filter_map(|member| outline.get(member.link)?.href.as_ref()).collect();
    let own = addresses.iter().filter(|url| url.host_str() == outline.host.as_deref()).count();
    let alike = shape::most_alike(&addresses);
    let length: usize = titles.iter().map(|title| words::weight(title).min(80)).sum::<usize>() / count.max(1);
    let in_matter = group.members.first().is_some_and(|member| {
        outline.around(member.item).filter_map(|at| outline.get(at)).any(|above| above.tag == "main")
    });
    count.min(ENOUGH) * 10
        + share(headlines)
        + share(dated) * 2
        + share(distinct)
        + share(own)
        + share(alike) / 2
        + length
        + usize::from(in_matter) * 50
}
