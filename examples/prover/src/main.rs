//! A prover for a Gevulot VM: `--seed 42 --length 256` in the task's arguments, the claim and its proof in
//! the workspace when it ends.

use std::fmt::Display;
use std::process::ExitCode;
use std::str::FromStr;

use file_protocol::{Output, Task, TaskError, Workspace};

fn main() -> ExitCode {
    file_protocol::run(prove)
}

fn prove(task: &Task, workspace: &Workspace) -> Result<Output, TaskError> {
    let Arguments { seed, length } = Arguments::parse(&task.args)?;
    println!("hashing {seed} {length} times");
    let (claim, proof) = hash_chain::prove(seed, length)?;
    println!("proved that the chain ends in {}", claim.digest);

    workspace.write("claim.json", &serde_json::to_vec(&claim)?)?;
    workspace.write("proof.bin", &proof)?;
    Ok(Output {
        data: claim.digest.to_string().into_bytes(),
        // in the order in which the verifier takes them
        files: vec!["claim.json".to_owned(), "proof.bin".to_owned()],
    })
}

#[derive(Debug, PartialEq)]
struct Arguments {
    seed: u128,
    length: usize,
}

impl Arguments {
    fn parse(args: &[String]) -> Result<Self, TaskError> {
        let (mut seed, mut length) = (None, None);
        for pair in args.chunks(2) {
            match pair {
                [name, value] if name == "--seed" => seed = Some(number(name, value)?),
                [name, value] if name == "--length" => length = Some(number(name, value)?),
                _ => return Err(format!("unexpected arguments `{}`", pair.join(" ")).into()),
            }
        }
        Ok(Self { seed: seed.ok_or("`--seed` is missing")?, length: length.ok_or("`--length` is missing")? })
    }
}

fn number<N: FromStr<Err: Display>>(name: &str, value: &str) -> Result<N, String> {
    value.parse().map_err(|error| format!("`{name}` is `{value}`, expected a number: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Result<Arguments, String> {
        let args: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
        Arguments::parse(&args).map_err(|error| error.to_string())
    }

    #[test]
    fn takes_both_arguments_in_any_order() {
        assert_eq!(parse("--seed 42 --length 256"), Ok(Arguments { seed: 42, length: 256 }));
        assert_eq!(parse("--length 8 --seed 0"), Ok(Arguments { seed: 0, length: 8 }));
    }

    #[test]
    fn says_what_is_wrong_with_the_arguments() {
        for (line, message) in [
            ("--length 256", "`--seed` is missing"),
            ("--seed 42", "`--length` is missing"),
            ("--seed 42 --length", "unexpected arguments `--length`"),
            ("--seed 42 --depth 3", "unexpected arguments `--depth 3`"),
            ("--seed -1 --length 2", "`--seed` is `-1`, expected a number: invalid digit found in string"),
        ] {
            assert_eq!(parse(line), Err(message.to_owned()));
        }
    }
}
