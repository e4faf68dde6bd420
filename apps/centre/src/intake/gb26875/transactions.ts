import { gbUnitType, gbUnitTypeOf, type GbFrame, type GbUnit } from '@fengsui/protocol';
import type { GbOutcome } from '../../journal/gb-meta.ts';

/** 6.5.4: the time-out should be at most 10 s. The sweep that looks at it comes once a second. */
export const REPLY_TIMEOUT_MS = 9_000;
/** 6.5.5: resends should be 3. */
const RESENDS = 3;
/** Asked while another is under way: queries may queue, not without end. */
const LONGEST_QUEUE = 64;

export type GbRequest = {
  readonly command: 1 | 4;
  /** `clock`: type 90 with the instant of each transmission. No function: it may be asked of another process. */
  readonly unit: GbUnit | 'clock';
  /** Who ordered it; absent for what the centre does by itself. */
  readonly actId?: string;
};

export type GbResult = {
  readonly outcome: GbOutcome;
  readonly serial: number;
  readonly type: number;
  readonly transmissions: number;
  readonly startedAt: number;
  /** The response. */
  readonly frame?: GbFrame;
};

type Waiting = { readonly request: GbRequest; readonly end: (result: GbResult) => void };
type Current = Waiting & {
  readonly serial: number;
  readonly type: number;
  readonly startedAt: number;
  transmissions: number;
  sentAt: number;
  /** Why the last transmission did not do. */
  fault: GbOutcome;
};

/**
 * Controls and queries to one device, one at a time: sent, sent again on time-out, deny or wrong answer, three times at
 * most, then failed (6.2.3, 6.4.3, 6.5). The centre's serials are a number space of their own: 0 first, 65535 → 0.
 */
export class GbTransactions {
  readonly #transmit: (serial: number, command: number, unit: GbUnit, now: number) => boolean;
  readonly #timeoutMs: number;
  readonly #queue: Waiting[] = [];
  #current: Current | undefined;
  #nextSerial = 0;

  /** @param transmit false when there is no way to the device. */
  constructor(
    transmit: (serial: number, command: number, unit: GbUnit, now: number) => boolean,
    timeoutMs = REPLY_TIMEOUT_MS,
  ) {
    this.#transmit = transmit;
    this.#timeoutMs = timeoutMs;
  }

  get isIdle(): boolean {
    return this.#current === undefined;
  }

  /** Resolves when the transaction has ended, one way or the other. */
  ask(request: GbRequest, now: number): Promise<GbResult> {
    return new Promise((resolve) => {
      if (this.#queue.length >= LONGEST_QUEUE) {
        resolve({ ...nothingSent(request, now), outcome: 'noAnswer' });
        return;
      }
      this.#queue.push({ request, end: resolve });
      this.#next(now);
    });
  }

  confirmed(serial: number, now: number): void {
    const current = this.#current;
    if (current?.serial === serial && current.request.command === 1) this.#end('confirmed', now);
  }

  /** True when the pending query waits for this frame, which then is to be stored before `answered` is called. */
  expects(frame: GbFrame, now: number): boolean {
    const current = this.#current;
    if (current?.serial !== frame.serial || current.request.command !== 4) return false;
    if (gbUnitTypeOf(frame.unit) === gbUnitType(current.type)?.answerType) return true;
    current.fault = 'wrongAnswer';
    this.#again(current, now);
    return false;
  }

  answered(frame: GbFrame, now: number): void {
    if (this.#current?.serial === frame.serial) this.#end('answered', now, frame);
  }

  denied(serial: number, now: number): void {
    const current = this.#current;
    if (current?.serial !== serial) return;
    current.fault = 'denied';
    this.#again(current, now);
  }

  /** Looks at the time-out. */
  tick(now: number): void {
    const current = this.#current;
    if (current === undefined || now - current.sentAt < this.#timeoutMs) return;
    current.fault = 'noAnswer';
    this.#again(current, now);
  }

  /** The way to the device is gone: everything under way has failed. */
  drop(now: number): void {
    const waiting = this.#queue.splice(0);
    if (this.#current !== undefined) this.#end('disconnected', now);
    for (const { request, end } of waiting) end({ ...nothingSent(request, now), outcome: 'disconnected' });
  }

  #next(now: number): void {
    if (this.#current !== undefined) return;
    const next = this.#queue.shift();
    if (next === undefined) return;
    const serial = this.#nextSerial;
    this.#nextSerial = (serial + 1) & 0xffff;
    const type = gbUnitTypeOf(unitAt(next.request, now)) ?? 0;
    this.#current = { ...next, serial, type, startedAt: now, transmissions: 0, sentAt: now, fault: 'noAnswer' };
    this.#send(this.#current, now);
  }

  #send(current: Current, now: number): void {
    current.sentAt = now;
    current.transmissions++;
    const { request } = current;
    if (!this.#transmit(current.serial, request.command, unitAt(request, now), now)) this.#end('disconnected', now);
  }

  #again(current: Current, now: number): void {
    if (current.transmissions > RESENDS) this.#end(current.fault, now);
    else this.#send(current, now);
  }

  #end(outcome: GbOutcome, now: number, frame?: GbFrame): void {
    const current = this.#current;
    if (current === undefined) return;
    this.#current = undefined;
    const { serial, type, transmissions, startedAt, end } = current;
    end({ outcome, serial, type, transmissions, startedAt, ...(frame !== undefined && { frame }) });
    this.#next(now);
  }
}

/** 90: the device's clock is set to the sending time. */
const unitAt = ({ unit }: GbRequest, now: number): GbUnit =>
  unit === 'clock' ? { kind: 'objects', type: 90, by: 'standard', objects: [{ at: now }] } : unit;

function nothingSent(request: GbRequest, now: number): Omit<GbResult, 'outcome'> {
  return { serial: -1, type: gbUnitTypeOf(unitAt(request, now)) ?? 0, transmissions: 0, startedAt: now };
}
