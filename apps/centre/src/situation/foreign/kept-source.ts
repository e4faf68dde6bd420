/** What is known of a foreign source; instants are epoch ms. */
export type ForeignState = {
  readonly lastMessageAt?: number;
  /** Of an outside broker. */
  readonly link?: {
    readonly state: 'connected' | 'away';
    readonly since: number;
    /** Why it is away, or what it refused. */
    readonly error?: string;
  };
};
