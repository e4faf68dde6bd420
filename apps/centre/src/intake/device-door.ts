/**
 * What stands between a protocol's sockets and the centre. A door authenticates, hands over every message and
 * acknowledges it only when `receive` has resolved; it knows nothing of alarms.
 */
export type DeviceDoor = {
  readonly name: string;
  /** Resolves with the port once it listens; rejects with `portInUse` when another process has it. */
  start(): Promise<number>;
  stop(): Promise<void>;
};

export type Verdict = 'accepted' | 'unknownDevice' | 'wrongSecret' | 'revoked';

/** A message as it came in; `deviceId` is the authenticated sender's. */
export type Received = { readonly deviceId: string; readonly topic: string; readonly payload: Uint8Array };

export type Admission = {
  /** `holdMs`: how long the door shall wait before it reads on (a device that sends garbage is read more slowly). */
  readonly holdMs: number;
  /** The connection has sent nothing valid for too long. */
  readonly close: boolean;
};

/** What a door may ask of the centre. */
export type DeviceGate = {
  authenticate(deviceId: string, secret: string): Verdict;
  /**
   * Resolves when the message is durable. Never rejects because of what the message holds, only because nothing is
   * taken (any more) from its sender: the door closes the connection without an acknowledgement.
   */
  receive(message: Received): Promise<Admission>;
  sessionOpened(deviceId: string, session: number): void;
  sessionClosed(deviceId: string, session: number): void;
};
