import { QrPath } from './command.ts';
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
  'incident.handle',
  'incident.takeOver',
  'isolation.approve',
  'isolation.ask',
  'load.judge',
  'metrics.read',
  'overview.read',
  'privacy.erase',
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
export const owedSteps = ['newPassword', 'secondFactor'] as const;
export type OwedStep = (typeof owedSteps)[number];

/** A secret for an authenticator app, in force once one of its codes was given. */
export const OfferedFactor = Type.Object({
  secret: Type.String({ description: 'base 32, to be typed' }),
  uri: Type.String({ description: 'otpauth://, what the QR code holds' }),
  qr: QrPath,
});
export type OfferedFactor = Static<typeof OfferedFactor>;

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
    locksInS: Type.Optional(
      Type.Number({ description: 'seconds without an act until it is locked; 0 = it is; absent = never by itself' }),
    ),
    secondFactor: Type.Optional(
      Type.Object(
        {
          isOn: Type.Boolean({ description: 'the log-in asks for a code' }),
          isNeeded: Type.Boolean({ description: 'this account cannot do without one' }),
          recoveryCodesLeft: Type.Integer(),
        },
        { description: 'absent for a log-in without an account' },
      ),
    ),
  },
  { $id: 'Session' },
);
export type Session = Static<typeof Session>;

const OrganisationBound = Type.Optional(
  Type.String({ description: 'sees the venues of it and of those below it, as they are now' }),
);

export const Account = Type.Object(
  {
    username: Type.String(),
    role: oneOf(roles),
    venueIds: Type.Optional(Type.Array(Type.String(), { description: 'sees no others' })),
    organisationId: OrganisationBound,
    createdAt: Type.String(),
    disabled: Type.Boolean(),
    mustChangePassword: Type.Boolean({
      description: 'its password was given to it: it opens nothing but its own change',
    }),
    hasSecondFactor: Type.Boolean({ description: 'its log-in asks for a code' }),
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
    organisationId: OrganisationBound,
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

export const LinkedIdentity = Type.Object(
  {
    issuer: Type.Optional(Type.String({ description: 'absent: the account is not linked' })),
    subject: Type.Optional(Type.String({ description: 'by which the provider knows its user' })),
  },
  { $id: 'LinkedIdentity' },
);
export type LinkedIdentity = Static<typeof LinkedIdentity>;
