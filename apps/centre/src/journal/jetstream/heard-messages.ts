/**
 * Messages of gateways as they passed by on their way into the stream, until it is known which number the stream gave
 * them: what is found here need not be fetched from the server. Nobody relies on it: what is not here is fetched.
 */
export class HeardMessages {
  readonly #maxBytes: number;
  readonly #bodies = new Map<string, Uint8Array>();
  #bytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** The oldest make room: their senders' words were lost, or never came. */
  hear(id: string, body: Uint8Array): void {
    this.take(id);
    this.#bodies.set(id, body);
    this.#bytes += body.byteLength;
    for (const oldest of this.#bodies.keys()) {
      if (this.#bytes <= this.#maxBytes) return;
      this.take(oldest);
    }
  }

  take(id: string): Uint8Array | undefined {
    const body = this.#bodies.get(id);
    if (body === undefined) return undefined;
    this.#bodies.delete(id);
    this.#bytes -= body.byteLength;
    return body;
  }
}
