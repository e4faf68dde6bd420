import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRandom, shippedModel } from '@fengsui/fingerprint';
import type { ApplianceRecording } from '../recordings/appliance-recordings.ts';
import { createSwitchings } from '../recordings/single-switching.ts';
import { enrolRound } from './enrol-rounds.ts';

/** A resistor of `ohm` with a third harmonic, on 230 V, whose value wanders by ±0.2 %. */
function recording(label: string, rec: number, ohm: number, third: number): ApplianceRecording {
  const random = createRandom(1000 * rec + ohm);
  const scale = (0.998 + 0.004 * random()) / ohm;
  const cycles = Array.from({ length: 30 }, () => {
    const angle = (n: number): number => (2 * Math.PI * n) / 128;
    const voltageV = Float64Array.from({ length: 128 }, (_, n) => 325 * Math.sin(angle(n)));
    const currentA = Float64Array.from({ length: 128 }, (_, n) => {
      return 325 * scale * (Math.sin(angle(n)) + third * Math.sin(3 * angle(n))) + 0.001 * (random() - 0.5);
    });
    return { voltageV, currentA };
  });
  return { id: `${label}-${rec}`, label, rec, cycles };
}

const recordings = Array.from({ length: 6 }, (_, rec) => [
  recording('kettle', rec, 30, 0),
  recording('lamp', rec, 900, 0),
  recording('supply', rec, 400, 0.6),
]).flat();

test('devices far apart are known again after one confirmation, and no other is taken for them', () => {
  const round = {
    model: shippedModel(),
    confirmFrom: recordings,
    judgeFrom: recordings,
    switchings: createSwitchings(recordings, 0, 1),
    confirmations: 1,
  };
  const counts = enrolRound(round, createRandom(3));
  assert.equal(counts.known, 15, 'the three confirmed recordings are not judged');
  assert.equal(counts.right, 15);
  assert.equal(counts.misnamed, 0);
  const strange = enrolRound({ ...round, leftOut: 'supply' }, createRandom(3));
  assert.equal(strange.known, 10);
  assert.equal(strange.strange, 6);
  assert.equal(strange.strangeNamed, 0);
});
