/** What can be wrong with a recording. */
export type FindingKind =
  | 'clipped'
  | 'dcOffset'
  | 'gap'
  | 'lowSampleRate'
  | 'notANumber'
  | 'noVoltage'
  | 'swapped'
  | 'tooShort'
  | 'wrongMains'
  | 'wrongScale';

/** Which channel it concerns; `recording` for all of it. */
export type FindingChannel = 'voltageV' | 'currentA' | 'residualCurrentMa' | 'recording';

/** One named fault of a recording. */
export type Finding = {
  readonly kind: FindingKind;
  readonly channel: FindingChannel;
  /** `maybe` where a real load or network could look the same. */
  readonly certainty: 'certain' | 'maybe';
  /** English: the value found and what was expected. */
  readonly detail: string;
  /** The first frame that shows it, from 0, where there is one. */
  readonly firstFrame?: number;
};
