import type { Calibration, EndOfLineResult } from '@fengsui/protocol';

/** A factory batch as the registry keeps it. Instants are epoch ms. */
export type KeptBatch = {
  readonly id: string;
  readonly model: string;
  /** Where its devices lie until they are installed. */
  readonly venueId: string;
  readonly producedAt: number;
  readonly by: string;
  readonly createdAt: number;
  readonly createdBy: string;
  readonly note?: string;
};

export type KeptTest = {
  readonly test: string;
  readonly value: number;
  readonly unit: string;
  /** Limits as they were then. */
  readonly min?: number;
  readonly max?: number;
  readonly passed: boolean;
};

/** One result at the end of the line; a further one is added, none is replaced. */
export type KeptEndOfLine = {
  readonly deviceId: string;
  /** Of the device, from 1. */
  readonly number: number;
  readonly venueId: string;
  readonly batchId: string;
  readonly serial: string;
  readonly firmware?: string;
  readonly testedAt: number;
  readonly recordedAt: number;
  readonly by: string;
  readonly result: EndOfLineResult;
  readonly note?: string;
  readonly tests: readonly KeptTest[];
  /** Of what was sent: the same again is no further result. */
  readonly digest: string;
};

/** One calibration; a further one has the next version, none is replaced. */
export type KeptCalibration = {
  readonly calibration: Calibration;
  readonly venueId: string;
  readonly recordedAt: number;
  readonly recordedBy: string;
  readonly digest: string;
};

export type FactoryChange =
  | { readonly kind: 'batchPut'; readonly batch: KeptBatch }
  | { readonly kind: 'endOfLinePut'; readonly result: KeptEndOfLine }
  | { readonly kind: 'calibrationPut'; readonly kept: KeptCalibration };
