import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { connectPacket, disconnectPacket, packetTypes, pingPacket, pubackPacket, readPackets } from './packets.ts';

const CONNECT_TIMEOUT_MS = 20_000;
const KEEP_ALIVE_S = 60;
const EMPTY = Buffer.alloc(0);

export type LinkTold = {
  readonly opened: () => void;
  readonly acknowledged: (packetId: number) => void;
  /** Once, whatever ended it; `refusal` is the CONNACK code when the centre does not let the device in. */
  readonly closed: (why: string, refusal?: number) => void;
};

/** One MQTT connection of one device or gateway, from CONNECT to its end. */
export class MqttLink {
  readonly #socket: Socket;
  readonly #told: LinkTold;
  readonly #timer: NodeJS.Timeout;
  #rest: Buffer = EMPTY;
  #isOpen = false;
  #isOver = false;
  #ping: NodeJS.Timeout | undefined;
  #pingPending = false;

  constructor(centre: URL, deviceId: string, secret: string, told: LinkTold) {
    this.#told = told;
    const isTls = centre.protocol === 'mqtts:';
    const host = centre.hostname.replace(/^\[|\]$/g, '');
    const port = Number(centre.port || (isTls ? 8883 : 1883));
    this.#socket = isTls ? connectTls({ host, port, servername: host }) : connectTcp({ host, port });
    this.#socket.setNoDelay(true);
    this.#timer = setTimeout(() => this.#end('no CONNACK within 20 s'), CONNECT_TIMEOUT_MS);
    this.#socket.on(isTls ? 'secureConnect' : 'connect', () =>
      this.#socket.write(connectPacket(deviceId, secret, KEEP_ALIVE_S)),
    );
    this.#socket.on('data', (chunk: Buffer) => this.#read(chunk));
    this.#socket.on('error', (error) => this.#end(error.message));
    this.#socket.on('close', () => this.#end('the centre closed the connection'));
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** The kernel takes no more for now: who writes on fills memory. */
  get isClogged(): boolean {
    return this.#socket.writableNeedDrain;
  }

  send(packets: readonly Uint8Array[]): void {
    this.#socket.cork();
    for (const packet of packets) this.#socket.write(packet);
    this.#socket.uncork();
  }

  /** Ends it as a cut cable would, without DISCONNECT. */
  cut(): void {
    this.#end('cut on purpose');
  }

  leave(): void {
    if (this.#isOpen) this.#socket.end(disconnectPacket);
    this.#finish();
  }

  #read(chunk: Buffer): void {
    if (this.#isOver) return;
    try {
      const { packets, rest } = readPackets(this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]));
      this.#rest = rest;
      for (const { type, flags, body } of packets) {
        if (type === packetTypes.puback) this.#told.acknowledged(body.readUInt16BE(0));
        else if (type === packetTypes.connack) this.#welcome(body[1] ?? -1);
        else if (type === packetTypes.pingresp) this.#pingPending = false;
        else if (type === packetTypes.publish && (flags & 0x06) !== 0) {
          this.#socket.write(pubackPacket(body.readUInt16BE(2 + body.readUInt16BE(0))));
        }
        if (this.#isOver) return;
      }
    } catch (error) {
      this.#end(error instanceof Error ? error.message : String(error));
    }
  }

  #welcome(code: number): void {
    if (code !== 0) return this.#end(`CONNACK ${code}`, code);
    clearTimeout(this.#timer);
    this.#isOpen = true;
    this.#ping = setInterval(
      () => {
        // Two intervals without an answer: the peer is gone and nobody told us.
        if (this.#pingPending) return this.#end('no PINGRESP');
        this.#pingPending = true;
        this.#socket.write(pingPacket);
      },
      (KEEP_ALIVE_S * 1000) / 2,
    );
    this.#told.opened();
  }

  #end(why: string, refusal?: number): void {
    if (this.#isOver) return;
    this.#finish();
    this.#socket.destroy();
    this.#told.closed(why, refusal);
  }

  #finish(): void {
    this.#isOver = true;
    this.#isOpen = false;
    clearTimeout(this.#timer);
    clearInterval(this.#ping);
  }
}
