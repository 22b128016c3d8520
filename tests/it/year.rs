//! A year of a source that does to its feed whatever feeds have done to us, and what three kinds of readers make of it.

mod office;
mod readers;
mod source;

use std::collections::{BTreeMap, BTreeSet};

use office::Desk;
use readers::{Reader, Shown, known_by_id, known_by_link};
use source::{Day, Source, time};

const DAYS: i64 = 365;

/// Years that went wrong in different ways before they went right: parts of a series that stand at one link were taken
/// for one another, came again when their neighbour came, or were corrected on the day that all ids changed.
const SEEDS: [u64; 3] = [2018, 3, 22];

/// What a reader did wrong in a year.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
struct Mistakes {
    /// Shown although nothing was new, or nothing of ours.
    false_new: usize,
    /// Said by the source, and never shown.
    lost: usize,
    /// Shown as changed, or on top again, although nothing had been corrected.
    bumped: usize,
    /// Corrected by the source, and not shown as changed.
    untold: usize,
}

/// Watches a reader's list day by day.
#[derive(Default)]
struct Watch {
    /// Of each line that was ever shown: what it tells, and how it looked last.
    lines: BTreeMap<String, Shown>,
    mistakes: Mistakes,
}

impl Watch {
    fn look(&mut self, shown: Vec<Shown>, day: &Day) {
        for line in shown {
            let Some(before) = self.lines.insert(line.key.clone(), line.clone()) else { continue };
            let is_corrected = line.item.is_some_and(|item| day.corrected.contains(&item));
            let is_told = before.look != line.look;
            self.mistakes.bumped += usize::from(is_told && !is_corrected);
            self.mistakes.untold += usize::from(is_corrected && !is_told);
        }
    }

    /// All that it tells.
    fn items(&self) -> BTreeSet<usize> {
        self.lines.values().filter_map(|line| line.item).collect()
    }

    fn end(mut self, said: &BTreeSet<usize>) -> Mistakes {
        let items = self.items();
        self.mistakes.false_new = self.lines.len() - items.len();
        self.mistakes.lost = said.difference(&items).count();
        self.mistakes
    }
}

/// A year of the source, with ours and the plain readers beside it; in the order of the table.
async fn year(seed: u64) -> [(&'static str, Mistakes); 3] {
    let mut source = Source::new(seed);
    let desk = Desk::open(1).await;
    let mut plain = [Reader::new(known_by_id), Reader::new(known_by_link)];
    let mut watches = [Watch::default(), Watch::default(), Watch::default()];
    for at in 0..DAYS {
        let day = source.live(at);
        desk.serve(0, day.document.clone());
        desk.refresh(&day).await;
        let lists = [desk.stored(0, day.now).await, plain[0].read(&day), plain[1].read(&day)];
        for (watch, list) in watches.iter_mut().zip(lists) {
            watch.look(list, &day);
        }
    }
    let published = desk.published(time(DAYS)).await;
    assert_eq!(published, watches[0].items().len(), "each once in the feed of everything");
    let [ours, by_id, by_link] = watches.map(|watch| watch.end(source.said()));
    [("Tidewaiter", ours), ("by id alone", by_id), ("by link alone", by_link)]
}

#[expect(clippy::print_stdout, reason = "the table is for who asks with --nocapture")]
#[tokio::test(flavor = "multi_thread")]
async fn a_year_of_everything_adds_loses_and_bumps_nothing() {
    println!(
        "{:<6} {:<14} {:>9} {:>5} {:>7} {:>7}",
        "seed", "reader", "false new", "lost", "bumped", "untold"
    );
    for (seed, year) in SEEDS.map(|seed| (seed, tokio::spawn(year(seed)))) {
        let readers = year.await.unwrap();
        for (name, Mistakes { false_new, lost, bumped, untold }) in readers {
            println!("{seed:<6} {name:<14} {false_new:>9} {lost:>5} {bumped:>7} {untold:>7}");
        }
        let [(_, ours), plain @ ..] = readers;
        assert_eq!(ours, Mistakes::default(), "seed {seed}");
        for (name, plain) in plain {
            assert!(plain.false_new > 0 && plain.lost > 0 && plain.bumped > 0, "{name}: {plain:?}");
        }
    }
}

/// Entries of one source are never touched by what another one says.
#[tokio::test(flavor = "multi_thread")]
async fn who_copies_ids_and_links_changes_nothing_of_the_original() {
    let mut source = Source::new(SEEDS[0]);
    let desk = Desk::open(2).await;
    let mut watches = [Watch::default(), Watch::default()];
    let mut yesterday: Option<Day> = None;
    for at in 0..DAYS {
        let day = source.live(at);
        desk.serve(0, day.document.clone());
        desk.serve(
            1,
            yesterday
                .as_ref()
                .and_then(|day| day.document.clone())
                .map(|text| text.replace("Office", "Copy")),
        );
        desk.refresh(&day).await;
        watches[0].look(desk.stored(0, day.now).await, &day);
        if let Some(yesterday) = &yesterday {
            watches[1].look(desk.stored(1, day.now).await, yesterday);
        }
        yesterday = Some(day);
    }
    let [original, copy] = watches.map(|watch| watch.end(source.said()));
    assert_eq!(original, Mistakes::default());
    assert_eq!((copy.false_new, copy.bumped), (0, 0), "{copy:?}");
}
