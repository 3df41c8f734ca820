import { PackageVmError } from './package-vm-error.js';

export interface MissingTool {
  /** The program's name, as it would be typed. */
  readonly tool: string;
  /** What it is needed for, as in "needed to ⟨purpose⟩". */
  readonly purpose: string;
  /** The command that installs it, or the page that tells how. */
  readonly install: string;
  readonly cause?: unknown;
}

/** A program this project runs is not on the machine. */
export class MissingToolError extends PackageVmError {
  override readonly name = 'MissingToolError';
  readonly tool: string;

  constructor({ tool, purpose, install, cause }: MissingTool) {
    super('PVM_MISSING_TOOL', `Could not find \`${tool}\`, needed to ${purpose}`, {
      hint: `Install it with \`${install}\`, or put its folder on PATH.`,
      cause,
    });
    this.tool = tool;
  }
}
