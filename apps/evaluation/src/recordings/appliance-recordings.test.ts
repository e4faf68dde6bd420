import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { createRandom } from '@fengsui/fingerprint';
import { EvaluationError } from '../suite.ts';
import { readApplianceFolder } from './appliance-recordings.ts';
import { composeSwitching } from './composed-switching.ts';
import { recordingFolds } from './recording-folds.ts';
import { readSwitchingClips } from './switching-clips.ts';

const folders: string[] = [];
after(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))));

async function scratchFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'fengsui-evaluate-'));
  folders.push(folder);
  return folder;
}

async function folderWith(index: unknown, file: string, codes: Int16Array): Promise<string> {
  const folder = await scratchFolder();
  await writeFile(join(folder, 'index.json'), JSON.stringify(index));
  await writeFile(join(folder, file), new Uint8Array(codes.buffer));
  return folder;
}

/** A resistor of 50 Ω at 200 V peak with an offset on both channels; scales 100 codes/A and 20 codes/V. */
function resistorFolder(frames: number): Promise<string> {
  const codes = new Int16Array(2 * (frames + 5));
  for (let n = 0; n < frames; n++) {
    const voltageV = 200 * Math.sin((2 * Math.PI * 50 * n) / 6400);
    codes[2 * (n + 5)] = Math.round((voltageV / 50) * 100) + 7;
    codes[2 * (n + 5) + 1] = Math.round(voltageV * 20) - 3;
  }
  const recording = { id: 'r', label: 'kettle', rec: 4, offset_frames: 5, frames, more: 'ignored' };
  const index = { sample_rate_hz: 6400, mains_hz: 50, scale_current: 100, scale_voltage: 20, recordings: [recording] };
  return folderWith(index, 'waves.i16le.bin', codes);
}

test('a recording is read by its offset and scales, its mean taken off, and cut at rising zeros', async () => {
  const { recordings, skipped } = await readApplianceFolder(await resistorFolder(6400));
  assert.deepEqual(skipped, []);
  const [recording] = recordings;
  assert.deepEqual([recording?.label, recording?.rec], ['kettle', 4]);
  assert.ok((recording?.cycles.length ?? 0) >= 45, String(recording?.cycles.length));
  for (const { voltageV, currentA } of recording?.cycles ?? []) {
    assert.ok(Math.abs((voltageV[32] ?? NaN) - 200) < 0.5, 'the peak lies a quarter behind the rising zero');
    assert.ok(Math.abs((currentA[32] ?? NaN) - 4) < 0.02);
  }
});

test('too short a recording is skipped, a file shorter than its index refused', async () => {
  const brief = await resistorFolder(1000);
  await assert.rejects(readApplianceFolder(brief), /no recording that can be used/);
  const folder = await resistorFolder(6400);
  await writeFile(join(folder, 'waves.i16le.bin'), new Uint8Array(100));
  await assert.rejects(readApplianceFolder(folder), (error: unknown) => {
    return error instanceof EvaluationError && /100 bytes, expected at least 25620/.test(error.message);
  });
});

test('clips are read by the constants of their format', async () => {
  const codes = Int16Array.from({ length: 2 * 3 * 4 * 2 }, (_, k) => k);
  const clip = { id: 1, target: 'fan', target_rec: 2, direction: 'off', event_cycle: 1, background: [['kettle', 9]] };
  const index = { mains_hz: 50, samples_per_cycle: 4, cycles: 3, clips: [{ ...clip, id: 0 }, clip] };
  const folder = await folderWith(index, 'clips.i16le.bin', codes);
  const [, second] = await readSwitchingClips(folder);
  assert.equal(second?.cycles.length, 3);
  // Clip 1, cycle 2, sample 3: frame 2·… of 12 frames per clip.
  const frame = 12 + 2 * 4 + 3;
  assert.ok(Math.abs((second?.cycles[2]?.currentA[3] ?? NaN) - 2 * frame * 0.002) < 1e-12);
  assert.ok(Math.abs((second?.cycles[2]?.voltageV[3] ?? NaN) - (2 * frame + 1) * 0.01) < 1e-12);
  assert.deepEqual(second?.background, [{ label: 'kettle', rec: 9 }]);
  await writeFile(join(folder, 'index.json'), JSON.stringify({ ...index, clips: [{ ...clip, background: [3] }] }));
  await assert.rejects(readSwitchingClips(folder), /clip 1: 3, expected \[label, rec\]/);
});

test('a composed switching holds the target on one side only, and the others on both', () => {
  const recording = (label: string, currentA: number) => ({
    id: label,
    label,
    rec: 1,
    cycles: [{ voltageV: new Float64Array(4).fill(1), currentA: new Float64Array(4).fill(currentA) }],
  });
  const request = {
    target: recording('a', 5),
    background: [recording('b', 2)],
    cyclesBefore: 2,
    cyclesAfter: 3,
    noiseA: 0,
  };
  const levels = (direction: 'on' | 'off'): (number | undefined)[] =>
    composeSwitching({ ...request, direction }, createRandom(1)).cycles.map(({ currentA }) => currentA[0]);
  assert.deepEqual(levels('on'), [2, 2, 7, 7, 7]);
  assert.deepEqual(levels('off'), [7, 7, 2, 2, 2]);
});

test('folds deal the recordings of each label evenly and keep a recording in one fold', () => {
  const recordings = ['a', 'b'].flatMap((label) => Array.from({ length: 10 }, (_, rec) => ({ label, rec })));
  const folds = recordingFolds([...recordings, { label: 'a', rec: 3 }], 5);
  assert.equal(folds.size, 20);
  for (const label of ['a', 'b']) {
    const own = Array.from({ length: 10 }, (_, rec) => folds.get(`${label}#${rec}`));
    for (let fold = 0; fold < 5; fold++) assert.equal(own.filter((other) => other === fold).length, 2);
  }
});
