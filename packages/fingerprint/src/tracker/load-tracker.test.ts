import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Parameters } from 'fast-check';
import { createLoadTracker } from './load-tracker.ts';
import type { LoadTracker, TrackerChange } from './load-tracker.ts';
import type { ObservedSwitch } from './observed-switch.ts';
import type { RecognisedLoad } from './load-identity.ts';

/** A circuit whose truth is known: loads of constant power with white measurement noise. */
type Truth = { readonly powerW: number; readonly reactivePowerVar: number; readonly third: number };

const KETTLE: Truth = { powerW: 1800, reactivePowerVar: 0, third: 0 };
const FAN: Truth = { powerW: 60, reactivePowerVar: 45, third: 0.02 };
const CHARGER: Truth = { powerW: 150, reactivePowerVar: -30, third: 0.6 };

function switched(kind: 'on' | 'off', load: Truth, at: number): ObservedSwitch {
  const harmonics = [{ order: 3, inPhaseA: -load.third, quadratureA: 0.3 * load.third }];
  return { at, kind, activePowerW: load.powerW, reactivePowerVar: load.reactivePowerVar, harmonics };
}

function named(family: string, name: string): RecognisedLoad {
  const named = { level: 'type' as const, name, confidence: 0.95 };
  return {
    families: [{ family, probability: 0.97 }],
    types: [{ type: name, probability: 0.95 }],
    unknownScore: 0.05,
    named,
  };
}

/** Drives a tracker second by second. */
function circuit(tracker: LoadTracker, options: { noiseW?: number; seed?: number; baseW?: number } = {}) {
  const { noiseW = 0, seed = 1, baseW = 0 } = options;
  const normal = normals(seed);
  const on: Truth[] = [];
  const changes: TrackerChange[] = [];
  const clock = { at: 0 };
  return {
    on,
    changes,
    clock,
    run(seconds: number): void {
      for (let second = 0; second < seconds; second++) {
        clock.at += 1000;
        const activePowerW = baseW + on.reduce((sum, load) => sum + load.powerW, 0) + noiseW * normal();
        const reactivePowerVar = on.reduce((sum, load) => sum + load.reactivePowerVar, 0) + noiseW * normal();
        changes.push(...tracker.read({ at: clock.at, durationMs: 1000, activePowerW, reactivePowerVar }));
      }
    },
    turnOn(load: Truth, how: { missed?: boolean; recognition?: RecognisedLoad } = {}): void {
      on.push(load);
      if (how.missed !== true) changes.push(...tracker.tell(switched('on', load, clock.at), how.recognition));
    },
    turnOff(load: Truth, how: { missed?: boolean } = {}): void {
      on.splice(on.indexOf(load), 1);
      if (how.missed !== true) changes.push(...tracker.tell(switched('off', load, clock.at)));
    },
  };
}

test('an off-event ends the load it belongs to, with its name and its energy', () => {
  const tracker = createLoadTracker();
  const room = circuit(tracker, { baseW: 20 });
  room.run(10);
  room.turnOn(KETTLE, { recognition: named('resistive', 'kettle') });
  room.turnOn(CHARGER, { recognition: named('charger', 'eBikeCharger') });
  room.run(360);
  room.turnOff(KETTLE);
  room.run(5);
  const ended = room.changes.flatMap((change) => (change.kind === 'loadOff' ? [change.load] : []));
  assert.equal(ended.length, 1);
  const [kettle] = ended;
  assert.ok(kettle);
  assert.equal(kettle.name, 'kettle');
  assert.equal(kettle.isOn, false);
  // 1800 W for 360 s.
  assert.ok(Math.abs(kettle.energyWh - 180) < 0.5, `${kettle.energyWh} Wh`);
  assert.deepEqual(
    tracker.loads().map(({ name, isInferred, isDoubtful }) => ({ name, isInferred, isDoubtful })),
    [{ name: 'eBikeCharger', isInferred: false, isDoubtful: false }],
  );
});

test('of two loads of equal step one is ended and the other is named as fitting as well', () => {
  const tracker = createLoadTracker();
  const room = circuit(tracker);
  room.run(3);
  room.turnOn(FAN);
  room.run(3);
  room.turnOn({ ...FAN });
  room.run(3);
  const [first, second] = tracker.loads();
  assert.ok(first && second);
  room.turnOff(room.on[0] ?? FAN);
  const off = room.changes.find((change) => change.kind === 'loadOff');
  assert.ok(off && off.kind === 'loadOff');
  const other = off.load.id === first.id ? second.id : first.id;
  assert.deepEqual(off.load.ambiguousWith, [other]);
  assert.equal(tracker.loads().length, 1);
});

test('two loads that go off in one event are both ended', () => {
  const tracker = createLoadTracker();
  const room = circuit(tracker, { noiseW: 1 });
  room.run(5);
  for (const load of [KETTLE, FAN, CHARGER]) {
    room.turnOn(load);
    room.run(20);
  }
  const both: Truth = {
    powerW: KETTLE.powerW + CHARGER.powerW,
    reactivePowerVar: KETTLE.reactivePowerVar + CHARGER.reactivePowerVar,
    third: KETTLE.third + CHARGER.third,
  };
  room.on.splice(0, 3, FAN);
  tracker.tell(switched('off', both, room.clock.at));
  assert.deepEqual(
    tracker.loads().map((load) => Math.round(load.onPowerW)),
    [FAN.powerW],
  );
});

test('a heater that drops one of two stages goes on with the rest of its power', () => {
  const tracker = createLoadTracker();
  const room = circuit(tracker);
  const stage: Truth = { powerW: 900, reactivePowerVar: 0, third: 0 };
  room.run(3);
  room.turnOn(KETTLE);
  room.run(10);
  room.on.splice(0, 1, stage);
  tracker.tell(switched('off', stage, room.clock.at));
  room.run(10);
  const [load] = tracker.loads();
  assert.ok(load);
  assert.ok(Math.abs(load.activePowerW - 900) < 5, `${load.activePowerW} W`);
});

test('a missed off-event is healed within a minute, and its energy is given back', () => {
  const tracker = createLoadTracker();
  const room = circuit(tracker, { noiseW: 2 });
  room.run(10);
  room.turnOn(KETTLE, { recognition: named('resistive', 'kettle') });
  room.turnOn(FAN);
  room.run(100);
  room.turnOff(KETTLE, { missed: true });
  room.run(60);
  const healed = room.changes.flatMap((change) => (change.kind === 'healed' ? [change.load] : []));
  assert.deepEqual(
    healed.map(({ name, isOn, isInferred }) => ({ name, isOn, isInferred })),
    [{ name: 'kettle', isOn: false, isInferred: true }],
  );
  // 1800 W for 100 s = 50 Wh, not 130 s.
  assert.ok(Math.abs((healed[0]?.energyWh ?? 0) - 50) < 1, `${String(healed[0]?.energyWh)} Wh`);
  assert.equal(tracker.loads().length, 1);
});

test('a missed on-event appears as an inferred load without a name, and its off-event ends it', () => {
  const tracker = createLoadTracker();
  const room = circuit(tracker, { noiseW: 2, baseW: 50 });
  room.run(20);
  room.turnOn(CHARGER, { missed: true });
  room.run(60);
  const [load] = tracker.loads();
  assert.ok(load);
  assert.deepEqual([load.isInferred, load.level, load.unknownScore], [true, 'none', 1]);
  assert.ok(Math.abs(load.activePowerW - 150) < 4, `${load.activePowerW} W`);
  room.turnOff(CHARGER);
  assert.equal(tracker.loads().length, 0);
});

test('the power of a charger whose current decays follows the total, and its late off-event still fits', () => {
  const tracker = createLoadTracker();
  const room = circuit(tracker, { noiseW: 1 });
  room.run(5);
  room.turnOn({ powerW: 900, reactivePowerVar: 0, third: 0 }, { recognition: named('resistive', 'heater') });
  room.turnOn(CHARGER, { recognition: named('charger', 'eBikeCharger') });
  for (let minute = 0; minute < 60; minute++) {
    room.run(60);
    room.on[1] = { ...CHARGER, powerW: 150 * Math.exp(-minute / 60), reactivePowerVar: -30 * Math.exp(-minute / 60) };
  }
  const now = room.on[1] ?? CHARGER;
  const charger = tracker.loads().find((load) => load.type === 'eBikeCharger');
  assert.ok(charger);
  // Two thirds of the fall at least: the rest may be the heater's as far as the total can tell.
  assert.ok(
    Math.abs(charger.activePowerW - now.powerW) < (150 - now.powerW) / 3,
    `${charger.activePowerW} W of ${now.powerW}`,
  );
  const shrunk = { ...now, third: (0.6 * now.powerW) / 150 };
  room.turnOff(now, { missed: true });
  tracker.tell(switched('off', shrunk, room.clock.at));
  assert.deepEqual(
    tracker.loads().map((load) => load.type),
    ['heater'],
  );
});

test('after a restart with the same total every load is kept, doubtful when minutes passed', () => {
  const before = createLoadTracker();
  const room = circuit(before, { noiseW: 1 });
  room.run(5);
  room.turnOn(KETTLE);
  room.turnOn(FAN);
  room.run(60);
  for (const [awayMs, isDoubtful] of [
    [20_000, false],
    [1_800_000, true],
  ] as const) {
    const after = createLoadTracker({}, JSON.parse(JSON.stringify(before.state())) as ReturnType<typeof before.state>);
    const at = room.clock.at + awayMs + 1000;
    assert.deepEqual(after.read({ at, durationMs: 1000, activePowerW: 1860, reactivePowerVar: 45 }), []);
    assert.deepEqual(
      after.loads().map((load) => [Math.round(load.onPowerW), load.isDoubtful]),
      [
        [1800, isDoubtful],
        [60, isDoubtful],
      ],
    );
    assert.equal(after.energy().measuredWh, before.energy().measuredWh + 1860 / 3600);
  }
});

test('after a restart with less power the loads that explain it are closed, and all are dropped when none does', () => {
  const before = createLoadTracker();
  const room = circuit(before);
  room.run(5);
  for (const load of [KETTLE, FAN, CHARGER]) {
    room.turnOn(load);
    room.run(5);
  }
  const state = before.state();
  const some = createLoadTracker({}, state);
  const at = room.clock.at + 600_000;
  const closed = some.read({ at, durationMs: 1000, activePowerW: 210, reactivePowerVar: 15 });
  assert.deepEqual(
    closed.map((change) => [change.kind, 'load' in change && Math.round(change.load.onPowerW)]),
    [['healed', 1800]],
  );
  const none = createLoadTracker({}, state);
  const lost = none.read({ at, durationMs: 1000, activePowerW: 700, reactivePowerVar: 300 });
  assert.deepEqual(
    lost.map((change) => change.kind),
    ['lost', 'lost', 'lost'],
  );
  assert.equal(none.share()?.unexplainedW, 700);
});

test('readings that are not known or go back change nothing', () => {
  const tracker = createLoadTracker();
  const room = circuit(tracker);
  room.run(5);
  const state = tracker.state();
  tracker.read({ at: 6000, durationMs: 1000, activePowerW: NaN, reactivePowerVar: NaN });
  tracker.read({ at: 4000, durationMs: 1000, activePowerW: 500, reactivePowerVar: 0 });
  tracker.tell({ at: 6000, kind: 'on', activePowerW: NaN, reactivePowerVar: 0, harmonics: [] });
  assert.deepEqual(tracker.state(), state);
});

test('a state of another version and settings out of range are refused by name', () => {
  const state = { ...createLoadTracker().state(), schemaVersion: 2 as unknown as 1 };
  assert.throws(() => createLoadTracker({}, state), /schema version 2, expected 1/);
  assert.throws(() => createLoadTracker({ healAfterMs: 5 }), /healAfterMs is 5, expected 2000 to 3600000/);
});

test('whatever is switched, seen or missed, tracked and unexplained energy add up to the measured energy', () => {
  const act = fc.record({
    load: fc.integer({ min: 0, max: 5 }),
    waitS: fc.integer({ min: 1, max: 90 }),
    missed: fc.integer({ min: 0, max: 19 }).map((n) => n === 0),
  });
  fc.assert(
    fc.property(fc.array(act, { maxLength: 40 }), fc.integer(), (acts, seed) => {
      const tracker = createLoadTracker();
      const room = circuit(tracker, { noiseW: 3, seed, baseW: 40 });
      const loads = [40, 95, 210, 480, 1100, 2000].map((powerW, k) => ({
        powerW,
        reactivePowerVar: powerW * ([0, 0.5, -0.2, 0.3, 0, 0.1][k] ?? 0),
        third: (powerW / 230) * ([0, 0.1, 0.8, 0.05, 0, 0.3][k] ?? 0),
      }));
      let measuredWh = 0;
      for (const { load: index, waitS, missed } of acts) {
        const load = loads[index];
        assert.ok(load);
        if (room.on.includes(load)) room.turnOff(load, { missed });
        else room.turnOn(load, { missed });
        for (let second = 0; second < waitS; second++) {
          room.run(1);
          const share = tracker.share();
          assert.ok(share);
          measuredWh += share.measuredW / 3600;
          const sum = share.trackedW + (share.standbyW ?? 0) + share.unexplainedW;
          assert.ok(Math.abs(sum - share.measuredW) < 1e-9);
        }
      }
      const energy = tracker.energy();
      assert.ok(Math.abs(energy.measuredWh - measuredWh) <= 1e-9 * Math.max(1, measuredWh));
      const sum = energy.trackedWh + energy.standbyWh + energy.unexplainedWh;
      assert.ok(Math.abs(sum - energy.measuredWh) <= 1e-9 * Math.max(1, measuredWh));
      // Healed or not: once it has been quiet for two minutes, what is tracked is on and what is on is tracked.
      room.run(180);
      const tracked = tracker.loads().map((l) => Math.round(l.activePowerW));
      const trackedW = tracked.reduce((a, b) => a + b, 0);
      const onW = room.on.reduce((a, l) => a + l.powerW, 0);
      assert.ok(trackedW <= onW + 60 + 0.05 * onW, `tracked ${tracked.join(' ')}, on ${onW} W`);
    }),
    propertySettings(60),
  );
});

test('with every event seen, each load is booked its own energy within 2 %', () => {
  const tracker = createLoadTracker();
  const room = circuit(tracker, { noiseW: 3, baseW: 40 });
  const names = ['kettle', 'fan', 'charger'];
  const truthWh = [0, 0, 0];
  const random = normals(9);
  room.run(5);
  for (let act = 0; act < 200; act++) {
    const index = Math.abs(Math.floor(random() * 10)) % 3;
    const load = [KETTLE, FAN, CHARGER][index] ?? FAN;
    if (room.on.includes(load)) room.turnOff(load);
    else room.turnOn(load, { recognition: named('resistive', names[index] ?? '') });
    const seconds = 5 + (Math.abs(Math.floor(random() * 100)) % 120);
    room.run(seconds);
    for (const [k, candidate] of [KETTLE, FAN, CHARGER].entries()) {
      if (room.on.includes(candidate)) truthWh[k] = (truthWh[k] ?? 0) + (candidate.powerW * seconds) / 3600;
    }
  }
  const { byName } = tracker.energy();
  for (const [k, name] of names.entries()) {
    const truth = truthWh[k] ?? 0;
    assert.ok(Math.abs((byName[name] ?? 0) - truth) < 0.02 * truth + 0.5, `${name}: ${byName[name]} of ${truth} Wh`);
  }
});

/** FENGSUI_SEED and FENGSUI_PATH repeat a counterexample, FENGSUI_RUNS widens the search. */
function propertySettings<T>(numRuns: number): Parameters<T> {
  const { FENGSUI_SEED: seed, FENGSUI_PATH: path, FENGSUI_RUNS: runs } = process.env;
  return {
    numRuns: runs === undefined ? numRuns : Number(runs),
    ...(seed === undefined ? {} : { seed: Number(seed) }),
    ...(path === undefined ? {} : { path }),
  };
}

/** Standard normal numbers by Box and Muller over mulberry32, independent of the code under test. */
function normals(seed: number): () => number {
  let a = seed >>> 0;
  const uniform = (): number => {
    a = (a + 0x6d2b79f5) >>> 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  return () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
}
