//! What is odd about a source's entries, in words for staff: what, and what to do.

use crate::identity::{Remark, Stranger, Withdrawal};

/// What speaks for another publication under the address of a source, and what to type.
pub(super) fn stranger(sign: Stranger, source: &str) -> String {
    let what = match sign {
        Stranger::Title => "everything in it is new, and it has another title",
        Stranger::Hosts => "everything in it is new, and leads to other sites",
        Stranger::Subject => "everything in it is new, and about other things",
        Stranger::Rewritten => "most of its entries have other titles at once",
        Stranger::Still => "another publication seems to have moved in, and nobody has said that it is right",
    };
    format!(
        "{what}: what is new waits; if it is still the publication that you want, type {}",
        accept(source)
    )
}

/// A remark as a flaw of the document.
pub(super) fn in_words(remark: &Remark, source: &str) -> String {
    match remark {
        Remark::Stranger(sign) => stranger(*sign, source),
        Remark::OldAndNew(count) => format!(
            "{count} entries are new although older than what was known, as when a site moves: they wait for review; {} \
             publishes them",
            accept(source)
        ),
        Remark::AllNew => {
            "everything in it is new, and nothing of what it said before is left: is it still the same publication?"
                .to_owned()
        }
        Remark::Moved(count) => {
            format!("{count} entries came under other ids and links at once, and were recognised: the site has moved")
        }
        Remark::ReusedIds(count) => {
            format!("{count} entries came under the ids of others: they are taken for new ones")
        }
        Remark::IdsGivenUp => {
            "its ids change by themselves: from now on its entries are known by their links or titles".to_owned()
        }
        Remark::Noisy => {
            "a noisy source: the text of most entries changes again and again, as with a clock or a counter; members are \
             not told of that"
                .to_owned()
        }
        Remark::Redated(count) => format!("{count} known entries came with another date: the first one counts"),
        Remark::Embargoed(count) => {
            format!("{count} entries have a date some days ahead: they are published when it has come")
        }
        Remark::Future(count) => format!("{count} entries have a date in the future: they count from now"),
        Remark::Withdrawn(title, Withdrawal::Missing) => {
            format!("withdrawn at source: `{title}` is missing between entries that are still there; it stays published, with a mark")
        }
        Remark::Withdrawn(title, Withdrawal::Deleted) => {
            format!("withdrawn at source: the feed says that `{title}` is deleted; it stays published, with a mark")
        }
        Remark::Withdrawn(title, Withdrawal::Titled) => {
            format!("withdrawn at source: the title says so now, `{title}`; it stays published, with a mark")
        }
    }
}

fn accept(source: &str) -> String {
    format!("`tidewaiter source accept {source}`")
}
