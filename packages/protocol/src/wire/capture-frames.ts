import { codeOf, quantisationOf } from '../recording/quantisation.ts';
import { largestCaptureNumber, maxCaptureBytes, type CaptureChannel, type CaptureHeader } from './capture-header.ts';

export type SampledChannel = { readonly point: string; readonly unit: string; readonly values: Float64Array };

export type EncodedFrames = {
  readonly channels: readonly CaptureChannel[];
  readonly frames: number;
  /** int16 LE, channels interleaved; `sha256` of the header is taken over these bytes. */
  readonly frameBytes: Uint8Array<ArrayBuffer>;
};

const largestCode = 32_767;

/**
 * Quantises channels of equal length to int16, each with the scale that its own range needs, so that the error is at
 * most half a step (range / 131,068).
 *
 * @throws RangeError without a channel, with unequal lengths, above 64 MiB, or at a sample that is not finite: the wire
 * has no code for a missing sample, so the caller decides what stands in its place.
 */
export function encodeFrames(sampled: readonly SampledChannel[]): EncodedFrames {
  const frames = sampled[0]?.values.length;
  if (frames === undefined) throw new RangeError('a capture of 0 channels, at least 1 expected');
  const stride = sampled.length * 2;
  if (frames * stride > maxCaptureBytes) {
    throw new RangeError(`${frames} frames of ${sampled.length} channels, at most ${maxCaptureBytes} bytes expected`);
  }
  const frameBytes = new Uint8Array(frames * stride);
  const view = new DataView(frameBytes.buffer);
  const channels = sampled.map(({ point, unit, values }, index) => {
    if (values.length !== frames) throw new RangeError(`${point} has ${values.length} samples, ${frames} expected`);
    const missing = values.findIndex((value) => !(Math.abs(value) <= largestCaptureNumber));
    if (missing >= 0)
      throw new RangeError(`${point} is ${values[missing]} at frame ${missing}, a finite number expected`);
    const quantisation = quantisationOf(values, largestCode);
    for (let frame = 0; frame < frames; frame += 1) {
      view.setInt16(frame * stride + index * 2, codeOf(values[frame] as number, quantisation, largestCode), true);
    }
    return { point, unit, ...quantisation };
  });
  return { channels, frames, frameBytes };
}

/** Values per channel of the whole frames in `frameBytes`, which may be only the beginning of a capture. */
export function decodeFrames(header: Pick<CaptureHeader, 'channels'>, frameBytes: Uint8Array): Float64Array[] {
  const stride = header.channels.length * 2;
  const frames = Math.floor(frameBytes.byteLength / stride);
  const view = new DataView(frameBytes.buffer, frameBytes.byteOffset, frameBytes.byteLength);
  return header.channels.map(({ scale, offset }, index) => {
    const values = new Float64Array(frames);
    for (let frame = 0; frame < frames; frame += 1) {
      values[frame] = view.getInt16(frame * stride + index * 2, true) * scale + offset;
    }
    return values;
  });
}
