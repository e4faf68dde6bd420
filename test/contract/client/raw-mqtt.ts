import { connect as connectSocket, type Socket } from 'node:net';
import { eventually, within } from './eventually.ts';

/** A packet as it came: type and flags of the first byte, and the bytes behind the fixed header. */
export type Packet = { readonly type: number; readonly flags: number; readonly body: Buffer };

export const packetTypes = {
  connack: 2,
  publish: 3,
  puback: 4,
  pubrec: 5,
  pubcomp: 7,
  suback: 9,
  pingresp: 13,
} as const;

/** Variable length of MQTT 3.1.1 section 2.2.3. */
export function remainingLength(length: number): Buffer {
  const bytes: number[] = [];
  let rest = length;
  do {
    const digit = rest % 128;
    rest = Math.floor(rest / 128);
    bytes.push(rest > 0 ? digit | 0x80 : digit);
  } while (rest > 0);
  return Buffer.from(bytes);
}

function text(value: string | Buffer): Buffer {
  const bytes = Buffer.from(value);
  const length = Buffer.alloc(2);
  length.writeUInt16BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

const packet = (firstByte: number, body: Buffer): Buffer =>
  Buffer.concat([Buffer.from([firstByte]), remainingLength(body.length), body]);

export type ConnectOptions = {
  readonly clientId: string;
  readonly username?: string;
  readonly password?: string;
  readonly keepaliveS?: number;
  readonly clean?: boolean;
  readonly will?: {
    readonly topic: string;
    readonly payload: string | Buffer;
    readonly qos?: 0 | 1;
    readonly retain?: boolean;
  };
  /** 4 = MQTT 3.1.1, 5 = MQTT 5. */
  readonly protocolLevel?: 4 | 5;
};

export function connectPacket(options: ConnectOptions): Buffer {
  const { clientId, username, password, keepaliveS = 60, clean = true, will, protocolLevel = 4 } = options;
  const flags =
    (clean ? 0x02 : 0) |
    (will === undefined ? 0 : 0x04 | ((will.qos ?? 0) << 3) | (will.retain === true ? 0x20 : 0)) |
    (password === undefined ? 0 : 0x40) |
    (username === undefined ? 0 : 0x80);
  const properties = protocolLevel === 5 ? Buffer.from([0]) : Buffer.alloc(0);
  return packet(
    0x10,
    Buffer.concat([
      text('MQTT'),
      Buffer.from([protocolLevel, flags, keepaliveS >> 8, keepaliveS & 0xff]),
      properties,
      text(clientId),
      ...(will === undefined ? [] : [properties, text(will.topic), text(Buffer.from(will.payload))]),
      ...(username === undefined ? [] : [text(username)]),
      ...(password === undefined ? [] : [text(password)]),
    ]),
  );
}

export function publishPacket(
  topic: string,
  payload: string | Uint8Array,
  options: { readonly qos?: 0 | 1 | 2; readonly id?: number; readonly dup?: boolean; readonly retain?: boolean } = {},
): Buffer {
  const { qos = 1, id = 1, dup = false, retain = false } = options;
  const packetId = Buffer.alloc(qos === 0 ? 0 : 2);
  if (qos > 0) packetId.writeUInt16BE(id);
  const firstByte = 0x30 | (dup ? 0x08 : 0) | (qos << 1) | (retain ? 0x01 : 0);
  return packet(firstByte, Buffer.concat([text(topic), packetId, Buffer.from(payload)]));
}

export function subscribePacket(topics: readonly string[], id = 1): Buffer {
  return packet(
    0x82,
    Buffer.concat([Buffer.from([id >> 8, id & 0xff]), ...topics.flatMap((topic) => [text(topic), Buffer.from([1])])]),
  );
}

/** PUBREL, the third step of QoS 2. */
export const pubrelPacket = (id: number): Buffer => packet(0x62, Buffer.from([id >> 8, id & 0xff]));
export const disconnectPacket = (): Buffer => Buffer.from([0xe0, 0]);

/** A socket that speaks bytes and reads packets: for what a well-behaved client library would not send. */
export class RawMqtt {
  readonly socket: Socket;
  readonly packets: Packet[] = [];
  #unread = Buffer.alloc(0);
  #closed = false;

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.on('data', (chunk) => this.#read(chunk));
    // A refused connection is reset while we still write; what counts is that it is closed.
    socket.on('error', () => undefined);
    socket.on('close', () => (this.#closed = true));
  }

  static async open(port: number): Promise<RawMqtt> {
    const socket = connectSocket(port, '127.0.0.1');
    socket.setNoDelay(true);
    await within(
      'TCP connection',
      new Promise<void>((resolve, reject) => {
        socket.once('connect', () => resolve());
        socket.once('error', reject);
      }),
    );
    return new RawMqtt(socket);
  }

  /** Opens and logs in; fails when CONNACK is not 0. */
  static async logIn(
    port: number,
    deviceId: string,
    secret: string,
    options: Partial<ConnectOptions> = {},
  ): Promise<RawMqtt> {
    const client = await RawMqtt.open(port);
    client.send(connectPacket({ clientId: deviceId, username: deviceId, password: secret, ...options }));
    const connack = await client.first(packetTypes.connack);
    if (connack.body[1] !== 0) throw new Error(`CONNACK ${connack.body[1]}`);
    return client;
  }

  get isClosed(): boolean {
    return this.#closed;
  }

  send(bytes: Uint8Array): void {
    this.socket.write(bytes);
  }

  ofType(type: number): Packet[] {
    return this.packets.filter((candidate) => candidate.type === type);
  }

  async first(type: number, timeoutMs?: number): Promise<Packet> {
    return eventually(
      `a packet of type ${type}${this.#closed ? ' (connection closed)' : ''}`,
      () => this.ofType(type)[0],
      timeoutMs,
    );
  }

  async untilClosed(timeoutMs?: number): Promise<void> {
    await eventually('the centre to close the connection', () => this.#closed, timeoutMs);
  }

  destroy(): void {
    this.socket.destroy();
  }

  #read(chunk: Buffer): void {
    this.#unread = Buffer.concat([this.#unread, chunk]);
    for (;;) {
      let length = 0;
      let multiplier = 1;
      let offset = 1;
      for (;;) {
        const byte = this.#unread[offset++];
        if (byte === undefined) return;
        length += (byte & 0x7f) * multiplier;
        if ((byte & 0x80) === 0) break;
        multiplier *= 128;
      }
      if (this.#unread.length < offset + length) return;
      const first = this.#unread[0] ?? 0;
      this.packets.push({
        type: first >> 4,
        flags: first & 0x0f,
        body: this.#unread.subarray(offset, offset + length),
      });
      this.#unread = this.#unread.subarray(offset + length);
    }
  }
}

/** CONNACK return code of a CONNECT, or `closed` when the connection ended without one. */
export async function connackOf(port: number, options: ConnectOptions): Promise<number | 'closed'> {
  const client = await RawMqtt.open(port);
  try {
    client.send(connectPacket(options));
    return await eventually('CONNACK or close', () => {
      const connack = client.ofType(packetTypes.connack)[0];
      if (connack !== undefined) return connack.body[1] ?? -1;
      return client.isClosed ? 'closed' : undefined;
    });
  } finally {
    client.destroy();
  }
}
