const utf8 = new TextEncoder();

/** Appends bytes to a buffer that grows. */
export class ByteWriter {
  #bytes = new Uint8Array(256);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  pushByte(byte: number): void {
    if (this.#length === this.#bytes.length) this.#grow(1);
    this.#bytes[this.#length++] = byte;
  }

  push(bytes: Uint8Array): void {
    if (this.#length + bytes.length > this.#bytes.length) this.#grow(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  /** Appends text as UTF-8; `length` is its size in bytes. */
  pushText(text: string, length: number): void {
    if (this.#length + length > this.#bytes.length) this.#grow(length);
    utf8.encodeInto(text, this.#bytes.subarray(this.#length));
    this.#length += length;
  }

  /** What was written so far, as a copy of its own size. */
  toBytes(): Uint8Array {
    return this.#bytes.slice(0, this.#length);
  }

  #grow(more: number): void {
    const grown = new Uint8Array(Math.max(2 * this.#bytes.length, this.#length + more));
    grown.set(this.#bytes);
    this.#bytes = grown;
  }
}
