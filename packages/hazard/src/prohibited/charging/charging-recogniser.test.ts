import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createChargingRecogniser } from './charging-recogniser.ts';
import type { ChargingRecogniser, ChargingState } from './charging-recogniser.ts';
import { heaterLoad, normals, rectifierLoad, secondsOf } from './test-circuit.ts';
import type { Switched, TestLoad } from './test-circuit.ts';

const PLUGGED_S = 200;
/** Constant current: rises 8 % in four hours, then falls with a time constant of 40 minutes. */
const charging: TestLoad['course'] = (s) =>
  s < 14_400 ? 1 + (0.08 * s) / 14_400 : 1.08 * Math.exp(-(s - 14_400) / 2400);

/** Runs a circuit and notes when each stage was first told. */
function run(
  recogniser: ChargingRecogniser,
  loads: readonly Switched[],
  toS: number,
  fromS = 0,
): Record<string, number> {
  const told: Record<string, number> = {};
  for (const reading of secondsOf(loads, fromS, toS)) {
    if (!recogniser.read(reading)) continue;
    for (const { stage } of recogniser.opinions()) told[stage] ??= reading.at / 1000 - PLUGGED_S;
  }
  return told;
}

test('a charger is told tentatively within 30 s and confirmed within ten minutes', () => {
  for (const powerW of [100, 150, 260, 420, 590]) {
    const told = run(createChargingRecogniser(), [{ load: rectifierLoad(powerW, charging), onS: PLUGGED_S }], 820);
    assert.ok((told['tentative'] ?? Infinity) <= 30, `${powerW} W: tentative after ${told['tentative']} s`);
    assert.ok((told['confirmed'] ?? Infinity) <= 600, `${powerW} W: confirmed after ${told['confirmed']} s`);
  }
});

test('the same with readings of a meter that knows no phasors', () => {
  const recogniser = createChargingRecogniser();
  let confirmedS = Infinity;
  for (const reading of secondsOf([{ load: rectifierLoad(170, charging), onS: PLUGGED_S }], 0, 820)) {
    const { at, activePowerW, reactivePowerVar, distortionVa } = reading;
    recogniser.read({ at, activePowerW, reactivePowerVar, distortionVa });
    if (recogniser.opinions()[0]?.stage === 'confirmed') confirmedS = Math.min(confirmedS, at / 1000 - PLUGGED_S);
  }
  assert.ok(confirmedS <= 600, `${confirmedS} s`);
});

test('lamps that warm up, screens that flicker and motors that ramp are never confirmed', () => {
  const normal = normals(5);
  let picture = 0;
  const television: TestLoad['course'] = () => (picture = 0.9 * picture + 0.03 * normal()) + 1;
  const cases: Record<string, TestLoad> = {
    lamps: rectifierLoad(150, (s) => 0.96 + 0.04 * Math.exp(-s / 300)),
    television: rectifierLoad(120, television),
    compressor: rectifierLoad(130, (s) => Math.min(1, 0.2 + s / 60)),
    heater: heaterLoad(300),
    bulb: rectifierLoad(40),
  };
  for (const [name, load] of Object.entries(cases)) {
    const told = run(createChargingRecogniser(), [{ load, onS: PLUGGED_S }], 1400);
    assert.equal(told['confirmed'], undefined, name);
  }
});

test('a charger beside a flickering television of another shape and a pulsing heater is confirmed', () => {
  const normal = normals(8);
  let picture = 0;
  const television = rectifierLoad(90, () => 1 + (picture = 0.85 * picture + 0.05 * normal()), 0.2);
  const heater = heaterLoad(1200, (s) => (Math.floor(s / 37) % 2 === 0 ? 1 : 0));
  const loads = [
    { load: television, onS: 0 },
    { load: heater, onS: 20 },
    { load: rectifierLoad(180, charging), onS: PLUGGED_S },
  ];
  const told = run(createChargingRecogniser(), loads, 820);
  assert.ok((told['confirmed'] ?? Infinity) <= 600, `confirmed after ${told['confirmed']} s`);
});

test('a screen with a charger’s pulses that flickers about a still mean is never confirmed', () => {
  const normal = normals(21);
  const loads = [{ load: rectifierLoad(140, () => 1 + 0.05 * normal()), onS: PLUGGED_S }];
  const told = run(createChargingRecogniser(), loads, 1400);
  assert.equal(told['confirmed'], undefined);
});

test('a charger is confirmed beside a load whose pulses look like corrected supplies and would fill every place', () => {
  const hob = heaterLoad(320, (s) => (Math.floor(s / 15) % 2 === 0 ? 1 : 0));
  const corrected: TestLoad = { ...hob, harmonicsVa: [12, 3, 4, -2, 2, 1], reactivePowerVar: -20 };
  const loads = [
    { load: corrected, onS: 20 },
    { load: rectifierLoad(300, charging), onS: PLUGGED_S },
  ];
  const recogniser = createChargingRecogniser();
  run(recogniser, loads, 820);
  assert.ok(recogniser.opinions().some(({ stage, onAt }) => stage === 'confirmed' && onAt < 1000 * (PLUGGED_S + 5)));
});

test('a charger whose harmonics cancel those of a large load beside it is confirmed all the same', () => {
  const charger = rectifierLoad(200, charging);
  const opposite: TestLoad = {
    activePowerW: 1500,
    reactivePowerVar: 0,
    harmonicsVa: charger.harmonicsVa.map((va) => -0.8 * va),
    course: () => 1,
  };
  // Distortion falls from 208 VA to 52 VA when the charger comes on.
  const told = run(
    createChargingRecogniser(),
    [
      { load: opposite, onS: 20 },
      { load: charger, onS: PLUGGED_S },
    ],
    820,
  );
  assert.ok((told['confirmed'] ?? Infinity) <= 600, `confirmed after ${told['confirmed']} s`);
});

test('a step that the waveform shows to be no charger is told later or not at all', () => {
  const loads = [{ load: rectifierLoad(150, charging), onS: PLUGGED_S }];
  const sumWith = (probability: number | undefined): number => {
    const recogniser = createChargingRecogniser();
    recogniser.switched({ at: 0, activePowerW: 10, families: [] });
    let first: number | undefined;
    for (const reading of secondsOf(loads, 0, 240)) {
      if (probability !== undefined && reading.at === 1000 * (PLUGGED_S + 2)) {
        const at = 1000 * PLUGGED_S;
        recogniser.switched({ at, activePowerW: 140, families: [{ family: 'charger', probability }] });
      }
      recogniser.read(reading);
      first ??= recogniser.opinions()[0]?.confidence;
    }
    // No opinion at all is the least confidence.
    return first ?? 0;
  };
  const [likely, unlikely, unswitched] = [sumWith(0.5), sumWith(0.01), sumWith(undefined)];
  assert.ok(likely > unlikely, `${likely} and ${unlikely}`);
  assert.ok(likely > unswitched, `${likely} and ${unswitched}`);
});

test('a charge is proved after two hours, its tail is told, and it ends when it is unplugged', () => {
  const recogniser = createChargingRecogniser();
  const charger = { load: rectifierLoad(200, charging), onS: PLUGGED_S, offS: 18_000 };
  const told = run(recogniser, [charger], 17_900);
  assert.ok((told['proved'] ?? 0) >= 7200 && (told['proved'] ?? Infinity) <= 7300, `proved after ${told['proved']} s`);
  const [opinion] = recogniser.opinions();
  assert.ok(opinion);
  // The tail began 14 400 s after plugging in; the stage needs minutes to show.
  const tailS = (opinion.constantVoltageSince ?? 0) / 1000 - PLUGGED_S;
  assert.ok(tailS > 14_400 && tailS < 14_400 + 900, `tail seen from ${tailS} s`);
  assert.equal(opinion.isUndiminished, false);
  run(recogniser, [charger], 18_100, 17_900);
  assert.deepEqual(recogniser.opinions(), []);
});

test('a load that holds its power for hours is confirmed at first, withdrawn after an hour and a half, never proved', () => {
  const recogniser = createChargingRecogniser();
  const told = run(recogniser, [{ load: rectifierLoad(200), onS: PLUGGED_S }], 12_000);
  assert.equal(told['proved'], undefined);
  assert.deepEqual(recogniser.opinions(), []);
  assert.equal(recogniser.state().habits[0]?.rejected, 1);
});

test('a lamp whose course was rejected is not told the next time', () => {
  const recogniser = createChargingRecogniser();
  const lamp = rectifierLoad(150, (s) => 0.96 + 0.04 * Math.exp(-s / 300));
  const confidences = [0, 1].map((time) => {
    const onS = 200 + 3000 * time;
    run(recogniser, [{ load: lamp, onS }], onS + 25, 3000 * time);
    const confidence = recogniser.opinions()[0]?.confidence ?? 0;
    run(recogniser, [{ load: lamp, onS, offS: onS + 1800 }], 3000 * (time + 1), onS + 25);
    return confidence;
  });
  const [first = 0, second] = confidences;
  assert.ok(first > 0.5, confidences.join(' '));
  assert.equal(second, 0);
  assert.equal(recogniser.state().habits.length, 1);
});

test('a restart in the middle keeps what is confirmed, and drops it when the load is gone', () => {
  const loads = [{ load: rectifierLoad(150, charging), onS: PLUGGED_S }];
  const before = createChargingRecogniser();
  run(before, loads, 900);
  assert.equal(before.opinions()[0]?.stage, 'confirmed');
  const state = JSON.parse(JSON.stringify(before.state())) as ChargingState;
  const same = createChargingRecogniser({}, state);
  run(same, loads, 1000, 930);
  assert.equal(same.opinions()[0]?.stage, 'confirmed');
  const gone = createChargingRecogniser({}, state);
  run(gone, [], 1000, 930);
  assert.deepEqual(gone.opinions(), []);
});

test('candidates kept by a build that knew fewer harmonics are let go, what the circuit showed before stays', () => {
  const first = createChargingRecogniser();
  run(first, [{ load: rectifierLoad(150, charging), onS: PLUGGED_S }], 400);
  const kept = first.state();
  assert.equal(kept.candidates.length, 1);
  const older = JSON.parse(JSON.stringify(kept)) as { candidates: { course: Record<string, unknown> }[] };
  for (const { course } of older.candidates) course['seenSum'] = [0, 0, 0, 0, 0, 0, 0, 0];
  assert.equal(createChargingRecogniser({}, older as unknown as ChargingState).state().candidates.length, 0);
  for (const { course } of older.candidates) delete course['seenSum'];
  const restored = createChargingRecogniser({}, older as unknown as ChargingState).state();
  assert.equal(restored.candidates.length, 0);
  assert.deepEqual(restored.habits, kept.habits);
});

test('readings that are not known or go back are ignored, bad settings and states are refused by name', () => {
  const recogniser = createChargingRecogniser();
  run(recogniser, [], 10);
  const state = recogniser.state();
  recogniser.read({ at: 11_000, activePowerW: NaN, reactivePowerVar: 0, distortionVa: 0 });
  recogniser.read({ at: 9000, activePowerW: 100, reactivePowerVar: 0, distortionVa: 100 });
  assert.deepEqual(recogniser.state(), state);
  assert.throws(() => createChargingRecogniser({ confirmedLogOdds: NaN }), /confirmedLogOdds is NaN/);
  const other = { ...state, schemaVersion: 3 as unknown as 1 };
  assert.throws(() => createChargingRecogniser({}, other), /schema version 3, expected 1/);
});

test('what is there at full power at once is told with less confidence than what starts softly, its course being the same', () => {
  const [soft = 0, hard = 0] = [1000, 20].map((riseMs) => {
    const recogniser = createChargingRecogniser();
    const loads = [{ load: rectifierLoad(200), onS: PLUGGED_S }];
    for (const second of secondsOf(loads, 0, PLUGGED_S + 20)) {
      for (let at = second.at - 980; at <= second.at; at += 20) {
        const sinceMs = at - PLUGGED_S * 1000;
        recogniser.cycle(at, sinceMs <= 0 ? 0 : 200 * Math.min(1, sinceMs / riseMs));
      }
      recogniser.read(second);
    }
    const opinion = recogniser.opinions()[0];
    return opinion?.confidence ?? 0;
  });
  assert.ok(soft > 0.9, `${soft}`);
  assert.ok(hard < 0.5, `${hard}`);
});

/** With power-factor correction: distortion 5 % in harmonics 3, 5, 7, a filter that leads a little. */
function correctedLoad(powerW: number, course: TestLoad['course']): TestLoad {
  const harmonicsVa = [0.04, 0, 0.025, 0, 0.015, 0].map((ratio) => ratio * powerW);
  return { activePowerW: powerW, reactivePowerVar: -0.04 * powerW, harmonicsVa, course };
}

test('a large corrected charger, whose step moves the distortion as well, is confirmed by its power', () => {
  for (const powerW of [260, 400, 560]) {
    const recogniser = createChargingRecogniser();
    let confirmedS = Infinity;
    for (const second of secondsOf([{ load: correctedLoad(powerW, charging), onS: PLUGGED_S }], 0, 820)) {
      const nowS = second.at / 1000;
      for (let at = second.at - 980; Math.abs(nowS - PLUGGED_S) < 10 && at <= second.at; at += 20) {
        const sinceMs = at - PLUGGED_S * 1000;
        recogniser.cycle(at, sinceMs <= 0 ? 0 : powerW * Math.min(1, sinceMs / 900));
      }
      recogniser.read(second);
      if (recogniser.opinions()[0]?.stage === 'confirmed') confirmedS = Math.min(confirmedS, nowS - PLUGGED_S);
    }
    assert.ok(confirmedS <= 600, `${powerW} W: ${confirmedS} s`);
  }
});

test('a battery plugged in nearly full is confirmed by its tail', () => {
  for (const tailMin of [20, 45, 80]) {
    const load = rectifierLoad(180, (s) => Math.exp(-s / (60 * tailMin)));
    const told = run(createChargingRecogniser(), [{ load, onS: PLUGGED_S }], 820);
    assert.ok((told['confirmed'] ?? Infinity) <= 600, `tail of ${tailMin} min: ${told['confirmed']} s`);
  }
});

test('what falls more slowly than any battery in its tail is never proved', () => {
  const fading: TestLoad['course'] = (s) => (s < 2400 ? 1 + (0.02 * s) / 14_400 : Math.exp(-(s - 2400) / (200 * 60)));
  const told = run(createChargingRecogniser(), [{ load: rectifierLoad(160, fading), onS: PLUGGED_S }], 11_000);
  assert.equal(told['proved'], undefined);
});

test('a pump on an inverter that is adjusted every half minute, alone on a circuit at rest, is never confirmed', () => {
  for (const seed of [31, 32, 33]) {
    const normal = normals(seed);
    let speed = 1;
    let nextS = 0;
    // Its pulses keep their phase: the growth that the filters look for is not the way it moves.
    const adjusted: TestLoad['course'] = (s) => {
      if (s >= nextS) {
        nextS = s + 30;
        speed = 1 + 0.1 * normal();
      }
      return Math.min(1, 0.4 + s / 2) * speed;
    };
    const told = run(createChargingRecogniser(), [{ load: rectifierLoad(360, adjusted), onS: PLUGGED_S }], 1200);
    assert.equal(told['confirmed'], undefined, `seed ${seed}`);
  }
});

test('a corrected compressor that comes up to speed for two minutes after its step is never confirmed, nor one that is adjusted', () => {
  const rising: TestLoad['course'] = (s) => 1 + 0.5 * Math.min(1, s / 130);
  const adjusted: TestLoad['course'] = (s) => 1 + 0.09 * Math.sin(s / 70);
  for (const course of [rising, adjusted]) {
    const recogniser = createChargingRecogniser();
    for (const second of secondsOf([{ load: correctedLoad(400, course), onS: PLUGGED_S }], 0, 1500)) {
      const nowS = second.at / 1000;
      for (let at = second.at - 980; Math.abs(nowS - PLUGGED_S) < 10 && at <= second.at; at += 20) {
        const sinceMs = at - PLUGGED_S * 1000;
        recogniser.cycle(at, sinceMs <= 0 ? 0 : 400 * Math.min(1, sinceMs / 900));
      }
      recogniser.read(second);
      assert.notEqual(recogniser.opinions()[0]?.stage, 'confirmed', `after ${nowS - PLUGGED_S} s`);
    }
  }
});

test('a charger plugged in the second a drum stops is found when the drum comes on again, and confirmed in time', () => {
  // On for 11 s, off for 7; off at 200.
  const drum: TestLoad = {
    activePowerW: 200,
    reactivePowerVar: 120,
    harmonicsVa: [18, 6, 5, -3, 2, 1],
    course: (s) => ((s + 5) % 18 < 11 ? 1 : 0),
  };
  const stopsS = Array.from({ length: 18 }, (_, k) => PLUGGED_S + k).find(
    (s) => drum.course(s) === 1 && drum.course(s + 1) === 0,
  );
  assert.ok(stopsS !== undefined);
  const recogniser = createChargingRecogniser();
  const onW: number[] = [];
  let confirmedS = Infinity;
  const loads = [
    { load: drum, onS: 0 },
    { load: rectifierLoad(190, charging), onS: stopsS },
  ];
  for (const reading of secondsOf(loads, 0, stopsS + 620)) {
    recogniser.read(reading);
    const seconds = reading.at / 1000 - stopsS;
    const found = recogniser.opinions().find(({ onAt }) => Math.abs(onAt / 1000 - stopsS) <= 5);
    if (found === undefined) continue;
    onW.push(found.activePowerW);
    if (found.stage === 'confirmed') confirmedS = Math.min(confirmedS, seconds);
  }
  assert.ok(confirmedS <= 600, `confirmed after ${confirmedS} s`);
  assert.ok(
    onW.every((powerW) => Math.abs(powerW - 190) < 20),
    `${Math.min(...onW)} … ${Math.max(...onW)} W`,
  );
});

test('a thermostat that clicks beside a charger takes nothing from what is seen of its course', () => {
  const heater = heaterLoad(800, (s) => (s % 27 < 13 ? 1 : 0));
  const alone = createChargingRecogniser();
  const beside = createChargingRecogniser();
  const charger = { load: rectifierLoad(240, charging), onS: PLUGGED_S };
  run(alone, [charger], 810);
  run(beside, [{ load: heater, onS: 0 }, charger], 810);
  const driftOf = (recogniser: ChargingRecogniser): number =>
    recogniser.opinions()[0]?.terms.find(({ feature }) => feature === 'driftPctPerMin')?.value ?? NaN;
  // 8 % in 240 minutes.
  assert.ok(Math.abs(driftOf(alone) - 8 / 240) < 0.02, String(driftOf(alone)));
  assert.ok(Math.abs(driftOf(beside) - 8 / 240) < 0.03, String(driftOf(beside)));
});
