import { createRandom, type CurrentFingerprint } from '@fengsui/fingerprint';
import type { ApplianceRecording } from './appliance-recordings.ts';
import { drawBackground, fingerprintAt } from './appliance-model.ts';
import { composeSwitching } from './composed-switching.ts';

/** Cycles on either side: what the product waits for after a switching. */
const cyclesAround = 20;

/** The fingerprint of a recording's one switching; undefined when the product says that there is none. */
export type Switchings = (recording: ApplianceRecording) => CurrentFingerprint | undefined;

/**
 * One switching per recording, on or off, alone or among up to `mostBackground` others of `all`; no noise but the
 * recordings' own. Made when first asked for, then kept: the same recording gives the same switching.
 */
export function createSwitchings(all: readonly ApplianceRecording[], mostBackground: number, seed: number): Switchings {
  const made = new Map<ApplianceRecording, CurrentFingerprint | undefined>();
  return (recording) => {
    if (made.has(recording)) return made.get(recording);
    const random = createRandom(seed + 7919 * recording.rec + [...recording.label].length);
    const others = all.filter(({ label }) => label !== recording.label);
    const { cycles, eventCycle } = composeSwitching(
      {
        target: recording,
        background: mostBackground === 0 ? [] : drawBackground(others, mostBackground, random),
        direction: random() < 0.5 ? 'on' : 'off',
        cyclesBefore: cyclesAround,
        cyclesAfter: cyclesAround,
        noiseA: 0,
      },
      random,
    );
    const fingerprint = fingerprintAt(cycles, eventCycle);
    made.set(recording, fingerprint);
    return fingerprint;
  };
}
