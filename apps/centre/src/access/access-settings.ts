import type { PasswordProfileName } from './password-profile.ts';

/** Settings of section `access`. */
export type AccessSettings = {
  readonly passwordProfile: PasswordProfileName;
  /** Log-ins of one account at once. */
  readonly maxSessions: number;
  /** Who cannot do without one. */
  readonly secondFactor: SecondFactorRule;
  /** Without an act of its holder until a log-in is locked; 0: only he himself locks it. */
  readonly idleLockMinutes: number;
  /** Of one account or token; 0: without limit. So are the next three. */
  readonly readsPerMinute: number;
  readonly writesPerMinute: number;
  /** What makes a file or a paper. */
  readonly exportsPerMinute: number;
  /** Refused calls of one address without a valid log-in or token. */
  readonly strangersPerMinute: number;
};

export const secondFactorRules = ['offered', 'administrators', 'everybody'] as const;
export type SecondFactorRule = (typeof secondFactorRules)[number];

export const defaultAccess: AccessSettings = {
  passwordProfile: 'asvs',
  maxSessions: 5,
  secondFactor: 'offered',
  idleLockMinutes: 15,
  readsPerMinute: 6_000,
  writesPerMinute: 6_000,
  exportsPerMinute: 60,
  strangersPerMinute: 3_000,
};

/** As `settings` of the configuration has them. */
export const accessSettings = {
  'access.passwordProfile': {
    type: 'passwordProfile',
    default: 'asvs',
    description:
      'what passwords must be: asvs (long, never rotated) or mlps3 (等保三级: three kinds, changed in 90 days)',
  },
  'access.maxSessions': {
    type: 'count',
    range: [1, 100],
    default: 5,
    description: 'log-ins of one account at once; one more ends the one that was not used for longest',
  },
  'access.secondFactor': {
    type: 'secondFactor',
    default: 'offered',
    description: 'who must have a second factor: offered (nobody), administrators (the three) or everybody',
  },
  'access.idleLockMinutes': {
    type: 'count',
    range: [0, 720],
    default: 15,
    description:
      'minutes without an act until a log-in is locked: alarms stay visible and audible; 0 = never by itself',
  },
  'access.readsPerMinute': {
    type: 'count',
    range: [0, 1_000_000],
    default: 6_000,
    description: 'reads of one account or token in a minute, all at once or spread; 0 = without limit',
  },
  'access.writesPerMinute': {
    type: 'count',
    range: [0, 1_000_000],
    default: 6_000,
    description: 'writes of one account or token in a minute; acts on alarms are never refused; 0 = without limit',
  },
  'access.exportsPerMinute': {
    type: 'count',
    range: [0, 1_000_000],
    default: 60,
    description: 'files and papers of one account or token in a minute; 0 = without limit',
  },
  'access.strangersPerMinute': {
    type: 'count',
    range: [0, 1_000_000],
    default: 3_000,
    description: 'calls without a valid log-in or token from one address in a minute; 0 = without limit',
  },
} as const;
