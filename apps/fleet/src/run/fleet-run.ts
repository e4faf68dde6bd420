import { chance, streams } from '../plan/chance.ts';
import type { FleetPlan, PlannedDevice } from '../plan/fleet-plan.ts';
import { dueMsOf, dueReport } from '../plan/schedule.ts';
import { maxSeq } from '../report/carrier.ts';
import type { TruthWriter } from '../truth/truth-writer.ts';
import { Durations, noCounts, type Counts } from './tally.ts';
import type { Transmission, Uplink, UplinkTold, Waiting } from './transmission.ts';

const TICK_MS = 10;
const CONNECTING_AT_ONCE = 100;
const DRAIN_MS = 30_000;
/** Reports that are due and cannot leave; what comes beyond is skipped and counted. */
const LONGEST_QUEUE = 200_000;

export type FleetRunOptions = {
  readonly plan: FleetPlan;
  readonly truth: TruthWriter;
  /** One per connection, in order. */
  readonly open: (connection: number, told: UplinkTold) => Uplink;
  readonly log: (words: string) => void;
};

export type RunResult = Counts & {
  readonly unacknowledged: number;
  readonly durationMs: number;
  /** From the moment a report was due to its acknowledgement. */
  readonly latencyMs?: { readonly p50: number; readonly p99: number; readonly max: number };
};

/** Plays a plan against a centre and writes down the truth about it. */
export class FleetRun {
  readonly #options: FleetRunOptions;
  readonly #uplinks: readonly Uplink[];
  readonly #counts: Counts = noCounts();
  readonly #latencies = new Durations();
  readonly #nextSeq: Uint32Array;
  readonly #dirty = new Set<Uplink>();
  readonly #toConnect: number[] = [];
  readonly #attempts: Uint16Array;
  readonly #wasOpen = new Set<number>();
  readonly #timers = new Set<NodeJS.Timeout>();
  #connecting = 0;
  #isPumping = false;
  #isStopped = false;
  #isLeaving = false;
  #startedAt = 0;
  #next = 0;
  #failure: Error | undefined;

  constructor(options: FleetRunOptions) {
    this.#options = options;
    const { plan } = options;
    const connections = plan.gateways.length || plan.devices.length;
    this.#nextSeq = new Uint32Array(plan.devices.length);
    this.#attempts = new Uint16Array(connections);
    this.#uplinks = Array.from({ length: connections }, (_, n): Uplink => {
      const uplink: Uplink = options.open(n, {
        hasWork: () => this.#pumpSoon(uplink),
        make: (waiting) => this.#make(waiting),
        acknowledged: (transmission) => this.#onAcknowledged(transmission),
        opened: () => this.#onOpened(n),
        closed: (why, refusal) => this.#onClosed(n, why, refusal),
        count: (what) => void this.#counts[what]++,
      });
      return uplink;
    });
  }

  get counts(): Readonly<Counts> {
    return this.#counts;
  }

  get waiting(): number {
    return this.#uplinks.reduce((sum, { waiting }) => sum + waiting, 0);
  }

  /** No report is made any more; `run` resolves when those on their way are acknowledged. */
  stop(): void {
    this.#isStopped = true;
  }

  async run(): Promise<RunResult> {
    const { plan, truth, log } = this.#options;
    const { durationS = Infinity, faults } = plan.options;
    for (let n = 0; n < this.#uplinks.length; n++) this.#toConnect.push(n);
    this.#connectMore();
    const settledBy = Date.now() + 60_000 + this.#uplinks.length * 10;
    while (!this.#isStopped && Date.now() < settledBy && this.#open + this.#counts.refused < this.#uplinks.length)
      await this.#pause(50);
    if (this.#open === 0 && !this.#isStopped) throw new Error('the centre lets none of the connections in');
    log(`${this.#open} of ${this.#uplinks.length} connections open`);
    this.#startedAt = Date.now();
    const endsAt = this.#startedAt + durationS * 1000;
    let stormAt = faults.stormEveryS > 0 ? this.#startedAt + faults.stormEveryS * 1000 : Infinity;
    while (!this.#isStopped && Date.now() < endsAt) {
      this.#offerDue(Math.min(Date.now(), endsAt));
      if (Date.now() >= stormAt) {
        stormAt += faults.stormEveryS * 1000;
        log('storm: all connections are cut');
        for (const uplink of this.#uplinks) if (uplink.isOpen) uplink.cut();
      }
      await this.#pause(TICK_MS);
    }
    if (!this.#isStopped) this.#offerDue(endsAt);
    const stoppedAt = Date.now();
    while (Date.now() - stoppedAt < DRAIN_MS && this.#uplinks.some(({ pending }) => pending > 0)) await this.#pause(50);
    this.#isLeaving = true;
    for (const timer of this.#timers) clearTimeout(timer);
    for (const uplink of this.#uplinks) uplink.leave();
    const { sent, acknowledged } = this.#counts;
    truth.add({ is: 'end', at: Date.now(), sent, acknowledged });
    truth.flush();
    const latencyMs = this.#latencies.summary();
    return {
      ...this.#counts,
      unacknowledged: sent - acknowledged,
      durationMs: stoppedAt - this.#startedAt,
      ...(latencyMs !== undefined && { latencyMs }),
    };
  }

  get #open(): number {
    return this.#counts.connected;
  }

  async #pause(ms: number): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, ms));
    if (this.#failure !== undefined) throw this.#failure;
  }

  #offerDue(now: number): void {
    const { plan } = this.#options;
    const { seed, ratePerS } = plan.options;
    let room = LONGEST_QUEUE - this.waiting;
    for (; ; this.#next++) {
      const dueAt = this.#startedAt + dueMsOf(seed, ratePerS, this.#next);
      if (dueAt > now) return;
      const due = dueReport(plan, this.#next);
      if (due === undefined) continue;
      if (room-- <= 0) this.#counts.skipped++;
      else this.#uplinks[(plan.devices[due.device] as PlannedDevice).connection]?.offer({ due, dueAt });
    }
  }

  #make({ due, dueAt }: Waiting): Transmission | undefined {
    const { plan, truth } = this.#options;
    const device = plan.devices[due.device] as PlannedDevice;
    const seq = this.#nextSeq[due.device] as number;
    if (seq >= maxSeq) {
      this.#counts.skipped++;
      return undefined;
    }
    this.#nextSeq[due.device] = seq + 1;
    const { id: deviceId, alarm, skewMs } = device;
    const at = Math.round(dueAt) + skewMs;
    const { kind, isDuplicated, losesAck } = due;
    truth.add({ is: 'sent', deviceId, seq, at, report: kind === 'telemetry' ? 'telemetry' : 'event' });
    // More than five minutes ahead is a fault of the clock (docs/reference/wire.md).
    if (seq === 0 && skewMs > 300_000)
      truth.add({ is: 'alarm', deviceId, seq, at, kind: 'clockSuspect', point: '', level: 'warning', active: true });
    if (kind !== 'telemetry' && alarm !== undefined) {
      const { kind: alarmKind, point, level } = alarm;
      truth.add({ is: 'alarm', deviceId, seq, at, kind: alarmKind, point, level, active: kind === 'raise' });
      this.#counts[kind === 'raise' ? 'raised' : 'cleared']++;
    }
    this.#counts.sent++;
    return { device: due.device, seq, at, kind, dueAt, isDuplicated, losesAck, isAgain: false };
  }

  #onAcknowledged({ device, seq, dueAt }: Transmission): void {
    const { plan, truth } = this.#options;
    const at = Date.now();
    truth.add({ is: 'acknowledged', deviceId: (plan.devices[device] as PlannedDevice).id, seq, at });
    this.#counts.acknowledged++;
    this.#latencies.add(at - dueAt);
  }

  /** Many answers arrive in one turn of the loop: what they set free leaves together, behind one write of the truth. */
  #pumpSoon(uplink: Uplink): void {
    this.#dirty.add(uplink);
    if (this.#isPumping) return;
    this.#isPumping = true;
    setImmediate(() => {
      this.#isPumping = false;
      const dirty = [...this.#dirty];
      this.#dirty.clear();
      try {
        for (const each of dirty) each.prepare();
        this.#options.truth.flush();
        for (const each of dirty) each.transmit();
      } catch (error) {
        this.#failure = error instanceof Error ? error : new Error(String(error));
      }
    });
  }

  #connectMore(): void {
    while (this.#connecting < CONNECTING_AT_ONCE && this.#toConnect.length > 0) {
      const n = this.#toConnect.shift() as number;
      this.#connecting++;
      this.#uplinks[n]?.connect();
    }
  }

  #onOpened(n: number): void {
    this.#connecting--;
    this.#counts.connected++;
    if ((this.#attempts[n] as number) > 0) this.#counts.reconnects++;
    this.#attempts[n] = 0;
    this.#wasOpen.add(n);
    this.#connectMore();
  }

  #onClosed(n: number, why: string, refusal?: number): void {
    if (this.#wasOpen.delete(n)) this.#counts.connected--;
    else this.#connecting--;
    if (refusal !== undefined) {
      // Asking again with the same secret would be refused again.
      this.#counts.refused++;
      this.#options.log(`connection ${n + 1}: ${why}; it stays away`);
    } else if (!this.#isLeaving) {
      const attempt = (this.#attempts[n] = Math.min(1_000, (this.#attempts[n] as number) + 1));
      const { seed } = this.#options.plan.options;
      const spread = 0.5 + chance(seed, streams.reconnect, n * 1_000 + attempt);
      const timer = setTimeout(
        () => {
          this.#timers.delete(timer);
          this.#toConnect.push(n);
          this.#connectMore();
        },
        Math.min(5_000, 200 * 2 ** attempt) * spread,
      );
      this.#timers.add(timer);
    }
    this.#connectMore();
  }
}
