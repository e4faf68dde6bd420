import { setTimeout as pause } from 'node:timers/promises';
import { reachChannels, type ReachChannel } from '@fengsui/protocol';
import type { Journal } from '../journal/journal.ts';
import { partitionOf } from '../journal/partition.ts';
import type { Clock } from '../platform/clock.ts';
import type { Log } from '../platform/log.ts';
import { CENTRE_BEARER } from '../situation/apply-clock-step.ts';
import { isFaultTold } from '../situation/centre-fault.ts';
import type { Effects } from '../situation/effects.ts';
import type { Situation } from '../situation/situation.ts';
import type { TimerFiredMeta, TimerPurpose } from '../situation/timer.ts';
import { callLink } from './call-link.ts';
import { waitingCalls, type CallOutNews } from './call-out-life.ts';
import { callMessage } from './call-out-words.ts';
import type { Channel, ChannelOutcome } from './channels/channel.ts';
import { callIdOf, type KeptCall, type KeptCallOut } from './kept-call-out.ts';

/** By which channels people are called; a channel that is absent is not set up. */
export type Channels = Readonly<Partial<Record<ReachChannel, Channel>>>;

export type CallOutCourierOptions = {
  readonly channels: Channels;
  /** Where people open the page of a call, without a slash at its end; undefined: messages have no link. */
  readonly publicUrl: string | undefined;
  readonly linkKey: Buffer;
  readonly situation: Situation;
  readonly journal: Pick<Journal, 'append'>;
  readonly clock: Clock;
  readonly timeZone: string;
  readonly log: Log;
  /** Between looks whether each channel works. */
  readonly checkEveryMs?: number;
};

/** What is sent by one channel at once: a mail server or an adapter is not to fall over where a whole quarter burns. */
const AT_ONCE = 16;
const AGAIN_MS = 1_000;
const CHECK_EVERY_MS = 300_000;

/**
 * Hands calls to their channels, each once: what becomes of it is journalled, and a restart goes on with what was not. A
 * call leaves the house twice when the centre dies between the channel's answer and its record; its id is the same.
 */
export class CallOutCourier {
  readonly #options: CallOutCourierOptions;
  /** By call id. */
  readonly #onTheirWay = new Map<string, AbortController>();
  readonly #carried = new Set<Promise<void>>();
  readonly #slots: ReadonlyMap<ReachChannel, Slots>;
  readonly #over = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  #isRunning = false;

  constructor(options: CallOutCourierOptions) {
    this.#options = options;
    this.#slots = new Map(reachChannels.map((channel) => [channel, new Slots(AT_ONCE)]));
  }

  start(): void {
    this.#isRunning = true;
    for (const callOut of this.#options.situation.callOuts.open()) this.#take(callOut);
    if (Object.keys(this.#options.channels).length === 0) return;
    this.#timer = setInterval(() => void this.check(), this.#options.checkEveryMs ?? CHECK_EVERY_MS);
    void this.check();
  }

  /** Resolves when nothing is on its way any more. */
  async stop(): Promise<void> {
    this.#isRunning = false;
    clearInterval(this.#timer);
    this.#over.abort();
    for (const abort of this.#onTheirWay.values()) abort.abort();
    await Promise.all(this.#carried);
  }

  /** Told of every commit. */
  follow({ callOuts }: Effects): void {
    if (this.#isRunning) for (const callOut of callOuts.values()) this.#take(callOut);
  }

  /** Asks each channel whether it works, reaching nobody. Never rejects. */
  async check(): Promise<void> {
    const looks = Object.entries(this.#options.channels).map(async ([name, channel]) => {
      const trouble = await channel.check(AbortSignal.timeout(AGAIN_MS * 10));
      if (trouble !== undefined) this.#options.log.warn('call-out: channel does not work', { channel: name, trouble });
      await this.#link(name as ReachChannel, trouble === undefined ? 'back' : 'away');
    });
    await Promise.all(looks);
  }

  #take(callOut: KeptCallOut): void {
    const { channels } = this.#options;
    // Whatever it says of itself: of another origin nothing leaves the house.
    if (callOut.place.origin !== 'live') return;
    if (callOut.state !== 'calling') return this.#drop(callOut);
    if (Object.keys(channels).length === 0) {
      this.#follow(this.#say(callOut, { kind: 'noChannel' }));
      return;
    }
    for (const call of waitingCalls(callOut)) {
      const callId = callIdOf(callOut.id, call.number);
      if (this.#onTheirWay.has(callId)) continue;
      const abort = new AbortController();
      this.#onTheirWay.set(callId, abort);
      this.#follow(this.#carry(callOut, call, abort.signal).finally(() => this.#onTheirWay.delete(callId)));
    }
  }

  /** What has not gone out needs not go any more. */
  #drop({ id, calls }: KeptCallOut): void {
    for (const { number, state } of calls) if (state === 'dropped') this.#onTheirWay.get(callIdOf(id, number))?.abort();
  }

  #follow(work: Promise<void>): void {
    const carried = work.finally(() => this.#carried.delete(carried));
    this.#carried.add(carried);
  }

  /** Never rejects. */
  async #carry(callOut: KeptCallOut, call: KeptCall, signal: AbortSignal): Promise<void> {
    const { number, channel: name } = call;
    const outcome = await this.#send(callOut, call, signal);
    if (outcome === 'ended') return;
    if (outcome.kind === 'sent') {
      await this.#say(callOut, { kind: 'sent', number, receipt: outcome.receipt });
      await this.#link(name, 'back');
      return;
    }
    const { reason, isForGood, isChannelDown } = outcome;
    this.#options.log.warn('call-out: call failed', { callId: callIdOf(callOut.id, number), channel: name, reason });
    // People first, then the fault.
    await this.#say(callOut, { kind: 'failed', number, reason, ...(isForGood && { isForGood }) });
    if (isChannelDown) await this.#link(name, 'away');
  }

  async #send(callOut: KeptCallOut, call: KeptCall, signal: AbortSignal): Promise<ChannelOutcome | 'ended'> {
    const { channels, publicUrl, linkKey, timeZone } = this.#options;
    const channel = channels[call.channel];
    if (channel === undefined) return { kind: 'failed', reason: 'this channel is not set up', isForGood: true };
    const link =
      publicUrl === undefined ? undefined : `${publicUrl}/call/${callLink(linkKey, callIdOf(callOut.id, call.number))}`;
    const slots = this.#slots.get(call.channel) as Slots;
    await slots.take();
    try {
      if (signal.aborted) return 'ended';
      const message = callMessage(callOut, call, { timeZone, ...(link !== undefined && { link }) });
      const pushTargets = this.#options.situation.registry.contact(call.contactId)?.push ?? [];
      const outcome = await channel.send({ ...message, pushTargets }, signal);
      // What went out before its end counts.
      return signal.aborted && outcome.kind === 'failed' ? 'ended' : outcome;
    } finally {
      slots.give();
    }
  }

  /** On record, however long the journal takes; until this courier ends. */
  async #say({ id: callOutId, place }: KeptCallOut, news: CallOutNews): Promise<void> {
    const purpose: TimerPurpose = { kind: 'callOutNews', callOutId, news };
    while (!(await this.#append(place.partition, purpose)) && this.#isRunning) await this.#again();
  }

  /** Not at all once this courier ends. */
  async #again(): Promise<void> {
    await pause(AGAIN_MS, undefined, { signal: this.#over.signal }).catch(() => undefined);
  }

  /** Once for each change. */
  async #link(channel: ReachChannel, state: 'away' | 'back'): Promise<void> {
    if (isFaultTold(this.#options.situation, CENTRE_BEARER, `${channel}Away`) === (state === 'away')) return;
    await this.#append(partitionOf(''), { kind: 'callOutLink', channel, state });
  }

  async #append(partition: number, purpose: TimerPurpose): Promise<boolean> {
    const { journal, clock, log } = this.#options;
    const firedAt = clock.now();
    const meta: TimerFiredMeta = { timerId: purpose.kind, firedAt, purpose };
    try {
      await journal.append('alarm', [{ kind: 'timerFired', partition, appendedAt: firedAt, meta }]);
      return true;
    } catch (error) {
      log.error('call-out: not on record', { what: purpose.kind, reason: String(error) });
      return false;
    }
  }
}

/** So many at once; the others in the order in which they came. */
class Slots {
  #free: number;
  readonly #waiting: (() => void)[] = [];

  constructor(count: number) {
    this.#free = count;
  }

  async take(): Promise<void> {
    if (this.#free > 0) this.#free--;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  give(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#free++;
    else next();
  }
}
