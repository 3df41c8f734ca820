use std::error::Error;
use std::fmt::{self, Display, Formatter};
use std::panic::catch_unwind;

use winter_utils::{ByteReader, Deserializable, SliceReader};
use winterfell::crypto::{DefaultRandomCoin, hashers::Blake3_256};
use winterfell::math::fields::f128::BaseElement;
use winterfell::{AcceptableOptions, Proof};

use crate::air::{ChainAir, proof_options, trace_info};
use crate::bounded::{BoundedMerkleTree, BoundedReader};
use crate::{Claim, MAX_PROOF_BYTES};

type Hash = Blake3_256<BaseElement>;

/// The proof does not show the claim; the text says why.
#[derive(Debug)]
pub struct Refused(String);

impl Display for Refused {
    fn fmt(&self, formatter: &mut Formatter) -> fmt::Result {
        write!(formatter, "proof refused: {}", self.0)
    }
}

impl Error for Refused {}

/// Checks that `proof` shows `claim`. Both may come from anybody: whatever they hold, this returns.
///
/// # Errors
/// [`Refused`] when it does not.
pub fn verify(claim: &Claim, proof: &[u8]) -> Result<(), Refused> {
    claim.check().map_err(Refused)?;
    // winterfell asserts some of what it reads from a proof
    catch_unwind(|| check(claim, proof)).unwrap_or_else(|_| Err("it is damaged".to_owned())).map_err(Refused)
}

fn check(claim: &Claim, proof: &[u8]) -> Result<(), String> {
    if proof.len() > MAX_PROOF_BYTES {
        return Err(format!("it has more than {MAX_PROOF_BYTES} bytes"));
    }
    let mut source = SliceReader::new(proof);
    let proof = Proof::read_from(&mut BoundedReader(&mut source)).map_err(|error| error.to_string())?;
    if source.has_more_bytes() {
        return Err("bytes follow its end".to_owned());
    }
    // the proof says what trace it is of, and winterfell believes it
    if *proof.trace_info() != trace_info(claim) {
        return Err(format!("it is not of a chain of {} links", claim.length));
    }
    let acceptable = AcceptableOptions::OptionSet(vec![proof_options()]);
    winterfell::verify::<ChainAir, Hash, DefaultRandomCoin<Hash>, BoundedMerkleTree<Hash>>(
        proof,
        claim.clone(),
        &acceptable,
    )
    .map_err(|error| error.to_string())
}
