import assert from 'node:assert/strict';
import { test } from 'node:test';
import { knownSite, ratedCircuits } from './known-site.ts';

const source = {
  circuits: [
    { prefix: 'c1', hasResidual: true, ratedA: 10 },
    { prefix: 'c2', hasResidual: true },
  ],
  temperatures: ['t1', 't2'],
};

test('what is given goes before what the source knows, field by field', () => {
  const known = knownSite({ nominalV: 220, circuits: { c1: { probe: 't1' } } }, { circuits: { c1: { ratedA: 16 } } });
  assert.deepEqual(known, { nominalV: 220, circuits: { c1: { probe: 't1', ratedA: 16 } } });
});

test('a rating is the one given, else the site’s, else the source’s', () => {
  assert.deepEqual(ratedCircuits(source, {}), [{ prefix: 'c1', ratedA: 10 }]);
  const site = { circuits: { c1: { ratedA: 16 }, c2: { ratedA: 20 } } };
  assert.deepEqual(ratedCircuits(source, site, { c1: 25 }), [
    { prefix: 'c1', ratedA: 25 },
    { prefix: 'c2', ratedA: 20 },
  ]);
});

test('a circuit or a probe that the source does not have is refused by its name', () => {
  assert.throws(() => ratedCircuits(source, {}, { c3: 16 }), /rated current of c3: the source has c1, c2, t1, t2/);
  assert.throws(() => ratedCircuits(source, { circuits: { c4: {} } }), /site: circuits\.c4/);
  assert.throws(() => ratedCircuits(source, { circuits: { c1: { probe: 't5' } } }), /site: probe t5/);
  assert.throws(() => ratedCircuits(source, { ambientProbe: 't9' }), /site: probe t9/);
});
