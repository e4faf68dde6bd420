import type { LoadSpec } from '../load/load-spec.ts';
import type { Hours } from '../schedule/schedule.ts';

export const circuitUses = [
  'lighting',
  'sockets',
  'airConditioning',
  'coldStore',
  'kitchen',
  'machinery',
  'serverRoom',
  'chargingShed',
  'medical',
] as const;
export type CircuitUse = (typeof circuitUses)[number];

/** How a circuit of this use behaves over the day, as shares of its rated current; below 0.8 in sum. */
export type UseProfile = {
  /** Share outside the hours, share within them. */
  readonly base: number;
  readonly busy: number;
  readonly hours: Hours;
  /** A thermostat on top: extra share, mean length of on and off. */
  readonly cycle?: { readonly share: number; readonly onMs: number; readonly offMs: number };
  /** Division of the fundamental current; adds up to 1. */
  readonly mix: { readonly resistive: number; readonly motor: number; readonly electronic: number };
};

const MINUTE_MS = 60_000;

/** Everyday shapes; editable data of the demo, not measurements. */
export const useProfiles: Record<CircuitUse, UseProfile> = {
  lighting: {
    base: 0.06,
    busy: 0.32,
    hours: { from: 7, to: 21.5 },
    mix: { resistive: 0.2, motor: 0, electronic: 0.8 },
  },
  sockets: { base: 0.08, busy: 0.3, hours: { from: 8, to: 20 }, mix: { resistive: 0.4, motor: 0.1, electronic: 0.5 } },
  airConditioning: {
    base: 0.05,
    busy: 0.3,
    hours: { from: 8, to: 19 },
    cycle: { share: 0.2, onMs: 11 * MINUTE_MS, offMs: 8 * MINUTE_MS },
    mix: { resistive: 0.05, motor: 0.8, electronic: 0.15 },
  },
  coldStore: {
    base: 0.42,
    busy: 0.45,
    hours: { from: 9, to: 20 },
    mix: { resistive: 0.1, motor: 0.85, electronic: 0.05 },
  },
  kitchen: {
    base: 0.08,
    busy: 0.42,
    hours: { from: 9.5, to: 20.5 },
    cycle: { share: 0.15, onMs: 4 * MINUTE_MS, offMs: 6 * MINUTE_MS },
    mix: { resistive: 0.75, motor: 0.2, electronic: 0.05 },
  },
  machinery: {
    base: 0.05,
    busy: 0.45,
    hours: { from: 7.5, to: 18 },
    cycle: { share: 0.15, onMs: 6 * MINUTE_MS, offMs: 3 * MINUTE_MS },
    mix: { resistive: 0.1, motor: 0.8, electronic: 0.1 },
  },
  serverRoom: {
    base: 0.4,
    busy: 0.44,
    hours: { from: 8, to: 20 },
    mix: { resistive: 0.05, motor: 0.25, electronic: 0.7 },
  },
  chargingShed: { base: 0.1, busy: 0.38, hours: { from: 18, to: 6 }, mix: { resistive: 0, motor: 0, electronic: 1 } },
  medical: {
    base: 0.25,
    busy: 0.38,
    hours: { from: 7, to: 20 },
    mix: { resistive: 0.35, motor: 0.25, electronic: 0.4 },
  },
};

/**
 * The same uses as physical loads for a board on the waveform path, sized to `ratedA` at 220 V. Fewer and simpler than
 * life, and always something on, so that a live waveform is worth looking at.
 */
export function loadsOfUse(use: CircuitUse, ratedA: number): readonly LoadSpec[] {
  const fullW = 220 * ratedA;
  const profile = useProfiles[use];
  const day = { kind: 'daily', hours: [profile.hours] } as const;
  const share = (part: keyof UseProfile['mix'], ratio: number): number =>
    Math.max(10, profile.mix[part] * ratio * fullW);
  const loads: LoadSpec[] = [];
  const extra = profile.busy - profile.base;
  if (profile.mix.motor > 0) {
    loads.push({ id: 'motor', kind: 'motor', powerW: 0.82 * share('motor', profile.base), powerFactor: 0.82 });
    loads.push({
      id: 'dayMotor',
      kind: 'motor',
      powerW: 0.78 * share('motor', extra),
      powerFactor: 0.78,
      schedule: day,
    });
  }
  if (profile.mix.electronic > 0) {
    loads.push({ id: 'electronics', kind: 'rectifier', powerW: share('electronic', profile.base) });
    loads.push({ id: 'dayElectronics', kind: 'rectifier', powerW: share('electronic', extra), schedule: day });
  }
  if (profile.mix.resistive > 0) {
    loads.push({ id: 'heater', kind: 'resistive', powerW: share('resistive', profile.busy) });
  }
  if (profile.cycle !== undefined) {
    const { share: cycleShare, onMs, offMs } = profile.cycle;
    const powerFactor = 0.8;
    const powerW = cycleShare * fullW * powerFactor;
    loads.push({ id: 'compressor', kind: 'motor', powerW, powerFactor, schedule: { kind: 'cycle', onMs, offMs } });
  }
  if (use === 'sockets') {
    const schedule = { kind: 'visits', perHour: 6, onMs: 100_000, hours: { from: 6, to: 23 } } as const;
    loads.push({ id: 'kettle', kind: 'resistive', powerW: 0.25 * fullW, schedule });
  }
  if (use === 'lighting') {
    loads.push({ id: 'dimmedLamps', kind: 'dimmer', powerW: 0.05 * fullW, firingAngleDeg: 75 });
  }
  if (use === 'chargingShed') {
    loads.push({ id: 'charger1', kind: 'eBikeCharger', powerW: 150, chemistry: 'leadAcid' });
    loads.push({ id: 'charger2', kind: 'eBikeCharger', powerW: 220, chemistry: 'lithium', schedule: day });
  }
  return loads;
}
