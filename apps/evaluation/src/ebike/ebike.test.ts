import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RandomStream } from '@fengsui/city';
import { SuiteUsageError } from '../suite.ts';
import { runSession } from './charging-sessions.ts';
import { ebikeSuite } from './ebike-suite.ts';
import { loadProfile, profileAt, profileCurve, COMPONENTS } from './load-profile.ts';
import { inverter, pulsing, steady, wandering, warmingUp } from './power-course.ts';
import { createSecondStream } from './second-stream.ts';
import { createSite, planDay } from './site.ts';
import { runWaveform } from './waveform-days.ts';

test('the profile of a resistor is its power and next to nothing else', () => {
  const profile = loadProfile({ id: 'heater', kind: 'resistive', powerW: 1000 }, 3);
  assert.ok(Math.abs((profile[0] ?? 0) - 1000) < 50, `${profile[0]} W`);
  assert.ok(Math.abs(profile[1] ?? 0) < 15);
  assert.ok(profile.slice(2).every((va) => Math.abs(va) < 30));
});

test('a profile curve goes through nothing, its profiles and in proportion between', () => {
  const curve = profileCurve({ id: 'bulb', kind: 'resistive', powerW: 100 }, 1, true);
  const out = new Float64Array(COMPONENTS);
  profileAt(curve, 0, out);
  assert.ok(out.every((value) => value === 0));
  profileAt(curve, 0.5, out);
  assert.ok(Math.abs((out[0] ?? 0) - 0.5 * (curve.profiles[1]?.[0] ?? NaN)) < 1e-9);
});

test('the stream adds the phasors of what is on, and is empty again when all is off', () => {
  const stream = createSecondStream(new RandomStream(1, 'test'));
  const curve = (p: number, third: number): ReturnType<typeof profileCurve> => {
    const profile = new Float64Array(COMPONENTS);
    profile[0] = p;
    profile[4] = third;
    return { factors: [0, 1], profiles: [new Float64Array(COMPONENTS), profile], isLinear: false };
  };
  const ids = [stream.switchOn(curve(100, 60), steady, 0), stream.switchOn(curve(50, 20), steady, 0)];
  const { activePowerW, distortionVa } = stream.terminal(1);
  // Noise of one second: 0.15 VA and 0.02 %, five sigma.
  assert.ok(Math.abs(activePowerW - 150) < 1.5, `${activePowerW} W`);
  assert.ok(Math.abs(distortionVa - 80) < 1.5, `${distortionVa} VA`);
  for (const id of ids) stream.switchOff(id);
  assert.ok(Math.abs(stream.terminal(2).activePowerW) < 1.5);
});

test('courses keep to what they say', () => {
  const random = new RandomStream(4, 'courses');
  const lamp = warmingUp(0.05, 300);
  assert.ok(Math.abs(lamp.at(0) - 1) < 1e-12 && Math.abs(lamp.at(1e6) - 0.95) < 1e-12);
  const screen = wandering(random, 0.1, 5, 10);
  const factors = Array.from({ length: 20_000 }, (_, second) => screen.at(second));
  const mean = factors.reduce((sum, factor) => sum + factor, 0) / factors.length;
  assert.ok(Math.abs(mean - 1) < 0.02, String(mean));
  assert.ok(inverter(random, 60, 0.05, 100).at(30) < 0.7);
  const thermostat = pulsing(random, 30, 30);
  const on = Array.from({ length: 6000 }, (_, second) => thermostat.at(second)).filter((factor) => factor === 1).length;
  assert.ok(Math.abs(on / 6000 - 0.5) < 0.05, String(on / 6000));
});

test('a site and its day follow from the seed, and no device is on twice at a time', () => {
  const site = createSite(11);
  assert.deepEqual(
    createSite(11).devices.map(({ spec }) => spec),
    site.devices.map(({ spec }) => spec),
  );
  const spans = planDay(site, 11, 2);
  assert.ok(spans.length > 0);
  for (const device of site.devices) {
    const own = spans.filter((span) => span.device === device);
    for (let k = 1; k < own.length; k++) assert.ok((own[k]?.fromS ?? 0) > (own[k - 1]?.toS ?? Infinity));
  }
});

test('a charge is judged the same way twice', () => {
  const request = { seed: 5, chargers: 'unseen', lengthS: 60 } as const;
  assert.deepEqual(runSession(request), runSession(request));
});

test('a stretch of waveform goes through the whole chain', () => {
  const { simulatedS, loads } = runWaveform({ seed: 3, durationS: 5 });
  assert.equal(simulatedS, 5);
  assert.ok(loads.length >= 2);
});

test('the suite gives the metrics of the formats and refuses a flag that is no number', async () => {
  const flags = { sessions: '3', 'device-days': '0', 'waveform-days': '0' };
  const report = await ebikeSuite.run({ seed: 1, flags }, () => undefined);
  const recall = report.metrics['recall'];
  assert.ok(typeof recall === 'number' && recall >= 0 && recall <= 1);
  // No day was simulated: unknown is absent, not 0.
  assert.equal(report.metrics['falsePer1000DeviceDays'], undefined);
  assert.equal(report.bars.find(({ metric }) => metric === 'falsePer1000DeviceDays')?.value, null);
  await assert.rejects(
    async () => ebikeSuite.run({ seed: 1, flags: { ...flags, sessions: 'many' } }, () => undefined),
    (error) => error instanceof SuiteUsageError && /--sessions is many/.test(error.message),
  );
});
