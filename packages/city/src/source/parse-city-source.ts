import { cityScenarioNames, type CityScenario, type CityScenarioName } from './city-scenario.ts';

type NumberKey = {
  readonly default: number | ((name: CityScenarioName) => number);
  readonly low: number;
  readonly high: number;
  readonly isInteger?: true;
  /** Scenarios that take the key; absent = all. */
  readonly only?: readonly CityScenarioName[];
};

const FAULTS = ['overload', 'leakage', 'looseTerminal'] as const;

const numberKeys = {
  seed: { default: 1, low: 0, high: 4294967295, isInteger: true },
  circuits: { default: 2, low: 1, high: 8, isInteger: true },
  ratedA: { default: 16, low: 1, high: 630 },
  mainsHz: { default: 50, low: 40, high: 70 },
  voltageV: { default: 220, low: 50, high: 500 },
  sampleRateHz: { default: 6400, low: 3200, high: 51200 },
  speed: { default: 1, low: 0, high: 1000 },
  courseSpeed: { default: 1, low: 0.01, high: 10000 },
  after: { default: 5, low: 0, high: 86400, only: [...FAULTS, 'eBike', 'loads'] },
  duration: { default: 0, low: 0, high: 86400, only: FAULTS },
  rise: {
    default: (name) => (name === 'overload' ? 0 : name === 'leakage' ? 20 : 30),
    low: 0,
    high: 86400,
    only: FAULTS,
  },
  ratio: { default: 1.6, low: 0.1, high: 8, only: ['overload'] },
  toMa: { default: 600, low: 1, high: 5000, only: ['leakage'] },
  toMilliohm: { default: 60, low: 0.1, high: 2000, only: ['looseTerminal'] },
} as const satisfies Record<string, NumberKey>;

type Key = keyof typeof numberKeys;

/** The keys a scenario takes. */
function keysOf(name: CityScenarioName): readonly string[] {
  const keys = Object.entries<NumberKey>(numberKeys).filter(([, key]) => key.only?.includes(name) ?? true);
  const numeric = keys.map(([key]) => key);
  return name === 'normal' || name === 'idle' ? numeric : [...numeric, 'circuit'];
}

/** Whether a terminal's `--source` names the simulator. */
export function isCitySource(source: string): boolean {
  return source.startsWith('city:');
}

/**
 * Reads `city:<scenario>?key=value&…`. Times (`after`, `duration`, `rise`) are seconds; `duration=0` is for ever.
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
  };
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
