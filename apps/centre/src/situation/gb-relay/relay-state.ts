/** What is known of a relay over restarts; instants are epoch ms. */
export type RelayState = {
  readonly link?: { readonly state: 'connected' | 'away'; readonly since: number; readonly error?: string };
  /** A frame has waited too long since then. */
  readonly behindSince?: number;
  readonly lostCount?: number;
  readonly setAsideCount?: number;
};

/** A frame that another centre has not confirmed yet. */
export type OwedFrame = {
  readonly relayId: string;
  readonly deviceId: string;
  /** Receipt order: names the frame. */
  readonly order: number;
  readonly isUrgent: boolean;
  readonly receivedAt: number;
  readonly bytes: Uint8Array;
};

export const owedKey = (relayId: string, order: number): string => `${relayId}/${order}`;
