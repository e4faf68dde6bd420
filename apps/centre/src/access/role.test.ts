import assert from 'node:assert/strict';
import { test } from 'node:test';
import { permissions, roles, type Permission, type Role } from '@fengsui/protocol';
import { administratorRoles, permissionsOf, rolesBoundToVenues } from './role.ts';

/** r = may, . = may not; columns in the order of this line. Every role × every permission, spelled out. */
const columns =
  'alarm.read alarm.acknowledge alarm.shelve alarm.inspect capture.read device.manage load.judge metrics.read overview.read registry.read telemetry.read user.manage device.command device.configure contact.read registry.manage foreign.manage gb.control gb.dutyCheck gb.read commission.run commission.sign work.read work.open work.assign work.do work.close device.calibrate factory.read factory.write rollout.read rollout.manage privacy.read rules.read rules.write rules.review audit.read isolation.ask isolation.approve privacy.erase incident.handle incident.takeOver';
const expected: Readonly<Record<Role, string>> = {
  operator: 'r r r . r . . . r r r . r . r . . . r . . . r r r . . . . . . . . r . . . r . . r .',
  shiftLeader: 'r r r r r . r . r r r . r . r . . . r r r r r r r . r . . . . . . r r r . r r . r r',
  analyst: 'r . . . r . r . r r r . . . . . . . . . . . r . . . . . . . . . . r r r . . . . . .',
  venueManager: 'r . . . r . r . r r r . . . r . . . . . . r r r . . . . . . . . r . . . . r r r . .',
  technician: 'r . . r r r r . r r r . r r r . . r . r r r r r . r . r r . r . . r . . . r . . . .',
  regulator: 'r . . . r . . . r r r . . . . . . . . . . . r . . . . . . . . . . r . . . . . . . .',
  display: 'r . . . r . . . r r r . . . . . . . . . . . . . . . . . . . . . . . . . . . . . . .',
  systemAdmin: '. . . . . r . r . r . . . . r r r . . . r r . . . . . r r r r r . . . . . . . . . .',
  securityAdmin: '. . . . . . . . . . . r . . . . . . . . . . . . . . . . . . . . . . . . . . . . . .',
  auditor: '. . . . . . . . . r . . . . . . . . . . . . . . . . . . . . . . r r . . r . . . . .',
  insurer: '. . . . . . . . r r . . . . . . . . . . . . . . . . . . . . . . . . . . . . . . . .',
  integrator: 'r r . . r . . r r r r . . . . . r . . . . . r . . . . . . . . . . . . . . . . . . .',
  factory: '. . . . . . . . . . . . . . . . . . . . . . . . . . . . . r . . . . . . . . . . . .',
  founder: '. . . . . . . . . r . r . . . . . . . . . . . . . . . . . . . . . . . . . . . . . .',
};

const allowed = (row: string): Permission[] => {
  const names = columns.split(' ') as Permission[];
  return names.filter((_, index) => row.split(' ')[index] === 'r').sort();
};

test('every role may do what the table says, and nothing else', () => {
  assert.deepEqual(columns.split(' ').sort(), [...permissions].sort(), 'the table names every permission');
  assert.deepEqual(Object.keys(expected).sort(), [...roles].sort(), 'and every role');
  for (const role of roles) {
    assert.deepEqual([...permissionsOf(role, false)].sort(), allowed(expected[role]), role);
    if (role !== 'founder') assert.deepEqual([...permissionsOf(role, true)].sort(), allowed(expected[role]), role);
  }
});

test('in the demo the founder sits at any desk', () => {
  assert.deepEqual(
    [...permissionsOf('founder', true)].sort(),
    allowed('r r r r r . r . r r r r r r r . r . r . r r r r r r r . r . r r . r r r . r r . r r'),
  );
});

test('the three administrators see no alarm, no value and no waveform, and none has the right of another', () => {
  assert.deepEqual([...administratorRoles].sort(), ['auditor', 'securityAdmin', 'systemAdmin']);
  for (const role of administratorRoles)
    for (const permission of ['alarm.read', 'telemetry.read', 'capture.read', 'overview.read'] as const)
      assert.ok(!permissionsOf(role, false).includes(permission), `${role} ${permission}`);
  assert.ok(!permissionsOf('systemAdmin', false).includes('user.manage'));
  assert.ok(!permissionsOf('securityAdmin', false).includes('device.manage'));
});

test('a venue’s manager and an insurer see named venues only', () => {
  assert.deepEqual([...rolesBoundToVenues].sort(), ['insurer', 'venueManager']);
});

test('numbers of people are in no export of who may not read them, and on no wall', () => {
  for (const role of roles)
    if (permissionsOf(role, false).includes('registry.manage'))
      assert.ok(permissionsOf(role, false).includes('contact.read'), role);
  assert.equal(permissionsOf('display', false).includes('contact.read'), false);
});
