import assert from 'node:assert/strict';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import type { Calibration } from '@fengsui/protocol';
import { calibrationFileOf, openCalibrationBook } from './calibration-book.ts';
import { createCalibrationDesk } from './calibration-desk.ts';

const source = { circuits: [{ prefix: 'c1', hasResidual: false }], sampleRateHz: 6400, mainsHz: 50 } as const;

function calibration(version: number, change: Partial<Calibration> = {}): Calibration {
  return {
    id: `D1-k${version}`,
    deviceId: 'D1',
    version,
    calibratedAt: 1_760_000_000_000 + version,
    by: 'bench 2',
    instrument: { serial: 'REF-1', certificate: 'CERT-7' },
    channels: [
      { point: 'c1.voltageV', gain: 1.01, offset: 0, phaseUs: 0 },
      { point: 'c1.currentA', gain: 1 + version / 100, offset: 0, phaseUs: 0 },
    ],
    ...change,
  };
}

const fileIn = (): string => calibrationFileOf(path.join(mkdtempSync(path.join(tmpdir(), 'calibration-')), 'd1.json'));
const currentOf = (desk: ReturnType<typeof createCalibrationDesk>): number | undefined =>
  desk.correct({ voltageV: Float64Array.of(1), circuits: [{ currentA: Float64Array.of(100) }] }).circuits[0]
    ?.currentA[0];

test('a calibration is kept, put in force between two blocks, told once, and outlives a restart with the one before', async () => {
  const file = fileIn();
  const desk = createCalibrationDesk({ source, deviceId: 'D1', book: openCalibrationBook(file) });
  assert.deepEqual([desk.inUse(), currentOf(desk)], ['none', 100]);
  const obeyed = desk.calibrate(calibration(2));
  assert.deepEqual([desk.isWaiting, currentOf(desk)], [true, 100]);
  desk.swap();
  assert.deepEqual(await obeyed, { ok: true, result: { calibrationId: 'D1-k2', version: 2, kept: true } });
  assert.equal(currentOf(desk), 102);
  const again = openCalibrationBook(file);
  assert.deepEqual(again.untold(), { to: calibration(2) });
  again.told();
  const second = createCalibrationDesk({ source, deviceId: 'D1', book: openCalibrationBook(file) });
  assert.equal(second.untold(), undefined);
  const next = second.calibrate(calibration(3));
  second.swap();
  await next;
  const last = openCalibrationBook(file);
  assert.deepEqual([last.current()?.version, last.previous().map(({ version }) => version)], [3, [2]]);
  assert.deepEqual(last.untold(), { from: 'D1-k2', to: calibration(3) });
});

test('the same one again is done already; what is older, of another device or of other channels is refused', async () => {
  const book = openCalibrationBook();
  book.keep(calibration(2));
  const desk = createCalibrationDesk({ source, deviceId: 'D1', book });
  assert.deepEqual(await desk.calibrate(calibration(2)), {
    ok: true,
    result: { calibrationId: 'D1-k2', version: 2, before: 'D1-k2', kept: false },
  });
  const codeOf = async (asked: Calibration): Promise<string> => {
    const answer = await desk.calibrate(asked);
    return 'refused' in answer ? answer.refused : 'obeyed';
  };
  assert.equal(await codeOf(calibration(1)), 'staleVersion');
  assert.equal(await codeOf(calibration(2, { by: 'somebody else' })), 'staleVersion');
  assert.equal(await codeOf(calibration(3, { deviceId: 'D2' })), 'otherSerial');
  assert.equal(await codeOf(calibration(3, { channels: calibration(3).channels.slice(1) })), 'otherChannels');
  const more = [...calibration(3).channels, { point: 'c2.currentA', gain: 1, offset: 0, phaseUs: 0 }];
  assert.equal(await codeOf(calibration(3, { channels: more })), 'otherChannels');
  assert.equal(currentOf(desk), 102);
});

test('what was kept and is not that of this source is not used, and says why', () => {
  const book = openCalibrationBook();
  book.keep(calibration(2, { deviceId: 'D2' }));
  const desk = createCalibrationDesk({ source, deviceId: 'D1', book });
  assert.match(desk.misfit ?? '', /it is that of D2: expected D1/);
  assert.deepEqual([desk.inUse(), currentOf(desk)], ['none', 100]);
});

test('a file that holds something else is not thrown away in silence', () => {
  const file = fileIn();
  writeFileSync(file, '{"current":{"gain":1},"previous":[]}');
  assert.throws(() => openCalibrationBook(file), /expected the calibrations of a terminal/);
});
