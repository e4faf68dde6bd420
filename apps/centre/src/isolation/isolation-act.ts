import type { Category } from '@fengsui/alarm';
import type { FireWatch, IsolationKind } from '@fengsui/protocol';
import type { IsolationTarget, KeptIsolation } from './kept-isolation.ts';

export type IsolationAct =
  /** The id of the isolation derives from that of the act: asked twice, it is one. */
  | {
      readonly kind: 'ask';
      readonly target: IsolationTarget;
      readonly isolation: IsolationKind;
      readonly categories?: readonly Category[];
      readonly until: number;
      readonly reason: string;
      readonly fireWatch?: FireWatch;
    }
  | { readonly kind: 'approve'; readonly isolationId: string }
  /** Ends one that runs, withdraws one that was asked for. */
  | { readonly kind: 'end'; readonly isolationId: string };

/** The meta of the `operatorAct` entry. */
export type IsolationActMeta = {
  readonly actId: string;
  readonly venueId: string;
  readonly by: string;
  readonly at: number;
  readonly isIsolation: true;
  readonly act: IsolationAct;
};

export type Isolated = { readonly kind: 'isolated'; readonly isolation: KeptIsolation };
