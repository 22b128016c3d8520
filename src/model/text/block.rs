//! Many bytes of a text looked at together: most of it needs no closer look.

/// Bytes that are looked at together.
pub(crate) type Block = [u8; 32];

/// Those from `at`, with `filler` where the text has ended.
#[inline]
pub(crate) fn block_at(text: &[u8], at: usize, filler: u8) -> Block {
    let rest = text.get(at..).unwrap_or_default();
    rest.first_chunk().copied().unwrap_or_else(|| filled(rest, filler))
}

#[inline(never)]
fn filled(rest: &[u8], filler: u8) -> Block {
    let mut block = [filler; size_of::<Block>()];
    if let Some(start) = block.get_mut(..rest.len()) {
        start.copy_from_slice(rest);
    }
    block
}

/// One bit for each byte that is so, the first one lowest. A question without a branch (`|` for `||`) the compiler asks of
/// many bytes at once.
#[inline]
pub(crate) fn marks(block: &Block, is_so: impl Fn(u8) -> bool) -> u32 {
    let mut answers = [0; size_of::<Block>()];
    for (answer, byte) in answers.iter_mut().zip(block) {
        *answer = u8::from(is_so(*byte));
    }
    bits(&answers)
}

/// [`marks`] of the bytes that are not ASCII, in few steps if there are none.
#[inline]
pub(crate) fn beyond_ascii(block: &Block) -> u32 {
    let all = block.iter().fold(0, |all, byte| all | byte);
    if all.is_ascii() { 0 } else { marks(block, |byte| !byte.is_ascii()) }
}

/// The bytes are 0 or 1. Not inlined: together with the questions the compiler takes it apart byte by byte, at four times
/// the cost.
#[inline(never)]
fn bits(answers: &Block) -> u32 {
    let (eights, _) = answers.as_chunks();
    // Times this number, eight bytes have their lowest bits side by side in the highest byte.
    let gather = |eight: &[u8; 8]| u64::from_le_bytes(*eight).wrapping_mul(0x0102_0408_1020_4080) >> 56;
    let all = eights.iter().rev().fold(0, |bits, eight| bits << 8 | gather(eight));
    u32::try_from(all).expect("four times eight bits")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn behind_the_end_stands_the_filler() {
        let text: Vec<u8> = (0..40).collect();
        assert_eq!(block_at(&text, 8, b' ').to_vec(), text[8..]);
        assert_eq!(block_at(&text, 38, b' ')[..3], [38, 39, b' ']);
        assert_eq!(block_at(&text, 41, b' '), [b' '; 32]);
    }

    proptest! {
        #[test]
        fn each_byte_has_its_bit(block: Block, least: u8) {
            let marks = marks(&block, |byte| byte >= least);
            prop_assert_eq!(beyond_ascii(&block), super::marks(&block, |byte| byte >= 0x80));
            for (at, byte) in block.into_iter().enumerate() {
                prop_assert_eq!(marks >> at & 1 == 1, byte >= least);
            }
        }
    }
}
