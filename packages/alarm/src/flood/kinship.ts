import { localActionKind } from '../classification.ts';
import type { Category, Origin, Priority } from '../words.ts';

/** What grouping looks at of an alarm that has not ended. Instants are epoch ms. */
export type GroupableAlarm = {
  readonly id: string;
  readonly kind: string;
  readonly category: Category;
  readonly priority: Priority;
  readonly origin: Origin;
  readonly venueId: string;
  readonly deviceId: string;
  readonly pointId: string;
  readonly raisedAt: number;
  /** When it became worse last; absent = it is as it was raised. */
  readonly escalatedAt?: number | undefined;
};

/** What alarms of one group have in common: a supply, a loop of a fire-alarm system, or nothing but the hour. */
export const groupLanes = ['power', 'loop', 'rate'] as const;
export type GroupLane = (typeof groupLanes)[number];

/** Alarms on one line belong together when they were raised at most `gapMs` after one another. */
export type Line = { readonly key: string; readonly gapMs: number };

export type Kinship = {
  readonly lane: GroupLane;
  readonly lines: readonly Line[];
  /** Conditions that make a group; fewer are so many rows. */
  readonly atLeast: number;
};

/** What says that the supply is gone, or that a device lives on its battery. */
const SUPPLY_KINDS: ReadonlySet<string> = new Set([
  'underVoltage',
  'phaseLoss',
  'mainsFault',
  'backupFault',
  'powerFault',
]);
const SILENT = 'silent';
const LOOP_KINDS: ReadonlySet<string> = new Set(['fault', 'lineFault', 'busFault', 'channelFault']);
/** Never in a group at any level: each is a place where it may burn, or where somebody has to go. */
const OWN_ROW_KINDS: ReadonlySet<string> = new Set([
  'fire',
  'fireIndication',
  'smoke',
  'heat',
  'gas',
  'manualAlarm',
  localActionKind,
]);

/** Devices of one street lose their supply together; of the clocks of terminals 10 s are asked. */
const TOGETHER_MS = 10_000;
/** In one venue silence follows on the cut: after three intervals, of whatever length they are. */
const SAME_VENUE_MS = 15 * 60_000;
const SAME_LOOP_MS = 60_000;
/** More than 10 in 10 min is a flood (ISA-18.2, EEMUA 191): more than ten, none later than a minute after another. */
const RATE_GAP_MS = 60_000;
const FLOOD_COUNT = 11;
const FEW = 3;
/** What becomes worse in the moment of the cut is the cut; what does so later is something of its own. */
const SAME_MOMENT_MS = 60_000;

/** System of a point behind a transmission device (GB/T 26875.3): `s1-2` of `s1-2-p03000c00`. */
const GB_SYSTEM = /^s\d+-\d+(?=-|$)/;

export const isSupplyKind = (kind: string): boolean => SUPPLY_KINDS.has(kind);

/** With whom an alarm may belong together; undefined: it is a row of its own, whatever happens around it. */
export function kinshipOf(alarm: GroupableAlarm): Kinship | undefined {
  const { kind, category, priority, origin, venueId, deviceId, raisedAt, escalatedAt } = alarm;
  if (category === 'fire' || priority === 'P1' || OWN_ROW_KINDS.has(kind)) return undefined;
  if (!Number.isFinite(raisedAt)) return undefined;
  if (escalatedAt !== undefined && escalatedAt - raisedAt > SAME_MOMENT_MS) return undefined;
  const key = (...parts: readonly string[]): string => JSON.stringify([origin, ...parts]);
  const isSupply = isSupplyKind(kind);
  if (isSupply || kind === SILENT) {
    const lines = [
      { key: key('venue', venueId), gapMs: SAME_VENUE_MS },
      { key: key(isSupply ? 'supply' : SILENT), gapMs: TOGETHER_MS },
    ];
    return { lane: 'power', lines, atLeast: FEW };
  }
  const system = LOOP_KINDS.has(kind) ? GB_SYSTEM.exec(alarm.pointId)?.[0] : undefined;
  if (system !== undefined)
    return { lane: 'loop', lines: [{ key: key('loop', deviceId, system), gapMs: SAME_LOOP_MS }], atLeast: FEW };
  if (priority === 'P2') return undefined;
  return { lane: 'rate', lines: [{ key: key('rate', venueId), gapMs: RATE_GAP_MS }], atLeast: FLOOD_COUNT };
}
