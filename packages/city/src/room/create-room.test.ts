import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRoom } from './create-room.ts';
import type { RoomSpec, RoomSensor } from './room-spec.ts';

const START = Date.UTC(2026, 10, 21, 2);
const room = (sensor: RoomSensor, spec: Partial<RoomSpec> = {}): RoomSpec => ({ sensors: [sensor], ...spec });

test('a room gives the values of its sensors only', () => {
  assert.deepEqual(Object.keys(createRoom(room('gas'), 1, START).at(START)), ['lelPct']);
  const all = createRoom({ sensors: ['smoke', 'heat', 'gas'] }, 1, START).at(START);
  assert.deepEqual(Object.keys(all), ['obscurationPctPerM', 'temperatureC', 'lelPct']);
});

test('values depend on seed and instant, not on how often the room is asked', () => {
  const spec: RoomSpec = { sensors: ['smoke', 'heat', 'gas'], faults: [{ kind: 'smouldering', atMs: 20_000 }] };
  const often = createRoom(spec, 4, START);
  for (let s = 0; s < 180; s++) often.at(START + s * 1000 + (s % 7) * 100);
  assert.deepEqual(often.at(START + 180_000), createRoom(spec, 4, START).at(START + 180_000));
  assert.notDeepEqual(createRoom(spec, 5, START).at(START + 180_000), often.at(START + 180_000));
});

test('a calm day stays calm: clean air, room temperature, no gas', () => {
  const calm = createRoom({ sensors: ['smoke', 'heat', 'gas'], ambientC: 22 }, 3, START);
  for (let minute = 0; minute <= 24 * 60; minute += 5) {
    const { obscurationPctPerM = NaN, temperatureC = NaN, lelPct = NaN } = calm.at(START + minute * 60_000);
    assert.ok(obscurationPctPerM >= 0 && obscurationPctPerM < 0.6, `smoke ${obscurationPctPerM} %/m`);
    assert.ok(temperatureC > 18.5 && temperatureC < 25.5, `temperature ${temperatureC} °C`);
    assert.ok(lelPct >= 0 && lelPct < 2.5, `gas ${lelPct} %LEL`);
  }
});

test('smoke of a constant source follows the well-mixed room: C = S/(λV)·(1 − e^−λt)', () => {
  const spec = room('smoke', { volumeM3: 60, airChangesPerHour: 6 });
  const smoke = createRoom(spec, 1, START);
  smoke.inject({ kind: 'smouldering', smokeGPerS: 0.02, riseMs: 0 });
  for (const seconds of [300, 600, 3600]) {
    // 4.4 m²/g of pyrolysis smoke; the entry lag of 12 s shifts the curve by as much.
    const removal = 6 / 3600;
    const extinction = ((4.4 * 0.02) / 60 / removal) * (1 - Math.exp(-removal * (seconds - 12)));
    const expected = 100 * (1 - Math.exp(-extinction));
    const { obscurationPctPerM = NaN } = smoke.at(START + seconds * 1000);
    assert.ok(
      Math.abs(obscurationPctPerM - expected) < 0.6,
      `${seconds} s: ${obscurationPctPerM}, expected ${expected} %/m`,
    );
  }
});

test('a gas leak settles where inflow and ventilation balance: q / (q + λV) of the volume it fills', () => {
  const spec = room('gas', { volumeM3: 50, gasMixingRatio: 1, airChangesPerHour: 20 });
  const gas = createRoom(spec, 1, START);
  gas.inject({ kind: 'gasLeak', litresPerS: 5 });
  const { lelPct = NaN } = gas.at(START + 3_600_000);
  const share = 0.005 / (0.005 + (20 / 3600) * 50);
  assert.ok(Math.abs(lelPct - (100 * share) / 0.05) < 2, `${lelPct} %LEL, expected ${(100 * share) / 0.05}`);
});

test('a big leak saturates the sensor, and airing the room after the end brings it down', () => {
  const gas = createRoom(room('gas', { volumeM3: 15 }), 1, START);
  const id = gas.inject({ kind: 'gasLeak', litresPerS: 20 });
  assert.equal(gas.at(START + 600_000).lelPct, 100);
  assert.equal(gas.clear(id), 1);
  const { lelPct = NaN } = gas.at(START + 600_000 + 840_000);
  assert.ok(lelPct < 10, `${lelPct} %LEL after 14 minutes of airing`);
});

test('a flaming fire passes 57 °C at the detector, the faster fire earlier', () => {
  const timeTo57 = (growth: 'medium' | 'fast'): number => {
    const heat = createRoom(room('heat'), 1, START);
    heat.inject({ kind: 'flaming', growth, maxKw: 1000 });
    for (let s = 0; s < 600; s++) if ((heat.at(START + s * 1000).temperatureC ?? 0) > 57) return s;
    return Infinity;
  };
  const [medium, fast] = [timeTo57('medium'), timeTo57('fast')];
  assert.ok(fast < medium && medium < 300, `medium ${medium} s, fast ${fast} s`);
  // No detector answers before the gas around it: Alpert alone gives 34 K at about 96 kW, 45 s into a fast fire.
  assert.ok(fast > 45, `fast ${fast} s`);
});

test('rooms and faults that make no sense are refused, and so is time running backwards', () => {
  assert.throws(() => createRoom({ sensors: [] }, 1), /room\.sensors: count is 0/);
  assert.throws(() => createRoom(room('gas', { volumeM3: 0 }), 1), /room\.volumeM3 is 0, expected 1/);
  const smoke = createRoom(room('smoke'), 1, START);
  assert.throws(() => smoke.inject({ kind: 'smouldering', smokeGPerS: -1 }), /smokeGPerS is -1/);
  smoke.at(START + 5000);
  assert.throws(() => smoke.at(START + 1000), /expected time not to run backwards/);
});
