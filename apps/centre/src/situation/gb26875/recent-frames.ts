export type RecentFrame = { readonly receivedAt: number; readonly bytes: Uint8Array };

/** Frames kept of one device. */
const FRAMES = 20;
/** Devices whose frames are kept; those heard longest ago make room. */
const DEVICES = 2_000;

/** The newest frames of each device as they came, for people who look at a line; in memory, gone with a restart. */
export class RecentFrames {
  readonly #frames = new Map<string, RecentFrame[]>();

  note(deviceId: string, receivedAt: number, bytes: Uint8Array): void {
    const frames = this.#frames.get(deviceId) ?? [];
    // To the end of the map: the first in it is the one heard longest ago.
    this.#frames.delete(deviceId);
    this.#frames.set(deviceId, frames);
    frames.push({ receivedAt, bytes: Uint8Array.from(bytes) });
    if (frames.length > FRAMES) frames.shift();
    const [oldest] = this.#frames.keys();
    if (this.#frames.size > DEVICES && oldest !== undefined) this.#frames.delete(oldest);
  }

  /** Newest first. */
  of(deviceId: string): readonly RecentFrame[] {
    return [...(this.#frames.get(deviceId) ?? [])].reverse();
  }
}
