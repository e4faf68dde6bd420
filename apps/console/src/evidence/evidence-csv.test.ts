import assert from 'node:assert/strict';
import { test } from 'node:test';
import { evidenceCsv } from './evidence-csv.ts';
import { sampleLoad } from './sample-load.ts';

test('the panel is four tables in one file, quoted as RFC 4180 says', () => {
  const sections = evidenceCsv(sampleLoad()).split('\r\n\r\n');
  assert.deepEqual(
    sections.map((text) => text.split('\r\n')[0]),
    [
      'quantity,value',
      'feature,value,typicalLow,typicalHigh',
      'harmonic,ratio,phaseRad,baselineRatio,baselinePhaseRad',
      'point,voltageV,currentA,baselineCurrentA',
    ],
  );
  assert.ok(sections[0]?.includes('named,"kettle, ""old"""\r\n'));
  assert.equal(sections[1]?.split('\r\n')[1], 'crest,1.41,1.4,1.76');
  assert.equal(sections[2]?.split('\r\n')[1], '3,0.01,0.5,,');
  const cycle = sections[3]?.trimEnd().split('\r\n') ?? [];
  assert.deepEqual([cycle.length, cycle[5]], [17, '4,311,6.4,']);
});
