import { chance, streams } from './chance.ts';
import { gbPoint } from '../gb26875/gb-place.ts';
import type { Faults } from './faults.ts';

export type FleetOptions = {
  readonly protocol: 'mqtt' | 'gb26875';
  readonly seed: number;
  /** Begins every id. */
  readonly prefix: string;
  readonly deviceCount: number;
  /** Below the number of devices: so many gateways, each with its share of the devices behind it. */
  readonly connectionCount: number;
  readonly ratePerS: number;
  /** Absent: until it is stopped. */
  readonly durationS?: number;
  /** Share of the devices that raise an alarm. */
  readonly alarming: number;
  readonly faults: Faults;
};

export type PlannedEvent = {
  readonly kind: string;
  readonly point: string;
  readonly level: 'attention' | 'warning' | 'alarm';
};

export type PlannedDevice = {
  readonly id: string;
  readonly model: string;
  readonly connection: number;
  /** Which of its reports, from 0, raises and which clears; absent: never. */
  readonly alarm?: PlannedEvent & { readonly raiseAt: number; readonly clearAt?: number };
  /** Added to its clock. */
  readonly skewMs: number;
  /** It sends this many reports and no more; absent: as many as are due. */
  readonly silentAfter?: number;
};

export type FleetPlan = {
  readonly options: FleetOptions;
  readonly devices: readonly PlannedDevice[];
  /** Ids of the gateways, one per connection; empty when every device has a connection of its own. */
  readonly gateways: readonly string[];
  /** In which order the devices report. */
  readonly order: Uint32Array;
};

const SKEW_MS = 600_000;
const SILENT_AFTER = 3;

type ModelShare = { readonly model: string; readonly share: number; readonly events: readonly PlannedEvent[] };

const terminal: ModelShare = {
  model: 'generic-terminal',
  share: 0.7,
  events: [
    { kind: 'arc', point: 'c1', level: 'alarm' },
    { kind: 'overload', point: 'c1', level: 'warning' },
    { kind: 'contactHeating', point: 't1', level: 'warning' },
    { kind: 'residualCurrent', point: 'c1', level: 'attention' },
  ],
};

/** What there is in a city: mostly electrical terminals, some detectors. Shares add up to 1. */
const models: readonly ModelShare[] = [
  terminal,
  { model: 'generic-smoke', share: 0.2, events: [{ kind: 'smoke', point: 'smoke', level: 'alarm' }] },
  { model: 'generic-heat', share: 0.05, events: [{ kind: 'heat', point: 'heat', level: 'alarm' }] },
  { model: 'generic-gas', share: 0.05, events: [{ kind: 'gas', point: 'gas', level: 'warning' }] },
];

/** GB/T 26875.3 knows one kind of device. */
const transmissionDevice = {
  model: 'generic-uitd',
  events: [{ kind: 'fire', point: gbPoint, level: 'alarm' }],
} as const;

/** The fleet of a seed: the same options give the same fleet. */
export function planFleet(options: FleetOptions): FleetPlan {
  const { seed, deviceCount, connectionCount, prefix } = options;
  const hasGateways = connectionCount < deviceCount;
  const connections = hasGateways ? connectionCount : deviceCount;
  const gateways = hasGateways
    ? Array.from({ length: connections }, (_, n) => `${prefix}-g${String(n + 1).padStart(5, '0')}`)
    : [];
  const devices = Array.from({ length: deviceCount }, (_, n) => planDevice(options, n, n % connections));
  const order = Uint32Array.from({ length: deviceCount }, (_, n) => n);
  // Fisher and Yates.
  for (let i = deviceCount - 1; i > 0; i--) {
    const j = Math.floor(chance(seed, streams.order, i) * (i + 1));
    [order[i], order[j]] = [order[j] as number, order[i] as number];
  }
  return { options, devices, gateways, order };
}

function planDevice(options: FleetOptions, n: number, connection: number): PlannedDevice {
  const { seed, prefix, faults } = options;
  const draw = (stream: number): number => chance(seed, stream, n);
  // Whatever the seed: the same device is registered once and plays many runs.
  let rest = chance(0, streams.model, n);
  const kind =
    options.protocol === 'gb26875' ? transmissionDevice : (models.find(({ share }) => (rest -= share) < 0) ?? terminal);
  // What the device would report at the least, so that the alarm falls into the run.
  const { ratePerS, durationS = Infinity, deviceCount } = options;
  const reports = Math.max(1, Math.floor((ratePerS * durationS) / deviceCount));
  const raiseAt = Math.floor(draw(streams.raiseAt) * Math.min(4, reports));
  const clearAt = raiseAt + 1 + Math.floor(draw(streams.clearAt) * 4);
  const event = kind.events[Math.floor(draw(streams.eventKind) * kind.events.length)] as PlannedEvent;
  const skewed = draw(streams.skew);
  return {
    id: `${prefix}-${String(n + 1).padStart(5, '0')}`,
    model: kind.model,
    connection,
    ...(draw(streams.alarming) < options.alarming && {
      alarm: { ...event, raiseAt, ...(draw(streams.clears) < 0.5 && { clearAt }) },
    }),
    skewMs: skewed >= faults.skew ? 0 : skewed < faults.skew / 2 ? SKEW_MS : -SKEW_MS,
    ...(draw(streams.silent) < faults.silent && { silentAfter: SILENT_AFTER }),
  };
}
