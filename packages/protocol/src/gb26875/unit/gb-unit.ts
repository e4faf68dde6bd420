import type { GbObject } from './gb-object.ts';

export type GbUnitFault =
  'countMissing' | 'countZero' | 'countAboveMax' | 'lengthMismatch' | 'textTruncated' | 'trailingBytes';

/** The application data unit 应用数据单元 of a frame. */
export type GbUnit =
  /** No bytes at all: confirm, deny, and the heartbeat of the field. */
  | { readonly kind: 'empty' }
  | {
      readonly kind: 'objects';
      readonly type: number;
      /** Whose layout it has. */
      readonly by: 'standard' | 'profile';
      readonly objects: readonly GbObject[];
    }
  /** A type of the makers (128–254) that no profile describes, or one the standard reserves: to be kept as it came. */
  | {
      readonly kind: 'userDefined' | 'reserved';
      readonly type: number;
      readonly count: number;
      /** Everything behind type and count. */
      readonly body: Uint8Array;
    }
  /** Neither the standard nor the profile fits. */
  | {
      readonly kind: 'unreadable';
      /** All bytes of the unit. */
      readonly data: Uint8Array;
      readonly reason: GbUnitFault;
      readonly detail: string;
    };
