import type { Packet, Report } from '../report/report.ts';

/** A packet on its way; its bytes stay the same however often it is sent. */
export type OutboxEntry = Packet & { readonly kind: Report['kind']; readonly order: number };

export type OutboxLimits = {
  /** Packets waiting or in flight. */
  readonly packets: number;
  /** Bytes of their payloads. */
  readonly bytes: number;
};

export const defaultOutboxLimits: OutboxLimits = { packets: 20_000, bytes: 32 * 1024 * 1024 };

export type OutboxCounts = {
  readonly waiting: number;
  readonly inFlight: number;
  readonly bytes: number;
  readonly acknowledged: number;
  /** Telemetry given up because the outbox was full. */
  readonly droppedTelemetry: number;
  /** Captures not taken because the outbox held twice its bytes. */
  readonly refusedCaptures: number;
};

/**
 * What the device still owes the centre, in memory, in the order of the reports; events go ahead of everything else.
 *
 * When full, the oldest waiting telemetry makes room. Events are always taken, whatever the limits: they are small, and
 * the delays of the hazards limit their rate. Captures are taken beyond the limits too, up to twice the bytes; what was
 * taken is never given up.
 */
export class Outbox {
  readonly #limits: OutboxLimits;
  readonly #waiting: Record<Report['kind'], OutboxEntry[]> = { event: [], capture: [], telemetry: [] };
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

  /** False when the report was not taken. */
  put(report: Report): boolean {
    const bytes = report.packets.reduce((sum, { payload }) => sum + payload.length, 0);
    while (!this.#hasRoomFor(report.packets.length, bytes)) {
      const oldest = this.#waiting.telemetry.shift();
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
      this.#waiting[report.kind].push({ ...packet, kind: report.kind, order: this.#order++ });
    }
    this.#bytes += bytes;
    return true;
  }

  /** The next packet to send; it is in flight until acknowledged or returned. */
  take(): OutboxEntry | undefined {
    const entry = this.#nextLane().shift();
    if (entry !== undefined) this.#inFlight.add(entry);
    return entry;
  }

  /** Nothing happens for an entry that is not in flight. */
  acknowledge(entry: OutboxEntry): void {
    if (!this.#inFlight.delete(entry)) return;
    this.#bytes -= entry.payload.length;
    this.#acknowledged += 1;
  }

  /** The connection is gone: what was not acknowledged waits again, before everything younger of its lane. */
  returnInFlight(): void {
    const returned = [...this.#inFlight].sort((left, right) => left.order - right.order);
    this.#inFlight.clear();
    for (const kind of ['event', 'capture', 'telemetry'] as const) {
      this.#waiting[kind].unshift(...returned.filter((entry) => entry.kind === kind));
    }
  }

  isEmpty(): boolean {
    return this.#inFlight.size === 0 && this.#waitingCount() === 0;
  }

  /** How much of its limits is used; above 1 only by events and captures. */
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

  #waitingCount(): number {
    const { event, capture, telemetry } = this.#waiting;
    return event.length + capture.length + telemetry.length;
  }

  #hasRoomFor(packets: number, bytes: number): boolean {
    const count = this.#waitingCount() + this.#inFlight.size;
    return count + packets <= this.#limits.packets && this.#bytes + bytes <= this.#limits.bytes;
  }

  #nextLane(): OutboxEntry[] {
    const { event, capture, telemetry } = this.#waiting;
    if (event.length > 0) return event;
    return (capture[0]?.order ?? Infinity) < (telemetry[0]?.order ?? Infinity) ? capture : telemetry;
  }
}
