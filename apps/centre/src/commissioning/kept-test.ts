import type { Level } from '@fengsui/alarm';
import type { SignatureCapacity, TestOutcome, VenueLifeState } from '@fengsui/protocol';
import type { Place } from '../situation/kept.ts';

/** Instants are epoch ms. */
export type PointResult = {
  readonly outcome: TestOutcome;
  readonly how: 'event' | 'hand';
  readonly at: number;
  readonly by?: string;
  readonly reason?: string;
  readonly kind?: string;
  readonly level?: Level;
  readonly alarmId?: string;
  readonly triggeredAt?: number;
  readonly receivedAt?: number;
  readonly shownAt?: number;
};

export type KeptPoint = {
  readonly deviceId: string;
  readonly point: string;
  readonly expects: readonly string[];
  readonly result?: PointResult;
};

/** A venue on test: for a bounded time, with every point that has to be triggered. */
export type KeptTest = {
  readonly id: string;
  readonly place: Place;
  readonly reason: string;
  readonly startedAt: number;
  readonly startedBy: string;
  readonly endsAt: number;
  readonly warned?: true;
  readonly endedAt?: number;
  readonly endedBy?: string;
  readonly points: readonly KeptPoint[];
};

export type KeptSignature = {
  readonly capacity: SignatureCapacity;
  readonly by: string;
  readonly name: string;
  readonly at: number;
};

/** One version; the content is what was hashed. */
export type KeptAcceptance = {
  readonly testId: string;
  readonly place: Place;
  readonly version: number;
  readonly madeAt: number;
  readonly madeBy: string;
  readonly sha256: string;
  readonly isPassed: boolean;
  readonly content: object;
  readonly signatures: readonly KeptSignature[];
};

export type KeptTrial = {
  readonly id: string;
  readonly place: Place;
  readonly name: string;
  readonly venueId?: string;
  readonly wave?: string;
  readonly from: number;
  readonly to: number;
  readonly by: string;
};

export type VenueLifeLine = {
  readonly venueId: string;
  readonly place: Place;
  readonly at: number;
  readonly by: string;
  readonly from?: VenueLifeState;
  readonly to: VenueLifeState;
  readonly reason?: string;
};
