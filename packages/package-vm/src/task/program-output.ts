import { type OutputStream } from '@package-vm/process';

/** Passes a program's output on as it comes, and ends a line that the program left open, so that ours begin on one of their own. */
export class ProgramOutput {
  readonly #write: Readonly<Record<OutputStream, (chunk: Uint8Array | string) => void>>;
  #endsLine = true;

  constructor(write: Readonly<Record<OutputStream, (chunk: Uint8Array | string) => void>>) {
    this.#write = write;
  }

  take(chunk: Uint8Array, stream: OutputStream = 'stdout'): void {
    this.#endsLine = chunk.at(-1) === LINE_FEED;
    this.#write[stream](chunk);
  }

  end(): void {
    if (!this.#endsLine) this.#write.stderr('\n');
  }
}

const LINE_FEED = 0x0a;
