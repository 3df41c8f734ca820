//! The statement: *hashing `seed` again and again, `length` times, ends in `digest`*.
//!
//! [`prove`] does the hashing and writes a STARK for it, [`verify`] checks the STARK in milliseconds
//! without hashing anything again. What both must agree on is the [`Claim`] and, in `air.rs`, how the
//! hash is written as polynomial constraints.
//!
//! The hash is MiMC with 128 rounds over the 128-bit field of winterfell, each link fed forward to the
//! next: simple to prove, and good enough for an example. Nobody has reviewed it for anything else.

mod air;
mod bounded;
mod prove;
mod verify;

use serde::{Deserialize, Serialize};
use winterfell::math::{FieldElement, StarkField, fields::f128::BaseElement};

pub use prove::prove;
pub use verify::{Refused, verify};

/// The longest chain: proving it takes 900 MiB of memory, and a node gives 2 GiB by default.
pub const MAX_LENGTH: usize = 1 << 11;

/// Longer proofs are refused unread; one of the longest chain has about 80 KiB.
pub const MAX_PROOF_BYTES: usize = 1 << 20;

/// The public inputs of a proof.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claim {
    /// What the first link hashes, below the field's modulus (2^128 - 45 * 2^40 + 1).
    pub seed: u128,
    /// Number of links: a power of two up to [`MAX_LENGTH`].
    pub length: usize,
    /// The last link.
    pub digest: u128,
}

impl Claim {
    /// Whether a proof of this claim can exist at all; says what is wrong when it cannot.
    fn check(&self) -> Result<(), String> {
        if !self.length.is_power_of_two() || self.length > MAX_LENGTH {
            return Err(format!("the length is {}, expected a power of two up to {MAX_LENGTH}", self.length));
        }
        for (name, value) in [("seed", self.seed), ("digest", self.digest)] {
            if value >= BaseElement::MODULUS {
                return Err(format!("the {name} is {value}, expected less than {}", BaseElement::MODULUS));
            }
        }
        Ok(())
    }
}

/// Rounds in one link. MiMC asks for log3 of the modulus, 81; the trace wants a power of two.
const ROUNDS: usize = 128;

/// One round: the field's cube is a permutation, so no information is lost.
fn round<E: FieldElement>(state: E, constant: E) -> E {
    (state + constant).cube()
}

/// Nothing up my sleeve: the seventh powers of the round numbers.
fn round_constant(round: usize) -> BaseElement {
    BaseElement::new(round as u128).exp(7)
}

#[cfg(test)]
mod tests;
