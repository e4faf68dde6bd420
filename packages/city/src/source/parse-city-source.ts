import { chargerModelNames } from '../population/charger-models.ts';
import { loadTypes } from '../population/load-types.ts';
import {
  cityArcKinds,
  cityScenarioNames,
  prohibitedTypes,
  type CityScenario,
  type CityScenarioName,
} from './city-scenario.ts';

type NumberKey = {
  readonly default: number | ((name: CityScenarioName) => number);
  readonly low: number;
  readonly high: number;
  readonly isInteger?: true;
  /** Scenarios that take the key; absent = all. */
  readonly only?: readonly CityScenarioName[];
};

const FAULTS = ['overload', 'leakage', 'looseTerminal', 'arc'] as const;
const LOADS = ['eBike', 'loads', 'load', 'prohibited', 'pulsingHob'] as const;

const numberKeys = {
  seed: { default: 1, low: 0, high: 4294967295, isInteger: true },
  circuits: { default: 2, low: 1, high: 8, isInteger: true },
  ratedA: { default: 16, low: 1, high: 630 },
  mainsHz: { default: 50, low: 40, high: 70 },
  voltageV: { default: 220, low: 50, high: 500 },
  sampleRateHz: { default: 6400, low: 3200, high: 51200 },
  speed: { default: 1, low: 0, high: 1000 },
  courseSpeed: { default: 1, low: 0.01, high: 10000 },
  after: { default: 5, low: 0, high: 86400, only: [...FAULTS, ...LOADS] },
  duration: { default: 0, low: 0, high: 86400, only: FAULTS },
  rise: {
    default: (name) => (name === 'overload' ? 0 : name === 'leakage' ? 20 : 30),
    low: 0,
    high: 86400,
    only: ['overload', 'leakage', 'looseTerminal'],
  },
  ratio: { default: 1.6, low: 0.1, high: 8, only: ['overload'] },
  toMa: { default: 600, low: 1, high: 5000, only: ['leakage'] },
  toMilliohm: { default: 60, low: 0.1, high: 2000, only: ['looseTerminal'] },
  // What switches every few seconds is a load that pulses: a load alone is left on and off for longer.
  on: { default: (name) => (name === 'loads' ? 4 : 10), low: 0.1, high: 86400, only: ['loads', 'load'] },
  off: { default: (name) => (name === 'loads' ? 1 : 10), low: 0.1, high: 86400, only: ['loads', 'load'] },
  background: { default: 0, low: 0, high: 6, isInteger: true, only: ['load'] },
  period: { default: 0.6, low: 0.2, high: 10, only: ['pulsingHob'] },
  duty: { default: 0.5, low: 0.05, high: 0.95, only: ['pulsingHob'] },
  bursts: { default: 0.93, low: 0, high: 1, only: ['arc'] },
  currentA: { default: 100, low: 0.5, high: 1000, only: ['arc'] },
} as const satisfies Record<string, NumberKey>;

type Key = keyof typeof numberKeys;

type WordKey<W extends string> = {
  readonly words: readonly W[];
  /** Absent: the scenario has a default of its own. */
  readonly default?: W;
};

/** Keys whose value is one of a list of words. */
const wordKeys = {
  model: { eBike: { words: chargerModelNames } },
  type: {
    load: { words: loadTypes.map(({ type }) => type), default: 'kettle' },
    prohibited: { words: prohibitedTypes, default: 'immersionHeater' },
  },
  kind: { arc: { words: cityArcKinds, default: 'series' } },
} as const satisfies Record<string, Partial<Record<CityScenarioName, WordKey<string>>>>;

/** The keys a scenario takes. */
function keysOf(name: CityScenarioName): readonly string[] {
  const keys = Object.entries<NumberKey>(numberKeys).filter(([, key]) => key.only?.includes(name) ?? true);
  const words = Object.entries(wordKeys).filter(([, scenarios]) => name in scenarios);
  const taken = [...keys, ...words].map(([key]) => key);
  return name === 'normal' || name === 'idle' ? taken : [...taken, 'circuit'];
}

/** Whether a terminal's `--source` names the simulator. */
export function isCitySource(source: string): boolean {
  return source.startsWith('city:');
}

/**
 * Reads `city:<scenario>?key=value&…`. Times (`after`, `duration`, `rise`, `on`, `off`, `period`) are seconds;
 * `duration=0` is for ever. Scenarios with words: `eBike?model=`, `load?type=`, `prohibited?type=`, `arc?kind=`.
 * `speed` is for the reader (0 = as fast as it can); `courseSpeed` makes slow processes faster than the waveform.
 * Throws RangeError naming the wrong scenario, key or value and what would be right.
 *
 * @example parseCitySource('city:overload?seed=7&ratedA=16&after=5').afterMs // 5000
 */
export function parseCitySource(source: string): CityScenario {
  const match = /^city:([^?]*)(?:\?(.*))?$/.exec(source);
  if (match === null) throw new RangeError(`source is "${source}", expected city:<scenario>?key=value&…`);
  const name = cityScenarioNames.find((known) => known === match[1]);
  if (name === undefined) {
    throw new RangeError(`${source}: scenario is "${match[1] ?? ''}", expected one of ${cityScenarioNames.join(', ')}`);
  }
  const given = readPairs(source, match[2] ?? '', keysOf(name));
  const value = (key: Key): number => numberOf(source, name, key, given.get(key));
  const circuitCount = value('circuits');
  const durationMs = value('duration') * 1000;
  return {
    name,
    seed: value('seed'),
    circuitCount,
    ratedA: value('ratedA'),
    mainsHz: value('mainsHz'),
    nominalV: value('voltageV'),
    sampleRateHz: value('sampleRateHz'),
    speed: value('speed'),
    courseSpeed: value('courseSpeed'),
    circuit: circuitOf(source, given.get('circuit'), circuitCount),
    afterMs: value('after') * 1000,
    faultDurationMs: durationMs === 0 ? Infinity : durationMs,
    riseMs: value('rise') * 1000,
    ratio: value('ratio'),
    toMa: value('toMa'),
    toMilliohm: value('toMilliohm'),
    ...extrasOf(source, name, value, given),
  };
}

/** The fields only some scenarios have. */
function extrasOf(
  source: string,
  name: CityScenarioName,
  value: (key: Key) => number,
  given: ReadonlyMap<string, string>,
): Partial<CityScenario> {
  const word = <W extends string>(key: string, rule: WordKey<W>): W | undefined =>
    wordOf(source, key, rule, given.get(key));
  switch (name) {
    case 'eBike':
      return defined({ chargerModel: word('model', wordKeys.model.eBike) });
    case 'loads':
      return { onMs: value('on') * 1000, offMs: value('off') * 1000 };
    case 'load':
      return {
        ...defined({ loadType: word('type', wordKeys.type.load) }),
        onMs: value('on') * 1000,
        offMs: value('off') * 1000,
        backgroundCount: value('background'),
      };
    case 'prohibited':
      return defined({ loadType: word('type', wordKeys.type.prohibited) });
    case 'pulsingHob':
      return { periodMs: value('period') * 1000, dutyRatio: value('duty') };
    case 'arc':
      return {
        ...defined({ arcKind: word('kind', wordKeys.kind.arc) }),
        arcToArc: value('bursts'),
        arcCurrentA: value('currentA'),
      };
    default:
      return {};
  }
}

/** Without the fields that are undefined. */
function defined<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const entries = Object.entries(fields).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [K in keyof T]?: Exclude<T[K], undefined> };
}

function wordOf<W extends string>(
  source: string,
  key: string,
  rule: WordKey<W>,
  text: string | undefined,
): W | undefined {
  if (text === undefined) return rule.default;
  const word = rule.words.find((known) => known === text);
  if (word === undefined) {
    throw new RangeError(`${source}: ${key} is "${text}", expected one of ${rule.words.join(', ')}`);
  }
  return word;
}

function readPairs(source: string, query: string, valid: readonly string[]): Map<string, string> {
  const given = new Map<string, string>();
  for (const pair of query === '' ? [] : query.split('&')) {
    const [key = '', text = ''] = pair.split('=', 2);
    if (!valid.includes(key)) {
      throw new RangeError(`${source}: unknown key "${key}", expected one of ${valid.join(', ')}`);
    }
    if (given.has(key)) throw new RangeError(`${source}: key "${key}" is given twice, expected once`);
    given.set(key, text);
  }
  return given;
}

function numberOf(source: string, name: CityScenarioName, key: Key, text: string | undefined): number {
  const rule: NumberKey = numberKeys[key];
  if (text === undefined) return typeof rule.default === 'number' ? rule.default : rule.default(name);
  const value = text.trim() === '' ? NaN : Number(text);
  const isGood = value >= rule.low && value <= rule.high && (rule.isInteger !== true || Number.isInteger(value));
  if (!isGood) {
    const what = rule.isInteger === true ? 'an integer' : 'a number';
    throw new RangeError(`${source}: ${key} is "${text}", expected ${what} from ${rule.low} to ${rule.high}`);
  }
  return value;
}

function circuitOf(source: string, text: string | undefined, circuitCount: number): string {
  const circuit = text ?? 'c1';
  const index = /^c([1-8])$/.exec(circuit)?.[1];
  if (index === undefined || Number(index) > circuitCount) {
    throw new RangeError(`${source}: circuit is "${circuit}", expected c1 to c${circuitCount}`);
  }
  return circuit;
}
