import { connect, type Socket } from 'node:net';
import {
  createGbFrameSplitter,
  decodeGbFrame,
  gbUnitTypeOf,
  standardGbProfile,
  type GbFrame,
  type GbFrameSplitter,
} from '@fengsui/protocol';
import { gbEmpty, gbFrame, gbReportUnit, gbRunState } from './gb-frames.ts';
import type { Transmission, Uplink, UplinkTold, Waiting } from '../run/transmission.ts';

const CONNECT_TIMEOUT_MS = 20_000;
/** 6.5.4. */
const CONFIRM_WITHIN_MS = 10_000;
const HEARTBEAT_MS = 20_000;
const CUT_AFTER_MS = 2;
const NOISE = Buffer.from([0x40, 0x40, 0xff, 0x23, 0x23, 0x00]);

export type GbUplinkOptions = {
  readonly centre: URL;
  /** Of the device, hex in wire order. */
  readonly address: string;
  /** Unconfirmed at once. */
  readonly window: number;
};

type Upload = { readonly transmission: Transmission; readonly bytes: Uint8Array; sentAt: number };

/** One transmission device on one TCP connection: uploads until confirmed, heartbeats, obeys and answers the centre. */
export class GbUplink implements Uplink {
  readonly #options: GbUplinkOptions;
  readonly #told: UplinkTold;
  readonly #waiting: Waiting[] = [];
  /** By serial, in the order of their first transmission; they outlive a connection. */
  readonly #uploads = new Map<number, Upload>();
  #unsent: Uint8Array[] = [];
  #socket: Socket | undefined;
  #splitter: GbFrameSplitter = createGbFrameSplitter();
  #care: NodeJS.Timeout | undefined;
  #serial = 0;
  #heardAt = 0;
  #isOpen = false;
  #cutsNext = false;

  constructor(options: GbUplinkOptions, told: UplinkTold) {
    this.#options = options;
    this.#told = told;
  }

  get pending(): number {
    return this.#waiting.length + this.#uploads.size;
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  connect(): void {
    const { centre } = this.#options;
    const host = centre.hostname.replace(/^\[|\]$/g, '');
    const socket = connect({ host, port: Number(centre.port || 5200) });
    this.#socket = socket;
    this.#splitter = createGbFrameSplitter();
    socket.setNoDelay(true);
    const timer = setTimeout(() => socket.destroy(new Error('no connection within 20 s')), CONNECT_TIMEOUT_MS);
    let why = 'the centre closed the connection';
    socket.on('error', (error) => (why = error.message));
    socket.on('connect', () => {
      clearTimeout(timer);
      this.#isOpen = true;
      this.#heardAt = Date.now();
      this.#heartbeat();
      for (const upload of this.#uploads.values()) this.#again(upload);
      this.transmit();
      this.#care = setInterval(() => this.#tend(), 1_000);
      this.#told.opened();
      this.#told.hasWork();
    });
    socket.on('data', (chunk) => this.#take(chunk));
    socket.on('close', () => {
      clearTimeout(timer);
      clearInterval(this.#care);
      this.#isOpen = false;
      this.#cutsNext = false;
      this.#unsent = [];
      this.#told.closed(why);
    });
  }

  offer(waiting: Waiting): void {
    this.#waiting.push(waiting);
    if (this.#uploads.size < this.#options.window) this.#told.hasWork();
  }

  prepare(): void {
    if (!this.#isOpen || this.#socket?.writableNeedDrain === true) return;
    while (this.#uploads.size < this.#options.window && this.#waiting.length > 0 && !this.#cutsNext) {
      const waiting = this.#waiting.shift() as Waiting;
      const transmission = this.#told.make(waiting);
      if (transmission === undefined) continue;
      if (waiting.due.bringsGarbage) {
        this.#told.count('garbage');
        this.#unsent.push(NOISE);
      }
      const serial = this.#nextSerial();
      const bytes = gbFrame(this.#options.address, serial, transmission.at, 2, gbReportUnit(transmission));
      this.#uploads.set(serial, { transmission, bytes, sentAt: Date.now() });
      this.#unsent.push(bytes);
      this.#cutsNext = transmission.losesAck;
    }
  }

  transmit(): void {
    const socket = this.#socket;
    if (!this.#isOpen || socket === undefined || this.#unsent.length === 0) return;
    socket.write(Buffer.concat(this.#unsent));
    this.#unsent = [];
    if (this.#cutsNext) setTimeout(() => socket.destroy(), CUT_AFTER_MS);
  }

  cut(): void {
    this.#socket?.destroy();
  }

  leave(): void {
    clearInterval(this.#care);
    this.#socket?.end();
    this.#socket?.destroySoon();
  }

  #take(chunk: Buffer): void {
    this.#heardAt = Date.now();
    for (const piece of this.#splitter.push(chunk)) {
      if (piece.kind !== 'frame') continue;
      const decoded = decodeGbFrame(piece.bytes, standardGbProfile);
      if (decoded.kind === 'frame') this.#obey(decoded.frame);
    }
    this.transmit();
    if (this.#waiting.length > 0) this.#told.hasWork();
  }

  #obey(frame: GbFrame): void {
    const { address } = this.#options;
    const { command, serial } = frame;
    const upload = this.#uploads.get(serial);
    if (command === 3 && upload !== undefined) {
      this.#uploads.delete(serial);
      this.#told.acknowledged(upload.transmission);
      if (!upload.transmission.isDuplicated) return;
      this.#told.count('duplicates');
      this.#unsent.push(upload.bytes);
    } else if (command === 6 && upload !== undefined) upload.sentAt = -Infinity;
    else if (command === 1) this.#unsent.push(gbFrame(address, serial, Date.now(), 3, gbEmpty));
    else if (command === 4) {
      const isRunState = gbUnitTypeOf(frame.unit) === 81;
      const answer = isRunState ? gbRunState(Date.now()) : gbEmpty;
      this.#unsent.push(gbFrame(address, serial, Date.now(), isRunState ? 5 : 6, answer));
    }
  }

  /** Each second: what was not confirmed in its time goes again; a centre that says nothing at all is gone. */
  #tend(): void {
    const now = Date.now();
    for (const upload of this.#uploads.values()) if (now - upload.sentAt > CONFIRM_WITHIN_MS) this.#again(upload);
    if (now - this.#heardAt > HEARTBEAT_MS + CONFIRM_WITHIN_MS * 2) this.#socket?.destroy();
    else if (now - this.#heardAt > HEARTBEAT_MS && Math.floor(now / 1_000) % 10 === 0) this.#heartbeat();
    this.transmit();
  }

  #again(upload: Upload): void {
    this.#told.count('resent');
    upload.sentAt = Date.now();
    this.#unsent.push(upload.bytes);
  }

  #heartbeat(): void {
    this.#unsent.push(gbFrame(this.#options.address, this.#nextSerial(), Date.now(), 2, gbEmpty));
  }

  #nextSerial(): number {
    do this.#serial = (this.#serial + 1) & 0xffff;
    while (this.#uploads.has(this.#serial));
    return this.#serial;
  }
}
