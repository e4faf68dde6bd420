import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createCaptureRecorder, defaultCaptureWindow, type CaptureCut } from './capture-recorder.ts';

const signal = { sampleRateHz: 6400, mainsHz: 50, channels: ['c1.currentA'] };

/** Frames 0 … count − 1, each with its own number as value. */
const ramp = (count: number): Float64Array => Float64Array.from({ length: count }, (_, frame) => frame);

function collect(play: (recorder: ReturnType<typeof createCaptureRecorder>) => void, isEnd = false): CaptureCut[] {
  const recorder = createCaptureRecorder(signal, defaultCaptureWindow);
  const cuts: CaptureCut[] = [];
  play(recorder);
  if (isEnd) recorder.finish((cut) => cuts.push(cut));
  else recorder.collect((cut) => cuts.push(cut));
  return cuts;
}

test('a window has 10 cycles before its trigger and 30 after it', () => {
  const cuts = collect((recorder) => {
    recorder.append([ramp(9000)], 0, 9000);
    recorder.trigger(5000);
  });
  const [cut] = cuts;
  assert.equal(cuts.length, 1);
  assert.deepEqual([cut?.startFrame, cut?.triggerFrame], [5000 - 1280, 1280]);
  assert.deepEqual(cut?.values, [ramp(9000).slice(3720, 5000 + 3840)]);
});

test('a window waits for its end', () => {
  const recorder = createCaptureRecorder(signal, defaultCaptureWindow);
  const cuts: CaptureCut[] = [];
  recorder.append([ramp(8840)], 0, 8839);
  recorder.trigger(5000);
  recorder.collect((cut) => cuts.push(cut));
  assert.equal(cuts.length, 0);
  recorder.append([ramp(8840)], 8839, 8840);
  recorder.collect((cut) => cuts.push(cut));
  assert.equal(cuts.length, 1);
});

test('a trigger near the start has what there was before it', () => {
  const [cut] = collect((recorder) => {
    recorder.append([ramp(6000)], 0, 6000);
    recorder.trigger(100);
  });
  assert.deepEqual([cut?.startFrame, cut?.triggerFrame, cut?.values[0]?.length], [0, 100, 3940]);
});

test('what is told as late as a soft start still has its window', () => {
  const cuts = collect((recorder) => {
    recorder.append([ramp(40_000)], 0, 40_000);
    // 210 cycles before the newest frame.
    assert.equal(recorder.trigger(40_000 - 210 * 128), 1);
  });
  assert.deepEqual([cuts[0]?.triggerFrame, cuts[0]?.values[0]?.length], [1280, 5120]);
});

test('a trigger whose samples are gone has no capture, and the others keep theirs', () => {
  const cuts = collect((recorder) => {
    recorder.append([ramp(100_000)], 0, 100_000);
    assert.equal(recorder.trigger(50_000), undefined);
    assert.equal(recorder.trigger(95_000), 1);
  });
  assert.deepEqual(
    cuts.map(({ number, triggerFrame }) => [number, triggerFrame]),
    [[1, 1280]],
  );
});

test('the end of the stream ends open windows', () => {
  const [cut] = collect((recorder) => {
    recorder.append([ramp(6000)], 0, 6000);
    recorder.trigger(5999);
  }, true);
  assert.deepEqual([cut?.triggerFrame, cut?.values[0]?.length], [1280, 1281]);
});

test('a trigger that an open window shows with 10 cycles before and 20 after takes part in it', () => {
  const recorder = createCaptureRecorder(signal, defaultCaptureWindow);
  recorder.append([ramp(5500)], 0, 5500);
  const first = recorder.trigger(5000);
  assert.equal(recorder.trigger(5000 + 1280), first);
  assert.notEqual(recorder.trigger(5000 + 1281), first);
  assert.notEqual(recorder.trigger(4999), first);
});

test('missing samples show the value before them', () => {
  const [cut] = collect((recorder) => {
    recorder.append([ramp(6000).map((value) => (value === 0 || value === 7 || value === 8 ? NaN : value))], 0, 6000);
    recorder.trigger(100);
  });
  assert.deepEqual([...(cut?.values[0]?.slice(0, 10) ?? [])], [1, 1, 2, 3, 4, 5, 6, 6, 6, 9]);
});
