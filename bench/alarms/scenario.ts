import { RandomStream } from '@fengsui/city';
import type { Level } from '@fengsui/alarm';
import type { PlannedVenue } from './city-plan.ts';
import { rates } from './rates.ts';

export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;
const MINUTE_MS = 60_000;
const YEAR_DAYS = 365;

/** What a device says; `trueId`: it belongs to something that is really happening. */
export type Says = {
  readonly kind: 'says';
  readonly at: number;
  readonly deviceId: string;
  readonly venueId: string;
  readonly event: string;
  readonly point: string;
  readonly level: Level;
  readonly active: boolean;
  readonly trueId?: number;
};

/** Devices that stop reporting, and report again. */
export type Hears = {
  readonly kind: 'goesQuiet' | 'speaksAgain';
  readonly at: number;
  readonly deviceIds: readonly string[];
};
export type Happening = Says | Hears;

export type TrueEvent = { readonly id: number; readonly what: TrueKind; readonly at: number };
export type Scenario = { readonly happenings: readonly Happening[]; readonly trueEvents: readonly TrueEvent[] };

/** `budget`: nuisances and true events. `upset`: power cuts and dead gateways besides. */
export type Profile = 'budget' | 'upset';

type Nuisance = { readonly event: string; readonly point: string; readonly level: Level; readonly minutes: number };

/** One in twenty each; how they are shared out among the kinds is assumed. `minutes`: median of how long it lasts. */
const terminalNuisances = [
  ...many(5, { event: 'prohibitedLoad', point: 'c1', level: 'attention', minutes: 10 }),
  ...many(5, { event: 'residualCurrent', point: 'c2', level: 'warning', minutes: 20 }),
  ...many(3, { event: 'overload', point: 'c3', level: 'warning', minutes: 15 }),
  ...many(2, { event: 'underVoltage', point: 'c1', level: 'warning', minutes: 5 }),
  ...many(1, { event: 'overVoltage', point: 'c1', level: 'warning', minutes: 5 }),
  ...many(2, { event: 'contactHeating', point: 't1', level: 'attention', minutes: 60 }),
  ...many(1, { event: 'arc', point: 'c4', level: 'alarm', minutes: 1 }),
  ...many(1, { event: 'fault', point: '', level: 'warning', minutes: 180 }),
];

export const trueKinds = ['fire', 'fire', 'gas', 'arc', 'overload', 'contactHeating', 'residualCurrent'] as const;
export type TrueKind = (typeof trueKinds)[number];

type Cut = { readonly from: number; readonly until: number; readonly venues: ReadonlySet<string> };

/** Everything that will happen in `days` from `startAt` (a local midnight), in order of time. Same seed, same city. */
export function planScenario(
  venues: readonly PlannedVenue[],
  profile: Profile,
  startAt: number,
  days: number,
  seed: number,
): Scenario {
  const happenings: Happening[] = [];
  const span = { startAt, days };
  planNuisances(happenings, venues, span, new RandomStream(seed, 'nuisance'));
  const cuts = profile === 'upset' ? planCuts(happenings, venues, span, new RandomStream(seed, 'cuts')) : [];
  if (profile === 'upset') planGatewayOutages(happenings, venues, span, new RandomStream(seed, 'gateways'));
  const trueEvents = planTrueEvents(happenings, venues, span, cuts, new RandomStream(seed, 'true'));
  const endAt = startAt + days * DAY_MS;
  return {
    happenings: happenings
      .map((happening) => ({ ...happening, at: Math.floor(happening.at) }))
      .filter(({ at }) => at < endAt)
      .sort((a, b) => a.at - b.at),
    trueEvents: trueEvents.filter(({ at }) => at < endAt - HOUR_MS),
  };
}

type Span = { readonly startAt: number; readonly days: number };

function planNuisances(
  into: Happening[],
  venues: readonly PlannedVenue[],
  { startAt, days }: Span,
  random: RandomStream,
): void {
  const deviceCount = venues.reduce((sum, { terminals, detectors }) => sum + terminals.length + detectors.length, 0);
  const count = poisson(random, (deviceCount * rates.nuisancePerDeviceYear.value * days) / YEAR_DAYS);
  for (let n = 0; n < count; n++) {
    const venue = random.pick(venues);
    const { terminals, detectors } = venue;
    const isTerminal = random.between(0, terminals.length + detectors.length) < terminals.length;
    const at = startAt + Math.floor(random.between(0, days)) * DAY_MS + timeOfDay(random);
    if (isTerminal) sayFor(into, venue, random.pick(terminals), at, random.pick(terminalNuisances), random);
    else {
      const { id, kind } = random.pick(detectors);
      const isAlarm = random.between(0, 1) < rates.detectorAlarmShare.value;
      const nuisance: Nuisance = isAlarm
        ? { event: kind, point: kind, level: 'alarm', minutes: 4 }
        : { event: 'fault', point: '', level: 'warning', minutes: 180 };
      sayFor(into, venue, id, at, nuisance, random);
    }
  }
}

/** Active, then not; some come back. */
function sayFor(
  into: Happening[],
  venue: PlannedVenue,
  deviceId: string,
  at: number,
  { event, point, level, minutes }: Nuisance,
  random: RandomStream,
): void {
  const isChatter = random.between(0, 1) < rates.chatterShare.value;
  const turns = isChatter ? 2 + Math.floor(random.between(0, 3)) : 1;
  let from = at;
  for (let turn = 0; turn < turns; turn++) {
    const lastsMs = minutes * MINUTE_MS * Math.exp(0.7 * random.normal());
    const said = { kind: 'says', deviceId, venueId: venue.id, event, point, level } as const;
    into.push({ ...said, at: from, active: true }, { ...said, at: from + lastsMs, active: false });
    from += lastsMs + random.between(1, 15) * MINUTE_MS;
  }
}

/** A street goes dark: terminals fall silent, some after a last word; detectors and gateways have batteries. */
function planCuts(
  into: Happening[],
  venues: readonly PlannedVenue[],
  { startAt, days }: Span,
  random: RandomStream,
): readonly Cut[] {
  const { cutsPerVenueYear, venuesPerCut, lastGaspShare } = rates;
  const cutsWanted = (venues.length * cutsPerVenueYear.value * days) / YEAR_DAYS / venuesPerCut.value;
  return Array.from({ length: poisson(random, cutsWanted) }, (): Cut => {
    const from = startAt + random.between(0, days) * DAY_MS;
    const until = from + 40 * MINUTE_MS * Math.exp(0.8 * random.normal());
    const size = Math.min(venues.length, Math.ceil(random.exponential(venuesPerCut.value)));
    const first = Math.floor(random.between(0, venues.length - size));
    const dark = venues.slice(first, first + size);
    const deviceIds = dark.flatMap(({ terminals }) => terminals);
    for (const { id: venueId, terminals } of dark) {
      for (const deviceId of terminals) {
        if (random.between(0, 1) >= lastGaspShare.value) continue;
        const said = { kind: 'says', deviceId, venueId, event: 'underVoltage', point: 'c1', level: 'alarm' } as const;
        into.push({ ...said, at: from - random.between(0, 2_000), active: true });
        into.push({ ...said, at: until + random.between(1_000, 20_000), active: false });
      }
    }
    into.push({ kind: 'goesQuiet', at: from, deviceIds }, { kind: 'speaksAgain', at: until, deviceIds });
    return { from, until, venues: new Set(dark.map(({ id }) => id)) };
  });
}

function planGatewayOutages(
  into: Happening[],
  venues: readonly PlannedVenue[],
  { startAt, days }: Span,
  random: RandomStream,
): void {
  const count = poisson(random, (venues.length * rates.gatewayOutagesPerYear.value * days) / YEAR_DAYS);
  for (let n = 0; n < count; n++) {
    const { gatewayId, detectors } = random.pick(venues);
    const at = startAt + random.between(0, days) * DAY_MS;
    const until = at + 30 * MINUTE_MS * Math.exp(random.normal());
    const deviceIds = [gatewayId, ...detectors.map(({ id }) => id)];
    into.push({ kind: 'goesQuiet', at, deviceIds }, { kind: 'speaksAgain', at: until, deviceIds });
  }
}

function planTrueEvents(
  into: Happening[],
  venues: readonly PlannedVenue[],
  { startAt, days }: Span,
  cuts: readonly Cut[],
  random: RandomStream,
): readonly TrueEvent[] {
  const quiet = new Map<string, { from: number; until: number }[]>();
  const goneAt = new Map<string, number>();
  for (const happening of into) {
    if (happening.kind === 'says') continue;
    for (const id of happening.deviceIds) {
      if (happening.kind === 'goesQuiet') goneAt.set(id, happening.at);
      else quiet.set(id, [...(quiet.get(id) ?? []), { from: goneAt.get(id) ?? 0, until: happening.at }]);
    }
  }
  const isQuiet = (id: string, at: number): boolean =>
    quiet.get(id)?.some(({ from, until }) => at > from - MINUTE_MS && at < until + MINUTE_MS) ?? false;
  const speaks = ({ terminals, detectors }: PlannedVenue, at: number): boolean =>
    ![...terminals, ...detectors.map(({ id }) => id)].some((id) => isQuiet(id, at) || isQuiet(id, at + HOUR_MS));
  const found: TrueEvent[] = [];
  const count = Math.round(rates.truePerDay.value * days);
  while (found.length < count) {
    const what = random.pick(trueKinds);
    const cut = cuts.length > 0 && random.between(0, 1) < rates.trueAfterCutShare.value ? random.pick(cuts) : undefined;
    const at =
      cut === undefined
        ? startAt + random.between(0, days) * DAY_MS
        : cut.until + MINUTE_MS + random.between(0, 1) * HOUR_MS;
    const venue = random.pick(venues);
    const detector = venue.detectors.find(({ kind }) => kind === (what === 'gas' ? 'gas' : 'smoke'));
    if (detector === undefined || !speaks(venue, at)) continue;
    const trueEvent = { id: found.length, what, at };
    found.push(trueEvent);
    into.push(...sayingsOf(trueEvent, venue, detector.id, random));
  }
  return found;
}

function sayingsOf(
  { id: trueId, what, at }: TrueEvent,
  venue: PlannedVenue,
  detectorId: string,
  random: RandomStream,
): readonly Says[] {
  const over = at + HOUR_MS + random.between(0, HOUR_MS);
  const course = (deviceId: string, event: string, point: string, levels: readonly [number, Level][]): Says[] => {
    const said = { kind: 'says', deviceId, venueId: venue.id, event, point, trueId } as const;
    return [
      ...levels.map(([afterS, level]) => ({ ...said, at: at + 1_000 * afterS, level, active: true })),
      { ...said, at: over, level: 'alarm', active: false },
    ];
  };
  const terminal = random.pick(venue.terminals);
  switch (what) {
    case 'fire': {
      const [other = venue.detectors[0]] = venue.detectors.filter(
        ({ id, kind }) => id !== detectorId && kind !== 'gas',
      );
      return [
        ...course(detectorId, 'smoke', 'smoke', [[0, 'alarm']]),
        ...(other === undefined ? [] : course(other.id, other.kind, other.kind, [[random.between(30, 120), 'alarm']])),
        ...course(detectorId, 'manualAlarm', '', [[random.between(60, 240), 'alarm']]),
      ];
    }
    case 'gas':
      return course(detectorId, 'gas', 'gas', [[0, 'alarm']]);
    case 'arc':
      return course(terminal, 'arc', 'c5', [[0, 'alarm']]);
    case 'overload':
    case 'residualCurrent':
      return course(terminal, what, 'c6', [[0, 'alarm']]);
    case 'contactHeating':
      return course(terminal, what, 't2', [
        [0, 'warning'],
        [random.between(900, 1_800), 'alarm'],
      ]);
  }
}

/** ms after midnight: people are up from 7 to 22 h. */
function timeOfDay(random: RandomStream): number {
  const isDay = random.between(0, 1) < rates.daytimeShare.value;
  const hour = isDay ? random.between(7, 22) : random.between(22, 31) % 24;
  return hour * HOUR_MS;
}

/** How many of something that happens `mean` times on average, each by itself. */
function poisson(random: RandomStream, mean: number): number {
  let count = 0;
  for (let sum = random.exponential(1); sum < mean; sum += random.exponential(1)) count++;
  return count;
}

function many(count: number, item: Nuisance): readonly Nuisance[] {
  return Array.from({ length: count }, () => item);
}
