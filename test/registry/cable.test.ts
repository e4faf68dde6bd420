import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cableProblems as judge, crossSectionsMm2, installationMethods } from '@fengsui/hazard';
import { cableCrossSectionsMm2, cableInstallationMethods, cableInsulations, cableProblems } from '@fengsui/protocol';

test('the registry takes the cables that the terminal can judge, and no others', () => {
  assert.deepEqual([...cableCrossSectionsMm2], [...crossSectionsMm2]);
  assert.deepEqual([...cableInstallationMethods], [...installationMethods]);
  for (const insulation of cableInsulations) {
    for (const ambientC of [-40, 30, 60, 61, 80]) {
      const cable = {
        insulation,
        crossSectionMm2: 2.5,
        installationMethod: 'B1',
        loadedConductors: 2,
        ambientC,
      } as const;
      assert.equal(cableProblems(cable).length === 0, judge(cable).length === 0, `${insulation} at ${ambientC} °C`);
    }
  }
});
