import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRecentSwitches, recognisedTerm } from './recognised-switch.ts';

const families = (probability: number): { family: string; probability: number }[] => [
  { family: 'electronic', probability: 1 - probability },
  { family: 'charger', probability },
];

test('the larger of two switchings within the seconds of a step stands behind it, not an inrush or another load', () => {
  const switches = createRecentSwitches();
  assert.equal(switches.isFed(), false);
  switches.add({ at: 9100, activePowerW: 4, families: families(0.9) });
  switches.add({ at: 9400, activePowerW: 60, families: families(0.3) });
  switches.add({ at: 9900, activePowerW: 1500, families: families(0.8) });
  switches.add({ at: 30_000, activePowerW: 190, families: families(0.7) });
  assert.equal(switches.isFed(), true);
  assert.deepEqual(switches.behind(10_000, 0, 200), {
    at: 9400,
    activePowerW: 60,
    chargerProbability: 0.3,
    rectifierProbability: 1,
  });
  assert.equal(switches.behind(20_000, 0, 200), undefined);
});

test('a step that another load began is the switching’s within it, unless one at its beginning fits', () => {
  const switches = createRecentSwitches();
  switches.add({ at: 13_500, activePowerW: 130, families: families(0.8) });
  assert.equal(switches.behind(10_000, 0, 140), undefined);
  assert.equal(switches.behind(10_000, 6, 140)?.at, 13_500);
  assert.deepEqual(switches.powersW(10_000, 6), [130]);
  const both = createRecentSwitches();
  both.add({ at: 9500, activePowerW: 90, families: families(0.8) });
  both.add({ at: 13_500, activePowerW: 130, families: families(0.8) });
  assert.equal(both.behind(10_000, 6, 140)?.at, 9500);
});

test('a soft start that no detector saw speaks hardly against a charger, a lamp that nobody switched does', () => {
  const soft = recognisedTerm(null, 'distortion', 1200)?.logOdds ?? NaN;
  const hard = recognisedTerm(null, 'distortion', 80)?.logOdds ?? NaN;
  assert.ok(soft > -0.5 && soft <= 0 && hard <= -1, `${soft} ${hard}`);
});

test('a waveform that could not be judged says nothing, no switching at all speaks against a charger', () => {
  const switches = createRecentSwitches();
  switches.add({ at: 10_000, activePowerW: 150, families: [] });
  const seen = switches.behind(10_000, 0, 150);
  assert.deepEqual(seen, { at: 10_000, activePowerW: 150, chargerProbability: null, rectifierProbability: null });
  assert.ok(seen);
  assert.equal(recognisedTerm(seen, 'distortion'), undefined);
  assert.ok((recognisedTerm(null, 'distortion')?.logOdds ?? 0) < 0);
  assert.ok((recognisedTerm(null, 'power')?.logOdds ?? 0) < 0);
});

test('a family without chargers speaks against, and the term stays within bounds and never falls with the probability', () => {
  for (const channel of ['distortion', 'power'] as const) {
    const oddsOf = (chargerProbability: number, rectifierProbability: number): number =>
      recognisedTerm({ at: 0, activePowerW: 100, chargerProbability, rectifierProbability }, channel)?.logOdds ?? NaN;
    const terms = [0, 1e-3, 0.01, 0.1, 0.5, 0.9, 1].map((probability) => oddsOf(probability, 1));
    // A motor, with what little is left for chargers.
    assert.ok(oddsOf(0.012, 0.1) <= -1, `${channel}: ${oddsOf(0.012, 0.1)}`);
    assert.ok(oddsOf(0.012, 0.1) < oddsOf(0.012, 0.9));
    assert.ok((terms[0] ?? 0) < -0.5, `${channel}: ${terms[0]}`);
    terms.forEach((logOdds, index) => {
      assert.ok(logOdds >= -2.5 && logOdds <= 2, `${channel}: ${logOdds}`);
      assert.ok(index === 0 || logOdds >= (terms[index - 1] ?? NaN));
    });
  }
});

test('what was judged at the foot of a soft start says nothing, what was judged at three quarters of the power all it can', () => {
  const seen = { at: 0, activePowerW: 30, chargerProbability: 0.02, rectifierProbability: 0.97 };
  const oddsAt = (stepW: number): number => recognisedTerm(seen, 'distortion', 1500, stepW)?.logOdds ?? NaN;
  const whole = recognisedTerm(seen, 'distortion')?.logOdds ?? NaN;
  assert.ok(whole < -1, String(whole));
  assert.ok(Math.abs(oddsAt(120)) < 1e-9);
  assert.ok(oddsAt(60) > whole && oddsAt(60) < 0);
  assert.equal(oddsAt(40), whole); // An oven's foot is no rectifier's.
  const oven = { ...seen, chargerProbability: 2e-4, rectifierProbability: 0.05 };
  assert.ok((recognisedTerm(oven, 'distortion', 1500, 300)?.logOdds ?? 0) < -1.5);
});
