/** The newest frames of several channels. */
export type SampleRing = {
  /** Frames `from` … `to` − 1 of each channel. */
  append(channels: readonly Float64Array[], from: number, to: number): void;
  /** Frames told so far. */
  readonly frames: number;
  /** The oldest frame still held. */
  readonly oldestFrame: number;
  /** Copies frames `from` … `to` − 1 of each channel. @throws RangeError when they are not held. */
  read(from: number, to: number): Float64Array[];
};

export function createSampleRing(channelCount: number, capacityFrames: number): SampleRing {
  const rings = Array.from({ length: channelCount }, () => new Float64Array(capacityFrames));
  let frames = 0;
  const oldest = (): number => Math.max(0, frames - capacityFrames);
  return {
    get frames() {
      return frames;
    },
    get oldestFrame() {
      return oldest();
    },
    append(channels, from, to) {
      if (channels.length !== channelCount) {
        throw new RangeError(`${channels.length} channels, ${channelCount} expected`);
      }
      const first = Math.max(from, to - capacityFrames);
      for (let channel = 0; channel < channelCount; channel++) {
        const ring = rings[channel] as Float64Array;
        const values = channels[channel] as Float64Array;
        let place = (frames + first - from) % capacityFrames;
        // Frame by frame: for blocks of a half-cycle that is faster than making the views that `set` wants.
        for (let source = first; source < to; source++) {
          ring[place++] = values[source] as number;
          if (place === capacityFrames) place = 0;
        }
      }
      frames += to - from;
    },
    read(from, to) {
      if (!(from >= oldest() && from <= to && to <= frames)) {
        throw new RangeError(`frames ${from} to ${to}: expected within ${oldest()} to ${frames}`);
      }
      return rings.map((ring) => {
        const values = new Float64Array(to - from);
        for (let done = 0; done < values.length;) {
          const place = (from + done) % capacityFrames;
          const count = Math.min(values.length - done, capacityFrames - place);
          values.set(ring.subarray(place, place + count), done);
          done += count;
        }
        return values;
      });
    },
  };
}
