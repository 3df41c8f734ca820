use std::fs;

use super::*;

#[test]
fn accepts_a_proof_and_refuses_it_with_one_byte_changed() {
    let (claim, proof) = hash_chain::prove(42, 2).unwrap();
    let claim = serde_json::to_vec(&claim).unwrap();
    let mut tampered = proof.clone();
    tampered[proof.len() / 2] ^= 1;

    assert_eq!(verify_files(&[("claim.json", &claim), ("proof.bin", &proof)]), Ok("accepted".to_owned()));
    let refused = verify_files(&[("claim.json", &claim), ("proof.bin", &tampered)]).unwrap_err();
    assert!(refused.starts_with("proof refused: "), "{refused}");
}

#[test]
fn refuses_files_that_are_not_a_claim_and_a_proof() {
    for (files, message) in [
        (vec![], "the task has 0 files, expected a claim and its proof"),
        (vec![("a", &b"{}"[..]), ("b", b"")], "`a` is no claim: missing field `seed`"),
        (vec![("a", &[b' '; 5000]), ("b", b"")], "`a` is longer than 4096 bytes"),
    ] {
        let error = verify_files(&files).unwrap_err();
        assert!(error.starts_with(message), "{error}");
    }
}

fn verify_files(files: &[(&str, &[u8])]) -> Result<String, String> {
    let folder = std::env::temp_dir().join(format!("verifier-{}-{:p}", std::process::id(), files));
    fs::create_dir(&folder).unwrap();
    let workspace = Workspace::at(&folder);
    for (name, bytes) in files {
        workspace.write(name, bytes).unwrap();
    }
    let names = files.iter().map(|(name, _)| (*name).to_owned()).collect();
    let result = verify(&Task { id: "t".to_owned(), args: vec![], files: names }, &workspace);
    fs::remove_dir_all(&folder).unwrap();
    result.map(|output| String::from_utf8(output.data).unwrap()).map_err(|error| error.to_string())
}
