use winterfell::{Proof, crypto::hashers::Blake3_256};

use super::*;

/// The chain written the plain way, to compare with the trace.
fn hash_chain(seed: u128, length: usize) -> u128 {
    let link = |input| {
        let permuted = (0..ROUNDS).fold(input, |state, number| round(state, round_constant(number)));
        permuted + input
    };
    (0..length).fold(BaseElement::new(seed), |input, _| link(input)).as_int()
}

#[test]
fn proves_the_end_of_the_chain() {
    for length in [1, 2, 8] {
        let (claim, proof) = prove(42, length).unwrap();
        assert_eq!(claim, Claim { seed: 42, length, digest: hash_chain(42, length) });
        verify(&claim, &proof).unwrap();
    }
}

#[test]
fn the_digest_stays_what_it_was() {
    assert_eq!(hash_chain(42, 256), 123_472_612_966_367_996_566_979_853_296_574_537_295);
}

#[test]
fn the_same_arguments_give_the_same_bytes() {
    assert_eq!(prove(7, 2).unwrap(), prove(7, 2).unwrap());
}

#[test]
fn the_options_give_the_security_that_they_promise() {
    let (_, proof) = prove(42, 1).unwrap();
    let security = Proof::from_bytes(&proof).unwrap().conjectured_security::<Blake3_256<BaseElement>>();
    assert!(security.is_at_least(100), "{} bits", security.bits());
}

#[test]
fn refuses_a_claim_that_was_not_proved() {
    let (claim, proof) = prove(42, 4).unwrap();
    let refused = |claim: Claim| verify(&claim, &proof).unwrap_err().to_string();

    refused(Claim { digest: claim.digest + 1, ..claim });
    refused(Claim { seed: 43, ..claim });
    assert!(refused(Claim { length: 2, ..claim }).contains("not of a chain of 2 links"));
    assert!(refused(Claim { length: 3, ..claim }).contains("expected a power of two"));
    assert!(refused(Claim { length: MAX_LENGTH * 2, ..claim }).contains("expected a power of two"));
    assert!(refused(Claim { seed: BaseElement::MODULUS, ..claim }).contains("the seed is"));
}

#[test]
fn refuses_arguments_out_of_range() {
    assert!(prove(42, 0).unwrap_err().contains("the length is 0"));
    assert!(prove(42, 3).unwrap_err().contains("the length is 3"));
    assert!(prove(u128::MAX, 1).unwrap_err().contains("the seed is"));
}

#[test]
fn returns_whatever_the_proof_holds() {
    let (claim, proof) = prove(42, 1).unwrap();
    for end in [0, 1, 40, proof.len() - 1] {
        verify(&claim, &proof[..end]).unwrap_err();
    }
    verify(&claim, &[&proof[..], &[0]].concat()).unwrap_err();
    verify(&claim, &vec![0; MAX_PROOF_BYTES + 1]).unwrap_err();

    // 0xff and 0 make the largest lengths there are, 1 the lowest bit
    for place in (0..proof.len()).step_by(7).chain(0..80) {
        for flip in [0xff, 1, proof[place]] {
            let mut damaged = proof.clone();
            damaged[place] ^= flip;
            if damaged != proof {
                verify(&claim, &damaged).unwrap_err();
            }
        }
    }
}
