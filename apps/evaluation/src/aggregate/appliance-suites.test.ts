import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { createRandom } from '@fengsui/fingerprint';
import { runSuite } from '../run-suite.ts';

type Wave = (angle: number) => number;

/** Currents in A over the angle of the voltage: a resistor, a motor that lags, a rectifier with narrow peaks. */
const waves: Readonly<Record<string, Wave>> = {
  kettle: (angle) => 12 * Math.sin(angle),
  range_hood: (angle) => 1.5 * Math.sin(angle - 0.7) + 0.12 * Math.sin(3 * angle),
  laptop: (angle) => 0.6 * (Math.sin(angle) - 0.8 * Math.sin(3 * angle) + 0.5 * Math.sin(5 * angle)),
};

const labels = Object.keys(waves);
const recordingCount = 10;
let recordings = '';
let clips = '';

before(async () => {
  recordings = await writeRecordings();
  clips = await writeClips();
});

const folders: string[] = [];
after(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))));

async function scratchFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'fengsui-evaluate-'));
  folders.push(folder);
  return folder;
}

async function writeRecordings(): Promise<string> {
  const folder = await scratchFolder();
  const random = createRandom(1);
  const frames = 6400;
  const codes = new Int16Array(2 * frames * labels.length * recordingCount);
  const list = labels.flatMap((label, l) => {
    return Array.from({ length: recordingCount }, (_, rec) => {
      const offset = (l * recordingCount + rec) * frames;
      const factor = 0.99 + 0.02 * random();
      for (let n = 0; n < frames; n++) {
        const angle = (2 * Math.PI * n) / 128;
        codes[2 * (offset + n)] = Math.round(500 * (factor * (waves[label]?.(angle) ?? 0) + 0.005 * (random() - 0.5)));
        codes[2 * (offset + n) + 1] = Math.round(50 * 311 * Math.sin(angle));
      }
      return { id: `${label}-${rec}`, label, rec, offset_frames: offset, frames };
    });
  });
  const scales = { scale_current: 500, scale_voltage: 50 };
  const index = { sample_rate_hz: 6400, mains_hz: 50, ...scales, recordings: list };
  await writeFile(join(folder, 'index.json'), JSON.stringify(index));
  await writeFile(join(folder, 'waves.i16le.bin'), new Uint8Array(codes.buffer));
  return folder;
}

/** 12 clips that cite recordings 0 … 3 of each label, and one of a load that no recording shows. */
async function writeClips(): Promise<string> {
  const folder = await scratchFolder();
  const random = createRandom(2);
  const cycleCount = 40;
  const robot: Wave = (angle) => 4 * Math.sin(angle + 1.2);
  const list = Array.from({ length: 13 }, (_, id) => {
    const target = id === 12 ? 'robot' : (labels[id % 3] ?? '');
    const other = labels[(id + 1) % 3] ?? '';
    const background = id % 2 === 0 ? [] : [[other, 1]];
    return {
      id,
      target,
      target_rec: id % 4,
      direction: id % 3 === 0 ? 'off' : 'on',
      event_cycle: 15 + (id % 8),
      background,
    };
  });
  const codes = new Int16Array(2 * list.length * cycleCount * 128);
  for (const { id, target, direction, event_cycle: eventCycle, background } of list) {
    for (let n = 0; n < cycleCount * 128; n++) {
      const angle = (2 * Math.PI * n) / 128;
      const isOn = (direction === 'on') === n >= eventCycle * 128;
      const own = isOn ? (waves[target] ?? robot)(angle) : 0;
      const behind = background.reduce((sum, [label = '']) => sum + (waves[label]?.(angle) ?? 0), 0);
      const place = 2 * (id * cycleCount * 128 + n);
      codes[place] = Math.round((own + behind + 0.03 * (random() - 0.5)) / 0.002);
      codes[place + 1] = Math.round((311 * Math.sin(angle)) / 0.01 - 0.5);
    }
  }
  const index = { mains_hz: 50, samples_per_cycle: 128, cycles: cycleCount, clips: list };
  await writeFile(join(folder, 'index.json'), JSON.stringify(index));
  await writeFile(join(folder, 'clips.i16le.bin'), new Uint8Array(codes.buffer));
  return folder;
}

test('loads: kinds that differ plainly are all told, by folds of recordings', { timeout: 400_000 }, async () => {
  const { report } = await runSuite(['loads', '--train', recordings, '--test', recordings], () => undefined);
  assert.match(report.split, /5 folds by recording/);
  assert.equal(report.recordings, 30);
  assert.equal(report.metrics['typeAccuracy'], 1);
  assert.equal(report.metrics['typeMacroF1'], 1);
  assert.equal('unknownAuroc' in report.metrics, false, 'no label is unknown');
  // The shipped model never saw these formula loads; whatever it names it must name right.
  assert.ok((report.metrics['shippedFamilyAccuracy'] as number) > 0.5);
  assert.ok(!((report.metrics['shippedWrongNameRate'] as number) > 0.03));
});

test('aggregate: trains on what no clip cites, finds the events, names the loads', { timeout: 400_000 }, async () => {
  const { report } = await runSuite(['aggregate', '--train', recordings, '--test', clips], () => undefined);
  assert.match(report.split, /^trained on the 18 recordings/);
  assert.equal(report.recordings, 13);
  assert.equal(report.metrics['eventRecall'], 1);
  assert.equal(report.metrics['eventPrecision'], 1);
  assert.equal(report.metrics['loadAccuracyGivenEvent'], 1, 'the unknown robot is left out');
  assert.equal(report.metrics['loadAccuracyDetected'], 1);
  assert.equal(report.metrics['unknownAuroc'], 1);
  assert.equal('hobRecall' in report.metrics, false, 'no hob runs behind a clip');
});
