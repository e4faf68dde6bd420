import { isWithin } from '../../platform/clock.ts';

/** A resend may carry a new sending time; the chain of resends is over within this time (6.5: 4 × ≤ 10 s). */
const RESEND_MS = 60_000;
/** Serials remembered per device: far more than can be under way. */
const SERIALS_KEPT = 1_024;

export type SeenFrame = {
  readonly receivedAt: number;
  /** The sending time's bytes as hex; '' when it is no time. */
  readonly label: string;
  readonly content: string;
  /** Resolves when the frame is durable. */
  readonly durable: Promise<unknown>;
};

const DONE = Promise.resolve();

/**
 * Tells a resend from a new frame, by device and serial. Only the newest frame of a serial is compared: a device whose
 * counter stands still and that says fire, normal, fire says three things.
 */
export class ResendLedger {
  readonly #devices = new Map<string, Map<number, SeenFrame>>();

  /** The frame this one repeats: the same content with the same sending time, or within a minute. */
  original(
    deviceId: string,
    serial: number,
    frame: Pick<SeenFrame, 'label' | 'content'>,
    receivedAt: number,
  ): SeenFrame | undefined {
    const known = this.#devices.get(deviceId)?.get(serial);
    if (known === undefined || known.content !== frame.content) return undefined;
    const isSameSending = frame.label !== '' && known.label === frame.label;
    return isSameSending || isWithin(receivedAt, known.receivedAt, RESEND_MS) ? known : undefined;
  }

  record(deviceId: string, serial: number, frame: SeenFrame): void {
    let serials = this.#devices.get(deviceId);
    if (serials === undefined) {
      serials = new Map();
      this.#devices.set(deviceId, serials);
    }
    serials.delete(serial);
    serials.set(serial, frame);
    if (serials.size > SERIALS_KEPT) for (const oldest of serials.keys()) return void serials.delete(oldest);
  }

  /** It did not become durable: when it comes again it is new. */
  forget(deviceId: string, serial: number, frame: SeenFrame): void {
    const serials = this.#devices.get(deviceId);
    if (serials?.get(serial) === frame) serials.delete(serial);
  }

  restore(deviceId: string, serial: number, frame: Omit<SeenFrame, 'durable'>): void {
    this.record(deviceId, serial, { ...frame, durable: DONE });
  }
}
