import type { CfgInstant } from './cfg-instant.ts';

export type CfgAnalog = {
  readonly id: string;
  readonly phase: string;
  /** Circuit component being monitored (ccbm). */
  readonly component: string;
  readonly unit: string;
  /** value = a · code + b, in `unit`. */
  readonly a: number;
  readonly b: number;
  /** Delay of this channel's sample within its sample period, µs. */
  readonly skewUs: number;
  /** Largest code. */
  readonly max: number;
  readonly primary: number;
  readonly secondary: number;
  /** Side of the transformer that the values stand for; a 1991 file does not say. */
  readonly side: 'primary' | 'secondary' | 'unknown';
};

export type CfgDigital = {
  readonly id: string;
  readonly phase: string;
  readonly component: string;
  /** 0 or 1: the state in normal service. */
  readonly normalState: 0 | 1;
};

/** BINARY has 16-bit codes; BINARY32 and FLOAT32 came with 2013. */
export const dataFormats = ['ASCII', 'BINARY', 'BINARY32', 'FLOAT32'] as const;
export type DataFormat = (typeof dataFormats)[number];

export type CfgSegment = {
  readonly sampleRateHz: number;
  /** Number of its last sample, from 1. */ readonly lastSample: number;
};

/** A configuration file of IEEE C37.111 (COMTRADE). */
export type ComtradeCfg = {
  readonly station: string;
  readonly deviceId: string;
  readonly revision: 1991 | 1999 | 2013;
  readonly analogs: readonly CfgAnalog[];
  readonly digitals: readonly CfgDigital[];
  readonly mainsHz: number;
  /** Empty when the file gives no rate and the time stamps of the samples count. */
  readonly segments: readonly CfgSegment[];
  readonly lastSample: number;
  readonly startedAt?: CfgInstant;
  readonly triggerAt?: CfgInstant;
  readonly dataFormat: DataFormat;
  /** Time stamps of the samples are in µs · timeMultiplier. */
  readonly timeMultiplier: number;
  readonly warnings: readonly string[];
};
