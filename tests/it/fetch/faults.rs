//! What goes wrong on the way, and how long we wait for it.

use super::*;

#[tokio::test]
async fn nobody_there() {
    let gone = Origin::start(|_| answer(200, &[], "")).await.stop().await;
    assert_failed(fetch(&loopback(), &gone).await, FailureKind::Connect, "refuses connections");
}

#[tokio::test]
async fn no_such_name() {
    // No name has a part of more than 63 letters, so that nobody need be asked.
    let url = Url::parse(&format!("http://{}.invalid/", "a".repeat(64))).unwrap();
    assert_failed(fetch(&loopback(), &url).await, FailureKind::Dns, "is the name right?");
}

#[tokio::test]
async fn a_connection_that_closes_or_speaks_another_tongue() {
    check_fails(|| vec![Step::Close], FailureKind::Io, "no proper answer").await;
    check_fails(|| vec![Step::Reset], FailureKind::Io, "no proper answer").await;
    check_fails(|| vec![Step::Send(b"220 mail.example ESMTP\r\n\r\n".to_vec())], FailureKind::Io, "").await;
}

#[tokio::test]
async fn https_where_there_is_none() {
    let origin = Origin::start(|_| answer(200, &[], "")).await;
    let url = Url::parse(&format!("https://{}/", origin.addr)).unwrap();
    assert_failed(fetch(&loopback(), &url).await, FailureKind::Tls, "127.0.0.1");
}

#[tokio::test]
async fn half_an_answer_is_none() {
    let short = || vec![begun(&[("content-length", "100")], b"<rss>"), Step::Close];
    check_fails(short, FailureKind::Truncated, "broke off").await;
    let cut_chunks = || vec![begun(&[("transfer-encoding", "chunked")], b"5\r\n<rss>\r\n"), Step::Close];
    check_fails(cut_chunks, FailureKind::Truncated, "broke off").await;
    let packed = || {
        vec![begun(&[("content-encoding", "gzip"), ("content-length", "100")], &[0x1f, 0x8b]), Step::Close]
    };
    check_fails(packed, FailureKind::Truncated, "broke off").await;
    check_fails(
        || answer(200, &[("content-encoding", "gzip")], [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 0x4b, 0x2e]),
        FailureKind::Truncated,
        "broke off",
    )
    .await;
}

#[tokio::test]
async fn a_reset_in_the_middle_is_half_an_answer_too() {
    let reset = || vec![begun(&[("content-length", "100")], b"<rss>"), Step::Reset];
    // Whether the bytes before it still arrive is up to the machine.
    let error = fetch_this(reset).await.unwrap_err();
    assert!(
        matches!(error, FetchError::Failed { kind: FailureKind::Truncated | FailureKind::Io, .. }),
        "{error:?}"
    );
}

#[tokio::test]
async fn what_does_not_unpack_fails() {
    for coding in ["gzip", "br", "zstd", "deflate"] {
        let not_packed =
            move || answer(200, &[("content-encoding", coding)], "<rss>this is not packed</rss>");
        check_fails(not_packed, FailureKind::Encoding, "does not decode").await;
    }
    for coding in ["x-strange", "gzip, gzip"] {
        let steps = move || answer(200, &[("content-encoding", coding)], "<rss/>");
        check_fails(steps, FailureKind::Encoding, "did not ask for").await;
    }
}

#[tokio::test]
async fn a_large_answer_is_refused_before_it_comes() {
    let steps = || vec![begun(&[("content-length", "100001")], b""), Step::Hang];
    check_fails(steps, FailureKind::TooLarge, "max_bytes").await;
}

#[tokio::test]
async fn an_answer_without_end_is_left() {
    let endless = || vec![begun(&[], b""), Step::SendAgainAndAgain(vec![b' '; 4096])];
    check_fails(endless, FailureKind::TooLarge, "100000 bytes").await;
}

#[tokio::test]
async fn the_largest_answer_that_is_allowed_is_read() {
    let got = fetch_this(|| answer(200, &[], vec![b' '; 100_000])).await.unwrap();
    assert_eq!(text(&got).len(), 100_000);
    check_fails(|| vec![begun(&[], &[b' '; 100_001]), Step::Close], FailureKind::TooLarge, "").await;
}

#[tokio::test]
async fn packed_bytes_count_unpacked() {
    // A hundred blocks of 128 KiB of one letter each, by zstd, in 409 bytes.
    let mut bomb = vec![0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x58];
    for _ in 0..100 {
        bomb.extend([0x02, 0x00, 0x10, b'A']);
    }
    bomb.extend([0x01, 0x00, 0x00]);
    let steps = move || answer(200, &[("content-encoding", "zstd")], &bomb);
    check_fails(steps, FailureKind::TooLarge, "100000 bytes").await;
}

#[tokio::test]
async fn headers_without_end_are_left() {
    let line =
        || vec![Step::Send(b"HTTP/1.1 200 Said\r\nx: ".to_vec()), Step::SendAgainAndAgain(vec![b'a'; 4096])];
    check_fails(line, FailureKind::Io, "no proper answer").await;
}

/// With a deadline that is soon over.
async fn check_deadline(steps: impl Fn() -> Vec<Step> + Send + Sync + 'static) {
    let origin = Origin::start(move |_| steps()).await;
    let (url, validators) = (origin.url("/"), Validators::default());
    let request = Request { timeout: TimeDelta::milliseconds(50), ..feed(&url, &validators) };
    assert_failed(loopback().fetch(request).await, FailureKind::Timeout, "within 0.05 s");
}

#[tokio::test]
async fn the_deadline_holds_however_the_server_dawdles() {
    check_deadline(|| vec![Step::Hang]).await;
    check_deadline(|| vec![Step::Send(b"HTTP/1.1 200 Said\r\n".to_vec()), Step::Hang]).await;
    check_deadline(|| vec![begun(&[("content-length", "100")], b"<rss>"), Step::Hang]).await;
    // Nothing for a reader in it, for ever: what comes is progress, and does not count.
    let chunk_of_nothing = b"1\r\n \r\n".to_vec();
    check_deadline(move || {
        vec![begun(&[("transfer-encoding", "chunked")], b""), Step::Drip(chunk_of_nothing.clone())]
    })
    .await;
}

#[tokio::test]
async fn the_deadline_holds_for_all_hops_together() {
    let origin =
        Origin::start(|asked| if asked.path == "/" { redirect(302, "/next") } else { vec![Step::Hang] })
            .await;
    let (url, validators) = (origin.url("/"), Validators::default());
    let request = Request { timeout: TimeDelta::milliseconds(500), ..feed(&url, &validators) };
    assert_failed(loopback().fetch(request).await, FailureKind::Timeout, "within 0.5 s");
    assert_eq!(origin.paths(), ["/", "/next"]);
}

fn gzip(text: &str) -> Vec<u8> {
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    std::io::Write::write_all(&mut packer, text.as_bytes()).unwrap();
    packer.finish().unwrap()
}

fn packed(coding: &'static str, body: Vec<u8>) -> impl Fn() -> Vec<Step> + Send + Sync + 'static {
    move || answer(200, &[("content-encoding", coding)], &body)
}

#[tokio::test]
async fn every_member_of_a_packed_answer_is_read_and_rubbish_behind_it_fails() {
    let two = [gzip("<rss>"), gzip("</rss>")].concat();
    for coding in ["gzip", "x-gzip", "GZip "] {
        assert_eq!(text(&fetch_this(packed(coding, two.clone())).await.unwrap()), "<rss></rss>");
    }
    let rubbish = [gzip("<rss/>"), b"rubbish".to_vec()].concat();
    check_fails(packed("gzip", rubbish), FailureKind::Encoding, "does not decode").await;
    let half = [gzip("<rss>"), gzip("</rss>")[..12].to_vec()].concat();
    check_fails(packed("gzip", half), FailureKind::Truncated, "broke off").await;
    let mut wrong_sum = gzip("<rss/>");
    let at = wrong_sum.len() - 6;
    wrong_sum[at] ^= 0xff;
    check_fails(packed("gzip", wrong_sum), FailureKind::Encoding, "does not decode").await;
    assert_eq!(text(&fetch_this(packed("gzip", Vec::new())).await.unwrap()), "", "nothing is nothing");
}

#[tokio::test]
async fn what_unpacks_to_nothing_for_ever_is_left() {
    let name = [&[0x1f, 0x8b, 8, 8, 0, 0, 0, 0, 0, 3][..], b"name"].concat();
    let endless = move |part: &'static [u8], begin: Vec<u8>| {
        move || {
            vec![begun(&[("content-encoding", "gzip")], &begin), Step::SendAgainAndAgain(part.repeat(1000))]
        }
    };
    check_fails(endless(b"a", name), FailureKind::TooLarge, "100000 bytes").await;
    let blocks = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3];
    check_fails(endless(&[0, 0, 0, 0xff, 0xff], blocks), FailureKind::TooLarge, "100000 bytes").await;
}

#[tokio::test]
async fn chunks_with_more_around_them_than_in_them_are_left() {
    let endless = |first: &'static [u8], part: &'static [u8]| {
        move || {
            vec![
                begun(&[("transfer-encoding", "chunked")], first),
                Step::SendAgainAndAgain(part.repeat(1000)),
            ]
        }
    };
    check_fails(endless(b"5;", b"a"), FailureKind::Io, "").await;
    check_fails(endless(b"", b"1;aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\n \r\n"), FailureKind::Io, "")
        .await;
    check_fails(endless(b"5\r\n<rss>\r\n0\r\n", b"x: y\r\n"), FailureKind::Io, "").await;
}

/// An answer that is written down to the letter.
async fn check_raw(text: &'static str, expected: Result<&str, FailureKind>) {
    let got = fetch_this(move || vec![Step::Send(text.as_bytes().to_vec()), Step::Close]).await;
    match (got, expected) {
        (Ok(answer), Ok(body)) => assert_eq!(self::text(&answer), body, "{text}"),
        (Err(FetchError::Failed { kind, message, .. }), Err(expected)) => {
            assert_eq!(kind, expected, "{text}: {message}");
        }
        (got, expected) => panic!("{text}: expected {expected:?}, got {got:?}"),
    }
}

#[tokio::test]
async fn lengths_that_contradict_or_promise_too_much() {
    let io = Err(FailureKind::Io);
    check_raw("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef", io).await;
    check_raw("HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nabcdef", io).await;
    check_raw("HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\nabc", io).await;
    let large = Err(FailureKind::TooLarge);
    check_raw("HTTP/1.1 200 OK\r\nContent-Length: 4611686018427387904\r\n\r\nabc", large).await;
    // As RFC 9112 reads it: chunks count, not the length.
    let both =
        "HTTP/1.1 200 OK\r\nContent-Length: 9\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n";
    check_raw(both, Ok("abc")).await;
    check_raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\nabc", io).await;
    let cut = Err(FailureKind::Truncated);
    check_raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n7fffffffffffffff\r\nabc", cut).await;
}

#[tokio::test]
async fn what_is_no_http() {
    let io = Err(FailureKind::Io);
    for text in [
        "<rss></rss>",
        "ICY 200 OK\r\n\r\nabc",
        "HTTP/1.1 99 X\r\n\r\nabc",
        "HTTP/1.1 200 OK\r\nno colon\r\n\r\nabc",
        "HTTP/1.1 200 OK\r\nx: a\r\n folded\r\n\r\nabc",
        "HTTP/1.1 200 OK\r\nx: a\0b\r\n\r\nabc",
    ] {
        check_raw(text, io).await;
    }
    check_raw("HTTP/1.0 200 OK\r\n\r\nabc", Ok("abc")).await;
    check_raw("HTTP/1.1 200 OK\nContent-Length: 3\n\nabc", Ok("abc")).await;
    check_raw("HTTP/1.1 101 Switching\r\nUpgrade: x\r\n\r\n", Err(FailureKind::HttpStatus)).await;
    check_raw("HTTP/1.1 205 Reset\r\nContent-Length: 0\r\n\r\n", Err(FailureKind::HttpStatus)).await;
}

#[tokio::test]
async fn hints_before_an_answer_do_not_extend_its_time() {
    let hint = b"HTTP/1.1 103 Early Hints\r\nx: y\r\n\r\n";
    check_deadline(|| vec![Step::SendAgainAndAgain(hint.repeat(100))]).await;
}
