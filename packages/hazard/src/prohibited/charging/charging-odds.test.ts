import assert from 'node:assert/strict';
import { test } from 'node:test';
import { confirmingOf, courseTerms, stepTerms, sumOf } from './charging-odds.ts';
import type { ChargingFeatures } from './charging-odds.ts';

/** A rectifier of 150 W that came on softly. */
const softly: ChargingFeatures = {
  activePowerW: 150,
  standsOut: 500,
  distortionRatioLow: 1.25,
  distortionRatioHigh: 1.4,
  reactiveRatio: -0.1,
  pulseMismatch: 0,
  settlingS: 1,
  isSettled: true,
  riseMs: 700,
  flickerRatio: 0.001,
  flickerErrorRatio: 0.0002,
  driftPctPerMin: 0.03,
  driftErrorPctPerMin: 0.01,
  courseLogOdds: 3,
  isTail: false,
};

test('what comes on as a charger does confirms nothing by itself, a course that was seen does', () => {
  const start = stepTerms(softly, 'distortion');
  // A television beside leaves two per cent of flicker in what is seen of it.
  const hidden = { ...softly, flickerRatio: 0.02, flickerErrorRatio: 0.02, courseLogOdds: 0 };
  const behindOthers = [...start, ...courseTerms(hidden, 'distortion')];
  const seen = [...start, ...courseTerms(softly, 'distortion')];
  assert.ok(sumOf(start) > 2.1, `it draws attention: ${sumOf(start)}`);
  assert.ok(confirmingOf(behindOthers, 'distortion') < 2.1, String(confirmingOf(behindOthers, 'distortion')));
  assert.ok(confirmingOf(seen, 'distortion') > 4, String(confirmingOf(seen, 'distortion')));
  // What this circuit showed before counts in full on top.
  const habit = { feature: 'habit', value: 1, logOdds: 1 };
  const more = confirmingOf([...seen, habit], 'distortion') - confirmingOf(seen, 'distortion');
  assert.ok(Math.abs(more - 1) < 1e-9);
});

test('what counts against a charger at switch-on is not capped', () => {
  const lamp = stepTerms({ ...softly, riseMs: 60, activePowerW: 70 }, 'distortion');
  assert.equal(confirmingOf(lamp, 'distortion'), sumOf(lamp));
});

test('a screen that flickers by five per cent is no battery, however still its mean holds', () => {
  const courseOf = (flickerRatio: number): number =>
    courseTerms({ ...softly, flickerRatio, courseLogOdds: 5 }, 'distortion').find(
      ({ feature }) => feature === 'driftPctPerMin',
    )?.logOdds ?? NaN;
  assert.equal(courseOf(0.05), 0);
  assert.equal(courseOf(0.002), 5);
  assert.ok(courseOf(0.01) < courseOf(0.006));
});

test('what is below the least of electric bicycles is no charger of one', () => {
  const powerTerm = (activePowerW: number): number =>
    stepTerms({ ...softly, activePowerW }, 'distortion').find(({ feature }) => feature === 'activePowerW')?.logOdds ??
    NaN;
  // Telephones and portable computers charge with up to 65 and 80 W.
  assert.ok(powerTerm(65) < -8 || powerTerm(65) === -8, String(powerTerm(65)));
  assert.ok(powerTerm(80) < -4, String(powerTerm(80)));
  assert.equal(Math.abs(powerTerm(95)), 0);
});
