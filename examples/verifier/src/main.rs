//! The verifier for `hash-chain-prover`: takes the claim and the proof as the task's files, ends with
//! `accepted` or with an error that says why not.

use std::process::ExitCode;

use file_protocol::{Output, Task, TaskError, Workspace};
use hash_chain::{Claim, MAX_PROOF_BYTES};

/// A claim has about 100 bytes.
const MAX_CLAIM_BYTES: u64 = 4096;

fn main() -> ExitCode {
    file_protocol::run(verify)
}

fn verify(task: &Task, workspace: &Workspace) -> Result<Output, TaskError> {
    let [claim_file, proof_file] = task.files.as_slice() else {
        return Err(format!("the task has {} files, expected a claim and its proof", task.files.len()).into());
    };
    let claim: Claim = serde_json::from_slice(&workspace.read(claim_file, MAX_CLAIM_BYTES)?)
        .map_err(|error| format!("`{claim_file}` is no claim: {error}"))?;
    let proof = workspace.read(proof_file, MAX_PROOF_BYTES as u64)?;

    hash_chain::verify(&claim, &proof)?;
    println!("accepted: {} hashed {} times is {}", claim.seed, claim.length, claim.digest);
    Ok(Output { data: b"accepted".to_vec(), files: vec![] })
}

#[cfg(test)]
mod tests;
