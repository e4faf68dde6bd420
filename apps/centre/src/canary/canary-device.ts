import { randomBytes } from 'node:crypto';
import { decodeEvent } from '@fengsui/protocol';
import type { Admission, DeviceGate, Received, SessionOpening, Verdict } from '../intake/device-door.ts';
import type { ReportMeta } from '../journal/entry.ts';
import type { Journal } from '../journal/journal.ts';
import { partitionOf } from '../journal/partition.ts';
import type { Clock } from '../platform/clock.ts';
import { isSecret } from '../platform/process-secret.ts';

/** Of this process alone, so that no registered device has it. It is in no list, and nothing counts it. */
export const CANARY_DEVICE_ID = `.canary-${randomBytes(8).toString('hex')}`;

/**
 * The gate of the MQTT door, with room for one more: the canary's device, which is in no registry. What it sends goes
 * into the alarm lane as a device's event does, marked so that it can never become an alarm somebody sees.
 */
export class CanaryGate implements DeviceGate {
  readonly #gate: DeviceGate;
  readonly #secret: string;
  readonly #journal: Pick<Journal, 'append'>;
  readonly #clock: Clock;

  constructor(
    gate: DeviceGate,
    secret: string,
    { journal, clock }: { readonly journal: Pick<Journal, 'append'>; readonly clock: Clock },
  ) {
    this.#gate = gate;
    this.#secret = secret;
    this.#journal = journal;
    this.#clock = clock;
  }

  authenticate(deviceId: string, secret: string): Verdict {
    if (deviceId !== CANARY_DEVICE_ID) return this.#gate.authenticate(deviceId, secret);
    return isSecret(secret, this.#secret) ? 'accepted' : 'wrongSecret';
  }

  authenticateCertificate(deviceId: string): Verdict {
    return deviceId === CANARY_DEVICE_ID ? 'unknownDevice' : this.#gate.authenticateCertificate(deviceId);
  }

  async receive(received: Received): Promise<Admission> {
    if (received.deviceId !== CANARY_DEVICE_ID) return this.#gate.receive(received);
    const admission = { holdMs: 0, close: false };
    if (decodeEvent(received.payload).kind === 'discarded') return admission;
    const receivedAt = this.#clock.now();
    const meta: ReportMeta = {
      deviceId: CANARY_DEVICE_ID,
      venueId: '',
      origin: 'test',
      receivedAt,
      channel: 'canary',
      live: true,
    };
    const entry = { kind: 'report', partition: partitionOf(''), appendedAt: receivedAt, meta } as const;
    await this.#journal.append('alarm', [{ ...entry, payload: received.payload }]);
    return admission;
  }

  isStillValid(deviceId: string, secretSha256: string | undefined): boolean {
    return deviceId === CANARY_DEVICE_ID || this.#gate.isStillValid(deviceId, secretSha256);
  }

  mayHearCommandsOf(listenerId: string, deviceId: string): boolean {
    return this.#gate.mayHearCommandsOf(listenerId, deviceId);
  }

  gatewayOf(deviceId: string): string | undefined {
    return this.#gate.gatewayOf(deviceId);
  }

  sessionOpened(deviceId: string, session: number, opening: SessionOpening): void {
    if (deviceId !== CANARY_DEVICE_ID) this.#gate.sessionOpened(deviceId, session, opening);
  }

  sessionClosed(deviceId: string, session: number, isSuperseded?: boolean): void {
    if (deviceId !== CANARY_DEVICE_ID) this.#gate.sessionClosed(deviceId, session, isSuperseded);
  }
}
