import { isResend, type GbFrameIdentity } from '../../situation/gb26875/frame-identity.ts';

/** Serials remembered per device: far more than can be under way. */
const SERIALS_KEPT = 1_024;

export type SeenFrame = GbFrameIdentity & {
  readonly receivedAt: number;
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

  /** The frame this one repeats. */
  original(deviceId: string, serial: number, frame: GbFrameIdentity, receivedAt: number): SeenFrame | undefined {
    const known = this.#devices.get(deviceId)?.get(serial);
    return known !== undefined && isResend(known, frame, receivedAt) ? known : undefined;
  }

  /** Whether it is known what the device said last under the serial. */
  knows(deviceId: string, serial: number): boolean {
    return this.#devices.get(deviceId)?.has(serial) === true;
  }

  /** The device speaks elsewhere: what it said here last is not its newest any more. */
  forgetDevice(deviceId: string): void {
    this.#devices.delete(deviceId);
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
