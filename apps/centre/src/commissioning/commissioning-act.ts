import type { SignatureCapacity, TestOutcome, VenueLifeState } from '@fengsui/protocol';

/** What a person does while a venue is brought into operation; `testId` names the test of the venue it is about. */
export type CommissioningAct =
  | { readonly kind: 'venueLife'; readonly to: VenueLifeState; readonly reason: string }
  /** The id of the test derives from that of the act: asked twice, it is one test. */
  | { readonly kind: 'testStart'; readonly minutes: number; readonly reason: string }
  | { readonly kind: 'testExtend'; readonly testId: string; readonly minutes: number }
  | { readonly kind: 'testEnd'; readonly testId: string }
  | {
      readonly kind: 'pointTick';
      readonly testId: string;
      readonly deviceId: string;
      readonly point: string;
      readonly outcome: TestOutcome;
      readonly reason: string;
    }
  /** The point is expected once more; what was ticked is taken back. */
  | { readonly kind: 'pointRearm'; readonly testId: string; readonly deviceId: string; readonly point: string }
  | { readonly kind: 'acceptanceMake'; readonly testId: string }
  | {
      readonly kind: 'acceptanceSign';
      readonly testId: string;
      readonly version: number;
      /** What the signer saw: he signs this content and no other. */
      readonly sha256: string;
      readonly capacity: SignatureCapacity;
      readonly name: string;
    }
  | {
      readonly kind: 'trialPut';
      readonly name: string;
      readonly wave?: string;
      readonly from: number;
      readonly to: number;
    };

/** The meta of the `operatorAct` entry. `venueId` is '' for a trial of a wave. */
export type CommissioningActMeta = {
  readonly actId: string;
  readonly venueId: string;
  readonly by: string;
  readonly at: number;
  readonly isCommissioning: true;
  readonly act: CommissioningAct;
};

/** Written by the centre itself: when what ticked these points was handed to the live feed. Not an act of a person. */
export type ScreenTimeMeta = {
  readonly isScreenTime: true;
  readonly venueId: string;
  readonly testId: string;
  readonly shownAt: number;
  readonly points: readonly { readonly deviceId: string; readonly point: string; readonly receivedAt: number }[];
};

/** The act is done; what came of it is read from the store. */
export type Commissioned = { readonly kind: 'commissioned' };
