import { createLoadHeatLag } from './load-heat-lag.ts';

/** One minute as the filters see it. */
export type MinuteMeans = {
  readonly at: number;
  /** Over the reference point, K; without one, °C. */
  readonly temperature: number;
  readonly currentA2: number;
  /** Lagged mean square of the current per time constant, A²; NaN while it settles. */
  readonly lagA2: readonly number[];
};

export type ContactReading = {
  /** Epoch ms. */
  readonly at: number;
  readonly temperatureC: number;
  /** Rms. */
  readonly currentA: number;
  /** Temperature of a reference point: another terminal without load, or the board's air. */
  readonly ambientC?: number;
};

const BIN_MS = 10_000;
const MINUTE_MS = 60_000;
/** A silence after which the current between is unknown. */
const GAP_MS = 30_000;

/**
 * Readings of any rate → means of a minute, with the lag of each time constant over bins of 10 s. A minute with a bin
 * that has no temperature is left out; the lag goes on.
 */
export function createMinuteMeans(tauBankS: readonly number[]): (reading: ContactReading) => MinuteMeans | undefined {
  const lags = tauBankS.map(createLoadHeatLag);
  let lastAt: number | undefined;
  let hadAmbient = false;
  const bin = { from: 0, squares: 0, count: 0, temperatures: 0, temperatureCount: 0 };
  const minute = { from: 0, squares: 0, temperatures: 0, lags: tauBankS.map(() => 0), seconds: 0 };

  function beginBin(at: number): void {
    Object.assign(bin, { from: at, squares: 0, count: 0, temperatures: 0, temperatureCount: 0 });
  }

  function beginMinute(at: number): void {
    minute.lags.fill(0);
    Object.assign(minute, { from: at, squares: 0, temperatures: 0, seconds: 0 });
  }

  function endBin(at: number): MinuteMeans | undefined {
    const seconds = (at - bin.from) / 1_000;
    const meanSquare = bin.squares / bin.count;
    lags.forEach((lag, index) => {
      minute.lags[index] = (minute.lags[index] ?? 0) + lag.advance(seconds, meanSquare) * seconds;
    });
    minute.squares += meanSquare * seconds;
    minute.temperatures += (bin.temperatures / bin.temperatureCount) * seconds;
    minute.seconds += seconds;
    beginBin(at);
    if (at - minute.from < MINUTE_MS) return undefined;
    const means: MinuteMeans = {
      at,
      temperature: minute.temperatures / minute.seconds,
      currentA2: minute.squares / minute.seconds,
      lagA2: lags.map((lag, index) => (lag.isSettled() ? (minute.lags[index] ?? NaN) / minute.seconds : NaN)),
    };
    beginMinute(at);
    return Number.isFinite(means.temperature) ? means : undefined;
  }

  return ({ at, temperatureC, currentA, ambientC }) => {
    if (!Number.isFinite(at) || at <= (lastAt ?? -Infinity) || !Number.isFinite(currentA)) return undefined;
    if (lastAt === undefined || at - lastAt > GAP_MS) {
      for (const lag of lags) lag.interrupt();
      beginBin((lastAt = at));
      beginMinute(at);
      return undefined;
    }
    lastAt = at;
    bin.squares += currentA ** 2;
    bin.count += 1;
    // A minute that begins without the reference point and ends with it is neither.
    if (hadAmbient !== (ambientC !== undefined)) minute.temperatures = NaN;
    hadAmbient = ambientC !== undefined;
    const temperature = temperatureC - (ambientC ?? 0);
    if (Number.isFinite(temperature)) {
      bin.temperatures += temperature;
      bin.temperatureCount += 1;
    }
    return at - bin.from >= BIN_MS ? endBin(at) : undefined;
  };
}
