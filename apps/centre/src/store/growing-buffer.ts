/** Bytes in network order, written one after the other into memory that doubles when it is full. */
export class GrowingBuffer {
  position = 0;
  #buffer: Buffer<ArrayBuffer>;
  #view: DataView;

  constructor(bytes: number) {
    this.#buffer = Buffer.from(new ArrayBuffer(Math.max(bytes, 64)));
    this.#view = new DataView(this.#buffer.buffer);
  }

  reserve(bytes: number): void {
    const needed = this.position + bytes;
    if (needed <= this.#buffer.length) return;
    const larger = Buffer.from(new ArrayBuffer(Math.max(needed, 2 * this.#buffer.length)));
    this.#buffer.copy(larger, 0, 0, this.position);
    this.#buffer = larger;
    this.#view = new DataView(larger.buffer);
  }

  int16(value: number): void {
    this.reserve(2);
    this.#view.setInt16(this.position, value);
    this.position += 2;
  }

  int32(value: number): void {
    this.reserve(4);
    this.#view.setInt32(this.position, value);
    this.position += 4;
  }

  int32At(position: number, value: number): void {
    this.#view.setInt32(position, value);
  }

  float64(value: number): void {
    this.reserve(8);
    this.#view.setFloat64(this.position, value);
    this.position += 8;
  }

  bytes(value: Uint8Array): void {
    this.reserve(value.length);
    this.#buffer.set(value, this.position);
    this.position += value.length;
  }

  /** Length and UTF-8, after an optional first byte (jsonb's version). False when the text holds U+0000. */
  text(value: string, prefix?: number): boolean {
    if (value.includes('\0')) return false;
    // A UTF-16 unit takes at most 3 bytes of UTF-8.
    this.reserve(5 + 3 * value.length);
    const lengthAt = this.position;
    this.position += 4;
    if (prefix !== undefined) this.#buffer[this.position++] = prefix;
    this.position += this.#buffer.write(value, this.position, 'utf8');
    this.int32At(lengthAt, this.position - lengthAt - 4);
    return true;
  }

  written(): Uint8Array<ArrayBuffer> {
    return new Uint8Array(this.#buffer.buffer, 0, this.position);
  }
}
