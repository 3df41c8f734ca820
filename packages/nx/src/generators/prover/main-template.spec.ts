import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const TESTS = String.raw`
#[test]
fn reads_what_json_escapes() {
    let task = parse_task(r#"{"id":"\"\\\/\b\f\n\r\t","args":["\u00e9\uD83D\ude00é😀"],"files":[]}"#).unwrap();
    assert_eq!(task["id"], ["\"\\/\u{8}\u{c}\n\r\t"]);
    assert_eq!(task["args"], ["é😀é😀"]);
}

#[test]
fn refuses_what_is_no_escape() {
    for damaged in [r"\x", r"\u12", r"\u12g4", r"\u12é", r"\ud83d", r"\ude00\ud83d"] {
        assert!(parse_task(&format!("[\"{damaged}\"]")).is_err(), "{damaged}");
    }
}
`;

describe('the program of a new prover', () => {
  const isMissing = spawnSync('rustc', ['--version']).error !== undefined;
  (isMissing ? it.skip : it)(`reads every escape of JSON${isMissing ? ' (needs `rustc`)' : ''}`, () => {
    const folder = mkdtempSync(join(tmpdir(), 'prover-'));
    try {
      const program = readFileSync('packages/nx/src/generators/prover/files/src/main.rs.template', 'utf8');
      writeFileSync(join(folder, 'main.rs'), `${program}${TESTS}`);
      execFileSync('rustc', ['--test', '--edition=2021', '-Dwarnings', 'main.rs', '-o', 'tests'], { cwd: folder, stdio: 'pipe' });
      expect(execFileSync('./tests', { cwd: folder, encoding: 'utf8' })).toContain('2 passed; 0 failed');
    } finally {
      rmSync(folder, { recursive: true });
    }
  }, 60_000);
});
