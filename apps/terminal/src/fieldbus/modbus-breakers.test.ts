import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import type { HazardEvent, PolicyOnRecord } from '@fengsui/hazard';
import { actPolicyOfToday } from '../../test/act-policy.ts';
import { eventually } from '../../test/eventually.ts';
import { busTo } from '../../test/fieldbus-run.ts';
import { exception, ModbusSlave, type SlaveUnit } from '../../test/modbus-slave.ts';
import { readActions } from '../action/action-file.ts';
import { createLocalActor, type LocalAct, type LocalActor } from '../action/local-actor.ts';
import { systemClock } from '../playback/clock.ts';
import { createFieldbus, type Fieldbus } from './fieldbus.ts';

const PATIENCE_MS = 60_000;

const permitted: PolicyOnRecord = {
  isSignatureValid: true,
  policy: { ...actPolicyOfToday(), causes: ['thermalLimit'] },
};

const burning = (): HazardEvent => ({
  kind: 'overload',
  point: 'c1',
  pointId: 'c1.currentA',
  active: true,
  level: 'alarm',
  at: Date.now(),
  value: 1.1,
  limit: 1,
  measure: 'thermalStateRatio',
});

/** A relay box: coil 0 trips, input 1 says open. */
async function board(
  context: TestContext,
  onTrip: (trip: boolean, discrete: Map<number, boolean>) => void,
): Promise<{
  bus: Fieldbus;
  actor: LocalActor;
  slave: ModbusSlave;
  coils: Map<number, boolean>;
  file: string;
  writes: boolean[];
}> {
  const discrete = new Map([[1, false]]);
  const coils = new Map([[0, false]]);
  const writes: boolean[] = [];
  const unit: SlaveUnit = {
    discrete,
    coils,
    onCoil(address, on) {
      writes.push(on);
      onTrip(on, discrete);
      coils.set(address, on);
    },
  };
  const slave = await ModbusSlave.start(new Map([[7, unit]]));
  const readBack = { table: 'discrete', address: 1, openWhen: true } as const;
  const breakers = [{ circuit: 'c1', bus: 'b1', unit: 7, tripCoil: 0, pulseMs: 200, readBack, everyMs: 100 }];
  const bus = createFieldbus(busTo(slave, { breakers }), systemClock);
  bus.start({ onValues: () => undefined, onState: () => undefined, onFault: () => undefined });
  const folder = mkdtempSync(path.join(tmpdir(), 'fengsui-breaker-'));
  const file = path.join(folder, 'actions.json');
  const actor = createLocalActor({
    deviceId: 'D1',
    circuits: ['c1'],
    policies: [permitted],
    breakers: bus.breakers,
    file,
    now: Date.now,
  });
  actor.hearTime(Date.now());
  context.after(async () => {
    await bus.stop();
    await slave.stop();
    rmSync(folder, { recursive: true });
  });
  return { bus, actor, slave, coils, file, writes };
}

/** Acts on a burning cable until something is told. */
async function actUntilTold(actor: LocalActor): Promise<LocalAct[]> {
  const told: LocalAct[] = [];
  const cause = burning();
  await eventually('an act', () => told.push(...actor.act([cause], () => undefined)) > 0, PATIENCE_MS);
  return told;
}

test('a cable at its limit trips the breaker by its coil, the contact reads open, and the latch is kept', async (context) => {
  const { bus, actor, coils, file, writes } = await board(context, (trip, discrete) => {
    if (trip) setTimeout(() => discrete.set(1, true), 150);
  });
  await eventually('closed', () => bus.breakers.state('c1') === 'closed', PATIENCE_MS);
  const [act, ...others] = await actUntilTold(actor);
  assert.deepEqual([act?.kind, act?.kind === 'opened' && act.breaker, others.length], ['opened', 'open', 0]);
  assert.ok('c1' in readActions(file).latches);
  await eventually('the end of the pulse', () => coils.get(0) === false, PATIENCE_MS);
  await eventually('still open', () => bus.breakers.state('c1') === 'open', PATIENCE_MS);
  // What goes on burning orders nothing more: one pulse, on and off.
  for (let again = 0; again < 20; again++)
    assert.deepEqual(
      actor.act([burning()], () => undefined),
      [],
    );
  assert.deepEqual(writes, [true, false]);
});

test('a coil that refuses is told with its code, and the breaker as closed', async (context) => {
  const { actor, bus, writes } = await board(context, () => {
    throw exception(4);
  });
  await eventually('closed', () => bus.breakers.state('c1') === 'closed', PATIENCE_MS);
  const [act] = await actUntilTold(actor);
  assert.ok(act?.kind === 'opened');
  assert.match(act.failure ?? '', /exception 4 \(device failure\)/);
  assert.equal(act.breaker, 'closed');
  assert.deepEqual(writes, [true, true, true], 'tried three times');
});

test('a contact that goes on saying closed is the failure, whatever the coil answered', async (context) => {
  const { actor } = await board(context, () => undefined);
  const [act] = await actUntilTold(actor);
  assert.ok(act?.kind === 'opened');
  assert.deepEqual(
    [act.breaker, act.failure],
    ['closed', 'the breaker was ordered to open and its contact still says closed'],
  );
});

test('a breaker whose contact cannot be read is unknown, not what it was', async (context) => {
  const { bus, slave } = await board(context, () => undefined);
  await eventually('closed', () => bus.breakers.state('c1') === 'closed', PATIENCE_MS);
  slave.faults.set(7, 'silent');
  await eventually('unknown', () => bus.breakers.state('c1') === 'unknown', PATIENCE_MS);
});

test('nothing closes a breaker: there is no such order', async (context) => {
  const { bus } = await board(context, () => undefined);
  assert.deepEqual(Object.keys(bus.breakers).sort(), ['circuits', 'hear', 'open', 'state']);
  await assert.rejects(async () => bus.breakers.open('c2'), /c2 has no breaker on a bus/);
});
