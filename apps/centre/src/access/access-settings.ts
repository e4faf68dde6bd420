import type { PasswordProfileName } from './password-profile.ts';

/** Settings of section `access`. */
export type AccessSettings = {
  readonly passwordProfile: PasswordProfileName;
  /** Log-ins of one account at once. */
  readonly maxSessions: number;
};

export const defaultAccess: AccessSettings = { passwordProfile: 'asvs', maxSessions: 5 };
