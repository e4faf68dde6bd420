import { connect, type Socket } from 'node:net';
import { createGbFrameSplitter, readdressGbFrame, type GbFrameSplitter } from '@fengsui/protocol';
import { command } from '../intake/gb26875/reply.ts';
import type { RelayAnswer } from '../intake/gb26875/relay-door.ts';
import type { Clock } from '../platform/clock.ts';
import { BackOff } from './back-off.ts';
import { DeviceQueue } from './device-queue.ts';
import { commandOf, settleAnswer, wireSerial, type RelayFrame } from './relay-frame.ts';

const CONNECT_TIMEOUT_MS = 10_000;
/** 6.5.4 and 6.5.5, as for what the centre itself asks of devices. */
const REPLY_TIMEOUT_MS = 9_000;
const RESENDS = 3;
/** Rounds of four transmissions that a centre which takes other frames leaves unconfirmed. */
const MOST_ROUNDS = 3;
/** Frames of several devices under way on one connection. */
const MOST_UNDER_WAY = 64;
const MOST_PASSED = 256;
const MOST_UNREAD_BYTES = 1024 * 1024;

type Passed = { readonly answer: RelayAnswer; readonly by: number };

export type UpstreamLinkOptions = {
  readonly host: string;
  readonly port: number;
  /** We speak in this name: frames get our source and our serials. */
  readonly ownAddress?: string | undefined;
  readonly clock: Clock;
  readonly random: () => number;
  readonly replyTimeoutMs?: number;
  /** How long the other centre has to confirm what is passed on and not owed. */
  readonly confirmWithinMs: () => number;
  readonly onDelivered: (frame: RelayFrame, confirm: Uint8Array) => void;
  readonly onSetAside: (frame: RelayFrame) => void;
  readonly onResent: () => void;
  /** A control, query or command of the maker that comes from the other centre. */
  readonly onOrder: (bytes: Uint8Array) => void;
};

/**
 * One connection to another centre: of one device, byte for byte, or of all of them in our own name. Frames are sent
 * until confirmed by 6.5; when nobody confirms, on a new connection.
 */
export class UpstreamLink {
  /** Somebody wants the connection though nothing is owed: the device is there. */
  isWanted = false;
  error: string | undefined;
  lastDeliveredAt: number | undefined;
  readonly #options: UpstreamLinkOptions;
  readonly #queues = new Map<string, DeviceQueue>();
  /** By serial. */
  readonly #underWay = new Map<
    number,
    { readonly frame: RelayFrame; readonly queue: DeviceQueue; readonly bytes: Uint8Array }
  >();
  readonly #passed = new Map<number, Passed>();
  readonly #backOff: BackOff;
  #splitter: GbFrameSplitter = createGbFrameSplitter();
  #socket: Socket | undefined;
  #isOpen = false;
  #connectBy = 0;
  #triedAt = -Infinity;
  #tryAt = 0;
  #heardAt = -Infinity;
  #serial = 0;

  constructor(options: UpstreamLinkOptions) {
    this.#options = options;
    this.#backOff = new BackOff(options.random);
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** A confirm may still come soon: it is open, or the first try is under way. */
  get isHopeful(): boolean {
    return this.#isOpen || this.error === undefined;
  }

  get isNeeded(): boolean {
    return this.isWanted || this.#queues.size > 0;
  }

  offer(frame: RelayFrame): void {
    let queue = this.#queues.get(frame.deviceId);
    if (queue === undefined) {
      queue = new DeviceQueue();
      this.#queues.set(frame.deviceId, queue);
    }
    queue.add(frame);
    // A fire does not wait until the next try is due.
    if (frame.isUrgent) this.#tryAt = Math.min(this.#tryAt, this.#triedAt + 1_000);
    if (this.#isOpen) this.#pump(frame.deviceId, queue);
    else this.#open(this.#options.clock.now());
  }

  /** Sends bytes that are not owed; false when there is no connection. */
  pass(bytes: Uint8Array, answer?: RelayAnswer): boolean {
    if (!this.#isOpen) return false;
    if (answer !== undefined) {
      const serial = wireSerial(bytes);
      const now = this.#options.clock.now();
      this.#passed.get(serial)?.answer(undefined);
      this.#passed.set(serial, { answer, by: now + this.#options.confirmWithinMs() });
      if (this.#passed.size > MOST_PASSED) this.#endPassed((_passed, index) => index === 0);
    }
    this.#write(bytes);
    return true;
  }

  /** Several times a second: time-outs, the next try, the end of a connection nobody needs. */
  sweep(now: number): void {
    this.#endPassed(({ by }) => now >= by);
    if (this.#socket !== undefined && !this.#isOpen && now >= this.#connectBy) this.#lose('no connection in time');
    if (this.#isOpen && !this.isNeeded) this.stop();
    const { replyTimeoutMs = REPLY_TIMEOUT_MS } = this.#options;
    for (const [serial, { frame, queue, bytes }] of [...this.#underWay]) {
      if (now - frame.sentAt < replyTimeoutMs) continue;
      if (frame.transmissions <= RESENDS) this.#transmit(frame, bytes, now);
      else if (!this.#isGivenUp(serial, frame, queue)) return this.#lose('frames are not confirmed');
    }
    this.#open(now);
  }

  /** Closes the connection; what is owed stays with the caller's rows. */
  stop(): void {
    this.#drop();
    this.error = undefined;
    this.#backOff.reset();
    this.#tryAt = 0;
  }

  #open(now: number): void {
    if (this.#socket !== undefined || !this.isNeeded || now < this.#tryAt) return;
    this.#triedAt = now;
    this.#connectBy = now + CONNECT_TIMEOUT_MS;
    const { host, port } = this.#options;
    const socket = connect({ host, port });
    this.#socket = socket;
    this.#splitter = createGbFrameSplitter();
    socket.setNoDelay(true);
    const isCurrent = (): boolean => this.#socket === socket;
    socket.on('connect', () => {
      if (!isCurrent()) return;
      this.#isOpen = true;
      this.error = undefined;
      for (const [deviceId, queue] of this.#queues) this.#pump(deviceId, queue);
    });
    socket.on('data', (chunk) => {
      if (!isCurrent()) return;
      for (const piece of this.#splitter.push(chunk, this.#options.clock.now())) {
        if (piece.kind === 'frame') this.#take(piece.bytes);
      }
    });
    socket.on('error', (error) => isCurrent() && this.#lose(error.message));
    socket.on('close', () => isCurrent() && this.#lose('closed by the other centre'));
  }

  /** What was under way goes again on the next connection; whoever waits for a confirm gets ours. */
  #lose(reason: string): void {
    this.#drop();
    this.error = reason;
    this.#tryAt = this.#options.clock.now() + this.#backOff.next();
  }

  #drop(): void {
    const socket = this.#socket;
    this.#socket = undefined;
    this.#isOpen = false;
    socket?.destroy();
    this.#underWay.clear();
    for (const queue of this.#queues.values()) for (const frame of queue.back()) settleAnswer(frame);
    this.#endPassed(() => true);
  }

  #take(bytes: Uint8Array): void {
    const now = this.#options.clock.now();
    const serial = wireSerial(bytes);
    const kind = commandOf(bytes);
    this.#heardAt = now;
    const isReply = kind === command.confirm || kind === command.deny;
    const found = isReply ? this.#underWay.get(serial) : undefined;
    if (found !== undefined) {
      if (kind === command.confirm) this.#arrived(found.frame, found.queue, serial, bytes, now);
      else if (found.frame.transmissions > RESENDS) this.#giveUp(found.frame, found.queue, serial);
      else this.#transmit(found.frame, found.bytes, now);
      return;
    }
    if (isReply) {
      const passed = this.#passed.get(serial);
      this.#passed.delete(serial);
      passed?.answer(bytes);
      return;
    }
    this.#options.onOrder(bytes);
  }

  #arrived(frame: RelayFrame, queue: DeviceQueue, serial: number, confirm: Uint8Array, now: number): void {
    this.#backOff.reset();
    this.lastDeliveredAt = now;
    this.#leave(frame, queue, serial);
    this.#options.onDelivered(frame, confirm);
    this.#pump(frame.deviceId, queue);
  }

  #giveUp(frame: RelayFrame, queue: DeviceQueue, serial: number): void {
    this.#leave(frame, queue, serial);
    this.#options.onSetAside(frame);
    this.#pump(frame.deviceId, queue);
  }

  #leave(frame: RelayFrame, queue: DeviceQueue, serial: number): void {
    this.#underWay.delete(serial);
    queue.done(frame);
    if (queue.isEmpty) this.#queues.delete(frame.deviceId);
  }

  /** It speaks with this device and leaves this frame alone: the others must not wait for ever. */
  #isGivenUp(serial: number, frame: RelayFrame, queue: DeviceQueue): boolean {
    frame.rounds++;
    if (frame.rounds < MOST_ROUNDS || this.#heardAt <= (frame.firstSentAt ?? Infinity)) return false;
    this.#giveUp(frame, queue, serial);
    return true;
  }

  #pump(deviceId: string, queue: DeviceQueue): void {
    if (!this.#isOpen) return;
    const mayGo = (frame: RelayFrame): boolean =>
      this.#underWay.size < MOST_UNDER_WAY &&
      (this.#options.ownAddress !== undefined || !this.#underWay.has(wireSerial(frame.bytes)));
    for (let frame = queue.next(mayGo); frame !== undefined; frame = queue.next(mayGo)) {
      const bytes = this.#onWire(frame);
      this.#underWay.set(wireSerial(bytes), { frame, queue, bytes });
      const now = this.#options.clock.now();
      frame.firstSentAt ??= now;
      this.#transmit(frame, bytes, now);
    }
    if (this.#options.ownAddress === undefined || this.#underWay.size >= MOST_UNDER_WAY) return;
    // A place became free that another device's frame waited for.
    for (const [other, waiting] of this.#queues) {
      if (other !== deviceId && waiting.underWay.length === 0 && waiting.waiting > 0) return this.#pump(other, waiting);
    }
  }

  #onWire({ bytes }: RelayFrame): Uint8Array {
    const { ownAddress } = this.#options;
    if (ownAddress === undefined) return bytes;
    for (;;) {
      const again = readdressGbFrame(bytes, { serial: this.#serial, source: ownAddress });
      this.#serial = (this.#serial + 1) & 0xffff;
      if (!this.#underWay.has(wireSerial(again))) return again;
    }
  }

  #transmit(frame: RelayFrame, bytes: Uint8Array, now: number): void {
    if (frame.transmissions++ > 0) this.#options.onResent();
    frame.sentAt = now;
    this.#write(bytes);
  }

  #write(bytes: Uint8Array): void {
    const socket = this.#socket;
    if (socket === undefined) return;
    socket.write(bytes);
    if (socket.writableLength > MOST_UNREAD_BYTES)
      setImmediate(() => this.#socket === socket && this.#lose('it does not read'));
  }

  #endPassed(isOver: (passed: Passed, index: number) => boolean): void {
    let index = 0;
    for (const [serial, passed] of [...this.#passed]) {
      if (!isOver(passed, index++)) continue;
      this.#passed.delete(serial);
      passed.answer(undefined);
    }
  }
}
