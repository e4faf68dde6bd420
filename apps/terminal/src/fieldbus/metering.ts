import type { HazardEvent, OverloadBand } from '@fengsui/hazard';
import type { BoardHazardsState } from '../measurement/board-hazards.ts';
import type { TelemetryValues } from '../measurement/telemetry-values.ts';
import type { Clock } from '../playback/clock.ts';
import type { Site } from '../site/site.ts';
import type { FaultReason } from './fault-book.ts';
import type { Fieldbus, FieldbusState } from './fieldbus.ts';
import { circuitsOf, createMeterMonitor, temperaturesOf, type MeterMonitor } from './meter-monitor.ts';
import { partOfSite } from './part-of-site.ts';

export type MeteringSettings = {
  readonly fieldbus: Fieldbus;
  readonly clock: Clock;
  readonly site: Site;
  /** By circuit; goes before the site's. */
  readonly ratedA: Readonly<Record<string, number>>;
  readonly overloadBands?: readonly OverloadBand[];
  readonly intervalMs: number;
};

export type MeteringListener = {
  readonly onHazard: (event: HazardEvent) => void;
  /** A contact: not a circuit's hazard. */
  readonly onContact: (state: FieldbusState, at: number) => void;
  readonly onFault: (point: string, key: string, reason: FaultReason | undefined) => void;
  readonly onTelemetry: (at: number, values: TelemetryValues) => void;
  /** Twice a second: what is due elsewhere. */
  readonly onTick: () => void;
};

/** Reads the buses of a terminal and judges what the meters say. */
export type Metering = {
  start(listener: MeteringListener): void;
  /** Begins anew with other settings, keeping what is known. @throws RangeError when they do not fit. */
  configure(settings: Pick<MeteringSettings, 'ratedA' | 'overloadBands' | 'intervalMs'>): void;
  causes(): readonly HazardEvent[];
  state(): BoardHazardsState;
  stop(): Promise<void>;
};

const TICK_MS = 500;

/** @throws RangeError for settings that do not fit. */
export function createMetering(settings: MeteringSettings, restored?: BoardHazardsState): Metering {
  const { fieldbus, clock } = settings;
  const { points } = fieldbus;
  let monitor = monitorOf(settings, restored);
  const abort = new AbortController();
  let ticking: Promise<void> | undefined;

  function monitorOf(
    given: Omit<MeteringSettings, 'fieldbus' | 'clock' | 'site'>,
    kept?: BoardHazardsState,
  ): MeterMonitor {
    const circuits = circuitsOf(points);
    const site = partOfSite(settings.site, { circuits, temperatures: temperaturesOf(points) });
    const ratedCircuits = circuits.flatMap((prefix) => {
      const ratedA = given.ratedA[prefix] ?? site.circuits?.[prefix]?.ratedA;
      return ratedA === undefined || !points.has(`${prefix}.currentA`) ? [] : [{ prefix, ratedA }];
    });
    const { intervalMs, overloadBands } = given;
    const bands = overloadBands === undefined ? {} : { overloadBands };
    return createMeterMonitor({ points, ratedCircuits, site, intervalMs, ...bands }, kept);
  }

  async function tick(listener: MeteringListener): Promise<void> {
    while (!abort.signal.aborted) {
      await clock.sleep(TICK_MS, abort.signal);
      if (abort.signal.aborted) return;
      const now = clock.now();
      monitor.due(now).forEach(listener.onHazard);
      const values = monitor.telemetry(now);
      if (values !== undefined) listener.onTelemetry(now, values);
      listener.onTick();
    }
  }

  return {
    start(listener) {
      fieldbus.start({
        onValues: (values, at) => monitor.read(values, at).forEach(listener.onHazard),
        onState(state, at) {
          if (/^[ct][1-8]$/.test(state.point)) monitor.state(state, at).forEach(listener.onHazard);
          else listener.onContact(state, at);
        },
        onFault: listener.onFault,
      });
      ticking = tick(listener);
    },
    configure(given) {
      monitor = monitorOf(given, monitor.kept());
    },
    causes: () => monitor.causes(),
    state: () => monitor.kept(),
    async stop() {
      abort.abort();
      await fieldbus.stop();
      await ticking;
    },
  };
}
