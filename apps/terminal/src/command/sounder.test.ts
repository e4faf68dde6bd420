import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSounder } from './sounder.ts';

const MINUTE = 60_000;

test('it sounds while something is wrong, is silent for the time asked, and sounds again after it', () => {
  const sounder = createSounder();
  assert.deepEqual(sounder.state(false, 0), { sounding: false });
  assert.deepEqual(sounder.state(true, 0), { sounding: true });
  sounder.silence(5 * MINUTE, 0);
  assert.deepEqual(sounder.state(true, 1), { sounding: false, silencedUntil: 5 * MINUTE });
  assert.deepEqual(sounder.state(true, 5 * MINUTE), { sounding: true });
});

test('nobody silences for more than ten minutes, and a new alarm sounds through any silence', () => {
  const sounder = createSounder();
  sounder.silence(60 * MINUTE, 0);
  assert.equal(sounder.state(true, 10 * MINUTE).sounding, true);
  sounder.silence(5 * MINUTE, 10 * MINUTE);
  sounder.alarmed();
  assert.deepEqual(sounder.state(true, 10 * MINUTE + 1), { sounding: true });
});

test('the siren sounds without an alarm until it is over, switched off or silenced', () => {
  const sounder = createSounder();
  sounder.siren(true, MINUTE, 0);
  assert.deepEqual(sounder.state(false, 1), { sounding: true, sirenUntil: MINUTE });
  assert.equal(sounder.state(false, MINUTE).sounding, false);
  sounder.siren(true, MINUTE, 0);
  sounder.siren(false, MINUTE, 1);
  assert.equal(sounder.state(false, 2).sounding, false);
  sounder.siren(true, MINUTE, 0);
  sounder.silence(MINUTE, 1);
  assert.equal(sounder.state(false, 2).sounding, false);
});
