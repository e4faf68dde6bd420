/** A way to a peer: one TCP connection, or the address datagrams come from. */
export type GbPath = {
  /** `192.0.2.7:40112`. */
  readonly remote: string;
  readonly address: string;
  readonly isStream: boolean;
  readonly isOpen: boolean;
  send(bytes: Uint8Array): void;
  close(reason: string): void;
};
