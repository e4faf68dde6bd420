/** How a transaction of the centre ended (GB/T 26875.3 6.5). */
export type GbOutcome =
  'confirmed' | 'answered' | 'denied' | 'noAnswer' | 'wrongAnswer' | 'disconnected' | 'notConnected';

/** What an entry of channel `gb26875` is about. */
export type GbMeta =
  /** The payload is a sound frame of the device, as received. */
  | {
      readonly kind: 'frame';
      /** Rises with every frame taken by this centre: lanes reorder, and an older word must not change a newer state. */
      readonly order: number;
      /** Taken where it was not known what the device had said last under this serial: another gateway may have taken it. */
      readonly mayRepeat?: true;
      /** The relays whose centres are owed it. */
      readonly relay?: readonly string[];
      /** Out of quarantine, to be read again: when it was received first, by which its row is found. */
      readonly replayOf?: number;
    }
  /** The payload is bytes that were no frame. */
  | { readonly kind: 'framing'; readonly reason: string }
  /** A control or a query of the centre has ended; nothing is known of the device by it. */
  | {
      readonly kind: 'transaction';
      readonly command: number;
      readonly type: number;
      readonly serial: number;
      readonly outcome: GbOutcome;
      readonly transmissions: number;
      readonly startedAt: number;
      /** Who ordered it: the act of a person; absent for what the centre does by itself. */
      readonly actId?: string;
    }
  /** Two peers speak under the address of the device. */
  | { readonly kind: 'addressClash'; readonly remotes: readonly string[] }
  /** A frame that must not come from here. An unknown address has no device: `deviceId` is empty. */
  | {
      readonly kind: 'unauthorised';
      readonly reason: 'unknownAddress' | 'addressNotAllowed' | 'revokedDevice' | 'downstreamCommand';
      readonly address: string;
      readonly remote: string;
      /** How many like it were counted since the last entry. */
      readonly count: number;
    };
