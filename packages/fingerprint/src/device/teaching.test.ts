import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { formulaDevice, formulaFingerprint } from '../test-loads/formula-loads.ts';
import type { EnrolledDevices } from './enrolled-devices.ts';
import { emptyEnrolment, knownVersions, teach } from './teaching.ts';
import type { Teaching } from './teaching.ts';

const print = (draw: number): ReturnType<typeof formulaFingerprint> =>
  formulaFingerprint(formulaDevice('heater', 1), draw);
const confirm = (deviceId: string, draw: number, name = deviceId): Teaching => ({
  kind: 'confirm',
  deviceId,
  name,
  fingerprint: print(draw),
  at: 1000 + draw,
  by: 'a person',
});
const after = (...acts: readonly Teaching[]): EnrolledDevices => acts.reduce(teach, emptyEnrolment());

test('each act makes one more version and is kept in the history with its instant and person', () => {
  const enrolled = after(confirm('kettle', 1), { kind: 'rename', deviceId: 'kettle', name: 'Kettle', at: 5 });
  assert.equal(enrolled.version, 2);
  assert.equal(enrolled.devices[0]?.name, 'Kettle');
  assert.equal(enrolled.devices[0]?.templates.length, 1);
  assert.deepEqual(
    enrolled.history.map(({ version, at, by, act }) => [version, at, by, act.kind]),
    [
      [1, 1001, 'a person', 'confirm'],
      [2, 5, undefined, 'rename'],
    ],
  );
});

test('a switching that was confirmed and then rejected counts as rejected, and the other way round', () => {
  const rejected = after(confirm('a', 1), { kind: 'reject', deviceId: 'a', fingerprint: print(1), at: 2 });
  assert.equal(rejected.devices[0]?.templates.length, 0);
  assert.equal(rejected.devices[0]?.rejected.length, 1);
  const again = teach(rejected, confirm('a', 1));
  assert.equal(again.devices[0]?.templates.length, 1);
  assert.equal(again.devices[0]?.rejected.length, 0);
});

test('a roll-back restores the devices of an earlier version and is itself a version', () => {
  const first = after(confirm('a', 1), confirm('b', 2));
  const later = teach(teach(first, confirm('a', 3)), { kind: 'forget', deviceId: 'b', at: 9 });
  const back = teach(later, { kind: 'rollBack', toVersion: 2, at: 10 });
  assert.deepEqual(back.devices, first.devices);
  assert.equal(back.version, 5);
  // The roll-back can be taken back too, and one can go to a version that was a roll-back.
  assert.deepEqual(teach(back, { kind: 'rollBack', toVersion: 4, at: 11 }).devices, later.devices);
  const twice = teach(teach(back, confirm('c', 4)), { kind: 'rollBack', toVersion: 5, at: 12 });
  assert.deepEqual(twice.devices, first.devices);
});

test('the enrolment is plain JSON and the same acts give the same enrolment', () => {
  const acts = [confirm('a', 1), confirm('b', 2), confirm('a', 3)];
  assert.deepEqual(JSON.parse(JSON.stringify(after(...acts))), after(...acts));
  assert.deepEqual(after(...acts), after(...acts));
});

test('templates and history are bounded; versions that are kept can still be returned to', () => {
  let enrolled = emptyEnrolment();
  const seen = new Map<number, EnrolledDevices['devices']>();
  for (let act = 0; act < 230; act++) {
    enrolled = teach(
      enrolled,
      act % 50 === 49 ? { kind: 'rollBack', toVersion: act - 20, at: act } : confirm('a', act),
    );
    seen.set(enrolled.version, enrolled.devices);
  }
  assert.equal(enrolled.version, 230);
  assert.equal(enrolled.devices[0]?.templates.length, 20);
  const known = knownVersions(enrolled);
  assert.ok(known.length <= 201 && known.length >= 100, `${known.length} versions`);
  for (const version of known) {
    assert.deepEqual(teach(enrolled, { kind: 'rollBack', toVersion: version, at: 999 }).devices, seen.get(version));
  }
});

test('any sequence of acts, rolled back to any of its versions, gives the devices of that version', () => {
  const actArbitrary = fc.oneof(
    fc.record({ kind: fc.constant('confirm' as const), device: fc.constantFrom('a', 'b', 'c'), draw: fc.nat(5) }),
    fc.record({ kind: fc.constant('rollBack' as const), share: fc.double({ min: 0, max: 0.999, noNaN: true }) }),
    fc.record({ kind: fc.constant('forget' as const), device: fc.constantFrom('a', 'b', 'c') }),
  );
  fc.assert(
    fc.property(fc.array(actArbitrary, { maxLength: 25 }), (acts) => {
      let enrolled = emptyEnrolment();
      const devices = [enrolled.devices];
      for (const act of acts) {
        if (act.kind === 'forget' && !enrolled.devices.some(({ deviceId }) => deviceId === act.device)) continue;
        enrolled = teach(
          enrolled,
          act.kind === 'confirm'
            ? confirm(act.device, act.draw)
            : act.kind === 'forget'
              ? { kind: 'forget', deviceId: act.device, at: 1 }
              : { kind: 'rollBack', toVersion: Math.floor(act.share * (enrolled.version + 1)), at: 1 },
        );
        devices.push(enrolled.devices);
      }
      devices.forEach((expected, version) => {
        assert.deepEqual(teach(enrolled, { kind: 'rollBack', toVersion: version, at: 2 }).devices, expected);
      });
    }),
    { numRuns: 40 },
  );
});

test('acts that do not fit are refused with what was expected', () => {
  const enrolled = after(confirm('a', 1));
  assert.throws(
    () => teach(enrolled, { kind: 'rename', deviceId: 'x', name: 'X', at: 1 }),
    /no device "x" is enrolled/,
  );
  assert.throws(() => teach(enrolled, confirm('b', 1, '  ')), /name is " {2}"; expected 1 to 100 characters/);
  assert.throws(
    () => teach(enrolled, { kind: 'rollBack', toVersion: 7, at: 1 }),
    /version 7 is not kept; expected one of 0 to 1/,
  );
  assert.throws(
    () => teach(enrolled, { kind: 'forget', deviceId: 'a', at: NaN }),
    /at is NaN; expected epoch milliseconds/,
  );
  assert.throws(() => teach({ ...enrolled, schemaVersion: 0 }, confirm('a', 2)), /schema version 0; expected 1/);
});
