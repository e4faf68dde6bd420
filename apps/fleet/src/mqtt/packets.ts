/** The packets of MQTT 3.1.1 that a device which only reports needs; written by hand because a fleet has thousands. */
export const packetTypes = { connack: 2, publish: 3, puback: 4, pingresp: 13 } as const;

export const pingPacket = Buffer.from([0xc0, 0]);
export const disconnectPacket = Buffer.from([0xe0, 0]);

/** Section 3.1: clean session, client id = user name = device id. */
export function connectPacket(deviceId: string, secret: string, keepAliveS: number): Buffer {
  const head = Buffer.from([0, 4, 0x4d, 0x51, 0x54, 0x54, 4, 0xc2, keepAliveS >> 8, keepAliveS & 0xff]);
  return packet(0x10, [head, text(deviceId), text(deviceId), text(secret)]);
}

/** Section 3.3, QoS 1. */
export function publishPacket(topic: string, packetId: number, payload: Uint8Array, isAgain: boolean): Buffer {
  const id = Buffer.from([packetId >> 8, packetId & 0xff]);
  return packet(isAgain ? 0x3a : 0x32, [text(topic), id, payload]);
}

/** Section 3.4. */
export const pubackPacket = (packetId: number): Buffer => Buffer.from([0x40, 2, packetId >> 8, packetId & 0xff]);

function packet(firstByte: number, parts: readonly Uint8Array[]): Buffer {
  let length = parts.reduce((sum, part) => sum + part.length, 0);
  const head = [firstByte];
  // Section 2.2.3: seven bits a byte, the lowest first.
  do {
    const digit = length % 128;
    length = Math.floor(length / 128);
    head.push(length > 0 ? digit | 0x80 : digit);
  } while (length > 0);
  return Buffer.concat([Buffer.from(head), ...parts]);
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([Buffer.from([bytes.length >> 8, bytes.length & 0xff]), bytes]);
}

export type ReadPacket = { readonly type: number; readonly flags: number; readonly body: Buffer };

/** Whole packets of a stream, and what is left of it. @throws Error for a length that MQTT does not have. */
export function readPackets(bytes: Buffer): { readonly packets: readonly ReadPacket[]; readonly rest: Buffer } {
  const packets: ReadPacket[] = [];
  let start = 0;
  for (;;) {
    let length = 0;
    let offset = start + 1;
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[offset++];
      if (byte === undefined) return { packets, rest: bytes.subarray(start) };
      if (shift > 21) throw new Error('MQTT: a remaining length of more than four bytes');
      length += (byte & 0x7f) << shift;
      if ((byte & 0x80) === 0) break;
    }
    if (offset + length > bytes.length) return { packets, rest: bytes.subarray(start) };
    const first = bytes[start] ?? 0;
    packets.push({ type: first >> 4, flags: first & 0x0f, body: bytes.subarray(offset, offset + length) });
    start = offset + length;
  }
}
