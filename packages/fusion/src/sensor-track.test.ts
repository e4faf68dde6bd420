import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SensorTrack, type SensorTrackState } from './sensor-track.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;

test('read once a minute, half of a rise lies in the window of half a minute: by hand, ln(1/15) + 3 K · 14/15', () => {
  const track = new SensorTrack('heat');
  for (let minute = 0; minute <= 10; minute++) track.take(minute * MINUTE_MS, 20);
  track.take(11 * MINUTE_MS, 26);
  assert.ok(Math.abs(track.llr(11 * MINUTE_MS) - (Math.log(1 / 15) + (3 * 14) / 15)) < 1e-12);
});

test('a hall that is 25 K warmer a season later has no failing sensor, and sees a fire as before', () => {
  const track = new SensorTrack('heat');
  const days = 90;
  for (let hour = 0; hour <= days * 24; hour++) {
    track.take(hour * HOUR_MS, 5 + (25 * hour) / (days * 24) + 3 * Math.sin((2 * Math.PI * hour) / 24));
    assert.equal(track.fault(hour * HOUR_MS), undefined, `hour ${hour}`);
  }
  let at = days * 24 * HOUR_MS;
  for (let s = 0; s <= 30; s += 10) track.take((at += 10_000), 30 + 0.5 * s);
  assert.ok(track.llr(at) > 1);
});

test('how noisy a sensor is does not depend on how often it is read', () => {
  for (const everyMs of [2_000, 60_000]) {
    const track = new SensorTrack('smoke');
    for (let i = 0; i <= 300; i++) track.take(i * everyMs, 0.2 + 0.1 * (i % 2));
    // |0.3 - 2 · 0.2 + 0.3| / √6
    assert.ok(Math.abs((track.state?.noise ?? 0) - 0.2 / Math.sqrt(6)) < 0.001, `${everyMs}`);
  }
});

test('continued from its state it says what it would have said', () => {
  const value = (i: number): number => 0.2 + 0.05 * Math.sin(i) + Math.max(0, i - 300) * 0.1;
  const whole = new SensorTrack('smoke');
  let continued = new SensorTrack('smoke');
  for (let i = 0; i <= 340; i++) {
    whole.take(i * 2_000, value(i));
    continued.take(i * 2_000, value(i));
    if (i % 37 === 5)
      continued = new SensorTrack('smoke', JSON.parse(JSON.stringify(continued.state)) as SensorTrackState);
  }
  assert.deepEqual(continued.state, whole.state);
  assert.ok(whole.llr(340 * 2_000) > 1);
});
