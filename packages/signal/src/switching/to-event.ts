import { rms } from '../rms.ts';
import type { StateDifference } from './state-difference.ts';
import type { BackgroundLevel, SteadyState, SwitchEvent } from './switch-event.ts';
import type { TransientRecorder } from './transient.ts';

/** What is known of a switch besides its two states. */
export type Told = {
  readonly cycle: number;
  readonly startFrame: number;
  readonly settledCycle: number;
  readonly settled: boolean;
  readonly isBackgroundPulsing: boolean;
  readonly levelsBefore: readonly BackgroundLevel[];
  readonly levelsAfter: readonly BackgroundLevel[];
  readonly recorder: TransientRecorder;
};

/** Makes the event; `last`: the last cycle that belongs to its transient. */
export function toEvent(open: Told, difference: StateDifference, last: number, decidedCycle: number): SwitchEvent {
  const deltaCurrentA = rms(difference.differenceCurrentA);
  const kind = isOn(difference) ? 'on' : 'off';
  const followsInrush = open.settled && kind === 'on' && !open.isBackgroundPulsing;
  const transient = open.recorder.finish(kind, open.settledCycle, followsInrush, difference, last);
  return {
    kind,
    cycle: open.cycle,
    startFrame: open.startFrame,
    settledCycle: open.settledCycle,
    settled: open.settled,
    decidedCycle,
    deltaActivePowerW: difference.after.activePowerW - difference.before.activePowerW,
    deltaReactivePowerVar: difference.after.reactivePowerVar - difference.before.reactivePowerVar,
    deltaCurrentA,
    inrushRatio: transient.inrushRatio,
    ...difference,
    signalToNoise: deltaCurrentA / rms(difference.differenceErrorA),
    transient,
    isBackgroundPulsing: open.isBackgroundPulsing,
    backgroundLevels: kind === 'on' ? open.levelsBefore : open.levelsAfter,
    isPulsing: false,
  };
}

/** More active power is "on"; a step that is almost purely reactive (a capacitor, an idle motor) goes by |S|. */
function isOn({ before, after }: StateDifference): boolean {
  const p = after.activePowerW - before.activePowerW;
  const q = after.reactivePowerVar - before.reactivePowerVar;
  if (Math.abs(p) >= 0.1 * Math.abs(q)) return p > 0;
  const apparent = (state: SteadyState): number => Math.hypot(state.activePowerW, state.reactivePowerVar);
  return apparent(after) > apparent(before);
}
