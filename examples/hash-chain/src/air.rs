//! The hash chain as constraints on a table (the *trace*) with one row for each round.
//!
//! Row `i` of a link holds `state`, as it is after round `i`, and `input`, what the link hashes. Its last
//! round also adds `input` to `state`, which makes the link hard to undo; that sum is the link's digest,
//! and the next link's input.

use winterfell::math::{FieldElement, ToElements, fields::f128::BaseElement};
use winterfell::{
    Air, AirContext, Assertion, BatchingMethod, EvaluationFrame, FieldExtension, ProofOptions, TraceInfo,
    TransitionConstraintDegree,
};

use crate::{Claim, ROUNDS, round, round_constant};

pub(crate) const STATE: usize = 0;
pub(crate) const INPUT: usize = 1;
const WIDTH: usize = 2;

/// The protocol's parameters, for about 100 bits of (conjectured) security. The verifier accepts no others.
pub(crate) fn proof_options() -> ProofOptions {
    let (queries, blowup_factor, grinding_bits) = (32, 8, 8);
    let (folding_factor, remainder_degree) = (8, 31);
    ProofOptions::new(
        queries,
        blowup_factor,
        grinding_bits,
        FieldExtension::None,
        folding_factor,
        remainder_degree,
        BatchingMethod::Linear,
        BatchingMethod::Linear,
    )
}

/// The shape of the trace that proves `claim`.
pub(crate) fn trace_info(claim: &Claim) -> TraceInfo {
    TraceInfo::new(WIDTH, claim.length * ROUNDS)
}

/// What changes from round to round, the same in each link.
pub(crate) struct Step<E> {
    pub constant: E,
    /// One on the way into a link's last row, zero elsewhere: add the input to the state.
    pub feed_forward: E,
    /// One on the way from a link's last row to the next link, zero elsewhere: the digest becomes the input.
    pub next_link: E,
}

impl Step<BaseElement> {
    /// The step from row `row` of a link to the row that follows.
    pub fn after(row: usize) -> Self {
        let row = row % ROUNDS;
        Self {
            constant: round_constant((row + 1) % ROUNDS),
            feed_forward: BaseElement::from(u8::from(row == ROUNDS - 2)),
            next_link: BaseElement::from(u8::from(row == ROUNDS - 1)),
        }
    }
}

impl<E: FieldElement> Step<E> {
    /// The row that follows `row`.
    pub fn apply(&self, row: [E; WIDTH]) -> [E; WIDTH] {
        let [state, input] = row;
        [round(state, self.constant) + self.feed_forward * input, input + self.next_link * (state - input)]
    }
}

/// The first row: the seed after round 0.
pub(crate) fn first_row(seed: BaseElement) -> [BaseElement; WIDTH] {
    [round(seed, round_constant(0)), seed]
}

impl ToElements<BaseElement> for Claim {
    fn to_elements(&self) -> Vec<BaseElement> {
        vec![
            BaseElement::new(self.seed),
            BaseElement::new(self.length as u128),
            BaseElement::new(self.digest),
        ]
    }
}

/// The algebraic intermediate representation: winterfell's name for the constraints.
pub(crate) struct ChainAir {
    context: AirContext<BaseElement>,
    claim: Claim,
}

impl Air for ChainAir {
    type BaseField = BaseElement;
    type PublicInputs = Claim;

    fn new(trace_info: TraceInfo, claim: Claim, options: ProofOptions) -> Self {
        let degrees = vec![
            TransitionConstraintDegree::new(3),
            TransitionConstraintDegree::with_cycles(1, vec![ROUNDS]),
        ];
        let assertions = 3;
        Self { context: AirContext::new(trace_info, degrees, assertions, options), claim }
    }

    fn context(&self) -> &AirContext<BaseElement> {
        &self.context
    }

    fn get_periodic_column_values(&self) -> Vec<Vec<BaseElement>> {
        let column = |value: fn(Step<BaseElement>) -> BaseElement| {
            (0..ROUNDS).map(|row| value(Step::after(row))).collect()
        };
        vec![column(|step| step.constant), column(|step| step.feed_forward), column(|step| step.next_link)]
    }

    fn evaluate_transition<E: FieldElement<BaseField = BaseElement>>(
        &self,
        frame: &EvaluationFrame<E>,
        periodic_values: &[E],
        result: &mut [E],
    ) {
        let step = Step {
            constant: periodic_values[0],
            feed_forward: periodic_values[1],
            next_link: periodic_values[2],
        };
        let [state, input] = step.apply([frame.current()[STATE], frame.current()[INPUT]]);
        result[STATE] = frame.next()[STATE] - state;
        result[INPUT] = frame.next()[INPUT] - input;
    }

    fn get_assertions(&self) -> Vec<Assertion<BaseElement>> {
        let [state, input] = first_row(BaseElement::new(self.claim.seed));
        let last_row = self.trace_length() - 1;
        vec![
            Assertion::single(STATE, 0, state),
            Assertion::single(INPUT, 0, input),
            Assertion::single(STATE, last_row, BaseElement::new(self.claim.digest)),
        ]
    }
}
