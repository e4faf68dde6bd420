/**
 * The newest part of a stream of sample frames, in arrays whose index moves with the stream. In single precision: 24
 * bits are more than any converter has, and hundreds of circuits share a cache.
 */
export type SampleWindow = {
  /** One array per channel; frame f of the stream is at index f - `firstFrame()`. */
  readonly channels: readonly Float32Array[];
  /** Frame number of index 0; negative at first, because room for frames before the stream is kept. */
  firstFrame(): number;
  /** One past the newest frame of the stream. */
  endFrame(): number;
  /** How many frames `append` can take before something must be discarded. */
  room(): number;
  /** Copies frames from..from+count of each source behind the newest frame. */
  append(sources: readonly Float64Array[], from: number, count: number): void;
  /** Forgets what lies before `frame`. */
  discardBefore(frame: number): void;
  /** Writes the signal one `period` later into the frames before the stream, so that a kernel can reach there. */
  fillBeforeStart(period: number): void;
  /** Writes the signal one `period` earlier into the frames behind the newest one, which stays the newest. */
  fillAfterEnd(period: number): void;
};

/**
 * Creates a window of `capacity` frames that keeps `marginFrames` of room before the start and behind the end.
 * Everything is allocated here; appending and discarding copy within the arrays.
 */
export function createSampleWindow(channelCount: number, capacity: number, marginFrames: number): SampleWindow {
  const length = capacity + 2 * marginFrames;
  const channels = Array.from({ length: channelCount }, () => new Float32Array(length));
  let first = -marginFrames;
  let end = 0;

  return {
    channels,
    firstFrame: () => first,
    endFrame: () => end,
    room: () => length - marginFrames - (end - first),
    append(sources, from, count) {
      for (let channel = 0; channel < channels.length; channel++) {
        const target = channels[channel] as Float32Array;
        const source = sources[channel] as Float64Array;
        const offset = end - first - from;
        for (let index = from; index < from + count; index++) target[offset + index] = source[index] as number;
      }
      end += count;
    },
    discardBefore(frame) {
      const shift = Math.min(frame, end) - first;
      if (shift <= 0) return;
      for (const channel of channels) channel.copyWithin(0, shift, end - first);
      first += shift;
    },
    fillBeforeStart(period) {
      for (const channel of channels) {
        for (let index = -first - 1; index >= 0; index--) channel[index] = channel[index + period] as number;
      }
    },
    fillAfterEnd(period) {
      const from = end - first;
      for (const channel of channels) {
        for (let index = from; index < from + marginFrames; index++) {
          channel[index] = channel[index - period] as number;
        }
      }
    },
  };
}
