import type { Socket } from 'node:net';

export type PacketLimits = { readonly strangerBytes: number; readonly deviceBytes: number };

/**
 * design.md 5.1: a packet may claim no more than this, whatever its sender intends to send. A stranger is who has not
 * shown its credential yet; from its acceptance on, just before CONNACK, it is a device.
 */
export const packetLimits: PacketLimits = { strangerBytes: 4 * 1024, deviceBytes: 256 * 1024 };

/** Follows MQTT fixed headers through a byte stream; knows only packet boundaries and lengths. */
export class PacketLengthFollower {
  #bytesToSkip = 0;
  #length: number | undefined;
  #multiplier = 1;

  /** The first claimed length above `limitBytes`, or a malformed length (more than 4 bytes, [MQTT-2.2.3]). */
  violation(chunk: Uint8Array, limitBytes: number): string | undefined {
    let offset = 0;
    while (offset < chunk.length) {
      if (this.#bytesToSkip > 0) {
        const skipped = Math.min(this.#bytesToSkip, chunk.length - offset);
        this.#bytesToSkip -= skipped;
        offset += skipped;
        continue;
      }
      const byte = chunk[offset++] as number;
      if (this.#length === undefined) {
        this.#length = 0;
        this.#multiplier = 1;
        continue;
      }
      this.#length += (byte & 0x7f) * this.#multiplier;
      if ((byte & 0x80) !== 0) {
        this.#multiplier *= 128;
        if (this.#multiplier > 128 ** 3) return 'packet length of more than 4 bytes';
        continue;
      }
      if (this.#length > limitBytes) return `packet of ${this.#length} bytes, limit ${limitBytes}`;
      this.#bytesToSkip = this.#length;
      this.#length = undefined;
    }
    return undefined;
  }
}

/**
 * Refuses an oversized packet after its header, before a byte of it is buffered: aedes would collect whatever length
 * a packet claims. It reads with `socket.read()`, so the guard sits there; a transform stream would halve the rate.
 */
export function guardPacketLength(socket: Socket, isAccepted: () => boolean, onRefused: (why: string) => void): void {
  const follower = new PacketLengthFollower();
  const read = socket.read.bind(socket);
  socket.read = (size?: number): unknown => {
    const chunk: unknown = read(size);
    if (!(chunk instanceof Uint8Array)) return chunk;
    const limit = isAccepted() ? packetLimits.deviceBytes : packetLimits.strangerBytes;
    const why = follower.violation(chunk, limit);
    if (why === undefined) return chunk;
    onRefused(why);
    socket.destroy();
    return null;
  };
}
