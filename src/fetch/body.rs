//! The body of an answer, unpacked as it comes, with a limit on what is read and on what comes out of it.

use std::io;
use std::pin::Pin;

use async_compression::tokio::bufread::{BrotliDecoder, GzipDecoder, ZlibDecoder, ZstdDecoder};
use bytes::{Bytes, BytesMut};
use futures_util::StreamExt as _;
use reqwest::header::{CONTENT_ENCODING, HeaderMap};
use tokio::io::{AsyncBufRead, AsyncBufReadExt as _, AsyncRead, AsyncReadExt as _};
use tokio_util::io::StreamReader;

use super::failure::{self, failed};
use super::{FailureKind, FetchError};

/// What we say that we can unpack.
pub(super) const CODINGS: &str = "gzip, br, zstd, deflate";

/// An answer may say that it is large before it is; we believe it up to here.
const LARGEST_PROMISE: u64 = 256 * 1024;

/// Unpacked at a time.
const PART: usize = 16 * 1024;

/// What to do with an answer that is too large.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Beyond {
    Fail,
    /// Leave the rest where it is.
    Cut,
}

/// How a body is packed. One coding at most: a chain of them is only ever an attack.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Coding {
    Plain,
    Gzip,
    Brotli,
    Zstd,
    Deflate,
}

/// Reads a body of at most so many bytes, packed and unpacked.
pub(super) async fn read(
    response: reqwest::Response,
    headers: &HeaderMap,
    max_bytes: u64,
    beyond: Beyond,
) -> Result<Bytes, FetchError> {
    let coding = Coding::of(headers)?;
    let promised = response.content_length().unwrap_or_default();
    if promised > max_bytes && beyond == Beyond::Fail {
        return Err(too_large(max_bytes));
    }
    let most = usize::try_from(max_bytes).unwrap_or(usize::MAX);
    let all = BytesMut::with_capacity(usize::try_from(promised.min(LARGEST_PROMISE)).unwrap_or_default());
    match coding {
        Coding::Plain => plain(response, all, most, beyond).await,
        packed => unpacked(response, packed, all, most, beyond).await,
    }
}

async fn plain(
    mut response: reqwest::Response,
    mut all: BytesMut,
    most: usize,
    beyond: Beyond,
) -> Result<Bytes, FetchError> {
    while let Some(part) = response.chunk().await.map_err(|error| failure::receiving(&error))? {
        all.extend_from_slice(&part);
        if all.len() > most {
            return cut(all, most, beyond);
        }
    }
    Ok(whole(all))
}

async fn unpacked(
    response: reqwest::Response,
    coding: Coding,
    mut all: BytesMut,
    most: usize,
    beyond: Beyond,
) -> Result<Bytes, FetchError> {
    let mut packed = packed(response, most);
    if packed.fill_buf().await.map_err(|error| failure::unpacking(&error))?.is_empty() {
        return Ok(Bytes::new());
    }
    let mut unpacked = coding.decoder(packed);
    loop {
        all.reserve(PART);
        match unpacked.read_buf(&mut all).await.map_err(|error| failure::unpacking(&error))? {
            0 => return Ok(whole(all)),
            _ if all.len() > most => return cut(all, most, beyond),
            _ => {}
        }
    }
}

/// The bytes as they come. Something that unpacks to nothing could go on for ever: these are counted too.
fn packed(response: reqwest::Response, most: usize) -> Pin<Box<dyn AsyncBufRead + Send>> {
    let mut count = 0;
    let parts = response.bytes_stream().map(move |part| {
        let part = part.map_err(io::Error::other)?;
        count += part.len();
        if count > most { Err(io::Error::other(too_large(most as u64))) } else { Ok(part) }
    });
    Box::pin(StreamReader::new(parts))
}

/// Without the room that is left behind it: a body may wait long until it is read, among a hundred others.
fn whole(all: BytesMut) -> Bytes {
    Bytes::from(Vec::from(all))
}

fn cut(mut all: BytesMut, most: usize, beyond: Beyond) -> Result<Bytes, FetchError> {
    match beyond {
        Beyond::Fail => Err(too_large(most as u64)),
        Beyond::Cut => {
            all.truncate(most);
            Ok(all.freeze())
        }
    }
}

impl Coding {
    fn of(headers: &HeaderMap) -> Result<Self, FetchError> {
        let mut codings = headers.get_all(CONTENT_ENCODING).iter();
        let first =
            codings.next().map_or(&b""[..], |value| value.as_bytes()).trim_ascii().to_ascii_lowercase();
        match (first.as_slice(), codings.next()) {
            (b"" | b"identity", None) => Ok(Self::Plain),
            (b"gzip" | b"x-gzip", None) => Ok(Self::Gzip),
            (b"br", None) => Ok(Self::Brotli),
            (b"zstd", None) => Ok(Self::Zstd),
            (b"deflate", None) => Ok(Self::Deflate),
            _ => Err(failed(FailureKind::Encoding, "encoded in a way that we did not ask for".to_owned())),
        }
    }

    fn decoder(self, packed: Pin<Box<dyn AsyncBufRead + Send>>) -> Box<dyn AsyncRead + Send + Unpin> {
        match self {
            Self::Plain => Box::new(packed),
            Self::Gzip => {
                // What stands behind the first member belongs to it, or is rubbish: never to be passed over.
                let mut decoder = GzipDecoder::new(packed);
                decoder.multiple_members(true);
                Box::new(decoder)
            }
            Self::Brotli => Box::new(BrotliDecoder::new(packed)),
            Self::Zstd => {
                let mut decoder = ZstdDecoder::new(packed);
                decoder.multiple_members(true);
                Box::new(decoder)
            }
            Self::Deflate => Box::new(ZlibDecoder::new(packed)),
        }
    }
}

fn too_large(most: u64) -> FetchError {
    failed(
        FailureKind::TooLarge,
        format!("larger than {most} bytes: if that is right for this source, raise its max_bytes"),
    )
}
