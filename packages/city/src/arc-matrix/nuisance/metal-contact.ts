import { ArcGap } from '../../arc/arc-gap.ts';
import type { RandomStream } from '../../random/random-stream.ts';
import type { Stage } from '../stage.ts';

/**
 * A clean metal contact: parting draws an arc that dies at the current's zero and cannot come back, since a gap of air
 * wants more than the peak of the mains (Paschen's minimum is 327 V; a gap of 0.1 mm wants about 600 V).
 */
export function metalContact(stage: Stage, name: string): ArcGap {
  const random = stage.stream(name);
  const model = {
    kind: 'static',
    // Minimum arc voltage of copper and silver contacts in air: 12 … 13 V.
    arcV: random.between(13, 25),
    hyperbolicW: random.between(2, 8),
    breakdownV: 600,
    // The overvoltage of a current cut off in an inductance has rung out by then.
    deionisationUs: 400,
    scatter: 0.03,
  } as const;
  const gap = new ArcGap({ model, touchToArc: 0 }, stage.rig.site.stepS, random);
  stage.watch(gap);
  return gap;
}

/** Parts and touches a few times within `withinMs`, closed at the end; returns when it is over. */
export function bounce(stage: Stage, gap: ArcGap, atMs: number, withinMs: number, random: RandomStream): number {
  const count = 1 + Math.floor(random.between(0, 4));
  const cuts = Array.from({ length: 2 * count }, () => atMs + withinMs * random.between(0, 1)).sort((a, b) => a - b);
  for (const [index, cutMs] of cuts.entries()) {
    if (index % 2 === 0) stage.at(cutMs, () => gap.strike());
    else stage.at(cutMs, () => gap.mend());
  }
  return cuts.at(-1) ?? atMs;
}
