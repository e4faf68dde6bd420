import type { Permission, Role } from '@fengsui/protocol';

const reading: readonly Permission[] = [
  'alarm.read',
  'capture.read',
  'overview.read',
  'registry.read',
  'telemetry.read',
];
const desk: readonly Permission[] = [
  ...reading,
  'alarm.acknowledge',
  'alarm.shelve',
  'contact.read',
  'device.command',
  'gb.dutyCheck',
];

/** What each role may do; whatever is not listed is refused. The three administrators see no alarms (三员分立). */
export const permissionsOfRole: Readonly<Record<Role, readonly Permission[]>> = {
  operator: desk,
  shiftLeader: [...desk, 'alarm.inspect', 'gb.read', 'load.judge'],
  analyst: [...reading, 'load.judge'],
  // He knows what stands in his rooms.
  venueManager: [...reading, 'contact.read', 'load.judge'],
  // He calls the people whose rooms he works in, and exchanges devices there.
  technician: [
    ...reading,
    'alarm.inspect',
    'contact.read',
    'device.command',
    'device.configure',
    'device.manage',
    'gb.control',
    'gb.read',
    'load.judge',
  ],
  regulator: reading,
  display: ['alarm.read', 'capture.read', 'overview.read', 'registry.read', 'telemetry.read'],
  systemAdmin: ['contact.read', 'device.manage', 'foreign.manage', 'metrics.read', 'registry.manage', 'registry.read'],
  securityAdmin: ['user.manage'],
  auditor: ['registry.read'],
  insurer: ['overview.read', 'registry.read'],
  integrator: [...reading, 'alarm.acknowledge', 'foreign.manage', 'metrics.read'],
  // From the one-time link: sets the house up. In the demo he sits at any desk.
  founder: ['registry.read', 'user.manage'],
};

/** Roles that see nothing unless venues are named with the account. */
export const rolesBoundToVenues: readonly Role[] = ['venueManager', 'insurer'];

/** A founder's work is done when all three exist. */
export const administratorRoles: readonly Role[] = ['systemAdmin', 'securityAdmin', 'auditor'];

export function permissionsOf(role: Role, isDemo: boolean): readonly Permission[] {
  return role === 'founder' && isDemo
    ? [...desk, 'alarm.inspect', 'device.configure', 'load.judge', 'user.manage']
    : permissionsOfRole[role];
}
