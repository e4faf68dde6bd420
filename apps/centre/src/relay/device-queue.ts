import type { RelayFrame } from './relay-frame.ts';

/** What is owed of one device: fires go first, the rest in the order it came; one of each is under way at a time. */
export class DeviceQueue {
  readonly #urgent: RelayFrame[] = [];
  readonly #normal: RelayFrame[] = [];
  #urgentUnderWay: RelayFrame | undefined;
  #normalUnderWay: RelayFrame | undefined;

  get isEmpty(): boolean {
    return this.waiting === 0 && this.underWay.length === 0;
  }

  get waiting(): number {
    return this.#urgent.length + this.#normal.length;
  }

  get underWay(): readonly RelayFrame[] {
    return [this.#urgentUnderWay, this.#normalUnderWay].filter((frame) => frame !== undefined);
  }

  add(frame: RelayFrame): void {
    (frame.isUrgent ? this.#urgent : this.#normal).push(frame);
  }

  /** Puts the next frame under way; undefined when none may go now. */
  next(mayGo: (frame: RelayFrame) => boolean): RelayFrame | undefined {
    const [urgent] = this.#urgent;
    if (urgent !== undefined && this.#urgentUnderWay === undefined && mayGo(urgent)) {
      this.#urgentUnderWay = this.#urgent.shift();
      return this.#urgentUnderWay;
    }
    const [normal] = this.#normal;
    if (normal === undefined || this.#normalUnderWay !== undefined || !mayGo(normal)) return undefined;
    this.#normalUnderWay = this.#normal.shift();
    return this.#normalUnderWay;
  }

  /** It has arrived, or is given up. */
  done(frame: RelayFrame): void {
    if (this.#urgentUnderWay === frame) this.#urgentUnderWay = undefined;
    if (this.#normalUnderWay === frame) this.#normalUnderWay = undefined;
  }

  /** The connection is gone: what was under way goes first when there is another. */
  back(): readonly RelayFrame[] {
    const frames = this.underWay;
    if (this.#urgentUnderWay !== undefined) this.#urgent.unshift(this.#urgentUnderWay);
    if (this.#normalUnderWay !== undefined) this.#normal.unshift(this.#normalUnderWay);
    this.#urgentUnderWay = undefined;
    this.#normalUnderWay = undefined;
    for (const frame of frames) frame.transmissions = 0;
    return [...frames, ...this.#urgent, ...this.#normal];
  }
}
