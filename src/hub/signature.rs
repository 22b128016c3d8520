//! Who sent this? The signature of a push, checked in constant time.

use ring::hmac;

/// What a push's signature says of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signed {
    /// By one who knows the secret.
    Rightly,
    /// By somebody else, or over other bytes, or in a way that is not known.
    Wrongly,
    Not,
}

/// Checks a header `X-Hub-Signature: method=hex` against the body.
///
/// SHA-1 is among the methods that the recommendation names, and the one that most hubs use; as part of an HMAC it is
/// still sound.
pub fn check(header: Option<&str>, secret: &str, body: &[u8]) -> Signed {
    let Some(header) = header else { return Signed::Not };
    let Some((algorithm, signature)) = parse(header) else { return Signed::Wrongly };
    match hmac::verify(&hmac::Key::new(algorithm, secret.as_bytes()), body, &signature) {
        Ok(()) => Signed::Rightly,
        Err(_) => Signed::Wrongly,
    }
}

fn parse(header: &str) -> Option<(hmac::Algorithm, Vec<u8>)> {
    let (method, signature) = header.trim().split_once('=')?;
    let algorithm = match method.to_ascii_lowercase().as_str() {
        "sha1" => hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY,
        "sha256" => hmac::HMAC_SHA256,
        "sha384" => hmac::HMAC_SHA384,
        "sha512" => hmac::HMAC_SHA512,
        _ => return None,
    };
    let digits = signature.as_bytes();
    if digits.len() != 2 * algorithm.digest_algorithm().output_len() {
        return None;
    }
    let byte = |pair: &[u8]| {
        let [high, low] = pair else { return None };
        let digit = |digit: u8| char::from(digit).to_digit(16);
        u8::try_from(digit(*high)? * 16 + digit(*low)?).ok()
    };
    Some((algorithm, digits.chunks(2).map(byte).collect::<Option<_>>()?))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Test case 2 of RFC 2202 and RFC 4231, known to everybody.
    const SECRET: &str = "Jefe";
    const BODY: &str = "what do ya want for nothing?";
    const SHA1: &str = "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79";
    const SHA256: &str = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
    const SHA384: &str =
        "af45d2e376484031617f78d2b58a6b1b9c7ef464f5a01b47e42ec3736322445e8e2240ca5e69e2c78b3239ecfab21649";
    const SHA512: &str = "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea2505549758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737";

    fn check_header(header: &str, signed: Signed) {
        assert_eq!(check(Some(header), SECRET, BODY.as_bytes()), signed, "{header}");
    }

    #[test]
    fn each_method_of_the_recommendation_is_known() {
        for (method, signature) in
            [("sha1", SHA1), ("sha256", SHA256), ("sha384", SHA384), ("sha512", SHA512)]
        {
            check_header(&format!("{method}={signature}"), Signed::Rightly);
        }
        check_header(&format!("SHA256={}", SHA256.to_uppercase()), Signed::Rightly);
    }

    #[test]
    fn a_signature_by_another_method_than_it_says_is_wrong() {
        check_header(&format!("sha256={SHA1}"), Signed::Wrongly);
        check_header(&format!("sha1={SHA256}"), Signed::Wrongly);
        check_header(&format!("sha1={}", &SHA256[..40]), Signed::Wrongly);
        check_header(&format!("md5={SHA1}"), Signed::Wrongly);
        check_header(SHA256, Signed::Wrongly);
    }

    #[test]
    fn a_part_of_a_signature_is_none() {
        for header in [
            "sha256=",
            "sha256=5b",
            "=",
            "",
            "sha1=effcdf",
            &format!("sha256={SHA256}00"),
            &format!("sha1={}é", &SHA1[..38]),
        ] {
            check_header(header, Signed::Wrongly);
        }
    }

    #[test]
    fn another_body_or_secret_is_not_signed_by_it() {
        let header = format!("sha256={SHA256}");
        assert_eq!(check(Some(&header), SECRET, b"what do ya want for nothing!"), Signed::Wrongly);
        assert_eq!(check(Some(&header), "Jeff", BODY.as_bytes()), Signed::Wrongly);
        assert_eq!(check(None, SECRET, BODY.as_bytes()), Signed::Not);
    }

    proptest! {
        #[test]
        fn no_header_panics_or_is_believed(header in "(sha1|sha256|sha512|=|[0-9a-f]{2}|[0-9a-f]{40}|\\PC){0,6}") {
            prop_assert_eq!(check(Some(&header), SECRET, b"body"), Signed::Wrongly);
        }
    }
}
