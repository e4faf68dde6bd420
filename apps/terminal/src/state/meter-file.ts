import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import type { TelemetryValues } from '../measurement/telemetry-values.ts';
import type { TerminalState } from './terminal-state.ts';

/** Readings of the energy meters by circuit prefix, kWh. */
export type Meters = Readonly<Record<string, number>>;

const SUFFIX = '.energyKwh';

/** `d1.json` → `d1.meters.json`. */
export function meterFileOf(stateFile: string): string {
  return `${stateFile.replace(/\.json$/i, '')}.meters.json`;
}

/**
 * Keeps what a report is about to tell: a meter that was read out must not stand lower after a kill, and the whole state
 * is too large to be written with every report. Without an fsync: a power cut may cost what the state costs, ten seconds.
 */
export function keepMeters(file: string, values: TelemetryValues): void {
  const meters = Object.entries(values).flatMap(([point, value]) =>
    point.endsWith(SUFFIX) ? [[point.slice(0, -SUFFIX.length), value] as const] : [],
  );
  if (meters.length === 0) return;
  try {
    const draft = `${file}.part`;
    writeFileSync(draft, JSON.stringify(Object.fromEntries(meters)));
    renameSync(draft, file);
  } catch {
    // A full disk must not end the watch; the state file, which fails for the same reason, tells of it.
  }
}

/** Nothing when there is no file, or one that a power cut left half written: the state then stands alone. */
export function loadMeters(file: string): Meters {
  let document: unknown;
  try {
    document = JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return {};
  }
  if (typeof document !== 'object' || document === null) return {};
  return Object.fromEntries(
    Object.entries(document).filter(([, value]) => typeof value === 'number' && Number.isFinite(value)),
  );
}

/** The state with meters that stand no lower than what was told. */
export function withMeters(state: TerminalState, meters: Meters): TerminalState {
  const energyKwh = { ...state.energyKwh };
  for (const [prefix, told] of Object.entries(meters)) energyKwh[prefix] = Math.max(told, energyKwh[prefix] ?? 0);
  return { ...state, energyKwh };
}
