import assert from 'node:assert/strict';
import test from 'node:test';
import { readOrder } from '@fengsui/protocol';
import { argumentsOf, emptyFields, offeredCommands } from './command-order.ts';

const filled = {
  ...emptyFields,
  circuit: 'c1',
  version: '3',
  intervalS: '2.5',
  ratedA: { c1: '16', c2: '' },
};

test('what the form sends is what the protocol takes, for every command offered', () => {
  for (const name of offeredCommands) {
    const order = readOrder(name, argumentsOf(name, filled) ?? {});
    assert.ok(!('problem' in order), `${name}: ${'problem' in order ? order.problem : ''}`);
  }
});

test('a configuration names what was filled in, and nothing else', () => {
  assert.deepEqual(argumentsOf('configure', filled), {
    version: 3,
    settings: { intervalMs: 2_500, ratedA: { c1: 16 } },
  });
  assert.deepEqual(argumentsOf('configure', { ...filled, rollBack: true }), { version: 3, rollBack: true });
  assert.equal(argumentsOf('configure', { ...emptyFields, version: '3' }), undefined);
});

test('limits on overload that were filled in replace all, in the units of the protocol', () => {
  const bands = emptyFields.overloadBands.map((band) =>
    band.level === 'alarm' ? { ...band, ratioPct: '120', onS: '2.5' } : band,
  );
  const args = argumentsOf('configure', { ...emptyFields, version: '4', overloadBands: bands });
  assert.deepEqual(args, {
    version: 4,
    settings: {
      overloadBands: [{ level: 'alarm', ratio: 1.2, deadbandRatio: 0.05, onDelayMs: 2_500, offDelayMs: 10_000 }],
    },
  });
  assert.ok(!('problem' in readOrder('configure', args)));
});

test('a siren that is switched off is not told for how long', () => {
  assert.deepEqual(argumentsOf('siren', { ...emptyFields, isOn: false }), { on: false });
});
