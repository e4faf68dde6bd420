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
  'audit.read',
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
  'isolation.approve',
  'isolation.ask',
  'load.judge',
  'metrics.read',
  'overview.read',
  'privacy.read',
  'registry.manage',
  'registry.read',
  'rollout.manage',
  'rollout.read',
  'rules.read',
  'rules.review',
  'rules.write',
  'telemetry.read',
  'user.manage',
  'work.assign',
  'work.close',
  'work.do',
  'work.open',
  'work.read',
] as const;
export type Permission = (typeof permissions)[number];

/** What a log-in has to do before it may do anything else. */
export const owedSteps = ['newPassword'] as const;
export type OwedStep = (typeof owedSteps)[number];

/** Who is logged in, and what he may do; the console shows only what is permitted, the API enforces it. */
export const Session = Type.Object(
  {
    username: Type.String(),
    role: oneOf(roles),
    permissions: Type.Array(oneOf(permissions)),
    venueIds: Type.Optional(Type.Array(Type.String(), { description: 'absent = all venues' })),
    csrfToken: Type.String(),
    demo: Type.Boolean({ description: 'this centre runs the simulated demo city' }),
    owes: Type.Optional(oneOf(owedSteps, 'to be done first; until then there are no permissions')),
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
    mustChangePassword: Type.Boolean({
      description: 'its password was given to it: it opens nothing but its own change',
    }),
  },
  { $id: 'Account' },
);
export type Account = Static<typeof Account>;

/** A log-in by cookie that is alive. */
export const LogIn = Type.Object(
  {
    id: Type.String({ description: 'names it, and opens nothing' }),
    username: Type.String(),
    role: oneOf(roles),
    createdAt: Type.String(),
    usedAt: Type.String({ description: 'by an act, to the minute' }),
    expiresAt: Type.String(),
    address: Type.Optional(Type.String({ description: 'from where' })),
    agent: Type.Optional(Type.String({ description: 'with what: the browser as it calls itself' })),
    own: Type.Boolean({ description: 'the one that asks' }),
  },
  { $id: 'LogIn' },
);
export type LogIn = Static<typeof LogIn>;

/** With which a program calls. */
export const ApiToken = Type.Object(
  {
    id: Type.String({ description: 'names it, and opens nothing' }),
    name: Type.String(),
    role: oneOf(roles),
    venueIds: Type.Optional(Type.Array(Type.String(), { description: 'absent = all venues' })),
    permissions: Type.Optional(Type.Array(oneOf(permissions), { description: 'absent = all of the role' })),
    createdAt: Type.String(),
    expiresAt: Type.Optional(Type.String({ description: 'absent = it does not expire' })),
    usedAt: Type.Optional(Type.String({ description: 'to the minute; absent = never' })),
  },
  { $id: 'ApiToken' },
);
export type ApiToken = Static<typeof ApiToken>;

/** Roles of tokens that are made over the API: programs and screens, nobody who could stand in for a person. */
export const tokenRoles = ['integrator', 'factory', 'display'] as const satisfies readonly Role[];
