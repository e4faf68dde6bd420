import { unreadable, type Recording, type Unreadable } from '../recording/recording.ts';
import type { CfgAnalog, CfgDigital, ComtradeCfg } from './cfg.ts';
import { epochMsOf, secondsBetween } from './cfg-instant.ts';
import { mapChannels, type MappedChannel } from './channel-mapping.ts';
import { decodeDat, type DatSamples } from './dat.ts';
import { decodeForeignText } from './foreign-text.ts';
import { parseCfg } from './parse-cfg.ts';

export type ComtradeFile = {
  readonly kind: 'comtrade';
  /** One recording per stretch of equal sample rate; nearly always one. */
  readonly recordings: readonly [Recording, ...Recording[]];
  readonly station: string;
  readonly deviceId: string;
  readonly revision: 1991 | 1999 | 2013;
  /** The CFG entry of each channel of the recordings, in the same order: phase, component, skew, ratio. */
  readonly sources: readonly CfgAnalog[];
  /** States over the whole file. */
  readonly digitals: readonly (CfgDigital & { readonly values: Uint8Array })[];
  /** What was odd and could be read all the same. */
  readonly warnings: readonly string[];
};

/**
 * Reads a COMTRADE pair (IEEE C37.111-1999; 1991 and 2013 headers too) of any data type.
 *
 * @param cfg text, or bytes in UTF-8, GB18030 or ISO 8859-1.
 * @param options.utcOffsetMinutes what the recorder's clock was ahead of UTC: before 2013 the file does not say; default 0.
 */
export function parseComtrade(
  cfg: string | Uint8Array,
  dat: Uint8Array,
  options: { readonly utcOffsetMinutes?: number } = {},
): ComtradeFile | Unreadable {
  const parsed = parseCfg(typeof cfg === 'string' ? cfg : decodeForeignText(cfg), options.utcOffsetMinutes ?? 0);
  if (parsed.kind === 'unreadable') return parsed;
  const header = parsed.cfg;
  const samples = decodeDat(header, dat);
  if (samples.kind === 'unreadable') return samples;
  const stretches = stretchesOf(header, samples);
  if (!Array.isArray(stretches)) return stretches;
  const mapped = mapChannels(header.analogs);
  const recordings = stretches.map((stretch) => recordingOf(header, samples, mapped, stretch));
  const [first, ...others] = recordings;
  if (first === undefined) return unreadable('DAT', 'no samples, at least 1 expected');
  const warnings = [...header.warnings, ...samples.warnings];
  if (samples.frames !== header.lastSample)
    warnings.push(`DAT holds ${samples.frames} samples, the CFG says ${header.lastSample}`);
  return {
    kind: 'comtrade',
    recordings: [first, ...others],
    station: header.station,
    deviceId: header.deviceId,
    revision: header.revision,
    sources: header.analogs,
    digitals: header.digitals.map((digital, i) => ({ ...digital, values: samples.digitals[i] ?? new Uint8Array(0) })),
    warnings,
  };
}

type Stretch = {
  readonly sampleRateHz: number;
  readonly from: number;
  readonly to: number;
  readonly startsAfterS: number;
};

function stretchesOf(cfg: ComtradeCfg, samples: DatSamples): Stretch[] | Unreadable {
  if (cfg.segments.length === 0) {
    const sampleRateHz = rateFromTimestamps(cfg, samples);
    if (typeof sampleRateHz !== 'number') return sampleRateHz;
    return [{ sampleRateHz, from: 0, to: samples.frames, startsAfterS: 0 }];
  }
  const stretches: Stretch[] = [];
  let from = 0;
  let startsAfterS = 0;
  for (const [i, { sampleRateHz, lastSample }] of cfg.segments.entries()) {
    const to = i === cfg.segments.length - 1 ? samples.frames : Math.min(lastSample, samples.frames);
    if (to <= from) break;
    const before = stretches.at(-1);
    if (before?.sampleRateHz === sampleRateHz) stretches.splice(-1, 1, { ...before, to });
    else stretches.push({ sampleRateHz, from, to, startsAfterS });
    startsAfterS += (to - from) / sampleRateHz;
    from = to;
  }
  return stretches;
}

/** With 0 sample rates the time stamps are critical data; a recording needs them evenly spaced. */
function rateFromTimestamps(cfg: ComtradeCfg, { frames, timestamps }: DatSamples): number | Unreadable {
  const first = timestamps[0] ?? NaN;
  const period = ((timestamps[frames - 1] ?? NaN) - first) / (frames - 1);
  const place = 'DAT time stamps';
  if (!(period > 0))
    return unreadable(place, 'missing or not rising; the CFG gives no sample rate, so they are needed');
  const tolerance = Math.max(1, period / 100);
  for (let i = 0; i < frames; i += 1) {
    const expected = first + i * period;
    if (!(Math.abs((timestamps[i] as number) - expected) <= tolerance)) {
      return unreadable(
        place,
        `sample ${i + 1} at ${timestamps[i]}, ${expected.toFixed(1)} expected: not evenly spaced`,
      );
    }
  }
  return 1e6 / (period * cfg.timeMultiplier);
}

function recordingOf(
  cfg: ComtradeCfg,
  samples: DatSamples,
  mapped: readonly MappedChannel[],
  stretch: Stretch,
): Recording {
  const { sampleRateHz, from, to, startsAfterS } = stretch;
  const channels = mapped.map(({ name, unit, factor }, i) => {
    const values = (samples.analogs[i] ?? new Float64Array(0)).slice(from, to);
    return { name, unit, values: factor === 1 ? values : values.map((value) => value * factor) };
  });
  const { startedAt, triggerAt } = cfg;
  const recording = { sampleRateHz, mainsHz: cfg.mainsHz, channels };
  if (startedAt === undefined) return recording;
  const started = { ...recording, startedAt: epochMsOf(startedAt) + startsAfterS * 1000 };
  if (triggerAt === undefined) return started;
  const triggerFrame = Math.round((secondsBetween(startedAt, triggerAt) - startsAfterS) * sampleRateHz) + 0;
  return triggerFrame >= 0 && triggerFrame < to - from ? { ...started, triggerFrame } : started;
}
