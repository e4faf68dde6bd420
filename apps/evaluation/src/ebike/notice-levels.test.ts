import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Detection, SessionResult } from './charging-sessions.ts';
import type { SiteDays } from './device-days.ts';
import { figuresByLevel, figuresOf } from './notice-levels.ts';

const charge = (terminal: Detection): SessionResult => ({
  powerW: 200,
  hasPfc: false,
  loads: [],
  terminal,
  meter: {},
});

const site = (tentative: number, confirmed: number, proved: number, days: number): SiteDays => {
  const terminal = { tentative, confirmed, proved, otherChargers: 0 };
  return { kind: 'home', days, terminal, meter: { ...terminal, proved: 0 }, culprits: [] };
};

test('a notice that comes after its time is no recall, and each level is counted for itself', () => {
  const charges = [
    charge({ tentativeS: 12, confirmedS: 485 }),
    charge({ tentativeS: 31, confirmedS: 600 }),
    charge({ tentativeS: 15, confirmedS: 601 }),
    charge({}),
  ];
  const sites = [site(9, 3, 0, 10), site(11, 1, 0, 10)];
  const { tentative, confirmed, proved } = figuresByLevel('terminal', charges, [charge({ provedS: 7300 })], sites);
  assert.ok(typeof tentative === 'object' && typeof confirmed === 'object' && typeof proved === 'object');
  assert.equal(tentative['recall'], 0.5);
  assert.equal(confirmed['recall'], 0.5);
  assert.equal(proved['recall'], 1);
  // 20 notices in 20 days, 4 in 20, none.
  assert.equal(tentative['falsePer1000DeviceDays'], 1000);
  assert.equal(confirmed['falsePer1000DeviceDays'], 200);
  assert.equal(proved['falsePer1000DeviceDays'], 0);
});

test('bounds are those of Clopper and Pearson in the cases with a closed form', () => {
  const all = figuresOf(
    'tentative',
    'terminal',
    [charge({ tentativeS: 1 }), charge({ tentativeS: 1 })],
    [site(0, 0, 0, 100)],
  );
  // Two of two: p² = 0.05; none of a hundred: (1 − p)^100 = 0.05.
  assert.ok(Math.abs((all['recallLower95'] ?? NaN) - Math.sqrt(0.05)) < 1e-9);
  assert.equal(all['recallUpper95'], 1);
  assert.ok(Math.abs((all['falsePer1000DeviceDaysUpper95'] ?? NaN) - 1000 * (1 - 0.05 ** 0.01)) < 1e-6);
  assert.equal(all['falsePer1000DeviceDaysLower95'], 0);
});

test('what was not simulated is absent', () => {
  assert.deepEqual(figuresOf('proved', 'meter', [], []), {});
});
