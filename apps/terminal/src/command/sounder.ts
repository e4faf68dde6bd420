import { longestSilenceMin } from '@fengsui/protocol';

/** The sounder of a terminal: it sounds while something is wrong, unless silenced, and while the siren is on. */
export type Sounder = {
  siren(on: boolean, durationMs: number, now: number): void;
  /** The sound only, at most 10 min: what is wrong stays wrong. */
  silence(durationMs: number, now: number): void;
  /** Something new is wrong: it sounds again, whoever silenced what was before. */
  alarmed(): void;
  state(isAlarming: boolean, now: number): SounderState;
};

export type SounderState = {
  readonly sounding: boolean;
  readonly silencedUntil?: number;
  readonly sirenUntil?: number;
};

export function createSounder(): Sounder {
  let silencedUntil = -Infinity;
  let sirenUntil = -Infinity;
  return {
    siren(on, durationMs, now) {
      sirenUntil = on ? now + durationMs : -Infinity;
    },
    silence(durationMs, now) {
      silencedUntil = now + Math.min(durationMs, longestSilenceMin * 60_000);
      sirenUntil = -Infinity;
    },
    alarmed() {
      silencedUntil = -Infinity;
    },
    state(isAlarming, now) {
      return {
        sounding: now < sirenUntil || (isAlarming && now >= silencedUntil),
        ...(now < silencedUntil && { silencedUntil }),
        ...(now < sirenUntil && { sirenUntil }),
      };
    },
  };
}
