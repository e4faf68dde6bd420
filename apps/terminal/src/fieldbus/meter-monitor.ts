import type { HazardEvent, OverloadBand, RatedCircuit } from '@fengsui/hazard';
import { createBoardHazards, type BoardHazardsState } from '../measurement/board-hazards.ts';
import { knownValues, type TelemetryValues } from '../measurement/telemetry-values.ts';
import type { Site } from '../site/site.ts';
import type { FieldbusState } from './fieldbus.ts';

export type MeterMonitorSettings = {
  /** Points of the meters, with how often each is read. */
  readonly points: ReadonlyMap<string, { readonly everyMs: number }>;
  readonly ratedCircuits: readonly RatedCircuit[];
  readonly site: Site;
  readonly overloadBands?: readonly OverloadBand[];
  /** Between telemetry, ms. */
  readonly intervalMs: number;
};

/** Judges what meters read: limits, thermal image, residual current, supply; not what only a waveform shows. */
export type MeterMonitor = {
  read(values: ReadonlyMap<string, number>, at: number): readonly HazardEvent[];
  /** What a meter says by itself. */
  state(state: FieldbusState, at: number): readonly HazardEvent[];
  /** Time passes: delays that have run out. */
  due(now: number): readonly HazardEvent[];
  /** What was read since the last time; undefined before the interval is over and when nothing was. */
  telemetry(now: number): TelemetryValues | undefined;
  causes(): readonly HazardEvent[];
  kept(): BoardHazardsState;
};

/** Readings late by this many intervals are waited for before a delay runs out without them. */
const LATE_INTERVALS = 2;
/** A value older than this many intervals is not known any more. */
const FRESH_INTERVALS = 3;

export function createMeterMonitor(settings: MeterMonitorSettings, restored?: BoardHazardsState): MeterMonitor {
  const { points, ratedCircuits, site, overloadBands, intervalMs } = settings;
  const prefixes = circuitsOf(points);
  const hazards = createBoardHazards(
    { prefixes, ratedCircuits, site, ...(overloadBands !== undefined && { overloadBands }) },
    restored,
  );
  const newest = new Map<string, { readonly value: number; readonly at: number }>();
  const fresh = new Map<string, number>();
  const lagMs = LATE_INTERVALS * Math.max(0, ...judgedIntervals(points));
  let toldAt = -Infinity;

  function valueOf(point: string, now: number): number {
    const known = newest.get(point);
    const everyMs = points.get(point)?.everyMs ?? 0;
    return known !== undefined && now - known.at <= FRESH_INTERVALS * everyMs ? known.value : NaN;
  }

  function readCircuit(prefix: string, values: ReadonlyMap<string, number>, at: number): readonly HazardEvent[] {
    const residualCurrentMa = values.get(`${prefix}.residualCurrentMa`);
    const voltageV = valueOf(`${prefix}.voltageV`, at);
    const currentA = values.get(`${prefix}.currentA`) ?? NaN;
    const reading = { voltageV, currentA, ...(residualCurrentMa !== undefined && { residualCurrentMa }) };
    return hazards.reading(prefix, reading, at);
  }

  return {
    read(values, at) {
      for (const [point, value] of values) {
        newest.set(point, { value, at });
        fresh.set(point, value);
      }
      const events: HazardEvent[] = [];
      for (const [point, value] of values) {
        if (point.endsWith('.temperatureC')) events.push(...hazards.temperature(point.slice(0, 2), value, at));
      }
      for (const prefix of prefixes) {
        const isRead = judged.some((quantity) => values.has(`${prefix}.${quantity}`));
        if (isRead) events.push(...readCircuit(prefix, values, at));
      }
      return events;
    },
    state({ source, point, kind, level, active }, at) {
      const measure = source.slice(source.indexOf('/') + 1);
      const told = { kind, point, pointId: point, active, level, at, value: active ? 1 : 0, limit: 1, measure };
      return hazards.tell(`device/${source}`, [told]);
    },
    due: (now) => hazards.due(now - lagMs),
    telemetry(now) {
      // A clock that was set back tells at once, not an hour later.
      if (now - toldAt < intervalMs && now >= toldAt) return undefined;
      toldAt = now;
      const values = knownValues(Object.fromEntries(fresh));
      fresh.clear();
      return Object.keys(values).length === 0 ? undefined : values;
    },
    causes: () => hazards.held(),
    kept: () => hazards.state(),
  };
}

const judged = ['voltageV', 'currentA', 'residualCurrentMa'] as const;

export function circuitsOf(points: ReadonlyMap<string, unknown>): readonly string[] {
  return prefixesOf(points, 'c');
}

export function temperaturesOf(points: ReadonlyMap<string, unknown>): readonly string[] {
  return prefixesOf(points, 't');
}

function prefixesOf(points: ReadonlyMap<string, unknown>, letter: string): readonly string[] {
  const prefixes = [...points.keys()].map((point) => point.slice(0, 2)).filter((prefix) => prefix.startsWith(letter));
  return [...new Set(prefixes)].sort();
}

function judgedIntervals(points: MeterMonitorSettings['points']): readonly number[] {
  return [...points].flatMap(([point, { everyMs }]) =>
    point.startsWith('t') || judged.some((quantity) => point.endsWith(`.${quantity}`)) ? [everyMs] : [],
  );
}
