import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { loadSite } from './load-site.ts';
import { createMinuteOfDay } from './minute-of-day.ts';
import { siteProblems } from './site.ts';

const cable = { insulation: 'PVC', crossSectionMm2: 2.5, installationMethod: 'B1', loadedConductors: 2 };

test('a site says what it knows and may know nothing', () => {
  assert.deepEqual(siteProblems({}), []);
  const site = {
    venueClass: 'school',
    timeZone: 'Asia/Urumqi',
    nominalV: 220,
    ambientProbe: 't8',
    phases: { L1: 'c1', L2: 'c2', L3: 'c3' },
    circuits: { c1: { ratedA: 16, cable, probe: 't1', areaUse: 'dormitory' } },
  };
  assert.deepEqual(siteProblems(site), []);
});

test('every error is named at once, with its place', () => {
  const named = (site: unknown) => siteProblems(site).join('\n');
  assert.match(named({ circuits: { c9: {} } }), /site: circuits/);
  assert.match(named({ circuits: { c1: { ratedA: -1 } } }), /site: circuits\.c1\.ratedA/);
  assert.match(named({ circuit: {} }), /site: document/);
  assert.match(
    named({ circuits: { c1: { cable: { ...cable, crossSectionMm2: 3 } } } }),
    /c1: cable: crossSectionMm2 is 3/,
  );
  const both = siteProblems({ timeZone: 'Mars/Base', policy: {} });
  assert.deepEqual([both.length, both.some((words) => words.includes('Mars/Base'))], [2, true]);
  assert.match(named(null), /site: document/);
});

test('a file that is no site is refused by its name', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'fengsui-site-'));
  try {
    const file = path.join(folder, 'site.json');
    await writeFile(file, '{"nominalV":"220"}');
    await assert.rejects(loadSite(file), /site\.json: site: nominalV/);
    await writeFile(file, '{');
    await assert.rejects(loadSite(file), /site\.json: .*expected a JSON object/);
    await assert.rejects(loadSite(path.join(folder, 'none.json')), /none\.json: ENOENT/);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('the minute of the day is local, across midnight and a change of the clock', () => {
  const shanghai = createMinuteOfDay('Asia/Shanghai');
  assert.equal(shanghai(Date.UTC(2026, 10, 21, 15, 59)), 23 * 60 + 59);
  assert.equal(shanghai(Date.UTC(2026, 10, 21, 16, 0)), 0);
  const berlin = createMinuteOfDay('Europe/Berlin');
  // Summer time ends on 2026-10-25 at 01:00 UTC: 02:59 is followed by 02:00.
  assert.deepEqual([berlin(Date.UTC(2026, 9, 25, 0, 59)), berlin(Date.UTC(2026, 9, 25, 1, 0))], [2 * 60 + 59, 2 * 60]);
});
