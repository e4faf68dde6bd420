import { emptyEnrolment, type EnrolledDevices } from '@fengsui/fingerprint';
import type { Shape } from './load-evidence.ts';

/** What was taught about the loads of one circuit, and how each taught device looks. */
export type TaughtLoads = {
  readonly enrolled: EnrolledDevices;
  /** By device id: the cycle of its newest confirmation, shown beside what is recognised as it. */
  readonly shapes: Readonly<Record<string, Shape>>;
};

export const nothingTaught = (): TaughtLoads => ({ enrolled: emptyEnrolment(), shapes: {} });
