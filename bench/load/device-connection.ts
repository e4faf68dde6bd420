import { connect, type Socket } from 'node:net';
import { connectPacket, packetTypes, remainingLength } from '../../test/contract/client/raw-mqtt.ts';

const CONNECT_TIMEOUT_MS = 20_000;
const FIXED_BYTES = 4;

export type DeviceCredential = { readonly deviceId: string; readonly secret: string };

/**
 * A device on a bare socket: QoS-1 PUBLISH out, PUBACK in, nothing else, so that the load generator costs less than
 * what it measures. It subscribes to nothing: every packet it is sent has four bytes.
 */
export class DeviceConnection {
  readonly deviceId: string;
  readonly #socket: Socket;
  #nextId = 0;
  #rest: Buffer = Buffer.alloc(0);
  /** Told the packet id of each PUBACK. */
  onAcknowledged: (id: number) => void = () => undefined;
  #onConnack: (returnCode: number) => void = () => undefined;
  #isClosed = false;

  private constructor(deviceId: string, socket: Socket) {
    this.deviceId = deviceId;
    this.#socket = socket;
    socket.on('data', (chunk) => this.#read(chunk));
    socket.on('error', () => undefined);
    socket.on('close', () => (this.#isClosed = true));
  }

  /** @throws Error when the centre does not accept the device within 20 s. */
  static open(port: number, { deviceId, secret }: DeviceCredential): Promise<DeviceConnection> {
    return new Promise((resolve, reject) => {
      const socket = connect(port, '127.0.0.1');
      socket.setNoDelay(true);
      const connection = new DeviceConnection(deviceId, socket);
      const timer = setTimeout(() => fail(`no CONNACK within ${CONNECT_TIMEOUT_MS} ms`), CONNECT_TIMEOUT_MS);
      const fail = (why: string): void => {
        clearTimeout(timer);
        socket.destroy();
        reject(new Error(`device ${deviceId}: ${why}`));
      };
      socket.once('error', (error) => fail(error.message));
      connection.#onConnack = (returnCode) => {
        if (returnCode !== 0) return fail(`CONNACK ${returnCode}`);
        clearTimeout(timer);
        resolve(connection);
      };
      // Keep-alive 0: an idle connection stays open without PINGREQ.
      socket.write(connectPacket({ clientId: deviceId, username: deviceId, password: secret, keepaliveS: 0 }));
    });
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Sends one report; the id comes back through `onAcknowledged`. Payload: ASCII. */
  publish(topic: string, payload: string): number {
    this.#nextId = (this.#nextId % 0xffff) + 1;
    const bodyBytes = 4 + topic.length + payload.length;
    const length = remainingLength(bodyBytes);
    const packet = Buffer.allocUnsafe(1 + length.length + bodyBytes);
    packet[0] = 0x32;
    length.copy(packet, 1);
    let offset = packet.writeUInt16BE(topic.length, 1 + length.length);
    offset += packet.write(topic, offset, 'latin1');
    offset = packet.writeUInt16BE(this.#nextId, offset);
    packet.write(payload, offset, 'latin1');
    this.#socket.write(packet);
    return this.#nextId;
  }

  close(): void {
    this.#socket.destroy();
  }

  #read(chunk: Buffer): void {
    const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    let offset = 0;
    // What is published from `onAcknowledged` leaves in one write.
    this.#socket.cork();
    for (; offset + FIXED_BYTES <= bytes.length; offset += FIXED_BYTES) {
      const type = (bytes[offset] as number) >> 4;
      if (type === packetTypes.puback) this.onAcknowledged(bytes.readUInt16BE(offset + 2));
      else if (type === packetTypes.connack) this.#onConnack(bytes[offset + 3] as number);
      else throw new Error(`device ${this.deviceId}: unexpected packet of type ${type}`);
    }
    this.#socket.uncork();
    this.#rest = bytes.subarray(offset);
  }
}
