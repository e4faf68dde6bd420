import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { openCalibrationBook, type SampleSource } from '@fengsui/terminal';
import { UsageError } from '../command.ts';
import { takeCalibrationFile } from './calibration.ts';

let folder: string;
before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'fengsui-calibration-'));
});
after(() => rm(folder, { recursive: true, force: true }));

const source: Pick<SampleSource, 'circuits'> = { circuits: [{ prefix: 'c1', hasResidual: false }] };
const sampled = source as SampleSource;

async function fileOf(name: string, change: object = {}): Promise<string> {
  const file = path.join(folder, name);
  const calibration = {
    id: 'D1-k2',
    deviceId: 'D1',
    version: 2,
    calibratedAt: Date.parse('2026-11-22T08:00:00Z'),
    by: 'bench 2',
    instrument: { serial: 'REF-1', certificate: 'CERT-7' },
    channels: [
      { point: 'c1.voltageV', gain: 1.01, offset: 0, phaseUs: 0 },
      { point: 'c1.currentA', gain: 0.99, offset: 0, phaseUs: 20 },
    ],
  };
  await writeFile(file, JSON.stringify({ ...calibration, ...change }));
  return file;
}

test('a file is taken over once, an older one is left, and what is in use is said', async () => {
  const book = openCalibrationBook();
  assert.deepEqual(takeCalibrationFile({ device: 'D1' }, sampled, book), [
    'not calibrated: samples count as they come',
  ]);
  const call = { device: 'D1', calibration: await fileOf('k2.json') };
  const used = 'calibration D1-k2 of 2026-11-22T08:00:00.000Z by bench 2';
  assert.deepEqual(takeCalibrationFile(call, sampled, book), [used]);
  book.told();
  assert.deepEqual(takeCalibrationFile(call, sampled, book), [used]);
  assert.equal(book.untold(), undefined, 'the same file again is no change');
  const older = { device: 'D1', calibration: await fileOf('k1.json', { id: 'D1-k1', version: 1 }) };
  const [remark] = takeCalibrationFile(older, sampled, book);
  assert.match(remark ?? '', /not used: version is 1, 2 is in use/);
  assert.equal(book.current()?.version, 2);
});

test('a file of another device, of other channels or of something else ends the start with the reason', async () => {
  const taken = (device: string, calibration: string): unknown =>
    takeCalibrationFile({ device, calibration }, sampled, openCalibrationBook());
  const file = await fileOf('k2.json');
  assert.throws(
    () => taken('D2', file),
    (error: Error) => error instanceof UsageError && /that of D1: expected D2/.test(error.message),
  );
  const more = await fileOf('more.json', { channels: [{ point: 'c1.currentA', gain: 1, offset: 0, phaseUs: 0 }] });
  assert.throws(() => taken('D1', more), /1 channels without c1\.voltageV/);
  const wild = await fileOf('wild.json', { channels: [{ point: 'c1.currentA', gain: 9, offset: 0, phaseUs: 0 }] });
  assert.throws(() => taken('D1', wild), /channels\.0\.gain must be <= 2/);
  await writeFile(path.join(folder, 'text.json'), 'gain 1.01');
  assert.throws(() => taken('D1', path.join(folder, 'text.json')), /expected JSON/);
  assert.throws(() => taken('D1', path.join(folder, 'none.json')), /there is no such file/);
});
