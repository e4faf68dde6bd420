import {
  createContactHeating,
  createHazardUnion,
  createLimitHazards,
  createResidualDrift,
  createSupplyHazards,
  createThermalOverload,
  type ContactHeatingState,
  type HazardEvent,
  type HazardUnionState,
  type LimitHazardsState,
  type OverloadBand,
  type RatedCircuit,
  type ResidualDriftState,
  type ResidualPhasor,
  type SupplyState,
  type ThermalOverloadState,
} from '@fengsui/hazard';
import type { MeanReading } from '@fengsui/signal';
import type { Site } from '../site/site.ts';

export type BoardHazardsSettings = {
  readonly prefixes: readonly string[];
  readonly ratedCircuits: readonly RatedCircuit[];
  readonly overloadBands?: readonly OverloadBand[];
  readonly site: Site;
};

/** Plain JSON; engines by the point or circuit they watch. */
export type BoardHazardsState = {
  readonly limits: LimitHazardsState;
  readonly union: HazardUnionState;
  readonly thermal: Readonly<Record<string, ThermalOverloadState>>;
  readonly contact: Readonly<Record<string, ContactHeatingState>>;
  readonly residual: Readonly<Record<string, ResidualDriftState>>;
  readonly supply?: SupplyState;
};

/** The hazards of one board but those of the waveform itself; all instants in epoch ms. */
export type BoardHazards = {
  /** A reading of one circuit, of 200 ms or a meter's; `residual` is its phasor over the same cycles. */
  reading(prefix: string, reading: CircuitReading, at: number, residual?: ResidualPhasor): readonly HazardEvent[];
  temperature(prefix: string, temperatureC: number, at: number): readonly HazardEvent[];
  /** What another engine found: arcs, prohibited loads. */
  tell(source: string, events: readonly HazardEvent[]): readonly HazardEvent[];
  /** After a restart: what that engine holds now. */
  align(source: string, active: readonly HazardEvent[], at: number): readonly HazardEvent[];
  due(now: number): readonly HazardEvent[];
  dueAt(): number | undefined;
  /** The hazards as told to the centre. */
  active(): readonly HazardEvent[];
  /** What each engine holds by itself: a local action goes by its cause, not by the joined level. */
  held(): readonly HazardEvent[];
  state(): BoardHazardsState;
};

/** What is not known is NaN. */
export type CircuitReading = Pick<MeanReading, 'voltageV' | 'currentA' | 'residualCurrentMa'>;

type Engine = { readonly active: () => readonly HazardEvent[] };

/**
 * Joins the slow engines of a board: limits, thermal image of each cable that is known, κ of each terminal that has a
 * probe, drift of each residual current, and the supply.
 *
 * @throws RangeError naming what is wrong in the settings.
 */
export function createBoardHazards(settings: BoardHazardsSettings, restored?: BoardHazardsState): BoardHazards {
  const { prefixes, ratedCircuits, site } = settings;
  const bands = settings.overloadBands === undefined ? {} : { overloadBands: settings.overloadBands };
  const union = createHazardUnion(restored?.union);
  const siteOf = (prefix: string) => site.circuits?.[prefix] ?? {};
  // Where the cable is known its thermal image says what an overload does; the bands are for where it is not.
  const banded = ratedCircuits.filter(({ prefix }) => siteOf(prefix).cable === undefined);
  const limits = createLimitHazards({ circuits: banded, ...bands }, restored?.limits);
  const thermal = mapOf(ratedCircuits, ({ prefix, ratedA }) => {
    const { cable } = siteOf(prefix);
    if (cable === undefined) return undefined;
    return [prefix, createThermalOverload({ circuit: { prefix, ratedA }, cable }, restored?.thermal[prefix])];
  });
  const contact = mapOf(prefixes, (prefix) => {
    const { probe } = siteOf(prefix);
    if (probe === undefined) return undefined;
    const ratedA = ratedCircuits.find((circuit) => circuit.prefix === prefix)?.ratedA;
    const rated = ratedA === undefined ? {} : { ratedA };
    return [prefix, createContactHeating({ point: probe, circuit: prefix, ...rated }, restored?.contact[probe])];
  });
  const residual = mapOf(prefixes, (prefix) => [
    prefix,
    createResidualDrift({ circuit: prefix }, restored?.residual[prefix]),
  ]);
  const supply = supplyOf(settings, restored?.supply);
  const temperaturesC = new Map<string, number>();
  const newest = new Map<string, CircuitReading>();

  const limitSources: readonly (readonly [string, Engine | undefined])[] = [
    ['limits', limits],
    ...[...thermal].map(([prefix, engine]): [string, Engine] => [`thermal/${prefix}`, engine]),
    ...[...contact].map(([prefix, engine]): [string, Engine] => [`contact/${prefix}`, engine]),
    ...[...residual].map(([prefix, engine]): [string, Engine] => [`residual/${prefix}`, engine]),
    ['supply', supply?.engine],
  ];
  const engines = limitSources.flatMap(([source, engine]) => (engine === undefined ? [] : [{ source, engine }]));
  let isAligned = restored === undefined;

  /** What a changed configuration no longer watches has ended; asked once, with the first instant that is known. */
  function alignOnce(at: number): readonly HazardEvent[] {
    if (isAligned) return [];
    isAligned = true;
    const kept = [
      ...engines.map(({ source }) => source),
      ...prefixes.flatMap((prefix) => Object.values(waveformSources(prefix))),
    ];
    return [
      ...engines.flatMap(({ source, engine }) => union.align(source, engine.active(), at)),
      ...union.retain(kept, at),
    ];
  }

  function supplyReading(prefix: string, at: number): readonly HazardEvent[] {
    if (supply === undefined || prefix !== supply.circuits[0]) return [];
    const readings = supply.circuits.map((circuit) => newest.get(circuit));
    const voltagesV = readings.map((reading) => reading?.voltageV ?? NaN);
    const currentsA = readings.map((reading) => reading?.currentA ?? NaN);
    return union.tell('supply', supply.engine.read({ at, voltagesV, currentsA }));
  }

  function contactReading(prefix: string, currentA: number, at: number): readonly HazardEvent[] {
    const { probe } = siteOf(prefix);
    const temperatureC = probe === undefined ? undefined : temperaturesC.get(probe);
    if (temperatureC === undefined || !Number.isFinite(currentA)) return [];
    const ambientC = site.ambientProbe === undefined ? undefined : temperaturesC.get(site.ambientProbe);
    const reading = { at, temperatureC, currentA, ...(ambientC !== undefined && { ambientC }) };
    return union.tell(`contact/${prefix}`, contact.get(prefix)?.read(reading) ?? []);
  }

  return {
    reading(prefix, reading, at, phasor) {
      newest.set(prefix, reading);
      const { currentA, residualCurrentMa } = reading;
      const events = [
        ...alignOnce(at),
        ...union.tell('limits', limits.read({ at, pointId: `${prefix}.currentA`, value: currentA })),
        ...union.tell(`thermal/${prefix}`, thermal.get(prefix)?.read({ at, currentA }) ?? []),
        ...contactReading(prefix, currentA, at),
        ...supplyReading(prefix, at),
      ];
      if (residualCurrentMa === undefined) return events;
      const pointId = `${prefix}.residualCurrentMa`;
      events.push(...union.tell('limits', limits.read({ at, pointId, value: residualCurrentMa })));
      if (phasor === undefined) return events;
      const { inPhaseMa, quadratureMa } = phasor;
      events.push(
        ...union.tell(`residual/${prefix}`, residual.get(prefix)?.read({ at, inPhaseMa, quadratureMa }) ?? []),
      );
      return events;
    },
    temperature(prefix, temperatureC, at) {
      // A sensor that falls silent has no last value to go on with.
      if (Number.isFinite(temperatureC)) temperaturesC.set(prefix, temperatureC);
      else temperaturesC.delete(prefix);
      return union.tell('limits', limits.read({ at, pointId: `${prefix}.temperatureC`, value: temperatureC }));
    },
    tell: (source, events) => union.tell(source, events),
    align: (source, active, at) => union.align(source, active, at),
    due: (now) => [...alignOnce(now), ...union.tell('limits', limits.due(now))],
    dueAt: () => limits.dueAt(),
    active: () => union.active(),
    held: () => engines.flatMap(({ engine }) => engine.active()),
    state: () => ({
      limits: limits.state(),
      union: union.state(),
      thermal: statesOf(thermal),
      contact: Object.fromEntries(
        [...contact].map(([prefix, engine]) => [siteOf(prefix).probe ?? prefix, engine.state()]),
      ),
      residual: statesOf(residual),
      ...(supply !== undefined && { supply: supply.engine.state() }),
    }),
  };
}

/** Sources that look at the waveform of a circuit, as {@link BoardHazards.tell} names them. */
export function waveformSources(prefix: string): { readonly arc: string; readonly prohibited: string } {
  return { arc: `arc/${prefix}`, prohibited: `prohibited/${prefix}` };
}

function supplyOf({ prefixes, ratedCircuits, site }: BoardHazardsSettings, restored: SupplyState | undefined) {
  const { nominalV, phases } = site;
  const [first] = prefixes;
  if (nominalV === undefined || first === undefined) return undefined;
  if (phases === undefined) {
    return { circuits: [first], engine: createSupplyHazards({ circuit: first, nominalV }, restored) };
  }
  const circuits = [phases.L1, phases.L2, phases.L3];
  const stranger = circuits.find((circuit) => !prefixes.includes(circuit));
  if (stranger !== undefined)
    throw new RangeError(`site: phases name ${stranger}; the source has ${prefixes.join(', ')}`);
  const ratedA = ratedCircuits.find(({ prefix }) => prefix === phases.L1)?.ratedA;
  const rated = ratedA === undefined ? {} : { ratedA };
  return { circuits, engine: createSupplyHazards({ phases, nominalV, ...rated }, restored) };
}

function mapOf<Item, Value>(
  items: readonly Item[],
  entryOf: (item: Item) => readonly [string, Value] | undefined,
): ReadonlyMap<string, Value> {
  return new Map(items.map(entryOf).filter((entry) => entry !== undefined));
}

function statesOf<State>(engines: ReadonlyMap<string, { state: () => State }>): Readonly<Record<string, State>> {
  return Object.fromEntries([...engines].map(([name, engine]) => [name, engine.state()]));
}
