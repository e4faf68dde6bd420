import type { Permission, Role } from '@fengsui/protocol';

const reading: readonly Permission[] = [
  'alarm.read',
  'capture.read',
  'overview.read',
  'registry.read',
  'telemetry.read',
  'work.read',
];
const desk: readonly Permission[] = [
  ...reading,
  'alarm.acknowledge',
  'alarm.shelve',
  'contact.read',
  'device.command',
  'gb.dutyCheck',
  'incident.handle',
  'isolation.ask',
  'work.assign',
  'rules.read',
  'work.open',
];

/** What each role may do; whatever is not listed is refused. The three administrators see no alarms (三员分立). */
export const permissionsOfRole: Readonly<Record<Role, readonly Permission[]>> = {
  operator: desk,
  shiftLeader: [
    ...desk,
    'work.close',
    'alarm.inspect',
    'commission.run',
    'commission.sign',
    'gb.read',
    'incident.takeOver',
    'isolation.approve',
    'load.judge',
    'rules.review',
    'rules.write',
  ],
  analyst: [...reading, 'load.judge', 'rules.read', 'rules.review', 'rules.write'],
  // He knows what stands in his rooms.
  venueManager: [
    ...reading,
    'work.open',
    'commission.sign',
    'contact.read',
    'isolation.approve',
    'isolation.ask',
    'load.judge',
    'privacy.erase',
    'privacy.read',
  ],
  // He calls the people whose rooms he works in, and exchanges devices there.
  technician: [
    ...reading,
    'alarm.inspect',
    'commission.run',
    'commission.sign',
    'contact.read',
    'device.calibrate',
    'device.command',
    'device.configure',
    'device.manage',
    'factory.read',
    'gb.control',
    'gb.read',
    'isolation.ask',
    'load.judge',
    'rollout.read',
    'rules.read',
    'work.do',
    'work.open',
  ],
  regulator: [...reading, 'rules.read'],
  display: ['alarm.read', 'capture.read', 'overview.read', 'registry.read', 'telemetry.read'],
  systemAdmin: [
    'commission.run',
    'commission.sign',
    'contact.read',
    'device.calibrate',
    'device.manage',
    'factory.read',
    'factory.write',
    'foreign.manage',
    'metrics.read',
    'registry.manage',
    'registry.read',
    'rollout.manage',
    'rollout.read',
  ],
  securityAdmin: ['user.manage'],
  auditor: ['audit.read', 'privacy.read', 'registry.read', 'rules.read'],
  insurer: ['overview.read', 'registry.read'],
  integrator: [...reading, 'alarm.acknowledge', 'foreign.manage', 'metrics.read'],
  // A tester at the end of the line: it tells what came out, and learns nothing.
  factory: ['factory.write'],
  // From the one-time link: sets the house up. In the demo he sits at any desk.
  founder: ['registry.read', 'user.manage'],
};

/** Roles that see nothing unless venues are named with the account. */
export const rolesBoundToVenues: readonly Role[] = ['venueManager', 'insurer'];

/** A founder's work is done when all three exist. */
export const administratorRoles: readonly Role[] = ['systemAdmin', 'securityAdmin', 'auditor'];

export function permissionsOf(role: Role, isDemo: boolean): readonly Permission[] {
  return role === 'founder' && isDemo
    ? [
        ...desk,
        'alarm.inspect',
        'commission.run',
        'commission.sign',
        'device.configure',
        'factory.read',
        'foreign.manage',
        'incident.takeOver',
        'isolation.approve',
        'load.judge',
        'rollout.manage',
        'rollout.read',
        'rules.review',
        'rules.write',
        'user.manage',
        'work.close',
        'work.do',
      ]
    : permissionsOfRole[role];
}
