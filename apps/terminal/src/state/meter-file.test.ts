import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { keepMeters, loadMeters, meterFileOf, withMeters } from './meter-file.ts';
import type { TerminalState } from './terminal-state.ts';

test('a meter that was told stands no lower in the next run, whichever was kept last', (context) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'fengsui-meters-'));
  context.after(() => rmSync(folder, { recursive: true }));
  const file = meterFileOf(path.join(folder, 'd1.json'));
  assert.equal(path.basename(file), 'd1.meters.json');
  assert.deepEqual(loadMeters(file), {});
  keepMeters(file, { 'c1.energyKwh': 1.5, 'c2.energyKwh': 0.25, 'c1.activePowerW': 900 });
  assert.deepEqual(loadMeters(file), { c1: 1.5, c2: 0.25 });
  const state = { energyKwh: { c1: 1.4, c2: 0.3, c3: 7 } } as unknown as TerminalState;
  assert.deepEqual(withMeters(state, loadMeters(file)).energyKwh, { c1: 1.5, c2: 0.3, c3: 7 });
  keepMeters(file, { 't1.temperatureC': 31 });
  assert.deepEqual(loadMeters(file), { c1: 1.5, c2: 0.25 }, 'a report without a meter keeps what is there');
  for (const text of ['', '{"c1":', 'null', '{"c1":"1.5"}']) {
    writeFileSync(file, text);
    assert.deepEqual(loadMeters(file), {}, text);
  }
});
