import type { ReleaseManifest, RolloutGroup } from '@fengsui/protocol';

/** What a person does with releases; kept with who and when, whatever comes of it. */
export type RolloutAct =
  /** The signature was checked before; the id is that of the release. */
  | { readonly kind: 'releaseAdd'; readonly releaseId: string; readonly manifest: ReleaseManifest }
  /** The file lies in the data folder, with the size and the hash of the manifest. */
  | { readonly kind: 'releaseFile'; readonly releaseId: string }
  | {
      readonly kind: 'rolloutStart';
      readonly releaseId: string;
      readonly group: RolloutGroup;
      readonly observeMs: number;
      readonly deviceTimeoutMs: number;
      readonly mostFailedShare: number;
      readonly mostSilentShare: number;
      readonly note: string;
    }
  | {
      readonly kind: 'rolloutStop' | 'rolloutResume' | 'rolloutRollBack';
      readonly rolloutId: string;
      readonly note: string;
    }
  | {
      readonly kind: 'rolloutExclude';
      readonly rolloutId: string;
      readonly deviceId: string;
      readonly note: string;
    };

/** `venueId` is '' unless the rollout is for one venue. */
export type RolloutActMeta = {
  readonly actId: string;
  readonly venueId: string;
  readonly by: string;
  readonly at: number;
  readonly isRollout: true;
  readonly act: RolloutAct;
};

/** The act is done; what came of it is read from the situation. */
export type RolledOut = { readonly kind: 'rolledOut'; readonly id: string };
