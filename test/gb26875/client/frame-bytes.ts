/** Frames written by hand from Table 1, without the product's codec. */

export type FrameParts = {
  readonly serial: number;
  /** Six bytes in wire order. */
  readonly source: string;
  readonly destination?: string;
  readonly command: number;
  readonly data?: Uint8Array;
  /** Six bytes; default now in Beijing. */
  readonly label?: Uint8Array;
  readonly major?: number;
};

const CENTRE = '010000000000';

export function frameBytes(parts: FrameParts): Buffer {
  const data = Buffer.from(parts.data ?? []);
  const frame = Buffer.alloc(30 + data.length);
  frame.write('@@', 0, 'latin1');
  frame.writeUInt16LE(parts.serial, 2);
  frame[4] = parts.major ?? 1;
  frame[5] = 1;
  Buffer.from(parts.label ?? label(Date.now())).copy(frame, 6);
  Buffer.from(parts.source, 'hex').copy(frame, 12);
  Buffer.from(parts.destination ?? CENTRE, 'hex').copy(frame, 18);
  frame.writeUInt16LE(data.length, 24);
  frame[26] = parts.command;
  data.copy(frame, 27);
  let sum = 0;
  for (const byte of frame.subarray(2, 27 + data.length)) sum += byte;
  frame[27 + data.length] = sum & 0xff;
  frame.write('##', 28 + data.length, 'latin1');
  return frame;
}

/** Time label: second, minute, hour, day, month, year of Beijing. */
export function label(at: number): Buffer {
  const beijing = new Date(at + 8 * 3_600_000);
  return Buffer.from([
    beijing.getUTCSeconds(),
    beijing.getUTCMinutes(),
    beijing.getUTCHours(),
    beijing.getUTCDate(),
    beijing.getUTCMonth() + 1,
    beijing.getUTCFullYear() - 2000,
  ]);
}

export type PartState = {
  readonly systemType?: number;
  readonly systemAddress?: number;
  readonly partType?: number;
  /** Four bytes in wire order. */
  readonly part?: string;
  readonly status: number;
  readonly description?: Uint8Array;
  readonly at?: number;
};

/** Type 2: component states. */
export function partStates(...states: readonly PartState[]): Buffer {
  const objects = states.map((state) => {
    const object = Buffer.alloc(46);
    object[0] = state.systemType ?? 1;
    object[1] = state.systemAddress ?? 1;
    object[2] = state.partType ?? 40;
    Buffer.from(state.part ?? '03000c00', 'hex').copy(object, 3);
    object.writeUInt16LE(state.status, 7);
    Buffer.from(state.description ?? []).copy(object, 9);
    label(state.at ?? Date.now()).copy(object, 40);
    return object;
  });
  return Buffer.concat([Buffer.from([2, states.length]), ...objects]);
}

/** Type 1: the state of a system. */
export function systemState(status: number, systemType = 1, systemAddress = 1, at = Date.now()): Buffer {
  return Buffer.concat([Buffer.from([1, 1, systemType, systemAddress, status & 0xff, status >> 8]), label(at)]);
}

/** Type 3: one analog value. */
export function analogValue(partType: number, part: string, analogType: number, raw: number, at = Date.now()): Buffer {
  const object = Buffer.alloc(10);
  object[0] = 1;
  object[1] = 1;
  object[2] = partType;
  Buffer.from(part, 'hex').copy(object, 3);
  object[7] = analogType;
  object.writeInt16LE(raw, 8);
  return Buffer.concat([Buffer.from([3, 1]), object, label(at)]);
}

/** Type 24: what a person did at the device. */
export function deviceOperation(flags: number, operator: number, at = Date.now()): Buffer {
  return Buffer.concat([Buffer.from([24, 1, flags, operator]), label(at)]);
}

/** Type 21: the state of the device itself. */
export function runState(status: number, at = Date.now()): Buffer {
  return Buffer.concat([Buffer.from([21, 1, status]), label(at)]);
}

export type Reply = {
  readonly serial: number;
  readonly source: string;
  readonly destination: string;
  readonly command: number;
  readonly data: Buffer;
};

/** Takes a whole frame off the front; undefined when there is none yet. Throws when the centre sends what is none. */
export function takeFrame(bytes: Buffer): { readonly reply: Reply; readonly rest: Buffer } | undefined {
  if (bytes.length < 30) return undefined;
  const length = bytes.readUInt16LE(24);
  if (bytes.length < 30 + length) return undefined;
  const frame = bytes.subarray(0, 30 + length);
  let sum = 0;
  for (const byte of frame.subarray(2, 27 + length)) sum += byte;
  const isSound =
    frame.toString('latin1', 0, 2) === '@@' &&
    frame.toString('latin1', 28 + length) === '##' &&
    frame[27 + length] === (sum & 0xff) &&
    frame[4] !== undefined;
  if (!isSound) throw new Error(`the centre sent ${frame.toString('hex')}`);
  const reply = {
    serial: frame.readUInt16LE(2),
    source: frame.toString('hex', 12, 18),
    destination: frame.toString('hex', 18, 24),
    command: frame[26] as number,
    data: Buffer.from(frame.subarray(27, 27 + length)),
  };
  return { reply, rest: bytes.subarray(30 + length) };
}
