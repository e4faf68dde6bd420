import type { FireMessageText } from '@fengsui/protocol';
import type { KeptIncident, KeptReport } from '../incident/kept-incident.ts';
import type { FireMessageNews } from '../incident/incident-life.ts';
import type { Journal } from '../journal/journal.ts';
import { partitionOf } from '../journal/partition.ts';
import type { Clock } from '../platform/clock.ts';
import type { Log } from '../platform/log.ts';
import { Pause } from '../platform/pause.ts';
import { offsetMinutesAt } from '../platform/zone-offset.ts';
import { CENTRE_BEARER } from '../situation/apply-clock-step.ts';
import { isFaultTold } from '../situation/centre-fault.ts';
import type { Effects } from '../situation/effects.ts';
import type { Situation } from '../situation/situation.ts';
import type { TimerFiredMeta, TimerPurpose } from '../situation/timer.ts';
import type { Store } from '../store/store.ts';
import { deliverMessage, type Delivery } from './deliver-message.ts';
import type { FireChannel } from './fire-command-settings.ts';

export type FireCommandCourierOptions = {
  /** Undefined: none is set up, and people are told to use the telephone. */
  readonly channel: FireChannel | undefined;
  readonly situation: Situation;
  readonly journal: Pick<Journal, 'append'>;
  readonly store: Pick<Store, 'query'>;
  readonly clock: Clock;
  readonly timeZone: string;
  readonly log: Log;
};

const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;

/**
 * Carries messages to the fire-command side, of each incident the newest, until they are taken or the incident is closed.
 * What becomes of each try is journalled, so a restart goes on where this one ended. A message leaves the house twice when
 * the centre dies between their answer and its record: the other side knows it by its id.
 */
export class FireCommandCourier {
  readonly #options: FireCommandCourierOptions;
  /** By incident. */
  readonly #errands = new Map<string, Errand>();
  /** Also those that are ending. */
  readonly #carried = new Set<Promise<void>>();
  #isRunning = false;

  constructor(options: FireCommandCourierOptions) {
    this.#options = options;
  }

  start(): void {
    this.#isRunning = true;
    for (const incident of this.#options.situation.incidents.open()) this.#take(incident);
  }

  /** Resolves when no message is on its way any more. */
  async stop(): Promise<void> {
    this.#isRunning = false;
    for (const errand of this.#errands.values()) errand.end();
    this.#errands.clear();
    await Promise.all(this.#carried);
  }

  /** Told of every commit. */
  follow({ incidents }: Effects): void {
    if (this.#isRunning) for (const incident of incidents.values()) this.#take(incident);
  }

  #take(incident: KeptIncident): void {
    const wanted = waitingReport(incident)?.messageId;
    const known = this.#errands.get(incident.id);
    if (known?.messageId === wanted) return;
    known?.end();
    this.#errands.delete(incident.id);
    if (wanted === undefined) return;
    const errand = new Errand(wanted);
    this.#errands.set(incident.id, errand);
    const carried = this.#carry(incident, errand).finally(() => this.#carried.delete(carried));
    this.#carried.add(carried);
  }

  /** Never rejects. */
  async #carry(incident: KeptIncident, errand: Errand): Promise<void> {
    const { channel } = this.#options;
    const { messageId } = errand;
    if (channel === undefined) {
      await this.#say(incident, errand, { kind: 'reportHeldBack', messageId, heldBack: 'noChannel' });
      return;
    }
    const triedBefore = incident.report?.failedCount ?? 0;
    for (let tries = 1; !errand.isOver; tries++) {
      const delivery = await this.#try(channel, errand);
      if (delivery === 'ended') return;
      if (delivery.kind === 'delivered') {
        await this.#say(incident, errand, { kind: 'reportDelivered', messageId, receipt: delivery.receipt });
        await this.#link('back');
        return;
      }
      await this.#failed(incident, errand, triedBefore + tries, delivery.reason);
      await errand.wait(Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(tries - 1, 10)));
    }
  }

  async #try(channel: FireChannel, errand: Errand): Promise<Delivery | 'ended'> {
    const { store, clock, timeZone } = this.#options;
    const at = clock.now();
    try {
      const [row] = await store.query('select doc from fire_message where id = $1', [errand.messageId]);
      if (errand.isOver) return 'ended';
      if (row === undefined) return { kind: 'failed', reason: 'the message is not in the store' };
      const utcOffsetMinutes = offsetMinutesAt(timeZone, at);
      const { signal } = errand;
      const delivery = await deliverMessage(channel, row['doc'] as FireMessageText, { at, utcOffsetMinutes, signal });
      // What was answered before its end counts.
      return errand.isOver && delivery.kind === 'failed' ? 'ended' : delivery;
    } catch (error) {
      return { kind: 'failed', reason: error instanceof Error ? error.message : String(error) };
    }
  }

  async #failed(incident: KeptIncident, errand: Errand, tries: number, reason: string): Promise<void> {
    const { messageId } = errand;
    this.#options.log.warn('fire command: message not taken', { incidentId: incident.id, messageId, tries, reason });
    await this.#link('away');
    // A history of a night without the line has ten lines of it, not a thousand.
    if (Number.isInteger(Math.log2(tries)))
      await this.#say(incident, errand, { kind: 'reportFailed', messageId, failedCount: tries, reason });
  }

  /** On record, however long the journal takes; until this courier ends. */
  async #say({ id: incidentId, place }: KeptIncident, errand: Errand, news: FireMessageNews): Promise<void> {
    const purpose: TimerPurpose = { kind: 'fireMessage', incidentId, news };
    while (!(await this.#append(place.partition, purpose)) && this.#isRunning) await errand.wait(FIRST_PAUSE_MS);
  }

  /** Once for each change. */
  async #link(state: 'away' | 'back'): Promise<void> {
    if (isFaultTold(this.#options.situation, CENTRE_BEARER, 'fireCommandAway') === (state === 'away')) return;
    await this.#append(partitionOf(''), { kind: 'fireCommandLink', state });
  }

  async #append(partition: number, purpose: TimerPurpose): Promise<boolean> {
    const { journal, clock, log } = this.#options;
    const firedAt = clock.now();
    const meta: TimerFiredMeta = { timerId: purpose.kind, firedAt, purpose };
    try {
      await journal.append('alarm', [{ kind: 'timerFired', partition, appendedAt: firedAt, meta }]);
      return true;
    } catch (error) {
      log.error('fire command: not on record', { what: purpose.kind, reason: String(error) });
      return false;
    }
  }
}

/** One message on its way. */
class Errand {
  readonly messageId: string;
  readonly #pause = new Pause();
  readonly #abort = new AbortController();

  constructor(messageId: string) {
    this.messageId = messageId;
  }

  get isOver(): boolean {
    return this.#abort.signal.aborted;
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** Not at all once it is over. */
  async wait(ms: number): Promise<void> {
    if (!this.isOver) await this.#pause.wait(ms);
  }

  end(): void {
    this.#abort.abort();
    this.#pause.end();
  }
}

/** Of another origin than `live` nothing leaves the house, whatever its report says. */
function waitingReport({ state, place, report }: KeptIncident): KeptReport | undefined {
  if (state === 'closed' || place.origin !== 'live' || report === undefined) return undefined;
  return report.deliveredAt === undefined && report.heldBack === undefined ? report : undefined;
}
