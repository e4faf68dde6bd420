import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Entry, NewEntry } from '../journal/entry.ts';
import { partitionOf } from '../journal/partition.ts';
import { propertySettings } from '../platform/property-settings.fixture.ts';
import { Registry } from '../registry/registry.ts';
import { applyEntry } from '../situation/apply-entry.ts';
import { decodeEntry } from '../situation/decoded-entry.ts';
import { Effects } from '../situation/effects.ts';
import { event, fired, house, registryChange, T0, telemetry } from '../situation/entries.fixture.ts';
import { Situation } from '../situation/situation.ts';
import type { Timer } from '../situation/timer.ts';
import type { KeptStep, KeptWorkOrder } from './kept-work-order.ts';
import type { WorkAct, WorkActMeta } from './work-act.ts';
import { timersOf } from './work-timers.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** A situation that lives in the time of its entries: timers fire when their row is due, as the timer service does it. */
class Days {
  readonly situation = new Situation(new Registry());
  readonly timers = new Map<string, Timer>();
  readonly orders = new Map<string, KeptWorkOrder>();
  readonly steps: { orderId: string; step: KeptStep; at: number }[] = [];
  readonly outcomes: string[] = [];
  now = T0;
  #sequence = 0;
  #seq = 0;

  constructor() {
    this.take(registryChange(house));
  }

  take(entry: NewEntry): void {
    const effects = new Effects();
    const numbered: Entry = { ...entry, lane: 'alarm', sequence: ++this.#sequence };
    applyEntry(this.situation, effects, decodeEntry(numbered), new Map());
    for (const id of effects.timersEnded) this.timers.delete(id);
    for (const timer of effects.timersSet.values()) this.timers.set(timer.id, timer);
    for (const order of effects.workOrders.values()) this.orders.set(order.id, order);
    for (const { orderId, step } of effects.workSteps) this.steps.push({ orderId, step, at: this.now });
    for (const { outcome } of effects.acts)
      this.outcomes.push(outcome.kind === 'refused' ? outcome.code : outcome.kind);
  }

  /** To an instant, firing what is due on the way, in order. */
  until(at: number): void {
    for (;;) {
      const due = [...this.timers.values()].filter(({ dueAt }) => dueAt <= at).sort((a, b) => a.dueAt - b.dueAt)[0];
      if (due === undefined) break;
      this.now = Math.max(this.now, due.dueAt);
      this.take(fired(due.id, this.now, due.purpose));
    }
    this.now = at;
  }

  fault(deviceId: string, active: boolean, kind = 'fault', point = 'c1'): void {
    const said = { seq: ++this.#seq, at: this.now, kind, point, active, level: 'warning' } as const;
    this.take(event(deviceId, said, { receivedAt: this.now }));
  }

  report(deviceId: string): void {
    const said = { seq: ++this.#seq, at: this.now, values: { 'c1.currentA': 1 } };
    this.take(telemetry(deviceId, said, { receivedAt: this.now }));
  }

  /** Reports every 10 s for this long. */
  reports(deviceId: string, ms: number): void {
    for (const end = this.now + ms; this.now < end;) {
      this.until(Math.min(end, this.now + 10_000));
      this.report(deviceId);
    }
  }

  act(act: WorkAct, by = 'tech'): string {
    const actId = `act-${this.outcomes.length}`;
    const meta: WorkActMeta = { actId, venueId: 'V1', by, at: this.now, isWork: true, act };
    this.take({ kind: 'operatorAct', partition: partitionOf('V1'), appendedAt: this.now, meta });
    return this.outcomes.at(-1) ?? '';
  }

  open(deviceId: string): KeptWorkOrder {
    const found = [...this.situation.work.open()].find((order) => order.deviceId === deviceId);
    assert.ok(found, `an open order of ${deviceId}`);
    return found;
  }

  kindsOf({ id }: KeptWorkOrder): string[] {
    return this.steps.filter(({ orderId }) => orderId === id).map(({ step }) => step.kind);
  }
}

const assignee = { kind: 'person', id: 'tech' } as const;
const take = (days: Days, { id: orderId, revision }: KeptWorkOrder): string =>
  days.act({ kind: 'workAssign', orderId, revision, assignee });
const repair = (days: Days, { id: orderId, revision }: KeptWorkOrder): string =>
  days.act({ kind: 'workRepair', orderId, revision, cause: 'other', text: 'fuse' });

/** A fault that lasted, and somebody on his way to it. */
function taken(days: Days): void {
  days.fault('D1', true);
  days.reports('D1', 6 * MINUTE);
  take(days, days.open('D1'));
}

/** It went by itself, and he has written down a repair. */
function goneAndRepaired(days: Days): void {
  taken(days);
  days.fault('D1', false);
  repair(days, days.open('D1'));
}

test('a fault opens an order when it has lasted as long as the rules say, not before, and not when it went in time', () => {
  const days = new Days();
  days.fault('D1', true);
  days.until(T0 + 4 * MINUTE);
  days.fault('D1', false);
  days.until(T0 + HOUR);
  assert.equal(days.orders.size, 0, 'gone in time');
  days.fault('D1', true);
  days.until(days.now + 5 * MINUTE - 1);
  assert.equal(days.orders.size, 0);
  days.until(days.now + 1);
  const order = days.open('D1');
  assert.deepEqual([order.openedAt, order.dueAt], [days.now, days.now + 24 * HOUR]);
  assert.deepEqual(days.kindsOf(order), ['opened']);
});

test('a repair is verified after the minutes of reports that follow the clearing of the fault, not earlier', () => {
  const days = new Days();
  taken(days);
  repair(days, days.open('D1'));
  days.reports('D1', 10 * MINUTE);
  assert.equal(days.open('D1').state, 'repaired', 'the fault is still there');
  days.fault('D1', false);
  const clearedAt = days.now;
  days.reports('D1', 5 * MINUTE - 10_000);
  assert.equal(days.open('D1').state, 'repaired');
  days.reports('D1', 20_000);
  const [order] = [...days.orders.values()];
  assert.deepEqual([order?.state, order?.closedAt], ['verified', clearedAt + 5 * MINUTE]);
});

test('what the device said before it fell silent proves nothing: the minutes begin anew with its next report', () => {
  const days = new Days();
  goneAndRepaired(days);
  days.reports('D1', 30_000);
  days.until(days.now + 30 * MINUTE);
  assert.equal(days.open('D1').state, 'repaired');
  days.reports('D1', 5 * MINUTE);
  assert.equal(days.open('D1').state, 'repaired', 'a little before the minutes are over');
  days.reports('D1', 30_000);
  assert.equal([...days.orders.values()][0]?.state, 'verified');
});

test('backlog is no sign of life, and nothing heard until the time is up fails the repair', () => {
  const days = new Days();
  goneAndRepaired(days);
  for (let minute = 0; minute < 130; minute++) {
    days.until(days.now + MINUTE);
    days.take(
      telemetry(
        'D1',
        { seq: 900 + minute, at: T0, values: { 'c1.currentA': 1 } },
        { receivedAt: days.now, live: false },
      ),
    );
  }
  assert.deepEqual([days.open('D1').state, days.open('D1').failedBecause], ['failedVerification', 'noReports']);
});

test('the same fault within 14 days after the end is a repetition, after them it is not', () => {
  for (const [afterDays, isRepeat] of [
    [13, true],
    [15, false],
  ] as const) {
    const days = new Days();
    goneAndRepaired(days);
    days.reports('D1', 6 * MINUTE);
    const [first] = [...days.orders.values()];
    assert.equal(first?.state, 'verified');
    days.until(days.now + afterDays * 24 * HOUR);
    days.fault('D1', true);
    days.until(days.now + 6 * MINUTE);
    assert.deepEqual(
      [days.open('D1').repeatOf, days.open('D1').repeatCount],
      isRepeat ? [first?.id, 1] : [undefined, 0],
    );
  }
});

test('a device that took the place of the broken one speaks for the repair', () => {
  const days = new Days();
  taken(days);
  repair(days, days.open('D1'));
  const [before] = house.flatMap((change) =>
    change.kind === 'devicePut' && change.device.id === 'D1' ? [change.device] : [],
  );
  assert.ok(before);
  days.take(
    registryChange(
      [
        { kind: 'devicePut', device: { ...before, life: 'retired', replacedBy: 'D1b' } },
        { kind: 'devicePut', device: { ...before, id: 'D1b', replaces: 'D1' } },
      ],
      days.now,
    ),
  );
  days.reports('D1b', 6 * MINUTE);
  assert.equal([...days.orders.values()][0]?.state, 'verified');
});

test('past its time it is an alarm of category fault that escalates, is no fault to repair, and ends with the repair', () => {
  const days = new Days();
  days.fault('D1', true);
  days.reports('D1', 6 * MINUTE);
  const { dueAt } = days.open('D1');
  days.until(dueAt);
  const alarm = () => days.situation.alarms({ venues: 'all' }).find(({ kind }) => kind === 'workOrderOverdue');
  assert.deepEqual([alarm()?.category, alarm()?.priority, days.open('D1').escalation], ['fault', 'P3', 1]);
  days.until(dueAt + 24 * HOUR);
  assert.deepEqual([alarm()?.category, alarm()?.priority, days.open('D1').escalation], ['fault', 'P2', 2]);
  days.until(dueAt + 10 * 24 * HOUR);
  assert.equal(days.open('D1').faults.length, 1);
  take(days, days.open('D1'));
  repair(days, days.open('D1'));
  assert.notEqual(alarm()?.clearedAt, undefined);
});

const ofDevice = (days: Days, id: string): KeptWorkOrder | undefined =>
  [...days.situation.work.open()].find(({ deviceId }) => deviceId === id);

const WAYS = ['assign', 'depart', 'arrive', 'repair', 'cancel', 'close'] as const;
const devices = fc.constantFrom('D1', 'D2');
const minutes = (max: number) => fc.integer({ min: 1, max });
const fault = fc.record({
  what: fc.constant('fault' as const),
  device: devices,
  kind: fc.constantFrom('fault', 'lineFault'),
  active: fc.boolean(),
});
const reports = fc.record({ what: fc.constant('reports' as const), device: devices, minutes: minutes(12) });
const things = fc.oneof(
  { weight: 3, arbitrary: fault },
  { weight: 4, arbitrary: reports },
  { weight: 3, arbitrary: fc.record({ what: fc.constant('mended' as const), device: devices }) },
  { weight: 1, arbitrary: fc.record({ what: fc.constant('wait' as const), minutes: minutes(300) }) },
  {
    weight: 2,
    arbitrary: fc.record({ what: fc.constant('act' as const), device: devices, way: fc.constantFrom(...WAYS) }),
  },
);

test('through any days of faults, reports, acts and waiting: one open order a device, every wait is a row, verified only on the word of the device', () => {
  const settings = propertySettings(80);
  let verifiedCount = 0;
  fc.assert(
    fc.property(fc.array(things, { minLength: 20, maxLength: 60 }), (life) => {
      const days = new Days();
      /** What the oracle knows of each device: the faults that stand, when the last one went, when it was heard. */
      const standing = new Map<string, Set<string>>([
        ['D1', new Set()],
        ['D2', new Set()],
      ]);
      const lastChange = new Map<string, number>();
      for (const thing of life) {
        if (thing.what === 'wait') days.until(days.now + thing.minutes * MINUTE);
        else if (thing.what === 'mended') {
          // As it should go: somebody takes it, repairs it, and the faults go.
          const order = ofDevice(days, thing.device);
          if (order === undefined) continue;
          take(days, order);
          repair(days, ofDevice(days, thing.device) ?? order);
          days.until(days.now + 1_000);
          const faults = standing.get(thing.device) ?? new Set();
          if (faults.size > 0) lastChange.set(thing.device, days.now);
          for (const kind of faults) days.fault(thing.device, false, kind);
          faults.clear();
        } else if (thing.what === 'reports') days.reports(thing.device, thing.minutes * MINUTE);
        else if (thing.what === 'fault') {
          days.until(days.now + 1_000);
          const faults = standing.get(thing.device) ?? new Set();
          if (faults.has(thing.kind) !== thing.active) lastChange.set(thing.device, days.now);
          if (thing.active) faults.add(thing.kind);
          else faults.delete(thing.kind);
          days.fault(thing.device, thing.active, thing.kind);
        } else {
          const order = ofDevice(days, thing.device);
          if (order === undefined) continue;
          const on = { orderId: order.id, revision: order.revision };
          if (thing.way === 'assign') days.act({ ...on, kind: 'workAssign', assignee });
          if (thing.way === 'depart') days.act({ ...on, kind: 'workDepart' });
          if (thing.way === 'arrive') days.act({ ...on, kind: 'workArrive' });
          if (thing.way === 'repair') days.act({ ...on, kind: 'workRepair', cause: 'other', text: 'x' });
          if (thing.way === 'cancel') days.act({ ...on, kind: 'workCancel', reason: 'x' });
          if (thing.way === 'close') days.act({ ...on, kind: 'workClose', reason: 'x' });
        }
        const open = [...days.situation.work.open()];
        assert.equal(new Set(open.map(({ deviceId }) => deviceId)).size, open.length, 'one open order a device');
        for (const order of open)
          for (const [id, { dueAt }] of timersOf(order, days.situation.work.rules))
            assert.equal(days.timers.get(id)?.dueAt, dueAt, `the row ${id} of an order in state ${order.state}`);
        for (const id of days.timers.keys()) {
          const orderId = /^work(?:Due|Verify|Fail|Withdraw)\/(.*)$/.exec(id)?.[1];
          if (orderId !== undefined) assert.ok(days.situation.work.get(orderId), `no row for a closed order: ${id}`);
        }
      }
      for (const order of days.orders.values()) {
        if (order.state !== 'verified') continue;
        verifiedCount += 1;
        const { closedAt = 0, repair: done, faults } = order;
        assert.ok(
          faults.every(({ active }) => !active),
          'no fault stands',
        );
        assert.ok(closedAt - (done?.at ?? Infinity) >= 5 * MINUTE, 'minutes of reports after the repair');
        const changedAt = lastChange.get(order.deviceId) ?? 0;
        if (changedAt <= closedAt && (standing.get(order.deviceId)?.size ?? 0) === 0)
          assert.ok(closedAt - changedAt >= 5 * MINUTE, 'and after the last fault went');
      }
    }),
    settings,
  );
  // A counterexample that is repeated is one life only.
  if (settings.path === undefined && settings.numRuns >= 80)
    assert.ok(verifiedCount > 20, `the lives held only ${verifiedCount} verified orders`);
});
