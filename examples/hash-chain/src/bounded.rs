//! Reading a proof from a stranger without trusting its lengths.
//!
//! winterfell reserves memory for as many items as a proof says that it has. A wrong byte there asks for
//! terabytes, and a failed allocation aborts the program, which nothing can catch. So a length longer than
//! any proof is an error here, both in the proof and in the Merkle openings packed inside it.

use winter_utils::{ByteReader, ByteWriter, Deserializable, DeserializationError, Serializable};
use winterfell::crypto::{BatchMerkleProof, Hasher, MerkleTree, MerkleTreeError, VectorCommitment};

use crate::MAX_PROOF_BYTES;

/// Reads from another reader, with bounded lengths.
pub(crate) struct BoundedReader<'a, R>(pub &'a mut R);

impl<R: ByteReader> ByteReader for BoundedReader<'_, R> {
    fn read_usize(&mut self) -> Result<usize, DeserializationError> {
        let length = self.0.read_usize()?;
        if length > MAX_PROOF_BYTES {
            return Err(DeserializationError::InvalidValue(format!("a length in it is {length}")));
        }
        Ok(length)
    }

    fn read_u8(&mut self) -> Result<u8, DeserializationError> {
        self.0.read_u8()
    }

    fn peek_u8(&self) -> Result<u8, DeserializationError> {
        self.0.peek_u8()
    }

    fn read_slice(&mut self, length: usize) -> Result<&[u8], DeserializationError> {
        self.0.read_slice(length)
    }

    fn read_array<const N: usize>(&mut self) -> Result<[u8; N], DeserializationError> {
        self.0.read_array()
    }

    fn check_eor(&self, length: usize) -> Result<(), DeserializationError> {
        self.0.check_eor(length)
    }

    fn has_more_bytes(&self) -> bool {
        self.0.has_more_bytes()
    }
}

/// winterfell's Merkle opening, read with bounded lengths.
pub(crate) struct BoundedOpening<H: Hasher>(BatchMerkleProof<H>);

impl<H: Hasher> Serializable for BoundedOpening<H> {
    fn write_into<W: ByteWriter>(&self, target: &mut W) {
        self.0.write_into(target);
    }
}

impl<H: Hasher> Deserializable for BoundedOpening<H> {
    fn read_from<R: ByteReader>(source: &mut R) -> Result<Self, DeserializationError> {
        BatchMerkleProof::read_from(&mut BoundedReader(source)).map(Self)
    }
}

/// winterfell's Merkle tree with [`BoundedOpening`]s.
pub(crate) struct BoundedMerkleTree<H: Hasher>(MerkleTree<H>);

impl<H: Hasher> VectorCommitment<H> for BoundedMerkleTree<H> {
    type Options = ();
    type Proof = Vec<H::Digest>;
    type MultiProof = BoundedOpening<H>;
    type Error = MerkleTreeError;

    fn with_options(items: Vec<H::Digest>, (): ()) -> Result<Self, Self::Error> {
        MerkleTree::new(items).map(Self)
    }

    fn commitment(&self) -> H::Digest {
        self.0.commitment()
    }

    fn domain_len(&self) -> usize {
        self.0.domain_len()
    }

    fn get_proof_domain_len(proof: &Self::Proof) -> usize {
        MerkleTree::<H>::get_proof_domain_len(proof)
    }

    fn get_multiproof_domain_len(proof: &Self::MultiProof) -> usize {
        MerkleTree::<H>::get_multiproof_domain_len(&proof.0)
    }

    fn open(&self, index: usize) -> Result<(H::Digest, Self::Proof), Self::Error> {
        self.0.open(index)
    }

    fn open_many(&self, indexes: &[usize]) -> Result<(Vec<H::Digest>, Self::MultiProof), Self::Error> {
        self.0.open_many(indexes).map(|(items, opening)| (items, BoundedOpening(opening)))
    }

    fn verify(
        root: H::Digest,
        index: usize,
        item: H::Digest,
        proof: &Self::Proof,
    ) -> Result<(), Self::Error> {
        <MerkleTree<H> as VectorCommitment<H>>::verify(root, index, item, proof)
    }

    fn verify_many(
        root: H::Digest,
        indexes: &[usize],
        items: &[H::Digest],
        proof: &Self::MultiProof,
    ) -> Result<(), Self::Error> {
        <MerkleTree<H> as VectorCommitment<H>>::verify_many(root, indexes, items, &proof.0)
    }
}
