import type { Sound } from './wanted-sound.ts';

export type Tone = { readonly hz: number; readonly startS: number; readonly lengthS: number };

export type SoundPattern = {
  readonly tones: readonly Tone[];
  /** From one beginning to the next. */
  readonly everyS: number;
};

/** Documented in docs/guides/operation.md. Fire is the only one that goes on without a pause. */
export const soundPatterns: Readonly<Record<Sound | 'trial', SoundPattern>> = {
  fire: {
    tones: [
      { hz: 970, startS: 0, lengthS: 0.25 },
      { hz: 630, startS: 0.25, lengthS: 0.25 },
      { hz: 970, startS: 0.5, lengthS: 0.25 },
      { hz: 630, startS: 0.75, lengthS: 0.25 },
    ],
    everyS: 1,
  },
  feedLost: {
    tones: [
      { hz: 520, startS: 0, lengthS: 0.4 },
      { hz: 390, startS: 0.4, lengthS: 0.4 },
      { hz: 260, startS: 0.8, lengthS: 0.6 },
    ],
    everyS: 4,
  },
  urgent: {
    tones: [
      { hz: 880, startS: 0, lengthS: 0.15 },
      { hz: 880, startS: 0.3, lengthS: 0.15 },
      { hz: 880, startS: 0.6, lengthS: 0.15 },
    ],
    everyS: 2.5,
  },
  notice: { tones: [{ hz: 440, startS: 0, lengthS: 0.3 }], everyS: 15 },
  trial: {
    tones: [
      { hz: 970, startS: 0, lengthS: 0.25 },
      { hz: 630, startS: 0.25, lengthS: 0.25 },
      { hz: 880, startS: 0.7, lengthS: 0.15 },
    ],
    everyS: Infinity,
  },
};
