import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeGbFrame, standardGbProfile, type GbObject, type GbProfile, type GbUnit } from '@fengsui/protocol';
import type { Entry } from '../../journal/entry.ts';
import type { GbMeta } from '../../journal/gb-meta.ts';
import { Registry } from '../../registry/registry.ts';
import { applyEntry } from '../apply-entry.ts';
import { decodeEntry } from '../decoded-entry.ts';
import { Effects } from '../effects.ts';
import { Situation } from '../situation.ts';
import type { GbActMeta } from './gb-act.ts';

const T0 = Date.UTC(2026, 10, 21, 8);
const address = '4d3c2b1a0000';
const part = (status: number, partAddress = '03000c00'): GbObject => ({
  systemType: 1,
  systemAddress: 1,
  partType: 17,
  partAddress,
  status,
  at: T0,
});

/** A situation with one transmission device, and the door's side of the journal. */
class House {
  readonly situation = new Situation(new Registry());
  effects = new Effects();
  #sequence = 0;

  constructor(profile?: GbProfile) {
    const { registry, gb } = this.situation;
    if (profile !== undefined) gb.profiles.set(profile.id, profile);
    const device = {
      id: 'U1',
      model: 'generic-uitd',
      venueId: 'V1',
      origin: 'live',
      reportingIntervalMs: 60_000,
    } as const;
    const own = { address, ...(profile !== undefined && { profile: profile.id }) };
    registry.apply({ kind: 'devicePut', device: { ...device, gb: own } });
  }

  frame(order: number, type: number, objects: readonly GbObject[], receivedAt = T0): void {
    const unit: GbUnit = { kind: 'objects', type, by: 'standard', objects };
    const payload = encodeGbFrame({
      serial: order,
      version: { major: 1, user: 0 },
      sentAt: receivedAt,
      source: address,
      destination: '010000000000',
      command: 2,
      unit,
    });
    this.note({ kind: 'frame', order }, receivedAt, payload);
  }

  note(gb: GbMeta, receivedAt = T0, payload?: Uint8Array): void {
    const meta = { deviceId: 'U1', venueId: 'V1', origin: 'live', receivedAt, channel: 'gb26875', live: true, gb };
    this.#apply({ kind: 'report', appendedAt: receivedAt, meta, ...(payload !== undefined && { payload }) });
  }

  ask(actId: string, withinMin: number, at = T0): void {
    const act = { kind: 'gbDutyCheck', deviceId: 'U1', withinMin } as const;
    const meta: GbActMeta = { actId, venueId: 'V1', by: 'li', at, isGbOrder: true, act };
    this.#apply({ kind: 'operatorAct', appendedAt: at, meta });
  }

  fire(timerId: string, firedAt: number): void {
    const timer = this.effects.timersSet.get(timerId);
    assert.ok(timer, `timer ${timerId}`);
    this.#apply({ kind: 'timerFired', appendedAt: firedAt, meta: { timerId, firedAt, purpose: timer.purpose } });
  }

  /** `fire s1-1-p03000c00 unacknowledged`, sorted. */
  get alarms(): string[] {
    return this.situation
      .alarms({ venues: 'all' })
      .map(({ kind, pointId, state }) => `${kind} ${pointId} ${state}`)
      .sort();
  }

  #apply(entry: Omit<Entry, 'lane' | 'sequence' | 'partition'>): void {
    const whole: Entry = { ...entry, lane: 'bulk', sequence: ++this.#sequence, partition: 1 };
    applyEntry(this.situation, this.effects, decodeEntry(whole), new Map());
  }
}

test('a word that was overtaken changes nothing: neither ends it a newer fire nor raises it an old fault', () => {
  const house = new House();
  house.frame(7, 2, [part(0x0003)]);
  house.frame(3, 2, [part(0x0005)]);
  assert.deepEqual(house.alarms, ['fire s1-1-p03000c00 unacknowledged']);
  assert.equal(house.situation.gb.part('U1', 's1-1-p03000c00')?.status, 0x0003);
  house.frame(8, 2, [part(0x0001)]);
  assert.deepEqual(house.alarms, ['fire s1-1-p03000c00 returnedUnacknowledged']);
});

test('a fire that was overtaken by the word that ended it is told all the same, and is over', () => {
  const house = new House();
  house.frame(8, 2, [part(0x0001)]);
  house.frame(7, 2, [part(0x0003)]);
  assert.deepEqual(house.alarms, ['fire s1-1-p03000c00 returnedUnacknowledged']);
});

test('a reset that was overtaken leaves a fire that came after it, and takes the one before', () => {
  const house = new House();
  house.frame(1, 2, [part(0x0003), part(0x0003, '04000c00')]);
  house.frame(9, 2, [part(0x0003)]);
  house.frame(5, 1, [{ systemType: 1, systemAddress: 1, status: 0x2001, at: T0 }]);
  assert.deepEqual(house.alarms, ['fire s1-1-p03000c00 unacknowledged', 'fire s1-1-p04000c00 returnedUnacknowledged']);
});

test('a reset does not open the eyes of a shielded detector, and leaves other systems alone', () => {
  const house = new House();
  house.frame(1, 2, [part(0x000f), { ...part(0x0003), systemAddress: 2 }]);
  house.frame(2, 4, [{ systemType: 1, systemAddress: 1, operation: 1, operator: 3, at: T0 }]);
  assert.deepEqual(house.alarms, [
    'fault s1-1-p03000c00 returnedUnacknowledged',
    'fire s1-1-p03000c00 returnedUnacknowledged',
    'fire s1-2-p03000c00 unacknowledged',
    'shielded s1-1-p03000c00 unacknowledged',
  ]);
});

test('bit 0 = 0 suppresses nothing; with a make that means it, the alarm is one of a test', () => {
  const originOf = (profile?: GbProfile): string | undefined => {
    const house = new House(profile);
    house.frame(1, 2, [part(0x0002)]);
    return house.situation.alarms({ venues: 'all' })[0]?.origin;
  };
  assert.equal(originOf(), 'live');
  assert.equal(originOf({ ...standardGbProfile, id: 'make', isTestBitReliable: true }), 'test');
});

test('an on-duty check is answered in time, answered late, missed, or never arrived', () => {
  const minute = 60_000;
  const answer = { operation: 0x20, operator: 7, at: T0 };
  const delivered = (actId: string): GbMeta => ({
    kind: 'transaction',
    command: 1,
    type: 91,
    serial: 0,
    outcome: 'confirmed',
    transmissions: 1,
    startedAt: T0,
    actId,
  });
  const stateAfter = (play: (house: House) => void): string | undefined => {
    const house = new House();
    house.ask('c1', 5);
    play(house);
    return house.situation.gb.dutyCheck('U1')?.state;
  };
  const timer = 'gbDutyCheck/c1';
  assert.equal(
    stateAfter((house) => {
      house.note(delivered('c1'));
      house.frame(1, 24, [answer], T0 + 4 * minute);
      assert.equal(house.situation.gb.dutyCheck('U1')?.operator, 7);
      assert.ok(house.effects.timersEnded.has(timer));
    }),
    'answered',
  );
  assert.equal(
    stateAfter((house) => {
      house.note(delivered('c1'));
      house.fire(timer, T0 + 5 * minute);
      assert.equal(house.situation.gb.dutyCheck('U1')?.state, 'absent');
      house.frame(1, 24, [answer], T0 + 6 * minute);
    }),
    'late',
  );
  assert.equal(
    stateAfter((house) => house.fire(timer, T0 + 5 * minute)),
    'notDelivered',
  );
  assert.equal(
    stateAfter((house) => house.note({ ...delivered('c1'), outcome: 'noAnswer' } as GbMeta)),
    'notDelivered',
  );
});

test('a device that invents addresses fills no memory, and its fires are raised all the same', () => {
  const house = new House();
  const addressOf = (n: number): string => Buffer.from([n & 0xff, (n >> 8) & 0xff, n >> 16, 0]).toString('hex');
  for (let n = 0; n < 21_000; n += 20) {
    house.frame(
      n + 1,
      2,
      Array.from({ length: 20 }, (_, i) => part(0x0001, addressOf(n + i))),
    );
  }
  assert.equal(house.situation.gb.partCount('U1'), 20_000);
  house.frame(30_000, 2, [part(0x0003, 'ffffffff')]);
  assert.deepEqual(house.alarms, ['fire s1-1-pffffffff unacknowledged']);
});
