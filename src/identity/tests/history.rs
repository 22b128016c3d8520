//! Random histories of a source: whatever it does to single entries, none is lost, doubled or taken for another.

use proptest::prelude::*;
use std::collections::BTreeMap;

use super::past::{Past, day};

/// What the entries of a source go by.
#[derive(Debug, Clone, Copy)]
struct Shape {
    has_ids: bool,
    has_links: bool,
    has_dates: bool,
}

/// What happens between two documents. A number chooses among the entries that it may happen to.
#[derive(Debug, Clone, Copy)]
enum Step {
    New,
    Redated(usize),
    Retitled(usize),
    Relinked(usize),
    Renamed(usize),
    Shuffled(usize),
    /// The oldest leave.
    Slid(usize),
    /// All links are https from now on.
    Secured,
    /// One empty document.
    Emptied,
    /// What had left stands there again.
    Back(usize),
}

/// One thing that the source said, and what it goes by today.
#[derive(Debug, Clone)]
struct Item {
    number: usize,
    id: String,
    link: String,
    title: String,
    day: usize,
    is_redated: bool,
    is_listed: bool,
}

struct History {
    shape: Shape,
    items: Vec<Item>,
    order: Vec<usize>,
    scheme: &'static str,
    /// So that nothing that is made is made twice.
    made: usize,
}

impl History {
    fn take(&mut self, step: Step) {
        self.made += 1;
        let made = self.made;
        let Shape { has_ids, has_links, has_dates } = self.shape;
        match step {
            Step::New => self.say(),
            // What has left is not changed: while nobody reads it, all its evidence could go one by one.
            Step::Redated(at) if has_ids || has_links => self.change(at, |item| {
                item.day += 5 + made % 3;
                item.is_redated = true;
            }),
            Step::Retitled(at) if has_ids || has_links => {
                self.change(at, |item| item.title = format!("Customs notice renamed{made}"));
            }
            Step::Relinked(at) if has_ids || has_dates => {
                self.change(at, |item| item.link = format!("m{made}"));
            }
            Step::Renamed(at) if has_links || has_dates => {
                self.change(at, |item| item.id = format!("r{made}"));
            }
            // Nothing would be left to know it by; or nothing is said.
            Step::Redated(_) | Step::Retitled(_) | Step::Relinked(_) | Step::Renamed(_) | Step::Emptied => {}
            Step::Shuffled(by) => {
                let by = by % self.order.len().max(1);
                self.order.rotate_left(by);
                self.order.chunks_mut(2).for_each(<[usize]>::reverse);
            }
            Step::Slid(count) => {
                for item in self.items.iter_mut().filter(|item| item.is_listed).take(count % 4) {
                    item.is_listed = false;
                }
            }
            Step::Secured => self.scheme = "https",
            Step::Back(at) => self.come_back(at),
        }
        self.order.retain(|at| self.items[*at].is_listed);
    }

    fn say(&mut self) {
        let number = self.items.len();
        self.items.push(Item {
            number,
            id: format!("i{number}"),
            link: format!("l{number}"),
            title: format!("Customs notice subject{number}"),
            // Two of a day.
            day: number / 2,
            is_redated: false,
            is_listed: true,
        });
        self.order.insert(0, number);
    }

    fn change(&mut self, at: usize, change: impl FnOnce(&mut Item)) {
        if let Some(at) = self.order.get(at % self.order.len().max(1)) {
            change(&mut self.items[*at]);
        }
    }

    /// Of what has only a link, and another date than at first, nobody can tell whether it is back or the next of a series.
    fn come_back(&mut self, at: usize) {
        let has_ids = self.shape.has_ids;
        let gone = self.items.iter_mut().filter(|item| !item.is_listed && (has_ids || !item.is_redated));
        let mut gone: Vec<&mut Item> = gone.collect();
        let at = at % gone.len().max(1);
        if let Some(item) = gone.get_mut(at) {
            item.is_listed = true;
            self.order.push(item.number);
        }
    }

    fn document(&self) -> Vec<String> {
        let part = |has: bool, text: String| if has { text } else { String::new() };
        let Shape { has_ids, has_links, has_dates } = self.shape;
        let line = |at: &usize| {
            let Item { number, id, link, title, day, .. } = &self.items[*at];
            [
                part(has_ids, id.clone()),
                part(has_links, format!("{}://s.example/{link}", self.scheme)),
                title.clone(),
                part(has_dates, day.to_string()),
                format!("Item {number}"),
            ]
            .join("|")
        };
        self.order.iter().map(line).collect()
    }
}

fn shape() -> impl Strategy<Value = Shape> {
    (any::<bool>(), any::<bool>(), any::<bool>())
        .prop_map(|(has_ids, has_links, has_dates)| Shape { has_ids, has_links, has_dates })
        // Else there is nothing but titles.
        .prop_filter("evidence", |shape| shape.has_ids || shape.has_links || shape.has_dates)
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => Just(Step::New),
        2 => any::<usize>().prop_map(Step::Redated),
        2 => any::<usize>().prop_map(Step::Retitled),
        2 => any::<usize>().prop_map(Step::Relinked),
        2 => any::<usize>().prop_map(Step::Renamed),
        1 => any::<usize>().prop_map(Step::Shuffled),
        2 => any::<usize>().prop_map(Step::Slid),
        1 => Just(Step::Secured),
        1 => Just(Step::Emptied),
        2 => any::<usize>().prop_map(Step::Back),
    ]
}

proptest! {
    #[test]
    fn each_thing_said_is_one_entry(shape in shape(), first in 0..6_usize, steps in prop::collection::vec(step(), 1..40)) {
        let mut history = History { shape, items: Vec::new(), order: Vec::new(), scheme: "http", made: 0 };
        (0..first).for_each(|_| history.say());
        let mut past = Past::default();
        let mut entries = BTreeMap::new();
        for (at, step) in (100..).zip([Step::New].into_iter().chain(steps)) {
            history.take(step);
            let lines = if matches!(step, Step::Emptied) { Vec::new() } else { history.document() };
            let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
            past.read(&lines, day(at));
            for (id, entry) in &past.stored {
                let item = entry.summary.as_ref().map(|text| text.text.clone()).unwrap_or_default();
                let before = entries.entry(*id).or_insert_with(|| item.clone());
                prop_assert_eq!(before, &item, "one was taken for another by {:?}:\n{:#?}", step, lines);
            }
            prop_assert_eq!(entries.len(), history.items.len(), "after {:?}:\n{:#?}", step, lines);
        }
    }
}
