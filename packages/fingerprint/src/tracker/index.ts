/** Which loads of a circuit are on, their energy, and the share nobody explains. */
export { createLoadTracker } from './load-tracker.ts';
export type { EnergyShare, PowerShare } from './energy-share.ts';
export type { LoadTracker, PowerReading, TrackerChange } from './load-tracker.ts';
export type { LoadIdentity, RecognisedLoad } from './load-identity.ts';
export { observedSwitchOf } from './observed-switch.ts';
export type { HarmonicPhasor, ObservedSwitch, SwitchedPower } from './observed-switch.ts';
export type { PowerHistory } from './power-history.ts';
export type { TrackedLoad } from './tracked-load.ts';
export type { LoadTrackerSettings } from './tracker-settings.ts';
export type { LoadTrackerState } from './tracker-state.ts';
