import type { OddsTerm } from './charging-odds.ts';

/** A load that was switched on, as a detector of switchings saw it and a recogniser of its waveform judged it. */
export type RecognisedSwitch = {
  /** When the contact moved, ms on the clock of the readings. */
  readonly at: number;
  /** What it drew when the switching was told; a soft start may not be over then. */
  readonly activePowerW: number;
  /** Calibrated probabilities, 0 … 1. Empty = the waveform could not be judged. */
  readonly families: readonly { readonly family: string; readonly probability: number }[];
};

/** What a candidate keeps of the switching that began it; plain JSON. */
export type SwitchSeen = {
  readonly at: number;
  readonly activePowerW: number;
  /** Null where the waveform could not be judged. */
  readonly chargerProbability: number | null;
  /** Of a rectifier of any kind, chargers among them. */
  readonly rectifierProbability: number | null;
};

/** The newest switchings of a circuit, for steps that readings of one second show a few seconds later. */
export type RecentSwitches = {
  readonly add: (switched: RecognisedSwitch) => void;
  /** Whether switchings are told at all: readings alone do not tell. */
  readonly isFed: () => boolean;
  /** Powers of the switchings that may be behind a step whose first second ended at `startedAt` and which then moved on. */
  readonly powersW: (startedAt: number, settlingS: number) => readonly number[];
  /** The switching behind such a step of so many watts. */
  readonly behind: (startedAt: number, settlingS: number, stepW: number) => SwitchSeen | undefined;
};

const MOST = 16;
/** The contact lies in the first second of the step; clocks of readings and cycles may be a second apart. */
const EARLIEST_MS = 2500;
const LATEST_MS = 1500;
/** Less than this part of the step is an inrush or another load; more than that, a larger one switched with it. */
const LEAST_PART = 0.08;
const MOST_PART = 1.6;

export function createRecentSwitches(): RecentSwitches {
  const newest: RecognisedSwitch[] = [];
  let isFed = false;
  const within = (startedAt: number, settlingS: number): readonly RecognisedSwitch[] =>
    newest.filter(({ at }) => at >= startedAt - EARLIEST_MS && at <= startedAt + LATEST_MS + 1000 * settlingS);
  return {
    add(switched) {
      isFed = true;
      newest.push(switched);
      if (newest.length > MOST) newest.shift();
    },
    isFed: () => isFed,
    powersW: (startedAt, settlingS) => within(startedAt, settlingS).map(({ activePowerW }) => activePowerW),
    behind(startedAt, settlingS, stepW) {
      let best: RecognisedSwitch | undefined;
      for (const switched of within(startedAt, settlingS)) {
        const { at, activePowerW } = switched;
        // The step is the first one's; a later one counts where another load began it.
        if (best !== undefined && at > startedAt + LATEST_MS) continue;
        if (activePowerW < LEAST_PART * stepW || activePowerW > MOST_PART * stepW) continue;
        // An inrush and the rise after it are told one by one: the larger has the load's own waveform.
        if (best === undefined || activePowerW > best.activePowerW) best = switched;
      }
      if (best === undefined) return undefined;
      const { at, activePowerW, families } = best;
      if (families.length === 0) return { at, activePowerW, chargerProbability: null, rectifierProbability: null };
      const of = (name: string): number => families.find(({ family }) => family === name)?.probability ?? 0;
      const chargerProbability = of('charger');
      return { at, activePowerW, chargerProbability, rectifierProbability: chargerProbability + of('electronic') };
    },
  };
}

/**
 * Log-odds of the recognised family: p(charger) / p(not charger) relative to what steps of this channel have in the
 * middle, times a slope, within bounds. All three by development on chargers of other makes than the model's. Without
 * correction a group of lamps is taken for a charger more often than an unseen charger is: it can only speak against.
 */
const OPINION = {
  distortion: { middle: 0.34, slope: 0.5, least: -2.5, most: 0.2 },
  power: { middle: 0.004, slope: 0.35, least: -0.8, most: 2 },
} as const;
/** A corrected charger may be taken for any supply, but not for a motor or a heater. */
const OTHER_SLOPE = 0.7;
const LEAST_IN_ALL = { distortion: -2.5, power: -1.5 } as const;
const LEAST_PROBABILITY = 1e-4;
/**
 * A step of the readings without a switching is mostly a load that changed by itself, or the leavings of one that pulses:
 * however still it holds, nothing was seen to come on.
 */
const UNSWITCHED = { distortion: -3, power: -1.2 } as const;
/** A rise within these times was watched: a soft start may be too slow for a detector of switchings. */
const SOFT_MS = [280, 2600] as const;
const UNSWITCHED_SOFT = -0.2;

/** Part of the step that must flow when the waveform is judged: at the foot of a soft start pulses have another shape. */
const JUDGED_PART = [0.35, 0.75] as const;

/**
 * The term of what was switched; `null` = switchings are told, but none was there. `riseMs` NaN = not watched; `stepW` = the
 * whole step.
 */
export function recognisedTerm(
  seen: SwitchSeen | null,
  channel: 'distortion' | 'power',
  riseMs = NaN,
  stepW = seen?.activePowerW ?? NaN,
): OddsTerm | undefined {
  if (seen === null) {
    const isSoft = riseMs >= SOFT_MS[0] && riseMs <= SOFT_MS[1];
    return { feature: 'switched', value: 0, logOdds: isSoft ? UNSWITCHED_SOFT : UNSWITCHED[channel] };
  }
  const { chargerProbability, rectifierProbability } = seen;
  if (chargerProbability === null) return undefined;
  const { middle, slope, least, most } = OPINION[channel];
  const opinion = slope * (logit(chargerProbability) - logit(middle));
  const other = Math.min(0, OTHER_SLOPE * logit(rectifierProbability ?? chargerProbability));
  const [none, whole] = JUDGED_PART;
  const part = Math.min(1, Math.max(0, (seen.activePowerW / stepW - none) / (whole - none)));
  // A motor or an oven is none at the foot of a soft start either.
  const logOdds = part * Math.max(least, other < 0 ? Math.min(0, opinion) : opinion) + other;
  const bounded = Math.min(most, Math.max(other < 0 ? LEAST_IN_ALL[channel] : least, logOdds));
  return { feature: 'chargerProbability', value: chargerProbability, logOdds: bounded };
}

function logit(probability: number): number {
  const kept = Math.min(1 - LEAST_PROBABILITY, Math.max(LEAST_PROBABILITY, probability));
  return Math.log(kept / (1 - kept));
}
