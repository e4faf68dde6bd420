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
  /** Not taken, for want of room: no acknowledgement, so that the device keeps it and sends it again later. */
  readonly isRefused?: true;
};

/** Where a session comes from, and whether it took over from one of the same device that was still open. */
export type SessionOpening = { readonly address?: string; readonly tookOver: boolean };

/** Where `response` hands commands over, and sessions are ended. */
export type CommandLink = {
  /** Connected and subscribed to its commands, itself or through its gateway. */
  isReachable(deviceId: string): boolean;
  /** Writes to the session there is now; false when there is none. Nothing is kept for later. */
  send(deviceId: string, payload: Uint8Array): boolean | Promise<boolean>;
};

/** What a door may ask of the centre. */
export type DeviceGate = {
  authenticate(deviceId: string, secret: string): Verdict;
  /** The door has seen a client certificate of ours with this name. */
  authenticateCertificate(deviceId: string): Verdict;
  /**
   * Resolves when the message is durable. Never rejects because of what the message holds, only because nothing is
   * taken (any more) from its sender: the door closes the connection without an acknowledgement.
   */
  receive(message: Received): Promise<Admission>;
  /** Whether a session that was opened with the secret of this hash, or by certificate, may stay. */
  isStillValid(deviceId: string, secretSha256: string | undefined): boolean;
  /** Whether a device may be sent the commands of another: a gateway those of its children. */
  mayHearCommandsOf(listenerId: string, deviceId: string): boolean;
  /** The gateway a device is registered behind. */
  gatewayOf(deviceId: string): string | undefined;
  sessionOpened(deviceId: string, session: number, opening: SessionOpening): void;
  /** `isSuperseded`: the device has opened one at another gateway meanwhile. */
  sessionClosed(deviceId: string, session: number, isSuperseded?: boolean): void;
};
