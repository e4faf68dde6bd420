import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import type { TruthLine } from './truth-line.ts';

export type SaidAlarm = {
  readonly seq: number;
  readonly at: number;
  readonly kind: string;
  readonly point: string;
  readonly active: boolean;
};

/** What is true of one device. */
export type DeviceTruth = {
  readonly deviceId: string;
  readonly model: string;
  /** Ahead of the right time. */
  readonly skewMs: number;
  /** By seq: 0 = not sent. */
  readonly reports: ReportStates;
  readonly alarms: SaidAlarm[];
  readonly tolerated: Set<string>;
  /** Of each report its instant; kept where the API tells reports apart by nothing else. */
  readonly instants: Map<number, number>;
};

export const reportBits = { sent: 1, acknowledged: 2, event: 4 } as const;

/** One byte for each report of a device. */
export class ReportStates {
  #states = new Uint8Array(16);
  #length = 0;

  /** One more than the highest seq. */
  get length(): number {
    return this.#length;
  }

  of(seq: number): number {
    return this.#states[seq] ?? 0;
  }

  add(seq: number, bits: number): void {
    if (seq >= this.#states.length) {
      const larger = new Uint8Array(Math.max(seq + 1, this.#states.length * 2));
      larger.set(this.#states);
      this.#states = larger;
    }
    this.#states[seq] = this.of(seq) | bits;
    this.#length = Math.max(this.#length, seq + 1);
  }
}

/** Everything a truth file says, ready to be compared. */
export class Truth {
  readonly devices = new Map<string, DeviceTruth>();
  run: Extract<TruthLine, { is: 'run' }> | undefined;
  end: Extract<TruthLine, { is: 'end' }> | undefined;
  sent = 0;
  acknowledged = 0;
  /** Least and greatest instant any report carries. */
  firstAt = Infinity;
  lastAt = -Infinity;
  /** The last acknowledgement, by the simulator's clock. */
  lastAcknowledgedAt = -Infinity;

  /** @throws Error for a line about a device that was not named before, or of an unknown kind. */
  take(line: TruthLine): void {
    switch (line.is) {
      case 'run':
        if (line.version !== 1) throw new Error(`version ${String(line.version)}: expected 1`);
        this.run = line;
        return;
      case 'device': {
        const { deviceId, model, skewMs = 0 } = line;
        const reports = new ReportStates();
        this.devices.set(deviceId, {
          deviceId,
          model,
          skewMs,
          reports,
          alarms: [],
          tolerated: new Set(),
          instants: new Map(),
        });
        return;
      }
      case 'sent': {
        const device = this.#device(line.deviceId);
        if (device.model === 'generic-uitd') device.instants.set(line.seq, line.at);
        device.reports.add(checkedSeq(line.seq), reportBits.sent | (line.report === 'event' ? reportBits.event : 0));
        this.sent++;
        this.firstAt = Math.min(this.firstAt, line.at);
        this.lastAt = Math.max(this.lastAt, line.at);
        return;
      }
      case 'acknowledged':
        this.#device(line.deviceId).reports.add(checkedSeq(line.seq), reportBits.acknowledged);
        this.acknowledged++;
        this.lastAcknowledgedAt = Math.max(this.lastAcknowledgedAt, line.at);
        return;
      case 'alarm':
        this.#device(line.deviceId).alarms.push(line);
        return;
      case 'tolerated':
        this.#device(line.deviceId).tolerated.add(line.kind);
        return;
      case 'end':
        this.end = line;
        return;
      default:
        throw new Error(`unknown line ${JSON.stringify(line)}`);
    }
  }

  #device(deviceId: string): DeviceTruth {
    const device = this.devices.get(deviceId);
    if (device === undefined) throw new Error(`device ${JSON.stringify(deviceId)} has no line of its own before`);
    return device;
  }
}

function checkedSeq(seq: number): number {
  if (Number.isInteger(seq) && seq >= 0 && seq < 1_000_000) return seq;
  throw new Error(`seq is ${JSON.stringify(seq)}: expected an integer 0 to 999999`);
}

/**
 * Reads a truth file. A last line that a power cut left half written is left out.
 *
 * @throws Error naming the line that is none.
 */
export async function readTruth(path: string): Promise<Truth> {
  const truth = new Truth();
  let number = 0;
  let damaged: Error | undefined;
  for await (const text of createInterface({ input: createReadStream(path), crlfDelay: Infinity })) {
    number++;
    if (text === '') continue;
    if (damaged !== undefined) throw damaged;
    try {
      truth.take(JSON.parse(text) as TruthLine);
    } catch (error) {
      const failure = new Error(`${path}, line ${number}: ${(error as Error).message}`, { cause: error });
      if (!(error instanceof SyntaxError)) throw failure;
      damaged = failure;
    }
  }
  if (truth.run === undefined) throw new Error(`${path}: no line of a run; is it a truth file?`);
  return truth;
}
