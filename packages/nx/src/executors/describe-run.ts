import type { RunResult, TaskResult } from 'package-vm';

/** What came of a run, a line for each thing. Nx turns every failure into exit code 1, so the program's own is among them. */
export function describeRun({ explanation, hint, notes, taskResult, outputFiles, workspace }: RunResult, exitCode: number): string {
  return [
    ...notes.map((note) => `Note: ${note}`),
    ...outputFiles.map(({ path, sizeBytes }) => `Output file:${path} (${sizeBytes} bytes)`),
    ...(taskResult === undefined ? [] : [describeResult(taskResult)]),
    ...(workspace === undefined ? [] : [`Workspace:${workspace}`]),
    explanation,
    ...(hint === undefined ? [] : [`Hint: ${hint}`]),
    `Exit code:${exitCode}`,
  ].join('\n');
}

function describeResult(result: TaskResult): string {
  switch (result.kind) {
    case 'ok':
      return `Result:Ok, ${result.data.length} bytes of data${result.files.map((file) => `, file ${file}`).join('')}`;
    case 'error':
      return `Result:Err, ${result.message}`;
    case 'invalid':
      return `Result:none that a node can read: ${result.problem}`;
  }
}
