import { contextWord, unguessed } from './guessable.ts';

export const passwordProfileNames = ['asvs', 'mlps3'] as const;
export type PasswordProfileName = (typeof passwordProfileNames)[number];

/** What a password must be. The two schools contradict each other, so it is a setting (`access.passwordProfile`). */
export type PasswordProfile = {
  readonly name: PasswordProfileName;
  readonly minimumLength: number;
  /** Of small letters, capitals, digits, and all else. */
  readonly kindsNeeded: number;
  /** Characters that are part of no first guess. With fewer it is made of guesses. */
  readonly leastUnguessed: number;
  /** Older than this, it opens nothing but its own change; absent: it is never too old. */
  readonly maxAgeMs?: number;
  /** The newest so many are not taken again. */
  readonly notAgain: number;
};

const DAY_MS = 86_400_000;

/** `asvs`: OWASP ASVS 5.0 6.2, length and no rotation. `mlps3`: GB/T 22239-2019 8.1.4.1 a) as it is usually assessed. */
export const passwordProfiles: Readonly<Record<PasswordProfileName, PasswordProfile>> = {
  asvs: { name: 'asvs', minimumLength: 12, kindsNeeded: 1, leastUnguessed: 6, notAgain: 1 },
  mlps3: { name: 'mlps3', minimumLength: 8, kindsNeeded: 3, leastUnguessed: 4, maxAgeMs: 90 * DAY_MS, notAgain: 5 },
};

const MAXIMUM_LENGTH = 256;
const KINDS = [/\p{Ll}/u, /\p{Lu}/u, /\p{Nd}/u, /[^\p{Ll}\p{Lu}\p{Nd}]/u];

/** Why a new password is refused, in words; undefined when it is accepted. Length counts characters, not bytes. */
export function passwordProblem(profile: PasswordProfile, password: string, username: string): string | undefined {
  const text = password.normalize('NFKC');
  const length = [...text].length;
  const { minimumLength, kindsNeeded } = profile;
  if (length < minimumLength) return `the password has ${length} characters, at least ${minimumLength} are needed`;
  if (length > MAXIMUM_LENGTH) return `the password has ${length} characters, at most ${MAXIMUM_LENGTH} are possible`;
  const kinds = KINDS.filter((kind) => kind.test(text)).length;
  if (kinds < kindsNeeded)
    return `the password has ${kinds} of the four kinds small letters, capitals, digits and others, ${kindsNeeded} are needed`;
  const lower = text.toLowerCase();
  if (new Set(lower).size < 5) return 'the password repeats too few characters; at least 5 different ones are needed';
  if (username.length >= 3 && lower.includes(username.toLowerCase())) return 'the password contains the user name';
  const word = contextWord(lower);
  if (word !== undefined) return `the password contains "${word}", which is guessed first`;
  return unguessed(lower) < profile.leastUnguessed
    ? 'the password is made of words, rows of keys and digits that are guessed first'
    : undefined;
}
