import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { SeriesRow } from './client/api-client.ts';
import { ContractCentre } from './client/contract-centre.ts';
import { eventually } from './client/eventually.ts';

const POINT = 't1.temperatureC';
const HOUR_MS = 3_600_000;

let contract: ContractCentre;

before(async () => {
  contract = await ContractCentre.start();
});
after(() => contract.dispose());

const valued = (temperatureC: number): { values: Record<string, number> } => ({ values: { [POINT]: temperatureC } });

test('the same key with the same body is acknowledged and stored once', async () => {
  const device = await contract.device('identity-same');
  const report = { epoch: 'b7', seq: 812, at: Date.now(), ...valued(31.5) };
  for (let i = 0; i < 5; i++) await device.telemetry(report);
  const event = {
    epoch: 'b7',
    seq: 813,
    at: Date.now(),
    kind: 'overload',
    point: 'c1',
    active: true,
    level: 'warning',
  };
  for (let i = 0; i < 5; i++) await device.event(event);
  await contract.settle(device);
  assert.deepEqual(await contract.valuesOf('identity-same'), [31.5]);
  const alarms = await contract.api.alarmsOf('identity-same');
  assert.deepEqual(
    alarms.map(({ kind, count }) => [kind, count]),
    [['overload', 1]],
  );
});

test('the same key with another body is stored as well and raises the fault sequenceReset', async () => {
  const device = await contract.device('identity-conflict');
  const at = Date.now();
  await device.telemetry({ epoch: 'b7', seq: 5, at: at - 2_000, ...valued(20) });
  await device.telemetry({ epoch: 'b7', seq: 6, at: at - 1_000, ...valued(21) });
  await device.telemetry({ epoch: 'b7', seq: 5, at, ...valued(22) });
  const fault = await contract.raised('identity-conflict', 'sequenceReset');
  assert.equal(fault.category, 'fault');
  await contract.settle(device);
  assert.deepEqual(await contract.valuesOf('identity-conflict'), [20, 21, 22]);
});

test('a new epoch begins a new count, and a missing epoch is the empty one', async () => {
  const device = await contract.device('identity-epoch');
  const at = Date.now();
  await device.telemetry({ epoch: 'e1', seq: 1, at, ...valued(1) });
  await device.telemetry({ epoch: 'e2', seq: 1, at: at + 1, ...valued(2) });
  await device.telemetry({ seq: 1, at: at + 2, ...valued(3) });
  await contract.settle(device);
  assert.deepEqual(await contract.valuesOf('identity-epoch'), [1, 2, 3]);
  assert.equal(await contract.alarmOf('identity-epoch', 'sequenceReset'), undefined);
  await device.telemetry({ epoch: '', seq: 1, at: at + 3, ...valued(4) });
  await contract.raised('identity-epoch', 'sequenceReset');
  await contract.settle(device);
  assert.deepEqual(await contract.valuesOf('identity-epoch'), [1, 2, 3, 4]);
});

test('the counter goes to 2^53 - 1, and numbers may come in any order', async () => {
  const device = await contract.device('identity-order');
  const at = Date.now();
  for (const [index, seq] of [Number.MAX_SAFE_INTEGER, 0, 7, 3, 5, 4, 6, 3, 0].entries()) {
    await device.telemetry({
      epoch: 'x',
      seq,
      at: at - (seq % 1_000),
      ...valued(index > 6 ? (seq === 3 ? 3 : 1) : index),
    });
  }
  await contract.settle(device);
  // The last two repeat seq 3 and 0 with the values they had: duplicates.
  assert.deepEqual(await contract.valuesOf('identity-order'), [0, 1, 2, 3, 4, 5, 6]);
  assert.equal(await contract.alarmOf('identity-order', 'sequenceReset'), undefined);
});

test('without seq the same topic and payload within 60 s are one report', async () => {
  const device = await contract.device('identity-none');
  const report = JSON.stringify({ at: Date.now(), ...valued(33) });
  for (let i = 0; i < 4; i++) await device.send('telemetry', report);
  await device.send('telemetry', `${report} `);
  const event = { kind: 'tamper', point: '', active: true, level: 'warning' };
  for (let i = 0; i < 3; i++) await device.event(event);
  await contract.settle(device);
  assert.deepEqual(await contract.valuesOf('identity-none'), [33, 33], 'another payload is another report');
  assert.equal((await contract.alarmOf('identity-none', 'tamper'))?.count, 1);
});

test('the limits of what was received survive kill -9: resent reports are duplicates, changed ones are not', async () => {
  const device = await contract.device('identity-kill');
  const at = Date.now();
  const report = (seq: number, value: number): object => ({ epoch: 'k', seq, at: at + seq, ...valued(value) });
  for (let seq = 1; seq <= 20; seq++) await device.telemetry(report(seq, seq));
  // Nothing of these can be stored in a series: all points unknown, all values unknown.
  await device.telemetry({ epoch: 'k', seq: 21, at, values: { 'zz.unknown': 1 } });
  await device.telemetry({ epoch: 'k', seq: 22, at, values: { [POINT]: null } });
  const withoutSeq = { at, ...valued(77) };
  await device.telemetry(withoutSeq);
  await contract.settle(device);
  await contract.process.kill9();
  await contract.process.up();
  const again = await contract.device('identity-kill');
  for (let seq = 1; seq <= 20; seq++) await again.telemetry(report(seq, seq));
  await again.telemetry({ epoch: 'k', seq: 21, at, values: { 'zz.unknown': 1 } });
  await again.telemetry({ epoch: 'k', seq: 22, at, values: { [POINT]: null } });
  await again.telemetry(withoutSeq);
  await contract.settle(again);
  assert.deepEqual(await contract.valuesOf('identity-kill'), [...Array.from({ length: 20 }, (_, i) => i + 1), 77]);
  assert.equal(await contract.alarmOf('identity-kill', 'sequenceReset'), undefined, 'nothing but repetitions came');
  await again.telemetry(report(3, 300));
  await contract.raised('identity-kill', 'sequenceReset');
  await contract.settle(again);
  assert.ok((await contract.valuesOf('identity-kill')).includes(300));
});

test('a batch is one report with a row per period', async () => {
  const device = await contract.device('batch-1');
  const at0 = Date.now() - 60_000;
  const batch = {
    epoch: 'b',
    seq: 1,
    at0,
    periodMs: 500,
    points: [POINT, 'c1.currentA'],
    rows: [
      [20, 1],
      [21, null],
      [22, 3],
      [null, 4],
    ],
  };
  await device.telemetry(batch);
  await device.telemetry(batch);
  await device.telemetry({ epoch: 'b', seq: 2, at: at0 + 2_000, values: { [POINT]: 23 } });
  await contract.settle(device);
  const withoutSpread = (rows: readonly SeriesRow[]): number[][] => rows.map(([at, , , last]) => [at - at0, last]);
  assert.deepEqual(withoutSpread(await contract.rowsOf('batch-1')), [
    [0, 20],
    [500, 21],
    [1_000, 22],
    [2_000, 23],
  ]);
  assert.deepEqual(withoutSpread(await contract.rowsOf('batch-1', 'c1.currentA')), [
    [0, 1],
    [1_000, 3],
    [1_500, 4],
  ]);
});

/** What the centre's clock and the machine's may differ by. */
const CLOCKS_MS = 2_000;

for (const [name, badAt] of [
  ['six minutes ahead', () => Date.now() + 6 * 60_000],
  ['an hour ahead', () => Date.now() + HOUR_MS],
  ['of 1970', () => 86_400_000],
  ['below zero', () => -1],
  ['in seconds instead of milliseconds', () => Math.floor(Date.now() / 1_000)],
  ['beyond every calendar', () => 9e15],
  ['of a number too large', () => 1e300],
  ['in words', () => '2026-11-21T10:00:00Z'],
] as const) {
  test(`a report with an instant ${name} counts from its receipt and makes the clock suspect`, async () => {
    const id = `clock-${name.replaceAll(' ', '-')}`;
    const device = await contract.device(id);
    const before = Date.now();
    await device.telemetry({ epoch: 'c', seq: 1, at: badAt(), ...valued(25) });
    const fault = await contract.raised(id, 'clockSuspect');
    assert.equal(fault.category, 'fault');
    const [row] = await contract.rowsOf(id);
    // By the centre's own count, which follows the machine's clock once a second.
    assert.ok(
      row !== undefined && row[0] >= before - CLOCKS_MS && row[0] <= Date.now() + CLOCKS_MS,
      `stored at ${row?.[0]}, between ${before} and ${Date.now()} expected`,
    );
    const shown = await contract.api.get<{ clockSuspect?: boolean }>(`/api/v1/devices/${id}`);
    assert.equal(shown.clockSuspect, true);
    await device.telemetry({ epoch: 'c', seq: 2, at: Date.now(), ...valued(26) });
    await eventually(
      'the clock fault returned',
      async () => (await contract.api.alarm(fault.id)).state === 'returnedUnacknowledged',
    );
    assert.equal(
      (await contract.api.get<{ clockSuspect?: boolean }>(`/api/v1/devices/${id}`)).clockSuspect ?? false,
      false,
    );
  });
}

test('a clock four minutes ahead and a report without an instant are no fault', async () => {
  const device = await contract.device('clock-good');
  const ahead = Date.now() + 4 * 60_000;
  await device.telemetry({ epoch: 'c', seq: 1, at: ahead, ...valued(25) });
  const before = Date.now();
  await device.telemetry({ epoch: 'c', seq: 2, ...valued(26) });
  await contract.settle(device);
  assert.equal(await contract.alarmOf('clock-good', 'clockSuspect'), undefined);
  const rows = await contract.rowsOf('clock-good');
  assert.deepEqual(
    rows.map(([, , , last]) => last),
    [26, 25],
  );
  assert.equal(rows[1]?.[0], ahead);
  assert.ok((rows[0]?.[0] ?? 0) >= before);
});

test('an event with a bad instant raises at its receipt, with the clock fault beside it', async () => {
  const device = await contract.device('clock-event');
  const before = Date.now();
  await device.event({
    epoch: 'c',
    seq: 1,
    at: Date.now() + 10 * HOUR_MS,
    kind: 'smoke',
    point: 'smoke',
    active: true,
    level: 'alarm',
  });
  const { raisedAt } = await contract.raised('clock-event', 'smoke');
  assert.ok(Date.parse(raisedAt) >= before - CLOCKS_MS && Date.parse(raisedAt) <= Date.now() + CLOCKS_MS);
  await contract.raised('clock-event', 'clockSuspect');
});
