import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { test } from 'node:test';

const executable = path.resolve(import.meta.dirname, '../../bin/fengsui.mjs');

function inspect(...args: string[]): { code: number | null; stdout: string; stderr: string } {
  const options = { encoding: 'utf8', timeout: 400_000 } as const;
  const { status, stdout, stderr } = spawnSync(process.execPath, [executable, 'capture', 'inspect', ...args], options);
  return { code: status, stdout, stderr };
}

test('a file is measured to stdout and its faults are named', async (context) => {
  const folder = await mkdtemp(path.join(tmpdir(), 'fengsui-inspect-'));
  context.after(() => rm(folder, { recursive: true }));
  const file = path.join(folder, 'a.csv');
  // One second of 230 V and 10 A in phase at 3200 Hz; the voltage of frame 5 is missing.
  const rows = Array.from({ length: 3200 }, (_, frame) => {
    const sine = Math.SQRT2 * Math.sin((2 * Math.PI * 50 * frame) / 3200);
    return `${frame === 5 ? '' : 230 * sine},${10 * sine}`;
  });
  await writeFile(file, ['# sampleRateHz=3200 mainsHz=50', 'voltageV,currentA', ...rows, ''].join('\n'));
  const asJson = inspect(file, '--json');
  assert.equal(asJson.code, 0, asJson.stderr);
  const inspection = JSON.parse(asJson.stdout) as {
    sampleRateHz: number;
    durationMs: number;
    channels: { name: string; rms: number | null }[];
    circuits: { currentA: number; activePowerW: number | null }[];
    findings: { kind: string }[];
  };
  assert.deepEqual([inspection.sampleRateHz, inspection.durationMs], [3200, 1000]);
  assert.ok(Math.abs((inspection.circuits[0]?.currentA ?? NaN) / 10 - 1) < 0.005);
  assert.deepEqual(
    inspection.findings.map(({ kind }) => kind),
    ['notANumber'],
  );
  // Over all frames nothing is known of a channel with a gap.
  assert.deepEqual(inspection.channels[0], { name: 'voltageV', unit: 'V', rms: null, peak: null, crestFactor: null });
  const asText = inspect(file);
  assert.match(asText.stdout, /currentA: rms 10 A, peak 14\.14\d A, crest factor 1\.414\d/);
  assert.match(asText.stdout, /finding: c1 voltageV: notANumber/);
});

test('a missing file ends with 1, a call without a file with 2, and neither prints data', () => {
  const missing = inspect('none.csv');
  assert.deepEqual([missing.code, missing.stdout], [1, '']);
  assert.match(missing.stderr, /none\.csv: ENOENT/);
  const wrong = inspect();
  assert.deepEqual([wrong.code, wrong.stdout], [2, '']);
  assert.match(wrong.stderr, /one FILE is needed/);
});
