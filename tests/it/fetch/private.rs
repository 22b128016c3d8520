//! Addresses we may not ask: nobody there sees so much as a connection.

use super::*;

/// The address is refused, and nobody at `forbidden` sees so much as a connection.
async fn check_blocked(client: &Client, url: &Url, forbidden: &Origin) {
    assert_failed(fetch(client, url).await, FailureKind::Blocked, "not a public address");
    assert_eq!(forbidden.connections(), 0);
}

#[tokio::test]
async fn loopback_is_closed_unless_opened() {
    let origin = Origin::start(|_| answer(200, &[], "secret")).await;
    let port = origin.addr.port();
    for host in
        ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "0177.1", "[::ffff:127.0.0.1]", "127.0.0.1."]
    {
        let url = Url::parse(&format!("http://{host}:{port}/")).unwrap();
        check_blocked(&client(&[]), &url, &origin).await;
    }
}

#[tokio::test]
async fn a_redirect_does_not_open_it() {
    let forbidden = Origin::start_at("127.0.0.2:0", |_| answer(200, &[], "secret")).await;
    let port = forbidden.addr.port();
    let mapped = format!("http://[::ffff:127.0.0.2]:{port}/");
    for target in [forbidden.url("/").to_string(), mapped, format!("//0x7f000002:{port}/")] {
        let to = target.clone();
        let origin = Origin::start(move |asked| match asked.path.as_str() {
            "/" => redirect(302, "/late"),
            _ => redirect(301, &to),
        })
        .await;
        check_blocked(&client(&["127.0.0.1/32"]), &origin.url("/"), &forbidden).await;
        assert_eq!(origin.paths(), ["/", "/late"], "{target}");
    }
}

#[tokio::test]
async fn nor_does_a_name() {
    let forbidden = Origin::start(|_| answer(200, &[], "secret")).await;
    let opened = Origin::start_at("127.0.0.3:0", {
        let url = format!("http://localhost:{}/", forbidden.addr.port());
        move |_| redirect(302, &url)
    })
    .await;
    check_blocked(&client(&["127.0.0.3/32"]), &opened.url("/"), &forbidden).await;
}

#[tokio::test]
async fn one_opened_port_opens_no_other() {
    let forbidden = Origin::start(|_| answer(200, &[], "secret")).await;
    let port = forbidden.addr.port();
    for host in ["127.0.0.1", "localhost"] {
        let to = format!("http://{host}:{port}/");
        let opened = Origin::start(move |_| redirect(302, &to)).await;
        let client = client(&[&opened.addr.to_string()]);
        check_blocked(&client, &opened.url("/"), &forbidden).await;
    }
}

#[tokio::test]
async fn what_is_opened_by_address_and_port_is_open_by_name_too() {
    let origin = Origin::start(|_| answer(200, &[], "ours")).await;
    let url = Url::parse(&format!("http://localhost:{}/", origin.addr.port())).unwrap();
    let got = fetch(&client(&[&origin.addr.to_string()]), &url).await.unwrap();
    assert_eq!(text(&got), "ours");
}

#[tokio::test]
async fn other_schemes_are_closed_too() {
    for target in ["file:///etc/passwd", "ftp://127.0.0.1/", "data:text/plain,x"] {
        check_fails(move || redirect(302, target), FailureKind::Blocked, "http and https").await;
    }
}
