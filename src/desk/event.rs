//! What an event's front matter says beyond other announcements': when and where it takes place.

use chrono_tz::{TZ_VARIANTS, Tz};

use super::draft::{link, moment};
use super::front_matter::FrontMatter;
use super::moment::Moment;
use crate::model::announcement::{Event, When};
use crate::model::nearest::nearest;
use crate::model::text;

/// `None` only if something is wrong, and then `front` has it.
pub(super) fn read(front: &mut FrontMatter<'_>, title: &str, site_zone: Tz) -> Option<Event> {
    front.need("starts", "add its first day or its time: starts = 2018-03-14");
    let zone = zone(front, site_zone);
    let place = front.text("place").map(|found| text::one_line(&found.value));
    let registration = link(front, "registration");
    let cancelled = front.flag("cancelled");
    let sequence = front.count("sequence");
    let when = when(front, zone);
    let place = place.filter(|place| !place.is_empty());
    Some(Event { title: title.to_owned(), when: when?, place, registration, cancelled, sequence })
}

fn zone(front: &mut FrontMatter<'_>, default: Tz) -> Tz {
    let Some(found) = front.text("time_zone") else {
        return default;
    };
    found.value.parse().unwrap_or_else(|_| {
        let near = nearest(&found.value, TZ_VARIANTS.iter().map(|zone| zone.name()));
        let hint = near.map_or_else(
            || "write Continent/City: Africa/Kampala".to_owned(),
            |name| format!("did you mean `{name}`?"),
        );
        front.wrong(found.at, format!("there is no time zone `{}`", found.value), hint);
        default
    })
}

fn when(front: &mut FrontMatter<'_>, zone: Tz) -> Option<When> {
    let starts = moment(front, "starts", zone);
    let ends = moment(front, "ends", zone);
    let starts = starts?.value;
    let last = ends.as_ref().map_or(starts, |ends| ends.value);
    let at = ends.map(|ends| ends.at);
    match (starts, last) {
        (Moment::Day(first), Moment::Day(last)) if last >= first => Some(When::Days { first, last }),
        (Moment::Time(start), Moment::Time(end)) if end >= start => Some(When::Times { start, end }),
        (Moment::Day(_), Moment::Day(_)) | (Moment::Time(_), Moment::Time(_)) => {
            front.wrong(at?, "it ends before it starts", "");
            None
        }
        (Moment::Day(_), Moment::Time(_)) | (Moment::Time(_), Moment::Day(_)) => {
            front.wrong(at?, "`starts` and `ends` must both be days or both be times", "");
            None
        }
    }
}
