import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { formatComtrade, formatWaveformCsv, type Recording } from '@fengsui/protocol';
import { SuiteUsageError, type Report } from '../suite.ts';
import { arcSuite } from './arc-suite.ts';
import type { JudgedRecording } from './judge-recordings.ts';

const folders: string[] = [];
after(async () => {
  await Promise.all(folders.map((folder) => rm(folder, { recursive: true })));
});

/** 4 s of a 10 A heater at 10 kHz; from half-cycle `arcFrom` on an arc of 20 to 36 V that strikes at 60 to 110 V. */
function heater(arcFrom: number): Recording {
  const sampleRateHz = 10_000;
  const voltageV = new Float64Array(4 * sampleRateHz);
  const currentA = new Float64Array(voltageV.length);
  let burns = false;
  for (let n = 0; n < voltageV.length; n++) {
    const v = 311 * Math.sin((2 * Math.PI * 50 * n) / sampleRateHz);
    const half = Math.floor((100 * n) / sampleRateHz);
    const dropV = 20 + (16 * ((half * 37) % 11)) / 10;
    if (Math.abs(v) > 60 + 5 * ((half * 29) % 11)) burns = true;
    if (Math.abs(v) < dropV) burns = false;
    voltageV[n] = v;
    currentA[n] = half < arcFrom ? v / 22 : burns ? (v - Math.sign(v) * dropV) / 22 : 0;
  }
  const channels = [
    { name: 'voltageV', unit: 'V', values: voltageV },
    { name: 'currentA', unit: 'A', values: currentA },
  ];
  return { sampleRateHz, mainsHz: 50, channels };
}

async function folderOf(index: unknown, files: Readonly<Record<string, string | Uint8Array>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'arc-suite-'));
  folders.push(folder);
  await writeFile(join(folder, 'index.json'), JSON.stringify(index));
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
  return folder;
}

const flags = { 'sample-rate': '6400', episodes: '1', seeds: '1', 'normal-seconds': '1' };
const evaluate = (testDir: string, more: Record<string, string> = {}): Promise<Report> =>
  arcSuite.run({ seed: 1, testDir, flags: { ...flags, ...more } }, () => undefined);

const entry = { sampleRateHz: 10_000, load: 'heater', currentA: 10, startS: 0 };
const arcHalfCycles = Array.from({ length: 200 }, (_, n) => 200 + n);

test('recordings made by others are judged, in CSV and COMTRADE, with a line for every half-cycle', async () => {
  const comtrade = formatComtrade(
    { ...heater(200), startedAt: 1_700_000_000_000 },
    { station: 'bench', deviceId: 'bench-1', format: 'BINARY' },
  );
  const folder = await folderOf(
    {
      mainsHz: 50,
      recordings: [
        { ...entry, id: 'r1', file: 'r1.csv', kind: 'series', arcHalfCycles },
        { ...entry, id: 'r2', file: 'r2.csv', kind: 'normal', arcHalfCycles: [] },
        { ...entry, id: 'r3', file: 'r3.cfg', kind: 'series', arcHalfCycles },
        { ...entry, id: 'r4', file: 'none.csv', kind: 'normal', arcHalfCycles: [] },
        { ...entry, id: 'r5', file: 'r1.csv', kind: 'arc', arcHalfCycles },
      ],
    },
    {
      'r1.csv': formatWaveformCsv(heater(200)),
      'r2.csv': formatWaveformCsv(heater(1e9)),
      'r3.cfg': comtrade.cfg,
      'r3.dat': comtrade.dat,
    },
  );
  const decisions = join(folder, 'decisions.ndjson');
  const report = await evaluate(folder, { decisions });
  const [series, normal, pair] = report.perTest as readonly JudgedRecording[];
  // Table 1 at 10 A: 0.25 s.
  for (const one of [series, pair]) {
    assert.deepEqual([one?.fromS, one?.limitS, one?.inTime], [2, 0.25, true]);
    assert.ok((one?.reactedAtS ?? 0) > 2.05 && (one?.reactedAtS ?? 9) <= 2.25, `${one?.reactedAtS}`);
  }
  assert.deepEqual([normal?.confirmed, normal?.inTime, normal?.reactedAtS], [false, true, undefined]);
  assert.deepEqual(
    report.skipped.map(({ id }) => id),
    ['r5', 'r4'],
  );
  assert.match(report.skipped[0]?.reason ?? '', /kind is "arc", expected normal, series or parallel/);
  assert.equal(report.metrics['seriesInTime'], 1);
  const lines = (await readFile(decisions, 'utf8')).trim().split('\n');
  const perRecording = lines.filter((line) => line.startsWith('{"id":"r1"'));
  assert.ok(perRecording.length > 380, `${perRecording.length} half-cycles of 4 s`);
  assert.ok(perRecording.every((line) => /"reason":"[a-z]+"/.test(line)));
});

test('bad flags are usage errors that name value and range', async () => {
  const run = (more: Record<string, string>) =>
    arcSuite.run({ seed: 1, flags: { ...flags, ...more } }, () => undefined);
  await assert.rejects(run({ episodes: 'many' }), (error) => {
    return error instanceof SuiteUsageError && /--episodes is many, expected a whole number from 0/.test(error.message);
  });
  await assert.rejects(run({ decisions: 'x' }), /--decisions needs --test DIR/);
});
