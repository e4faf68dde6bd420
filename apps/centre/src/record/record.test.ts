import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import fc from 'fast-check';
import { propertySettings } from '../platform/property-settings.fixture.ts';
import { Registry } from '../registry/registry.ts';
import type { Scope } from '../access/scope.ts';
import {
  act,
  captureChunks,
  chunkReport,
  event,
  house,
  registryChange,
  T0,
  telemetry,
  unreadable,
} from '../situation/entries.fixture.ts';
import { Rooms } from '../situation/rooms.fixture.ts';
import { alarmHistory, findAlarm, listAlarms } from './alarm-history.ts';
import { findCapture, listCaptures, readSamples, summaryOf } from './captures.ts';
import { listLateHazards, listQuarantine } from './report-quality.ts';
import type { SeriesRow } from './series-row.ts';
import { readSeries } from './series.ts';

const all: Scope = { venues: 'all' };
const first: Scope = { venues: ['V1'] };
const second: Scope = { venues: ['V2'] };
const none: Scope = { venues: [] };

let folder: string;
let rooms: Rooms;

const arc = (deviceId: string, offset: number, level: 'warning' | 'alarm' = 'alarm', kind = 'arc') =>
  event(deviceId, { at: T0 + offset, kind, point: 'c1', active: true, level }, { receivedAt: T0 + offset });

before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'fengsui-record-'));
  rooms = await Rooms.open(folder);
  rooms.worker.start();
  await rooms.take('alarm', registryChange(house));
  // Two pairs are raised in the same millisecond: a page must not end between them and lose one.
  await rooms.take('alarm', arc('D1', 1), arc('D2', 1), arc('D9', 2), arc('D1', 3, 'warning', 'overload'));
  await rooms.take('alarm', arc('D2', 3, 'alarm', 'smoke'), arc('D1', 4, 'warning', 'tamper'));
  const late = { live: false, receivedAt: T0 + 10 };
  const hot = (deviceId: string, seq: number) =>
    telemetry(deviceId, { epoch: 'late', seq, at: T0, values: { 't1.temperatureC': 75 + seq } }, late);
  await rooms.take('bulk', ...[1, 2, 3].map((seq) => hot('D1', seq)), hot('D9', 1));
  await rooms.take('bulk', ...[1, 2, 3].map((i) => unreadable('D1', `garbage ${i}`)), unreadable('D9', 'garbage'));
  await rooms.take('bulk', ...captureChunks([1, -2, 3, -4], 2).map((chunk) => chunkReport('D1', 'whole', chunk)));
  const [, middle = new Uint8Array(), end = new Uint8Array()] = captureChunks([5, 6, 7, 8, 9, 10], 3, { seq: 2 });
  await rooms.take('bulk', chunkReport('D1', 'headless', middle), chunkReport('D1', 'headless', end));
  const [start = new Uint8Array(), , tail = new Uint8Array()] = captureChunks([5, 6, 7, 8, 9, 10], 3, { seq: 3 });
  await rooms.take('bulk', chunkReport('D9', 'gap', start, { receivedAt: T0 + 1 }), chunkReport('D9', 'gap', tail));
});
after(async () => {
  await rooms.close();
  await rm(folder, { recursive: true, force: true });
});

type SeriesSample = { readonly at: number; readonly value: number | null };

/** The oracle: what every bucket holds, in plain words. */
function envelope(samples: readonly SeriesSample[], from: number, to: number, maxPoints: number): SeriesRow[] {
  const inside = samples.filter(({ at, value }) => value !== null && at >= from && at < to);
  if (inside.length <= maxPoints) return inside.map(({ at, value }) => [at, value ?? 0, value ?? 0, value ?? 0]);
  const width = Math.ceil((to - from) / maxPoints);
  const rows: SeriesRow[] = [];
  for (let start = from; start < to; start += width) {
    const bucket = inside.filter(({ at }) => at >= start && at < start + width).map(({ value }) => value ?? 0);
    if (bucket.length > 0) rows.push([start, Math.min(...bucket), Math.max(...bucket), bucket.at(-1) ?? 0]);
  }
  return rows;
}

test('a series is the raw samples, or the lowest, highest and last of every bucket; gaps have no row', async () => {
  const registry = new Registry();
  for (const change of house) registry.apply(change);
  const points = registry.model('generic-terminal')?.points ?? [];
  const column = points.findIndex(({ id }) => id === 'c3.currentA');
  let run = 0;
  const series = fc.record({
    gaps: fc.array(fc.integer({ min: 1, max: 5_000 }), { minLength: 1, maxLength: 80 }),
    values: fc.infiniteStream(fc.option(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { freq: 8 })),
    from: fc.integer({ min: -10_000, max: 100_000 }),
    lengthMs: fc.integer({ min: 1, max: 300_000 }),
    maxPoints: fc.integer({ min: 1, max: 40 }),
  });
  await fc.assert(
    fc.asyncProperty(series, async ({ gaps, values, from, lengthMs, maxPoints }) => {
      const begin = T0 + ++run * 10_000_000;
      let at = begin;
      const samples = gaps.map((gap): SeriesSample => {
        const next = values.next();
        return { at: (at += gap), value: next.done === true ? null : next.value };
      });
      await rooms.store.commit([
        {
          kind: 'copy',
          table: 'telemetry',
          columns: [
            ['partition', 'int2'],
            ['venue_id', 'text'],
            ['origin', 'text'],
            ['device_id', 'text'],
            ['epoch', 'text'],
            ['row_index', 'int4'],
            ['at', 'int8'],
            ['received_at', 'int8'],
            ['model', 'text'],
            ['model_version', 'int2'],
            ['live', 'bool'],
            ['digest', 'bytea'],
            ['values', 'float8[]'],
          ],
          // In any order of storage.
          rows: [...samples]
            .reverse()
            .map((sample) => [
              0,
              'V1',
              'live',
              'D2',
              '',
              0,
              sample.at,
              sample.at,
              'generic-terminal',
              1,
              true,
              new Uint8Array(),
              points.map((_, index) => (index === column ? sample.value : null)),
            ]),
        },
      ]);
      const range = { from: begin + from, to: begin + from + lengthMs };
      const found = await readSeries(first, rooms.store, rooms.situation.registry, {
        deviceId: 'D2',
        pointId: 'c3.currentA',
        ...range,
        maxPoints,
      });
      const expected = envelope(samples, range.from, range.to, maxPoints);
      assert.deepEqual(found?.items, expected);
      assert.ok(expected.length <= maxPoints);
      const count = samples.filter((s) => s.value !== null && s.at >= range.from && s.at < range.to).length;
      assert.equal(found.downsampled === 1, count <= maxPoints);
    }),
    propertySettings(60),
  );
});

test('a series of an unknown point or device, or of another’s venue, does not exist', async () => {
  const query = { deviceId: 'D9', pointId: 'c1.currentA', from: 0, to: 1, maxPoints: 10 };
  const read = (scope: Scope, change: object) =>
    readSeries(scope, rooms.store, rooms.situation.registry, { ...query, ...change });
  assert.deepEqual(await read(second, {}), { items: [], downsampled: 1, resolutionMs: 0, source: 'raw' });
  assert.equal(await read(first, {}), undefined);
  assert.equal(await read(none, {}), undefined);
  assert.equal(await read(all, { pointId: 'c9.currentA' }), undefined);
  assert.equal(await read(all, { deviceId: 'D404' }), undefined);
});

const pageThrough = async (scope: Scope, limit: number): Promise<string[]> => {
  const seen: string[] = [];
  let position: { raisedAt: number; id: string } | undefined;
  for (;;) {
    const page = await listAlarms(scope, rooms.store, { limit, ...(position !== undefined && { after: position }) });
    seen.push(...page.map(({ id }) => id));
    const last = page.at(-1);
    if (last === undefined) return seen;
    position = { raisedAt: Date.parse(last.raisedAt), id: last.id };
  }
};

test('pages of alarms are the whole list, newest first, none twice, none left out', async () => {
  const whole = await listAlarms(all, rooms.store, { limit: 1_000 });
  assert.equal(whole.length, 6);
  const raised = whole.map(({ raisedAt }) => Date.parse(raisedAt) - T0);
  assert.deepEqual(raised, [4, 3, 3, 2, 1, 1]);
  for (const limit of [1, 2, 3, 5, 6, 7])
    assert.deepEqual(
      await pageThrough(all, limit),
      whole.map(({ id }) => id),
    );
});

test('alarms are found by state, category, venue and device, within the scope alone', async () => {
  const kinds = async (scope: Scope, query: object) =>
    (await listAlarms(scope, rooms.store, { limit: 100, ...query })).map(({ kind, deviceId }) => `${deviceId} ${kind}`);
  assert.deepEqual(await kinds(all, { category: 'fire' }), ['D2 smoke']);
  assert.deepEqual(await kinds(all, { category: 'supervisory', deviceId: 'D1' }), ['D1 tamper']);
  assert.deepEqual(await kinds(all, { venueId: 'V2' }), ['D9 arc']);
  assert.deepEqual(await kinds(first, { venueId: 'V2' }), []);
  assert.deepEqual(await kinds(second, {}), ['D9 arc']);
  assert.deepEqual(await kinds(none, {}), []);
  assert.deepEqual(await kinds(all, { states: ['acknowledged'] }), []);
  assert.equal((await kinds(all, { states: ['unacknowledged', 'normal'] })).length, 6);
});

test('an ended alarm is in the history and in the list of its state, not among the open ones', async () => {
  const [tamper] = await listAlarms(all, rooms.store, { limit: 1, category: 'supervisory' });
  assert.ok(tamper);
  const ends = event(
    'D1',
    { at: T0 + 50, kind: 'tamper', point: 'c1', active: false, level: 'warning' },
    { receivedAt: T0 + 50 },
  );
  await rooms.take('alarm', ends, act(tamper.id, { kind: 'acknowledge', note: 'cover closed' }, { at: T0 + 60 }));
  assert.deepEqual(await listAlarms(all, rooms.store, { limit: 9, category: 'supervisory' }), []);
  const [ended] = await listAlarms(all, rooms.store, { limit: 9, states: ['normal'] });
  assert.deepEqual([ended?.id, ended?.state], [tamper.id, 'normal']);
  assert.deepEqual(
    (await alarmHistory(first, rooms.store, tamper.id)).map(({ at, kind, by, note }) => [
      Date.parse(at) - T0,
      kind,
      by,
      note,
    ]),
    [
      [4, 'raised', undefined, undefined],
      [50, 'returned', undefined, undefined],
      [60, 'acknowledged', 'operator1', 'cover closed'],
      [60, 'ended', undefined, undefined],
    ],
  );
});

test('an alarm and its history are not there for who may not see its venue', async () => {
  const [alarm] = await listAlarms(second, rooms.store, { limit: 1 });
  assert.ok(alarm);
  assert.deepEqual(await findAlarm(second, rooms.store, alarm.id), alarm);
  for (const scope of [first, none]) {
    assert.equal(await findAlarm(scope, rooms.store, alarm.id), undefined);
    assert.deepEqual(await alarmHistory(scope, rooms.store, alarm.id), []);
  }
});

test('captures come newest first, by device and venue, within the scope alone', async () => {
  const ids = async (scope: Scope, query: object = {}) =>
    (await listCaptures(scope, rooms.store, { limit: 100, ...query })).map(({ id }) => id);
  assert.deepEqual(await ids(all), ['D9:gap', 'D1:whole', 'D1:headless']);
  assert.deepEqual(await ids(all, { limit: 1 }), ['D9:gap']);
  assert.deepEqual(await ids(all, { before: [T0 + 1, 'D9:gap'] }), ['D1:whole', 'D1:headless']);
  assert.deepEqual(await ids(all, { before: [T0, 'D1:whole'] }), ['D1:headless']);
  assert.deepEqual(await ids(first, { deviceId: 'D9' }), []);
  assert.deepEqual(await ids(first, { venueId: 'V2' }), []);
  assert.deepEqual(await ids(second), ['D9:gap']);
  assert.deepEqual(await ids(none), []);
});

test('the samples are code · scale + offset, and of a gap what lies before it', async () => {
  const samples = await readSamples(first, rooms.store, 'D1:whole');
  assert.deepEqual(samples, {
    sampleRateHz: 6_400,
    mainsHz: 50,
    triggerFrame: 0,
    channels: [{ point: 'c1.currentA', unit: 'A', values: [1.5, 0, 2.5, -1] }],
  });
  const gap = await readSamples(second, rooms.store, 'D9:gap');
  assert.deepEqual(gap?.channels[0]?.values, [3.5, 4]);
  assert.equal(await readSamples(all, rooms.store, 'D1:headless'), undefined, 'without its header nobody can read it');
  for (const scope of [second, none]) {
    assert.equal(await readSamples(scope, rooms.store, 'D1:whole'), undefined);
    assert.equal(await findCapture(scope, rooms.store, 'D1:whole'), undefined);
  }
});

test('the summary of a capture says what it is and what is missing', async () => {
  const whole = await findCapture(all, rooms.store, 'D1:whole');
  assert.ok(whole);
  const { sha256, ...summary } = summaryOf(whole);
  assert.match(sha256 ?? '', /^[0-9a-f]{64}$/);
  assert.deepEqual(summary, {
    id: 'D1:whole',
    deviceId: 'D1',
    captureId: 'whole',
    venueId: 'V1',
    origin: 'live',
    receivedAt: new Date(T0).toISOString(),
    complete: true,
    chunksReceived: 2,
    chunkCount: 2,
    at: new Date(T0).toISOString(),
    sampleRateHz: 6_400,
    frames: 4,
    mainsHz: 50,
    triggerFrame: 0,
    points: ['c1.currentA'],
  });
  const headless = await findCapture(all, rooms.store, 'D1:headless');
  assert.ok(headless);
  const { complete, chunksReceived, chunkCount, points, at } = summaryOf(headless);
  assert.deepEqual(
    { complete, chunksReceived, chunkCount, points, at },
    {
      complete: false,
      chunksReceived: 2,
      chunkCount: 3,
      points: [],
      at: undefined,
    },
  );
});

test('quarantine and late hazards come in pages, newest first, within the scope alone', async () => {
  for (const list of [listQuarantine, listLateHazards]) {
    const whole = await list(all, rooms.store, { limit: 100 });
    assert.equal(whole.length, 4, list.name);
    const paged = [];
    for (let before: readonly [number, number] | undefined; ;) {
      const [next] = await list(all, rooms.store, { limit: 1, ...(before !== undefined && { before }) });
      if (next === undefined) break;
      paged.push(next);
      before = next.position;
    }
    assert.deepEqual(paged, whole);
    const devices = async (scope: Scope, query: object = {}) =>
      (await list(scope, rooms.store, { limit: 100, ...query })).map(({ item }) => item.deviceId);
    assert.deepEqual(await devices(second), ['D9']);
    assert.deepEqual(await devices(first, { deviceId: 'D9' }), []);
    assert.deepEqual(await devices(none), []);
  }
  const [{ item: message } = assert.fail()] = await listQuarantine(all, rooms.store, { limit: 1 });
  assert.deepEqual(
    { ...message, payloadBase64: Buffer.from(message.payloadBase64, 'base64').toString() },
    {
      deviceId: 'D9',
      venueId: 'V2',
      origin: 'live',
      receivedAt: new Date(T0).toISOString(),
      topic: 'fengsui/v1/D9/telemetry',
      reason: 'notJson',
      payloadBase64: 'garbage',
    },
  );
  const [{ item: hazard } = assert.fail()] = await listLateHazards(second, rooms.store, { limit: 1 });
  assert.deepEqual(hazard, {
    deviceId: 'D9',
    venueId: 'V2',
    origin: 'live',
    point: 't1.temperatureC',
    kind: 'overTemperature',
    level: 'warning',
    at: T0,
    receivedAt: new Date(T0 + 10).toISOString(),
    value: 76,
    threshold: 70,
  });
});
