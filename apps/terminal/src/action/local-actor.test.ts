import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import type { HazardEvent, LocalActionPolicy } from '@fengsui/hazard';
import { actPolicy } from '../../test/act-policy.ts';
import { readActions, writeActions } from './action-file.ts';
import { createLocalActor } from './local-actor.ts';

const NOW = Date.parse('2026-06-01T12:00:00+08:00');

const arc = (at = NOW): HazardEvent => {
  const value = { value: 14, limit: 14 };
  return { kind: 'arc', point: 'c1', pointId: 'c1.currentA', active: true, level: 'alarm', at, ...value };
};

function setUp(context: TestContext, policy: Partial<LocalActionPolicy> = {}, isSignatureValid = true) {
  const folder = mkdtempSync(path.join(tmpdir(), 'fengsui-actor-'));
  context.after(() => rmSync(folder, { recursive: true }));
  const file = path.join(folder, 'd1.actions.json');
  const clock = { now: NOW };
  const board = { c1: 'closed', c2: 'closed' } as Record<string, 'closed' | 'open'>;
  const orders: { circuit: string; recorded: boolean }[] = [];
  const breakers = {
    state: (circuit: string) => board[circuit] ?? 'unknown',
    open(circuit: string) {
      orders.push({ circuit, recorded: readFileSync(file, 'utf8').includes('openedAt') });
      board[circuit] = 'open';
    },
  };
  const policies = [{ policy: { ...actPolicy(), ...policy }, isSignatureValid }];
  const create = () => {
    return createLocalActor({ deviceId: 'D1', circuits: ['c1', 'c2'], policies, breakers, file, now: () => clock.now });
  };
  const actor = create();
  actor.hearTime(NOW);
  return { actor, create, file, clock, board, orders };
}

test('a confirmed arc opens its circuit once, recorded before the breaker moves and read back after', (context) => {
  const { actor, orders, file } = setUp(context);
  const acts = actor.act([arc()], () => []);
  assert.deepEqual(
    acts.map((act) => [act.kind, act.circuit, act.kind === 'opened' && act.breaker]),
    [['opened', 'c1', 'open']],
  );
  assert.deepEqual(orders, [{ circuit: 'c1', recorded: true }]);
  assert.equal(readActions(file).latches['c1']?.policyId, 'p1');
  assert.deepEqual(
    actor.act([arc(NOW + 500)], () => []),
    [],
  );
  assert.equal(orders.length, 1);
});

test('without consent on record, signature, trusted clock or known loads nothing opens, and every reason is said once', (context) => {
  const observe = setUp(context, { mode: 'observe' });
  const [refusal] = observe.actor.act([arc()], () => []);
  assert.ok(refusal?.kind === 'refused' && refusal.missing.some((words) => words.includes('observe')));
  assert.deepEqual(
    observe.actor.act([arc()], () => []),
    [],
    'the same cause is refused once',
  );
  const unsigned = setUp(context, {}, false);
  const [forged] = unsigned.actor.act([arc()], () => []);
  assert.ok(forged?.kind === 'refused' && forged.missing.some((words) => words.includes('signature')));
  const unheard = setUp(context);
  writeFileSync(unheard.file, JSON.stringify({ latches: {}, inspections: {} }));
  const [clockless] = unheard.create().act([arc()], () => []);
  assert.ok(clockless?.kind === 'refused' && clockless.missing.some((words) => words.includes('clock')));
  const survey = { ...actPolicy().survey, otherLoads: 'possible' as const };
  const unknown = setUp(context, { survey });
  const [strange] = unknown.actor.act([arc()], () => undefined);
  assert.ok(strange?.kind === 'refused' && strange.missing.some((words) => words.includes('count as protected')));
  for (const { orders } of [observe, unsigned, unheard, unknown]) assert.deepEqual(orders, []);
});

test('after a restart it says what is still open, and acts again only after an inspection', (context) => {
  const { actor, create, file, clock, board, orders } = setUp(context);
  actor.act([arc()], () => []);
  const restarted = create();
  assert.deepEqual(
    restarted.begin().map(({ kind, circuit }) => [kind, circuit]),
    [['stillOpen', 'c1']],
  );
  clock.now += 3_600_000;
  board['c1'] = 'closed'; // by hand, on site
  assert.deepEqual(
    restarted.act([arc(clock.now)], () => []),
    [],
  );
  const { latches: _opened, ...record } = readActions(file);
  const inspection = { circuit: 'c1', by: 'technician 3', finding: 'tightened', inspectedAt: clock.now };
  writeActions(file, { ...record, latches: {}, inspections: { c1: inspection } });
  clock.now += 10_000;
  const acts = restarted.act([arc(clock.now)], () => []);
  assert.deepEqual(
    acts.map(({ kind }) => kind),
    ['opened'],
  );
  assert.equal(orders.length, 2);
});

test('a record that cannot be written opens nothing, and says so once', (context) => {
  const { actor, file, orders } = setUp(context);
  // The draft's name is taken by a folder: the write fails, as on a full or read-only disk.
  mkdirSync(`${file}.part`);
  const [refusal] = actor.act([arc()], () => []);
  assert.ok(refusal?.kind === 'refused' && refusal.missing.some((words) => words.includes('EISDIR')));
  assert.deepEqual(
    actor.act([arc()], () => []),
    [],
  );
  assert.deepEqual(orders, []);
  rmSync(`${file}.part`, { recursive: true });
  assert.deepEqual(
    actor.act([arc()], () => []).map(({ kind }) => kind),
    ['opened'],
    'it is tried again while the cause lasts',
  );
});

test('a cause that was refused is acted on as soon as nothing speaks against it any more', (context) => {
  const { file, create, orders } = setUp(context);
  writeFileSync(file, JSON.stringify({ latches: {}, inspections: {} }));
  const actor = create();
  const [refusal] = actor.act([arc()], () => []);
  assert.equal(refusal?.kind, 'refused');
  actor.hearTime(NOW);
  assert.deepEqual(
    actor.act([arc()], () => []).map(({ kind }) => kind),
    ['opened'],
  );
  assert.equal(orders.length, 1);
});

test('the same refusal is told again when its cause had ended in between', (context) => {
  const { actor } = setUp(context, { mode: 'observe' });
  const refusals = [[arc()], [arc(NOW + 20)], [], [arc(NOW + 60_000)]].map((causes) => {
    return actor.act(causes, () => []).length;
  });
  assert.deepEqual(refusals, [1, 0, 0, 1]);
});

test('a clock that went back behind the last trusted instant is not trusted', (context) => {
  const { create, clock, orders } = setUp(context);
  clock.now = Date.parse('2026-03-01T00:00:00Z');
  const [refusal] = create().act([arc(clock.now)], () => []);
  assert.ok(refusal?.kind === 'refused' && refusal.missing.some((words) => words.includes('clock')));
  assert.deepEqual(orders, []);
});
