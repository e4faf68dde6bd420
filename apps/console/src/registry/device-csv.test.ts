import assert from 'node:assert/strict';
import test from 'node:test';
import type { Device } from '@fengsui/protocol';
import { deviceCsv } from './device-csv.ts';

const device: Device = {
  id: 'D1',
  model: 'generic-smoke',
  venueId: 'V1',
  name: '=HYPERLINK("http://evil")',
  area: '二层, 走廊',
  family: 'smoke',
  origin: 'live',
  online: true,
  reportingIntervalMs: 60_000,
  life: 'active',
};

test('a name that looks like a formula stays a name, and a comma stays inside its cell', () => {
  const [heading, row] = deviceCsv([device], ['编号', '名称']).split('\r\n');
  assert.equal(heading, '\uFEFF编号,名称');
  assert.equal(row, `D1,"'=HYPERLINK(""http://evil"")",V1,"二层, 走廊",smoke,generic-smoke,active,true,,,,`);
});
