import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { defaultLimitRules, ruleOfLimit } from '@fengsui/alarm';
import { partitionOf } from '../journal/partition.ts';
import type { KeptAcceptance, KeptTest } from '../commissioning/kept-test.ts';
import type { KeptIncident } from '../incident/kept-incident.ts';
import type { KeptIsolation } from '../isolation/kept-isolation.ts';
import { Registry } from '../registry/registry.ts';
import type { Store } from '../store/store.ts';
import type { KeptWorkOrder } from '../workorder/kept-work-order.ts';
import { commitSteps } from './commit/commit-steps.ts';
import { Effects } from './effects.ts';
import {
  act,
  captureChunks,
  chunkReport,
  deviceRecord,
  event,
  house,
  presence,
  registryChange,
  T0,
  telemetry,
} from './entries.fixture.ts';
import type { KeptCommand } from './kept-command.ts';
import { restoreSituation, type Restored } from './restore.ts';
import { openStore, Rooms } from './rooms.fixture.ts';
import { partitionsOf, SHARD_COUNT, shardOf } from './share.ts';
import { Situation } from './situation.ts';

const NOW = T0 + 30_000;
const moved = 'M1';
/** Each in a shard of its own. */
const venues = ['V1', 'V2', 'V3'] as const;
const deviceOf = { V1: 'D1', V2: 'D9', V3: 'E1' } as const;
const deviceIds = [...Object.values(deviceOf), moved];
const shardOfVenue = (venueId: string): number => shardOf(partitionOf(venueId));

/** Once is half of it: a state that has to be known. */
const limit = defaultLimitRules.find(({ id }) => id === 'terminal-temperature-warning');
assert.ok(limit);
const once = ruleOfLimit({ ...limit, onDelayMs: 0 });
assert.ok(once.test.kind === 'limit');
const twice = {
  ...once,
  id: 'twice',
  test: { kind: 'count', of: { ...once.test, point: 't1.temperatureC' }, atLeast: 2, windowMs: 60_000 },
} as const;
const raised = { raisedCount: 0, deviceCount: 0 };
const trial = {
  ...{ at: T0, by: 'a', from: T0, days: 1, deviceCount: 0, triedDeviceCount: 0, reportCount: 0, examples: [] },
  ...{ version: raised, inForce: raised },
};

const folder = await mkdtemp(path.join(tmpdir(), 'fengsui-restore-share-'));
let store: Store;
/** Digests of what came without seq, by device. */
const seenWithoutSeq = new Map<string, readonly string[]>();

before(async () => {
  store = await openStore(folder);
  const rooms = await Rooms.open(folder, { store });
  rooms.worker.start();
  const third = { id: 'V3', name: 'V3', class: 'office', organisationId: 'O1', origin: 'live' } as const;
  await rooms.take(
    'alarm',
    registryChange([
      ...house,
      { kind: 'venuePut', venue: third },
      { kind: 'devicePut', device: deviceRecord('E1', { venueId: 'V3' }) },
      { kind: 'devicePut', device: deviceRecord(moved) },
      { kind: 'rulePut', version: { rule: twice, state: 'on', author: 'a', reviewer: 'b', trial, lines: [] } },
    ]),
  );
  for (const [deviceId, venueId] of [
    ...venues.map((venue) => [deviceOf[venue], venue] as const),
    [moved, 'V1'],
  ] as const) {
    const options = { venueId };
    // Exceeds a limit with a delay: a state and a timer.
    const values = { 't1.temperatureC': 72, 'c1.currentA': 1 };
    const [chunk = new Uint8Array()] = captureChunks([1, 2, 3, 4, 5, 6], 3);
    await rooms.take(
      'bulk',
      telemetry(deviceId, { epoch: 'e', seq: 1, at: T0, values }, options),
      telemetry(deviceId, { at: T0 + 1, values: { 'c1.currentA': 2 } }, { ...options, receivedAt: T0 + 1 }),
      presence(deviceId, { online: true }, options),
      chunkReport(deviceId, 'k', chunk, options),
    );
    await rooms.take(
      'alarm',
      event(deviceId, { at: T0, kind: 'arc', point: 'c1', active: true, level: 'alarm' }, options),
    );
    const [alarm] = rooms.situation.alarms({ venues: [venueId] }).filter((one) => one.deviceId === deviceId);
    assert.ok(alarm !== undefined);
    const shelve = { kind: 'shelve', until: T0 + 600_000, reason: 'works' } as const;
    await rooms.take('alarm', act(alarm.id, shelve, { actId: `shelve ${deviceId}`, venueId }));
  }
  await store.commit(commitSteps(keptByHand(rooms.situation)));
  // Its venue of before is of another shard.
  const device = deviceRecord(moved, { venueId: 'V2' });
  await rooms.take('alarm', registryChange([{ kind: 'devicePut', device }]));
  await rooms.close();
  for (const table of ['telemetry', 'event'])
    for (const row of await store.query(`select device_id, digest from ${table} where seq is null`)) {
      const id = row['device_id'] as string;
      const digest = Buffer.from(row['digest'] as Uint8Array).toString('hex');
      seenWithoutSeq.set(id, [...(seenWithoutSeq.get(id) ?? []), digest]);
    }
});
after(async () => {
  await store.close();
  await rm(folder, { recursive: true, force: true });
});

/** What takes many entries to come about, as rows of a commit. */
function keptByHand(situation: Situation): Effects {
  const effects = new Effects();
  for (const [index, deviceId] of deviceIds.entries()) {
    const device = situation.registry.device(deviceId);
    assert.ok(device !== undefined);
    const place = situation.placeOf(device);
    const { venueId } = place;
    effects.gbParts.set(`${deviceId}/p`, { place, deviceId, part: { point: 'p', status: 1, receivedAt: T0 } });
    const asked = { by: 'operator1', askedAt: T0, withinMin: 10, dueAt: T0 + 600_000, state: 'asked' } as const;
    effects.gbDutyChecks.set(`q${index}`, { place, check: { id: `q${index}`, deviceId, ...asked } });
    effects.commands.set(`k${index}`, {
      ...({ id: `k${index}`, deviceId, place, name: 'selfTest', args: {}, reason: 'r', by: 'operator1' } as const),
      ...({ state: 'done', requestedAt: T0 + index, expiresAt: T0 + 60_000 } as const),
    } satisfies KeptCommand);
    const order = (number: number, state: 'open' | 'verified'): KeptWorkOrder => ({
      ...({ id: `w${number}`, number, revision: 1, state, priority: 'P3', place, deviceId, openedAt: T0 } as const),
      ...({ faults: [], faultCount: 0, dueAt: T0, escalation: 0, failedAttempts: 0, photos: [] } as const),
      ...({ repeatCount: 0, stepCount: 0, ...(state === 'verified' && { closedAt: T0 }) } as const),
    });
    effects.workOrders.set(`w${2 * index + 1}`, order(2 * index + 1, 'open'));
    effects.workOrders.set(`w${2 * index + 2}`, order(2 * index + 2, 'verified'));
    if (deviceId === moved) continue;
    const test = { id: `t${venueId}`, place, reason: 'r', startedAt: T0, startedBy: 'a', endsAt: T0 + 1, points: [] };
    effects.commissioningTests.set(test.id, test satisfies KeptTest);
    effects.acceptances.set(`a${venueId}`, {
      ...{ testId: test.id, place, version: 1, madeAt: T0, madeBy: 'a', sha256: '', isPassed: true, content: {} },
      signatures: [],
    } satisfies KeptAcceptance);
    const isolation = {
      ...({ target: {}, kind: 'isolated', reason: 'r', needsApproval: false, askedAt: T0, askedBy: 'a' } as const),
      ...{ until: T0 + 1, suppressedCount: 0, suppressedFireCount: 0, marked: [], place },
    };
    effects.isolations.set(`i${venueId}`, { id: `i${venueId}`, ...isolation } satisfies KeptIsolation);
    effects.isolations.set(`e${venueId}`, { id: `e${venueId}`, ...isolation, endedAt: T0 } satisfies KeptIsolation);
    const incident = (number: number, state: KeptIncident['state']): KeptIncident => ({
      ...{ id: `n${number}`, number, revision: 1, state, place, openedAt: T0, alarms: [], alarmCount: 0 },
      ...{ callCount: 0, stepCount: 0 },
    });
    effects.incidents.set(`n${2 * index + 1}`, incident(2 * index + 1, 'owned'));
    effects.incidents.set(`n${2 * index + 2}`, incident(2 * index + 2, 'closed'));
    effects.trials.set(`r${venueId}`, { id: `r${venueId}`, place, name: 'r', from: T0, to: T0 + 1, by: 'a' });
  }
  effects.checkpoints.set('', { lane: 'alarm', partition: 0, sequence: 1 });
  effects.foreignSeen.set('seen', { sourceId: 's', value: 'v', keptUntil: T0 + 86_400_000 });
  effects.foreignStates.set('s', { lastMessageAt: T0 });
  effects.relayStates.set('r', { lostCount: 1 });
  return effects;
}

type Read = { readonly situation: Situation; readonly restored: Restored };

async function read(partitions?: readonly number[]): Promise<Read> {
  const situation = new Situation(new Registry());
  return { situation, restored: await restoreSituation(situation, store, NOW, partitions) };
}

/** Everything a share may differ in, per kind: whose it is, and what. */
function contents({
  situation,
  restored,
}: Read): Readonly<Record<string, readonly (readonly [owner: string, unknown])[]>> {
  const { limits, gb, work, commissioning, onSite } = situation;
  const ofDevices = <Found>(found: (deviceId: string) => readonly Found[]): (readonly [string, Found])[] =>
    deviceIds.flatMap((deviceId) => found(deviceId).map((one) => [deviceId, one] as const));
  const present = <Value>(value: Value | undefined): readonly Value[] => (value === undefined ? [] : [value]);
  return {
    conditions: ofDevices((id) => situation.openConditionsOf(id)),
    limits: ofDevices((id) =>
      defaultLimitRules.flatMap((rule) => {
        const state = limits.due(rule, id, 't1.temperatureC', -Infinity)?.state;
        return state === undefined || state.phase === 'inside' ? [] : [{ rule: rule.id, phase: state.phase }];
      }),
    ),
    rules: [...situation.ruleWatch.standing()].map(({ deviceId, state }) => [deviceId, state]),
    deviceStates: [...situation.deviceStates],
    captures: [...situation.captures.values()].map((one) => [one.deviceId, one]),
    commands: [...situation.commands.values()].map((one) => [one.deviceId, one]),
    onSite: ofDevices((id) => present(onSite.of(id, 'c1'))),
    received: ofDevices((id) => present(situation.ledger(id).highest('e'))),
    // It remembers what it is asked: the last of this list.
    withoutSeq: ofDevices((id) => {
      const digests = seenWithoutSeq.get(id) ?? [];
      return digests.filter((digest) => situation.ledger(id).seenWithoutSeq(digest, NOW));
    }),
    lastReceivedAt: [...situation.lastReceivedAt],
    values: ofDevices((id) => [...situation.values.of(id)]),
    gbParts: ofDevices((id) => gb.parts(id)),
    dutyChecks: ofDevices((id) => present(gb.dutyCheck(id))),
    tests: [...commissioning.tests].map(([venueId, one]) => [deviceOf[venueId as 'V1'], one]),
    acceptances: [...commissioning.acceptances.values()].map((one) => [deviceOf[one.place.venueId as 'V1'], one]),
    isolations: situation.isolations.open().map((one) => [deviceOf[one.place.venueId as 'V1'], one]),
    incidents: [...situation.incidents.open()].map((one) => [deviceOf[one.place.venueId as 'V1'], one]),
    trials: [...commissioning.trials.values()].map((one) => [deviceOf[one.place.venueId as 'V1'], one]),
    openOrders: [...work.open()].map((one) => [one.deviceId, one]),
    closedOrders: ofDevices((id) => present(work.lastClosed(id))),
    timers: restored.timers.flatMap((timer) =>
      deviceIds.filter((id) => timer.id.includes(id)).map((id) => [id, timer] as const),
    ),
  };
}

/** Kinds that go with a device where it is now; the others stay with the venue they came about in. */
const goWithDevice = ['deviceStates', 'onSite', 'received', 'withoutSeq', 'lastReceivedAt', 'values', 'gbParts'];

test('the shares together hold what the whole holds, each once, and none what is of another', async () => {
  const whole = contents(await read());
  const found: Record<string, unknown[]> = {};
  for (let shard = 0; shard < SHARD_COUNT; shard++) {
    for (const [kind, items] of Object.entries(contents(await read(partitionsOf([shard]))))) {
      (found[kind] ??= []).push(...items);
      for (const [owner] of items) {
        const venueId = owner === moved ? (goWithDevice.includes(kind) ? 'V2' : 'V1') : venueOf(owner);
        assert.equal(shardOfVenue(venueId), shard, `${kind} of ${owner}`);
      }
    }
  }
  const sorted = (items: readonly unknown[]): string[] => items.map((item) => JSON.stringify(item)).sort();
  for (const [kind, items] of Object.entries(whole)) {
    assert.ok(new Set(items.map(([owner]) => owner)).size >= venues.length, `${kind} of every venue: ${items.length}`);
    assert.deepEqual(sorted(found[kind] ?? []), sorted(items), kind);
  }
});

const venueOf = (deviceId: string): string => venues.find((venue) => deviceOf[venue] === deviceId) ?? '';

test('a share of several shards holds each of them', async () => {
  const { situation } = await read(partitionsOf(['V1', 'V3'].map(shardOfVenue)));
  assert.deepEqual(
    venues.map((venue) => situation.deviceStates.has(deviceOf[venue])),
    [true, false, true],
  );
});

test('with a share comes what is the centre’s: registry, statements known, the last number, how far all is applied', async () => {
  const [whole, share] = [await read(), await read(partitionsOf([shardOfVenue('V3')]))];
  assert.equal(share.situation.registry.device('D1')?.venueId, 'V1');
  assert.ok(share.situation.foreign.isKnown([{ key: 'seen', value: 'v', keptUntil: 0 }], T0));
  assert.equal(share.situation.work.numbers.next(0), 2 * deviceIds.length + 1);
  assert.equal(share.situation.incidents.numbers.next(0), 2 * venues.length + 1);
  assert.deepEqual(share.restored.applied, whole.restored.applied);
  assert.deepEqual(share.restored.positions, whole.restored.positions);
  assert.equal(share.restored.feedPosition, whole.restored.feedPosition);
  // The books of the process that leads stay with it.
  assert.deepEqual([whole.situation.foreignStates.size, whole.situation.relayStates.size], [1, 1]);
  assert.deepEqual([share.situation.foreignStates.size, share.situation.relayStates.size], [0, 0]);
});

test('a shard is applied as far as the last entry of any of its partitions', async () => {
  const { restored } = await read();
  const rows = await store.query('select lane, partition, sequence from checkpoint');
  assert.ok(rows.length > venues.length);
  for (const lane of ['alarm', 'bulk'] as const) {
    const expected = Array.from({ length: SHARD_COUNT }, (_, shard) =>
      Math.max(
        0,
        ...rows
          .filter((row) => row['lane'] === lane && (row['partition'] as number) >> 4 === shard)
          .map(({ sequence }) => sequence as number),
      ),
    );
    assert.deepEqual(restored.positions[lane], expected);
    assert.equal(restored.applied[lane], Math.max(...expected));
  }
});
