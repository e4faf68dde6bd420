import assert from 'node:assert/strict';
import { test } from 'node:test';
import { closedFormFingerprint, recentLoad } from '../../test/recent-load.ts';
import { nothingTaught, type TaughtLoads } from '../loads/taught-loads.ts';
import { judge, revise } from './judge.ts';

const at = 1_763_718_100_000;
const devicesOf = ({ enrolled }: TaughtLoads) =>
  enrolled.devices.map(({ deviceId, name, templates, rejected }) => [
    deviceId,
    name,
    templates.length,
    rejected.length,
  ]);

test('confirming a type enrols a device under its name, confirming that device adds a switching', () => {
  const once = judge(nothingTaught(), recentLoad(), { verdict: 'confirm', at, by: 'owner' });
  assert.deepEqual(devicesOf(once), [['d1', 'kettle', 1, 0]]);
  assert.deepEqual([once.enrolled.version, once.enrolled.history[0]?.by], [1, 'owner']);
  assert.equal(once.shapes['d1']?.name, 'kettle');
  const again = recentLoad({
    named: { level: 'device', name: 'kettle', confidence: 0.99 },
    device: { deviceId: 'd1', name: 'kettle' },
  });
  assert.deepEqual(devicesOf(judge(once, again, { verdict: 'confirm', at: at + 1 })), [['d1', 'kettle', 2, 0]]);
});

test('renaming gives the switching to the named device and takes it from the one it was taken for', () => {
  const kettle = judge(nothingTaught(), recentLoad(), { verdict: 'confirm', at });
  const load = recentLoad({
    loadEventId: 'c1-x-2',
    fingerprint: closedFormFingerprint(5.2, 0),
    named: { level: 'device', name: 'kettle', confidence: 0.99 },
    device: { deviceId: 'd1', name: 'kettle' },
  });
  const renamed = judge(kettle, load, { verdict: 'rename', name: ' 热得快 ', at: at + 1 });
  assert.deepEqual(devicesOf(renamed), [
    ['d1', 'kettle', 1, 1],
    ['d2', '热得快', 1, 0],
  ]);
  const another = judge(renamed, recentLoad({ loadEventId: 'c1-x-3' }), { verdict: 'rename', name: '热得快', at });
  assert.deepEqual(devicesOf(another)[1], ['d2', '热得快', 2, 0], 'the same name is the same device');
});

test('rejecting a device teaches what it is not; rejecting a type teaches nothing', () => {
  const kettle = judge(nothingTaught(), recentLoad(), { verdict: 'confirm', at });
  const taken = recentLoad({
    fingerprint: closedFormFingerprint(5.5, 0.02),
    named: { level: 'device', name: 'kettle', confidence: 0.9 },
    device: { deviceId: 'd1', name: 'kettle' },
  });
  assert.deepEqual(devicesOf(judge(kettle, taken, { verdict: 'reject', at })), [['d1', 'kettle', 1, 1]]);
  assert.equal(judge(kettle, recentLoad(), { verdict: 'reject', at }), kettle);
});

test('what was not named cannot be confirmed, and a name cannot be empty', () => {
  const { named: _named, ...unknown } = recentLoad();
  assert.throws(
    () => judge(nothingTaught(), unknown, { verdict: 'confirm', at }),
    /nothing to confirm: give it a name/,
  );
  assert.throws(() => judge(nothingTaught(), unknown, { verdict: 'rename', name: ' ', at }), /a name is needed/);
});

test('a roll-back brings an earlier version back and is itself a version', () => {
  const one = judge(nothingTaught(), recentLoad(), { verdict: 'confirm', at });
  const two = judge(one, recentLoad(), { verdict: 'rename', name: 'heater', at });
  const back = revise(two, { kind: 'rollBack', toVersion: 1 }, at);
  assert.deepEqual(devicesOf(back), [['d1', 'kettle', 1, 0]]);
  assert.equal(back.enrolled.version, two.enrolled.version + 1);
  assert.throws(() => revise(two, { kind: 'rollBack', toVersion: 9 }, at), /version is 9, expected one of 0, 1/);
  assert.throws(
    () => revise(two, { kind: 'forget', deviceId: 'd7' }, at),
    /device is d7, expected one that is enrolled: d1/,
  );
  assert.deepEqual(devicesOf(revise(two, { kind: 'forget', deviceId: 'd1' }, at)), [['d2', 'heater', 1, 0]]);
});
