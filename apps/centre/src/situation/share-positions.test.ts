import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Entry, Lane, NewEntry } from '../journal/entry.ts';
import { homeShards, type Share } from './duty.ts';
import { event, fired, registryChange, T0, telemetry } from './entries.fixture.ts';
import { SHARD_COUNT } from './share.ts';
import { SharePositions } from './share-positions.ts';

const HOME = [...homeShards][0] as number;
const [AHEAD, BEHIND] = [4, 5];
const LANE: Lane = 'alarm';

/** The centre was at 300 when it took one shard that was at 500 and one that was at 100. */
const positions = (share: Share): SharePositions => {
  const at = new Array<number>(SHARD_COUNT).fill(0);
  for (const shard of homeShards) at[shard] = 300;
  at[AHEAD] = 500;
  at[BEHIND] = 100;
  return new SharePositions(share, { alarm: at, bulk: at });
};
const leads = positions({ leads: true, shards: new Set([...homeShards, AHEAD, BEHIND]) });
const serves = positions({ leads: false, shards: new Set([AHEAD, BEHIND]) });

const entry = (made: NewEntry, sequence: number, shard: number): Entry => ({
  ...made,
  lane: LANE,
  sequence,
  partition: shard * 16,
});
const arc = (sequence: number, shard: number): Entry =>
  entry(event('D1', { epoch: 'a', seq: 1, at: T0, kind: 'arc', point: 'c1', active: true }), sequence, shard);
const values = (sequence: number, shard: number): Entry =>
  entry(telemetry('D1', { epoch: 'a', seq: 1, at: T0, values: {} }), sequence, shard);
const put = (sequence: number): Entry => entry(registryChange([]), sequence, HOME);
const reply = (sequence: number, shard: number): Entry => ({
  ...values(sequence, shard),
  kind: 'commandReply',
});

test('what a shard has had is not applied again, however far the others are', () => {
  for (const share of [leads, serves]) {
    assert.equal(share.dutyLeft(values(500, AHEAD)), 'skip');
    assert.equal(share.dutyLeft(values(501, AHEAD)), 'apply');
    assert.equal(share.dutyLeft(values(100, BEHIND)), 'skip');
    assert.equal(share.dutyLeft(values(101, BEHIND)), 'apply');
  }
});

test('what an event tells the centre is told when the centre had not come so far, though its shard had had it', () => {
  assert.equal(leads.dutyLeft(arc(400, AHEAD)), 'observe');
  assert.equal(leads.dutyLeft(arc(300, AHEAD)), 'skip');
  assert.equal(serves.dutyLeft(arc(400, AHEAD)), 'skip');
});

test('a change of the registry that the centre has had still ends what a shard that is behind has of the device', () => {
  assert.equal(leads.dutyLeft(put(200)), 'observe');
  assert.equal(leads.dutyLeft(put(301)), 'apply');
  assert.equal(serves.dutyLeft(put(200)), 'observe');
  assert.equal(serves.dutyLeft(put(400)), 'observe');
  assert.equal(leads.dutyLeft(put(100)), 'skip');
  assert.equal(serves.dutyLeft(put(100)), 'skip');
  const lacking = serves.lacking(put(200));
  assert.deepEqual(
    [lacking.registry, lacking.partition(AHEAD * 16), lacking.partition(BEHIND * 16)],
    [false, false, true],
  );
  assert.equal(serves.lacking(put(301)).registry, true);
});

test('a reply is a sign of life for the shard of its device, to whoever has it', () => {
  assert.equal(serves.dutyLeft(reply(200, BEHIND)), 'observe');
  assert.equal(serves.dutyLeft(reply(400, AHEAD)), 'skip');
  assert.equal(serves.dutyLeft(reply(600, 7)), 'skip');
  assert.equal(leads.dutyLeft(reply(200, BEHIND)), 'observe');
  assert.equal(leads.dutyLeft(reply(301, AHEAD)), 'apply');
});

test('of sweeps the newest is enough', () => {
  const sweep = (sequence: number): Entry =>
    entry(fired('presenceSweep', T0, { kind: 'presenceSweep' }), sequence, HOME);
  assert.equal(serves.dutyLeft(sweep(400)), 'skip');
  assert.equal(serves.dutyLeft(sweep(501)), 'observe');
  assert.equal(leads.dutyLeft(sweep(300)), 'skip');
  assert.equal(leads.dutyLeft(sweep(301)), 'apply');
});
