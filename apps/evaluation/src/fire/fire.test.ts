import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseCsv } from '../folder/parse-csv.ts';
import { judgeTable } from './nist-fire.ts';
import { judgeScene, judgeSimulatedFire } from './simulated-rooms.ts';

/** Written by hand: smoke from 10 s on, heat at 1 K/s from 12 s on, one station, no lower thermocouples. */
function table(rows: number): string {
  const lines = Array.from({ length: rows }, (_, i) => {
    const s = 2 * i;
    return `${s},${20 + Math.max(0, s - 12)},${s >= 10 ? 0.03 : 0.001}`;
  });
  return ['TIME,TCQ_1,SMQ_1', ...lines].join('\n');
}

test('A test is judged by the definitions: first row above 8 K and above 57 °C, fusion no later than the first.', () => {
  const result = judgeTable('hand', parseCsv(table(40), 'hand'));
  assert.equal(result.plainRuleS, 22);
  assert.equal(result.heat57S, 50);
  assert.equal(result.place, 'Q');
  assert.ok((result.fusionS ?? Infinity) >= 12 && (result.fusionS ?? Infinity) <= 22);
});

test('What comes later changes nothing of what was said before.', () => {
  const [whole, cut] = [40, 13].map((rows) => judgeTable('hand', parseCsv(table(rows), 'hand')));
  assert.equal(cut?.fusionS, whole?.fusionS);
  assert.equal(cut?.heat57S, undefined);
});

for (const everyMs of [2_000, 60_000])
  test(`Read every ${everyMs / 1000} s: a heater start raises the plain rule and not the fusion; a fast fire both.`, () => {
    const heater = judgeScene('heaterStart', 1, 4, everyMs);
    assert.equal(heater.fusionAlarms, 0);
    assert.ok(heater.plainAlarms > 0);
    const fire = judgeSimulatedFire({ kind: 'flaming', growth: 'fast' }, { volumeM3: 60, heightM: 3 }, 1, everyMs);
    assert.ok((fire.fusionS ?? Infinity) <= (fire.plainS ?? 0));
  });
