import { DIMENSIONS } from './step-watch.ts';
import type { CircuitStep } from './step-watch.ts';

/** A step within which a load that pulses moved as well, without it. */
export type PartedStep = {
  readonly step: CircuitStep;
  /** What it had been taken for. */
  readonly whole: CircuitStep;
  /** The circuit around the load now. */
  readonly offset: readonly number[];
  readonly binsBefore: readonly Float64Array[];
  /** What the whole step had been taken for. */
  readonly candidateId: string | null;
};

/** The newest steps that repeated none, for as long as one of them may turn out to be two. */
export type MixedSteps = {
  readonly add: (step: CircuitStep, binsBefore: readonly Float64Array[], candidateId: string | null) => void;
  /** Another step moved the circuit. */
  readonly shift: (by: Float64Array) => void;
  /** The only step that ended after `since`, less the edge it hid; undefined when there was none or several. */
  readonly part: (since: number, hidden: Float64Array) => PartedStep | undefined;
  readonly reset: () => void;
};

type MixedStep = {
  readonly step: CircuitStep;
  readonly moved: Float64Array;
  readonly binsBefore: readonly Float64Array[];
  readonly candidateId: string | null;
};

const MOST = 4;

export function createMixedSteps(): MixedSteps {
  let steps: MixedStep[] = [];
  return {
    add(step, binsBefore, candidateId) {
      const copy = { ...step, before: Float64Array.from(step.before), after: Float64Array.from(step.after) };
      // Power and distortion show the same step.
      const others = steps.filter((other) => other.step.endedAt < step.startedAt);
      steps = [...others.slice(1 - MOST), { step: copy, moved: new Float64Array(DIMENSIONS), binsBefore, candidateId }];
    },
    shift(by) {
      for (const { moved } of steps)
        for (let k = 0; k < DIMENSIONS; k++) moved[k] = (moved[k] as number) + (by[k] as number);
    },
    part(since, hidden) {
      const found = steps.filter(({ step }) => step.endedAt > since);
      const [mixed] = found;
      if (mixed === undefined || found.length > 1 || !mixed.step.isSettled) return undefined;
      steps = steps.filter((other) => other !== mixed);
      const { step, moved, binsBefore, candidateId } = mixed;
      const after = step.after.map((value, k) => value - (hidden[k] as number));
      // Only the settled levels are known without the other load.
      const [beforeW, afterW] = [step.before[0] as number, after[0] as number];
      const powers = { quickW: afterW - beforeW, lowestBeforeW: beforeW, lowestAfterW: afterW };
      const offset = Array.from(step.before, (value, k) => value + (hidden[k] as number) + (moved[k] as number));
      return { step: { ...step, ...powers, after }, whole: step, offset, binsBefore, candidateId };
    },
    reset: () => void (steps = []),
  };
}
