//! The request itself: what is in it, and what is not.

use super::*;

/// Two runs against a feed that tempts us to ask for more.
async fn asked() -> Vec<Asked> {
    let origin = origin(|_, asked| {
        let text = format!(
            "<?xml-stylesheet href=\"/style.xsl\"?><rss version=\"2.0\" xmlns:atom=\"http://www.w3.org/2005/Atom\"><channel>\
             <title>S</title><link>http://{host}/home</link><image><url>http://{host}/logo.png</url></image>\
             <atom:link rel=\"next\" href=\"http://{host}/feed?page=2\"/><atom:link rel=\"hub\" href=\"http://{host}/hub\"/>\
             <item><guid>1</guid><title>Customs</title><link>http://{host}/1</link>\
             <description>&lt;img src=\"http://{host}/pixel\"&gt;</description>\
             <enclosure url=\"http://{host}/file.mp3\" length=\"1\" type=\"audio/mpeg\"/>\
             <comments>http://{host}/comments</comments></item></channel></rss>",
            host = asked.header("host").unwrap()
        );
        let headers = [("Set-Cookie", "id=1; Path=/"), ("Refresh", "0; url=/refresh"), ("Link", "</l>; rel=preload")];
        answer(200, &headers, text)
    })
    .await;
    let office = office(&origin, "/Feed.xml?a=b&c=%20d#part");
    refresh(&office, &["15 06:00", "15 12:00"]).await;
    origin.asked()
}

#[tokio::test(flavor = "multi_thread")]
async fn only_the_feed_is_asked_for_as_it_was_given() {
    let asked = asked().await;
    let lines: Vec<_> = asked.iter().map(|asked| (asked.method.as_str(), asked.path.as_str())).collect();
    assert_eq!(lines, [("GET", "/Feed.xml?a=b&c=%20d"); 2]);
}

#[tokio::test(flavor = "multi_thread")]
async fn we_say_who_we_are_and_what_we_read_each_time() {
    for asked in asked().await {
        let agent = asked.header("user-agent").unwrap();
        assert!(agent.starts_with("tidewaiter/") && agent.contains("https://ifcba.example/"), "{agent}");
        assert!(asked.header("accept").unwrap().contains("application/rss+xml"));
        assert!(asked.header("accept-encoding").unwrap().contains("gzip"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_sent_that_nobody_needs() {
    const NEEDED: [&str; 5] = ["user-agent", "accept", "accept-encoding", "host", "connection"];
    for asked in asked().await {
        let names: Vec<&str> = asked.headers.iter().map(|(name, _)| name.as_str()).collect();
        assert!(names.iter().all(|name| NEEDED.contains(name)), "{names:?}");
    }
}
