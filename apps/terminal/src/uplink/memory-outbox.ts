import type { Report } from '../report/report.ts';
import { defaultOutboxLimits, type Outbox, type OutboxCounts, type OutboxEntry, type OutboxLimits } from './outbox.ts';

/** In the order of sending. */
const lanes = ['event', 'fresh', 'capture', 'backlog'] as const;
type Lane = (typeof lanes)[number];

/**
 * An outbox that ends with its process: for simulated devices and for runs without a state. Events go first, then telemetry
 * put since the connection stands, then captures, then what waited.
 *
 * When full, the oldest waiting telemetry makes room. Events are always taken, whatever the limits: they are small, and
 * the delays of the hazards limit their rate. Captures are taken beyond the limits too, up to twice the bytes; what was
 * taken is never given up.
 */
export class MemoryOutbox implements Outbox {
  readonly #limits: OutboxLimits;
  readonly #waiting: Record<Lane, OutboxEntry[]> = { event: [], fresh: [], capture: [], backlog: [] };
  /** Telemetry from this order on was put since the connection stands. */
  #freshFrom = 0;
  /** In the order of sending. */
  readonly #inFlight = new Set<OutboxEntry>();
  #bytes = 0;
  #order = 0;
  #acknowledged = 0;
  #droppedTelemetry = 0;
  #refusedCaptures = 0;

  /** @throws RangeError for limits that are no positive integers. */
  constructor(limits: OutboxLimits = defaultOutboxLimits) {
    for (const key of ['packets', 'bytes'] as const) {
      if (Number.isSafeInteger(limits[key]) && limits[key] > 0) continue;
      throw new RangeError(`outbox limit ${key} is ${limits[key]}, an integer above 0 expected`);
    }
    this.#limits = limits;
  }

  put(report: Report): boolean {
    const bytes = report.packets.reduce((sum, { payload }) => sum + payload.length, 0);
    while (!this.#hasRoomFor(report.packets.length, bytes)) {
      const oldest = this.#waiting.backlog.shift() ?? this.#waiting.fresh.shift();
      if (oldest === undefined) break;
      this.#bytes -= oldest.payload.length;
      this.#droppedTelemetry += 1;
    }
    if (report.kind === 'telemetry' && !this.#hasRoomFor(report.packets.length, bytes)) {
      this.#droppedTelemetry += report.packets.length;
      return false;
    }
    if (report.kind === 'capture' && this.#bytes + bytes > 2 * this.#limits.bytes) {
      this.#refusedCaptures += 1;
      return false;
    }
    for (const packet of report.packets) {
      const entry = { ...packet, kind: report.kind, order: this.#order++ };
      this.#waiting[this.#laneOf(entry)].push(entry);
    }
    this.#bytes += bytes;
    return true;
  }

  take(isUrgent = false): OutboxEntry | undefined {
    const lane = (isUrgent ? lanes.slice(0, 1) : lanes).find((each) => this.#waiting[each].length > 0);
    const entry = lane === undefined ? undefined : this.#waiting[lane].shift();
    if (entry !== undefined) this.#inFlight.add(entry);
    return entry;
  }

  acknowledge(entry: OutboxEntry): void {
    if (!this.#inFlight.delete(entry)) return;
    this.#bytes -= entry.payload.length;
    this.#acknowledged += 1;
  }

  returnInFlight(): void {
    const returned = [...this.#inFlight].sort((left, right) => left.order - right.order);
    this.#inFlight.clear();
    for (const lane of lanes) {
      this.#waiting[lane].unshift(...returned.filter((entry) => this.#laneOf(entry) === lane));
    }
  }

  connected(): void {
    this.#freshFrom = this.#order;
    this.#waiting.backlog.push(...this.#waiting.fresh);
    this.#waiting.fresh = [];
  }

  isEmpty(): boolean {
    return this.#inFlight.size === 0 && this.#waitingCount() === 0;
  }

  fill(): number {
    const { packets, bytes } = this.#limits;
    return Math.max((this.#waitingCount() + this.#inFlight.size) / packets, this.#bytes / bytes);
  }

  counts(): OutboxCounts {
    return {
      waiting: this.#waitingCount(),
      inFlight: this.#inFlight.size,
      bytes: this.#bytes,
      acknowledged: this.#acknowledged,
      droppedTelemetry: this.#droppedTelemetry,
      refusedCaptures: this.#refusedCaptures,
    };
  }

  /** Nothing outlives the process. */
  close(): Promise<void> {
    return Promise.resolve();
  }

  #laneOf({ kind, order }: OutboxEntry): Lane {
    if (kind !== 'telemetry') return kind;
    return order >= this.#freshFrom ? 'fresh' : 'backlog';
  }

  #waitingCount(): number {
    return lanes.reduce((sum, lane) => sum + this.#waiting[lane].length, 0);
  }

  #hasRoomFor(packets: number, bytes: number): boolean {
    const count = this.#waitingCount() + this.#inFlight.size;
    return count + packets <= this.#limits.packets && this.#bytes + bytes <= this.#limits.bytes;
  }
}
