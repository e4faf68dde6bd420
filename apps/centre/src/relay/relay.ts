import type { DurableFrame, RelayAnswer } from '../intake/gb26875/relay-door.ts';
import type { Lane } from '../journal/entry.ts';
import type { Clock } from '../platform/clock.ts';
import type { Log } from '../platform/log.ts';
import type { RelayWithDefaults } from '../registry/relay-targets.ts';
import type { OwedFrame } from '../situation/gb-relay/relay-state.ts';
import type { OwedRows } from './owed-rows.ts';
import { relayFrame, sameContent, settleAnswer, wireSerial, type RelayFrame } from './relay-frame.ts';
import type { RelayJournal } from './relay-journal.ts';
import { UpstreamLink } from './upstream-link.ts';

/** Owed frames held in memory; the others are rows until these have gone. */
const HELD = 10_000;
/** Fires are owed beyond the bound of the rest by this share. */
const URGENT_SHARE = 1.1;

export type RelayOptions = {
  readonly target: RelayWithDefaults;
  readonly rows: Pick<OwedRows, 'untilApplied' | 'untilOwed' | 'count' | 'first' | 'fires'>;
  readonly journal: Pick<RelayJournal, 'settled' | 'note'>;
  readonly clock: Clock;
  readonly log: Log;
  readonly random: () => number;
  /** What must be written before rows are read: the end of a predecessor. */
  readonly after: Promise<unknown>;
  readonly isDeviceConnected: (deviceId: string) => boolean;
  /** A control or query of the other centre, on the connection of this device; '' on the one in our own name. */
  readonly onOrder: (deviceId: string, bytes: Uint8Array) => void;
};

export type RelayCounts = {
  readonly connections: number;
  readonly owedCount: number;
  readonly owedFireCount: number;
  readonly oldestOwedAt?: number;
  readonly deliveredCount: number;
  readonly lastDeliveredAt?: number;
  readonly resentCount: number;
  readonly confirmedForItCount: number;
};

/** Everything on its way to one other centre. */
export class Relay {
  target: RelayWithDefaults;
  readonly #options: RelayOptions;
  readonly #links = new Map<string, UpstreamLink>();
  /** By receipt order. */
  readonly #held = new Map<number, RelayFrame>();
  /** The newest of each device and serial, for its resends. */
  readonly #bySerial = new Map<string, RelayFrame>();
  /** Rows behind those held. */
  #rowsBehind = 0;
  /** There may be rows that are not held: at the start, and after more came than are held. */
  #hasRowsBehind = true;
  #refill: Promise<void> | undefined;
  /** While rows are read: what came, as long as it is no more than is held, and what went. */
  #cameSince = new Map<number, OwedFrame>();
  #cameTooMuch = false;
  #wentSince = new Set<number>();
  /** Where others write what is owed: fires that have gone, until their rows are seen to be gone as well. */
  #goneFires: Set<number> | undefined;
  #fireLook: Promise<void> | undefined;
  #settled: { readonly kind: 'delivered' | 'setAside'; readonly lane: Lane; readonly order: number }[] = [];
  #flushing: Promise<void> | undefined;
  #lost = 0;
  #delivered = 0;
  #resent = 0;
  #confirmedForIt = 0;
  #lastDeliveredAt: number | undefined;
  #isStopped = false;

  constructor(options: RelayOptions) {
    this.#options = options;
    this.target = options.target;
  }

  get counts(): RelayCounts {
    let oldest = Infinity;
    let fires = 0;
    for (const { receivedAt, isUrgent } of this.#held.values()) {
      if (receivedAt < oldest) oldest = receivedAt;
      if (isUrgent) fires++;
    }
    const lastAt = this.#lastDeliveredAt;
    return {
      connections: [...this.#links.values()].filter(({ isOpen }) => isOpen).length,
      owedCount: this.#owedCount,
      owedFireCount: fires,
      ...(oldest < Infinity && { oldestOwedAt: oldest }),
      deliveredCount: this.#delivered,
      ...(lastAt !== undefined && { lastDeliveredAt: lastAt }),
      resentCount: this.#resent,
      confirmedForItCount: this.#confirmedForIt,
    };
  }

  /** How the connections that are needed stand. */
  get standing(): { readonly state: 'idle' | 'connected' | 'connecting' | 'away'; readonly error?: string } {
    const needed = [...this.#links.values()].filter(({ isNeeded }) => isNeeded);
    if (needed.length === 0) return { state: 'idle' };
    if (needed.some(({ isOpen }) => isOpen)) return { state: 'connected' };
    const error = needed.find((link) => link.error !== undefined)?.error;
    return error === undefined ? { state: 'connecting' } : { state: 'away', error };
  }

  linkOf(deviceId: string): Pick<UpstreamLink, 'isOpen' | 'error' | 'lastDeliveredAt'> | undefined {
    return this.#links.get(this.#linkKey(deviceId));
  }

  owedOf(deviceId: string): { readonly count: number; readonly oldestAt?: number } {
    const frames = [...this.#held.values()].filter((frame) => frame.deviceId === deviceId);
    const oldestAt = Math.min(...frames.map(({ receivedAt }) => receivedAt));
    return { count: frames.length, ...(frames.length > 0 && { oldestAt }) };
  }

  /** Whether one more frame is kept for the other centre; one that is not is counted as lost. */
  hasRoom(lane: Lane): boolean {
    const most = this.target.keepFrames * (lane === 'alarm' ? URGENT_SHARE : 1);
    if (this.#owedCount < most) return true;
    this.#lost++;
    return false;
  }

  take({ device, order, lane, receivedAt, bytes }: DurableFrame, asked?: RelayAnswer): void {
    const answer = this.#counted(asked);
    if (this.#isStopped) return answer?.(undefined);
    const isUrgent = lane === 'alarm';
    const owed = { relayId: this.target.id, deviceId: device.id, order, isUrgent, receivedAt, bytes };
    if (this.#refill !== undefined) {
      if (this.#cameSince.size < HELD) this.#cameSince.set(order, owed);
      else this.#cameTooMuch = true;
    }
    if (!isUrgent && (this.#hasRowsBehind || this.#held.size >= HELD)) {
      this.#hasRowsBehind = true;
      this.#rowsBehind++;
      return answer?.(undefined);
    }
    this.#hold(owed, answer);
  }

  /** A device repeats an upload: it gets the confirm that is still to come, or ours. */
  again(deviceId: string, bytes: Uint8Array, answer: RelayAnswer): void {
    const frame = this.#bySerial.get(serialKey(deviceId, bytes));
    const mayStillCome = frame?.answer !== undefined && sameContent(frame.bytes, bytes);
    if (!mayStillCome) return answer(undefined);
    // The deadline of the first transmission holds.
    frame.answer = this.#counted(answer);
  }

  pass(deviceId: string, bytes: Uint8Array, answer?: RelayAnswer): void {
    // Not counted when we answer: nothing of it is kept.
    const isSent = this.target.sourceAddress === undefined && this.#link(deviceId).pass(bytes, answer);
    if (!isSent) answer?.(undefined);
  }

  /** Straight to the other centre: what a device, or we for it, answer. */
  send(deviceId: string, bytes: Uint8Array): void {
    this.#links.get(this.#linkKey(deviceId))?.pass(bytes);
  }

  /** The mode has changed, or a number: connections stay. */
  retarget(target: RelayWithDefaults): void {
    this.target = target;
    for (const frame of this.#held.values()) settleAnswer(frame);
  }

  /** Others write what is owed: when nothing is held, there may be rows. */
  lookForRows(): void {
    if (this.#held.size === 0) this.#hasRowsBehind = true;
  }

  /** Others write what is owed: a fire among it goes before what is held, as one that is taken here does. */
  lookForFires(): void {
    if (this.#isStopped) return;
    this.#fireLook ??= this.#holdFires()
      .catch((error: unknown) => this.#warnUnread(error))
      .finally(() => (this.#fireLook = undefined));
  }

  sweep(now: number): void {
    for (const frame of this.#held.values())
      if (frame.answer !== undefined && now >= frame.answerBy) settleAnswer(frame);
    for (const [deviceId, link] of this.#links) {
      link.isWanted = deviceId === '' || this.#options.isDeviceConnected(deviceId);
      link.sweep(now);
      if (!link.isNeeded && !link.isOpen) this.#links.delete(deviceId);
    }
    if (this.#hasRowsBehind && this.#held.size === 0) this.#readRows();
  }

  /** Has what became of frames written down; one writing at a time. */
  flush(): Promise<void> {
    this.#flushing ??= this.#flush().finally(() => (this.#flushing = undefined));
    return this.#flushing;
  }

  /** Frames stay rows; devices that wait for a confirm get ours. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    for (const frame of this.#held.values()) settleAnswer(frame);
    for (const link of this.#links.values()) link.stop();
    this.#links.clear();
    this.#held.clear();
    this.#bySerial.clear();
    await this.flush().catch(() => undefined);
    await Promise.all([this.#refill, this.#fireLook]);
  }

  get #owedCount(): number {
    return this.#held.size + this.#rowsBehind;
  }

  #hold(owed: OwedFrame, answer?: RelayAnswer): void {
    const link = this.#link(owed.deviceId);
    // Nobody is there who could confirm in time.
    const mayWait = answer !== undefined && link.isHopeful;
    const answerBy = this.#options.clock.now() + this.target.confirmWithinMs;
    const frame = relayFrame(owed, mayWait ? answer : undefined, answerBy);
    this.#held.set(owed.order, frame);
    this.#bySerial.set(serialKey(owed.deviceId, owed.bytes), frame);
    link.offer(frame);
    if (!mayWait) answer?.(undefined);
  }

  /** Counts the confirms that are ours. */
  #counted(answer: RelayAnswer | undefined): RelayAnswer | undefined {
    if (answer === undefined) return undefined;
    return (confirm) => {
      if (confirm === undefined) this.#confirmedForIt++;
      answer(confirm);
    };
  }

  #settle(kind: 'delivered' | 'setAside', frame: RelayFrame): void {
    const { order, isUrgent, deviceId, bytes } = frame;
    this.#held.delete(order);
    if (this.#refill !== undefined) this.#wentSince.add(order);
    if (isUrgent) this.#goneFires?.add(order);
    const key = serialKey(deviceId, bytes);
    if (this.#bySerial.get(key) === frame) this.#bySerial.delete(key);
    this.#settled.push({ kind, lane: isUrgent ? 'alarm' : 'bulk', order });
  }

  async #flush(): Promise<void> {
    const { journal, rows } = this.#options;
    const { id: relayId } = this.target;
    if (this.#lost > 0) {
      const count = this.#lost;
      this.#lost = 0;
      journal.note({ kind: 'lost', relayId, count });
    }
    const settled = this.#settled;
    this.#settled = [];
    try {
      if (settled.length > 0) await rows.untilOwed();
    } catch (error) {
      this.#settled.unshift(...settled);
      throw error;
    }
    for (const kind of ['delivered', 'setAside'] as const) {
      for (const lane of ['alarm', 'bulk'] as const) {
        const orders = settled.filter((one) => one.kind === kind && one.lane === lane).map(({ order }) => order);
        await journal.settled(kind, relayId, lane, orders);
      }
    }
  }

  #readRows(): void {
    this.#refill ??= this.#fill()
      .catch((error: unknown) => this.#warnUnread(error))
      .finally(() => (this.#refill = undefined));
  }

  #warnUnread(error: unknown): void {
    const reason = error instanceof Error ? error.message : String(error);
    this.#options.log.warn('owed frames not read; tried again', { relayId: this.target.id, reason });
  }

  async #holdFires(): Promise<void> {
    const { rows, after } = this.#options;
    if (this.#goneFires === undefined) {
      this.#goneFires = new Set();
      // What a predecessor saw go must not be read as owed. Of the bulk lane nothing is awaited: it may be far behind.
      await after;
      await rows.untilApplied(['alarm']);
    }
    const gone = [...this.#goneFires];
    const found = await rows.fires(HELD);
    if (this.#isStopped) return;
    for (const owed of found) if (!this.#goneFires.has(owed.order)) this.#holdOnce(owed);
    const isAll = found.length < HELD;
    const there = new Set(found.map(({ order }) => order));
    if (isAll) for (const order of gone) if (!there.has(order)) this.#goneFires.delete(order);
  }

  /** When all that was held has gone: the next rows. Nothing that comes or goes meanwhile is held twice. */
  async #fill(): Promise<void> {
    const { rows, after } = this.#options;
    await after;
    this.#cameSince = new Map();
    this.#cameTooMuch = false;
    this.#wentSince = new Set();
    // What went before must not be read as owed.
    while (this.#settled.length > 0 || this.#flushing !== undefined) await this.flush();
    await rows.untilApplied();
    const [found, count] = [await rows.first(HELD), await rows.count()];
    if (this.#isStopped) return;
    for (const owed of found) this.#holdOnce(owed);
    const isAll = found.length < HELD && !this.#cameTooMuch;
    // All rows are held: what came meanwhile follows them, and what comes next does not wait for rows any more.
    if (isAll) for (const owed of this.#cameSince.values()) this.#holdOnce(owed);
    this.#hasRowsBehind = !isAll;
    this.#rowsBehind = isAll ? 0 : Math.max(0, count - found.length);
    this.#cameSince = new Map();
  }

  #holdOnce(owed: OwedFrame): void {
    if (!this.#held.has(owed.order) && !this.#wentSince.has(owed.order)) this.#hold(owed);
  }

  /** Byte for byte each device has its own connection, as it had before. */
  #linkKey(deviceId: string): string {
    return this.target.sourceAddress === undefined ? deviceId : '';
  }

  #link(deviceId: string): UpstreamLink {
    const key = this.#linkKey(deviceId);
    const known = this.#links.get(key);
    if (known !== undefined) return known;
    const { clock, random, onOrder } = this.#options;
    const { host, port, sourceAddress } = this.target;
    const link = new UpstreamLink({
      host,
      port,
      clock,
      random,
      ownAddress: sourceAddress,
      confirmWithinMs: () => this.target.confirmWithinMs,
      onDelivered: (frame, confirm) => {
        this.#delivered++;
        this.#lastDeliveredAt = clock.now();
        settleAnswer(frame, confirm);
        this.#settle('delivered', frame);
      },
      onSetAside: (frame) => {
        settleAnswer(frame);
        this.#settle('setAside', frame);
      },
      onResent: () => void this.#resent++,
      onOrder: (bytes) => onOrder(key, bytes),
    });
    link.isWanted = key === '' || this.#options.isDeviceConnected(key);
    this.#links.set(key, link);
    return link;
  }
}

const serialKey = (deviceId: string, bytes: Uint8Array): string => `${deviceId}/${wireSerial(bytes)}`;
