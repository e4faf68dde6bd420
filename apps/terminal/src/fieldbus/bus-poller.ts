import { decodeBlock, type BlockValues } from '../modbus/decode-block.ts';
import { ModbusFailure, type ModbusLink } from '../modbus/modbus-link.ts';
import type { ReadBlock } from '../modbus/read-plan.ts';
import type { RegisterMap } from '../modbus/register-map.ts';
import type { Clock } from '../playback/clock.ts';

/** One unit on a bus, and what is read of it. */
export type Station = {
  readonly id: string;
  readonly unit: number;
  readonly map: RegisterMap;
  readonly blocks: readonly ReadBlock[];
};

export type PollerListener = {
  readonly onBlock: (station: Station, block: ReadBlock, values: BlockValues, at: number) => void;
  /** A block that the station refuses; undefined: it gives it again. */
  readonly onRefused: (station: Station, block: ReadBlock, failure: ModbusFailure | undefined) => void;
  /** The station does not answer; undefined: it does again. */
  readonly onOffline: (station: Station, failure: ModbusFailure | undefined) => void;
  /** The bus itself cannot be reached; undefined: it can again. */
  readonly onBusDown: (failure: ModbusFailure | undefined) => void;
};

type Due = { readonly station: Station; readonly block: ReadBlock; at: number; isRefused: boolean };
/** `isOffline` is undefined until it is known: the first answer is told, for the run before may have told otherwise. */
type Health = { misses: number; isOffline: boolean | undefined };

/** Requests without an answer after which a station counts as offline. */
export const MISSES_TO_OFFLINE = 3;
/** An offline station is tried after 2 s, doubled up to 30 s: its time-outs must not eat the bus. */
const FIRST_BACK_OFF_MS = 2000;
const LONGEST_BACK_OFF_MS = 30_000;
/** What a device refuses it will refuse again. */
const REFUSED_EVERY_MS = 60_000;
/** Exceptions that a gateway gives for a silent device. */
const GATEWAY_CODES = [10, 11];
const BUSY_CODES = [5, 6];

/**
 * Reads the stations of one bus one after the other, what is longest due first, so that many share it fairly and one
 * that is silent takes at most every other time-out. Resolves when `signal` aborts.
 */
export async function pollBus(
  link: ModbusLink,
  stations: readonly Station[],
  listener: PollerListener,
  clock: Clock,
  signal: AbortSignal,
): Promise<void> {
  // A clock that is set must not stop the bus for an hour: what is due goes by the time since the start of the process.
  const startedAt = performance.now();
  const dues = stations.flatMap((station) =>
    station.blocks.map((block): Due => ({ station, block, at: startedAt, isRefused: false })),
  );
  const health = new Map(stations.map((station): [Station, Health] => [station, { misses: 0, isOffline: undefined }]));
  let isBusDown: boolean | undefined;
  let refusals = 0;

  while (!signal.aborted) {
    const due = dues.reduce<Due | undefined>(
      (first, each) => (first === undefined || each.at < first.at ? each : first),
      undefined,
    );
    if (due === undefined) return;
    await clock.sleep(Math.max(0, due.at - performance.now()), signal);
    if (signal.aborted) return;
    await ask(due);
  }

  async function ask(due: Due): Promise<void> {
    const { station, block } = due;
    const { unit } = station;
    try {
      const words = await link.read({ unit, table: block.table, address: block.address, count: block.count });
      const values = decodeBlock(station.map, block, words);
      answered(due);
      if (due.isRefused) {
        due.isRefused = false;
        listener.onRefused(station, block, undefined);
      }
      due.at = Math.max(due.at + block.everyMs, performance.now());
      listener.onBlock(station, block, values, clock.now());
    } catch (error) {
      if (signal.aborted) return;
      const failure = error instanceof ModbusFailure ? error : new ModbusFailure('garbled', String(error));
      failed(due, failure);
    }
  }

  function answered({ station }: Due): void {
    busIs(undefined);
    const state = health.get(station);
    if (state === undefined) return;
    state.misses = 0;
    if (state.isOffline === false) return;
    state.isOffline = false;
    listener.onOffline(station, undefined);
  }

  function failed(due: Due, failure: ModbusFailure): void {
    const { station, block } = due;
    const now = performance.now();
    if (failure.reason === 'notConnected') {
      busIs(failure);
      // Every station of the bus waits with it: the link has a back-off of its own.
      for (const other of dues) other.at = Math.max(other.at, now + 500);
      return;
    }
    const code = failure.exceptionCode;
    if (code !== undefined && BUSY_CODES.includes(code)) {
      due.at = now + Math.max(block.everyMs, 1000);
      return;
    }
    if (code !== undefined && !GATEWAY_CODES.includes(code)) {
      answered(due);
      due.at = now + Math.max(block.everyMs, REFUSED_EVERY_MS);
      if (!due.isRefused) listener.onRefused(station, block, failure);
      due.isRefused = true;
      return;
    }
    missed(due, failure, now);
  }

  function missed({ station, block }: Due, failure: ModbusFailure, now: number): void {
    // A bus that carries an answer for another is there.
    if (failure.reason !== 'timeout') busIs(undefined);
    const state = health.get(station);
    if (state === undefined) return;
    state.misses += 1;
    const { misses } = state;
    const isLost = misses >= MISSES_TO_OFFLINE;
    const backOffMs = Math.min(LONGEST_BACK_OFF_MS, FIRST_BACK_OFF_MS * 2 ** Math.min(misses - MISSES_TO_OFFLINE, 10));
    const againAt = now + (isLost ? backOffMs : Math.min(block.everyMs, 1000));
    for (const own of dues) if (own.station === station) own.at = Math.max(own.at, againAt);
    if (!isLost || state.isOffline === true) return;
    state.isOffline = true;
    listener.onOffline(station, failure);
  }

  function busIs(failure: ModbusFailure | undefined): void {
    refusals = failure === undefined ? 0 : refusals + 1;
    // A connection that was hung up once is made anew by the next request.
    if (failure !== undefined && refusals < MISSES_TO_OFFLINE) return;
    if (isBusDown === (failure !== undefined)) return;
    isBusDown = failure !== undefined;
    listener.onBusDown(failure);
  }
}
