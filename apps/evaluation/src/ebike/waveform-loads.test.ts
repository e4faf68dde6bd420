import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RandomStream, renderCircuit } from '@fengsui/city';
import type { LoadSpec } from '@fengsui/city';
import { culpritOf } from './waveform-culprit.ts';
import { overMinutes, planLoads } from './waveform-loads.ts';

const PANEL = { id: 'ledPanel-1', kind: 'pfcSupply', powerW: 160 } as const;
const KETTLE = { id: 'kettle-2', kind: 'resistive', powerW: 1500 } as const;

/** Mean power of the last tenth of a second, with minutes of course in each second of waveform. */
function powerW(spec: LoadSpec, nominalV: number, courseSpeed: number): number {
  const { voltageV, currentA } = renderCircuit({
    loads: [{ spec, onAtMs: 0 }],
    durationMs: 3000,
    seed: 1,
    supply: { nominalV, voltageWanderRatio: 0 },
    courseSpeed,
    converter: { kind: 'ideal' },
  });
  const last = currentA.length - 640;
  return currentA.subarray(last).reduce((sum, i, n) => sum + (i * (voltageV[last + n] ?? NaN)) / 640, 0);
}

test('over minutes a corrected panel draws its rating at any voltage, and falls as its LEDs warm', () => {
  const spec = overMinutes('ledPanel', PANEL, new RandomStream(1, 'courses'));
  for (const nominalV of [200, 240]) {
    const coldW = powerW(spec, nominalV, 1);
    assert.ok(coldW > 0.98 * 160 && coldW < 1.01 * 160, `${coldW} W at ${nominalV} V`);
    // An hour: 1.5 … 6 % within 150 … 500 s.
    const warm = powerW(spec, nominalV, 1200) / 160;
    assert.ok(warm > 0.93 && warm < 0.99, `${warm} of the rating at ${nominalV} V`);
  }
});

test('what its course draws leaves the loads and their switchings as they are', () => {
  const plan = (courses: number): readonly (readonly [string, number, number | undefined])[] =>
    planLoads(new RandomStream(7, 'waveform'), new RandomStream(courses, 'courses'), 3600).map(
      ({ spec: { id, powerW }, onAtMs }) => [id, powerW, onAtMs],
    );
  assert.deepEqual(plan(1), plan(2));
});

test('the culprit is the load switched on with what was confirmed, beside those that were on then', () => {
  const loads = [
    { spec: { ...KETTLE, id: 'kettle-0' } },
    { spec: PANEL, onAtMs: 1_264_900, offAtMs: 2_497_000 },
    { spec: KETTLE, onAtMs: 574_000, offAtMs: 1_200_000 },
  ];
  const finding = { at: 1_858_000, onForMs: 592_700, activePowerW: 190.6 };
  assert.deepEqual(culpritOf(finding, loads, 5), {
    seed: 5,
    confirmedS: 1858,
    onS: 1265,
    activePowerW: 191,
    load: 'ledPanel-1 160 W',
    loadsOn: ['kettle-0 1500 W', 'ledPanel-1 160 W'],
  });
  // Nothing came on then: a course of the panel's was taken for a step.
  assert.equal(culpritOf({ ...finding, onForMs: 500_000 }, loads, 5).load, 'later ledPanel-1 160 W');
});
