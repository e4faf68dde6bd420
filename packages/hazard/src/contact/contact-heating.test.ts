import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { HazardEvent } from '../hazard-event.ts';
import { createContactHeating, type ContactHeating, type ContactHeatingState } from './contact-heating.ts';

const DAY_MS = 86_400_000;
const STEP_S = 20;
const START = 1_763_700_000_000;

/** Uniform 0..1, the same sequence for the same seed (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

type World = {
  readonly seed?: number;
  /** K/A² by day. */
  readonly kappa?: (day: number) => number;
  readonly tauS?: number;
  readonly hasReference?: boolean;
  readonly load?: 'household' | 'constant' | 'none';
};

/**
 * A terminal: `dΔ/dt = (κI² − Δ)/τ`, exact in each step, in air that swings by the day and wanders; the board's air is
 * warmed by the same load with three hours of lag; a sensor of 0.1 K resolution. Loads of 0.6, 2, 4 and 9 A.
 */
function createWorld({ seed = 1, kappa = () => 0.03, tauS = 180, hasReference = false, load = 'household' }: World) {
  const random = seeded(seed);
  const noise = (): number => random() + random() + random() - 1.5;
  const loads = [
    { currentA: 0.6, share: 0.5, meanS: 10_800, isOn: false },
    { currentA: 2, share: 0.3, meanS: 5_400, isOn: false },
    { currentA: 4, share: 0.15, meanS: 2_400, isOn: false },
    { currentA: 9, share: 0.06, meanS: 900, isOn: false },
  ];
  let riseK = 0;
  let boardK = 0;
  let wanderK = 0;
  const currentNow = (): number => {
    for (const item of loads) {
      const leave = STEP_S / item.meanS;
      if (random() < (item.isOn ? leave : (leave * item.share) / (1 - item.share))) item.isOn = !item.isOn;
    }
    if (load !== 'household') return load === 'none' ? 0 : 6;
    return loads.reduce((sum, { currentA, isOn }) => sum + (isOn ? currentA : 0), 0) * (1 + 0.01 * noise());
  };
  const towards = (from: number, to: number, seconds: number): number => to + (from - to) * Math.exp(-STEP_S / seconds);
  return (heating: ContactHeating, fromDay: number, days: number): HazardEvent[] => {
    const events: HazardEvent[] = [];
    const steps = Math.round((days * 86_400) / STEP_S);
    for (let k = 0; k < steps; k++) {
      const day = fromDay + (k * STEP_S) / 86_400;
      const currentA = Math.abs(currentNow());
      riseK = towards(riseK, kappa(day) * currentA ** 2, tauS);
      boardK = towards(boardK, 0.2 * kappa(0) * currentA ** 2, 10_800);
      wanderK = towards(wanderK, 0, 20_000) + 0.02 * noise();
      const airK = 22 + 4 * Math.sin(2 * Math.PI * day) + wanderK + 0.8 * boardK;
      const measured = (valueC: number): number => Math.round((valueC + 0.1 * noise()) * 10) / 10;
      events.push(
        ...heating.read({
          at: START + fromDay * DAY_MS + k * STEP_S * 1_000,
          currentA,
          temperatureC: measured(airK + 0.2 * boardK + riseK),
          ...(hasReference && { ambientC: measured(airK) }),
        }),
      );
    }
    return events;
  };
}

const settings = { point: 't1', circuit: 'c1', ratedA: 16 };
const dayOf = (event: HazardEvent | undefined): number => ((event?.at ?? NaN) - START) / DAY_MS;
const brief = (events: readonly HazardEvent[]): unknown[] => events.map((e) => [e.level, e.measure, e.active]);

for (const hasReference of [false, true]) {
  test(`κ is found within 5 % and its error bars hold, ${hasReference ? 'with' : 'without'} a reference point`, () => {
    for (const [seed, kappa, tauS] of [
      [1, 0.03, 180],
      [2, 0.01, 60],
      [3, 0.1, 480],
    ] as const) {
      const heating = createContactHeating(settings);
      createWorld({ seed, kappa: () => kappa, tauS, hasReference })(heating, 0, 9);
      const estimate = heating.estimate();
      assert.ok(estimate.kind === 'estimate');
      const { kappaKPerA2, standardError, commissioning } = estimate;
      assert.ok(Math.abs(kappaKPerA2 / kappa - 1) < 0.05 || Math.abs(kappaKPerA2 - kappa) < 2 * standardError);
      assert.ok(Math.abs(kappaKPerA2 - kappa) < 3 * standardError, `${kappaKPerA2} ± ${standardError}, true ${kappa}`);
      assert.ok(standardError < 0.1 * kappa);
      // The world is sampled at the end of each step: up to 20 s quicker than it is, one place in the bank.
      assert.ok(Math.abs(Math.log(estimate.tauS / tauS)) < 0.45);
      assert.ok(Math.abs(((commissioning?.frozenAt ?? NaN) - START) / DAY_MS - 7) < 0.3);
    }
  });
}

/** What a contact does from day 10 on, and what must be told until day 60, by which day. */
const courses: readonly {
  name: string;
  kappa: (day: number) => number;
  expected: readonly (readonly [level: string, measure: string, byDay: number])[];
}[] = [
  { name: 'stays as it is', kappa: () => 0.03, expected: [] },
  {
    name: 'ages by a tenth in two months',
    kappa: (day) => 0.03 * (1 + (0.1 * Math.max(0, day - 10)) / 50),
    expected: [],
  },
  {
    name: 'becomes 2.5 times as bad at once',
    kappa: (day) => (day < 10 ? 0.03 : 0.075),
    expected: [['alarm', 'kappaRatio', 12]],
  },
  {
    name: 'becomes 1.9 times as bad at once',
    kappa: (day) => (day < 10 ? 0.03 : 0.057),
    expected: [['warning', 'kappaRatio', 13]],
  },
  {
    name: 'doubles every 20 days',
    kappa: (day) => 0.03 * 2 ** (Math.max(0, day - 10) / 20),
    expected: [
      ['attention', 'kappaRatio', 25],
      ['alarm', 'doublingsPerMonth', 30],
    ],
  },
  {
    name: 'doubles every 50 days',
    kappa: (day) => 0.03 * 2 ** (Math.max(0, day - 10) / 50),
    expected: [
      ['attention', 'kappaRatio', 50],
      ['warning', 'kappaRatio', 60],
    ],
  },
];

for (const { name, kappa, expected } of courses) {
  test(`a contact that ${name} is told as ${expected.map(([level]) => level).join(' and ') || 'nothing'}`, () => {
    const heating = createContactHeating(settings);
    const events = createWorld({ seed: 5, kappa })(heating, 0, 60);
    for (const [level, measure, byDay] of expected) {
      const event = events.find((e) => e.level === level && e.measure === measure);
      assert.ok(dayOf(event) > 10 && dayOf(event) <= byDay, `${level}: ${JSON.stringify(events)}`);
    }
    if (expected.length === 0) assert.deepEqual(events, []);
    // One life of a fault: it rises and never falls back while the contact is bad.
    const ranks = events.map(({ level }) => ['attention', 'warning', 'alarm'].indexOf(level));
    assert.ok(events.every(({ active }) => active) && ranks.every((rank, k) => rank > (ranks[k - 1] ?? -1)));
    assert.equal(events.at(-1)?.level, expected.at(-1)?.[0]);
  });
}

test('a contact that is bad from the start is told by its rise at rated current, without commissioning', () => {
  // 0.5 K/A² · 16² A² = 128 K.
  const events = createWorld({ kappa: () => 0.5 })(createContactHeating(settings), 0, 2);
  assert.deepEqual([events.at(-1)?.level, events.at(-1)?.measure], ['alarm', 'riseAtRatedK']);
  assert.equal(events.at(-1)?.evidence?.['reason'], 'learning');
  assert.ok(Math.abs((events.at(-1)?.value ?? NaN) - 128) < 20);
});

test('a terminal that heats within minutes beyond what its load explains is told before κ has followed', () => {
  const heating = createContactHeating(settings);
  const world = createWorld({ seed: 6, kappa: (day) => (day < 8.5 ? 0.03 : 0.6), tauS: 30 });
  const events = world(heating, 0, 11);
  const [first] = events;
  assert.equal(first?.measure, 'unexplainedRiseK');
  // The first 9 A after noon.
  assert.ok(dayOf(first) > 8.5 && dayOf(first) < 8.54, `${dayOf(first)}`);
  assert.equal(events.at(-1)?.level, 'alarm');
});

test('evidence holds κ beside its commissioning value, its error and the forecast; the confidence is a probability', () => {
  const kappa = (day: number): number => 0.03 * 2 ** (Math.max(0, day - 10) / 20);
  const event = createWorld({ seed: 5, kappa })(createContactHeating(settings), 0, 30).at(-1);
  const features = (event?.evidence?.['features'] ?? []) as { feature: string; value: number; baseline?: number }[];
  const kappaFeature = features.find(({ feature }) => feature === 'kappaKPerA2');
  assert.ok(Math.abs((kappaFeature?.baseline ?? NaN) - 0.03) < 0.003);
  assert.ok((kappaFeature?.value ?? 0) > 0.045);
  // Twice the commissioning value is reached on day 30.
  const forecast = event?.evidence?.['forecast'] as Record<string, number>;
  const days = ['earliestAt', 'limitAt', 'latestAt'].map((name) => ((forecast[name] ?? NaN) - START) / DAY_MS);
  assert.ok(Math.abs((days[1] ?? NaN) - 30) < 1.5, `${days.join(', ')}`);
  assert.ok((days[0] ?? NaN) < (days[1] ?? NaN) && (days[1] ?? NaN) < (days[2] ?? NaN));
  assert.ok((event?.confidence ?? 0) >= 0.98 && (event?.confidence ?? 2) <= 1);
  assert.ok(JSON.stringify(event?.evidence).length < 4_096);
});

test('without a change of load, or without load, there is no verdict, and it says why', () => {
  for (const load of ['constant', 'none'] as const) {
    const heating = createContactHeating(settings);
    assert.deepEqual(heating.estimate(), { kind: 'noVerdict', reason: 'settling' });
    assert.deepEqual(createWorld({ load })(heating, 0, 12), []);
    assert.deepEqual(heating.estimate(), { kind: 'noVerdict', reason: 'noExcitation' });
  }
});

test('right after a jump of the temperature it waits for changes of load, and says so', () => {
  const heating = createContactHeating(settings);
  createWorld({ seed: 8 })(heating, 0, 8);
  // A draught of eight kelvins while nothing is switched, then one load: 9 A with κ = 0.03 K/A² and τ = 180 s.
  const reasons: string[] = [];
  let riseK = 0.12;
  for (let k = 0; k < 460; k++) {
    const currentA = k < 360 ? 2 : 9;
    riseK = 0.03 * currentA ** 2 + (riseK - 0.03 * currentA ** 2) * Math.exp(-20 / 180);
    const temperatureC = (k < 240 ? 22 : 30) + riseK + 0.05 * Math.sin(k * 2.4);
    heating.read({ at: START + 8 * DAY_MS + k * 20_000, currentA, temperatureC });
    const estimate = heating.estimate();
    if (k > 240 && estimate.kind === 'noVerdict' && reasons.at(-1) !== estimate.reason) reasons.push(estimate.reason);
  }
  assert.deepEqual(reasons, ['noExcitation', 'recentJump']);
  assert.equal(heating.estimate().kind, 'noVerdict');
});

test('a commissioning value from records is used from the first verdict on', () => {
  const commissioning = { kappaKPerA2: 0.02, standardError: 0.001, tauS: 180, frozenAt: START - 400 * DAY_MS };
  const heating = createContactHeating({ ...settings, commissioning });
  const events = createWorld({ kappa: () => 0.06 })(heating, 0, 3);
  assert.deepEqual(events.at(-1)?.level, 'alarm');
  const estimate = heating.estimate();
  assert.ok(estimate.kind === 'estimate' && Math.abs((estimate.kappaRatio ?? NaN) - 3) < 0.4);
});

test('over a restart it goes on where it was, with its commissioning and its course', () => {
  const kappa = (day: number): number => (day < 9 ? 0.03 : 0.09);
  const world = createWorld({ kappa });
  const before = createContactHeating(settings);
  world(before, 0, 12);
  const kept = JSON.parse(JSON.stringify(before.state())) as ContactHeatingState;
  assert.ok(JSON.stringify(kept).length < 12_288);
  const heating = createContactHeating(settings, kept);
  assert.deepEqual(heating.active(), before.active());
  assert.equal(heating.active()[0]?.level, 'alarm');
  assert.deepEqual(heating.estimate(), { kind: 'noVerdict', reason: 'settling' });
  // Off for three days: no event, and a verdict again when the heat of before has decayed.
  assert.deepEqual(world(heating, 15, 1), []);
  const estimate = heating.estimate();
  assert.ok(estimate.kind === 'estimate' && Math.abs((estimate.kappaRatio ?? NaN) - 3) < 0.4);
  // A clock that went back does not make a course of the future.
  const behind = createContactHeating(settings, kept);
  world(behind, 5, 2);
  assert.ok(behind.state().course.every(({ at }) => at < START + 8 * DAY_MS));
});

test('after a repair it learns anew and the hazard is over', () => {
  const heating = createContactHeating(settings);
  const world = createWorld({ kappa: (day) => (day < 9 || day > 12 ? 0.03 : 0.09) });
  world(heating, 0, 12);
  assert.deepEqual(brief(heating.recommission(START + 12 * DAY_MS)), [['alarm', 'kappaRatio', false]]);
  assert.deepEqual(world(heating, 12, 9), []);
  const estimate = heating.estimate();
  assert.ok(estimate.kind === 'estimate' && Math.abs((estimate.kappaRatio ?? NaN) - 1) < 0.2);
});

test('a reference point that comes and goes changes what the offset means, not κ', () => {
  const heating = createContactHeating(settings);
  createWorld({ seed: 3, hasReference: true })(heating, 0, 8);
  assert.deepEqual(createWorld({ seed: 4, hasReference: false })(heating, 8, 4), []);
  assert.deepEqual(createWorld({ seed: 5, hasReference: true })(heating, 12, 4), []);
  const estimate = heating.estimate();
  assert.ok(estimate.kind === 'estimate' && Math.abs((estimate.kappaRatio ?? NaN) - 1) < 0.15);
});

test('readings without a temperature, not newer or not finite do no harm', () => {
  const heating = createContactHeating(settings);
  createWorld({})(heating, 0, 1);
  const state = JSON.stringify(heating.state());
  heating.read({ at: START, currentA: 9, temperatureC: 300 });
  heating.read({ at: NaN, currentA: 9, temperatureC: 300 });
  heating.read({ at: START + 2 * DAY_MS, currentA: NaN, temperatureC: 300 });
  for (let k = 0; k < 100; k++) heating.read({ at: START + 3 * DAY_MS + k * 20_000, currentA: 5, temperatureC: NaN });
  assert.equal(JSON.stringify(heating.state()), state);
});

test('settings that make no sense are refused with everything that is wrong', () => {
  const commissioning = { kappaKPerA2: 0, standardError: -1, tauS: 60, frozenAt: NaN };
  const bad = { point: 't*', circuit: '', ratedA: 0, tauBankS: [1], commissioningMs: 0, commissioning };
  assert.throws(
    () => createContactHeating(bad),
    (error: Error) => error.message.split('\n').length === 8 && /tauBankS is 1: expected/.test(error.message),
  );
});
