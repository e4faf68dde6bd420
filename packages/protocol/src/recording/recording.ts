/** One sampled quantity. */
export type RecordedChannel = {
  /** `voltageV`, `currentA`, `residualCurrentMa`, `temperatureC` …, with a prefix where there are several: `c2.currentA`. */
  readonly name: string;
  /** Unit of the values: `V`, `A`, `mA`, `°C` …; `""` when the name tells none. */
  readonly unit: string;
  /** One value per frame; NaN = missing. */
  readonly values: Float64Array;
};

/** A waveform with one sample rate, whatever file it came from. Channels have equal length and different names. */
export type Recording = {
  readonly sampleRateHz: number;
  /** Nominal mains frequency. */
  readonly mainsHz: number;
  readonly channels: readonly RecordedChannel[];
  /** Instant of frame 0 in epoch ms, with a fraction where the file has one; absent when the file does not say. */
  readonly startedAt?: number;
  /** Frame of the trigger, from 0. */
  readonly triggerFrame?: number;
  /** What the samples were made into quantities with, in one word (`calibrationWord`); absent: the file does not say. */
  readonly calibration?: string;
};

/** A file that cannot be read: where, what stands there and what was expected. */
export type Unreadable = { readonly kind: 'unreadable'; readonly place: string; readonly detail: string };

export function unreadable(place: string, detail: string): Unreadable {
  return { kind: 'unreadable', place, detail };
}

/** @throws RangeError when the recording breaks its own shape; writers check it before the first byte. */
export function checkRecording(recording: Recording): void {
  const { sampleRateHz, mainsHz, channels } = recording;
  if (!(sampleRateHz > 0 && sampleRateHz < Infinity))
    throw new RangeError(`sampleRateHz is ${sampleRateHz}, above 0 expected`);
  if (!(mainsHz > 0 && mainsHz < Infinity)) throw new RangeError(`mainsHz is ${mainsHz}, above 0 expected`);
  const frames = channels[0]?.values.length;
  if (frames === undefined) throw new RangeError('a recording of 0 channels, at least 1 expected');
  const odd = channels.find((channel) => channel.values.length !== frames);
  if (odd) throw new RangeError(`${odd.name} has ${odd.values.length} samples, ${frames} expected`);
  const names = new Set(channels.map((channel) => channel.name));
  if (names.size !== channels.length)
    throw new RangeError(`channel names are not all different: ${[...names].join(', ')}`);
}
