import assert from 'node:assert/strict';
import { test } from 'node:test';
import { confirmingOf, courseTerms, smallBatteryShare, stepTerms, sumOf } from './charging-odds.ts';
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
  unrestRatio: 0.0005,
  unrestErrorRatio: 0.001,
  swingRatio: 0,
  grownRatio: 1.01,
  strayRatio: 0.002,
  driftPctPerMin: 0.03,
  driftErrorPctPerMin: 0.01,
  courseLogOdds: 3,
  isTail: false,
};

test('what comes on as a charger does confirms nothing by itself, a course that was seen or a watched soft start does', () => {
  // There within 0.3 s, as screens are.
  const quickly = { ...softly, riseMs: 300 };
  const start = stepTerms(quickly, 'distortion');
  // A television beside leaves two per cent of flicker in what is seen of it.
  const hidden = { flickerRatio: 0.02, flickerErrorRatio: 0.02, courseLogOdds: 0 };
  const behindOthers = [...start, ...courseTerms({ ...quickly, ...hidden }, 'distortion')];
  const seen = [...start, ...courseTerms(quickly, 'distortion')];
  assert.ok(sumOf(start) > 1, `it draws attention: ${sumOf(start)}`);
  assert.ok(confirmingOf(behindOthers, 'distortion') < 1.6, String(confirmingOf(behindOthers, 'distortion')));
  assert.ok(confirmingOf(seen, 'distortion') > 4, String(confirmingOf(seen, 'distortion')));
  const slowly = [...stepTerms(softly, 'distortion'), ...courseTerms({ ...softly, ...hidden }, 'distortion')];
  assert.ok(confirmingOf(slowly, 'distortion') > 1.6, String(confirmingOf(slowly, 'distortion')));
  assert.ok(confirmingOf(slowly, 'distortion') < 2.9, 'but not before the tenth minute');
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

test('a charger of 600 W draws a seventh more, and nothing that draws 900 W is one', () => {
  const powerOdds = (activePowerW: number): number =>
    stepTerms({ ...softly, activePowerW }, 'distortion').find(({ feature }) => feature === 'activePowerW')?.logOdds ??
    NaN;
  assert.ok(Math.abs(powerOdds(600 / 0.87)) < 1e-9);
  assert.ok(powerOdds(900) <= -8, String(powerOdds(900)));
});

test('a telephone or a computer may be what draws 60 W, not what draws 200', () => {
  assert.equal(smallBatteryShare(60), 1);
  assert.equal(smallBatteryShare(200), 0);
  assert.ok(smallBatteryShare(125) > 0.3 && smallBatteryShare(125) < 0.7);
});

test('a load whose circuit moves since it came on, and was at rest before, is no battery, whatever its own course seems to be', () => {
  const confirming = (unrestRatio: number, unrestErrorRatio: number): number => {
    const f = { ...softly, riseMs: 280, unrestRatio, unrestErrorRatio, courseLogOdds: 2.2, flickerRatio: 0.0095 };
    return confirmingOf([...stepTerms(f, 'distortion'), ...courseTerms(f, 'distortion')], 'distortion');
  };
  // A portable computer of 107 W whose power moves by two per cent from 20 s to 20 s beside 53 W of lamps.
  assert.ok(confirming(0.0235, 0.002) < 0.5, String(confirming(0.0235, 0.002)));
  assert.ok(confirming(0.0005, 0.002) > 1.6, String(confirming(0.0005, 0.002)));
  // Behind loads that moved as much before, it says nothing.
  assert.ok(confirming(0.0235, 0.05) > confirming(0.0005, 0.002) - 0.6, String(confirming(0.0235, 0.05)));
});

test('pulses of another shape than a bridge with a capacitor gives are no charger’s', () => {
  const sumAt = (pulseMismatch: number): number => sumOf(stepTerms({ ...softly, pulseMismatch }, 'distortion'));
  // A lamp behind a dimmer: 5 and more.
  assert.ok(sumAt(5) < -3, String(sumAt(5)));
  assert.equal(sumAt(0.4), sumAt(0));
});

test('a corrected supply whose soft start nobody saw is less of a charger than one whose start was watched', () => {
  const corrected = { ...softly, activePowerW: 400, distortionRatioLow: 0.05, distortionRatioHigh: 0.06 };
  const sumAt = (riseMs: number): number => sumOf(stepTerms({ ...corrected, riseMs }, 'power'));
  assert.ok(sumAt(NaN) < sumAt(700) - 1.5);
});

test('a battery that fills up counts for less the smaller it is: telephones and computers fill up as well', () => {
  const tailOf = (activePowerW: number): number =>
    courseTerms({ ...softly, activePowerW, courseLogOdds: 5, isTail: true }, 'distortion').at(-1)?.logOdds ?? NaN;
  assert.equal(tailOf(95), 1);
  assert.equal(tailOf(200), 2.5);
  assert.ok(tailOf(120) > 1 && tailOf(120) < 2);
});

test('a circuit that swings by a part of the load beyond what its other loads draw confirms no battery', () => {
  const confirmingWith = (swingRatio: number): number => {
    const features = { ...softly, swingRatio };
    return confirmingOf([...stepTerms(features, 'distortion'), ...courseTerms(features, 'distortion')], 'distortion');
  };
  assert.ok(confirmingWith(0) - confirmingWith(0.3) >= 3, 'a pump that is adjusted by thirds');
  assert.equal(confirmingWith(0.05), confirmingWith(0), 'what steps leave');
  assert.equal(
    confirmingWith(5),
    confirmingWith(0),
    'a hob that begins to pulse beside: no load swings by five of itself',
  );
});

test('what grew to three times its step was the foot of a ramp, also with power-factor correction', () => {
  for (const channel of ['distortion', 'power'] as const) {
    const grown = courseTerms({ ...softly, grownRatio: 3.1 }, channel);
    assert.ok((grown.find(({ feature }) => feature === 'grownRatio')?.logOdds ?? 0) < -6, channel);
    // Constant current raises the power by 12 % at most.
    assert.ok(courseTerms({ ...softly, grownRatio: 1.12 }, channel).every(({ feature }) => feature !== 'grownRatio'));
  }
});

test('what strays by five per cent from a line is no battery; what steps of others leave says nothing', () => {
  for (const channel of ['distortion', 'power'] as const) {
    const strayOf = (strayRatio: number): number =>
      courseTerms({ ...softly, strayRatio }, channel).find(({ feature }) => feature === 'strayRatio')?.logOdds ?? 0;
    assert.equal(strayOf(0.05), -3);
    assert.equal(strayOf(0.08), -3);
    assert.ok(strayOf(0.03) < 0 && strayOf(0.03) > -1);
    assert.equal(strayOf(0.02), 0);
    assert.equal(strayOf(NaN), 0);
    const features = { ...softly, strayRatio: 0.06 };
    const terms = [...stepTerms(softly, channel), ...courseTerms(features, channel)];
    const calm = [...stepTerms(softly, channel), ...courseTerms(softly, channel)];
    assert.ok(Math.abs(confirmingOf(calm, channel) - confirmingOf(terms, channel) - 3) < 1e-9, channel);
  }
});

test('what still moves in its fifth second is no soft start', () => {
  const settling = (settlingS: number): number =>
    stepTerms({ ...softly, settlingS }, 'distortion').find(({ feature }) => feature === 'settlingS')?.logOdds ?? NaN;
  assert.ok(settling(3) > 0);
  assert.ok(settling(4) <= -2);
  assert.ok(settling(6) <= -6);
});

test('the capacitor of an inverter hob is too large for the filter of a corrected charger of its size', () => {
  const corrected = { ...softly, activePowerW: 650, distortionRatioLow: 0.04, distortionRatioHigh: 0.04, riseMs: 1100 };
  const oddsOf = (filterUf: number, activePowerW = 650): number => {
    const reactiveRatio = (-(230 ** 2) * 2 * Math.PI * 50 * filterUf * 1e-6) / activePowerW;
    return sumOf(stepTerms({ ...corrected, activePowerW, reactiveRatio }, 'power'));
  };
  assert.equal(oddsOf(2.5), oddsOf(0.3));
  assert.ok(oddsOf(5.5) < oddsOf(2.5) - 1.5, `${oddsOf(5.5)} against ${oddsOf(2.5)}`);
  assert.equal(oddsOf(2.5, 250), oddsOf(0.3, 250), 'small ones have the same filter before less power');
});
