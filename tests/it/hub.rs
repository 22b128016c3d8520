//! A source that offers a hub, the hub, and we between them; time goes as the test says.

mod calls;
mod requests;

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use chrono::{DateTime, TimeDelta, Utc};
use tempfile::TempDir;
use tidewaiter::collect::{Ask, collect};
use tidewaiter::config::Config;
use tidewaiter::fetch::Client;
use tidewaiter::hub::subscription::Subscription;
use tidewaiter::serve::calls::{Calls, router};
use tidewaiter::serve::health::Health;
use tidewaiter::serve::{site, subscribe};
use tidewaiter::store::{Absent, Store};
use tokio::net::TcpListener;
use tokio::sync::Notify;
use url::{Url, form_urlencoded};

use crate::caller::{self, Said, sign};
use crate::office::{config, rss, source};
use crate::origin::{Origin, Step, answer};

/// What our pushes hold: news that the source itself never had.
const FORGED: &str = "<rss version='2.0'><channel><item><title>Customs forged</title></item></channel></rss>";

/// We, with a feed and a hub beside us.
struct World {
    feed: Origin,
    hub: Origin,
    store: Store,
    config: Arc<Config>,
    health: Arc<Health>,
    now: Arc<Mutex<DateTime<Utc>>>,
    /// Where hubs reach us.
    us: SocketAddr,
    _folder: TempDir,
}

fn start() -> DateTime<Utc> {
    DateTime::from_timestamp(1_516_000_000, 0).unwrap()
}

impl World {
    /// A hub that answers so; what the source offers is made of the hub's address and the source's own.
    async fn new(
        hub: impl Fn(usize) -> Vec<Step> + Send + Sync + 'static,
        offers: impl Fn(&Url, &str) -> (String, String) + Send + Sync + 'static,
    ) -> Self {
        let count = std::sync::atomic::AtomicUsize::new(0);
        let hub = Origin::start(move |_| hub(count.fetch_add(1, std::sync::atomic::Ordering::SeqCst))).await;
        let address = hub.url("/");
        let feed = Origin::start(move |asked| {
            let (header, in_document) = offers(&address, &asked.path);
            let text = rss(&[("a", "Customs opens", 10)]);
            let text = text.replace("<channel>", &format!("<channel>{in_document}"));
            answer(200, &[("Link", &header)], text)
        })
        .await;
        let toml = source("one", &feed.url("/feed")) + "[hub]\ncallback = \"https://us.example/hub/\"\n";
        let store = Store::open("sqlite::memory:", Absent::Made).await.unwrap();
        let (health, now) = (Arc::<Health>::default(), Arc::new(Mutex::new(start())));
        let clock = Arc::clone(&now);
        let calls = Calls {
            store: store.clone(),
            clock: Arc::new(move || *clock.lock().unwrap()),
            health: Arc::clone(&health),
            wake: Arc::<Notify>::default(),
            tell: |_| {},
        };
        let (listener, folder) =
            (TcpListener::bind("127.0.0.1:0").await.unwrap(), tempfile::tempdir().unwrap());
        let us = listener.local_addr().unwrap();
        tokio::spawn(site(listener, folder.path().to_owned(), router(calls), std::future::pending()));
        let config = Arc::new(Config::parse(&config(&toml)).unwrap());
        Self { feed, hub, store, config, health, now, us, _folder: folder }
    }

    /// A hub that takes every request, named by a header.
    async fn willing() -> Self {
        Self::new(
            |_| answer(202, &[], ""),
            |hub, _| (format!("<{hub}>; rel=hub, </news>; rel=self"), String::new()),
        )
        .await
    }

    /// The same, when the hub has verified a lease of ten days.
    async fn subscribed() -> Self {
        let world = Self::willing().await;
        world.collect().await;
        world.keep().await;
        assert_eq!(world.verify("subscribe", &[]).await.status, 200);
        world
    }

    fn now(&self) -> DateTime<Utc> {
        *self.now.lock().unwrap()
    }

    fn pass(&self, time: TimeDelta) {
        *self.now.lock().unwrap() += time;
    }

    /// The text of feeds.toml changes.
    fn configure(&mut self, from: &str, to: &str) {
        let toml = source("one", &self.feed.url("/feed")) + "[hub]\ncallback = \"https://us.example/hub/\"\n";
        let text = config(&toml);
        assert!(text.contains(from), "{text}");
        self.config = Arc::new(Config::parse(&text.replace(from, to)).unwrap());
    }

    /// Asks the sources that are due.
    async fn collect(&self) {
        let client = Arc::new(Client::new(&self.config.fetch).unwrap());
        collect(&self.config, &client, &self.store, &Ask::Due, self.now(), |_, _, _| {}).await.unwrap();
    }

    async fn keep(&self) -> Option<DateTime<Utc>> {
        subscribe::keep(&self.config, &self.store, self.now(), |_| {}).await.unwrap()
    }

    /// The only subscription there is.
    async fn subscription(&self) -> Subscription {
        let mut all = self.store.subscriptions().await.unwrap();
        assert_eq!(all.len(), 1, "{all:?}");
        all.remove(0)
    }

    /// The forms that the hub was sent.
    fn forms(&self) -> Vec<Vec<(String, String)>> {
        let form = |body: &str| form_urlencoded::parse(body.as_bytes()).into_owned().collect();
        self.hub.asked().iter().map(|asked| form(&asked.body)).collect()
    }

    /// A value of the last form.
    fn sent(&self, name: &str) -> String {
        let form = self.forms().pop().expect("the hub was asked");
        form.iter().find(|(key, _)| key == name).map_or_else(String::new, |(_, value)| value.clone())
    }

    /// The path at which the hub reaches us.
    fn path(&self) -> String {
        let callback = self.sent("hub.callback");
        callback.strip_prefix("https://us.example").expect("where we are").to_owned()
    }

    /// The hub asks whether we meant that, with some parameters changed.
    async fn verify(&self, mode: &str, changed: &[(&str, &str)]) -> Said {
        let topic = self.sent("hub.topic");
        let mut query = vec![
            ("hub.mode", mode),
            ("hub.topic", topic.as_str()),
            ("hub.challenge", "<b>x</b>"),
            ("hub.lease_seconds", "864000"),
        ];
        for (name, value) in changed {
            query.retain(|(key, _)| key != name);
            query.push((name, value));
        }
        let query: String = form_urlencoded::Serializer::new(String::new()).extend_pairs(query).finish();
        self.call("GET", &format!("{}?{query}", self.path()), &[], "").await
    }

    /// The hub says that there is something new, perhaps with a signature.
    async fn push(&self, signature: Option<&str>) -> Said {
        let header = signature.map(|signature| ("x-hub-signature", signature));
        self.call("POST", &self.path(), header.as_slice(), FORGED).await
    }

    /// One that is signed as the hub would.
    async fn push_signed(&self) -> Said {
        let signature = self.sign("sha256");
        self.push(Some(&signature)).await
    }

    /// What the hub would sign [`FORGED`] with.
    fn sign(&self, method: &str) -> String {
        sign(method, &self.sent("hub.secret"), FORGED)
    }

    async fn call(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Said {
        caller::call(self.us, method, path, headers, body).await
    }

    /// How often the feed was asked when everybody had what was due; and nothing but its own news is stored.
    async fn asked_feed(&self) -> usize {
        self.collect().await;
        let entries = self.store.newest(10).await.unwrap();
        assert_eq!(entries.iter().map(|entry| &entry.title).collect::<Vec<_>>(), ["Customs opens"]);
        self.feed.asked().len()
    }
}
