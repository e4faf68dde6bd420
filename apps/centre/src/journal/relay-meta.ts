/** What an entry has to do with frames that are passed on to another centre. Channel `relay`; no device, no venue. */
export type RelayMeta =
  /** The other centre has confirmed these frames, named by their receipt orders. In the lane of the frames. */
  | { readonly kind: 'delivered'; readonly relayId: string; readonly orders: readonly number[] }
  /** It denied them, or never confirmed them while it took others: not tried again. */
  | { readonly kind: 'setAside'; readonly relayId: string; readonly orders: readonly number[] }
  /** Frames that came while as many were owed as are kept. */
  | { readonly kind: 'lost'; readonly relayId: string; readonly count: number }
  /** None of the connections that are wanted is there, or one is again, or none is wanted. */
  | {
      readonly kind: 'link';
      readonly relayId: string;
      readonly state: 'connected' | 'away' | 'ended';
      readonly error?: string;
    }
  /** A frame has waited too long, or none does any more. */
  | { readonly kind: 'backlog'; readonly relayId: string; readonly isBehind: boolean }
  /** The other centre wanted something of a device. */
  | {
      readonly kind: 'order';
      readonly relayId: string;
      readonly deviceId: string;
      readonly command: number;
      readonly type: number;
      readonly isRefused: boolean;
      /** How many like it since the last entry. */
      readonly count: number;
    };
