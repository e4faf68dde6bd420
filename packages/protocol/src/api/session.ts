import { Type, type Static } from 'typebox';
import { oneOf } from './schema.ts';

/** Roles of design.md 5.5; `founder` comes from the one-time link and ends when all three administrators exist. */
export const roles = [
  'operator',
  'shiftLeader',
  'analyst',
  'venueManager',
  'technician',
  'regulator',
  'display',
  'systemAdmin',
  'securityAdmin',
  'auditor',
  'insurer',
  'integrator',
  'factory',
  'founder',
] as const;
export type Role = (typeof roles)[number];

export const permissions = [
  'alarm.read',
  'alarm.acknowledge',
  'alarm.shelve',
  'alarm.inspect',
  'capture.read',
  'commission.run',
  'commission.sign',
  'contact.read',
  'device.calibrate',
  'device.command',
  'device.configure',
  'device.manage',
  'factory.read',
  'factory.write',
  'foreign.manage',
  'gb.control',
  'gb.dutyCheck',
  'gb.read',
  'load.judge',
  'metrics.read',
  'overview.read',
  'registry.manage',
  'registry.read',
  'rollout.manage',
  'rollout.read',
  'telemetry.read',
  'user.manage',
  'work.assign',
  'work.close',
  'work.do',
  'work.open',
  'work.read',
] as const;
export type Permission = (typeof permissions)[number];

/** Who is logged in, and what he may do; the console shows only what is permitted, the API enforces it. */
export const Session = Type.Object(
  {
    username: Type.String(),
    role: oneOf(roles),
    permissions: Type.Array(oneOf(permissions)),
    venueIds: Type.Optional(Type.Array(Type.String(), { description: 'absent = all venues' })),
    csrfToken: Type.String(),
    demo: Type.Boolean({ description: 'this centre runs the simulated demo city' }),
  },
  { $id: 'Session' },
);
export type Session = Static<typeof Session>;

export const Account = Type.Object(
  {
    username: Type.String(),
    role: oneOf(roles),
    venueIds: Type.Optional(Type.Array(Type.String())),
    createdAt: Type.String(),
    disabled: Type.Boolean(),
  },
  { $id: 'Account' },
);
export type Account = Static<typeof Account>;
