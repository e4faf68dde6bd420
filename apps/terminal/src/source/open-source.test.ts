import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { openSource } from './open-source.ts';
import { readRecordingFile } from './read-recording.ts';
import type { SampleSource } from './sample-source.ts';

const rate = 6400;
const voltage = (frame: number): number => 325 * Math.sin((2 * Math.PI * 50 * frame) / rate);
const current = (frame: number): number => 14 * Math.sin((2 * Math.PI * 50 * frame) / rate - 0.5);

async function folderOf(context: TestContext): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'fengsui-source-'));
  context.after(() => rm(folder, { recursive: true }));
  return folder;
}

async function csvOf(context: TestContext, rows: readonly string[], names = 'voltageV,currentA'): Promise<string> {
  const file = path.join(await folderOf(context), 'a.csv');
  await writeFile(file, [`# sampleRateHz=${rate} mainsHz=50`, names, ...rows, ''].join('\n'));
  return file;
}

const sineRows = (frames: number): string[] =>
  Array.from({ length: frames }, (_, frame) => `${voltage(frame)},${current(frame)}`);

async function readAll(source: SampleSource): Promise<{ voltageV: number[]; currentA: number[] }> {
  const all = { voltageV: [] as number[], currentA: [] as number[] };
  for await (const block of source.blocks()) {
    all.voltageV.push(...block.voltageV);
    all.currentA.push(...(block.circuits[0]?.currentA ?? []));
    if (all.voltageV.length > 20_000) break;
  }
  return all;
}

test('a CSV gives exactly its samples, in blocks of 50 ms', async (context) => {
  const file = await csvOf(context, sineRows(2000));
  const { source, remarks, speed } = await openSource(file, { startAtMs: 0 });
  assert.deepEqual([remarks, speed], [[], undefined]);
  assert.deepEqual(
    [source.sampleRateHz, source.mainsHz, source.circuits],
    [rate, 50, [{ prefix: 'c1', hasResidual: false, hasOwnVoltage: false }]],
  );
  const { voltageV, currentA } = await readAll(source);
  assert.deepEqual(
    voltageV,
    Array.from({ length: 2000 }, (_, frame) => voltage(frame)),
  );
  assert.deepEqual(
    currentA,
    Array.from({ length: 2000 }, (_, frame) => current(frame)),
  );
});

test('repeated, a recording starts over at its end', async (context) => {
  const file = await csvOf(context, sineRows(2000));
  const { source } = await openSource(file, { repeat: true, startAtMs: 0 });
  const { voltageV } = await readAll(source);
  assert.ok(voltageV.length > 20_000);
  assert.ok(voltageV.every((value, frame) => value === voltage(frame % 2000)));
});

/** A COMTRADE 1999 pair written field by field from clause 5 of the standard; 1 V and 0.001 A per code. */
async function comtradeOf(context: TestContext, type: 'ASCII' | 'BINARY', ending: string): Promise<string> {
  const folder = await folderOf(context);
  const frames = 2000;
  const cfg = [
    'station,recorder,1999',
    '2,2A,0D',
    '1,UA,A,,V,0.5,0,0,-32767,32767,1,1,P',
    '2,IA,A,,A,0.001,0,0,-32767,32767,1,1,P',
    '50',
    '1',
    `${rate},${frames}`,
    '01/02/2026,03:04:05.000000',
    '01/02/2026,03:04:05.000000',
    type,
    '1',
    '',
  ];
  const codes = Array.from({ length: frames }, (_, frame) => {
    return [Math.round(voltage(frame) / 0.5), Math.round(current(frame) / 0.001)] as const;
  });
  const microseconds = (frame: number): number => Math.round((frame * 1e6) / rate);
  const ascii = codes.map(([u, i], frame) => `${frame + 1},${microseconds(frame)},${u},${i}`).join('\r\n');
  const binary = Buffer.alloc(frames * 12);
  codes.forEach(([u, i], frame) => {
    binary.writeUInt32LE(frame + 1, frame * 12);
    binary.writeUInt32LE(microseconds(frame), frame * 12 + 4);
    binary.writeInt16LE(u, frame * 12 + 8);
    binary.writeInt16LE(i, frame * 12 + 10);
  });
  await writeFile(path.join(folder, 'a.cfg'), cfg.join('\r\n'));
  await writeFile(path.join(folder, 'a.DAT'), type === 'ASCII' ? `${ascii}\r\n` : binary);
  return path.join(folder, `a.${ending}`);
}

for (const [type, ending] of [
  ['ASCII', 'cfg'],
  ['BINARY', 'DAT'],
] as const) {
  test(`a COMTRADE pair of type ${type}, given by its ${ending}, has the samples within half a code`, async (context) => {
    const { source } = await openSource(await comtradeOf(context, type, ending), { startAtMs: 0 });
    const { voltageV, currentA } = await readAll(source);
    assert.equal(voltageV.length, 2000);
    assert.ok(voltageV.every((value, frame) => Math.abs(value - voltage(frame)) <= 0.25 + 1e-9));
    assert.ok(currentA.every((value, frame) => Math.abs(value - current(frame)) <= 0.0005 + 1e-9));
  });
}

test('a recording out of a folder has the codes of its slice, mean removed', async (context) => {
  const folder = await folderOf(context);
  const frames = 1280;
  const bytes = Buffer.alloc((100 + frames) * 4);
  for (let frame = 0; frame < frames; frame++) {
    bytes.writeInt16LE(Math.round(100 * current(frame)) + 7, (100 + frame) * 4);
    bytes.writeInt16LE(Math.round(10 * voltage(frame)), (100 + frame) * 4 + 2);
  }
  await writeFile(path.join(folder, 'waves.i16le.bin'), bytes);
  const recordings = [{ id: 'kettle-01', offset_frames: 100, frames }];
  const index = { sample_rate_hz: rate, mains_hz: 50, scale_current: 100, scale_voltage: 10, recordings };
  await writeFile(path.join(folder, 'index.json'), JSON.stringify(index));
  const { recording } = await readRecordingFile(`${folder}#kettle-01`);
  const values = recording.channels.find(({ name }) => name === 'currentA')?.values ?? new Float64Array(0);
  assert.ok(values.length === frames && values.every((value, frame) => Math.abs(value - current(frame)) < 0.006));
  await assert.rejects(readRecordingFile(`${folder}#fridge`), /no recording "fridge"/);
});

test('what is odd is remarked upon; what cannot be computed stops, named', async (context) => {
  const shifted = Array.from({ length: 2000 }, (_, frame) => `${voltage(frame) + 20},${current(frame)}`);
  const { remarks } = await openSource(await csvOf(context, shifted), { startAtMs: 0 });
  assert.equal(remarks.length, 1);
  assert.match(remarks[0] ?? '', /^c1 voltageV: dcOffset: mean 20/);
  const refused = async (rows: string[], words: RegExp): Promise<void> => {
    await assert.rejects(openSource(await csvOf(context, rows), { startAtMs: 0 }), words);
  };
  await refused(sineRows(500), /nothing can be computed\n {2}c1: tooShort/);
  await refused(
    Array.from({ length: 2000 }, (_, frame) => `${voltage(frame)},NaN`),
    /c1: notANumber/,
  );
  await refused(
    Array.from({ length: 2000 }, (_, frame) => `0.1,${current(frame)}`),
    /c1: noVoltage/,
  );
  const onlyCurrent = await csvOf(context, ['1'], 'currentA');
  await assert.rejects(openSource(onlyCurrent, { startAtMs: 0 }), /no voltage among currentA/);
});

test('files that cannot be read are named with the place', async (context) => {
  const folder = await folderOf(context);
  const open = (name: string) => openSource(path.join(folder, name), { startAtMs: 0 });
  await writeFile(path.join(folder, 'bad.csv'), `# sampleRateHz=${rate} mainsHz=50\nvoltageV,currentA\n1,x\n`);
  await writeFile(path.join(folder, 'alone.cfg'), '');
  await assert.rejects(open('bad.csv'), /bad\.csv: line 3: currentA is "x"/);
  await assert.rejects(open('none.csv'), /none\.csv: ENOENT/);
  await assert.rejects(open('alone.cfg'), /alone\.dat is missing/);
  await assert.rejects(open('a.txt'), /expected a \.csv, \.cfg, \.dat or \.cff file/);
});

test('a city source has the circuits, ratings and pace of its scenario', async () => {
  const { source, speed } = await openSource('city:normal?circuits=3&ratedA=32&speed=0', { startAtMs: 0 });
  assert.deepEqual(
    source.circuits.map(({ prefix, ratedA }) => [prefix, ratedA]),
    [
      ['c1', 32],
      ['c2', 32],
      ['c3', 32],
    ],
  );
  assert.deepEqual([source.temperatures, speed], [['t1', 't2', 't3'], Infinity]);
  await assert.rejects(openSource('city:nowhere', { startAtMs: 0 }), /expected one of normal/);
});
