import assert from 'node:assert/strict';
import test from 'node:test';
import type { Circuit } from '@fengsui/protocol';
import { circuitOf, fieldsOf } from './circuit-fields.ts';

const circuit: Circuit = {
  deviceId: 'T1',
  prefix: 'c1',
  venueId: 'V1',
  nameEn: 'Kitchen',
  name: '厨房',
  areaId: 'A1',
  ratedA: 16,
  probe: 't1',
  protectedClass: 'none',
  cable: { insulation: 'PVC', crossSectionMm2: 2.5, installationMethod: 'B2', loadedConductors: 3, ambientC: 35 },
};

test('a circuit that is opened and saved unchanged says the same', () => {
  assert.deepEqual(circuitOf(circuit, fieldsOf(circuit)), circuit);
});

test('what is emptied is not told any more, and without insulation there is no cable', () => {
  const fields = { ...fieldsOf(circuit), ratedA: '', insulation: '', areaId: '', probe: '' };
  assert.deepEqual(circuitOf(circuit, fields), {
    deviceId: 'T1',
    prefix: 'c1',
    venueId: 'V1',
    nameEn: 'Kitchen',
    name: '厨房',
    protectedClass: 'none',
  });
});
