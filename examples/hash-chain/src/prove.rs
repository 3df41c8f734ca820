use winterfell::crypto::{DefaultRandomCoin, MerkleTree, hashers::Blake3_256};
use winterfell::math::{FieldElement, StarkField, fields::f128::BaseElement};
use winterfell::matrix::ColMatrix;
use winterfell::{
    AuxRandElements, CompositionPoly, CompositionPolyTrace, ConstraintCompositionCoefficients,
    DefaultConstraintCommitment, DefaultConstraintEvaluator, DefaultTraceLde, PartitionOptions, ProofOptions,
    Prover, StarkDomain, Trace, TraceInfo, TracePolyTable, TraceTable,
};

use crate::Claim;
use crate::air::{ChainAir, INPUT, STATE, Step, first_row, proof_options, trace_info};

/// Hashes `seed` `length` times; gives the claim that comes out and the proof of it, 16 to 85 KiB.
///
/// The same arguments give the same bytes, on every machine.
///
/// # Errors
/// Says what is wrong with the arguments: see [`Claim`] for their limits.
pub fn prove(seed: u128, length: usize) -> Result<(Claim, Vec<u8>), String> {
    let mut claim = Claim { seed, length, digest: 0 };
    claim.check()?;

    let trace = hash(&claim);
    claim.digest = trace.get(STATE, trace.length() - 1).as_int();

    let prover = ChainProver { claim, options: proof_options() };
    let proof = prover.prove(trace).map_err(|error| error.to_string())?;
    Ok((prover.claim, proof.to_bytes()))
}

/// Does the work, and keeps every step of it.
fn hash(claim: &Claim) -> TraceTable<BaseElement> {
    let info = trace_info(claim);
    let mut trace = TraceTable::new(info.width(), info.length());
    trace.fill(
        |row| row.copy_from_slice(&first_row(BaseElement::new(claim.seed))),
        |number, row| row.copy_from_slice(&Step::after(number).apply([row[STATE], row[INPUT]])),
    );
    trace
}

struct ChainProver {
    claim: Claim,
    options: ProofOptions,
}

/// The choice of field, hash and commitments. The methods below `options` only say: the usual ones.
impl Prover for ChainProver {
    type BaseField = BaseElement;
    type Air = ChainAir;
    type Trace = TraceTable<BaseElement>;
    type HashFn = Blake3_256<BaseElement>;
    type VC = MerkleTree<Self::HashFn>;
    type RandomCoin = DefaultRandomCoin<Self::HashFn>;
    type TraceLde<E: FieldElement<BaseField = BaseElement>> = DefaultTraceLde<E, Self::HashFn, Self::VC>;
    type ConstraintCommitment<E: FieldElement<BaseField = BaseElement>> =
        DefaultConstraintCommitment<E, Self::HashFn, Self::VC>;
    type ConstraintEvaluator<'a, E: FieldElement<BaseField = BaseElement>> =
        DefaultConstraintEvaluator<'a, ChainAir, E>;

    fn get_pub_inputs(&self, _trace: &Self::Trace) -> Claim {
        self.claim.clone()
    }

    fn options(&self) -> &ProofOptions {
        &self.options
    }

    fn new_trace_lde<E: FieldElement<BaseField = BaseElement>>(
        &self,
        trace_info: &TraceInfo,
        main_trace: &ColMatrix<BaseElement>,
        domain: &StarkDomain<BaseElement>,
        partition_options: PartitionOptions,
    ) -> (Self::TraceLde<E>, TracePolyTable<E>) {
        DefaultTraceLde::new(trace_info, main_trace, domain, partition_options)
    }

    fn build_constraint_commitment<E: FieldElement<BaseField = BaseElement>>(
        &self,
        composition_poly_trace: CompositionPolyTrace<E>,
        column_count: usize,
        domain: &StarkDomain<BaseElement>,
        partition_options: PartitionOptions,
    ) -> (Self::ConstraintCommitment<E>, CompositionPoly<E>) {
        DefaultConstraintCommitment::new(composition_poly_trace, column_count, domain, partition_options)
    }

    fn new_evaluator<'a, E: FieldElement<BaseField = BaseElement>>(
        &self,
        air: &'a ChainAir,
        aux_rand_elements: Option<AuxRandElements<E>>,
        composition_coefficients: ConstraintCompositionCoefficients<E>,
    ) -> Self::ConstraintEvaluator<'a, E> {
        DefaultConstraintEvaluator::new(air, aux_rand_elements, composition_coefficients)
    }
}
