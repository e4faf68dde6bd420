import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rms } from '../../test/measure.ts';
import { createDemoBoard, createDemoDevice } from './create-demo-device.ts';
import { createDemoCity } from './create-demo-city.ts';
import type { DemoDeviceEntry } from './demo-device-entry.ts';
import { demoScript, type DemoEvent } from './demo-script.ts';

const START = Date.UTC(2026, 10, 21, 2);
const city = createDemoCity(1);
const script = demoScript(city, 1);

function entryOf({ deviceId }: DemoEvent): DemoDeviceEntry {
  const entry = city.devices.find(({ id }) => id === deviceId);
  assert.ok(entry, deviceId);
  return entry;
}

test('the script is the same for the same seed, in order of time', () => {
  assert.deepEqual(demoScript(city, 1), script);
  assert.ok(script.every((event, i) => event.atMs >= (script[i - 1]?.atMs ?? 0)));
});

for (const seed of [1, 2, 3, 4, 5]) {
  test(`seed ${seed}: the first event comes after 20 to 40 s on a live waveform, every kind within ten minutes`, () => {
    const events = demoScript(createDemoCity(seed), seed);
    const [first] = events;
    assert.ok(first !== undefined && first.atMs >= 20_000 && first.atMs <= 40_000);
    const early = new Set(events.filter(({ atMs }) => atMs < 540_000).map(({ fault }) => fault.kind));
    for (const kind of ['overload', 'seriesArc', 'risingLeakage', 'looseTerminal', 'smouldering', 'gasLeak'] as const) {
      assert.ok(early.has(kind), kind);
    }
  });
}

test('after the opening an event comes every few minutes; each ends; no device has two at a time', () => {
  const later = script.filter(({ atMs }) => atMs >= 900_000);
  for (const [i, { atMs }] of later.entries()) {
    const gapMs = atMs - (later[i - 1]?.atMs ?? atMs - 300_000);
    assert.ok(gapMs >= 240_000 && gapMs <= 480_000, `gap of ${gapMs} ms`);
  }
  for (const event of script) {
    assert.ok(event.durationMs > 0 && event.durationMs <= 300_000);
    const overlapping = script.filter(
      (o) =>
        o !== event && o.deviceId === event.deviceId && o.atMs < event.atMs + event.durationMs && o.atMs >= event.atMs,
    );
    assert.deepEqual(overlapping, []);
  }
});

/** Worst value of the quantity a fault moves during its time, over the circuit's limit or the sensor's alarm value. */
function worstOverLimit(event: DemoEvent): number {
  const entry = entryOf(event);
  const { fault } = event;
  const circuitOf = (): string => ('circuit' in fault ? fault.circuit : '');
  const device = createDemoDevice(entry, 1, START, { script });
  let worst = 0;
  for (let s = 0; s <= event.durationMs / 1000; s += 5) {
    const values = device.at(START + event.atMs + s * 1000);
    const value = (id: string): number => values[id] ?? NaN;
    const ratedA =
      entry.simulation.kind === 'terminal'
        ? (entry.simulation.circuits.find(({ id }) => id === circuitOf())?.ratedA ?? NaN)
        : NaN;
    const overLimit = {
      overload: () => value(`${circuitOf()}.currentA`) / (1.45 * ratedA),
      risingLeakage: () => value(`${circuitOf()}.residualCurrentMa`) / 500,
      looseTerminal: () => value(`${circuitOf().replace('c', 't')}.temperatureC`) / 85,
      smouldering: () => value('smoke.obscurationPctPerM') / 10.9,
      gasLeak: () => value('gas.lelPct') / 50,
      flaming: () => value('heat.temperatureC') / 57,
      // Arcs are in waveforms alone; a summarised device never has one.
      seriesArc: () => 0,
      parallelArc: () => 0,
      neighbourArc: () => 0,
    }[fault.kind]();
    worst = Math.max(worst, overLimit);
  }
  return worst;
}

test('every scripted fault of a summarised device passes the level at which it is an alarm', () => {
  const summarised = script.slice(0, 60).filter((event) => !entryOf(event).simulation.waveform);
  assert.ok(summarised.length > 30);
  for (const event of summarised) {
    const worst = worstOverLimit(event);
    assert.ok(worst > 1, `${event.deviceId} ${event.fault.kind}: ${worst} of the alarm level`);
  }
});

test('the opening overload and the loose terminal show on their waveform boards', () => {
  for (const kind of ['overload', 'looseTerminal'] as const) {
    const event = script.find(({ fault }) => fault.kind === kind);
    assert.ok(event !== undefined && 'circuit' in event.fault);
    const entry = entryOf(event);
    assert.ok(entry.simulation.kind === 'board');
    // The event alone, moved to the start: no need to simulate the minutes before it.
    const moved = { ...event, atMs: 0, fault: { ...event.fault, atMs: 0 } };
    const board = createDemoBoard(entry, 1, START, { script: [moved] });
    const index = board.circuits.indexOf(event.fault.circuit);
    board.next(6400 * (kind === 'overload' ? 5 : 60));
    const block = board.next(6400);
    if (kind === 'overload') {
      const ratedA = entry.simulation.circuits[index]?.ratedA ?? NaN;
      assert.ok(rms(block.circuits[index]?.currentA ?? new Float64Array()) > 1.45 * ratedA);
    } else {
      assert.ok((block.temperaturesC[index] ?? 0) > 85, `${block.temperaturesC[index]} °C`);
    }
  }
});

test('arcs are scripted on waveform boards alone, and burn there', () => {
  const arcs = script.filter(({ fault }) => fault.kind === 'seriesArc');
  assert.ok(arcs.length > 5 && arcs.every((event) => entryOf(event).simulation.waveform));
  const [event] = arcs;
  assert.ok(event && 'circuit' in event.fault);
  const moved = { ...event, atMs: 0, fault: { ...event.fault, atMs: 0 } };
  const board = createDemoBoard(entryOf(event), 1, START, { script: [moved] });
  board.next(6400 * 2);
  assert.ok(board.arcHalfCycles(event.fault.circuit).length > 28, 'more than the 14 half-cycles a second that count');
});

test('a bicycle is charged in the first of the nine-small places, and its charger is on after the opening overload', () => {
  const entry = city.devices.find(({ simulation }) => {
    return simulation.kind === 'board' && simulation.spec.circuits.some(({ loads }) => loads.some(isIndoorCharger));
  });
  const venue = city.venues.find(({ id }) => id === entry?.venueId);
  assert.ok(entry && venue?.class === 'nineSmall');
});

function isIndoorCharger({ id, kind }: { readonly id: string; readonly kind: string }): boolean {
  return id === 'indoorEBike' && kind === 'eBikeCharger';
}
