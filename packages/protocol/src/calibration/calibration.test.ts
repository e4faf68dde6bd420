import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatCff, parseCff } from '../comtrade/cff.ts';
import { formatWaveformCsv, parseWaveformCsv } from '../recording/waveform-csv.ts';
import { decodeCaptureHeader } from '../wire/capture-header.ts';
import { readOrder } from '../wire/command-order.ts';
import { decodePresence, encodePresence } from '../wire/presence.ts';
import {
  calibrationProblems,
  calibrationWord,
  captureCalibrationOf,
  misfitOf,
  phaseUsOf,
  type Calibration,
} from './calibration.ts';

const calibration: Calibration = {
  id: 'D1-k2',
  deviceId: 'D1',
  version: 2,
  calibratedAt: Date.parse('2026-11-22T08:00:00Z'),
  by: 'bench 2',
  instrument: { serial: 'REF-1', certificate: 'CERT-7' },
  temperatureC: 23.1,
  channels: [
    { point: 'c1.voltageV', gain: 1.01, offset: 0.2, phaseUs: 0, reference: '230 V' },
    { point: 'c1.currentA', gain: 0.99, offset: 0, phaseUs: 20 },
  ],
};

const bytes = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));
const header = {
  epoch: 'b7',
  seq: 1,
  sampleRateHz: 6400,
  frames: 0,
  sha256: '0'.repeat(64),
  channels: [{ point: 'c1.voltageV', unit: 'V', scale: 1, offset: 0 }],
};

function namedIn(said: unknown): unknown {
  const decoded = decodeCaptureHeader(bytes({ ...header, calibration: said }));
  assert.equal(decoded.kind, 'header', 'whatever it says of its calibration, the evidence is kept');
  return decoded.kind === 'header' ? decoded.header.calibration : undefined;
}

test('a capture names its calibration with each channel, or that there is none; what is no such thing counts as nothing said', () => {
  const named = captureCalibrationOf(calibration);
  assert.deepEqual(namedIn(named), {
    id: 'D1-k2',
    version: 2,
    calibratedAt: calibration.calibratedAt,
    by: 'bench 2',
    channels: [
      { point: 'c1.voltageV', gain: 1.01, offset: 0.2, phaseUs: 0 },
      { point: 'c1.currentA', gain: 0.99, offset: 0, phaseUs: 20 },
    ],
  });
  assert.equal(namedIn('none'), 'none');
  const bad = [undefined, null, 7, 'some', {}, { ...named, version: -1 }, { ...named, channels: [{ point: 'c1.x' }] }];
  for (const said of bad) assert.equal(namedIn(said), undefined, JSON.stringify(said));
});

test('presence says which one is in use', () => {
  const decoded = decodePresence(encodePresence({ online: true, calibration: 'D1-k2' }));
  assert.deepEqual(decoded, { kind: 'presence', online: true, calibration: 'D1-k2' });
});

test('a command with a calibration that cannot be true is no order', () => {
  assert.deepEqual(readOrder('calibrate', { calibration }), { name: 'calibrate', args: { calibration } });
  const [voltage, current] = calibration.channels;
  for (const channels of [
    [],
    [{ ...voltage, gain: 3 }],
    [{ ...voltage, phaseUs: -1_001 }],
    [{ ...voltage, point: 'nowhere' }],
    [voltage, current, voltage],
  ])
    assert.ok('problem' in readOrder('calibrate', { calibration: { ...calibration, channels } }));
  assert.match(
    calibrationProblems({ ...calibration, channels: [voltage, voltage] }).join(),
    /channels\.1\.point is c1\.voltageV: expected each channel once/,
  );
});

test('it covers the channels that are sampled and no other', () => {
  const points = ['c1.voltageV', 'c1.currentA'];
  assert.equal(misfitOf(calibration, points), undefined);
  assert.match(misfitOf(calibration, [...points, 'c2.currentA']) ?? '', /2 channels without c2\.currentA/);
  assert.match(misfitOf(calibration, points.slice(1)) ?? '', /with c1\.voltageV, which is not sampled here/);
});

test('a degree of 50 Hz is 55.6 µs', () => {
  assert.ok(Math.abs(phaseUsOf(1, 50) - 55.555_555_6) < 1e-6);
});

test('a waveform file carries the word of its calibration, as CSV and as COMTRADE', () => {
  const recording = {
    sampleRateHz: 6400,
    mainsHz: 50,
    startedAt: 0,
    calibration: calibrationWord(calibration),
    channels: [{ name: 'voltageV', unit: 'V', values: Float64Array.of(1, -1) }],
  };
  const word = 'D1-k2@2026-11-22T08:00:00.000Z';
  const csv = formatWaveformCsv(recording);
  assert.match(csv, /^# sampleRateHz=6400 mainsHz=50 startedAt=0 calibration=D1-k2@2026-11-22T08:00:00\.000Z\n/);
  const fromCsv = parseWaveformCsv(csv);
  assert.equal(fromCsv.kind === 'recording' ? fromCsv.recording.calibration : fromCsv.detail, word);
  const fromCff = parseCff(formatCff(recording, { station: 'S', deviceId: 'D1', format: 'BINARY' }));
  assert.equal(fromCff.kind === 'unreadable' ? fromCff.detail : fromCff.recordings[0].calibration, word);
  const { calibration: _unsaid, ...silent } = recording;
  const unsaid = parseWaveformCsv(formatWaveformCsv(silent));
  assert.equal(unsaid.kind === 'recording' ? unsaid.recording.calibration : unsaid.detail, undefined);
});
